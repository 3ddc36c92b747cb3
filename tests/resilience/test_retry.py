"""Retry: RusToK's waits, the two jitters, and what is not tried again."""

import pytest

from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import CacheError, CircuitOpen, NotFound
from rustok_sim.core.ports import Call
from rustok_sim.core.resilience import BreakerSettings, RetrySettings, breaker_for, delay_s, guarded, retried


class Dependency:
    """Fails as often as told, at once, and notes when it was asked."""

    def __init__(self, runtime, *errors):
        self.runtime = runtime
        self.errors = list(errors)
        self.asked_at_s = []

    def __call__(self):
        """Ask."""
        self.asked_at_s.append(self.runtime.now())
        if self.errors:
            raise self.errors.pop(0)
        return "PONG"
        yield


def ask(dependency, call=None, **settings):
    """Drive one call with retries."""
    call = call or Call(1, "clients", 3)
    return drive(retried(dependency.runtime, "retry", RetrySettings(**settings), call, dependency))


def down(times):
    """As many cache errors."""
    return [CacheError(f"down {number}") for number in range(1, times + 1)]


def test_rustoks_policy_waits_200_then_400_milliseconds():
    """The wait before attempt k + 1 is 100 ms * 2^k: attempts at 0, 0.2 and 0.6 s."""
    dependency = Dependency(ManualRuntime(), *down(2))
    assert ask(dependency) == "PONG"
    assert dependency.asked_at_s == pytest.approx([0.0, 0.2, 0.6])


def test_three_attempts_are_all_there_are_and_the_last_error_is_raised():
    """max_attempts counts the first one too."""
    dependency = Dependency(ManualRuntime(), *down(9))
    with pytest.raises(CacheError, match="down 3"):
        ask(dependency)
    assert len(dependency.asked_at_s) == 3


def test_one_attempt_means_no_retry():
    """The error comes at once."""
    dependency = Dependency(ManualRuntime(), *down(1))
    with pytest.raises(CacheError):
        ask(dependency, max_attempts=1)
    assert dependency.asked_at_s == [0.0]


def test_an_error_that_is_not_retryable_is_raised_at_once():
    """There will be no such tenant in 200 ms either."""
    dependency = Dependency(ManualRuntime(), NotFound("no tenant"))
    with pytest.raises(NotFound):
        ask(dependency)
    assert dependency.asked_at_s == [0.0]


def test_another_rule_may_say_what_is_tried_again():
    """RusToK's policy without a predicate retries every error, a 404 too."""
    runtime = ManualRuntime()
    dependency = Dependency(runtime, NotFound("no tenant"))
    steps = retried(
        runtime, "retry", RetrySettings(), Call(1, "clients", 3), dependency, should_retry=lambda _error: True
    )
    assert drive(steps) == "PONG"


@pytest.mark.parametrize(
    ("backoff", "waits_s"),
    [
        ("fixed", [0.1, 0.1, 0.1, 0.1]),
        ("linear", [0.1, 0.2, 0.3, 0.35]),
        ("exponential", [0.2, 0.35, 0.35, 0.35]),
    ],
)
def test_backoffs_without_jitter_are_rustoks_strategies(backoff, waits_s):
    """Base 100 ms, cap 350 ms: d; min(cap, base * k); min(cap, base * 2^k)."""
    settings = RetrySettings(backoff=backoff, base_s=0.1, max_s=0.35)
    assert [delay_s(settings, attempt, 0.0, 0.0) for attempt in (1, 2, 3, 4)] == pytest.approx(waits_s)


def test_an_absurd_attempt_number_is_capped_and_not_an_overflow():
    """2^5000 is no float."""
    assert delay_s(RetrySettings(), 5_000, 0.0, 0.0) == 5.0


def test_full_jitter_spreads_over_the_whole_exponential_wait():
    """A draw of u after attempt 2 of base 100 ms waits u * 400 ms."""
    settings = RetrySettings(backoff="full_jitter")
    assert [delay_s(settings, 2, 0.0, draw) for draw in (0.0, 0.5)] == pytest.approx([0.0, 0.2])


def test_decorrelated_jitter_grows_from_the_wait_before():
    """Between base and three times the wait before: 0.1 + u * (3 * 0.3 - 0.1), at most the cap; the first from base."""
    settings = RetrySettings(backoff="decorrelated_jitter", max_s=0.8)
    assert [delay_s(settings, 2, 0.3, draw) for draw in (0.0, 0.5, 0.99)] == pytest.approx([0.1, 0.5, 0.8])
    assert delay_s(settings, 1, 0.0, 0.5) == pytest.approx(0.2)


@pytest.mark.parametrize("backoff", ["full_jitter", "decorrelated_jitter"])
def test_jitter_is_drawn_for_the_call_and_each_wait_anew(backoff):
    """The waits follow from the runtime's draws for this call at this site, which a twin of the call repeats."""
    runtime, twin = ManualRuntime(), Call(2, "clients", 3)
    dependency = Dependency(runtime, *down(2))
    ask(dependency, Call(1, "clients", 3), backoff=backoff)
    settings = RetrySettings(backoff=backoff)
    first_s = delay_s(settings, 1, 0.0, runtime.uniform("retry", twin))
    second_s = delay_s(settings, 2, first_s, runtime.uniform("retry", twin))
    assert dependency.asked_at_s == pytest.approx([0.0, first_s, first_s + second_s])
    assert first_s != second_s


def test_a_retry_without_jitter_draws_nothing():
    """Turning retries on must not move the other draws of the call."""
    call = Call(1, "clients", 3)
    ask(Dependency(ManualRuntime(), *down(2)), call)
    assert call.uses == {}


def test_two_exhausted_callers_open_a_default_breaker():
    """Retry outside the breaker: 3 + 2 failures of two callers reach the threshold of 5, and attempt 6 is rejected."""
    runtime, breaker = ManualRuntime(), breaker_for(BreakerSettings())
    dependency = Dependency(runtime, *down(9))
    errors = []
    for entity in (1, 2):
        call = Call(entity, "clients", entity)
        steps = retried(
            runtime,
            "retry",
            RetrySettings(),
            call,
            lambda call=call: guarded(runtime, "redis", breaker, call, dependency()),
        )
        with pytest.raises((CacheError, CircuitOpen)) as caught:
            drive(steps)
        errors.append(caught.type)
    assert (breaker.state, len(dependency.asked_at_s)) == ("open", 5)
    assert errors == [CacheError, CircuitOpen]
