"""A module is switched off on one of two nodes that both remember it as on, for 30 s."""

import pytest

from rustok_sim.testing import scenario_of, simulate


def switched_off(faults=(), **features):
    """The statuses of node-1 and node-2 before the switch at 2 s, at 3 s, and at 40 s."""
    load = [
        {
            "name": name,
            "operation": operation,
            "arrivals": {"process": "burst", "at_s": at_s, "count": count},
            "tenants": {"count": 1},
        }
        for name, operation, at_s, count in [
            ("before", "forum.list", 1.0, 2),
            ("administrator", "module.disable", 2.0, 1),
            ("after", "forum.list", 3.0, 2),
            ("late", "forum.list", 40.0, 2),
        ]
    ]
    platform = {"features": {"guard": "mounted", "cache_ttl_s": 30.0} | features}
    scenario = scenario_of(load=load, platform=platform, deployment={"nodes": 2}, faults=list(faults))
    told = {(one.site, one.node): one.status for one in simulate(scenario) if one.kind == "request.finished"}
    assert told.pop(("administrator", "node-1")) == 200
    assert len(told) == 6
    return [(told[name, "node-1"], told[name, "node-2"]) for name in ("before", "after", "late")]


@pytest.mark.parametrize(("invalidation", "after"), [("none", (200, 200)), ("own_node", (404, 200))])
def test_the_node_that_switched_a_module_forgets_if_it_is_told_to(invalidation, after):
    """The other node believes what it has read until its memory ends; without the setting so does the first one."""
    assert switched_off(invalidation=invalidation) == [(200, 200), after, (404, 404)]


def test_a_flushed_node_forgets_which_modules_are_on():
    """The fault empties all that a node keeps in its memory, not the tenants alone."""
    flush = {"kind": "flush", "target": "node-2", "at_s": 2.5}
    assert switched_off([flush], invalidation="none") == [(200, 200), (200, 404), (404, 404)]
