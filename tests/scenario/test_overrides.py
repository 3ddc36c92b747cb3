"""Values set from outside the file."""

from dataclasses import replace

import numpy as np
import pytest

from rustok_sim.core.errors import ScenarioError
from rustok_sim.scenario import Constant, load_scenario

SERVED = """
[stations.desk]
servers = 1
service = { dist = "lognormal", mean_s = 1, cv = 2 }
[[faults]]
kind = "outage"
target = "redis"
at_s = 5
"""


@pytest.fixture
def served(small):
    """The small scenario with a station and a fault."""
    small.write_text(small.read_text() + SERVED)
    return small


def said_of(path, overrides, **options):
    """The messages, line by line."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, overrides=overrides, **options)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("argument", "read"),
    [
        ("platform.tenant_cache.design=moka", lambda scenario: scenario.platform.tenant_cache.design == "moka"),
        ("platform.tenant_cache.design=none", lambda scenario: scenario.platform.tenant_cache.design == "none"),
        ('platform.tenant_cache.design="moka"', lambda scenario: scenario.platform.tenant_cache.design == "moka"),
        (" deployment.nodes = 3 ", lambda scenario: scenario.deployment.nodes == 3),
        ("faults.0.duration_s=1_0", lambda scenario: scenario.faults[0].duration_s == 10),
        ("faults.0.target=node-1->redis", lambda scenario: scenario.faults[0].target == "node-1->redis"),
        ("capture.enabled=false", lambda scenario: not scenario.capture.enabled),
        ("capture.include=['request.*']", lambda scenario: scenario.capture.include == ("request.*",)),
        ("load.0.tenants={ count = 3 }", lambda scenario: scenario.load[0].tenants.count == 3),
        ("load.0.tenants.unknown=1", lambda scenario: scenario.load[0].tenants.count == 0),
        ("title='a = b'", lambda scenario: scenario.title == "a = b"),
    ],
)
def test_arguments_are_typed_as_in_toml(served, argument, read):
    """A bare word that is no value of TOML's is a string."""
    assert read(load_scenario(served, overrides=[argument]))


@pytest.mark.parametrize(
    "written", ["True", "FALSE", "Inf", "NaN", "10s", "-x", "Redis is gone", "1.2.3", "'", '"', "1\nb = 2"]
)
def test_what_could_mean_something_else_is_no_string(served, written):
    """Almost a number or a truth value, or more than a word: quotes decide."""
    [said] = said_of(served, [f"title={written}"])
    assert said.startswith("--set title: has no TOML value: ")
    assert "quotes" in said


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("title", "--set title: has no value, allowed: PATH=VALUE"),
        ("title=", "--set title: has no value, allowed: PATH=VALUE"),
        ("=5", "--set : is no path, allowed: keys and numbers with dots between, as faults.0.duration_s"),
        ("a..b=5", "--set a..b: is no path, allowed: keys and numbers with dots between, as faults.0.duration_s"),
        ("extends=x", "--set extends: cannot be set, allowed: any other key"),
        ("seed=2020-01-01", "--set seed: seed is a date (2020-01-01), and no key takes one"),
        ("faults.1.at_s=5", "--set faults.1.at_s: faults.1 is out of range, faults has 1 entries, allowed: 0 to 0"),
        ("faults.-1.at_s=5", "--set faults.-1.at_s: faults.-1 is out of range, faults has 1 entries, allowed: 0 to 0"),
        (
            "expect.0.at_least=5",
            "--set expect.0.at_least: expect.0 is out of range, expect has 0 entries, there is none",
        ),
        ("horizon_s.x=5", "--set horizon_s.x: horizon_s.x leads through horizon_s, which holds no keys"),
        (
            "deployment.nodez=5",
            "--set deployment.nodez: deployment.nodez unknown key 'nodez', did you mean 'nodes'?",
        ),
        (
            "platform.log.xyz=5",
            (
                "--set platform.log.xyz: platform.log.xyz unknown key 'xyz', "
                "allowed: partitions, replicas, flush_every, max_age_s, dead_letter_max_age_s"
            ),
        ),
        ("deployment.nodes=0", "--set deployment.nodes: deployment.nodes must be at least 1, not 0"),
        (
            "deployment.redis={ round_trip = { dist = 'constant', value_s = -1 } }",
            "--set deployment.redis: deployment.redis.round_trip.value_s must be at least 0, not -1",
        ),
        ("stations.new.servers=1", "--set stations.new.servers: stations.new.service is missing, it must be given"),
    ],
)
def test_a_wrong_override_is_told_of_the_override(served, argument, said):
    """Not of the file, which is right."""
    assert said_of(served, [argument]) == [said]


