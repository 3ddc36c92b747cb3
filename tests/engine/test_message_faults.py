"""Faults of single messages: lost, late, twice, refused; round trips of 1 ms, statements of 10 ms."""

from math import sqrt

import pytest


def steady(*, rate_per_s=40.0, **more):
    """A steady stream of requests."""
    arrivals = {"process": "constant", "rate_per_s": rate_per_s}
    return {"name": "web", "operation": "tenant.resolve", "arrivals": arrivals} | more


def within(count, n, p):
    """Whether a count lies within four standard deviations of the binomial law."""
    return abs(count - n * p) < 4 * sqrt(n * p * (1 - p))


def struck(records, outcome=None):
    """The messages that faults befell."""
    return [r for r in records if r.kind == "message.struck" and outcome in (None, r.outcome)]


@pytest.mark.parametrize("target", ["database", "node-1->database", "node-1->*", "node-1", "nodes"])
def test_a_partition_keeps_callers_waiting_and_breaks_no_connection(records_of, answers_of, asks, target):
    """Who asks during it leaves after 3 s; who asks after it finds the connection of the first still good: 11 ms."""
    load = [asks(), asks("during", at_s=2.0, timeout_s=3.0), asks("after", at_s=10.0)]
    fault = {"kind": "partition", "target": target, "at_s": 1.5, "duration_s": 1.0}
    records = records_of(load=load, faults=[fault])
    assert answers_of(records) == [(1.013, 200, None), (5.0, 499, "client_timeout"), (10.011, 200, None)]
    assert [(r.outcome, r.detail) for r in struck(records)] == [
        ("request_lost", "partition faults.0 tenants.find_by_slug")
    ]


def test_a_held_partition_lets_messages_through_when_it_is_over(records_of, answers_of, asks):
    """Two asked 1 s and 0.5 s before its end at 3 s: both statements set out then and take their 11 ms."""
    load = [asks(count=2), asks("first", at_s=2.0), asks("second", at_s=2.5)]
    fault = {"kind": "partition", "target": "database", "form": "held", "at_s": 1.5, "duration_s": 1.5}
    assert answers_of(records_of(load=load, faults=[fault]))[2:] == [(3.011, 200, None), (3.011, 200, None)]


@pytest.mark.parametrize(("lost", "orders"), [("request", 0), ("reply", 1)])
def test_what_a_lost_message_leaves_behind(records_of, asks, lost, orders):
    """The commit's request lost: nothing has changed. Its reply lost: it has, and the caller does not know."""
    load = [asks(operation="order.place", timeout_s=5.0)]
    fault = {"kind": "loss", "target": "database", "ratio": 1.0, "lost": lost, "commands": ["commit"], "at_s": 0.5}
    records = records_of(load=load, faults=[fault])
    assert [r.status for r in records if r.kind == "request.finished"] == [499]
    assert len([r for r in records if r.kind == "order.changed"]) == orders
    assert [r.outcome for r in records if r.kind == "db.transaction"] == ["dropped"]


@pytest.mark.parametrize(("lost", "share"), [("request", 0.2), ("reply", 0.2), ("either", 1 - 0.8**2)])
def test_messages_are_lost_at_the_stated_ratio(records_of, lost, share):
    """Of 2,000 requests with a connection each in the pool; either: both ways must go well."""
    fault = {"kind": "loss", "target": "database", "ratio": 0.2, "lost": lost, "at_s": 0.0, "commands": ["tenants.*"]}
    records = records_of(
        load=[steady(timeout_s=0.5)], faults=[fault], database={"pool_connections": 100}, horizon_s=50.6
    )
    statuses = [r.status for r in records if r.kind == "request.finished"][:2_000]
    assert len(statuses) == 2_000
    assert within(statuses.count(499), 2_000, share)


