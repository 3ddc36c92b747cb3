"""How the platform asks its provider, and what it does when no answer comes."""

from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.commerce.payments.errors import GatewayUnavailable, PaymentUncertain
from rustok_sim.modules.commerce.payments.ports import Charge, Done, Gateway, Request
from rustok_sim.modules.commerce.payments.settings import GatewaySettings


class Asking:
    """Asks at most ``attempts`` times, by the policy for uncertain answers."""

    def __init__(self, gateway: Gateway, settings: GatewaySettings) -> None:
        self._gateway = gateway
        self._policy = settings.on_uncertain
        self._attempts = settings.attempts

    def ask(self, call: Call, request: Request) -> Steps[Done]:
        """What the provider did.

        Raises ``PaymentDeclined``; ``GatewayUnavailable`` when it was never asked; ``PaymentUncertain`` when it may
        have done it, whatever went wrong after that.
        """
        attempts = 1 if self._policy == "fail" else self._attempts
        uncertain = False
        for _ in range(attempts):
            try:
                return (yield from self._once(call, request))
            except PaymentUncertain:
                uncertain = True
            except GatewayUnavailable:
                # What an earlier attempt may have done is not undone by this one never getting there.
                if not uncertain:
                    raise
            if self._policy == "query" and (done := (yield from self.look(call, request))) is not None:
                return done
        raise PaymentUncertain(f"order {request.order_id}: no answer, asked {attempts} times")

    def look(self, call: Call, request: Request) -> Steps[Done | None]:
        """What the provider's books say. Raises ``PaymentUncertain`` when they cannot be seen."""
        for _ in range(self._attempts):
            try:
                return (yield from self._gateway.query(call, request))
            except (PaymentUncertain, GatewayUnavailable):
                continue
        raise PaymentUncertain("the provider's books cannot be seen")

    def _once(self, call: Call, request: Request) -> Steps[Done]:
        if isinstance(request, Charge):
            return self._gateway.charge(call, request)
        return self._gateway.refund(call, request)
