"""The service of stock: each write in RusToK's steps, one transaction with its event."""

from collections.abc import Mapping
from functools import partial

from rustok_sim.core.context import Context
from rustok_sim.core.errors import DomainError, Validation
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.errors import VariantNotFound
from rustok_sim.modules.commerce.stock.designs import open_design
from rustok_sim.modules.commerce.stock.keeper import LookingKeeper, enough, open_keeper
from rustok_sim.modules.commerce.stock.ledgers import Selects, open_ledger
from rustok_sim.modules.commerce.stock.levels import Change, Level, location_of, may_adjust_below
from rustok_sim.modules.commerce.stock.news import StockNews
from rustok_sim.modules.commerce.stock.settings import StockSettings


class StockService:
    """Stock of variants; locations are named by their number within the tenant, from 1."""

    def __init__(self, shared: Shared, settings: StockSettings) -> None:
        self._shared = shared
        self._settings = settings
        self._ledger = open_ledger(shared.runtime, settings)
        self._design = open_design(shared.runtime, self._ledger, settings)
        self._keeper = open_keeper(shared, settings)
        self._news = StockNews(shared, settings)
        self._may_go_below = may_adjust_below(settings)

    def adjust(self, context: Context, variant_id: str, delta: int, *, location: int | None = None) -> Steps[int]:
        """Change the stock by *delta* units, where most is free unless *location* says where; the units there are.

        Raises ``VariantNotFound``, ``InsufficientInventory``, ``Validation`` (by its event), ``Conflict``.
        """
        change = Change(
            variant_id=variant_id,
            location_id=self._location(context, location),
            stocked=delta,
            may_go_below=self._may_go_below,
        )
        return self._written(context, change, low=True)

    def set_to(self, context: Context, variant_id: str, quantity: int, *, location: int = 1) -> Steps[int]:
        """Write the stock, whatever it was; as built below zero too, and without a word when little is left.

        Raises as :meth:`adjust`.
        """
        change = Change(
            variant_id=variant_id,
            location_id=self._location(context, location),
            to=quantity,
            may_go_below=self._may_go_below if self._design.guards_set else None,
        )
        return self._written(context, change, low=False)

    def _written(self, context: Context, change: Change, *, low: bool) -> Steps[int]:
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            written = yield from self._design.change(tx, change)
            yield from self._news.tell(tx, context, written, low=low)
            yield from tx.commit()
        return written.level.stocked

    def get(self, context: Context, variant_id: str) -> Steps[list[Level]]:
        """What there is, by location. Raises ``VariantNotFound``."""
        levels = (yield from self._ledger.peek(self._select(context), (variant_id,))).get(variant_id)
        if levels is None:
            raise VariantNotFound(f"no variant {variant_id}")
        return levels

    def available(self, context: Context, variant_id: str, quantity: int) -> Steps[bool]:
        """Whether so many units could be had at one location, or on back-order. Raises ``VariantNotFound``."""
        return enough((yield from self.get(context, variant_id)), quantity)

    def bulk_available(self, context: Context, wanted: Mapping[str, int]) -> Steps[dict[str, bool]]:
        """Whether so many units of each variant could be had; as built, any error looks like "no"."""
        if self._settings.bulk == "as_built":
            answers = {}
            for variant_id, quantity in wanted.items():
                try:
                    answers[variant_id] = yield from self.available(context, variant_id, quantity)
                except DomainError:
                    answers[variant_id] = False
            return answers
        levels = yield from self._ledger.peek(self._select(context), list(wanted))
        return {variant_id: enough(levels.get(variant_id, []), quantity) for variant_id, quantity in wanted.items()}

    def reserve(self, context: Context, variant_id: str, quantity: int, order_id: str) -> Steps[None]:
        """Keep units for an order; as built a look, outside of any transaction. Raises as the keeper does."""
        if isinstance(self._keeper, LookingKeeper):
            across = partial(self._shared.store.select_across_tenants, context.call, defect="D7")
            yield from self._keeper.test(self._select(context), across, variant_id, quantity)
            return
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from self._keeper.reserve(
                tx, context, variant_id=variant_id, product_id="", quantity=quantity, order_id=order_id
            )
            yield from tx.commit()

    def release(self, context: Context, variant_id: str, order_id: str) -> Steps[None]:
        """Give back what is kept for an order."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from self._keeper.release(
                tx, context, variant_id=variant_id, product_id="", quantity=0, order_id=order_id
            )
            yield from tx.commit()

    def consume(self, context: Context, variant_id: str, order_id: str) -> Steps[None]:
        """Let what is kept for an order leave the house. Raises as the keeper does."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from self._keeper.consume(
                tx, context, variant_id=variant_id, product_id="", quantity=0, order_id=order_id
            )
            yield from tx.commit()

    def _select(self, context: Context) -> Selects:
        return partial(self._shared.store.select, context.call, context.tenant_id)

    def _location(self, context: Context, number: int | None) -> str | None:
        """The location's identifier. Raises ``Validation`` for a number that the tenant does not have."""
        if number is None:
            return None
        if not 1 <= number <= max(1, self._settings.locations):
            raise Validation(f"there is no location {number}: they go from 1 to {max(1, self._settings.locations)}")
        return location_of(context.tenant_id, number)