def test_a_late_message_is_overtaken(records_of, answers_of, asks):
    """All requests are held up for up to 1 s, all lengths alike, so the later of two may be answered first."""
    fault = {"kind": "reorder", "target": "database", "ratio": 1.0, "spread_s": 1.0, "delayed": "request", "at_s": 0.0}
    load = [steady(rate_per_s=20.0)]
    records = records_of(load=load, faults=[fault], database={"pool_connections": 100}, horizon_s=101.1)
    late = [r.value for r in struck(records, "late") if r.detail.endswith("tenants.find_by_slug")][:2_000]
    assert len(late) == 2_000
    assert 0.0 <= min(late) < 0.01
    assert 0.99 < max(late) < 1.0
    assert abs(sum(late) / 2_000 - 0.5) < 4 * sqrt(1 / 12 / 2_000)
    ids = [r.correlation for r in records if r.kind == "request.finished"]
    assert ids != sorted(ids)


def test_a_command_that_arrives_twice_takes_money_twice(records_of, asks):
    """Without keys each copy of a charge is a charge; with the keys of the repair the second is the first again."""
    fault = {"kind": "duplicate", "target": "gateway", "ratio": 1.0, "commands": ["charge"], "at_s": 0.0}
    load = [asks(operation="checkout", count=3)]
    for keys, charges in ((False, 6), (True, 3)):
        platform = {"payments": {"idempotency_keys": keys}}
        records = records_of(load=load, faults=[fault], platform=platform)
        assert len([r for r in records if r.kind == "payment.charged"]) == charges
        assert len(struck(records, "twice")) == 3


def test_an_error_before_the_work_leaves_nothing_done(records_of, asks):
    """``fault``: the commit is done and its answer an error. ``not_done``: an error, and nothing done."""
    load = [asks(operation="order.place")]
    for error, changes in (("fault", 1), ("reset", 1), ("not_done", 0)):
        fault = {"kind": "errors", "target": "database", "ratio": 1.0, "error": error, "commands": ["commit"]}
        records = records_of(load=load, faults=[fault | {"at_s": 0.5}])
        assert [r.status for r in records if r.kind == "request.finished"] == [500]
        assert len([r for r in records if r.kind == "order.changed"]) == changes
        assert [r.outcome for r in records if r.kind == "db.transaction"] == ["unknown"]


@pytest.mark.parametrize("error", ["serialization_failure", "deadlock"])
def test_a_conflict_ends_the_transaction_and_its_connection_stays(records_of, asks, error):
    """The statement is not done and the transaction is over; the next request has the same connection at once."""
    load = [
        asks(operation="order.place"),
        asks("next", at_s=2.0, operation="order.place"),
    ]
    fault = {"kind": "errors", "target": "database", "ratio": 1.0, "error": error, "commands": ["*.insert"]}
    records = records_of(load=load, faults=[fault | {"at_s": 0.5, "duration_s": 1.0}])
    assert [r.outcome for r in records if r.kind == "db.transaction"] == ["aborted", "committed"]
    assert [r.outcome for r in struck(records)] == ["conflict"]
    assert len([r for r in records if r.kind == "order.changed"]) == 1


def test_a_fault_may_concern_one_tenant_only(records_of):
    """All calls for one of two tenants fail, and none for the other."""
    fault = {"kind": "errors", "target": "database", "ratio": 1.0, "tenants": ["tenant-0002"], "at_s": 0.0}
    records = records_of(load=[steady(tenants={"count": 2})], faults=[fault], horizon_s=20.0)
    ends = {(r.tenant, r.status) for r in records if r.kind == "request.finished"}
    assert ends == {("tenant-0001", 200), ("tenant-0002", 500)}


def test_a_fault_may_concern_one_caller_only(records_of, asks):
    """Of two load classes one; the patience of the others is not tried."""
    fault = {"kind": "loss", "target": "database", "ratio": 1.0, "callers": ["bots"], "at_s": 0.0}
    load = [asks("bots", count=5, timeout_s=1.0), asks("people", count=5)]
    records = records_of(load=load, faults=[fault], database={"pool_connections": 20})
    ends = {(r.site, r.status) for r in records if r.kind == "request.finished"}
    assert ends == {("bots", 499), ("people", 200)}


