"""Single variants: as RusToK's REST handlers write them, and as a service would."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from rustok_sim.core.context import Context
from rustok_sim.core.data import Delete, Insert, Result, Row, Transaction, Update
from rustok_sim.core.errors import Validation
from rustok_sim.core.events import VariantCreated, VariantDeleted, VariantUpdated
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.catalogue.names import Names, taken_names
from rustok_sim.modules.commerce.catalogue.reading import ID, PRODUCT_ID
from rustok_sim.modules.commerce.catalogue.records import OPTIONS_MAX, NewVariant, VariantChanges
from rustok_sim.modules.commerce.catalogue.rows import OPTION_COLUMNS, RowMaker, option_columns
from rustok_sim.modules.commerce.catalogue.settings import CatalogueSettings
from rustok_sim.modules.commerce.catalogue.tables import PRODUCTS, VARIANTS
from rustok_sim.modules.commerce.errors import InvalidOptionCombination, NoVariants, ProductNotFound, VariantNotFound
from rustok_sim.modules.commerce.records import stock_changed, stock_seeded


class Variants(Protocol):
    """One design of how single variants are written."""

    def add(self, context: Context, product_id: str, new: NewVariant) -> Steps[Row]:
        """One more variant of a product; the row written. Raises ``ProductNotFound``."""
        ...

    def change(self, context: Context, variant_id: str, changes: VariantChanges) -> Steps[Row]:
        """Change what is given; the row as it was read, with the changes. Raises ``VariantNotFound``."""
        ...

    def remove(self, context: Context, variant_id: str) -> Steps[None]:
        """Remove a variant and all that hangs on it. Raises ``VariantNotFound``."""
        ...


def open_variants(shared: Shared, settings: CatalogueSettings) -> Variants:
    """The design that the settings ask for."""
    return ServicedVariants(shared, settings) if settings.variant_writes == "serviced" else RestVariants(shared)


class RestVariants:
    """Single statements, each its own transaction: no SKU tested, stock changed without an event, the last one goes.

    The event is sent after the commit and its fate ignored, so a crash or a full buffer loses it (D16).
    """

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._rows = RowMaker(shared)

    def add(self, context: Context, product_id: str, new: NewVariant) -> Steps[Row]:
        """One read, one write, then the event. Raises ``ProductNotFound``."""
        store, call, tenant_id = self._shared.store, context.call, context.tenant_id
        if (yield from store.first(call, tenant_id, PRODUCTS, (ID.equals(product_id),))) is None:
            raise ProductNotFound(f"no product {product_id}")
        row = self._rows.variant(call, product_id, 0, new)
        variant_id = str(row["id"])

        def written(result: Result) -> None:
            stock_seeded(self._shared.runtime, call, variant_id, new.inventory_quantity)

        yield from store.run(call, tenant_id, Insert(VARIANTS, row), written)
        yield from self._shared.publisher.publish_after(context, VariantCreated(variant_id, product_id))
        return row

    def change(self, context: Context, variant_id: str, changes: VariantChanges) -> Steps[Row]:
        """One read, one write, then the event. Raises ``VariantNotFound``."""
        shared = self._shared
        row = yield from self._found(context, variant_id)
        given = _given(changes) | {"updated_at": shared.runtime.clock()}
        units = changes.inventory_quantity

        def written(result: Result) -> None:
            if units is not None and result.count:
                old = int(row["inventory_quantity"] or 0)
                stock_changed(shared.runtime, context.call, variant_id, old=old, new=units)

        statement = Update(VARIANTS, given, where=(ID.equals(variant_id),))
        yield from shared.store.run(context.call, context.tenant_id, statement, written)
        yield from shared.publisher.publish_after(context, VariantUpdated(variant_id, str(row["product_id"])))
        return row | given

    def remove(self, context: Context, variant_id: str) -> Steps[None]:
        """One read, one write, then the event. Raises ``VariantNotFound``."""
        row = yield from self._found(context, variant_id)
        yield from self._shared.store.run(
            context.call, context.tenant_id, Delete(VARIANTS, where=(ID.equals(variant_id),))
        )
        event = VariantDeleted(variant_id, str(row["product_id"]))
        yield from self._shared.publisher.publish_after(context, event)

    def _found(self, context: Context, variant_id: str) -> Steps[Row]:
        where = (ID.equals(variant_id),)
        row = yield from self._shared.store.first(context.call, context.tenant_id, VARIANTS, where)
        if row is None:
            raise VariantNotFound(f"no variant {variant_id}")
        return row


class ServicedVariants:
    """One transaction with its event, on a product that it holds: names and options tested, the last variant stays."""

    def __init__(self, shared: Shared, settings: CatalogueSettings) -> None:
        self._shared = shared
        self._rows = RowMaker(shared)
        self._names = Names(settings)

    def add(self, context: Context, product_id: str, new: NewVariant) -> Steps[Row]:
        """Raises ``ProductNotFound``, ``DuplicateSku``, ``InvalidOptionCombination``."""
        with taken_names(), (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            siblings = yield from self._siblings(tx, product_id)
            row = self._rows.variant(context.call, product_id, len(siblings), new)
            check_combinations([*map(_options_of, siblings), new.options])
            yield from self._names.check_sku(tx, new.sku)
            yield from tx.insert(VARIANTS, row)
            variant_id = str(row["id"])
            yield from self._shared.publisher.publish_in(tx, context, VariantCreated(variant_id, product_id))
            runtime, units = self._shared.runtime, new.inventory_quantity
            tx.after_commit(partial(stock_seeded, runtime, context.call, variant_id, units))
            yield from tx.commit()
        return row

    def change(self, context: Context, variant_id: str, changes: VariantChanges) -> Steps[Row]:
        """Raises as :meth:`add`, and ``Validation`` for a quantity: stock has a service of its own."""
        if changes.inventory_quantity is not None:
            raise Validation("a variant's stock is changed by the stock service")
        given = _given(changes) | {"updated_at": self._shared.runtime.clock()}
        with taken_names(), (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from self._found(tx, variant_id)
            product_id = str(row["product_id"])
            if changes.options is not None:
                siblings = yield from self._siblings(tx, product_id)
                others = [_options_of(sibling) for sibling in siblings if sibling["id"] != variant_id]
                check_combinations([*others, changes.options])
            if changes.sku != row["sku"]:
                yield from self._names.check_sku(tx, changes.sku)
            if not (yield from tx.update(VARIANTS, given, (ID.equals(variant_id),))):
                raise VariantNotFound(f"no variant {variant_id}")
            yield from self._shared.publisher.publish_in(tx, context, VariantUpdated(variant_id, product_id))
            yield from tx.commit()
        return row | given

    def remove(self, context: Context, variant_id: str) -> Steps[None]:
        """Raises ``VariantNotFound``, and ``NoVariants`` for the last one."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from self._found(tx, variant_id)
            product_id = str(row["product_id"])
            if len((yield from self._siblings(tx, product_id))) == 1:
                raise NoVariants("a product needs a variant")
            if not (yield from tx.delete(VARIANTS, (ID.equals(variant_id),))):
                raise VariantNotFound(f"no variant {variant_id}")
            yield from self._shared.publisher.publish_in(tx, context, VariantDeleted(variant_id, product_id))
            yield from tx.commit()

    def _found(self, tx: Transaction, variant_id: str) -> Steps[Row]:
        row = yield from tx.first(VARIANTS, (ID.equals(variant_id),))
        if row is None:
            raise VariantNotFound(f"no variant {variant_id}")
        return row

    def _siblings(self, tx: Transaction, product_id: str) -> Steps[list[Row]]:
        """All variants of the product, which the transaction holds from here on."""
        if (yield from tx.first(PRODUCTS, (ID.equals(product_id),), lock="update")) is None:
            raise ProductNotFound(f"no product {product_id}")
        return (yield from tx.select(VARIANTS, (PRODUCT_ID.equals(product_id),)))


def check_combinations(options: Sequence[Sequence[object]]) -> None:
    """Raises ``InvalidOptionCombination`` when two variants have the same options; having none is no combination."""
    combined = [tuple(values[:OPTIONS_MAX]) for values in options if values]
    if len(set(combined)) < len(combined):
        raise InvalidOptionCombination("two variants have the same options")


def _options_of(row: Row) -> list[object]:
    return [row[name] for name in OPTION_COLUMNS if row[name] is not None]


def _given(changes: VariantChanges) -> Row:
    given: Row = {
        name: value
        for name in ("sku", "barcode", "inventory_policy", "inventory_quantity")
        if (value := getattr(changes, name)) is not None
    }
    return given if changes.options is None else given | option_columns(changes.options)
