"""B1 to B7: what RusToK's breaker does by its transition table, and what the windowed one does in its place.

Every expectation is counted by hand on the table: threshold 5, 2 successes, 60 s, budget 3. The windowed twin has
the same numbers, and judges ten calls.
"""

from collections import deque
from contextlib import ExitStack

import pytest

from rustok_sim.core.errors import BulkheadFull, CircuitOpen
from rustok_sim.core.resilience import BreakerSettings, Bulkhead, breaker_for


def as_built(**settings):
    """RusToK's breaker with its defaults."""
    return breaker_for(BreakerSettings(**settings))


def windowed(**settings):
    """The breaker the review advises; its window holds the last ten calls."""
    return breaker_for(BreakerSettings(design="windowed", window_calls=10, **settings))


def opened(breaker, now=0.0):
    """The breaker, opened by ten failures in a row at *now*: the fifth opens as built, the tenth windowed."""
    while breaker.state == "closed":
        breaker.admit(now).failure(now)
    return breaker


def admitted(breaker, now):
    """Whether a call may begin; if so it never ends."""
    try:
        breaker.admit(now)
    except CircuitOpen:
        return False
    return True


def test_b1_an_episode_admits_its_budget_and_one_more():
    """At 60 s the first probe is not counted and three are: 4 of 10 callers pass."""
    breaker = opened(as_built())
    assert [admitted(breaker, 60.0) for _ in range(10)] == [True] * 4 + [False] * 6


def test_b1_the_budget_is_never_replenished():
    """A probe that ends well, below the success threshold, makes room for nobody."""
    breaker = opened(as_built())
    probes = [breaker.admit(60.0) for _ in range(4)]
    probes[0].success(60.5)
    assert breaker.state == "half_open"
    assert not admitted(breaker, 61.0)


def test_b1_windowed_permits_come_back():
    """Three may be in flight at once, but one after the other nine probes pass, 9 > 4."""
    breaker = opened(windowed(success_threshold=10))
    assert [admitted(breaker, 60.0) for _ in range(4)] == [True, True, True, False]
    breaker = opened(windowed(success_threshold=10))
    for second in range(9):
        breaker.admit(60.0 + second).success(60.5 + second)
    assert breaker.state == "half_open"


def test_b2_three_lost_probes_of_four_lock_it_for_ever():
    """4 probes: 3 dropped, 1 success is below the threshold of 2; a year later it still rejects."""
    breaker = opened(as_built())
    *lost, last = [breaker.admit(60.0) for _ in range(4)]
    for probe in lost:
        probe.dropped(60.1)
    last.success(60.2)
    assert breaker.state == "half_open"
    assert not admitted(breaker, 365 * 86_400.0)


def test_b2_two_lost_probes_of_four_are_borne():
    """4 probes: 2 dropped, 2 successes reach the threshold."""
    breaker = opened(as_built())
    probes = [breaker.admit(60.0) for _ in range(4)]
    probes[0].dropped(60.1)
    probes[1].dropped(60.1)
    probes[2].success(60.2)
    probes[3].success(60.2)
    assert breaker.state == "closed"


def test_b2_a_threshold_above_the_budget_locks_it_for_ever():
    """5 successes are wanted and 4 probes admitted, so even a healthy dependency stays cut off."""
    breaker = opened(as_built(success_threshold=5))
    for probe in [breaker.admit(60.0) for _ in range(4)]:
        probe.success(60.1)
    assert breaker.state == "half_open"
    assert not admitted(breaker, 1e9)


def test_b2_windowed_takes_a_lost_probes_permit_back():
    """A hundred probes are dropped one after the other, and two good ones close it still."""
    breaker = opened(windowed())
    for _ in range(100):
        breaker.admit(60.0).dropped(60.0)
    breaker.admit(60.0).success(60.0)
    breaker.admit(60.0).success(60.0)
    assert breaker.state == "closed"


def test_b2_windowed_counts_hung_probes_as_failed():
    """Three probes hang from 60 s: until 120 s others are turned away, then it opens, and at 180 s it probes anew."""
    breaker = opened(windowed())
    hung = [breaker.admit(60.0) for _ in range(3)]
    assert not admitted(breaker, 119.9)
    assert breaker.state == "half_open"
    assert not admitted(breaker, 120.0)
    assert breaker.state == "open"
    breaker.admit(180.0).success(180.1)
    for probe in hung:
        probe.failure(180.2)
    breaker.admit(180.3).success(180.4)
    assert breaker.state == "closed"


def test_b2_windowed_reaches_any_success_threshold():
    """Permits come back, so five successes out of three permits are no contradiction."""
    breaker = opened(windowed(success_threshold=5))
    for _ in range(5):
        breaker.admit(60.0).success(60.1)
    assert breaker.state == "closed"


def test_b3_a_late_failure_pushes_recovery_back():
    """It opens at 1 s; a call from before fails at 31 s, so the probe may pass at 91 s and not at 61 s."""
    breaker = as_built()
    calls = [breaker.admit(0.0) for _ in range(6)]
    for call in calls[:5]:
        call.failure(1.0)
    calls[5].failure(31.0)
    assert [admitted(breaker, now) for now in (61.0, 90.9, 91.0)] == [False, False, True]


