"""What payments ask of a provider, and what the provider says of its own accord."""

from typing import Literal, Protocol, TypeAlias

from rustok_sim.core.ports import Call, Steps
from rustok_sim.core.values import value


@value(frozen=True, slots=True, kw_only=True)
class Charge:
    """Take *amount* minor units for an order. With a *key*, the provider does it once however often it is asked."""

    tenant_id: str
    order_id: str
    amount: int
    currency: str
    method: str
    key: str | None = None


@value(frozen=True, slots=True, kw_only=True)
class SendBack:
    """Send back *amount* minor units of what was taken under *reference*."""

    order_id: str
    reference: str
    amount: int
    key: str | None = None


Request: TypeAlias = Charge | SendBack


@value(frozen=True, slots=True, kw_only=True)
class Done:
    """The provider did it: its own *reference* of what it did."""

    reference: str
    amount: int
    at_s: float


class Gateway(Protocol):
    """A payment provider. All methods raise ``GatewayUnavailable`` and ``PaymentUncertain``."""

    def charge(self, call: Call, charge: Charge) -> Steps[Done]:
        """Take money, authorized and captured in one. Raises ``PaymentDeclined``."""
        ...

    def refund(self, call: Call, refund: SendBack) -> Steps[Done]:
        """Send money back. Raises ``PaymentDeclined``."""
        ...

    def query(self, call: Call, request: Request) -> Steps[Done | None]:
        """What the provider's books say of a request: by its key, or without one by its order, the first there is."""
        ...


@value(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message of the provider: what became of an order's money. It may come late, twice, or in the wrong order."""

    delivery_id: str
    """The same for each repetition of one message."""
    kind: Literal["payment.authorized", "payment.captured"]
    tenant_id: str
    order_id: str
    reference: str
    amount: int
