"""Services behind a breaker: what counts, what is recorded, and where a timeout stands."""

import pytest

from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import CacheError, CircuitOpen, NotFound, TimedOut
from rustok_sim.core.ports import Call
from rustok_sim.core.resilience import BreakerSettings, breaker_for, guarded

CALL = Call(7, "clients", 1, "acme")


@pytest.fixture
def runtime():
    """A clock at 0 s."""
    return ManualRuntime()


def answering(runtime, after_s, answer):
    """A dependency that takes *after_s* and returns *answer*, or raises it."""
    yield from runtime.sleep(after_s)
    if isinstance(answer, Exception):
        raise answer
    return answer


def attempt(runtime, breaker, answer, **how):
    """Drive one guarded call that takes a second."""
    return drive(guarded(runtime, "redis", breaker, CALL, answering(runtime, 1.0, answer), **how))


def failing(runtime, breaker, times):
    """The breaker after as many failed calls in a row, a second each."""
    for _ in range(times):
        with pytest.raises(CacheError):
            attempt(runtime, breaker, CacheError("down"))
    return breaker


def rows(runtime, *columns):
    """The records, by the columns asked for."""
    return [tuple(getattr(record, column) for column in columns) for record in runtime.records]


def test_the_answer_passes_through_and_the_call_is_recorded(runtime):
    """A call from 0 s to 1 s ends well."""
    breaker = breaker_for(BreakerSettings())
    assert attempt(runtime, breaker, "PONG") == "PONG"
    assert rows(runtime, "at_s", "kind", "site", "outcome", "begin_s", "correlation") == [
        (1.0, "breaker.call", "redis", "success", 0.0, 7)
    ]


def test_the_failure_that_opens_it_is_recorded_before_the_change(runtime):
    """The fifth failure, at 5 s, is a call's end and then a change of state."""
    failing(runtime, breaker_for(BreakerSettings()), 5)
    assert rows(runtime, "at_s", "kind", "outcome", "detail")[-2:] == [
        (5.0, "breaker.call", "failure", None),
        (5.0, "breaker.changed", "open", "closed"),
    ]


def test_a_rejected_call_is_never_begun(runtime):
    """The dependency does not hear of it, and the record says so at once."""
    breaker = failing(runtime, breaker_for(BreakerSettings()), 5)
    begun = []

    def dependency():
        begun.append(True)
        return None
        yield

    with pytest.raises(CircuitOpen):
        drive(guarded(runtime, "redis", breaker, CALL, dependency()))
    assert begun == []
    assert rows(runtime, "at_s", "kind", "site")[-1] == (5.0, "breaker.rejected", "redis")


def test_the_change_to_half_open_is_recorded_when_the_probe_is_admitted(runtime):
    """Opened at 5 s, probed at 65 s, and two good probes of a second close it at 67 s."""
    breaker = failing(runtime, breaker_for(BreakerSettings()), 5)
    runtime.advance(60.0)
    attempt(runtime, breaker, "PONG")
    attempt(runtime, breaker, "PONG")
    assert [row for row in rows(runtime, "at_s", "outcome", "detail", "kind") if row[3] == "breaker.changed"] == [
        (5.0, "open", "closed", "breaker.changed"),
        (65.0, "half_open", "open", "breaker.changed"),
        (67.0, "closed", "half_open", "breaker.changed"),
    ]


def test_a_change_made_by_a_rejection_is_recorded(runtime):
    """Windowed: three probes hang from 60 s, and the call of 120 s finds that and opens it."""
    breaker = breaker_for(BreakerSettings(design="windowed"))
    breaker.open(0.0)
    runtime.advance(60.0)
    for _ in range(3):
        breaker.admit(60.0)
    runtime.advance(60.0)
    with pytest.raises(CircuitOpen):
        attempt(runtime, breaker, "PONG")
    assert rows(runtime, "kind", "outcome", "detail") == [
        ("breaker.changed", "open", "half_open"),
        ("breaker.rejected", None, None),
    ]


def test_every_error_is_a_failure_as_built(runtime):
    """RusToK's breaker classifies nothing: five right answers of 404 open it."""
    breaker = breaker_for(BreakerSettings())
    for _ in range(5):
        with pytest.raises(NotFound):
            attempt(runtime, breaker, NotFound("no tenant"))
    assert breaker.state == "open"


def test_an_error_that_is_no_failure_counts_as_a_success(runtime):
    """Four failures, then an error that only says no: the count begins anew."""
    breaker = failing(runtime, breaker_for(BreakerSettings()), 4)
    with pytest.raises(NotFound):
        attempt(runtime, breaker, NotFound("no tenant"), is_failure=lambda error: error.retryable)
    assert rows(runtime, "outcome")[-1] == ("success",)
    assert failing(runtime, breaker, 4).state == "closed"


def test_a_timeout_outside_the_breaker_records_neither_success_nor_failure(runtime):
    """Ten calls are dropped by a limit around the guard; a dropped call counts nowhere, so it stays closed."""
    breaker = breaker_for(BreakerSettings())
    for _ in range(10):
        with pytest.raises(TimedOut):
            drive(runtime.within(0.5, guarded(runtime, "redis", breaker, CALL, answering(runtime, 9.0, "late"))))
    assert breaker.state == "closed"
    assert rows(runtime, "kind", "outcome") == [("breaker.call", "dropped")] * 10


def test_a_timeout_inside_the_breaker_records_a_failure(runtime):
    """Five calls that exceed a limit within the guard open it, at 5 * 0.5 s."""
    breaker = breaker_for(BreakerSettings())
    for _ in range(5):
        with pytest.raises(TimedOut):
            drive(guarded(runtime, "redis", breaker, CALL, runtime.within(0.5, answering(runtime, 9.0, "late"))))
    assert breaker.state == "open"
    assert rows(runtime, "at_s", "outcome")[-2:] == [(2.5, "failure"), (2.5, "open")]


def test_timeouts_outside_lock_the_breaker_as_built_and_not_the_windowed_one(runtime):
    """B2 by a client's impatience: 4 probes dropped as built are all there are; windowed permits come back."""
    states = []
    for design in ("as_built", "windowed"):
        breaker = breaker_for(BreakerSettings(design=design))
        breaker.open(runtime.now())
        runtime.advance(60.0)
        for _ in range(4):
            with pytest.raises(TimedOut):
                drive(runtime.within(0.5, guarded(runtime, "redis", breaker, CALL, answering(runtime, 9.0, "late"))))
        try:
            attempt(runtime, breaker, "PONG")
            attempt(runtime, breaker, "PONG")
        except CircuitOpen:
            pass
        states.append(breaker.state)
    assert states == ["half_open", "closed"]


def test_a_bug_in_the_service_is_no_verdict_on_the_dependency(runtime):
    """A panic drops the future in Rust; the permit is dropped too."""
    breaker = breaker_for(BreakerSettings(failure_threshold=1))
    with pytest.raises(ZeroDivisionError):
        attempt(runtime, breaker, ZeroDivisionError())
    assert breaker.state == "closed"
    assert rows(runtime, "outcome") == [("dropped",)]


def test_background_work_may_be_guarded_without_a_call(runtime):
    """Its records then have neither tenant nor correlation."""
    breaker = breaker_for(BreakerSettings())
    drive(guarded(runtime, "redis", breaker, None, answering(runtime, 1.0, "PONG")))
    assert rows(runtime, "tenant", "correlation") == [(None, None)]
