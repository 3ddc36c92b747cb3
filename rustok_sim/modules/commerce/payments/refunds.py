"""Sending money back: never more than was taken, and once for each key."""

from hashlib import sha256

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction, Update, same
from rustok_sim.core.errors import UniqueViolation, Validation
from rustok_sim.core.lifecycle import InvalidTransition
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.payments.asking import Asking
from rustok_sim.modules.commerce.payments.books import Books, Ticket, payment_of, status_of
from rustok_sim.modules.commerce.payments.errors import (
    GatewayUnavailable,
    KeyReused,
    PaymentDeclined,
    PaymentInProgress,
    PaymentNotFound,
    PaymentUncertain,
    RefundTooLarge,
)
from rustok_sim.modules.commerce.payments.ports import Gateway, SendBack
from rustok_sim.modules.commerce.payments.settings import GatewaySettings
from rustok_sim.modules.commerce.payments.states import payment
from rustok_sim.modules.commerce.payments.states import refund as states
from rustok_sim.modules.commerce.payments.tables import COLLECTIONS, REFUNDS


class RefundService:
    """Refunds of one node."""

    def __init__(self, shared: Shared, settings: GatewaySettings, gateway: Gateway) -> None:
        self._shared = shared
        self._keys = settings.idempotency_keys
        self._asking = Asking(gateway, settings)
        self._books = Books(shared)

    def refund(self, context: Context, order_id: str, *, amount: int, key: str) -> Steps[states.Refunded]:
        """Send *amount* minor units of an order's money back. The same *key* again gives the refund it gave before.

        Raises ``Validation``, ``PaymentNotFound``, ``RefundTooLarge``, ``KeyReused`` (for another amount),
        ``PaymentInProgress``, ``PaymentDeclined``, ``GatewayUnavailable``, ``PaymentUncertain``.
        """
        if amount <= 0 or not key.strip():
            raise Validation("a refund has an amount above zero and a key")
        shared = self._shared
        with (yield from shared.store.transaction(context.call, context.tenant_id)) as tx:
            taken = yield from self._locked(tx, order_id)
            rows = yield from tx.select(REFUNDS, same(payment_id=taken.id))
            known = _known(rows, key, _hash_of(order_id, amount))
            if known is not None:
                return known
            if amount > taken.amount - sum(int(row["amount"] or 0) for row in rows if row["status"] != "cancelled"):
                raise RefundTooLarge(f"order {order_id}: {amount} is more than is left of {taken.amount}")
            promised = states.Pending.promise(shared.ids.new(context.call), amount=amount)
            yield from self._promise(tx, promised, taken, key, _hash_of(order_id, amount))
            ticket = yield from self._books.plan(tx, context, promised.id, f"payment_refund:{promised.id}")
            yield from tx.commit()
        return (yield from self._carry_out(context, promised, ticket, self._request(order_id, taken, promised)))

    def _locked(self, tx: Transaction, order_id: str) -> Steps[payment.Captured]:
        """The order's money, with the lock under which all its refunds are counted."""
        row = yield from tx.first(COLLECTIONS, same(order_id=order_id), lock="update")
        if row is None:
            raise PaymentNotFound(f"order {order_id}: nothing was ever taken for it")
        taken = yield from payment_of(tx, str(row["id"]))
        if not isinstance(taken, payment.Captured):
            raise InvalidTransition(status_of(taken), "refund")
        return taken

    def _promise(
        self, tx: Transaction, promised: states.Pending, taken: payment.Captured, key: str, request_hash: str
    ) -> Steps[None]:
        row: Row = {
            "id": promised.id,
            "payment_id": taken.id,
            "creation_key": key,
            "request_hash": request_hash,
            "status": status_of(promised),
            "amount": promised.amount,
            "created_at": self._shared.runtime.clock(),
        }
        try:
            yield from tx.insert(REFUNDS, row)
        except UniqueViolation:
            raise KeyReused(f"the key {key} was used for another order") from None

    def _request(self, order_id: str, taken: payment.Captured, promised: states.Pending) -> SendBack:
        key = f"payment_refund:{promised.id}" if self._keys else None
        return SendBack(order_id=order_id, reference=taken.reference, amount=promised.amount, key=key)

    def _carry_out(
        self, context: Context, promised: states.Pending, ticket: Ticket, request: SendBack
    ) -> Steps[states.Refunded]:
        try:
            done = yield from self._asking.ask(context.call, request)
        except (PaymentDeclined, GatewayUnavailable) as error:
            yield from self._books.close(context, ticket.operation.fail(error.code))
            cancelled = promised.cancel(at_s=self._shared.runtime.clock())
            columns: Row = {"status": status_of(cancelled), "cancelled_at": cancelled.cancelled_at_s}
            statement = Update(REFUNDS, columns, same(id=cancelled.id))
            yield from self._shared.store.run(context.call, context.tenant_id, statement)
            raise
        except PaymentUncertain:
            # Promised it stays: what may have gone back counts until somebody knows.
            yield from self._books.close(context, ticket.operation.lose())
            raise
        refunded = promised.complete(at_s=done.at_s)
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            changes: Row = {"status": status_of(refunded), "refunded_at": refunded.refunded_at_s}
            yield from tx.update(REFUNDS, changes, same(id=refunded.id))
            yield from self._books.commit_operation(tx, ticket.operation.succeed(done.reference))
            yield from tx.commit()
        return refunded


def _known(rows: list[Row], key: str, request_hash: str) -> states.Refunded | None:
    """What the key gave before, if it was used before."""
    row = next((row for row in rows if row["creation_key"] == key), None)
    if row is None:
        return None
    if row["request_hash"] != request_hash:
        raise KeyReused(f"the key {key} was used for another refund")
    match states.restore(row):
        case states.Refunded() as refunded:
            return refunded
        case states.Cancelled():
            raise PaymentDeclined(f"the refund {row['id']} was refused")
    raise PaymentInProgress(f"the refund {row['id']} is under way, or has to be settled")


def _hash_of(order_id: str, amount: int) -> str:
    return sha256(f"{order_id}|{amount}".encode()).hexdigest()
