"""Healing: at its time every fault is over, none strikes later, and the load stops or goes on."""

import pytest

from rustok_sim.testing import scenario_of, simulate

HEAL_S, WITHIN_S = 20.0, 10.0
FAULTS = [
    {"kind": "outage", "target": "redis", "at_s": 5.0, "duration_s": 2.0},
    {"kind": "slow", "target": "database", "at_s": 15.0, "factor": 3.0},
    {"kind": "errors", "target": "database", "mtbf_s": 2.0, "mttr_s": 1.0, "ratio": 0.5},
    {"kind": "outage", "target": "gateway", "at_s": 25.0, "duration_s": 2.0},
]


@pytest.fixture
def records():
    """Runs a scenario that heals; its records."""

    def run(load="stops", **more):
        heal = {"at_s": HEAL_S, "within_s": WITHIN_S, "load": load}
        ask = {
            "name": "web",
            "operation": "tenant.resolve",
            "arrivals": {"process": "constant", "rate_per_s": 1},
            "timeout_s": 2.0,
        }
        scenario = scenario_of(load=[ask], faults=FAULTS, horizon_s=HEAL_S + WITHIN_S, verify={"heal": heal}, **more)
        return simulate(scenario)

    return run


def test_all_faults_end_when_the_world_heals(records):
    """What lasts ends then; what repeats strikes no more; what was to come later does not come."""
    faults = [record for record in records() if record.kind.startswith("fault.")]
    began = [record for record in faults if record.kind == "fault.began"]
    ended = [record for record in faults if record.kind == "fault.ended"]
    assert len(began) == len(ended) > 3
    assert max(record.at_s for record in faults) <= HEAL_S
    assert {"outage faults.0", "slow faults.1", "errors faults.2"} == {record.detail for record in began}
    assert [record.at_s for record in ended if record.detail == "slow faults.1"] == [HEAL_S]


@pytest.mark.parametrize(("load", "last_s"), [("stops", HEAL_S), ("goes_on", HEAL_S + WITHIN_S)])
def test_the_load_stops_or_goes_on(records, load, last_s):
    """One request a second: the last one comes within a second of the end of the load."""
    sent = [record.at_s for record in records(load) if record.kind == "request.sent"]
    assert last_s - 1.0 <= max(sent) <= last_s


def test_users_of_a_closed_class_stop_too():
    """Ten users think for a second each; after healing none asks again."""
    users = {"count": 10, "think": {"dist": "constant", "value_s": 1.0}}
    heal = {"at_s": HEAL_S, "within_s": WITHIN_S}
    load = [{"name": "web", "operation": "tenant.resolve", "users": users}]
    done = simulate(scenario_of(load=load, horizon_s=HEAL_S + WITHIN_S, verify={"heal": heal}))
    sent = [record.at_s for record in done if record.kind == "request.sent"]
    assert HEAL_S - 2.0 < max(sent) <= HEAL_S + 1.0
