"""What the platform writes down of its dealings with the provider: before it asks, and after."""

from typing import NamedTuple

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction, Update, Where, col, same
from rustok_sim.core.lifecycle import InvalidTransition, status_word
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.core.values import value
from rustok_sim.modules.commerce.payments.errors import PaymentInProgress, PaymentNotFound, PaymentUncertain
from rustok_sim.modules.commerce.payments.ports import Done
from rustok_sim.modules.commerce.payments.states import collection, operation, payment
from rustok_sim.modules.commerce.payments.tables import COLLECTIONS, OPERATIONS, PAYMENTS, PROVIDER


@value(frozen=True, slots=True, kw_only=True)
class Debt:
    """What an order owes, in minor units, and how it is to be paid."""

    order_id: str
    amount: int
    currency: str
    method: str


class Taken(NamedTuple):
    """Money that is ours."""

    payment_id: str
    method: str
    amount: int


class Ticket(NamedTuple):
    """An operation that is about to be asked for, or has been."""

    subject_id: str
    operation: operation.Executing


def status_of(state: object) -> str:
    """The word for a state in the column ``status``."""
    return status_word(type(state).__name__)


class Books:
    """Collections, payments and operations of one node's requests. Each method is one transaction, or one statement."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def open(self, context: Context, debt: Debt) -> Steps[Ticket | Taken]:
        """Write down what is owed and that it is about to be asked for; what was taken before, if it was.

        Raises ``PaymentInProgress``, ``PaymentUncertain`` when an earlier attempt has to be settled first,
        ``InvalidTransition`` when nothing is owed any more.
        """
        shared, now = self._shared, self._shared.runtime.clock()
        new = collection.Pending.open(shared.ids.new(context.call))
        row: Row = {
            "id": new.id,
            "order_id": debt.order_id,
            "status": status_of(new),
            "amount": debt.amount,
            "currency": debt.currency,
            "method": debt.method,
            "created_at": now,
        }
        with (yield from shared.store.transaction(context.call, context.tenant_id)) as tx:
            if not (yield from tx.insert(COLLECTIONS, row, or_skip=True)):
                known = yield from self._again(tx, debt)
                if isinstance(known, Ticket):
                    yield from tx.commit()
                return known
            ticket = yield from self.plan(tx, context, new.id, key_of(new.id))
            yield from tx.commit()
            return ticket

    def plan(self, tx: Transaction, context: Context, subject_id: str, key: str) -> Steps[Ticket]:
        """Write down one thing that is about to be asked of the provider."""
        now = self._shared.runtime.clock()
        asked = operation.Pending.plan(self._shared.ids.new(context.call)).execute()
        row: Row = {
            "id": asked.id,
            "provider": PROVIDER,
            "operation_key": key,
            "subject_id": subject_id,
            "status": status_of(asked),
            "attempts": asked.attempts,
            "created_at": now,
            "updated_at": now,
        }
        yield from tx.insert(OPERATIONS, row)
        return Ticket(subject_id, asked)

    def _again(self, tx: Transaction, debt: Debt) -> Steps[Ticket | Taken]:
        """Another attempt for the same order: whether it may be made depends on what became of the last one."""
        row = yield from tx.first(COLLECTIONS, same(order_id=debt.order_id), lock="update")
        if row is None:
            raise PaymentNotFound(f"order {debt.order_id}: what it owed is gone")
        owed = collection.restore(row)
        if isinstance(owed, collection.Captured):
            taken = yield from payment_of(tx, owed.id)
            return Taken(taken.id, str(row["method"]), taken.amount)
        if isinstance(owed, collection.Cancelled):
            raise InvalidTransition(status_of(owed), "capture")
        last_row = yield from tx.first(OPERATIONS, same(subject_id=owed.id))
        match operation.restore(last_row) if last_row else None:
            case operation.ProviderError() as failed:
                asked = failed.execute()
                yield from tx.update(OPERATIONS, self._operation_columns(asked), same(id=asked.id))
                return Ticket(owed.id, asked)
            case operation.ReconciliationRequired():
                raise PaymentUncertain(f"order {debt.order_id}: what became of its payment is not settled")
        raise PaymentInProgress(f"order {debt.order_id} is being paid for")

    def capture(self, context: Context, subject_id: str, state: operation.ProviderSucceeded, done: Done) -> Steps[str]:
        """Write down that the money is ours; the payment's id. What is written down already stays as it is."""
        shared, now = self._shared, self._shared.runtime.clock()
        with (yield from shared.store.transaction(context.call, context.tenant_id)) as tx:
            payment_id = yield from self.take(tx, context, subject_id, done)
            yield from self.commit_operation(tx, state)
            settled = collection.Pending.open(subject_id).authorize(at_s=now).capture(at_s=now)
            changes: Row = {"status": status_of(settled), "authorized_at": now, "captured_at": now}
            yield from tx.update(COLLECTIONS, changes, (*same(id=subject_id), OPEN))
            yield from tx.commit()
        return payment_id

    def take(self, tx: Transaction, context: Context, collection_id: str, done: Done) -> Steps[str]:
        """Write down the money that the provider has taken, once for each of its references; the payment's id."""
        taken = payment.Authorized.take_note(
            self._shared.ids.new(context.call), reference=done.reference, amount=done.amount
        ).capture(at_s=done.at_s)
        row: Row = {
            "id": taken.id,
            "collection_id": collection_id,
            "provider_reference": taken.reference,
            "status": status_of(taken),
            "amount": taken.amount,
            "captured_at": taken.captured_at_s,
        }
        if (yield from tx.insert(PAYMENTS, row, or_skip=True)):
            return taken.id
        return (yield from payment_of(tx, collection_id)).id

    def commit_operation(self, tx: Transaction, state: operation.ProviderSucceeded) -> Steps[None]:
        """What the provider did is in our books too."""
        done = state.commit()
        columns = {**self._operation_columns(done), "provider_reference": done.reference}
        yield from tx.update(OPERATIONS, columns, same(id=done.id))

    def close(self, context: Context, state: operation.ProviderError | operation.ReconciliationRequired) -> Steps[None]:
        """Write down that nothing came of an operation, or that nobody knows: one statement."""
        columns = self._operation_columns(state)
        if isinstance(state, operation.ProviderError):
            columns["last_error"] = state.error
        statement = Update(OPERATIONS, columns, (*same(id=state.id), UNSETTLED))
        yield from self._shared.store.run(context.call, context.tenant_id, statement)

    def _operation_columns(self, state: operation.Operation) -> Row:
        return {"status": status_of(state), "attempts": state.attempts, "updated_at": self._shared.runtime.clock()}


OPEN = col("status").is_in(("pending", "authorized"))
UNSETTLED = col("status").is_in(("executing", "reconciliation_required"))


def key_of(collection_id: str) -> str:
    """The successor's key for taking what a collection is about."""
    return f"payment_collection:{collection_id}:capture"


def payment_of(tx: Transaction, collection_id: str) -> Steps[payment.Payment]:
    """The payment of a collection that says it has one. Raises ``PaymentNotFound``."""
    where: Where = same(collection_id=collection_id)
    row = yield from tx.first(PAYMENTS, where)
    if row is None:
        raise PaymentNotFound(f"payment collection {collection_id} has no payment")
    return payment.restore(row)
