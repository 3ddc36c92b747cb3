"""Rate limiters: what each rule lets through, as built and as it was meant to be. Times are seconds."""

from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import CacheError
from rustok_sim.core.ports import Call
from rustok_sim.core.resilience.limits import (
    FixedWindow,
    LimiterSettings,
    LocalCounting,
    MemoryCounters,
    SlidingWindow,
    TokenBucket,
    counting_for,
    headers,
    limiter_for,
)

KEY = "ip:203.0.113.9"
WINDOW_S = 60.0
DESIGNS = ["fixed_window", "sliding_window", "token_bucket"]
# Gaps between requests, down to none and up to more than a window; whole 64ths of a second add up without rounding.
GAPS = st.lists(
    st.one_of(st.just(0), st.integers(0, 64), st.integers(0, 64 * 90)).map(lambda part: part / 64.0), max_size=120
)


def admitted(limiter, times, key=KEY):
    """The times at which a request passed."""
    return [now for now in times if limiter.admit(now, key).allowed]


def moments(gaps):
    """Points of time with these gaps between them."""
    at_s = 0.0
    for gap in gaps:
        at_s += gap
        yield at_s


def most_within(times, length_s):
    """The largest number of *times* in any half-open stretch of this length, counted one by one."""
    return max((sum(begin <= at_s < begin + length_s for at_s in times) for begin in times), default=0)


def burst(limiter, now, key=KEY, tries=1_000):
    """How many of so many requests at one moment pass."""
    return len(admitted(limiter, [now] * tries, key))


class TestFixedWindow:
    """RusToK's HTTP limiter: 100 requests in 60 s, begun by the first of them."""

    def test_the_first_request_begins_the_window(self):
        """Counted by hand: at 7 s it begins, and ends after 67 s."""
        limiter = FixedWindow(2, WINDOW_S)
        decisions = [limiter.admit(now, KEY).allowed for now in (7.0, 8.0, 66.0, 67.0, 67.5, 68.0, 69.0)]
        assert decisions == [True, True, False, False, True, True, False]

    def test_twice_the_limit_passes_within_a_moment_at_the_edge(self):
        """One request at 0 s, 99 just before the end of its window, 100 just after it: 199 within 0.02 s."""
        limiter = FixedWindow(100, WINDOW_S)
        limiter.admit(0.0, KEY)
        assert burst(limiter, 59.99) + burst(limiter, 60.01) == 199

    @given(GAPS, st.integers(1, 6))
    def test_never_more_than_twice_the_limit_in_a_windows_length(self, gaps, limit):
        """A stretch as long as a window meets two windows at most."""
        times = admitted(FixedWindow(limit, WINDOW_S), moments(gaps))
        assert most_within(times, WINDOW_S) <= 2 * limit

    @given(st.integers(1, 6), st.floats(0.1, 1e4))
    def test_twice_the_limit_does_happen(self, limit, window_s):
        """One request early, the rest at the window's end, as many again right after it."""
        limiter = FixedWindow(limit + 1, window_s)
        late_s, next_s = window_s * 0.9, window_s * 1.1
        times = admitted(limiter, [0.0, *[late_s] * (limit + 1), *[next_s] * (limit + 2)])
        assert most_within(times, window_s) == 2 * (limit + 1) - 1

    def test_a_refused_client_is_told_to_wait_for_a_whole_window_as_built(self):
        """Refused 59 s into the window: told 60 s where 1 s is left."""
        as_built, rest = FixedWindow(1, WINDOW_S), FixedWindow(1, WINDOW_S, retry_after="rest")
        for limiter in (as_built, rest):
            limiter.admit(0.0, KEY)
        assert as_built.admit(59.0, KEY).retry_after_s == 60.0
        assert rest.admit(59.0, KEY).retry_after_s == 1.0

    def test_what_is_left_is_counted_down(self):
        """The three headers of a request that passes, and the one of a refusal."""
        limiter = FixedWindow(2, WINDOW_S)
        told = [headers(2, limiter.admit(now, KEY)) for now in (0.0, 20.5, 21.0)]
        assert told == [
            {"x-ratelimit-limit": "2", "x-ratelimit-remaining": "1", "x-ratelimit-reset": "60"},
            {"x-ratelimit-limit": "2", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "40"},
            {"retry-after": "60"},
        ]


