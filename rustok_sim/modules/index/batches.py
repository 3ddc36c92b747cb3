"""An indexer that takes many events at once: as many statements for all of their entities as for one."""

from collections.abc import Mapping, Sequence
from typing import Final

from rustok_sim.core.data import Isolation, Row, Transaction, Upsert, Value, col, same
from rustok_sim.core.data.statements import Where
from rustok_sim.core.events import Envelope
from rustok_sim.core.ports import Call, Steps, T
from rustok_sim.modules.index.indexer import Indexer, Outcome, Single
from rustok_sim.modules.index.ports import Reader
from rustok_sim.modules.index.tables import INDEX_INBOX, INDEX_LOCKS

ENTITIES_MAX: Final = 500
"""Entities of one statement: SQLite takes 32,766 values in one, PostgreSQL 65,535."""
Built = dict[str, Mapping[str, Row]]
"""By locale: the rows of the entities that have one."""


class BatchIndexer(Indexer):
    """As an :class:`Indexer`, to the same rows. What one event alone can ask for, it handles alone."""

    def handle_batch(self, call: Call, envelopes: Sequence[Envelope]) -> Steps[list[Outcome]]:
        """Build what all of the events ask for; what came of each. Raises ``DatabaseError``; what was built stays.

        An entity that several of them are about is built once.
        """
        outcomes: dict[int, Outcome] = {}
        for tenant_id, places in _by_tenant(envelopes).items():
            yield from self._of_tenant(call, tenant_id, {place: envelopes[place] for place in places}, outcomes)
        return [outcomes[place] for place in range(len(envelopes))]

    def _of_tenant(
        self, call: Call, tenant_id: str, asked: Mapping[int, Envelope], outcomes: dict[int, Outcome]
    ) -> Steps[None]:
        dedupe = self._settings.inbox == "dedupe"
        noted = (yield from self._noted(call, tenant_id, asked)) if dedupe else set[Value]()
        entities: dict[int, str] = {}
        fresh: dict[str, None] = {}
        for place, envelope in asked.items():
            entity_id = self.source.affected(envelope.event)
            if envelope.id in noted or (dedupe and envelope.id in fresh):
                outcomes[place] = "duplicate"
            elif entity_id is None:
                outcomes[place] = yield from self.handle(call, envelope)
            else:
                entities[place] = entity_id
                fresh[envelope.id] = None
        shown: set[str] = set()
        for some in _parts(sorted(set(entities.values()))):
            shown |= yield from self._rebuild(call, tenant_id, some)
        outcomes.update({place: "applied" if entity in shown else "removed" for place, entity in entities.items()})
        if fresh and dedupe:
            yield from self._note(call, tenant_id, list(fresh))

    def _noted(self, call: Call, tenant_id: str, asked: Mapping[int, Envelope]) -> Steps[set[Value]]:
        """Those of the events that were handled before."""
        events = col("event_id").is_in([envelope.id for envelope in asked.values()])
        rows = yield from self._store.select(call, tenant_id, INDEX_INBOX, (*same(consumer=self.name), events))
        return {row["event_id"] for row in rows}

    def _note(self, call: Call, tenant_id: str, events: Sequence[str]) -> Steps[None]:
        notes: list[Row] = [{"consumer": self.name, "event_id": event} for event in events]
        for some in _parts(notes):
            yield from self._store.run(call, tenant_id, Upsert(INDEX_INBOX, some, INDEX_INBOX.key))

    def _rebuild(self, call: Call, tenant_id: str, entity_ids: Sequence[str]) -> Steps[set[str]]:
        """The rows of all these entities in all locales; which of them have any. Raises ``DatabaseError``."""
        locales = yield from self.locales(call, tenant_id)
        reader = Single(self._store, call, tenant_id)
        isolation: Isolation | None = None if self._settings.fence == "none" else "read_committed"
        while True:
            built: Built | None = None
            seen: Mapping[Value, Value] = {}
            if self._settings.fence == "version":
                seen = yield from self._versions(reader, entity_ids)
            if self._settings.fence != "lock":
                built = yield from self._build(reader, entity_ids, locales)
            with (yield from self._store.transaction(call, tenant_id, isolation=isolation)) as tx:
                if built is None:
                    yield from self._lock_all(tx, entity_ids)
                    built = yield from self._build(tx, entity_ids, locales)
                elif self._settings.fence == "version" and not (yield from self._still(tx, entity_ids, seen)):
                    self._runtime.record("index.applied", call, site=self.name, outcome="stale_ignored")
                    continue
                yield from self._write_all(tx, call, entity_ids, built)
                if self._settings.fence != "none":
                    yield from self._drop_others(tx, entity_ids, locales)
                yield from tx.commit()
            return {entity_id for rows in built.values() for entity_id in rows}

    def _build(self, reader: Reader, entity_ids: Sequence[str], locales: Sequence[str]) -> Steps[Built]:
        built: Built = {}
        for locale in locales:
            built[locale] = yield from self.source.build_batch(reader, entity_ids, locale)
        return built

    def _lock_all(self, tx: Transaction, entity_ids: Sequence[str]) -> Steps[Mapping[Value, Value]]:
        """Wait until nobody else indexes any of them; their versions.

        In the order of ids, so that no two can wait for each other.
        """
        locks: list[Row] = [{"entity_id": entity_id, "version": 0} for entity_id in entity_ids]
        yield from tx.upsert(INDEX_LOCKS, locks, INDEX_LOCKS.key)
        rows = yield from tx.select(INDEX_LOCKS, _these(entity_ids), order_by=("entity_id",), lock="update")
        return {row["entity_id"]: row["version"] for row in rows}

    def _versions(self, reader: Reader, entity_ids: Sequence[str]) -> Steps[Mapping[Value, Value]]:
        rows = yield from reader.select(INDEX_LOCKS, _these(entity_ids))
        return {row["entity_id"]: row["version"] for row in rows}

    def _still(self, tx: Transaction, entity_ids: Sequence[str], seen: Mapping[Value, Value]) -> Steps[bool]:
        """Whether nobody has written any of them since the versions *seen*; then they are raised."""
        now = yield from self._lock_all(tx, entity_ids)
        if any(now[entity_id] != seen.get(entity_id, 0) for entity_id in entity_ids):
            return False
        raised: list[Row] = [{"entity_id": key, "version": int(now[key] or 0) + 1} for key in entity_ids]
        yield from tx.upsert(INDEX_LOCKS, raised, INDEX_LOCKS.key, ("version",))
        return True

    def _write_all(self, tx: Transaction, call: Call, entity_ids: Sequence[str], built: Built) -> Steps[None]:
        table, entity = self.source.table, self.source.entity
        for locale, rows in built.items():
            gone = [entity_id for entity_id in entity_ids if entity_id not in rows]
            if gone:
                where: Where = (col(entity).is_in(gone), *same(locale=locale))
                yield from tx.delete(table, where, label="index.remove")
            now_s = self._runtime.clock()
            new: list[Row] = [
                {entity: entity_id, "locale": locale, **row, "indexed_at": now_s, "id": self._ids.new(call)}
                for entity_id, row in rows.items()
            ]
            if new:
                changes = tuple(name for name in new[0] if name not in {"id", entity, "locale"})
                yield from tx.upsert(table, new, (entity, "locale"), changes, label="index.upsert")

    def _drop_others(self, tx: Transaction, entity_ids: Sequence[str], locales: Sequence[str]) -> Steps[None]:
        """Remove rows of languages that the tenant has no more."""
        others = (col("locale").differs(locale) for locale in locales)
        yield from tx.delete(self.source.table, (col(self.source.entity).is_in(entity_ids), *others))


def _parts(whole: Sequence[T]) -> list[Sequence[T]]:
    return [whole[first : first + ENTITIES_MAX] for first in range(0, len(whole), ENTITIES_MAX)]


def _by_tenant(envelopes: Sequence[Envelope]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, envelope in enumerate(envelopes):
        places.setdefault(envelope.tenant_id, []).append(place)
    return places


def _these(entity_ids: Sequence[str]) -> Where:
    return (col("entity_id").is_in(entity_ids),)
