"""Whatever stands in a file or an override: a scenario, or one error that lists problems with places."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rustok_sim.core.errors import ScenarioError
from rustok_sim.scenario import load_preset_overlay, load_scenario

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SAMPLE = """
schema_version = 1
name = "sample"
seed = 7
horizon_s = 600
warmup_s = 60
[platform.tenant_cache]
design = "moka_breaker"
breaker = { design = "windowed", timeout_s = 10, failure_ratio = 0.5 }
[deployment]
nodes = 2
client_round_trip = { dist = "lognormal", mean_s = 0.02, cv = 0.5 }
[deployment.database]
statement = { dist = "empirical", file = "times.csv", column = "seconds" }
[[load]]
name = "storefront"
operation = "tenant.resolve"
arrivals = { process = "profile", points = [[0, 1], [10, 2.5]] }
tenants = { count = 200, zipf = 1.0 }
[[load]]
name = "searches"
route = ["search"]
users = { count = 5, think = { dist = "uniform", low_s = 1, high_s = 2 } }
[[load]]
name = "bots"
operation = "tenant.resolve"
arrivals = { process = "mmpp", states = [{ rate_per_s = 0, mean_s = 5 }, { rate_per_s = 50, mean_s = 1 }] }
tenants = { unknown = 1 }
[stations.search]
servers = 4
service = { dist = "erlang", k = 2, mean_s = 0.02 }
[[faults]]
kind = "slow"
target = "node-1->redis"
at_s = 120
factor = 10
[[faults]]
kind = "cancel"
target = "storefront"
ratio = 0.5
mtbf_s = 10
mttr_s = 1
[[expect]]
metric = "requests.storefront.availability"
at_least = 0.99
[capture]
include = ["request.*", "cache.hit"]
"""
TOKENS = re.findall(r'"[^"]*"|[\w.]+|\S', SAMPLE)

numbers = st.one_of(st.integers(), st.floats(), st.sampled_from([0, -1, 1, 2**63, 2**70, 1e308]))
leaves = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=5), st.binary(max_size=3), st.dates())
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(TOKENS), st.text(max_size=3)), inner, max_size=3),
    ),
    max_leaves=6,
)
parts = st.one_of(st.sampled_from([*TOKENS, "0", "1", "9", "\udce9"]), st.text(max_size=3))
fuzz = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


def load_or_list(load, path, **options):
    """The scenario loads, or there are problems, each of which says on one line where it is and what it is."""
    for problem in problems_of(load, path, **options):
        assert problem.file
        assert problem.message
        assert str(problem).isprintable()


def problems_of(load, path, **options):
    """None for a scenario that loads; at least one for each that does not."""
    try:
        load(path, **options)
    except ScenarioError as error:
        return error.problems or pytest.fail("an error without a problem")
    return ()


@pytest.fixture
def file(tmp_path):
    """The sample, in a project of its own."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "times.csv").write_text("seconds\n1\n")
    path = tmp_path / "sample.toml"
    path.write_text(SAMPLE)
    return path


def test_sample_is_right(file):
    """What the other tests here spoil is right to begin with."""
    assert load_scenario(file).name == "sample"


@fuzz
@given(
    content=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")))
)
def test_any_bytes_load_or_are_explained(file, content):
    """A file may hold anything at all."""
    file.write_bytes(content)
    load_or_list(load_scenario, file)
    load_or_list(load_preset_overlay, file)


@fuzz
@given(data=st.data())
def test_any_edit_loads_or_is_explained(file, data):
    """Lines lost, doubled or moved, and words in the wrong place, as an editor leaves them."""
    lines = SAMPLE.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "move", "word"])):
            case "drop" if len(lines) > 1:
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case "move":
                lines.append(lines[place])
            case _:
                tokens = re.findall(r'"[^"]*"|[\w.]+|\s+|\S', lines[place]) or [""]
                tokens[data.draw(st.integers(0, len(tokens) - 1))] = data.draw(st.sampled_from(TOKENS))
                lines[place] = "".join(tokens)
    file.write_text("\n".join(lines))
    load_or_list(load_scenario, file)
    load_or_list(load_preset_overlay, file)


@fuzz
@given(overrides=st.dictionaries(st.lists(parts, min_size=1, max_size=5).map(".".join), values, max_size=3))
def test_any_mapping_of_overrides_loads_or_is_explained(file, overrides):
    """A notebook may set anything, and to anything that Python has."""
    load_or_list(load_scenario, file, overrides=overrides)


@fuzz
@given(data=st.data())
def test_any_value_at_a_known_key_loads_or_is_explained(file, data):
    """Every key of the sample takes any value, one after the other."""
    path = data.draw(st.sampled_from(sorted(paths_of(load_scenario(file).model_dump(mode="json")))))
    load_or_list(load_scenario, file, overrides={path: data.draw(values)})


def paths_of(value, path=""):
    """The dotted paths of everything in the tables."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        here = f"{path}.{key}" if path else str(key)
        yield here
        yield from paths_of(entry, here)


@fuzz
@given(arguments=st.lists(st.one_of(st.text(max_size=20), st.tuples(parts, parts).map("=".join)), max_size=3))
def test_any_arguments_load_or_are_explained(file, arguments):
    """A command line may hold anything after --set."""
    load_or_list(load_scenario, file, overrides=arguments)
