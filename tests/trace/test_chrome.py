"""Traces for Chrome's viewer and Perfetto: whole, nested, and in the right places."""

import io
import json
from collections import defaultdict

import pytest

import rustok_sim as rs

FAULT = '[[faults]]\nkind = "outage"\ntarget = "log"\nat_s = 3\nduration_s = 2\n'


@pytest.fixture(scope="module")
def run(simulate, one):
    """Two requests, each with an event that is indexed, and an outage afterwards."""
    return simulate(one("price.set", count=2), FAULT)


def events(run, by="node"):
    """The file's events."""
    file = io.StringIO()
    rs.trace.write_chrome(rs.trace.traces(run), run, file, by=by)
    return json.loads(file.getvalue())["traceEvents"]


@pytest.mark.parametrize("by", ["node", "tenant"])
def test_what_shares_an_id_is_nested(run, by):
    """Sorted by time, as a viewer does, each end meets the begin that is open last, and every span is there."""
    tracks = defaultdict(list)
    for event in events(run, by):
        if event["ph"] in "be":
            tracks[event["cat"], event["id2"]["local"], event["pid"]].append(event)
    begun = 0
    for track in tracks.values():
        opened = []
        for event in sorted(track, key=lambda event: event["ts"]):
            if event["ph"] == "b":
                opened.append(event["name"])
                begun += event["cat"] == "span"
            else:
                assert opened.pop() == event["name"]
        assert opened == []
    assert begun == sum(1 for trace in rs.trace.traces(run) for _ in trace.spans())


def named(found, kind):
    """The names of processes or threads."""
    return {event["args"]["name"] for event in found if event["ph"] == "M" and event["name"] == f"{kind}_name"}


def test_processes_are_nodes_or_tenants_and_threads_components(run):
    """Whoever looks for a node or a tenant finds its work in one place."""
    by_node, by_tenant = events(run), events(run, "tenant")
    assert named(by_node, "process") == {"faults", "outside", "node-1", "node-2"}
    assert named(by_tenant, "process") == {"faults", "no tenant", "tenant-0001"}
    assert named(by_node, "thread") >= {"request", "tenant", "database", "outbox", "index"}


def test_a_fault_is_a_moment_and_a_band(run):
    """It strikes at 3 s and lasts for two."""
    found = {event["ph"]: event["ts"] for event in events(run) if event.get("cat") == "fault"}
    assert found == {"i": 3e6, "b": 3e6, "e": 5e6}
