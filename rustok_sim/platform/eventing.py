"""The ways of a node's events: what its services publish to, what brings it on, and who listens."""

from collections.abc import Callable, Sequence
from functools import partial

from rustok_sim.adapters import Pool
from rustok_sim.adapters.transports import LogOutlet
from rustok_sim.core.context import Context
from rustok_sim.core.data import Insert, Result, Store
from rustok_sim.core.events import (
    SYS_EVENTS,
    Backpressure,
    Bus,
    Dispatcher,
    Envelope,
    Handler,
    LocalBus,
    Undecodable,
    decode,
    forward,
    row_of,
)
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.modules.outbox import Relay, Target
from rustok_sim.platform.ports import Outside
from rustok_sim.platform.settings import Settings


def origin(envelope: Envelope) -> Call:
    """The request that raised an event, for records: work that follows it is found by its number."""
    return Call(int(envelope.trace_id or 0), "event", 0)


class OnBus:
    """A bus, as relays and forwarders see it."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def publish(self, call: Call, envelope: Envelope) -> Steps[None]:
        """Send it. Raises ``External`` if nobody takes it and the settings call that an error."""
        return self._bus.send(Context(call=call, tenant_id=envelope.tenant_id), envelope)

    def publish_batch(self, call: Call, envelopes: Sequence[Envelope]) -> Steps[None]:
        """One after the other; the first that is not taken ends it, and those before it stay (facts, section 6)."""
        for envelope in envelopes:
            yield from self.publish(call, envelope)


class OnLog:
    """The log, as services see a transport."""

    def __init__(self, outlet: LogOutlet) -> None:
        self._outlet = outlet

    def send(self, context: Context, envelope: Envelope) -> Steps[None]:
        """Append it now, whatever becomes of the transaction. Raises ``WireError``."""
        return self._outlet.publish(context.call, envelope)


class Stub:
    """RusToK's connector to Iggy: says that all is well (facts, section 11)."""

    def send(self, context: Context, envelope: Envelope) -> Steps[None]:
        """Do nothing."""
        yield from ()


class IntoOutbox:
    """The outbox as a forwarder has it: one insert after the other, each a transaction of its own."""

    def __init__(self, runtime: Runtime, store: Store, committed: Callable[[], None] | None) -> None:
        self._runtime = runtime
        self._store = store
        self._committed = committed

    def send(self, context: Context, envelope: Envelope) -> Steps[None]:
        """Write its row. Raises ``DatabaseError``."""
        insert = Insert(SYS_EVENTS, row_of(envelope))
        yield from self._store.run(context.call, envelope.tenant_id, insert, self._written)
        self._runtime.record(
            "event.recorded",
            origin(envelope),
            site=envelope.id,
            value=envelope.schema_version,
            detail=envelope.event_type,
        )

    def _written(self, result: Result) -> None:
        if self._committed is not None:
            self._committed()


class Forwarding:
    """What the forwarder hands events to, each with a call of its own."""

    def __init__(self, outside: Outside, transport: Bus) -> None:
        self._outside = outside
        self._transport = transport

    def publish(self, envelope: Envelope) -> Steps[None]:
        """Hand it to the transport. Raises ``DomainError``."""
        context = Context(call=self._outside.background("forwarder"), tenant_id=envelope.tenant_id)
        return self._transport.send(context, envelope)


def _read(spoilt: Callable[[str, Envelope], bool], payload: str) -> Envelope:
    envelope = decode(payload)
    if spoilt("outbox", envelope):
        raise Undecodable(f"the payload of {envelope.id} is spoilt")
    return envelope


class Eventing:
    """The buses of one start of a node, and the loops on them."""

    def __init__(self, outside: Outside, settings: Settings, store: Store, store_on: Callable[[Pool], Store]) -> None:
        self._outside = outside
        self._settings = settings
        self._store = store
        self._store_on = store_on
        runtime, counting = outside.runtime, settings.bus.backpressure
        backpressure = None if counting is None else Backpressure(counting)
        self.bus = LocalBus(runtime, settings.events, capacity=settings.bus.capacity, backpressure=backpressure)
        """The bus of the node, where handlers listen if they are wired to it."""
        self.plain = LocalBus(runtime, settings.events)
        """The one that controllers publish to after a commit; only a forwarder listens."""
        self.committed = outside.outbox_news.tell if settings.outbox.relay.wake == "notify" else None
        """Called when events were committed to the outbox, if anybody is to be woken by that."""
        self.transport = self._transport()

    def _transport(self) -> Bus:
        match self._settings.events.transport:
            case "outbox":
                return IntoOutbox(self._outside.runtime, self._store, self.committed)
            case "memory":
                return self.bus
            case "log":
                return OnLog(self._log())
            case "iggy_stub":
                return Stub()

    def _log(self) -> LogOutlet:
        return LogOutlet(self._outside.runtime, self._outside.log_wire, self._outside.log)

    def start(self) -> None:
        """Let the forwarder and the relay work in the background, where there are such."""
        forwarder, runtime = self._settings.events.forwarder, self._outside.runtime
        if forwarder != "none":
            outlet = Forwarding(self._outside, self.transport)
            runtime.spawn(forward(self.plain, outlet, on_lag="end" if forwarder == "as_built" else "go_on"))
        if self._settings.outbox.relays != "none":
            self._start_relay()

    def dispatch(self, handlers: Sequence[Handler]) -> None:
        """Let dispatchers bring the events of the node's bus to *handlers*. What fails in the end is only recorded."""
        runtime, settings = self._outside.runtime, self._settings
        for _ in range(settings.bus.dispatchers):
            dispatcher = Dispatcher(runtime, self.bus, handlers, settings.dispatcher, lambda *_: None)
            runtime.spawn(dispatcher.run())

    def _start_relay(self) -> None:
        outside, outbox = self._outside, self._settings.outbox
        runtime = outside.runtime
        store, target, news = self._relay_store(), self._relay_target(), outside.outbox_news
        read = decode if outside.spoilt is None else partial(_read, outside.spoilt)
        relay = Relay(runtime, store, target, outbox.relay, worker=runtime.node, news=news, read=read)
        runtime.spawn(relay.run(lambda: outside.background("relay")))

    def _relay_target(self) -> Target:
        match self._settings.outbox.target:
            case "private":
                # RusToK's factory runs twice, so the relay has objects of its own that nobody else can see.
                return OnBus(LocalBus(self._outside.runtime, self._settings.events))
            case "bus":
                return OnBus(self.bus)
            case "log":
                return self._log()

    def _relay_store(self) -> Store:
        outbox = self._settings.outbox
        if outbox.pool == "shared":
            return self._store
        return self._store_on(self._outside.new_pool(outbox.relay.concurrency))
