"""Each invariant: a clean log in which it holds, and planted violations that it finds."""

import json

import pytest

from rustok_sim.verify import INVARIANTS, Facts, StationFacts, check

HORIZON_S = 100.0


@pytest.fixture
def broken(log, opened):
    """The numbers in the log of the records that break an invariant, as far as they are shown."""

    def found(name, **facts):
        with opened() as connection:
            (verdict,) = (one for one in check(connection, Facts(horizon_s=HORIZON_S, **facts)) if one.name == name)
        assert verdict.held == (verdict.violations == 0)
        assert json.dumps(verdict.to_dict())
        return [example["seq"] for example in verdict.examples]

    return found


def till(**facts):
    """The facts of one station."""
    return {"stations": {"till": StationFacts(**{"servers": 1} | facts)}}


EVERYTHING = {
    **till(),
    "single_flight": ["tenant"],
    "faults_end_s": {"outage faults.0": 50.0},
}


def write_a_clean_log(log):
    """A request that waited at the till, a breaker's round, a crash, a fault: all as it should be."""
    log(1.0, "cache.load", node="node-1", site="tenant", detail="k", begin_s=0.5, outcome="dropped", correlation=1)
    log(2.0, "cache.load", node="node-1", site="tenant", detail="k", begin_s=1.0, outcome="found", correlation=2)
    log(2.0, "cache.load", node="node-2", site="tenant", detail="k", begin_s=1.0, outcome="found", correlation=3)
    log.visit(1, 1.0, 1.0, 3.0)
    log.request(1, 0.5, 3.0, node="node-1")
    log.visit(2, 2.0, 3.0, 4.0)
    log.request(2, 1.0, 4.0, node="node-1")
    log.request(3, 1.0, 4.0, "timed_out", 499, node="node-2")
    log(10.0, "breaker.call", node="node-1", site="b", begin_s=9.0, outcome="failure")
    log(10.0, "breaker.changed", node="node-1", site="b", outcome="open", detail="closed")
    log(11.0, "breaker.call", node="node-1", site="b", begin_s=9.5, outcome="failure")
    log(12.0, "breaker.rejected", node="node-1", site="b")
    log(20.0, "breaker.changed", node="node-1", site="b", outcome="half_open", detail="open")
    log(21.0, "breaker.call", node="node-1", site="b", begin_s=20.0, outcome="success")
    log(21.0, "breaker.changed", node="node-1", site="b", outcome="closed", detail="half_open")
    log(30.0, "breaker.changed", node="node-1", site="b", outcome="open", detail="closed")
    log(40.0, "fault.began", site="redis", detail="outage faults.0")
    log(50.0, "fault.ended", site="redis", detail="outage faults.0")
    log(60.0, "node.crashed", node="node-1")
    log(60.0, "cache.load", node="node-1", site="tenant", detail="k", begin_s=59.0, outcome="dropped", correlation=4)
    log.request(4, 59.0, 60.0, "failed", 502, node="node-1")
    log(65.0, "redis.command", node="node-1", site="redis", begin_s=64.0, outcome="ok")
    log(66.0, "node.started", node="node-1")
    log(66.0, "db.query", node="node-1", site="database", begin_s=65.0, outcome="ok", correlation=-1)
    log(67.0, "breaker.call", node="node-1", site="b", begin_s=66.0, outcome="failure")
    log(67.0, "breaker.changed", node="node-1", site="b", outcome="open", detail="closed")
    log.visit(5, 90.0, 90.0, HORIZON_S, "in_system")
    log(HORIZON_S, "request.in_flight", correlation=5, site="web", begin_s=90.0)


def test_all_hold_in_a_clean_log(log, opened):
    """Every invariant is checked, and none is broken."""
    write_a_clean_log(log)
    with opened() as connection:
        verdicts = check(connection, Facts(horizon_s=HORIZON_S, **EVERYTHING))
    assert [verdict.to_dict() for verdict in verdicts] == [
        {"name": name, "held": True, "violations": 0, "examples": []} for name in INVARIANTS
    ]


def test_all_hold_in_an_empty_log(opened):
    """A run in which nothing happens breaks nothing."""
    with opened() as connection:
        assert all(verdict.held for verdict in check(connection, Facts(horizon_s=HORIZON_S, **till())))


def test_what_was_not_captured_is_not_checked(opened):
    """With the requests alone, only the two invariants that need nothing else."""
    with opened() as connection:
        kinds = frozenset({"request.finished", "request.in_flight"})
        verdicts = check(connection, Facts(horizon_s=HORIZON_S, kinds=kinds, **EVERYTHING))
    assert [verdict.name for verdict in verdicts] == ["time_monotone", "requests_conserved"]


