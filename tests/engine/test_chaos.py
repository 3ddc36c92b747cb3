"""All kinds of faults at once: a run goes to its end, and is the same again."""

import pytest

from rustok_sim.testing import scenario_of, simulate

OFTEN = {"mtbf_s": 3.0, "mttr_s": 0.5}
FAULTS = (
    {"kind": "outage", "target": "redis", **OFTEN},
    {"kind": "hang", "target": "node-1->database", **OFTEN},
    {"kind": "slow", "target": "database", "factor": 3.0, **OFTEN},
    {"kind": "errors", "target": "database", "ratio": 0.1, "error": "deadlock", **OFTEN},
    {"kind": "errors", "target": "gateway", "ratio": 0.2, "error": "reset", **OFTEN},
    {"kind": "partition", "target": "node-2", "form": "held", **OFTEN},
    {"kind": "loss", "targets": ["database", "shop"], "ratio": 0.05, **OFTEN},
    {"kind": "duplicate", "targets": ["gateway", "log", "shop"], "ratio": 0.3, **OFTEN},
    {"kind": "reorder", "target": "log", "ratio": 0.3, "spread_s": 1.0, **OFTEN},
    {"kind": "crash", "target": "node-1", "restart_s": 0.5, "mtbf_s": 6.0},
    {"kind": "crash", "target": "here", "restart_s": 0.5, "at_step": "outbox.published", "step_ratio": 0.02},
    {"kind": "deploy", "target": "nodes", "drain_s": 0.2, "restart_s": 0.3, "at_s": 7.0},
    {"kind": "pause", "target": "nodes", **OFTEN},
    {"kind": "clock_skew", "target": "node-2", "offset_s": 20.0, **OFTEN},
    {"kind": "poison", "targets": ["outbox", "log"], "ratio": 0.1, **OFTEN},
    {"kind": "exhaust", "target": "node-1", "share": 0.8, **OFTEN},
    {"kind": "flush", "target": "nodes", "mtbf_s": 3.0},
    {"kind": "cancel", "target": "authors", "ratio": 0.2, **OFTEN},
)


def chaos(seed):
    """Fifteen seconds of it."""
    authors = {
        "name": "authors",
        "mix": {"node.create": 1.0, "product.update": 1.0, "tenant.update": 0.2},
        "arrivals": {"process": "poisson", "rate_per_s": 10.0},
        "tenants": {"count": 3},
        "timeout_s": 2.0,
    }
    shop = {
        "name": "shop",
        "operation": "checkout",
        "arrivals": {"process": "poisson", "rate_per_s": 5.0},
        "retry": {"attempt_timeout_s": 1.0, "jitter": 0.5},
    }
    return simulate(
        scenario_of(
            seed=seed,
            horizon_s=15.0,
            load=[authors, shop],
            faults=list(FAULTS),
            deployment={"nodes": 2},
            catalogue={"products": 10, "posts": 5, "topics": 1},
            platform={
                "outbox": {"relays": "every_node", "target": "log", "relay": {"lease_s": 3.0}},
                "index": {"wiring": "log"},
            },
        )
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_in_chaos_ends_and_is_the_same_again(seed):
    """Each fault begins and ends by turns; two runs of one seed have the same records."""
    records = chaos(seed)
    assert records == chaos(seed)
    told = [(r.detail, r.site, r.kind) for r in records if r.kind.startswith("fault.")]
    assert {detail.split()[0] for detail, _, _ in told} == {fault["kind"] for fault in FAULTS}
    active = set()
    for detail, site, kind in told:
        if kind == "fault.began":
            assert (detail, site) not in active
            active.add((detail, site))
        else:
            active.remove((detail, site))


def test_no_node_does_anything_between_its_crash_and_its_start():
    """What a dead node would write belongs to nobody (clean-up at the very moment of the crash does)."""
    down = {}
    for r in chaos(4):
        if r.kind == "node.crashed":
            down[r.node] = r.at_s
        elif r.kind == "node.started":
            down.pop(r.node, None)
        elif r.node in down and not r.kind.startswith(("request.", "station.")):
            # A node that boots anew opens its connections before it is ready for traffic.
            assert r.at_s == down[r.node] or r.kind in {"redis.command", "redis.reconnected"}