def test_b3_windowed_hears_no_late_failure():
    """It opens at 1 s by the tenth failure; the eleventh, at 31 s, belongs to an episode that is over."""
    breaker = windowed()
    calls = [breaker.admit(0.0) for _ in range(11)]
    for call in calls[:10]:
        call.failure(1.0)
    calls[10].failure(31.0)
    assert [admitted(breaker, now) for now in (60.9, 61.0)] == [False, True]


def test_b4_stragglers_close_it_while_the_probe_fails():
    """Two calls from before the outage succeed in half-open: 2 successes close it, though the only probe then fails."""
    breaker = as_built()
    stragglers = [breaker.admit(0.0) for _ in range(2)]
    opened(breaker)
    probe = breaker.admit(60.0)
    for straggler in stragglers:
        straggler.success(61.0)
    assert breaker.state == "closed"
    probe.failure(62.0)
    assert breaker.state == "closed"


def test_b4_windowed_hears_no_straggler():
    """The same history leaves the verdict to the probe, which fails."""
    breaker = windowed()
    stragglers = [breaker.admit(0.0) for _ in range(2)]
    opened(breaker)
    probe = breaker.admit(60.0)
    for straggler in stragglers:
        straggler.success(61.0)
    assert breaker.state == "half_open"
    probe.failure(62.0)
    assert breaker.state == "open"


def test_b5_four_failures_and_a_success_never_open_it():
    """The fifth call of each five resets the count at 4, below the threshold of 5: 80 of 100 calls fail."""
    breaker = as_built()
    for number in range(100):
        call = breaker.admit(float(number))
        call.success(float(number)) if number % 5 == 4 else call.failure(float(number))
    assert breaker.state == "closed"


def test_b5_windowed_opens_on_the_ratio():
    """Ten calls are the least it judges, and 8 failures of 10 are over one half: it opens on the tenth."""
    breaker = windowed()
    states = []
    for number in range(10):
        call = breaker.admit(float(number))
        call.success(float(number)) if number % 5 == 4 else call.failure(float(number))
        states.append(breaker.state)
    assert states == ["closed"] * 9 + ["open"]


def begun_before_opening(breaker, callers, bulkhead):
    """Calls begun when *callers* call without pause, each failing, the oldest first, until the breaker opens."""
    in_flight, begun = deque(), 0
    while breaker.state == "closed":
        for _ in range(callers - len(in_flight)):
            place = ExitStack()
            try:
                place.enter_context(bulkhead)
            except BulkheadFull:
                break
            in_flight.append((breaker.admit(0.0), place))
            begun += 1
        call, place = in_flight.popleft()
        call.failure(0.0)
        place.close()
    return begun


def test_b6_it_opens_after_threshold_and_callers_less_one():
    """10 calls begin; each of the first 4 failures lets one more begin, the fifth opens it: 14 = 5 + 10 - 1."""
    assert begun_before_opening(as_built(), 10, Bulkhead(100)) == 14


def test_b6_what_is_in_flight_no_breaker_can_recall_but_a_bulkhead_bounds_it():
    """Windowed on 5 calls begins as many, 14; a bulkhead of 2 before it makes that 6 = 5 + 2 - 1."""
    assert begun_before_opening(windowed(minimum_calls=5), 10, Bulkhead(100)) == 14
    assert begun_before_opening(windowed(minimum_calls=5), 10, Bulkhead(2)) == 6


def test_b6_windowed_is_not_moved_by_what_was_in_flight_when_it_opened():
    """As built the last of ten callers' failures at 9 s sets recovery to 69 s; windowed it stays at 60 s."""
    outcomes = []
    for breaker, enough in ((as_built(), 5), (windowed(minimum_calls=5), 5)):
        calls = [breaker.admit(0.0) for _ in range(10)]
        for number, call in enumerate(calls):
            call.failure(0.0 if number < enough else float(number))
        outcomes.append(admitted(breaker, 60.0))
    assert outcomes == [False, True]


def test_b7_a_success_counted_before_opening_by_hand_still_counts():
    """1 success in half-open, opened by hand at 61 s; after 121 s one more success makes the 2 that close it."""
    breaker = opened(as_built())
    breaker.admit(60.0).success(60.5)
    breaker.open(61.0)
    assert not admitted(breaker, 120.9)
    breaker.admit(121.0).success(121.5)
    assert breaker.state == "closed"


def test_b7_windowed_begins_every_episode_anew():
    """The same history leaves it half-open, and the second success after the hand's opening closes it."""
    breaker = opened(windowed())
    breaker.admit(60.0).success(60.5)
    breaker.open(61.0)
    breaker.admit(121.0).success(121.5)
    assert breaker.state == "half_open"
    breaker.admit(122.0).success(122.5)
    assert breaker.state == "closed"


@pytest.mark.parametrize("make", [as_built, windowed])
def test_a_call_ends_only_once(make):
    """A permit that was settled cannot be settled again: a second outcome would be counted twice."""
    permit = make().admit(0.0)
    permit.success(1.0)
    for settle in (permit.success, permit.failure, permit.dropped):
        with pytest.raises(RuntimeError, match="settled already"):
            settle(2.0)