def test_a_brown_out_refuses_what_is_above_the_capacity(records_of):
    """40 a second at a capacity of 30: 1 - 30 / 40 of the calls fail once a second is full; at 20 a second, none."""
    fault = {"kind": "errors", "target": "database", "ratio": 1.0, "capacity_per_s": 30.0, "at_s": 0.0}
    statuses = {}
    for rate_per_s in (20.0, 40.0):
        records = records_of(load=[steady(rate_per_s=rate_per_s)], faults=[fault], horizon_s=101.0)
        statuses[rate_per_s] = [r.status for r in records if r.kind == "request.finished" and r.at_s > 1.1]
    assert set(statuses[20.0]) == {200}
    assert within(statuses[40.0].count(500), len(statuses[40.0]), 0.25)


def test_targets_are_struck_together_and_each_has_its_records(records_of, asks):
    """Two links of a rack: one beginning and one end for each, in the same moments."""
    targets = ["node-1->database", "node-2->database"]
    fault = {"kind": "hang", "targets": targets, "at_s": 1.0, "duration_s": 2.0}
    records = records_of(load=[asks(at_s=1.5, count=2, timeout_s=3.0)], faults=[fault], nodes=2)
    told = [(r.at_s, r.kind, r.site) for r in records if r.kind.startswith("fault.")]
    assert told == [
        *((1.0, "fault.began", target) for target in targets),
        *((3.0, "fault.ended", target) for target in targets),
    ]
    assert [r.status for r in records if r.kind == "request.finished"] == [499, 499]


def test_news_that_is_lost_is_not_missed_and_later_news_is_heard(records_of, asks):
    """Node 1 changes a tenant twice. Of the first change node 2 hears nothing; at the second it deletes the keys."""
    cache = {"tenant_cache": {"design": "v1_as_wired", "invalidation": "all_keys"}}
    fault = {"kind": "loss", "target": "node-2->redis", "ratio": 1.0, "commands": ["MESSAGE"]}
    load = [
        asks("warm", count=2),
        asks("change", at_s=2.0, operation="tenant.update"),
        asks("again", at_s=4.0, operation="tenant.update"),
    ]
    records = records_of(load=load, faults=[fault | {"at_s": 1.5, "duration_s": 1.0}], nodes=2, platform=cache)
    lost = struck(records, "reply_lost")
    assert {(r.node, round(r.at_s)) for r in lost} == {("node-2", 2)}
    deleted = [r for r in records if r.kind == "redis.command" and r.detail == "DEL"]
    assert {(r.node, round(r.at_s)) for r in deleted} == {("node-1", 2), ("node-1", 4), ("node-2", 4)}


def test_a_station_may_fail_one_class_only_or_by_its_load(records_of):
    """Two classes of 20 a second: all calls of one fail; at a capacity of 30 a second, 1 - 30 / 40 of both do."""
    stations = {"desk": {"servers": 10, "service": {"dist": "constant", "value_s": 0.01}}}
    arrivals = {"process": "constant", "rate_per_s": 20.0}
    load = [{"name": name, "route": ["desk"], "arrivals": arrivals} for name in ("left", "right")]
    fault = {"kind": "errors", "target": "desk", "ratio": 1.0, "at_s": 0.0}
    one = records_of(load=load, faults=[fault | {"callers": ["left"]}], stations=stations)
    assert {(r.site, r.status) for r in one if r.kind == "request.finished"} == {("left", 500), ("right", 200)}
    both = records_of(load=load, faults=[fault | {"capacity_per_s": 30.0}], stations=stations)
    statuses = [r.status for r in both if r.kind == "request.finished" and r.at_s > 1.1]
    assert within(statuses.count(500), len(statuses), 0.25)


def test_a_reset_breaks_one_connection_and_no_other(records_of, answers_of, asks):
    """Two connections in the pool; that of the struck call is gone, so the next pair needs one new and one old."""
    fault = {"kind": "errors", "target": "database", "ratio": 1.0, "error": "reset", "callers": ["struck"], "at_s": 1.5}
    load = [asks(count=2), asks("struck", at_s=2.0), asks("pair", at_s=3.0, count=2)]
    records = records_of(load=load, faults=[fault])
    assert answers_of(records)[2:] == [
        (2.011, 500, "database_connection_lost"),
        (3.011, 200, None),
        (3.013, 200, None),
    ]
