"""The breaker the review advises: what its window judges, and what its half-open state allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from rustok_sim.core.errors import CircuitOpen
from rustok_sim.core.resilience import BreakerSettings, breaker_for
from rustok_sim.core.resilience.window import CountWindow, TimeWindow


def windowed(**settings):
    """A windowed breaker that judges from four calls on."""
    return breaker_for(BreakerSettings(design="windowed", **{"minimum_calls": 4, **settings}))


def after(breaker, outcomes, *, at_s=0.0, each_s=0.0):
    """The breaker after calls one after the other, ``f`` failed and ``s`` well, each taking *each_s*."""
    now = at_s
    for outcome in outcomes:
        permit = breaker.admit(now)
        now += each_s
        permit.failure(now) if outcome == "f" else permit.success(now)
    return breaker


def test_there_is_no_verdict_on_too_few_calls():
    """Three of three failed, but four are the least to judge; the fourth call's success gives 3 of 4, over one half."""
    breaker = after(windowed(), "fff")
    assert breaker.state == "closed"
    assert after(breaker, "s").state == "open"


@pytest.mark.parametrize(("outcomes", "state"), [("sssf", "closed"), ("ssff", "open"), ("sfsf", "open")])
def test_it_opens_at_the_failure_ratio_wherever_the_failures_stand(outcomes, state):
    """One of four is below one half, two of four are at it."""
    assert after(windowed(), outcomes).state == state


def test_a_window_by_count_forgets_what_is_too_long_ago():
    """The last 5 calls are judged: the two failures at the start have left when the next two come, so 2 of 5."""
    assert after(windowed(window_calls=5, minimum_calls=5), "ffsss" + "sss" + "ff").state == "closed"
    assert after(windowed(window_calls=5, minimum_calls=5), "fsfss" + "f").state == "closed"
    assert after(windowed(window_calls=5, minimum_calls=5), "sfsff").state == "open"


def test_a_minimum_above_the_window_is_the_window():
    """A window of 3 calls never holds the 10 of the minimum; it judges when it is full."""
    assert after(windowed(window_calls=3, minimum_calls=10), "ff").state == "closed"
    assert after(windowed(window_calls=3, minimum_calls=10), "fff").state == "open"


def test_a_window_by_time_forgets_what_is_too_long_ago():
    """A call each 5 s, window 10 s: no more than two calls are ever judged, fewer than the minimum of four."""
    assert after(windowed(window="time"), "ffffffff", each_s=5.0).state == "closed"
    assert after(windowed(window="time"), "ffff", each_s=2.0).state == "open"


def test_slow_calls_open_it_though_they_succeed():
    """Slow from 2 s on, at a ratio of one half: two calls of 2 s among four do it, calls of 1.9 s do not."""
    settings = {"slow_call_s": 2.0, "slow_ratio": 0.5}
    breaker = after(windowed(**settings), "ss", each_s=0.1)
    assert after(breaker, "ss", at_s=1.0, each_s=2.0).state == "open"
    assert after(windowed(**settings), "ssssssss", each_s=1.9).state == "closed"


def test_no_call_is_slow_unless_the_settings_say_so():
    """An hour each, and still closed."""
    assert after(windowed(), "ssssssss", each_s=3_600.0).state == "closed"


def test_a_dropped_call_is_not_judged():
    """Three failures and any number of drops are fewer than four calls."""
    breaker = after(windowed(), "fff")
    for _ in range(10):
        breaker.admit(0.0).dropped(0.0)
    assert breaker.state == "closed"


def test_a_straggler_that_is_dropped_in_half_open_gives_no_permit():
    """It began before the breaker opened and holds none: of four probes at 60 s the fourth is still one too many."""
    breaker = windowed()
    straggler = breaker.admit(0.0)
    after(breaker, "ffff")
    for _ in range(3):
        breaker.admit(60.0)
    straggler.dropped(60.0)
    with pytest.raises(CircuitOpen, match="all its probes are in flight"):
        breaker.admit(60.0)


