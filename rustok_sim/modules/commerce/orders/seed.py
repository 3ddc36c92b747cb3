"""Orders that exist before a run, as rows: the same for the same tenant and number, so that pickers know their ids."""

from collections.abc import Sequence

from rustok_sim.core.data import Row, Table
from rustok_sim.core.ids import named_id
from rustok_sim.modules.commerce.orders.commands import Command, Pay, Ship, Submit
from rustok_sim.modules.commerce.orders.machines import MACHINES
from rustok_sim.modules.commerce.orders.records import Header, Line, Parcel, Receipt
from rustok_sim.modules.commerce.orders.rows import line_row, row_of
from rustok_sim.modules.commerce.orders.settings import LifecycleName
from rustok_sim.modules.commerce.orders.tables import ORDER_LINES, ORDERS

STEPS: Sequence[Command] = (
    Submit(0.0),
    Pay(Receipt(payment_id="paid before the run", method="credit_card", at_s=0.0)),
    Ship(Parcel(tracking_number="sent before the run", carrier="DHL", at_s=0.0)),
)


def order_id(tenant_id: str, number: int) -> str:
    """The order of this number; numbers count from 0 within the tenant."""
    return named_id("order", tenant_id, number)


def buyer_id(tenant_id: str, number: int) -> str:
    """Who buys in the order of this number: the tenant's user of the same number."""
    return named_id("user", tenant_id, number)


def order_rows(
    tenant_id: str, lines: Sequence[Line], *, lifecycle: LifecycleName, steps: int, currency: str = "EUR"
) -> dict[Table, list[Row]]:
    """One order for each line, numbered in their order, after so many of the steps submit, pay and ship.

    Nothing was put by for them when they were submitted.
    """
    machine = MACHINES[lifecycle]
    rows: dict[Table, list[Row]] = {ORDERS: [], ORDER_LINES: []}
    of_tenant: Row = {"tenant_id": tenant_id}
    for number, line in enumerate(lines):
        header = Header(
            id=order_id(tenant_id, number),
            tenant_id=tenant_id,
            customer_id=buyer_id(tenant_id, number),
            total=line.total,
            currency=currency,
            placed_at_s=0.0,
            lines=(line,),
        )
        row = row_of(header, machine.first(header))
        for command in STEPS[:steps]:
            row = {**row, **machine.after(row, header, command)}
        rows[ORDERS].append(row | of_tenant)
        rows[ORDER_LINES].append(line_row(header.id, 0, line) | of_tenant)
    return rows
