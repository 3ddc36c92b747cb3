"""The service of prices: set one, set many, take something off, read."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction, Where, col
from rustok_sim.core.errors import Conflict
from rustok_sim.core.events import PriceUpdated
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.core.values import value
from rustok_sim.modules.commerce.catalogue.tables import VARIANTS
from rustok_sim.modules.commerce.errors import InvalidPrice, VariantNotFound
from rustok_sim.modules.commerce.pricing.amounts import check_amounts, check_currency, discounted
from rustok_sim.modules.commerce.pricing.settings import PricingSettings
from rustok_sim.modules.commerce.pricing.tables import PRICES

ID: Final = col("id")
VARIANT_ID: Final = col("variant_id")
CURRENCY_CODE: Final = col("currency_code")
ATTEMPTS: Final = 3


@value(frozen=True, slots=True, kw_only=True)
class PriceInput:
    """A price to set, in minor units; *compare_at* is what it is said to have cost before."""

    currency: str
    amount: int
    compare_at: int | None = None


@value(frozen=True, slots=True, kw_only=True)
class Price:
    """A price as the table has it, in minor units."""

    currency: str
    amount: int
    compare_at: int | None

    @classmethod
    def of(cls, row: Row) -> "Price":
        """The price of a row of ``prices``."""
        compare_at = row["compare_at_amount"]
        return cls(
            currency=str(row["currency_code"]),
            amount=int(row["amount"] or 0),
            compare_at=None if compare_at is None else int(compare_at),
        )


Reckon = Callable[[Price | None], PriceInput]
"""What to set, given the price there is."""


class PricingService:
    """Prices of variants, one for each currency."""

    def __init__(self, shared: Shared, settings: PricingSettings) -> None:
        self._shared = shared
        self._settings = settings
        self._unique = settings.first_insert == "unique"
        self._checked = settings.currencies == "checked"

    def set_price(self, context: Context, variant_id: str, price: PriceInput) -> Steps[None]:
        """Set the price in one currency. Raises ``VariantNotFound``, ``InvalidPrice``, ``Validation``."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from self._set(tx, context, variant_id, price)
            yield from tx.commit()

    def set_prices(self, context: Context, variant_id: str, prices: Sequence[PriceInput]) -> Steps[None]:
        """Set prices in several currencies; as built one by one, so that an error leaves the earlier ones (D18).

        Raises as :meth:`set_price`.
        """
        if self._settings.set_many == "as_built":
            for price in prices:
                yield from self.set_price(context, variant_id, price)
            return
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            # In one order for all, so that two of these never wait for each other in a circle.
            for price in sorted(prices, key=lambda price: price.currency):
                yield from self._set(tx, context, variant_id, price)
            yield from tx.commit()

    def discount(self, context: Context, variant_id: str, currency: str, percent: Decimal) -> Steps[Price]:
        """Take *percent* off what the price is compared with, or off the price; the price set.

        So a second discount replaces the first. Raises ``InvalidPrice`` when there is no price, and below 0 or
        above 100 per cent; else as :meth:`set_price`.
        """

        def reckon(price: Price | None) -> PriceInput:
            if price is None:
                raise InvalidPrice(f"no price in {currency}")
            base = price.amount if price.compare_at is None else price.compare_at
            return PriceInput(currency=currency, amount=discounted(base, percent), compare_at=base)

        if self._settings.discounts == "as_built":
            new = reckon((yield from self.get_price(context, variant_id, currency)))
            yield from self.set_price(context, variant_id, new)
        else:
            new = yield from self._set_from_locked(context, variant_id, currency, reckon)
        return Price(currency=currency, amount=new.amount, compare_at=new.compare_at)

    def get_price(self, context: Context, variant_id: str, currency: str) -> Steps[Price | None]:
        """The price in one currency; as built of any tenant's variant (D3), and one of two if there are two (D10)."""
        rows = yield from self._read(context, (*_of(variant_id), CURRENCY_CODE.equals(currency)))
        return Price.of(rows[0]) if rows else None

    def list_prices(self, context: Context, variant_id: str) -> Steps[list[Price]]:
        """All prices; as built of any tenant's variant (D3)."""
        return [Price.of(row) for row in (yield from self._read(context, _of(variant_id)))]

    def _read(self, context: Context, where: Where) -> Steps[list[Row]]:
        store = self._shared.store
        if self._settings.reads == "as_built":
            return (yield from store.select_across_tenants(context.call, PRICES, where, defect="D3"))
        return (yield from store.select(context.call, context.tenant_id, PRICES, where))

    def _set_from_locked(self, context: Context, variant_id: str, currency: str, reckon: Reckon) -> Steps[PriceInput]:
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from tx.first(PRICES, (*_of(variant_id), CURRENCY_CODE.equals(currency)), lock="update")
            new = reckon(None if row is None else Price.of(row))
            yield from self._set(tx, context, variant_id, new)
            yield from tx.commit()
        return new

    def _set(self, tx: Transaction, context: Context, variant_id: str, price: PriceInput) -> Steps[None]:
        variant = yield from tx.first(VARIANTS, (ID.equals(variant_id),))
        if variant is None:
            raise VariantNotFound(f"no variant {variant_id}")
        check_amounts(price.amount, price.compare_at)
        if self._checked:
            check_currency(price.currency)
        old = yield from self._write(tx, context, variant_id, price)
        event = PriceUpdated(variant_id, str(variant["product_id"]), price.currency, old, price.amount)
        yield from self._shared.publisher.publish_in(tx, context, event)

    def _write(self, tx: Transaction, context: Context, variant_id: str, price: PriceInput) -> Steps[int | None]:
        """Update the row or insert it; the amount it had before."""
        where = (*_of(variant_id), CURRENCY_CODE.equals(price.currency))
        changes: Row = {"amount": price.amount, "compare_at_amount": price.compare_at}
        for _ in range(ATTEMPTS):
            row = yield from tx.first(PRICES, where, lock="update" if self._unique else None)
            if row is not None:
                yield from tx.update(PRICES, changes, (ID.equals(row["id"]),))
                return int(row["amount"] or 0)
            new = {"id": self._shared.ids.new(context.call), "variant_id": variant_id, "currency_code": price.currency}
            # With an index, whoever comes second waits here for the first, and then finds the first's row.
            if (yield from tx.insert(PRICES, new | changes, or_skip=self._unique)):
                return None
        raise Conflict(f"variant {variant_id}: its price in {price.currency} keeps coming and going")


def _of(variant_id: str) -> Where:
    return (VARIANT_ID.equals(variant_id),)