def test_it_opens_for_the_timeout_and_then_probes():
    """Opened at 8 s with 60 s: closed to callers at 67.9 s, half-open at 68 s."""
    breaker = after(windowed(), "ffff", each_s=2.0)
    with pytest.raises(CircuitOpen, match="is open"):
        breaker.admit(67.9)
    breaker.admit(68.0)
    assert breaker.state == "half_open"


def test_a_bad_probe_opens_it_again_for_a_whole_timeout():
    """The probe of 60 s fails at 61 s, so the next one passes at 121 s."""
    breaker = after(windowed(), "ffff")
    breaker.admit(60.0).failure(61.0)
    with pytest.raises(CircuitOpen):
        breaker.admit(120.9)
    breaker.admit(121.0)


def test_a_slow_probe_is_a_bad_probe():
    """A dependency that answers after 3 s where 2 s are slow is not well yet."""
    breaker = after(windowed(slow_call_s=2.0), "ffff")
    breaker.admit(60.0).success(63.0)
    assert breaker.state == "open"


def test_a_long_half_open_does_not_count_against_young_probes():
    """Half-open since 60 s, where one probe was good. At 130 s three more begin, and the fourth caller finds no permit:
    none of them hangs, so it stays half-open, and the next good one closes it.
    """
    breaker = after(windowed(success_threshold=2), "ffff")
    after(breaker, "s", at_s=60.0)
    probes = [breaker.admit(130.0) for _ in range(3)]
    with pytest.raises(CircuitOpen, match="all its probes are in flight"):
        breaker.admit(130.0)
    assert breaker.state == "half_open"
    probes[2].success(130.1)
    assert breaker.state == "closed"


def test_a_probe_that_hangs_for_the_timeout_opens_it_when_no_permit_is_left():
    """One of three permits hangs from 60 s on: at 120 s, with the other two at work, the next caller opens it."""
    breaker = after(windowed(success_threshold=5), "ffff")
    breaker.admit(60.0)
    breaker.admit(119.0), breaker.admit(119.0)
    for now, state in ((119.9, "half_open"), (120.0, "open")):
        with pytest.raises(CircuitOpen):
            breaker.admit(now)
        assert breaker.state == state


def test_once_closed_it_judges_anew():
    """The failures that opened it are forgotten: three more are too few for a verdict."""
    breaker = after(windowed(), "ffff")
    after(breaker, "ss", at_s=60.0)
    assert breaker.state == "closed"
    assert after(breaker, "fff", at_s=61.0).state == "closed"


def test_no_limit_of_permits_means_any_number_of_probes():
    """The same 0 that RusToK's design takes for no limit."""
    breaker = after(windowed(half_open_max_requests=0), "ffff")
    for _ in range(1_000):
        breaker.admit(60.0)
    assert breaker.state == "half_open"


def test_it_obeys_the_hand_and_tells_its_listener():
    """Opened at 5 s by hand it recovers at 65 s; opening it again at 10 s makes that 70 s and is no change."""
    heard = []
    breaker = breaker_for(BreakerSettings(design="windowed"), on_change=lambda *change: heard.append(change))
    breaker.open(5.0)
    breaker.open(10.0)
    with pytest.raises(CircuitOpen):
        breaker.admit(69.9)
    breaker.admit(70.0)
    breaker.close(71.0)
    breaker.open(72.0)
    breaker.reset(73.0)
    assert heard == [
        ("closed", "open", 5.0),
        ("open", "half_open", 70.0),
        ("half_open", "closed", 71.0),
        ("closed", "open", 72.0),
        ("open", "closed", 73.0),
    ]


CALLS = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), max_size=60)


@given(calls=CALLS, size=st.integers(1, 8))
def test_a_window_by_count_totals_its_last_calls(calls, size):
    """The running totals are the sums over the last *size* calls."""
    window = CountWindow(size)
    for number, (_, failed, slow) in enumerate(calls, start=1):
        window.add(0.0, failed=failed, slow=slow)
        last = calls[max(0, number - size) : number]
        assert (window.calls, window.failures, window.slow) == (
            len(last),
            sum(c[1] for c in last),
            sum(c[2] for c in last),
        )


