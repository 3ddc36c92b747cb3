"""Metrics of stations, against integrals by hand."""

import pytest

from rustok_sim.verify import Facts, StationFacts, measure


@pytest.fixture
def till(log, opened):
    """Measures the station *till*; the run lasts 20 s, the first 10 are warm-up."""

    def measured(*, warmup_s=10.0, horizon_s=20.0, **station):
        facts = Facts(
            horizon_s=horizon_s, warmup_s=warmup_s, stations={"till": StationFacts(**{"servers": 1} | station)}
        )
        with opened() as connection:
            return measure(connection, facts)["stations"]["till"]

    return measured


def test_counts_what_arrived_in_the_window(log, till):
    """Of six visits one came before the warm-up; of the five, two were served, one each rejected, abandoned, inside."""
    log.visit(1, 9.0, 9.0, 11.0)
    log.visit(2, 10.0, 11.0, 12.0)
    log.visit(3, 11.0, 11.0, 11.0, "rejected")
    log.visit(4, 12.0, 14.0, 14.0, "abandoned")
    log.visit(5, 12.0, 12.0, 15.0)
    log.visit(6, 19.0, 19.0, 20.0, "in_system")
    counts = till()
    assert (counts["arrived"], counts["served"], counts["rejected"]) == (5, 2, 1)
    assert counts["wait_s_mean"] == (1.0 + 0.0) / 2
    assert counts["sojourn_s_mean"] == (2.0 + 3.0) / 2


def test_integrates_over_the_window_whoever_is_inside(log, till):
    """By hand, window 10 to 20: waits 10-12 and 19-20 make 3 s; service 10-11, 12-16, 17-20 makes 8 s; inside 11 s."""
    log.visit(1, 5.0, 6.0, 11.0)
    log.visit(2, 8.0, 12.0, 16.0)
    log.visit(3, 17.0, 17.0, 20.0, "in_system")
    log.visit(4, 19.0, 20.0, 20.0, "in_system")
    found = till()
    assert found["queue_length_mean"] == pytest.approx(0.3)
    assert found["utilisation"] == pytest.approx(0.8)
    assert found["in_system_mean"] == pytest.approx(1.1)


def test_utilisation_is_per_server(log, till):
    """Two servers, one of them busy for half the window: a quarter."""
    log.visit(1, 10.0, 10.0, 15.0)
    assert till(servers=2)["utilisation"] == pytest.approx(0.25)


def test_a_station_nobody_came_to_is_idle(till):
    """Zeros where there is something to count or to integrate, null where a mean has nothing."""
    assert till() == {
        "arrived": 0,
        "served": 0,
        "rejected": 0,
        "utilisation": 0.0,
        "wait_s_mean": None,
        "sojourn_s_mean": None,
        "queue_length_mean": 0.0,
        "in_system_mean": 0.0,
    }


def test_shared_servers_are_as_busy_as_they_can(log, till):
    """Two shared servers; one visit 10-14, three from 14 to 16, nobody after: (4 x 1 + 2 x 2) of 20 server-seconds."""
    log.visit(1, 10.0, 10.0, 16.0)
    log.visit(2, 14.0, 14.0, 16.0)
    log.visit(3, 14.0, 14.0, 16.0)
    assert till(servers=2, shared=True)["utilisation"] == pytest.approx(8 / 20)


def test_what_a_shared_server_did_before_the_warm_up_does_not_count(log, till):
    """One visit from 4 to 12: 2 s of the window of 10."""
    log.visit(1, 4.0, 4.0, 12.0)
    assert till(shared=True)["utilisation"] == pytest.approx(0.2)


def test_a_visit_that_a_hang_swallows_keeps_no_server_busy(log, till):
    """Hang from 13 to 15. In service from 12: busy 1 s. Came at 14: never served. A third from 15 to 17: 2 s."""
    log(13.0, "fault.began", site="till", detail="hang faults.0")
    log(15.0, "fault.ended", site="till", detail="hang faults.0")
    log.visit(3, 15.0, 15.0, 17.0)
    log.visit(1, 12.0, 12.0, 18.0, "abandoned")
    log.visit(2, 14.0, 14.0, 18.0, "abandoned")
    found = till(servers=2)
    assert found["utilisation"] == pytest.approx((1 + 0 + 2) / 20)
    assert found["in_system_mean"] == pytest.approx((6 + 4 + 2) / 10)


def test_a_hang_without_end_lasts_and_other_faults_are_none(log, till):
    """Two hangs, the second endless; a slow fault, and a hang of another station, swallow nothing."""
    log(10.0, "fault.began", site="till", detail="slow faults.0")
    log(10.0, "fault.began", site="other", detail="hang faults.1")
    log(12.0, "fault.began", site="till", detail="hang faults.2")
    log(12.0, "fault.ended", site="till", detail="hang faults.2")
    log(16.0, "fault.began", site="till", detail="hang faults.2")
    log.visit(1, 13.0, 13.0, 20.0, "in_system")
    assert till()["utilisation"] == pytest.approx(0.3)


def test_without_stations_there_is_no_section(log, opened):
    """A visit of a station nobody asked about gives no metrics."""
    log.visit(1, 10.0, 10.0, 16.0)
    with opened() as connection:
        assert "stations" not in measure(connection, Facts(horizon_s=20.0))
        facts = Facts(horizon_s=20.0, stations={"other": StationFacts(servers=1)}, kinds=frozenset({"station.served"}))
        assert "stations" not in measure(connection, facts)
