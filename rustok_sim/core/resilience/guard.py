"""Services behind a breaker."""

from collections.abc import Callable
from typing import TypeVar

from rustok_sim.core.errors import CircuitOpen, DomainError
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.core.resilience.breaker import Breaker, BreakerState

T = TypeVar("T")


def every_error(_error: DomainError) -> bool:
    """RusToK's breaker classifies nothing: a wrong value and a dead network look the same to it."""
    return True


def guarded(
    runtime: Runtime,
    name: str,
    breaker: Breaker,
    call: Call | None,
    steps: Steps[T],
    *,
    is_failure: Callable[[DomainError], bool] = every_error,
) -> Steps[T]:
    """Run *steps* if the breaker *name* admits them, and tell it how they ended.

    An error that *is_failure* denies counts as a success: the dependency answered. If the whole is dropped, or
    ends in anything but a ``DomainError``, the permit is dropped, as with a dropped or panicking future. Writes
    ``breaker.call`` or ``breaker.rejected``, and ``breaker.changed`` for each change its own admission and outcome
    make; changes by hand are for an ``on_change`` listener to see.
    """
    begin_s = runtime.now()
    before = breaker.state
    try:
        permit = breaker.admit(begin_s)
    except CircuitOpen:
        _note_change(runtime, name, breaker, call, before)
        runtime.record("breaker.rejected", call, site=name)
        raise
    _note_change(runtime, name, breaker, call, before)

    outcome, settle = "dropped", permit.dropped
    try:
        result = yield from steps
    except DomainError as error:
        outcome, settle = ("failure", permit.failure) if is_failure(error) else ("success", permit.success)
        raise
    else:
        outcome, settle = "success", permit.success
        return result
    finally:
        before = breaker.state
        settle(runtime.now())
        runtime.record("breaker.call", call, site=name, outcome=outcome, begin_s=begin_s)
        _note_change(runtime, name, breaker, call, before)


def _note_change(runtime: Runtime, name: str, breaker: Breaker, call: Call | None, before: BreakerState) -> None:
    after = breaker.state
    if after != before:
        runtime.record("breaker.changed", call, site=name, outcome=after, detail=before)
