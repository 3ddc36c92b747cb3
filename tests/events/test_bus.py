"""The ring of a process, the slots before it, and the forwarder behind it: facts of sections 3, 4 and 10.4."""

import pytest

from rustok_sim.core.context import Context
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import External
from rustok_sim.core.events import (
    Backpressure,
    BackpressureSettings,
    EventSettings,
    LocalBus,
    NodePublished,
    forward,
    wrap,
)
from rustok_sim.core.events.ring import Lagged, Ring
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call

TENANT = named_id("tenant", "acme")


def context():
    """Some request."""
    return Context(call=Call(1, "test", 1), tenant_id=TENANT)


def envelope(number):
    """The event of this number."""
    return wrap(NodePublished(named_id("node", number), "page"), context(), str(number), 0.0, "propagated")


class Street:
    """A bus, those who send to it and those who listen."""

    def __init__(self, *, no_receiver="error", capacity=128, **backpressure):
        self.runtime = ManualRuntime()
        settings = BackpressureSettings(**backpressure)
        self.slots = Backpressure(settings) if backpressure else None
        self.bus = LocalBus(
            self.runtime, EventSettings(no_receiver=no_receiver), capacity=capacity, backpressure=self.slots
        )

    def send(self, *numbers):
        """Send events of these numbers, without a pause; how many were refused."""
        refused = 0
        for number in numbers:
            try:
                drive(self.bus.send(context(), envelope(number)))
            except External:
                refused += 1
        return refused


@pytest.mark.parametrize(("asked", "given"), [(100, 128), (128, 128), (1000, 1024), (1, 1)])
def test_a_ring_is_as_long_as_the_next_power_of_two(asked, given):
    """As tokio rounds it up."""
    assert Ring(ManualRuntime(), asked).capacity == given


def test_who_is_too_slow_loses_one_gap_and_goes_on_with_the_oldest_left():
    """130 events through a ring of 128: the first two are gone, and counted nowhere as dropped (D-19)."""
    street = Street()
    receiver = street.bus.subscribe()
    street.send(*range(130))
    assert drive(receiver.receive()) == Lagged(2)
    assert [drive(receiver.receive()).id for _ in range(128)] == [str(n) for n in range(2, 130)]
    assert (street.bus.published, street.bus.dropped) == (130, 0)


def test_each_hears_all_from_its_subscription_on():
    """Receivers do not take from each other."""
    street = Street()
    early = street.bus.subscribe()
    street.send(1)
    late = street.bus.subscribe()
    street.send(2)
    assert [drive(early.receive()).id for _ in range(2)] == ["1", "2"]
    assert drive(late.receive()).id == "2"


@pytest.mark.parametrize(("no_receiver", "refused"), [("error", 3), ("lost", 0)])
def test_what_nobody_hears_is_dropped(no_receiver, refused):
    """An error to the sender, or silence as before 2026-02-14; counted either way."""
    street = Street(no_receiver=no_receiver)
    assert street.send(1, 2, 3) == refused
    assert (street.bus.published, street.bus.dropped) == (0, 3)


def test_the_state_is_a_function_of_the_depth():
    """Normal below 7,000, critical from 9,000 on; the greatest depth itself is never reached."""
    slots = Backpressure(BackpressureSettings())
    states = []
    while slots.admit():
        states.append(slots.state)
    assert [states.count(state) for state in ("normal", "warning", "critical")] == [6_999, 2_000, 1]
    assert (slots.depth, slots.accepted, slots.rejected) == (9_000, 9_000, 1)


@pytest.mark.parametrize(("release", "state"), [("as_built", "critical"), ("floored", "normal")])
def test_giving_back_at_zero(release, state):
    """As built the count wraps, and the bus is shut for ever (D-21)."""
    slots = Backpressure(BackpressureSettings(release=release))
    slots.release()
    assert slots.state == state
    assert slots.admit() == (state == "normal")


@pytest.mark.parametrize(
    "thresholds", [{"warning_threshold": 0.9}, {"warning_threshold": 0.95}, {"critical_threshold": 1.1}]
)
def test_thresholds_out_of_order_are_refused(thresholds):
    """The warning comes first, and neither lies beyond the whole."""
    with pytest.raises(ValueError, match="threshold"):
        BackpressureSettings(**thresholds)


class Outlet:
    """Takes a millisecond for each event."""

    def __init__(self, runtime):
        self.runtime = runtime
        self.taken = []

    def publish(self, envelope):
        """As a transport does."""
        yield from self.runtime.sleep(0.001)
        self.taken.append(envelope.id)


@pytest.mark.parametrize(("on_lag", "taken", "refused"), [("end", 1, 10), ("go_on", 139, 0)])
def test_one_burst_beyond_the_ring(on_lag, taken, refused):
    """As built the forwarder ends at its first gap, and then nobody listens (D-16). Else it loses the gap alone.

    It takes the first event while 129 more come, of which the ring keeps 128.
    """
    street = Street()
    outlet = Outlet(street.runtime)
    street.runtime.spawn(forward(street.bus, outlet, on_lag=on_lag))
    street.runtime.advance(0.0)
    street.send(0)
    street.runtime.advance(0.0)
    street.send(*range(1, 130))
    street.runtime.advance(1.0)
    assert street.send(*range(200, 210)) == refused
    street.runtime.advance(1.0)
    assert len(outlet.taken) == taken


def test_a_forwarder_leaks_a_slot_for_each_event():
    """Nobody gives back what it has forwarded: after 9,000 events the bus is shut (D-20)."""
    street = Street(max_queue_depth=100)
    street.runtime.spawn(forward(street.bus, Outlet(street.runtime), on_lag="end"))
    street.runtime.advance(0.0)
    refused = 0
    for number in range(100):
        refused += street.send(number)
        street.runtime.advance(0.01)
    assert refused == 10
    assert street.slots.depth == 90
