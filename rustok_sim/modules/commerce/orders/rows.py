"""Between rows of ``orders`` and the values of a lifecycle."""

from collections.abc import Sequence
from typing import Final

from rustok_sim.core.data import Row, Value
from rustok_sim.modules.commerce.orders.records import Header, Line, Parcel, Receipt

_BLANK: Final[Row] = {
    "confirmed_at": None,
    "paid_at": None,
    "payment_id": None,
    "payment_method": None,
    "shipped_at": None,
    "tracking_number": None,
    "carrier": None,
    "delivered_at": None,
    "delivered_signature": None,
    "cancelled_at": None,
    "cancellation_reason": None,
}
"""The columns that a state decides, besides ``status``."""


def columns(status: str, **known: Value) -> Row:
    """All columns that a state decides: those it knows, and null for the rest."""
    return {"status": status, **_BLANK, **known}


def changes(row: Row, state: Row) -> Row:
    """What must be written so that *row* tells of *state*."""
    return {name: value for name, value in state.items() if row[name] != value}


def row_of(header: Header, state: Row) -> Row:
    """The row of a new order in the state that *state* gives the columns of."""
    return {
        "id": header.id,
        "customer_id": header.customer_id,
        "currency": header.currency,
        "total_amount": header.total,
        "version": 1,
        "created_at": header.placed_at_s,
        "updated_at": header.placed_at_s,
        **state,
    }


def line_row(order_id: str, position: int, line: Line) -> Row:
    """The row of an order's line at this place."""
    return {
        "order_id": order_id,
        "position": position,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
    }


def lines_of(rows: Sequence[Row]) -> tuple[Line, ...]:
    """An order's lines."""
    return tuple(
        Line(
            variant_id=str(row["variant_id"]),
            product_id=str(row["product_id"]),
            title=str(row["title"]),
            quantity=int(row["quantity"] or 0),
            unit_price=int(row["unit_price"] or 0),
        )
        for row in rows
    )


def header_of(row: Row, lines: tuple[Line, ...]) -> Header:
    """What never changes in the order's life."""
    return Header(
        id=str(row["id"]),
        tenant_id=str(row["tenant_id"]),
        customer_id=words_of(row, "customer_id") or None,
        total=int(row["total_amount"] or 0),
        currency=str(row["currency"]),
        placed_at_s=moment_of(row, "created_at"),
        lines=lines,
    )


def receipt_of(row: Row) -> Receipt:
    """The payment that the row remembers."""
    payment_id, method = words_of(row, "payment_id"), words_of(row, "payment_method")
    return Receipt(payment_id=payment_id, method=method, at_s=moment_of(row, "paid_at"))


def parcel_of(row: Row) -> Parcel:
    """The parcel that the row remembers."""
    number, carrier = words_of(row, "tracking_number"), words_of(row, "carrier")
    return Parcel(tracking_number=number, carrier=carrier, at_s=moment_of(row, "shipped_at"))


def receipt_columns(receipt: Receipt) -> Row:
    """Where a row keeps a payment."""
    return {"paid_at": receipt.at_s, "payment_id": receipt.payment_id, "payment_method": receipt.method}


def parcel_columns(parcel: Parcel) -> Row:
    """Where a row keeps a parcel."""
    return {"shipped_at": parcel.at_s, "tracking_number": parcel.tracking_number, "carrier": parcel.carrier}


def moment_of(row: Row, name: str) -> float:
    """A moment that the state says is known; a row written without looking may lack it, and then it is the start."""
    return float(row[name] or 0.0)


def words_of(row: Row, name: str) -> str:
    """A text that the state says is known, as :func:`moment_of`: blank where it is not."""
    return str(row[name] or "")