def test_a_promise_nobody_made_is_not_checked(opened):
    """Without stations and single flight there is nothing to say of them."""
    with opened() as connection:
        names = {verdict.name for verdict in check(connection, Facts(horizon_s=HORIZON_S))}
    assert names == INVARIANTS.keys() - {"single_flight", "station_within_capacity", "littles_law_pathwise"}


def test_many_violations_are_counted_and_five_are_shown(log, opened):
    """Seven requests end before they began: 7, of which the first five, with their correlation ids."""
    for i in range(7):
        log.request(i, 60.0, 50.0)
    with opened() as connection:
        verdict = check(connection, Facts(horizon_s=HORIZON_S))[0]
    assert (verdict.name, verdict.held, verdict.violations) == ("time_monotone", False, 7)
    assert [example["correlation"] for example in verdict.examples] == [0, 1, 2, 3, 4]


def test_definitions_are_their_docstrings():
    """Each says what it demands, in a sentence at least."""
    assert all(invariant.definition.endswith(".") for invariant in INVARIANTS.values())
    assert all(invariant.name == name for name, invariant in INVARIANTS.items())


def test_time_runs_backwards(log, broken):
    """The second record is earlier than the first; equal times are no step back."""
    log(5.0, "cache.miss")
    log(4.0, "cache.miss")
    log(4.0, "cache.miss")
    assert broken("time_monotone") == [1]


def test_something_begins_after_it_ended(log, broken):
    """A load from 6 to 5 s."""
    log(5.0, "cache.load", begin_s=6.0)
    assert broken("time_monotone") == [0]


def test_a_request_has_two_outcomes(log, broken):
    """Finished, and in flight all the same."""
    log.request(1, 1.0, 2.0)
    log(HORIZON_S, "request.in_flight", correlation=1, site="web", begin_s=1.0)
    assert broken("requests_conserved") == [1]


def test_a_request_is_lost(log, broken):
    """It looked into the cache and was never heard of again. A background job (no look-up) is no request."""
    log(1.0, "redis.command", correlation=3)
    log(1.0, "cache.miss", correlation=1)
    log(2.0, "db.query", correlation=1)
    log.request(2, 1.0, 2.0)
    assert broken("requests_conserved") == [1]


@pytest.mark.parametrize("outcome", ["vanished", None])
def test_a_request_ends_in_no_known_way(log, broken, outcome):
    """There are four outcomes, and a finished request has one."""
    log.request(1, 1.0, 2.0, outcome)
    assert broken("requests_conserved") == [0]


def test_a_request_is_in_flight_before_the_horizon(log, broken):
    """Only the end of the run leaves a request without outcome."""
    log(99.0, "request.in_flight", correlation=1, begin_s=1.0)
    assert broken("requests_conserved") == [0]


def turned(log, at_s, state, before, node="node-1"):
    """A change of the breaker *b*."""
    log(at_s, "breaker.changed", node=node, site="b", outcome=state, detail=before)


def test_a_breaker_skips_a_state(log, broken):
    """From closed straight to half-open; the next step, legal in itself, holds."""
    turned(log, 1.0, "half_open", "closed")
    turned(log, 2.0, "open", "half_open")
    assert broken("breaker_transitions_legal") == [0]


def test_a_breaker_changes_from_a_state_it_is_not_in(log, broken):
    """It opened on node-1; on node-2 it is still closed, and cannot become half-open."""
    turned(log, 1.0, "open", "closed")
    turned(log, 2.0, "half_open", "open", node="node-2")
    assert broken("breaker_transitions_legal") == [1]


def test_a_crash_makes_a_breaker_anew(log, broken):
    """Open before the crash, so closed after it: what was legal without the crash is not."""
    turned(log, 1.0, "open", "closed")
    log(2.0, "node.crashed", node="node-1")
    turned(log, 3.0, "half_open", "open")
    assert broken("breaker_transitions_legal") == [2]


def test_a_change_to_no_known_state_is_illegal(log, broken):
    """A state without a name is none."""
    turned(log, 1.0, None, "closed")
    assert broken("breaker_transitions_legal") == [0]


def test_a_call_passes_an_open_breaker(log, broken):
    """Open from 1 to 5 s: calls begun at 1 and 5 may, one begun at 3 must not; on the other node nothing is open."""
    turned(log, 1.0, "open", "closed")
    turned(log, 5.0, "half_open", "open")
    for begin_s, node in ((1.0, "node-1"), (3.0, "node-1"), (5.0, "node-1"), (3.0, "node-2")):
        log(6.0, "breaker.call", node=node, site="b", begin_s=begin_s)
    assert broken("open_breaker_passes_nothing") == [3]