class TestSlidingWindow:
    """What RusToK's documents promise."""

    @given(GAPS, st.integers(1, 6))
    def test_no_stretch_of_a_windows_length_has_more_than_the_limit(self, gaps, limit):
        """Wherever it begins: the property that a fixed window lacks."""
        times = admitted(SlidingWindow(limit, WINDOW_S), moments(gaps))
        assert most_within(times, WINDOW_S) <= limit

    @given(GAPS, st.integers(1, 6))
    def test_nobody_is_refused_while_there_is_room(self, gaps, limit):
        """A request is refused only if the limit has passed in the window before it: counted one by one."""
        limiter, passed = SlidingWindow(limit, WINDOW_S), []
        for now in moments(gaps):
            room = sum(now - WINDOW_S < at_s for at_s in passed) < limit
            assert limiter.admit(now, KEY).allowed == room
            if room:
                passed.append(now)

    def test_the_edge_is_no_edge(self):
        """The same burst that lets 199 pass a fixed window: 100."""
        limiter = SlidingWindow(100, WINDOW_S)
        limiter.admit(0.0, KEY)
        assert burst(limiter, 59.99) + burst(limiter, 60.01) == 100


class TestTokenBucket:
    """RusToK's limiter of the security layer."""

    @given(GAPS, st.integers(1, 12), st.floats(0.01, 20.0))
    def test_no_stretch_has_more_than_the_depth_and_the_refill(self, gaps, depth, per_s):
        """Between any two requests that pass, both counted: at most depth + rate * time."""
        times = admitted(TokenBucket(per_s, depth), moments(gaps))
        for first, begin_s in enumerate(times):
            for last in range(first, len(times)):
                assert last - first + 1 <= depth + per_s * (times[last] - begin_s) + 1e-6

    def test_ten_logins_pass_at_once_where_five_a_minute_are_allowed_as_built(self):
        """The burst is 10 whatever the profile."""
        for profile in ("default", "login", "api_key"):
            assert burst(limiter_for(LimiterSettings(design="token_bucket", profile=profile)), 0.0) == 10

    def test_a_profile_with_a_depth_of_its_own_lets_that_many_pass(self):
        """Repaired: 5 logins at once, then one in 12 s."""
        limiter = limiter_for(LimiterSettings(design="token_bucket", profile="login", depth=5))
        assert burst(limiter, 0.0) == 5
        assert [burst(limiter, now) for now in (11.9, 12.0, 23.9, 24.0)] == [0, 1, 0, 1]

    @pytest.mark.parametrize(("profile", "in_a_minute"), [("default", 60), ("login", 5), ("api_key", 1_000)])
    def test_a_minute_refills_what_the_profile_allows(self, profile, in_a_minute):
        """Asked every 10 ms for a minute after the bucket has been emptied."""
        limiter = limiter_for(LimiterSettings(design="token_bucket", profile=profile))
        burst(limiter, 0.0)
        assert len(admitted(limiter, [0.01 * step for step in range(1, 6_001)])) == in_a_minute

    def test_it_may_refill_what_the_windows_would_allow(self):
        """100 in 60 s is a token each 0.6 s: the same mean rate as the other two designs."""
        limiter = limiter_for(LimiterSettings(design="token_bucket", profile="window", depth=1))
        assert burst(limiter, 0.0) == 1
        assert limiter.admit(0.0, KEY).retry_after_s == pytest.approx(0.6)


