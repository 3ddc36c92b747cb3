"""The indexer: rebuilds an entity's rows of the read model from the write model, whatever the event says."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from rustok_sim.core.data import Insert, Row, Store, Table, Transaction, same
from rustok_sim.core.data.statements import Where
from rustok_sim.core.events import Envelope, IndexReindexRequested, LocaleDisabled, LocaleEnabled
from rustok_sim.core.ids import Ids
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.modules.index.ports import Locales, Source
from rustok_sim.modules.index.settings import IndexSettings
from rustok_sim.modules.index.tables import INDEX_INBOX, INDEX_LOCKS

FIXED: Final = ("en",)
Outcome: TypeAlias = Literal["applied", "removed", "duplicate"]


class Single:
    """Reads of one tenant, each a statement by itself."""

    __slots__ = ("_call", "_store", "_tenant_id")

    def __init__(self, store: Store, call: Call, tenant_id: str) -> None:
        self._store = store
        self._call = call
        self._tenant_id = tenant_id

    def select(
        self, table: Table, where: Where = (), *, order_by: tuple[str, ...] = (), limit: int | None = None
    ) -> Steps[list[Row]]:
        """The rows for which all conditions hold."""
        return self._store.select(self._call, self._tenant_id, table, where, order_by=order_by, limit=limit)

    def first(self, table: Table, where: Where) -> Steps[Row | None]:
        """The first such row by primary key, if there is one."""
        return self._store.first(self._call, self._tenant_id, table, where)


class Indexer:
    """Keeps one read table. Since it reads the source anew, an event may come twice; it must come, though."""

    def __init__(
        self, runtime: Runtime, store: Store, ids: Ids, source: Source, *, locales: Locales, settings: IndexSettings
    ) -> None:
        self._runtime = runtime
        self._store = store
        self._ids = ids
        self.source = source
        self._locales = locales
        self._settings = settings
        self.name = f"{source.name}_indexer"

    def wants(self, envelope: Envelope) -> bool:
        """Whether the event makes rows of this table stale, or asks for them to be built anew."""
        event = envelope.event
        if isinstance(event, IndexReindexRequested):
            return event.target_type == self.source.name
        return self._reaches_all(envelope) or self.source.affected(event) is not None

    def _reaches_all(self, envelope: Envelope) -> bool:
        """Whether it concerns every row of its tenant. As built no event does (D-27)."""
        return self._settings.reactions == "complete" and isinstance(envelope.event, (LocaleEnabled, LocaleDisabled))

    def handle(self, call: Call, envelope: Envelope) -> Steps[Outcome]:
        """Build what the event asks for; what came of it. Raises ``DatabaseError``; what was built by then stays.

        With an inbox the event is noted when all is built: a crash in between builds it once more, to the same effect.
        """
        event, tenant_id = envelope.event, envelope.tenant_id
        noted = same(consumer=self.name, event_id=envelope.id)
        dedupe = self._settings.inbox == "dedupe"
        if dedupe and (yield from self._store.first(call, tenant_id, INDEX_INBOX, noted)) is not None:
            return "duplicate"
        entity_id = event.target_id if isinstance(event, IndexReindexRequested) else self.source.affected(event)
        shown = 1
        if entity_id is not None:
            shown = yield from self.rebuild(call, tenant_id, entity_id)
        elif self.wants(envelope):
            yield from self.rebuild_all(call, tenant_id)
        if dedupe:
            note = Insert(INDEX_INBOX, {"consumer": self.name, "event_id": envelope.id}, or_skip=True)
            yield from self._store.run(call, tenant_id, note)
        return "applied" if shown else "removed"

    def rebuild_all(self, call: Call, tenant_id: str) -> Steps[int]:
        """All entities of the tenant, in one go or in steps; how many there were. Raises ``DatabaseError``.

        Rows of entities that are gone are not found this way, as in RusToK.
        """
        reader, limit, after, count = Single(self._store, call, tenant_id), self._settings.reindex_rows, "", 0
        while True:
            found = yield from self.source.ids(reader, after, limit)
            for entity_id in found:
                yield from self.rebuild(call, tenant_id, entity_id)
            count += len(found)
            if limit is None or len(found) < limit:
                return count
            after = found[-1]

    def locales(self, call: Call, tenant_id: str) -> Steps[Sequence[str]]:
        """The languages that an entity of the tenant has a row for. Raises ``DatabaseError``."""
        if self._settings.locales == "fixed_en":
            return FIXED
        return (yield from self._locales.enabled(call, tenant_id))

    def rebuild(self, call: Call, tenant_id: str, entity_id: str) -> Steps[int]:
        """The rows of one entity, one for each locale; how many it has. Raises ``DatabaseError``."""
        locales = yield from self.locales(call, tenant_id)
        match self._settings.fence:
            case "none":
                return (yield from self._unfenced(call, tenant_id, entity_id, locales))
            case "lock":
                return (yield from self._locked(call, tenant_id, entity_id, locales))
            case "version":
                while True:
                    shown = yield from self._if_newest(call, tenant_id, entity_id, locales)
                    if shown is not None:
                        return shown
                    self._runtime.record("index.applied", call, site=self.name, outcome="stale_ignored")

    def _unfenced(self, call: Call, tenant_id: str, entity_id: str, locales: Sequence[str]) -> Steps[int]:
        shown = 0
        for locale in locales:
            row = yield from self.source.build(Single(self._store, call, tenant_id), entity_id, locale)
            shown += row is not None
            with (yield from self._store.transaction(call, tenant_id)) as tx:
                yield from self._write(tx, call, entity_id, locale, row)
                yield from tx.commit()
        return shown

    def _locked(self, call: Call, tenant_id: str, entity_id: str, locales: Sequence[str]) -> Steps[int]:
        shown = 0
        with (yield from self._store.transaction(call, tenant_id, isolation="read_committed")) as tx:
            yield from self._lock(tx, entity_id)
            for locale in locales:
                row = yield from self.source.build(tx, entity_id, locale)
                shown += row is not None
                yield from self._write(tx, call, entity_id, locale, row)
            yield from self._drop_other(tx, entity_id, locales)
            yield from tx.commit()
        return shown

    def _if_newest(self, call: Call, tenant_id: str, entity_id: str, locales: Sequence[str]) -> Steps[int | None]:
        """How many rows it has; ``None`` if somebody else has written some since they were built.

        The number stands beside the rows and outlives them: else what was removed in between could come back.
        """
        reader, key = Single(self._store, call, tenant_id), same(entity_id=entity_id)
        seen = yield from reader.first(INDEX_LOCKS, key)
        rows: dict[str, Row | None] = {}
        for locale in locales:
            rows[locale] = yield from self.source.build(reader, entity_id, locale)
        with (yield from self._store.transaction(call, tenant_id, isolation="read_committed")) as tx:
            if seen is None:
                first: Row = {"entity_id": entity_id, "version": 1}
                won = int((yield from tx.insert(INDEX_LOCKS, first, or_skip=True)))
            else:
                version = int(seen["version"] or 0)
                won = yield from tx.update(INDEX_LOCKS, {"version": version + 1}, (*key, *same(version=version)))
            if not won:
                return None
            for locale, row in rows.items():
                yield from self._write(tx, call, entity_id, locale, row)
            yield from self._drop_other(tx, entity_id, locales)
            yield from tx.commit()
        return sum(row is not None for row in rows.values())

    def _lock(self, tx: Transaction, entity_id: str) -> Steps[None]:
        """Wait until nobody else indexes the entity. At READ COMMITTED, what is read next is as of then."""
        yield from tx.insert(INDEX_LOCKS, {"entity_id": entity_id, "version": 0}, or_skip=True)
        yield from tx.first(INDEX_LOCKS, same(entity_id=entity_id), lock="update")

    def _drop_other(self, tx: Transaction, entity_id: str, locales: Sequence[str]) -> Steps[None]:
        """Remove rows of languages that the tenant has no more; RusToK keeps them for ever (D-27)."""
        table, mine = self.source.table, same(**{self.source.entity: entity_id})
        for row in (yield from tx.select(table, mine)):
            if row["locale"] not in locales:
                yield from tx.delete(table, (*mine, *same(locale=row["locale"])))

    def _write(self, tx: Transaction, call: Call, entity_id: str, locale: str, row: Row | None) -> Steps[None]:
        table, key = self.source.table, {self.source.entity: entity_id, "locale": locale}
        if row is None:
            yield from tx.delete(table, same(**key), label="index.remove")
            return
        values = {**row, "indexed_at": self._runtime.clock()}
        if not (yield from tx.update(table, values, same(**key), label="index.update")):
            new = {**key, **values, "id": self._ids.new(call)}
            if not (yield from tx.insert(table, new, or_skip=True, label="index.insert")):
                yield from tx.update(table, values, same(**key), label="index.update")
