"""Claiming rows of the outbox: one transaction, five round trips, three when there is nothing to do."""

from typing import Final

from rustok_sim.core.data import Row, Store, Where, col, same
from rustok_sim.core.events import RELAYED
from rustok_sim.core.marks import mark
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.outbox.settings import RelaySettings

NOBODY: Final = ""
"""The tenant for whom a relay works: its table has all of them."""


def claim(store: Store, call: Call, settings: RelaySettings, worker: str, now_s: float) -> Steps[list[Row]]:
    """Claim up to a batch of rows for *worker*; the rows, in the order in which they are to be sent.

    RusToK's own steps: select without a lock, update where still unclaimed, select what is now one's own. Raises
    ``DatabaseError``.
    """
    with (yield from store.transaction(call, NOBODY)) as tx:
        ready = yield from tx.select(
            RELAYED,
            (*same(status="pending", claimed_at=None), col("next_attempt_at").unless_above(now_s)),
            order_by=("created_at",),
            limit=settings.batch_rows,
            lock="update" if settings.claim == "skip_locked" else None,
            skip_locked=settings.claim == "skip_locked",
            label="outbox.ready",
        )
        if not ready:
            mark("relay found nothing")
            yield from tx.commit()
            return []
        these = col("id").is_in([row["id"] for row in ready])
        free: Where = (these, *same(claimed_at=None))
        if settings.recheck_status:
            free = (*free, *same(status="pending"))
        claimed: Row = {"claimed_by": worker, "claimed_at": now_s}
        yield from tx.update(RELAYED, claimed, free, label="outbox.claim")
        mine = (these, *same(claimed_by=worker), col("claimed_at").differs(None))
        rows = yield from tx.select(RELAYED, mine, label="outbox.mine")
        yield from tx.commit()
    return sorted(rows, key=_noise if settings.order == "as_is" else _written)


def _written(row: Row) -> tuple[float, str]:
    return float(row["created_at"] or 0.0), str(row["id"])


def _noise(row: Row) -> str:
    # What RusToK reads back comes in the order of the heap, which churn has shuffled: no order to build on. The
    # random part of the ids stands for it.
    return str(row["id"])[-12:]
