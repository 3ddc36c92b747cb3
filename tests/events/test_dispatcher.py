"""The dispatcher: permits, retries, spawning, slots (section 5)."""

import pytest

from rustok_sim.core.context import Context
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import External
from rustok_sim.core.events import (
    Backpressure,
    BackpressureSettings,
    Dispatcher,
    DispatcherSettings,
    EventSettings,
    LocalBus,
    NodePublished,
    wrap,
)
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call

CONTEXT = Context(call=Call(1, "test", 1), tenant_id=named_id("tenant", "acme"))
EVENT = NodePublished(named_id("node", 1), "page")


class Handler:
    """Works for a while on each event, and fails on those it is told to."""

    def __init__(self, runtime, work_s=1.0, fails=lambda number: False, name="handler"):
        self.runtime, self.work_s, self.fails, self.name = runtime, work_s, fails, name
        self.began, self.ended = [], []

    def wants(self, envelope):
        """All of them."""
        return True

    def handle(self, envelope):
        """Work."""
        number = int(envelope.id)
        self.began.append(number)
        yield from self.runtime.sleep(self.work_s)
        if self.fails(number):
            raise External("no")
        self.ended.append((number, self.runtime.now()))


class Office:
    """A bus, dispatchers on it, and what they gave up."""

    def __init__(self, capacity=128, **backpressure):
        self.runtime = ManualRuntime()
        self.slots = Backpressure(BackpressureSettings(**backpressure))
        self.bus = LocalBus(self.runtime, EventSettings(), capacity=capacity, backpressure=self.slots)
        self.given_up = []

    def open(self, *handlers, **settings):
        """One more dispatcher."""
        dispatcher = Dispatcher(self.runtime, self.bus, handlers, DispatcherSettings(**settings), self._give_up)
        self.runtime.spawn(dispatcher.run())
        self.runtime.advance(0.0)
        return dispatcher

    def _give_up(self, handler, envelope, error):
        self.given_up.append((handler.name, int(envelope.id)))

    def send(self, *numbers):
        """Without a pause between them."""
        for number in numbers:
            drive(self.bus.send(CONTEXT, wrap(EVENT, CONTEXT, str(number), 0.0, "propagated")))
        self.runtime.advance(0.0)


def test_so_many_handlers_at_once():
    """25 events of a second each under ten permits: 10, 10 and 5, in three seconds."""
    office = Office()
    handler = Handler(office.runtime)
    office.open(handler)
    office.send(*range(25))
    office.runtime.advance(10.0)
    ends = [at_s for _, at_s in handler.ended]
    assert [ends.count(second) for second in (1.0, 2.0, 3.0)] == [10, 10, 5]
    assert office.slots.depth == 0


@pytest.mark.parametrize(("spawning", "tasks", "skipped"), [("as_built", 300, 0), ("inline", 11, 300 - 11 - 128)])
def test_a_handler_slower_than_the_events(spawning, tasks, skipped):
    """As built there is a task for each, however many (D-22); inline the ring overflows instead.

    Inline the loop serves ten, stands with the eleventh, and the ring keeps the last 128.
    """
    office = Office()
    dispatcher = office.open(Handler(office.runtime), spawning=spawning)
    for number in range(300):
        office.send(number)
    assert dispatcher.tasks == tasks
    office.runtime.advance(60.0)
    assert dispatcher.skipped == skipped


@pytest.mark.parametrize(
    ("retry_permit", "busy_s"), [("held", 0.9 * 0.001 + 0.1 * (4 * 0.001 + 3 * 0.1)), ("given_back", None)]
)
def test_a_tenth_that_always_fails(retry_permit, busy_s):
    """Held, a permit is busy for 31.3 ms on average, so ten pass 319 a second (D-23); given back, far more."""
    office = Office(capacity=4096)
    handler = Handler(office.runtime, 0.001, fails=lambda number: number % 10 == 0)
    office.open(handler, retry_count=3, retry_permit=retry_permit)
    office.send(*range(2_000))
    office.runtime.finish()
    per_s = 2_000 / office.runtime.now()
    assert len(office.given_up) == 200
    if busy_s is None:
        assert per_s > 3 * 319
    else:
        assert per_s == pytest.approx(10 / busy_s, rel=0.05)


def test_what_fails_is_dropped_at_once_by_default():
    """No second attempt, and no place where it is kept (D-24)."""
    office = Office()
    handler = Handler(office.runtime, fails=lambda number: True)
    office.open(handler)
    office.send(7)
    office.runtime.advance(100.0)
    assert handler.began == [7]
    assert office.given_up == [("handler", 7)]
    assert office.slots.depth == 0


def test_attempts_are_a_fixed_delay_apart():
    """1 + 2 attempts, 100 ms between the end of one and the beginning of the next."""
    office = Office()
    handler = Handler(office.runtime, 0.0, fails=lambda number: True)
    office.open(handler, retry_count=2)
    office.send(1)
    office.runtime.advance(0.15)
    assert len(handler.began) == 2
    office.runtime.advance(0.1)
    assert len(handler.began) == 3


def test_fail_fast_stops_at_the_first_failure():
    """In the order of registration, and without permits."""
    office = Office()
    first = Handler(office.runtime, fails=lambda number: number == 1, name="first")
    second = Handler(office.runtime, name="second")
    office.open(first, second, fail_fast=True, max_concurrent=1)
    office.send(1, 2, 3)
    office.runtime.advance(1.0)
    assert first.began == [1, 2, 3]
    office.runtime.advance(1.0)
    assert [number for number, _ in second.ended] == [2, 3]
    assert office.slots.depth == 0


def test_two_dispatchers_give_each_slot_back_twice():
    """The count wraps below zero, which is critical for ever: the bus is shut (D-21)."""
    office = Office()
    for _ in range(2):
        office.open(Handler(office.runtime))
    office.send(1)
    office.runtime.advance(2.0)
    assert office.slots.state == "critical"
    with pytest.raises(External, match="full"):
        office.send(2)


def test_what_the_ring_overwrote_keeps_its_slots():
    """A burst far above the ring: each lost event leaks a slot for good (D-20)."""
    office = Office(max_queue_depth=1_000)
    dispatcher = office.open(Handler(office.runtime, 0.0))
    for number in range(500):
        drive(office.bus.send(CONTEXT, wrap(EVENT, CONTEXT, str(number), 0.0, "propagated")))
    office.runtime.advance(10.0)
    assert dispatcher.skipped == 500 - 128
    assert office.slots.depth == 500 - 128