@given(calls=CALLS, width=st.integers(1, 8))
def test_a_window_by_time_totals_its_last_seconds(calls, width):
    """The running totals are the sums over the calls that ended less than *width* ago."""
    window, now, ended = TimeWindow(float(width)), 0, []
    for gap, failed, slow in calls:
        now += gap
        window.add(float(now), failed=failed, slow=slow)
        ended.append((now, failed, slow))
        last = [call for call in ended if call[0] > now - width]
        assert (window.calls, window.failures, window.slow) == (
            len(last),
            sum(c[1] for c in last),
            sum(c[2] for c in last),
        )


class WindowedMachine(RuleBasedStateMachine):
    """Calls begin, end in any order and late, hands interfere: the limits hold at every step."""

    permits = Bundle("permits")

    @initialize(
        permits=st.integers(1, 3),
        wanted=st.integers(1, 4),
        timeout=st.integers(1, 5),
        window=st.sampled_from(["count", "time"]),
        slow=st.sampled_from([None, 2.0]),
    )
    def begin(self, permits, wanted, timeout, window, slow):
        """Draw the settings."""
        self.now, self.opened, self.since = 0, 0, 0
        self.by_hand, self.in_flight, self.good = False, {}, 0
        self.settings = BreakerSettings(
            design="windowed",
            half_open_max_requests=permits,
            success_threshold=wanted,
            timeout_s=float(timeout),
            window=window,
            window_calls=4,
            window_s=4.0,
            minimum_calls=2,
            slow_call_s=slow,
        )
        self.breaker = breaker_for(self.settings, on_change=self.changed)

    def changed(self, old, new, now):
        """Only legal changes are made; each begins with no probe in flight."""
        legal = {("closed", "open"), ("open", "half_open"), ("half_open", "open"), ("half_open", "closed")}
        assert (old, new) in legal | ({("open", "closed")} if self.by_hand else set())
        if (old, new) == ("half_open", "closed") and not self.by_hand:
            assert self.good + 1 >= self.settings.success_threshold
        if (old, new) == ("open", "half_open"):
            assert now >= self.since + self.settings.timeout_s
        self.since = now
        self.in_flight, self.good = {}, 0

    @rule(seconds=st.integers(0, 4))
    def wait(self, seconds):
        """Time goes by, and nothing else happens."""
        self.now += seconds

    @rule(target=permits)
    def call(self):
        """Open passes nothing; half-open passes exactly while a permit is left."""
        before, room = self.breaker.state, len(self.in_flight) < self.settings.half_open_max_requests
        waits_since = min(self.in_flight.values(), default=self.since) if before == "half_open" else self.since
        over = self.now >= waits_since + self.settings.timeout_s
        try:
            permit = self.breaker.admit(float(self.now))
        except CircuitOpen:
            assert (before == "open" and not over) or (before == "half_open" and not room)
            assert (self.breaker.state == "open") == (before == "open" or over)
            return None
        assert before == "closed" or (over if before == "open" else room)
        if self.breaker.state == "half_open":
            self.in_flight[id(permit)] = self.now
        return permit

    @rule(permit=consumes(permits), how=st.sampled_from(["success", "success", "failure", "dropped"]))
    def end(self, permit, how):
        """A call ends, whenever it began; only a probe of this episode gives a permit back."""
        if permit is None:
            return
        probe = id(permit) in self.in_flight
        getattr(permit, how)(float(self.now))
        if probe and self.breaker.state == "half_open":
            del self.in_flight[id(permit)]
            self.good += how == "success"

    @rule(name=st.sampled_from(["open", "close", "reset"]))
    def interfere(self, name):
        """An operator steps in."""
        self.by_hand = True
        getattr(self.breaker, name)(float(self.now))
        self.by_hand = False
        self.since, self.in_flight, self.good = self.now, {}, 0

    @invariant()
    def probes_in_flight_hold_permits(self):
        """No more probes are in flight than there are permits."""
        if hasattr(self, "breaker"):
            assert len(self.in_flight) <= self.settings.half_open_max_requests


TestWindowedMachine = WindowedMachine.TestCase
