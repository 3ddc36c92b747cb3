"""One node's way to the payment provider."""

from collections.abc import Callable

from rustok_sim.adapters.gateway.server import GatewayServer
from rustok_sim.core.errors import TimedOut, WireError
from rustok_sim.core.ports import Call, Runtime, Steps, T, Wire
from rustok_sim.modules.commerce.payments import (
    Charge,
    Done,
    GatewaySettings,
    GatewayUnavailable,
    PaymentDeclined,
    PaymentUncertain,
    Request,
    SendBack,
)


class GatewayClient:
    """Speaks to the provider on a connection of its own for each request, as HTTPS without keep-alive does.

    Until the connection stands, a failure means that nothing was asked. After that it means that nobody knows: a
    broken connection, an error in place of an answer, and silence are all alike.
    """

    def __init__(self, runtime: Runtime, wire: Wire, server: GatewayServer, settings: GatewaySettings) -> None:
        self._runtime = runtime
        self._wire = wire
        self._server = server
        self._timeout_s = settings.timeout_s

    def charge(self, call: Call, charge: Charge) -> Steps[Done]:
        """Take money. Raises ``PaymentDeclined``, ``PaymentUncertain``, ``GatewayUnavailable``."""
        done = yield from self._ask(call, "charge", charge, lambda: self._server.charge(self._runtime, call, charge))
        if done is None:
            raise PaymentDeclined(f"order {charge.order_id}: the provider declines {charge.amount} {charge.currency}")
        return done

    def refund(self, call: Call, refund: SendBack) -> Steps[Done]:
        """Send money back. Raises ``PaymentDeclined``, ``PaymentUncertain``, ``GatewayUnavailable``."""
        done = yield from self._ask(call, "refund", refund, lambda: self._server.refund(self._runtime, call, refund))
        if done is None:
            raise PaymentDeclined(f"order {refund.order_id}: the provider sends no {refund.amount} back")
        return done

    def query(self, call: Call, request: Request) -> Steps[Done | None]:
        """What the provider's books say. Raises ``PaymentUncertain``, ``GatewayUnavailable``."""
        return (yield from self._ask(call, "query", request, lambda: self._look(request)))

    def _look(self, request: Request) -> Steps[Done | None]:
        yield from ()
        entry = self._server.ledger.find(request)
        return None if entry is None else entry.answer

    def _ask(self, call: Call, what: str, request: Request, work: Callable[[], Steps[T]]) -> Steps[T]:
        begin_s, outcome = self._runtime.now(), "dropped"
        try:
            answer = yield from self._answer(call, what, request, work)
            outcome = "ok"
        except (GatewayUnavailable, PaymentUncertain) as error:
            outcome = "unavailable" if isinstance(error, GatewayUnavailable) else "uncertain"
            raise
        finally:
            self._runtime.record(
                "payment.called", call, site=what, outcome=outcome, begin_s=begin_s, detail=request.order_id
            )
        return answer

    def _answer(self, call: Call, what: str, request: Request, work: Callable[[], Steps[T]]) -> Steps[T]:
        try:
            session = yield from self._runtime.within(self._timeout_s, self._wire.connect(call))
        except (WireError, TimedOut) as error:
            raise GatewayUnavailable(f"the payment provider cannot be reached: {error}") from None
        try:
            return (yield from self._runtime.within(self._timeout_s, self._wire.ask(call, session, work, what)))
        except (WireError, TimedOut) as error:
            self._runtime.record("payment.uncertain", call, value=request.amount, detail=request.order_id)
            raise PaymentUncertain(f"order {request.order_id}: no answer of the payment provider: {error}") from None
