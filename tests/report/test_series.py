"""Series over time, against logs of a few records counted by hand."""

import pytest

from rustok_sim.report import series


def finished(begin_s, at_s, outcome="ok"):
    """A request of class web."""
    return ("request.finished", at_s, {"site": "web", "begin_s": begin_s, "outcome": outcome})


def fault(kind, at_s):
    """The begin or end of an outage of Redis."""
    return (kind, at_s, {"site": "redis", "detail": "outage faults.0"})


def test_requests_belong_to_the_bucket_of_their_arrival(ask):
    """Of three that came in [0, 10) one failed and one gave up later; one came in [10, 20)."""
    rows = ask(
        series.requests(10.0),
        finished(1.0, 2.0),
        finished(9.0, 12.0, "failed"),
        finished(15.0, 16.0),
        finished(5.0, 25.0, "timed_out"),
    )
    assert [(row["at_s"], row["availability"]) for row in rows] == [(0.0, pytest.approx(1 / 3)), (10.0, 1.0)]
    assert (rows[0]["ok_per_s"], rows[0]["failed_per_s"], rows[0]["timed_out_per_s"]) == (0.1, 0.1, 0.1)


def test_latency_leaves_out_quick_refusals_and_keeps_those_who_gave_up(ask):
    """Of 1 s (ok), 3 s (gave up) and 0 s (failed) the median is 2."""
    log = [finished(0.0, 0.0, "failed"), finished(1.0, 2.0), finished(2.0, 5.0, "timed_out")]
    [row] = ask(series.latency(10.0), *log)
    assert row["p50_s"] == 2.0


def test_statements_count_where_a_connection_was_had(ask):
    """An ok and an error in the first bucket, none in the second, none for who got no connection."""
    log = [
        ("db.query", 1.0, {"site": "database", "begin_s": 0.5, "wait_s": 0.0, "outcome": "ok"}),
        ("db.query", 2.0, {"site": "database", "begin_s": 0.7, "wait_s": 0.0, "outcome": "error"}),
        ("db.query", 15.0, {"site": "database", "begin_s": 12.0, "wait_s": 3.0, "outcome": "no_connection"}),
    ]
    assert ask(series.statements(10.0), *log) == [
        {"at_s": 0.0, "statements_per_s": 0.2},
        {"at_s": 10.0, "statements_per_s": 0.0},
    ]


def test_faults_have_a_begin_and_an_end(ask):
    """One that ended, and one that lasts to the last record."""
    log = [fault("fault.began", 1.0), fault("fault.ended", 3.0), fault("fault.began", 5.0), finished(6.0, 9.0)]
    spans = [(row["begin_s"], row["end_s"]) for row in ask(series.FAULTS, *log)]
    assert spans == [(1.0, 3.0), (5.0, 9.0)]


def test_a_stampede_is_what_is_loaded_at_once(ask):
    """Loads of one key over [1, 4), [2, 3) and [3.5, 5): at most two at once, three begun; the other key has one."""

    def load(begin_s, at_s, key="tenant:slug:a"):
        return ("cache.load", at_s, {"site": "tenant", "begin_s": begin_s, "outcome": "found", "detail": key})

    log = [load(2.0, 3.0), load(1.0, 4.0), load(3.5, 5.0), load(1.0, 6.0, "tenant:slug:b")]
    assert ask(series.busiest_key(from_s=0.0, until_s=10.0), *log) == [{"begun": 3, "at_once": 2}]


def test_a_disturbance_is_told_before_during_and_after(ask):
    """Struck from 10 to 20 s: all well before, half well during, the first 5 s after it bad, then well."""
    log = sorted(
        [
            fault("fault.began", 10.0),
            fault("fault.ended", 20.0),
            finished(1.0, 1.5),
            finished(12.0, 12.5),
            finished(13.0, 13.5, "failed"),
            finished(21.0, 21.5, "failed"),
            finished(26.0, 26.5),
            ("db.query", 2.0, {"site": "database", "begin_s": 1.0, "wait_s": 0.0, "outcome": "ok"}),
        ],
        key=lambda record: record[1],
    )
    [row] = ask(series.disturbance(bucket_s=5.0), *log)
    assert row == {
        "availability_before": 1.0,
        "availability_during": 0.5,
        "availability_after": 0.5,
        "bad_after_s": 5.0,
        "recovered": 1.0,
        "statements_per_s_max": 1.0,
    }


@pytest.mark.parametrize("bucket_s", [0.0, -1.0, float("inf"), float("nan")])
def test_a_bucket_has_a_width(bucket_s):
    """Zero, negative and endless buckets are refused before any SQL is made of them."""
    with pytest.raises(ValueError, match="must be above 0"):
        series.requests(bucket_s)


def test_without_a_fault_only_the_statements_are_told(ask):
    """Nothing was disturbed, so there is nothing before, during or after; 0 would be a claim."""
    query = ("db.query", 2.0, {"site": "database", "begin_s": 1.0, "wait_s": 0.0, "outcome": "ok"})
    [row] = ask(series.disturbance(), finished(1.0, 1.5), query)
    assert row.pop("statements_per_s_max") == 1.0
    assert set(row.values()) == {None}


def test_without_a_database_there_are_no_statements_to_tell(ask):
    """A scenario of stations alone has no peak of 0."""
    [row] = ask(series.disturbance(), finished(1.0, 1.5))
    assert row["statements_per_s_max"] is None


def test_a_breaker_that_was_called_is_closed_before_its_first_change(ask):
    """Closed to 5 s, open to the last record at 9 s; a crash at 7 s makes it anew."""
    log = [
        ("breaker.call", 1.0, {"node": "node-1", "site": "redis", "outcome": "success"}),
        ("breaker.changed", 5.0, {"node": "node-1", "site": "redis", "outcome": "open", "detail": "closed"}),
        ("node.crashed", 7.0, {"node": "node-1"}),
        finished(6.0, 9.0),
    ]
    spans = [(row["state"], row["begin_s"], row["end_s"]) for row in ask(series.BREAKERS, *log)]
    assert spans == [("closed", 0.0, 5.0), ("open", 5.0, 7.0), ("closed", 7.0, 9.0)]


def test_refusals_are_counted_by_breaker_and_bucket(ask):
    """Two in [0, 5) and one in [5, 10)."""
    log = [("breaker.rejected", at_s, {"node": "node-1", "site": "redis"}) for at_s in (1.0, 4.0, 6.0)]
    rows = ask(series.rejections(5.0), *log)
    assert [(row["at_s"], row["rejected_per_s"]) for row in rows] == [(0.0, 0.4), (5.0, 0.2)]
