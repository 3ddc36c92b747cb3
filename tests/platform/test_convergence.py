"""As advised, whatever strikes and heals: no event is lost, each is applied, the read model is right in the end."""

import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rustok_sim as rs

HEALED_S, LEASE_S, HORIZON_S = 50.0, 60.0, 260.0
"""When the last fault is over, how long a claim lasts as advised, and the end: time for two leases and retries."""
BATCH_ROWS = 100
TOGETHER = {
    "platform.outbox.relay.publishing": "batch",
    "platform.outbox.relay.marking": "batch",
    "platform.consumer.handling": "batch",
}
"""All that is done for each row or entry by itself, as advised, done for a batch at once."""


def lasting(kind, target, **more):
    """A fault of this kind, over by the time when all heal."""
    return st.fixed_dictionaries(
        {
            "kind": st.just(kind),
            "target": st.just(target),
            "at_s": st.floats(2.0, 38.0).map(lambda at_s: round(at_s, 3)),
            "duration_s": st.floats(0.5, 10.0).map(lambda long_s: round(long_s, 3)),
            **more,
        }
    )


CRASHES = st.fixed_dictionaries(
    {
        "kind": st.just("crash"),
        "target": st.sampled_from(["node-1", "node-2"]),
        "at_s": st.floats(2.0, 45.0).map(lambda at_s: round(at_s, 3)),
        "restart_s": st.sampled_from([0.5, 2.0, 4.0]),
    }
)
FAULTS = st.one_of(
    CRASHES,
    *(lasting("outage", target) for target in ("database", "log", "redis", "node-1->log", "node-2->database")),
    *(lasting("slow", target, factor=st.sampled_from([2.0, 10.0])) for target in ("database", "log")),
    *(lasting("errors", target, ratio=st.sampled_from([0.02, 0.3])) for target in ("database", "log")),
    lasting("cancel", "merchants", ratio=st.just(0.5)),
    *(lasting("loss", target, ratio=st.sampled_from([0.02, 0.3])) for target in ("node-1->log", "redis")),
    *(lasting("duplicate", target, ratio=st.just(0.3)) for target in ("log",)),
    lasting("partition", "node-1->log"),
    lasting("pause", "node-2"),
    lasting("poison", "outbox", ratio=st.sampled_from([0.05, 0.3])),
)
MIXES = st.lists(FAULTS, min_size=1, max_size=5)


def run(root, faults, **more):
    """The scenario as advised, under these faults."""
    file = root / "scenarios" / "what_the_wiring_loses.toml"
    changes = {
        "faults": faults,
        "horizon_s": HORIZON_S,
        "load.0.arrivals.points": [[1, 10], [40, 10], [41, 0]],
        "load.1.arrivals.rate_per_s": 0.5,
        "deployment.nodes": 2,
        **more,
    }
    with tempfile.TemporaryDirectory() as data:
        done = rs.run(file, set=changes, overlays=[root / "scenarios" / "presets" / "advised.toml"], data=data)
        failed = "select count(*) from events where kind = 'db.query' and correlation < 0 and outcome != 'ok'"
        return done.metrics, done.sql(failed).item()


def check(root, faults, *, together):
    """Nothing is lost; each event is applied; the read model is the write model's; few events went out twice."""
    metrics, failed_statements = run(root, faults, **(TOGETHER if together else {}))
    outbox, index = metrics["outbox"], metrics["index"]
    poisoned = any(fault["kind"] == "poison" for fault in faults)
    assert outbox["recorded"] == outbox["dispatched"] + outbox["dead"] + outbox["pending"]
    assert outbox["dispatched"] == index["applied"] > 0
    # What cannot be read is given up and raised again, for ever; nothing else is left, and nothing else is wrong.
    left = outbox["dead"] + outbox["pending"]
    assert left == 0 or poisoned
    assert index["wrong_at_end"] <= left
    crashes = sum(fault["kind"] == "crash" for fault in faults)
    assert outbox["duplicated"] <= crashes * BATCH_ROWS + failed_statements * (BATCH_ROWS if together else 1)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(MIXES, st.booleans())
def test_a_mix_of_faults_that_heals_loses_nothing(root, faults, together):
    """Crashes, outages, slowness, errors and clients that walk away, up to five of them at once."""
    check(root, faults, together=together)


@pytest.mark.long
@pytest.mark.timeout(900)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(MIXES, st.booleans())
def test_many_mixes_of_faults_lose_nothing(root, faults, together):
    """The same, searched for longer."""
    check(root, faults, together=together)


def test_the_check_fails_without_the_lease(root):
    """What the search rests on: one crash in the middle of a batch loses events as soon as claims last for ever."""
    crashes = [{"kind": "crash", "target": f"node-{n}", "at_s": 11.3 + 10 * n, "restart_s": 1.0} for n in (1, 2)]
    metrics, _ = run(
        root,
        crashes,
        **{"platform.outbox.relay.lease_s": 10_000.0, "load.0.arrivals.points": [[1, 40], [40, 40], [41, 0]]},
    )
    assert metrics["outbox"]["dispatched"] < metrics["outbox"]["recorded"]
