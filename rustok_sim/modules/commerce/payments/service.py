"""Taking money for an order, and settling what is uncertain."""

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, same
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.payments.asking import Asking
from rustok_sim.modules.commerce.payments.books import Books, Debt, Taken, Ticket, key_of
from rustok_sim.modules.commerce.payments.errors import (
    GatewayUnavailable,
    PaymentDeclined,
    PaymentNotFound,
    PaymentUncertain,
)
from rustok_sim.modules.commerce.payments.ports import Charge, Done, Gateway
from rustok_sim.modules.commerce.payments.settings import GatewaySettings
from rustok_sim.modules.commerce.payments.states import operation
from rustok_sim.modules.commerce.payments.tables import COLLECTIONS, OPERATIONS, PAYMENTS


class PaymentService:
    """Payments of one node. Between asking the provider and writing down its answer the node may die: a trace stays."""

    def __init__(self, shared: Shared, settings: GatewaySettings, gateway: Gateway) -> None:
        self._shared = shared
        self._journal = settings.journal == "operations"
        self._keys = settings.idempotency_keys
        self._asking = Asking(gateway, settings)
        self._books = Books(shared)

    def collect(self, context: Context, debt: Debt) -> Steps[Taken]:
        """Take what an order owes; of an order that is paid for, the payment there is.

        Raises ``PaymentDeclined``, ``PaymentUncertain``, ``GatewayUnavailable``, ``PaymentInProgress``.
        """
        if not self._journal:
            done = yield from self._asking.ask(
                context.call, self._charge(context, debt, f"order:{debt.order_id}:capture")
            )
            return Taken(done.reference, debt.method, done.amount)
        opened = yield from self._books.open(context, debt)
        if isinstance(opened, Taken):
            return opened
        done = yield from self._ask(context, opened, self._charge(context, debt, key_of(opened.subject_id)))
        succeeded = opened.operation.succeed(done.reference)
        payment_id = yield from self._books.capture(context, opened.subject_id, succeeded, done)
        return Taken(payment_id, debt.method, done.amount)

    def settle(self, context: Context, order_id: str) -> Steps[Taken | None]:
        """What was taken for an order, if anything was; where that is uncertain, the provider's books say it.

        Raises ``PaymentNotFound`` for an order that owes nothing, ``PaymentUncertain`` when the books cannot be seen.
        """
        store, call, tenant_id = self._shared.store, context.call, context.tenant_id
        owed = yield from store.first(call, tenant_id, COLLECTIONS, same(order_id=order_id))
        if owed is None:
            raise PaymentNotFound(f"order {order_id}: nothing was ever asked for it")
        subject_id, debt = str(owed["id"]), _debt_of(owed)
        if owed["status"] == "captured":
            row = yield from store.first(call, tenant_id, PAYMENTS, same(collection_id=subject_id))
            return Taken(str(row["id"]), debt.method, debt.amount) if row else None
        row = yield from store.first(call, tenant_id, OPERATIONS, same(subject_id=subject_id))
        state = operation.restore(row) if row else None
        if not isinstance(state, operation.ReconciliationRequired):
            return None
        done = yield from self._asking.look(call, self._charge(context, debt, key_of(subject_id)))
        if done is None:
            yield from self._books.close(context, state.miss())
            return None
        payment_id = yield from self._books.capture(context, subject_id, state.find(done.reference), done)
        return Taken(payment_id, debt.method, done.amount)

    def _charge(self, context: Context, debt: Debt, key: str) -> Charge:
        return Charge(
            tenant_id=context.tenant_id,
            order_id=debt.order_id,
            amount=debt.amount,
            currency=debt.currency,
            method=debt.method,
            key=key if self._keys else None,
        )

    def _ask(self, context: Context, ticket: Ticket, charge: Charge) -> Steps[Done]:
        """Ask the provider; a no, or no answer, is written down before it is told."""
        try:
            return (yield from self._asking.ask(context.call, charge))
        except (PaymentDeclined, GatewayUnavailable) as error:
            yield from self._books.close(context, ticket.operation.fail(error.code))
            raise
        except PaymentUncertain:
            yield from self._books.close(context, ticket.operation.lose())
            raise


def _debt_of(row: Row) -> Debt:
    return Debt(
        order_id=str(row["order_id"]),
        amount=int(row["amount"] or 0),
        currency=str(row["currency"]),
        method=str(row["method"]),
    )
