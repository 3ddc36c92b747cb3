"""The read model of a node: its indexers, and whoever tells them of events."""

from collections.abc import Sequence

from rustok_sim.adapters.transports import Consumer, LogInlet
from rustok_sim.core.context import Context
from rustok_sim.core.errors import DomainError
from rustok_sim.core.events import Envelope, Undecodable
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.index import BatchIndexer, Source
from rustok_sim.modules.tenants import TenantLocales
from rustok_sim.platform.eventing import Eventing, origin
from rustok_sim.platform.index_sources import ContentSource, ProductSource
from rustok_sim.platform.ports import Outside
from rustok_sim.platform.settings import Settings

GROUP = "index"
"""The group of consumers that all nodes' indexers form."""


class Languages:
    """A tenant's languages. One that has never been given any has English."""

    def __init__(self, locales: TenantLocales) -> None:
        self._locales = locales

    def enabled(self, call: Call, tenant_id: str) -> Steps[Sequence[str]]:
        """Those that are enabled."""
        found = yield from self._locales.enabled(Context(call=call, tenant_id=tenant_id))
        return found or ("en",)


def indexers(shared: Shared, settings: Settings) -> list[BatchIndexer]:
    """One for each kind of entity."""
    languages = Languages(TenantLocales(shared, settings.tenant_admin))
    sources: tuple[Source, ...] = (ProductSource(locations=settings.stock.locations), ContentSource())
    return [
        BatchIndexer(shared.runtime, shared.store, shared.ids, source, locales=languages, settings=settings.index)
        for source in sources
    ]


class Recorded:
    """An indexer as a handler: an event, or a batch, is background work; each ends with a record of what came of it."""

    def __init__(self, outside: Outside, indexer: BatchIndexer, place: str) -> None:
        self._outside = outside
        self._place = place
        self._indexer = indexer
        self.name = indexer.name

    def wants(self, envelope: Envelope) -> bool:
        """Whether it is for the indexer."""
        return self._indexer.wants(envelope)

    def handle(self, envelope: Envelope) -> Steps[None]:
        """Let the indexer take it. Raises ``DatabaseError``, ``Undecodable`` if a fault has spoilt it."""
        begin_s, outcome = self._outside.runtime.now(), "dropped"
        try:
            self._read(envelope)
            outcome = yield from self._indexer.handle(self._outside.background("index"), envelope)
        except DomainError:
            outcome = "failed"
            raise
        finally:
            self._tell(envelope, begin_s, outcome)

    def handle_batch(self, envelopes: Sequence[Envelope]) -> Steps[None]:
        """Let the indexer take all of them that are for it. Raises as :meth:`handle`: then none of them is done."""
        mine = [envelope for envelope in envelopes if self.wants(envelope)]
        if not mine:
            return
        begin_s = self._outside.runtime.now()
        outcomes: Sequence[str] = ["dropped"] * len(mine)
        try:
            for envelope in mine:
                self._read(envelope)
            outcomes = yield from self._indexer.handle_batch(self._outside.background("index"), mine)
        except DomainError:
            outcomes = ["failed"] * len(mine)
            raise
        finally:
            for envelope, outcome in zip(mine, outcomes, strict=True):
                self._tell(envelope, begin_s, outcome)

    def _read(self, envelope: Envelope) -> None:
        spoilt = self._outside.spoilt
        if spoilt is not None and spoilt(self._place, envelope):
            raise Undecodable(f"the payload of {envelope.id} is spoilt")

    def _tell(self, envelope: Envelope, begin_s: float, outcome: str) -> None:
        runtime: Runtime = self._outside.runtime
        runtime.record(
            "index.applied",
            origin(envelope),
            site=self.name,
            begin_s=begin_s,
            outcome=outcome,
            value=runtime.clock() - envelope.timestamp,
            detail=envelope.id,
        )


def start_indexing(outside: Outside, shared: Shared, eventing: Eventing, settings: Settings) -> None:
    """Wire the node's indexers as the settings say; as wired, to nothing."""
    wiring = settings.index.wiring
    if wiring == "as_wired":
        return
    handlers = [Recorded(outside, indexer, wiring) for indexer in indexers(shared, settings)]
    if wiring == "bus":
        eventing.dispatch(handlers)
        return

    def handle(envelope: Envelope) -> Steps[None]:
        for handler in handlers:
            if handler.wants(envelope):
                yield from handler.handle(envelope)

    def handle_batch(envelopes: Sequence[Envelope]) -> Steps[None]:
        for handler in handlers:
            yield from handler.handle_batch(envelopes)

    inlet = LogInlet(outside.runtime, outside.log_wire, outside.log, lambda: outside.background("consumer"))
    member, members = outside.member
    consumer = Consumer(
        outside.runtime,
        inlet,
        GROUP,
        handle,
        settings.consumer,
        handle_batch=handle_batch,
        member=member,
        members=members,
    )
    consumer.start()
