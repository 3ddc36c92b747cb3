"""What stands in the database when a run is over, as far as no record of the run can tell it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rustok_sim.adapters import DatabaseServer
from rustok_sim.core.data import Row, Value
from rustok_sim.core.events import SYS_EVENTS
from rustok_sim.core.features import TENANT_MODULES
from rustok_sim.core.journal import Journal
from rustok_sim.engine.pool import Pool
from rustok_sim.modules.commerce.catalogue.tables import TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.orders import ORDERS
from rustok_sim.modules.commerce.payments.tables import COLLECTIONS, OPERATIONS, PAYMENTS, REFUNDS
from rustok_sim.modules.commerce.pricing.tables import PRICES
from rustok_sim.modules.commerce.stock.tables import LEVELS, RESERVATIONS
from rustok_sim.modules.tenants import TENANTS
from rustok_sim.platform import Settings, wrongs

ALONE: Final = (
    (PRICES, ("tenant_id", "variant_id", "currency_code")),
    (VARIANTS, ("tenant_id", "sku")),
    (TRANSLATIONS, ("tenant_id", "locale", "handle")),
)
"""Tables, and the columns that no two rows should share, whether or not a rule of the schema sees to it."""


def record_outbox(server: DatabaseServer, journal: Journal, at_s: float) -> None:
    """The rows that are not dispatched.

    Only the table knows: a relay that crashed between the effect of its mark and the answer recorded nothing.
    """
    if not journal.wants("outbox.left"):
        return
    left = (row for row in server.rows(SYS_EVENTS) if row["status"] != "dispatched")
    for row in sorted(left, key=lambda row: (row["created_at"], row["id"])):
        worker = None if row["claimed_by"] is None else str(row["claimed_by"])
        claimed_s = None if row["claimed_at"] is None else float(row["claimed_at"])
        failures, event = float(row["retry_count"] or 0), str(row["id"])
        status = str(row["status"])
        journal.append(
            (at_s, "outbox.left", None, None, None, None, worker, status, None, claimed_s, None, failures, event)
        )


def record_index(server: DatabaseServer, settings: Settings, journal: Journal, at_s: float) -> None:
    """The rows of the read model that are not as the write model has them."""
    if not journal.wants("index.wrong"):
        return
    for table, verdict, (entity_id, locale) in wrongs(server, settings):
        detail = f"{entity_id} {locale}"
        journal.append((at_s, "index.wrong", None, None, None, None, table, verdict, None, None, None, None, detail))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """One record of what was left: its kind, whose it is, and its columns."""

    kind: str
    tenant_id: Value = None
    site: Value = None
    outcome: Value = None
    status: int | None = None
    wait_s: float | None = None
    value: float | None = None
    detail: Value = None


def record_rows(server: DatabaseServer, settings: Settings, journal: Journal, at_s: float) -> None:
    """How orders, stock, reservations, books and modules ended, and rows that are alike and should not be."""
    slugs = {str(row["id"]): str(row["slug"]) for row in server.rows(TENANTS)}
    levels = server.rows(LEVELS) if settings.stock.locations else []
    found = [
        *map(_order, server.rows(ORDERS)),
        *_stock(server.rows(VARIANTS), levels),
        *map(_reservation, server.rows(RESERVATIONS)),
        *_books(server),
        *map(_module, server.rows(TENANT_MODULES)),
        *(one for table, columns in ALONE for one in _alike(table.name, server.rows(table), columns)),
    ]
    _append(found, slugs, journal, at_s)


def record_pools(pools: Iterable[Pool], journal: Journal, at_s: float) -> None:
    """What all pools of the run have to give, now that all work has ended."""
    found = [
        _Left(
            kind="pool.left",
            site=pool.name,
            status=pool.capacity,
            wait_s=float(pool.capacity - pool.least),
            value=float(pool.capacity - pool.free),
        )
        for pool in pools
    ]
    _append(found, {}, journal, at_s)


def _append(found: Iterable[_Left], slugs: dict[str, str], journal: Journal, at_s: float) -> None:
    for one in found:
        if journal.wants(one.kind):
            tenant = None if one.tenant_id is None else slugs.get(str(one.tenant_id), str(one.tenant_id))
            site, outcome, detail = (
                None if text is None else str(text) for text in (one.site, one.outcome, one.detail)
            )
            head = (at_s, one.kind, None, tenant, None, None, site, outcome)
            journal.append((*head, one.status, None, one.wait_s, one.value, detail))


def _order(row: Row) -> _Left:
    return _Left(
        kind="order.left",
        tenant_id=row["tenant_id"],
        site=row["id"],
        outcome=row["status"],
        value=float(row["total_amount"] or 0),
        detail=row["payment_id"],
    )


def _stock(variants: Sequence[Row], levels: Sequence[Row]) -> Iterator[_Left]:
    """Where there are locations, a variant's own number is only what it began with."""
    located = {str(row["variant_id"]) for row in levels}
    for row in variants:
        if str(row["id"]) not in located:
            yield _level(row, row["id"], None, row["inventory_quantity"])
    for row in levels:
        yield _level(row, row["variant_id"], row["location_id"], row["stocked_quantity"])


def _level(row: Row, variant_id: Value, location_id: Value, units: Value) -> _Left:
    return _Left(
        kind="stock.left",
        tenant_id=row["tenant_id"],
        site=variant_id,
        outcome=location_id,
        status=int(row["reserved_quantity"] or 0),
        value=float(units or 0),
    )


def _reservation(row: Row) -> _Left:
    return _Left(
        kind="reservation.left",
        tenant_id=row["tenant_id"],
        site=row["variant_id"],
        outcome=row["status"],
        value=float(row["quantity"] or 0),
        detail=row["order_id"],
    )


def _books(server: DatabaseServer) -> Iterator[_Left]:
    """Payments by their order, and what was asked of the provider."""
    owed = {str(row["id"]): row for row in server.rows(COLLECTIONS)}
    for row in server.rows(PAYMENTS):
        order_id = owed[str(row["collection_id"])]["order_id"]
        amount = float(row["amount"] or 0)
        yield _Left(
            kind="payment.left",
            tenant_id=row["tenant_id"],
            site="payment",
            outcome=row["status"],
            value=amount,
            detail=order_id,
        )
    paid = {str(row["id"]): row["collection_id"] for row in server.rows(PAYMENTS)}
    for row in server.rows(REFUNDS):
        order_id = owed[str(paid[str(row["payment_id"])])]["order_id"]
        yield _Left(
            kind="payment.left",
            tenant_id=row["tenant_id"],
            site="refund",
            outcome=row["status"],
            value=float(row["amount"] or 0),
            detail=order_id,
        )
    for row in server.rows(OPERATIONS):
        subject = owed.get(str(row["subject_id"]))
        order_id = None if subject is None else subject["order_id"]
        yield _Left(
            kind="payment.left",
            tenant_id=row["tenant_id"],
            site="operation",
            outcome=row["status"],
            detail=order_id,
        )


def _module(row: Row) -> _Left:
    outcome = "enabled" if row["enabled"] else "disabled"
    return _Left(kind="module.left", tenant_id=row["tenant_id"], site=row["module_slug"], outcome=outcome)


def _alike(table: str, rows: Iterable[Row], columns: Sequence[str]) -> Iterator[_Left]:
    counted = Counter(tuple(row[name] for name in columns) for row in rows if row[columns[-1]] is not None)
    for key, times in sorted(counted.items(), key=str):
        if times > 1:
            detail = " ".join(str(part) for part in key[1:])
            yield _Left(kind="rows.alike", tenant_id=key[0], site=table, value=float(times), detail=detail)