@pytest.mark.parametrize("design", DESIGNS)
class TestEveryDesign:
    """What all three rules have in common."""

    def settings(self, design, **more):
        """Ten requests, at once or in a minute."""
        return LimiterSettings(design=design, limit=10, profile="window", retry_after="rest", **more)

    def test_clients_do_not_feel_each_other(self, design):
        """Each key has a limit of its own."""
        limiter = limiter_for(self.settings(design))
        assert [burst(limiter, 0.0, key) for key in "abc"] == [10, 10, 10]

    def test_who_waits_as_told_passes(self, design):
        """And who comes back a tenth of a second sooner does not."""
        limiter = limiter_for(self.settings(design))
        burst(limiter, 0.0)
        refused = limiter.admit(3.0, KEY)
        back_s = 3.0 + refused.retry_after_s
        assert not limiter.admit(back_s - 0.1, KEY).allowed
        # A fixed window lasts to its very end, so it takes a moment more.
        assert limiter.admit(back_s + 1e-6, KEY).allowed

    def test_what_remains_is_what_would_pass(self, design):
        """Counted by asking on at the same moment."""
        limiter = limiter_for(self.settings(design))
        limiter.admit(0.0, KEY)
        remaining = limiter.admit(1.0, KEY).remaining
        assert burst(limiter, 1.0) == remaining == 8

    def test_the_table_of_keys_grows_for_ever_as_built(self, design):
        """A thousand clients that never come back are remembered a day later: nobody starts the cleaning."""
        runtime = ManualRuntime()
        limiter = limiter_for(self.settings(design))
        counting = LocalCounting(runtime, limiter)
        for number in range(1_000):
            drive(counting.admit(Call(1, "test", 1), f"client-{number}"))
        runtime.advance(86_400.0)
        assert len(limiter) == 1_000

    def test_cleaning_forgets_only_who_could_begin_anew(self, design):
        """Whoever is still counted stays counted: after it the limit holds as before."""
        limiter = limiter_for(self.settings(design))
        burst(limiter, 0.0, "old")
        burst(limiter, 100.0, "new")
        assert limiter.cleanup(100.0) == 1
        assert len(limiter) == 1
        assert burst(limiter, 100.0, "new") == 0
        assert burst(limiter, 100.0, "old") == 10

    @pytest.mark.parametrize("nodes", [1, 3])
    def test_each_process_lets_the_whole_limit_pass_as_built(self, design, nodes):
        """n processes with tables of their own let n times the limit pass."""
        runtime = ManualRuntime()
        countings = [counting_for(self.settings(design), runtime) for _ in range(nodes)]
        assert passed(runtime, countings) == 10 * nodes

    @pytest.mark.parametrize("nodes", [1, 3])
    def test_counted_in_one_place_the_limit_holds_for_all(self, design, nodes):
        """However many processes ask, and however their questions interleave on the way."""
        runtime = ManualRuntime()
        settings = self.settings(design, store="shared")
        shared = MemoryCounters(runtime, limiter_for(settings), round_trip_s=0.001)
        countings = [counting_for(settings, runtime, shared) for _ in range(nodes)]
        assert passed(runtime, countings) == 10
        assert runtime.now() == pytest.approx(0.001)


def passed(runtime, countings):
    """How many of 50 requests at once pass on each of these nodes, together."""
    ids = count(1)
    tasks = [
        runtime.start(counting.admit(Call(next(ids), "test", 1), KEY)) for _ in range(50) for counting in countings
    ]
    runtime.advance(1e-3)
    return sum(task.result().allowed for task in tasks)


def test_no_limiter_is_mounted_as_built():
    """The settings' own default: whatever comes passes, and nothing is remembered."""
    limiter = limiter_for(LimiterSettings())
    assert burst(limiter, 0.0, tries=10_000) == 10_000
    assert (len(limiter), limiter.cleanup(1e6)) == (0, 0)


def test_started_cleaning_keeps_the_table_to_who_came_lately():
    """Repaired: one client a second for an hour; every 300 s those older than a window go, so 360 at most are held."""
    runtime = ManualRuntime()
    settings = LimiterSettings(design="fixed_window", cleanup="started")
    counting = counting_for(settings, runtime)
    held = []
    for number in range(3_600):
        drive(counting.admit(Call(1, "test", 1), f"client-{number}"))
        held.append(len(counting._limiter))
        runtime.advance(1.0)
    drops = [at_s for at_s, (before, after) in enumerate(pairwise(held), start=1) if after < before]
    assert drops == [300 * number for number in range(1, 12)]
    assert max(held) == 360


class Broken:
    """Shared counters that nobody can reach."""

    def admit(self, call, key):
        """Fail at once."""
        yield from ()
        raise CacheError("no counters today")


@pytest.mark.parametrize(("on_store_error", "allowed"), [("admit", True), ("refuse", False)])
def test_what_could_not_be_counted_passes_or_not_as_the_settings_say(on_store_error, allowed):
    """Fail open or fail closed; a refused client is told to come back in a window."""
    settings = LimiterSettings(design="sliding_window", store="shared", on_store_error=on_store_error)
    decision = drive(counting_for(settings, ManualRuntime(), Broken()).admit(Call(1, "test", 1), KEY))
    assert (decision.allowed, decision.retry_after_s) == (allowed, 0.0 if allowed else 60.0)


def test_counting_in_one_place_needs_the_place():
    """A limit that silently holds for each process alone would be n times as high; no limiter needs no place."""
    with pytest.raises(ValueError, match="one place"):
        counting_for(LimiterSettings(design="fixed_window", store="shared"), ManualRuntime())
    decision = drive(counting_for(LimiterSettings(store="shared"), ManualRuntime()).admit(Call(1, "test", 1), KEY))
    assert decision.allowed
