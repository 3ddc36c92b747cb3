"""A loaded scenario as a value: frozen, comparable, and the same wherever it goes."""

import hashlib
import json
import pickle
import subprocess
import sys

import pytest
from pydantic import ValidationError

from rustok_sim.scenario import LoadClass, PoissonArrivals, Scenario, load_scenario


@pytest.fixture(params=["redis_outage", "tenant_stampede", "unknown_tenant_bots", "database_brownout"])
def scenario(request, scenarios):
    """Each of the scenarios that come with the project."""
    return load_scenario(scenarios / f"{request.param}.toml")


def test_it_reads_back_from_its_own_text(project, scenario):
    """Every value is written out, so nothing depends on a preset any more."""
    path = project / "again.toml"
    path.write_text(scenario.to_toml())
    assert load_scenario(path) == scenario
    assert load_scenario(path).scenario_hash == scenario.scenario_hash


def test_text_that_needs_escapes_reads_back(small):
    """Quotes, control characters, and what JSON escapes otherwise than TOML."""
    title = 'a "b" \\ \t\n\x00\x1f\x7f\x80 ü 😀'
    scenario = load_scenario(small, overrides={"title": title, "horizon_s": 1e300, "warmup_s": 1e-300})
    small.write_text(scenario.to_toml())
    assert load_scenario(small) == scenario


def test_everything_that_a_scenario_can_hold_reads_back(small):
    """Closed classes, states, stations and repeated faults."""
    overrides = {
        "load.0.arrivals": {
            "process": "mmpp",
            "states": [{"rate_per_s": 0, "mean_s": 1}, {"rate_per_s": 2, "mean_s": 3}],
        },
        "stations.desk": {"servers": 1, "service": {"dist": "uniform", "low_s": 0, "high_s": 1}, "queue_limit": 0},
        "faults": [{"kind": "crash", "target": "nodes", "mtbf_s": 5, "restart_s": 1}],
        "expect": [{"metric": "requests.shop.ok", "at_least": 1, "at_most": 2}],
        "capture.include": [],
        "deployment.client_round_trip": {"dist": "pareto", "mean_s": 1, "alpha": 3},
    }
    scenario = load_scenario(small, overrides=overrides)
    small.write_text(scenario.to_toml())
    assert load_scenario(small) == scenario


def test_its_hash_is_that_of_its_canonical_form(scenario):
    """SHA-256 over JSON with sorted keys, defaults written out."""
    text = json.dumps(scenario.canonical(), sort_keys=True, separators=(",", ":"))
    assert scenario.scenario_hash == hashlib.sha256(text.encode()).hexdigest()


def test_its_hash_does_not_depend_on_how_it_is_written(small):
    """A default spelt out, a whole number for a number, an order of keys: the same scenario."""
    before = load_scenario(small).scenario_hash
    small.write_text("seed = 0\nwarmup_s = 0.0\n" + small.read_text().replace("= 100", "= 100.0"))
    assert load_scenario(small).scenario_hash == before
    assert load_scenario(small, seed=1).scenario_hash != before


def test_it_is_frozen_and_travels_to_other_processes(scenario):
    """Workers get it pickled."""
    assert pickle.loads(pickle.dumps(scenario)) == scenario  # noqa: S301 - written one line ago
    with pytest.raises(ValidationError):
        scenario.seed = 5


def test_a_notebook_shows_a_table_that_obeys_nothing_in_the_file(small):
    """A title may hold markup; it stays text."""
    overrides = {
        "title": "<script>alert(1)</script>",
        "stations.desk": {"servers": 2, "service": {"dist": "constant", "value_s": 1}},
        "faults": [
            {"kind": "outage", "target": "redis", "at_s": 5, "duration_s": 9},
            {"kind": "crash", "target": "nodes", "mtbf_s": 50, "restart_s": 1},
        ],
        "expect": [{"metric": "requests.shop.ok", "at_least": 1, "at_most": 2}],
    }
    shown = load_scenario(small, overrides=overrides)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    for text in (
        "outage of redis at 5 s for 9 s",
        "crash of nodes every 50 s",
        "1 ≤ requests.shop.ok ≤ 2",
        "2 servers",
    ):
        assert text in shown


def test_a_scenario_made_in_python_keeps_the_rules_too():
    """Two classes of one name, and a warm-up that leaves nothing."""
    arrivals = PoissonArrivals(process="poisson", rate_per_s=1.0)
    load = LoadClass(name="shop", operation="tenant.resolve", arrivals=arrivals)
    assert Scenario(name="made", horizon_s=1.0, load=(load,)).load == (load,)
    with pytest.raises(ValidationError, match=r"warmup_s must be below.*load\.1\.name is \"shop\" a second time"):
        Scenario(name="made", horizon_s=1.0, warmup_s=1.0, load=(load, load))


def test_reading_a_scenario_needs_no_engine_and_no_store(scenarios):
    """`check` answers at once: what takes long to import stays out."""
    code = f"""
import sys
from rustok_sim.scenario import load_scenario
load_scenario({str(scenarios / "redis_outage.toml")!r})
heavy = {{"simpy", "duckdb", "polars", "numpy", "scipy", "matplotlib", "IPython", "joblib", "tree_sitter"}}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
