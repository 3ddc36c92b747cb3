"""Example events, and a publisher on a manual clock with an outbox in memory."""

from dataclasses import fields
from itertools import count

import pytest
from hypothesis import strategies as st

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.auth import Actor, Role
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.events import EVENTS, SYS_EVENTS, EventSettings, LocalBus, Publisher
from rustok_sim.core.ids import Ids, named_id
from rustok_sim.core.ports import Call

TENANT = named_id("tenant", 1)

FITTING = {
    "kind": st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    "currency": st.from_regex(r"[A-Z]{3}", fullmatch=True),
    "mime_type": st.just("image/png"),
    "email": st.just("a@b.example"),
    "locale": st.sampled_from(["en", "de-AT", "es-419"]),
    "target_type": st.sampled_from(["node", "product"]),
    "index_name": st.just("content"),
    "old_status": st.just("draft"),
    "new_status": st.sampled_from(["paid", "оплачен"]),
    "reason": st.none() | st.text(max_size=100),
    "threshold": st.integers(11, 20),
    "remaining": st.integers(0, 10),
    "minor_digits": st.integers(0, 3),
    "old_amount": st.none() | st.integers(0, 2**63 - 1),
    "author_id": st.none() | st.uuids().map(str),
    "customer_id": st.none() | st.uuids().map(str),
}
"""Values that no rule refuses, by the name of the field; ids and numbers of other names below."""


def fitting(name: str):
    """A strategy of values a field of this name may have."""
    if name in FITTING:
        return FITTING[name]
    return st.uuids().map(str) if name.endswith("_id") else st.integers(0, 2**31 - 1)


def events_of(event_type):
    """A strategy of valid events of one class."""
    return st.builds(event_type, **{field.name: fitting(field.name) for field in fields(event_type)})


@pytest.fixture
def valid():
    """A strategy of valid events of all types."""
    return st.one_of([events_of(event_type) for event_type in EVENTS])


@pytest.fixture
def desk():
    """A publisher's desk; see ``Desk``."""
    return Desk()


class Desk:
    """One node's publisher, its outbox, and a bus that ``heard`` listens to unless ``deaf``."""

    def __init__(self) -> None:
        self.runtime = ManualRuntime()
        self.server = MemoryServer([SYS_EVENTS])
        self.store = Store(DirectDatabase(self.runtime, self.server))
        self._heard = []
        self._calls = count(1)

    def open(self, *, deaf: bool = False, **settings) -> Publisher:
        """Put a publisher of these settings to work."""
        chosen = EventSettings(**settings)
        bus = LocalBus(self.runtime, chosen)
        if not deaf:
            self.listen(bus, self._heard)
        self.publisher = Publisher(self.runtime, Ids(self.runtime), chosen, bus)
        return self.publisher

    def listen(self, bus, heard) -> None:
        """Let *heard* gather what is sent to *bus* from now on."""
        receiver = bus.subscribe()

        def hear():
            while True:
                heard.append((yield from receiver.receive()))

        self.runtime.spawn(hear())

    @property
    def heard(self):
        """What was heard so far, when all who listen have caught up."""
        self.runtime.advance(0.0)
        return self._heard

    def context(self, **more) -> Context:
        """A new request of a manager."""
        number = next(self._calls)
        call = Call(number, "test", number, "acme")
        return Context(call=call, tenant_id=TENANT, actor=Actor(Role.MANAGER, named_id("user", 7)), **more)

    def publish(self, *events, context=None, commit=True) -> None:
        """One transaction that publishes *events*."""
        drive(self._publish(events, context or self.context(), commit=commit))

    def _publish(self, events, context, *, commit):
        with (yield from self.store.transaction(context.call, context.tenant_id)) as tx:
            for event in events:
                yield from self.publisher.publish_in(tx, context, event)
            if commit:
                yield from tx.commit()

    def publish_after(self, event, context=None) -> None:
        """Publish *event* as after a commit."""
        drive(self.publisher.publish_after(context or self.context(), event))

    @property
    def rows(self):
        """What stands in the outbox."""
        return self.server.rows(SYS_EVENTS)

    def of(self, kind):
        """The records of one kind."""
        return [record for record in self.runtime.records if record.kind == kind]
