"""What one may ask of an order, as values: the same for every lifecycle, whatever it calls its steps."""

from typing import ClassVar, Literal, TypeAlias

from rustok_sim.core.data import Row
from rustok_sim.core.values import value
from rustok_sim.modules.commerce.orders.records import Parcel, Receipt
from rustok_sim.modules.commerce.orders.rows import parcel_columns, receipt_columns

Action: TypeAlias = Literal["submit", "pay", "ship", "deliver", "cancel"]


@value(frozen=True, slots=True)
class Submit:
    """The customer means it: the lines stand, stock is put by, money is due. RusToK's word is *confirm*."""

    action: ClassVar[Action] = "submit"
    at_s: float

    def columns(self) -> Row:
        """What a service writes that does not look at the order's state."""
        return {"confirmed_at": self.at_s}


@value(frozen=True, slots=True)
class Pay:
    """The money is there."""

    action: ClassVar[Action] = "pay"
    receipt: Receipt

    def columns(self) -> Row:
        """What a service writes that does not look at the order's state."""
        return receipt_columns(self.receipt)


@value(frozen=True, slots=True)
class Ship:
    """The goods have left."""

    action: ClassVar[Action] = "ship"
    parcel: Parcel

    def columns(self) -> Row:
        """What a service writes that does not look at the order's state."""
        return parcel_columns(self.parcel)


@value(frozen=True, slots=True)
class Deliver:
    """The customer has the goods, and may have signed for them."""

    action: ClassVar[Action] = "deliver"
    at_s: float
    signature: str | None = None

    def columns(self) -> Row:
        """What a service writes that does not look at the order's state."""
        return {"delivered_at": self.at_s, "delivered_signature": self.signature}


@value(frozen=True, slots=True)
class Cancel:
    """Nothing will come of it."""

    action: ClassVar[Action] = "cancel"
    at_s: float
    reason: str = ""

    def columns(self) -> Row:
        """What a service writes that does not look at the order's state."""
        return {"cancelled_at": self.at_s, "cancellation_reason": self.reason}


Command: TypeAlias = Submit | Pay | Ship | Deliver | Cancel
