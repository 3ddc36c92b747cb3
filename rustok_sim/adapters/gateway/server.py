"""The provider itself: it decides, writes down, and may fail to say so."""

from typing import Final

from rustok_sim.adapters.gateway.ledger import Entry, Ledger
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.modules.commerce.payments import Charge, Done, GatewaySettings, Notice, SendBack

DECLINE: Final = "gateway.decline"
UNCERTAIN: Final = "gateway.uncertain"


class GatewayServer:
    """One object stands for the provider; all nodes share it. Requests arrive by a wire, and so may break on the way.

    Of each charge it also tells by messages, ``notices``, which somebody has to deliver: once or more, soon or late.
    """

    def __init__(self, settings: GatewaySettings) -> None:
        self.settings = settings
        self.ledger = Ledger()
        self.notices: list[Notice] = []

    def charge(self, runtime: Runtime, call: Call, charge: Charge) -> Steps[Done | None]:
        """Take the money, or decline: ``None``. A key that is known gets its answer again, and nothing else happens."""
        entry = self.ledger.known(charge)
        if entry is None:
            declined = runtime.uniform(DECLINE, call) < self.settings.decline_ratio
            entry = self.ledger.enter(charge, accepted=not declined, at_s=runtime.now())
            self._record(runtime, call, charge, entry)
            if entry.accepted:
                self._tell(charge, entry)
                if runtime.uniform(UNCERTAIN, call) < self.settings.uncertain_ratio:
                    yield from self._dawdle(runtime)
        return entry.answer

    def refund(self, runtime: Runtime, call: Call, refund: SendBack) -> Steps[Done | None]:
        """Send the money back, or decline when so much is not there."""
        yield from ()
        entry = self.ledger.known(refund)
        if entry is None:
            enough = refund.amount <= self.ledger.left_of(refund.reference)
            entry = self.ledger.enter(refund, accepted=enough, at_s=runtime.now())
            if enough:
                runtime.record("payment.refunded", call, value=refund.amount, detail=refund.order_id)
        return entry.answer

    def _record(self, runtime: Runtime, call: Call, charge: Charge, entry: Entry) -> None:
        kind = "payment.charged" if entry.accepted else "payment.declined"
        runtime.record(kind, call, site=entry.reference, value=charge.amount, detail=charge.order_id)

    def _dawdle(self, runtime: Runtime) -> Steps[None]:
        """The deed is done, and the answer does not come, or comes late."""
        if self.settings.answer_late_s is None:
            yield from runtime.signal().wait()
        else:
            yield from runtime.sleep(self.settings.answer_late_s)

    def _tell(self, charge: Charge, entry: Entry) -> None:
        for kind in ("payment.authorized", "payment.captured"):
            notice = Notice(
                delivery_id=f"{entry.reference}:{kind}",
                kind=kind,
                tenant_id=charge.tenant_id,
                order_id=charge.order_id,
                reference=entry.reference,
                amount=charge.amount,
            )
            self.notices.append(notice)
