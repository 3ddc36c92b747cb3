"""Orders in rows: each step one transaction, in the platform's own order."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from rustok_sim.core.auth import Scope, allows
from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, same
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.orders.commands import Cancel, Command, Deliver, Pay, Ship, Submit
from rustok_sim.modules.commerce.orders.effects import Effects, Stepped
from rustok_sim.modules.commerce.orders.errors import NotTheBuyer, OrderNotFound
from rustok_sim.modules.commerce.orders.guards import Guard
from rustok_sim.modules.commerce.orders.machines import MACHINES, AnyOrder
from rustok_sim.modules.commerce.orders.records import Header, Line, Parcel, Receipt
from rustok_sim.modules.commerce.orders.rows import header_of, line_row, lines_of, row_of, words_of
from rustok_sim.modules.commerce.orders.settings import OrderSettings
from rustok_sim.modules.commerce.orders.tables import ORDER_LINES, ORDERS
from rustok_sim.modules.commerce.ports import StockKeeper


class Glance(NamedTuple):
    """An order at one look."""

    status: str
    payment_id: str | None


class OrderService:
    """Orders of one node. Reads take no locks, as in the successor: what that allows is the guard's matter.

    Whatever names an order raises ``OrderNotFound``, and ``NotTheBuyer`` where the context's scope ends before it.
    """

    def __init__(self, shared: Shared, settings: OrderSettings, stock: StockKeeper) -> None:
        self._shared = shared
        self._machine = MACHINES[settings.lifecycle]
        self._guard = Guard(settings)
        self._effects = Effects(shared.publisher, settings, stock)

    def place(
        self,
        context: Context,
        lines: Sequence[Line],
        *,
        currency: str,
        customer_id: str | None = None,
        order_id: str | None = None,
    ) -> Steps[Stepped]:
        """Write a new order, under a new id unless one is given. Raises ``Validation``.

        Who may act only for themselves is the customer, whoever else is named.
        """
        shared, now = self._shared, self._shared.runtime.clock()
        order_id = order_id or shared.ids.new(context.call)
        total = sum(line.total for line in lines)
        header = Header(
            id=order_id,
            tenant_id=context.tenant_id,
            customer_id=context.actor.user_id if context.scope is Scope.OWN else customer_id,
            total=total,
            currency=currency,
            placed_at_s=now,
            lines=tuple(lines),
        )
        row = row_of(header, self._machine.first(header))
        with (yield from shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from tx.insert(ORDERS, row)
            for position, line in enumerate(lines):
                yield from tx.insert(ORDER_LINES, line_row(order_id, position, line))
            yield from self._effects.of_placing(tx, context, header)
            placed = Stepped(order_id, None, str(row["status"]), 1, total, currency)
            tx.after_commit(partial(self._record, context, placed))
            yield from tx.commit()
        return placed

    def submit(self, context: Context, order_id: str) -> Steps[Stepped]:
        """Mean it: stock is put by for each line. Raises what the guard and the stock refuse with."""
        return self.step(context, order_id, Submit(self._shared.runtime.clock()))

    def pay(self, context: Context, order_id: str, *, payment_id: str, method: str) -> Steps[Stepped]:
        """Take note that the order is paid; no money moves here. Raises what the guard refuses with."""
        receipt = Receipt(payment_id=payment_id, method=method, at_s=self._shared.runtime.clock())
        return self.step(context, order_id, Pay(receipt))

    def ship(self, context: Context, order_id: str, *, tracking_number: str, carrier: str) -> Steps[Stepped]:
        """Send the goods: the stock put by leaves. Raises what the guard refuses with."""
        now = self._shared.runtime.clock()
        return self.step(context, order_id, Ship(Parcel(tracking_number=tracking_number, carrier=carrier, at_s=now)))

    def deliver(self, context: Context, order_id: str, *, signature: str | None = None) -> Steps[Stepped]:
        """Hand the goods over. Raises what the guard refuses with."""
        return self.step(context, order_id, Deliver(self._shared.runtime.clock(), signature))

    def cancel(self, context: Context, order_id: str, *, reason: str = "") -> Steps[Stepped]:
        """Give back what was put by; no money moves, whatever was paid. Raises what the guard refuses with."""
        return self.step(context, order_id, Cancel(self._shared.runtime.clock(), reason))

    def step(self, context: Context, order_id: str, command: Command) -> Steps[Stepped]:
        """Take one step with the order. Raises what the guard and the stock refuse with."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = _for(context, order_id, (yield from tx.first(ORDERS, same(id=order_id))))
            lines = lines_of((yield from tx.select(ORDER_LINES, same(order_id=order_id))))
            header = header_of(row, lines)
            written = self._guard.changes(row, header, command)
            now = self._shared.runtime.clock()
            version = yield from self._guard.write(tx, row, written, command, at_s=now)
            stepped = Stepped(
                order_id, str(row["status"]), str(written["status"]), version, header.total, header.currency
            )
            yield from self._effects.of_step(tx, context, stepped, lines, command)
            tx.after_commit(partial(self._record, context, stepped, lines if isinstance(command, Pay) else ()))
            yield from tx.commit()
        return stepped

    def amount(self, context: Context, order_id: str) -> Steps[tuple[int, str]]:
        """What the order costs, in minor units, and the currency: one read."""
        row = yield from self._read(context, order_id)
        return int(row["total_amount"] or 0), str(row["currency"])

    def look(self, context: Context, order_id: str) -> Steps[Glance]:
        """Where the order is, read outside any transaction: one statement."""
        row = yield from self._read(context, order_id)
        payment_id = row["payment_id"]
        return Glance(str(row["status"]), None if payment_id is None else str(payment_id))

    def load(self, context: Context, order_id: str) -> Steps[AnyOrder]:
        """The order as a value of its lifecycle, read outside any transaction."""
        row = yield from self._read(context, order_id)
        of_order = same(order_id=order_id)
        lines = yield from self._shared.store.select(context.call, context.tenant_id, ORDER_LINES, of_order)
        order: AnyOrder = self._machine.restore(row, header_of(row, lines_of(lines)))
        return order

    def _read(self, context: Context, order_id: str) -> Steps[Row]:
        row = yield from self._shared.store.first(context.call, context.tenant_id, ORDERS, same(id=order_id))
        return _for(context, order_id, row)

    def _record(self, context: Context, stepped: Stepped, sold: Sequence[Line] = ()) -> None:
        record, call = self._shared.runtime.record, context.call
        old, new = stepped.old_status, stepped.status
        record("order.changed", call, site=old, outcome=new, value=stepped.version, detail=stepped.id)
        for line in sold:
            record("stock.sold", call, site=line.variant_id, value=line.quantity)


def _for(context: Context, order_id: str, row: Row | None) -> Row:
    """The row of an order that who asks may see. Raises ``OrderNotFound``, ``NotTheBuyer``."""
    if row is None:
        raise OrderNotFound(f"no order {order_id}")
    if not allows(context.scope, context.actor, words_of(row, "customer_id") or None, named=True):
        raise NotTheBuyer(f"order {order_id} is another customer's")
    return row
