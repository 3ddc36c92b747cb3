"""The table of tenants on the relational store."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

from rustok_sim.core.data import Expression, Operand, Result, Row, Select, Store, Update, col, same
from rustok_sim.core.data.statements import Condition
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.modules.tenants.identifiers import Identifier, Kind
from rustok_sim.modules.tenants.records import Tenant
from rustok_sim.modules.tenants.tables import TENANTS

EVERYBODYS: Final = ""
"""The scope of statements on a table that is everybody's."""
NEXT_VERSION: Final = col("version").plus(1)
_NAMES: Final[dict[Kind, tuple[Expression, str]]] = {
    "uuid": (col("id"), "tenants.find_by_uuid"),
    "slug": (col("slug"), "tenants.find_by_slug"),
    "host": (col("domain"), "tenants.find_by_host"),
}
_NO_SETTINGS: Final[Mapping[str, object]] = {}


def tenant_of(row: Row) -> Tenant:
    """The tenant that a row of the table is."""
    read = cast(Any, row)
    settings = read["settings"]
    return Tenant(
        id=read["id"],
        slug=read["slug"],
        name=read["name"],
        domain=read["domain"],
        settings=_NO_SETTINGS if settings == "{}" else json.loads(settings),
        is_active=read["is_active"],
        version=read["version"],
    )


def row_of(tenant: Tenant, *, at_s: float = 0.0, default_locale: str = "en") -> Row:
    """The row of a tenant that was made *at_s*."""
    return {
        "id": tenant.id,
        "name": tenant.name,
        "slug": tenant.slug,
        "domain": tenant.domain,
        "settings": json.dumps(dict(tenant.settings), sort_keys=True),
        "default_locale": default_locale,
        "metadata": "{}",
        "is_active": tenant.is_active,
        "version": tenant.version,
        "created_at": at_s,
        "updated_at": at_s,
    }


class StoredTenants:
    """A :class:`rustok_sim.modules.tenants.TenantStore` over the database: every method is one statement."""

    __slots__ = ("_runtime", "_store")

    def __init__(self, runtime: Runtime, store: Store) -> None:
        self._runtime = runtime
        self._store = store

    def find(self, call: Call, identifier: Identifier) -> Steps[Tenant | None]:
        """The row of this name. Raises ``DatabaseError``."""
        column, label = _NAMES[identifier.kind]
        query = Select(TENANTS, (Condition(column, "=", identifier.value),), label=label)
        rows = (yield from self._store.run(call, EVERYBODYS, query)).rows
        return tenant_of(rows[0]) if rows else None

    def update(self, call: Call, tenant_id: str, changes: Mapping[str, Operand]) -> Steps[Tenant | None]:
        """Write the columns of *changes*, and the row's next version; ``None`` if there is no such row.

        Recorded when the row changes, whether or not the caller hears of it. Raises ``DatabaseError``.
        """
        written = {**changes, "version": NEXT_VERSION, "updated_at": self._runtime.clock()}
        statement = Update(TENANTS, written, same(id=tenant_id), returning=True, label="tenants.update")

        def note(result: Result) -> None:
            for row in result.rows:
                note_update(self._runtime, call, tenant_of(row))

        rows = (yield from self._store.run(call, EVERYBODYS, statement, note)).rows
        return tenant_of(rows[0]) if rows else None


def note_update(runtime: Runtime, call: Call, tenant: Tenant) -> None:
    """Write to the event log that the row of *tenant* has this version now."""
    runtime.record("tenant.updated", replace(call, tenant=tenant.slug), value=tenant.version)


def note_standing(runtime: Runtime, call: Call, tenant: Tenant) -> None:
    """Write to the event log whether *tenant* is to be served from now on."""
    standing = "active" if tenant.is_active else "suspended"
    runtime.record("tenant.standing", replace(call, tenant=tenant.slug), outcome=standing)
