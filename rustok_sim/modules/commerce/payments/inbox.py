"""The inbox for the provider's messages: each takes effect once, in whatever order and however often they come."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import TypeAlias

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction, Update, Where, col, same
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.payments.books import Books, payment_of, status_of
from rustok_sim.modules.commerce.payments.errors import KeyReused
from rustok_sim.modules.commerce.payments.ports import Done, Notice
from rustok_sim.modules.commerce.payments.settings import InboxSettings
from rustok_sim.modules.commerce.payments.states import collection, delivery, operation
from rustok_sim.modules.commerce.payments.tables import COLLECTIONS, DELIVERIES, OPERATIONS

WAITING: Where = (col("status").is_in(("received", "failed")),)
Claimed: TypeAlias = tuple[delivery.Processing, Notice]


class TooEarly(Exception):
    """What the message tells of does not fit yet: another message must come first."""


class Unknown(Exception):
    """What the message tells of is nothing of ours, and no repetition makes it so."""


class WebhookInbox:
    """Messages of the provider, written down when they come and worked on later, by whoever claims them."""

    def __init__(self, shared: Shared, settings: InboxSettings) -> None:
        self._shared = shared
        self._settings = settings
        self._books = Books(shared)

    def receive(self, context: Context, notice: Notice) -> Steps[bool]:
        """Write the message down; false if it is there already. One or two statements.

        Raises ``KeyReused`` for another message under a delivery id that is known.
        """
        payload = json.dumps(asdict(notice), sort_keys=True)
        received = delivery.Received.receive(self._shared.ids.new(context.call))
        row: Row = {
            "id": received.id,
            "delivery_id": notice.delivery_id,
            "event_key": f"{notice.kind}:{notice.reference}",
            "payload_hash": sha256(payload.encode()).hexdigest(),
            "payload": payload,
            "status": status_of(received),
            "attempts": received.attempts,
            "received_at": self._shared.runtime.clock(),
        }
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            new = yield from tx.insert(DELIVERIES, row, or_skip=True)
            if not new:
                known = yield from tx.first(DELIVERIES, same(delivery_id=notice.delivery_id))
                if known is not None and known["payload_hash"] != row["payload_hash"]:
                    raise KeyReused(f"delivery {notice.delivery_id} said something else before")
            yield from tx.commit()
        return new

    def work(self, context: Context) -> Steps[list[str]]:
        """Work on what waits in the tenant's inbox; the orders whose money turned out to be ours."""
        captured: list[str] = []
        for claimed, notice in (yield from self._claim(context)):
            try:
                if (yield from self._apply(context, claimed, notice)):
                    captured.append(notice.order_id)
            except TooEarly as error:
                last = claimed.attempts >= self._settings.attempts
                yield from self._put(context, claimed.bury(str(error)) if last else claimed.fail(str(error)))
            except Unknown as error:
                yield from self._put(context, claimed.bury(str(error)))
        return captured

    def _claim(self, context: Context) -> Steps[list[Claimed]]:
        """Take what waits, and what a worker has left lying beyond its lease."""
        now, batch = self._shared.runtime.clock(), self._settings.batch
        left = (*same(status="processing"), col("lease_until").at_most(now))
        claimed: list[Claimed] = []
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            for where in (WAITING, left):
                rows = yield from tx.select(
                    DELIVERIES, where, order_by=("received_at", "id"), limit=batch, lock="update", skip_locked=True
                )
                for row in rows:
                    state = _claimed(delivery.restore(row), until_s=now + self._settings.lease_s)
                    yield from tx.update(DELIVERIES, _columns(state), same(id=state.id))
                    claimed.append((state, Notice(**json.loads(str(row["payload"])))))
            yield from tx.commit()
        return claimed

    def _apply(self, context: Context, claimed: delivery.Processing, notice: Notice) -> Steps[bool]:
        """The message's effect and its end, in one transaction; whether money turned out to be ours."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from tx.first(COLLECTIONS, same(order_id=notice.order_id), lock="update")
            if row is None:
                raise Unknown(f"order {notice.order_id} owes nothing")
            owed = collection.restore(row)
            if notice.kind == "payment.authorized":
                yield from self._authorize(tx, owed)
                captured = False
            else:
                captured = yield from self._capture(tx, context, owed, notice)
            processed = claimed.finish()
            yield from tx.update(DELIVERIES, _columns(processed), _mine(claimed))
            yield from tx.commit()
        return captured

    def _authorize(self, tx: Transaction, owed: collection.Collection) -> Steps[None]:
        if isinstance(owed, collection.Cancelled):
            raise Unknown(f"collection {owed.id} is cancelled")
        if isinstance(owed, collection.Pending):
            authorized = owed.authorize(at_s=self._shared.runtime.clock())
            changes: Row = {"status": status_of(authorized), "authorized_at": authorized.authorized_at_s}
            yield from tx.update(COLLECTIONS, changes, same(id=owed.id))

    def _capture(self, tx: Transaction, context: Context, owed: collection.Collection, notice: Notice) -> Steps[bool]:
        match owed:
            case collection.Pending():
                raise TooEarly(f"collection {owed.id} is not authorized yet")
            case collection.Captured():
                if (yield from payment_of(tx, owed.id)).reference != notice.reference:
                    raise Unknown(f"order {notice.order_id} is charged a second time: {notice.reference}")
                return False
            case collection.Authorized():
                now = self._shared.runtime.clock()
                done = Done(reference=notice.reference, amount=notice.amount, at_s=now)
                yield from self._books.take(tx, context, owed.id, done)
                yield from self._settle(tx, owed.id, notice.reference)
                captured = owed.capture(at_s=now)
                changes: Row = {"status": status_of(captured), "captured_at": captured.captured_at_s}
                yield from tx.update(COLLECTIONS, changes, same(id=owed.id))
                return True
        raise Unknown(f"collection {owed.id} is cancelled")

    def _settle(self, tx: Transaction, collection_id: str, reference: str) -> Steps[None]:
        """What was asked of the provider has been done, whether or not its answer is still awaited."""
        row = yield from tx.first(OPERATIONS, same(subject_id=collection_id))
        match operation.restore(row) if row else None:
            case operation.Executing() as asked:
                yield from self._books.commit_operation(tx, asked.succeed(reference))
            case operation.ReconciliationRequired() as lost:
                yield from self._books.commit_operation(tx, lost.find(reference))

    def _put(self, context: Context, state: delivery.Failed | delivery.DeadLetter) -> Steps[None]:
        columns: Mapping[str, str | int | float | None] = {**_columns(state), "last_error": state.error[:255]}
        statement = Update(DELIVERIES, columns, same(id=state.id, status="processing", attempts=state.attempts))
        yield from self._shared.store.run(context.call, context.tenant_id, statement)


def _claimed(state: delivery.Delivery, *, until_s: float) -> delivery.Processing:
    match state:
        case delivery.Received() | delivery.Failed():
            return state.claim(until_s=until_s)
        case delivery.Processing():
            return state.reclaim(until_s=until_s)
    raise TypeError(f"nobody selects what is {status_of(state)}")


def _columns(state: delivery.Delivery) -> Row:
    until_s = state.lease_until_s if isinstance(state, delivery.Processing) else None
    return {"status": status_of(state), "attempts": state.attempts, "lease_until": until_s}


def _mine(claimed: delivery.Processing) -> Where:
    """Still this worker's: whoever took over has raised the number of attempts."""
    return same(id=claimed.id, status="processing", attempts=claimed.attempts)
