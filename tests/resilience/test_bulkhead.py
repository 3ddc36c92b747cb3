"""The bulkhead: how many at once, and that every place is given back."""

import pytest

from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import BulkheadFull, TimedOut
from rustok_sim.core.resilience import Bulkhead


def inside(runtime, bulkhead, duration_s):
    """A service that holds a place for *duration_s*."""
    with bulkhead:
        yield from runtime.sleep(duration_s)


def test_no_more_than_the_limit_are_inside_at_once():
    """Of three at once two fit; when one has left, the next fits."""
    runtime, bulkhead = ManualRuntime(), Bulkhead(2)
    first, second, third = (runtime.start(inside(runtime, bulkhead, s)) for s in (1.0, 5.0, 1.0))
    runtime.advance(1.0)
    fourth = runtime.start(inside(runtime, bulkhead, 1.0))
    runtime.finish()
    for task in (first, second, fourth):
        task.result()
    with pytest.raises(BulkheadFull, match="2 calls"):
        third.result()


def test_a_dropped_call_gives_its_place_back():
    """The limit of time drops the first, and the second finds room."""
    runtime, bulkhead = ManualRuntime(), Bulkhead(1)
    with pytest.raises(TimedOut):
        drive(runtime.within(1.0, inside(runtime, bulkhead, 5.0)))
    drive(inside(runtime, bulkhead, 1.0))


def test_a_call_that_was_refused_takes_no_place():
    """After any number of refusals there is room again as soon as the one inside has left."""
    runtime, bulkhead = ManualRuntime(), Bulkhead(1)
    runtime.start(inside(runtime, bulkhead, 1.0))
    refused = [runtime.start(inside(runtime, bulkhead, 1.0)) for _ in range(10)]
    runtime.finish()
    for task in refused:
        with pytest.raises(BulkheadFull):
            task.result()
    drive(inside(runtime, bulkhead, 1.0))


def test_a_bulkhead_without_room_is_a_mistake():
    """A limit below 1 would refuse everything."""
    with pytest.raises(ValueError, match="at least 1, not 0"):
        Bulkhead(0)