def test_problems_of_the_file_come_before_those_of_overrides(served):
    """All are told at once."""
    served.write_text(served.read_text().replace("mean_s = 1", "mean_s = 0"))
    said = said_of(served, ["x=5", "faults.7=5"], seed=-1)
    assert [line.split(": ")[0].rpartition("/")[2] for line in said] == [
        "small.toml:11:42",
        "--set faults.7",
        "--seed",
        "--set x",
    ]


def test_the_later_of_two_wins_and_is_blamed(served):
    """As with options of a command."""
    arguments = ["deployment.nodes=2", "deployment.nodes=3"]
    assert load_scenario(served, overrides=arguments).deployment.nodes == 3
    assert len(said_of(served, [*arguments, "deployment.nodes=0"])) == 1


def test_one_argument_need_not_stand_in_a_list(served):
    """A string is not taken letter by letter."""
    assert load_scenario(served, overrides="deployment.nodes=2").deployment.nodes == 2


def test_a_mapping_gives_values_of_python(served):
    """Strings are strings, and numbers of other libraries are numbers."""
    overrides = {
        "title": "1",
        "deployment.nodes": np.int64(3),
        "warmup_s": np.float32(0.5),
        "stations.desk.service": {"dist": "constant", "value_s": 2},
        "capture.include": ("cache.hit", "cache.miss"),
    }
    scenario = load_scenario(served, overrides=overrides, seed=np.int64(9))
    assert (scenario.title, scenario.deployment.nodes, scenario.warmup_s, scenario.seed) == ("1", 3, 0.5, 9)
    assert scenario.stations["desk"].service == Constant(dist="constant", value_s=2.0)
    assert scenario.capture.include == ("cache.hit", "cache.miss")


def test_none_takes_a_key_or_an_entry_away(served):
    """So a class can be closed that the file has open."""
    users = {"count": 2, "think": {"dist": "constant", "value_s": 1}}
    scenario = load_scenario(served, overrides={"load.0.arrivals": None, "load.0.users": users, "faults.0": None})
    assert scenario.load[0].users.count == 2
    assert scenario.faults == ()


def test_another_shape_drops_what_it_does_not_know(served):
    """A change of ``dist`` alone need not be told to forget ``mean_s`` and ``cv``, whatever the order."""
    for arguments in (["dist=constant", "value_s=2"], ["value_s=2", "dist=constant"]):
        overrides = [f"stations.desk.service.{argument}" for argument in arguments]
        assert load_scenario(served, overrides=overrides).stations["desk"].service.value_s == 2


TOGETHER = {"publishing": "batch", "marking": "batch"}


@pytest.mark.parametrize(
    "overrides",
    [
        {"platform.outbox.relay": TOGETHER},
        {"platform.outbox": {"relay": TOGETHER}},
        {"platform": {"outbox": {"relay": TOGETHER}}},
        ['platform.outbox.relay={publishing="batch",marking="batch"}'],
    ],
)
def test_a_table_of_the_platform_is_laid_upon_what_is_there(root, overrides):
    """As in a file: the advised lease, claim and relays stay."""
    scenario = root / "scenarios" / "what_the_wiring_loses.toml"
    preset = root / "scenarios" / "presets" / "advised.toml"
    plain = load_scenario(scenario, overlays=[preset]).platform.outbox
    changed = load_scenario(scenario, overlays=[preset], overrides=overrides).platform.outbox
    assert changed.relay == replace(plain.relay, **TOGETHER)
    assert (changed.relays, changed.target) == (plain.relays, plain.target)


def test_another_table_takes_the_place_of_the_one_before(served):
    """Whom a class asks about is one thing: nothing of the old table stays."""
    overrides = [{"load.0.tenants": {"count": 5, "unknown": 2}}, {"load.0.tenants": {"count": 7}}]
    for one in overrides:
        assert load_scenario(served, overrides=one).load[0].tenants.unknown == one["load.0.tenants"].get("unknown", 0)


def test_the_file_itself_is_not_touched_by_overrides(served):
    """Two loads in one process share nothing."""
    load_scenario(served, overrides={"faults.0.at_s": 50, "load.0.tenants.count": 9})
    assert load_scenario(served).faults[0].at_s == 5
    assert load_scenario(served).load[0].tenants.count == 1


def test_an_argument_that_is_not_unicode_is_shown_escaped(served):
    """As a terminal with another encoding gives it."""
    [said] = said_of(served, ["title='caf\udce9'"])
    assert said == r"--set title: title is not Unicode text"
    [said] = said_of(served, ["caf\udce9=1"])
    assert said.startswith(r"--set caf\udce9: is no path, allowed: ")


def test_a_key_of_python_that_is_not_unicode_is_told(served):
    """JSON could not hold it."""
    [said] = said_of(served, {"deployment.redis": {"caf\udce9": 1}})
    assert said.endswith("is not Unicode text")
