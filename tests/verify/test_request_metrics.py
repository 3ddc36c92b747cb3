"""Metrics of requests, against counts by hand."""

import pytest

from rustok_sim.core.journal import KINDS
from rustok_sim.verify import Facts, measure

FACTS = Facts(horizon_s=100.0, warmup_s=20.0, classes=["web", "idle"])


@pytest.fixture
def requests(log, opened):
    """Measures the requests of the log."""

    def measured(facts=FACTS):
        with opened() as connection:
            return measure(connection, facts)["requests"]

    return measured


def test_counts_each_outcome_once(log, requests):
    """By hand: 2 ok (a 404 is a right answer), 1 rejected, 1 failed, 1 timed out, 1 in flight; available 2 of 5."""
    log.request(1, 20.0, 21.0)
    log.request(2, 30.0, 31.0, status=404)
    log.request(3, 40.0, 41.0, "rejected", 503)
    log.request(4, 50.0, 51.0, "failed", 500)
    log.request(5, 60.0, 62.0, "timed_out", 499)
    log(100.0, "request.in_flight", correlation=6, site="web", begin_s=99.0)
    web = requests()["web"]
    assert [web[key] for key in ("count", "ok", "rejected", "failed", "timed_out", "in_flight")] == [6, 2, 1, 1, 1, 1]
    assert web["availability"] == 2 / 5
    assert web["throughput_per_s"] == 2 / 80
    assert web["by_status"] == {"200": 1, "404": 1, "499": 1, "500": 1, "503": 1}


def test_a_client_that_gave_up_has_status_499_whatever_was_recorded(log, requests):
    """No answer was sent to it, so none counts; and what has no status at all is not invented."""
    log.request(1, 30.0, 31.0, "timed_out", None)
    log.request(2, 30.0, 31.0, "timed_out", 200)
    log.request(3, 30.0, 31.0, "failed", None)
    assert requests()["web"]["by_status"] == {"499": 2}


def test_what_arrived_before_the_warm_up_does_not_count(log, requests):
    """Arrival decides: one that came at 19.9 s and ended at 50 s is out, one that came at 20 s is in."""
    log.request(1, 19.9, 50.0)
    log.request(2, 20.0, 51.0)
    log(100.0, "request.in_flight", correlation=3, site="web", begin_s=5.0)
    assert requests()["web"]["count"] == 1


def test_latency_is_that_of_every_finished_request(log, requests):
    """Of 1, 2, 3 (failed), 4 (rejected) and 50 s (gave up): p95 is 0.8, p99 0.96 of the way from 4 to 50."""
    log.request(1, 30.0, 31.0)
    log.request(2, 30.0, 32.0)
    log.request(3, 30.0, 33.0, "failed", 500)
    log.request(4, 30.0, 34.0, "rejected", 503)
    log.request(5, 30.0, 80.0, "timed_out", 499)
    log(100.0, "request.in_flight", correlation=6, site="web", begin_s=30.0)
    assert requests()["web"]["latency_s"] == pytest.approx(
        {"mean": 12.0, "p50": 3.0, "p95": 40.8, "p99": 48.16, "max": 50.0}
    )


def test_a_class_without_requests_has_zeros_and_nulls(log, requests):
    """Nothing finished: availability and latency do not exist, the counts are 0."""
    log.request(1, 30.0, 31.0)
    idle = requests()["idle"]
    assert (idle["count"], idle["availability"], idle["throughput_per_s"], idle["by_status"]) == (0, None, 0.0, {})
    assert set(idle["latency_s"].values()) == {None}


def test_only_in_flight_is_no_availability(log, requests):
    """A quotient of nothing is null, not 0 and not 1."""
    log(100.0, "request.in_flight", correlation=1, site="web", begin_s=30.0)
    assert requests()["web"]["availability"] is None


def test_classes_stand_in_order_of_their_names(log, requests):
    """Whatever comes first in the log."""
    log.request(1, 30.0, 31.0, site="zebra")
    log.request(2, 30.0, 32.0, site="ant")
    assert list(requests()) == ["ant", "idle", "web", "zebra"]


def test_what_was_not_captured_is_absent(log, opened):
    """Without the records of those in flight the count would be wrong, so there is none."""
    log.request(1, 30.0, 31.0)
    with opened() as connection:
        assert "requests" not in measure(connection, Facts(horizon_s=100.0, kinds=frozenset({"request.finished"})))
        assert list(measure(connection, Facts(horizon_s=100.0, kinds=frozenset(KINDS)))) == ["requests", "database"]