def test_a_breaker_that_opens_in_passing_passes_that_moment(log, broken):
    """Open, half-open and open again at 5 s: the probe that began then may; one begun at 6 s must not."""
    turned(log, 1.0, "open", "closed")
    turned(log, 5.0, "half_open", "open")
    log(5.0, "breaker.call", node="node-1", site="b", begin_s=5.0)
    turned(log, 5.0, "open", "half_open")
    log(7.0, "breaker.call", node="node-1", site="b", begin_s=6.0)
    assert broken("open_breaker_passes_nothing") == [4]


def load(log, begin_s, at_s, **columns):
    """A load of the key *k*."""
    log(at_s, "cache.load", **{"node": "node-1", "site": "tenant", "detail": "k", "begin_s": begin_s} | columns)


def test_two_loads_of_a_key_overlap(log, broken):
    """1-4 and 2-3 on one node; another key, another node and another cache are other flights."""
    load(log, 2.0, 3.0)
    load(log, 1.0, 4.0)
    load(log, 1.0, 4.0, detail="other")
    load(log, 1.0, 4.0, node="node-2")
    load(log, 1.0, 4.0, site="other")
    assert broken("single_flight", single_flight=["tenant"]) == [0]


def test_a_load_overlaps_the_one_before_last(log, broken):
    """1-9, 2-3 and 5-6: both the second and the third begin while the first is under way."""
    load(log, 2.0, 3.0)
    load(log, 5.0, 6.0)
    load(log, 1.0, 9.0)
    assert broken("single_flight", single_flight=["tenant"]) == [0, 1]


def test_work_survives_a_crash(log, broken):
    """Crashed at 10 s: a command from 9 to 11 s survived it, one that ended at 10 died of it."""
    log(10.0, "node.crashed", node="node-1")
    log(10.0, "redis.command", node="node-1", begin_s=9.0, outcome="dropped")
    log(11.0, "redis.command", node="node-1", begin_s=9.0, outcome="ok")
    log(11.0, "redis.command", node="node-2", begin_s=9.0, outcome="ok")
    assert broken("dead_nodes_do_nothing") == [2]


def test_what_clients_do_is_no_work_of_a_dead_node(log, broken):
    """Down from 10 to 20 s: at 15 a client loses its patience, another asks again, and is answered at 25.

    That one first asked at 9 s. A request of 9 s that was never sent again cannot be answered at 25.
    """
    log(10.0, "node.crashed", node="node-1")
    log.request(1, 8.0, 15.0, node="node-1", outcome="timed_out", status=499)
    log(15.0, "request.retried", node="node-1", correlation=2, begin_s=9.0)
    log(20.0, "node.started", node="node-1")
    log.request(2, 9.0, 25.0, node="node-1")
    log(25.0, "request.in_flight", node="node-1", correlation=4, begin_s=9.0)
    assert broken("dead_nodes_do_nothing") == []
    log.request(3, 9.0, 25.0, node="node-1")
    assert broken("dead_nodes_do_nothing") == [6]


def test_a_dead_node_serves(log, broken):
    """Down from 10 to 20 s: a hit at 15 must not be, a Redis command may (it boots); at 20 it serves again."""
    log(10.0, "node.crashed", node="node-1")
    log(15.0, "cache.hit", node="node-1")
    log(15.0, "redis.command", node="node-1", begin_s=14.0)
    log(20.0, "node.started", node="node-1")
    log(20.0, "cache.hit", node="node-1")
    assert broken("dead_nodes_do_nothing") == [1]


def test_a_node_that_never_comes_back_serves_no_more(log, broken):
    """No start after the crash: dead to the end."""
    log(10.0, "node.crashed", node="node-1")
    log.request(1, 80.0, 90.0, node="node-1")
    assert broken("dead_nodes_do_nothing") == [1]


def test_a_station_serves_more_than_it_has_servers(log, broken):
    """One server: 1-3 and 2-4 overlap; 4-5 begins when the one before ends."""
    log.visit(1, 1.0, 1.0, 3.0)
    log.visit(2, 2.0, 2.0, 4.0)
    log.visit(3, 2.0, 4.0, 5.0)
    assert broken("station_within_capacity", **till()) == [1]
    assert broken("station_within_capacity", **till(servers=2)) == []


