"""What the read model has to be, by the write model as it is: to begin a run with, and to judge its end by."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from rustok_sim.adapters import DatabaseServer, DirectDatabase
from rustok_sim.core.data import Row, Store, Table
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.events import Publisher
from rustok_sim.core.ids import Ids, named_id
from rustok_sim.core.ports import Call
from rustok_sim.core.shared import Shared
from rustok_sim.modules.index import Single
from rustok_sim.modules.tenants import TENANTS
from rustok_sim.platform.indexing import indexers
from rustok_sim.platform.settings import Settings

Key: TypeAlias = tuple[str, str]
"""An entity's id and a locale."""
UNCOMPARED = ("id", "tenant_id", "indexed_at")


def truth(server: DatabaseServer, settings: Settings) -> Iterator[tuple[Table, str, str, dict[Key, Row]]]:
    """For each read table and tenant, the table, the name of its entity's column, the tenant and the rows to be.

    Each row is built by the indexer's own source, from what is committed now.
    """
    runtime, call = ManualRuntime(), Call(0, "truth", 0)
    store, ids = Store(DirectDatabase(runtime, server)), Ids(runtime)
    shared = Shared(runtime, store, Publisher(runtime, ids), ids)
    for tenant in server.rows(TENANTS):
        tenant_id = str(tenant["id"])
        reader = Single(store, call, tenant_id)
        for indexer in indexers(shared, settings):
            source, rows = indexer.source, dict[Key, Row]()
            locales = drive(indexer.locales(call, tenant_id))
            for entity_id in drive(source.ids(reader, "", None)):
                for locale in locales:
                    row = drive(source.build(reader, entity_id, locale))
                    if row is not None:
                        rows[entity_id, locale] = row
            yield source.table, source.entity, tenant_id, rows


def build_index(server: DatabaseServer, settings: Settings) -> None:
    """Fill the read tables, as if all had been indexed long ago."""
    for table, entity, tenant_id, rows in truth(server, settings):
        made = [
            {
                **row,
                "id": named_id(table.name, entity_id, locale),
                "tenant_id": tenant_id,
                entity: entity_id,
                "locale": locale,
                "indexed_at": 0.0,
            }
            for (entity_id, locale), row in rows.items()
        ]
        server.seed(table, made)


def wrongs(server: DatabaseServer, settings: Settings) -> Iterator[tuple[str, str, Key]]:
    """Read table, ``missing``, ``extra`` or ``different``, and key of each row that is not as it has to be."""
    found: dict[str, dict[str, dict[Key, Row]]] = {}
    for table, entity, tenant_id, rows in truth(server, settings):
        if table.name not in found:
            by_tenant: dict[str, dict[Key, Row]] = {}
            for row in server.rows(table):
                key = str(row[entity]), str(row["locale"])
                by_tenant.setdefault(str(row["tenant_id"]), {})[key] = row
            found[table.name] = by_tenant
        there = found[table.name].get(tenant_id, {})
        for key in sorted({*rows, *there}):
            verdict = _verdict(rows.get(key), there.get(key))
            if verdict:
                yield table.name, verdict, key


def _verdict(due: Mapping[str, object] | None, there: Mapping[str, object] | None) -> str:
    if there is None:
        return "missing"
    if due is None:
        return "extra"
    return "different" if any(there[name] != due[name] for name in due if name not in UNCOMPARED) else ""