def test_a_station_lets_more_wait_than_it_may(log, broken):
    """Room for one: those who came at 1.5 and 1.6 both wait from then on, so the second is one too many."""
    log.visit(1, 1.0, 1.0, 3.0)
    log.visit(2, 1.5, 3.0, 4.0)
    log.visit(3, 1.6, 4.0, 5.0)
    assert broken("station_within_capacity", **till(queue_limit=1)) == [2]


def test_a_rejected_visit_takes_no_room(log, broken):
    """Room for nobody: who is turned away at once breaks nothing."""
    log.visit(1, 1.0, 1.0, 3.0)
    log.visit(2, 1.5, 1.5, 1.5, "rejected")
    log.visit(3, 3.0, 3.0, 5.0)
    assert broken("station_within_capacity", **till(queue_limit=0)) == []


def test_rounding_is_no_overlap(log, broken):
    """One left at 0.9 s and the next started; from its arrival 0.2 and its wait 0.9 - 0.2 that comes out earlier."""
    log.visit(1, 0.0, 0.0, 0.9)
    log.visit(2, 0.2, 0.9, 9.0)
    assert 0.2 + (0.9 - 0.2) < 0.9
    assert broken("station_within_capacity", **till(queue_limit=1)) == []


@pytest.mark.parametrize(("queue_limit", "found"), [(0, [2]), (1, []), (None, [])])
def test_a_shared_station_holds_servers_and_queue(log, broken, queue_limit, found):
    """Three inside two shared servers: one too many, unless one more may be there, or any number."""
    for number in range(3):
        log.visit(number, 1.0 + number, 1.0 + number, 9.0)
    assert broken("station_within_capacity", **till(servers=2, shared=True, queue_limit=queue_limit)) == found


def test_who_is_lost_in_a_hang_takes_no_server(log, broken):
    """Hang from 5 to 8 s: three inside a station of one server until they give up, and one served after it."""
    log(5.0, "fault.began", site="till", detail="hang faults.0")
    log(8.0, "fault.ended", site="till", detail="hang faults.0")
    log.visit(4, 8.0, 8.0, 9.0)
    for number in range(3):
        log.visit(number, 4.0 + number, 4.0 + number, 12.0, "abandoned")
    assert broken("station_within_capacity", **till()) == []


def visit_of(log, **columns):
    """One visit from 1 to 4 s: 1 s of waiting, 2 s of service."""
    log(
        4.0,
        columns.pop("kind", "station.served"),
        **{"site": "till", "begin_s": 1.0, "wait_s": 1.0, "value": 2.0} | columns,
    )


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({}, []),
        ({"value": 2.5}, [0]),
        ({"wait_s": -1.0, "value": 4.0}, [0]),
        ({"wait_s": 4.0, "value": -1.0}, [0]),
        ({"begin_s": None}, [0]),
        ({"kind": "station.in_system"}, [0]),
        ({"site": "somewhere else", "value": 9.0}, []),
    ],
)
def test_a_visit_whose_parts_do_not_add_up_breaks_littles_law(log, broken, columns, found):
    """3 s inside are 1 s of waiting and 2 s of service, neither negative; in the system one is only at the horizon."""
    visit_of(log, **columns)
    assert broken("littles_law_pathwise", **till()) == found


def fault(log, at_s, what, detail="outage faults.0"):
    """A fault of Redis."""
    log(at_s, f"fault.{what}", site="redis", detail=detail)


def test_a_fault_ends_that_never_began(log, broken):
    """And one that began twice."""
    fault(log, 1.0, "ended")
    fault(log, 2.0, "began", "slow faults.1")
    fault(log, 3.0, "began", "slow faults.1")
    assert broken("faults_begin_and_end") == [0, 2]


def test_a_fault_that_repeats_may_last(log, broken):
    """Began, ended, began again: active at the horizon, as its luck has it."""
    for at_s, what in ((1.0, "began"), (2.0, "ended"), (3.0, "began")):
        fault(log, at_s, what)
    assert broken("faults_begin_and_end") == []


@pytest.mark.parametrize(
    ("records", "end_s", "found"),
    [
        ([(10.0, "began"), (20.0, "ended")], 20.0, []),
        ([(10.0, "began"), (21.0, "ended")], 20.0, [1]),
        ([(10.0, "began")], 20.0, [0]),
        ([], 20.0, [None]),
        ([(10.0, "began")], HORIZON_S, []),
    ],
)
def test_a_fault_that_strikes_once_is_over_in_time(log, broken, records, end_s, found):
    """On time, late, never, never even begun; and one that lasts to the horizon need not end."""
    for at_s, what in records:
        fault(log, at_s, what)
    assert broken("faults_begin_and_end", faults_end_s={"outage faults.0": end_s}) == found
