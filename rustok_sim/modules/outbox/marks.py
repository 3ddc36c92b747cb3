"""What becomes of a claimed row: done, waiting for its next attempt, or dead."""

from collections.abc import Sequence
from typing import Final

from rustok_sim.core.data import Row, Store, Update, Value, Where, col, same
from rustok_sim.core.errors import NotFound
from rustok_sim.core.events import RELAYED
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.outbox.claims import NOBODY
from rustok_sim.modules.outbox.settings import RelaySettings

LONGEST_ERROR: Final = 2048
"""Characters that fit into ``last_error``."""
UNCLAIMED: Final[Row] = {"claimed_by": None, "claimed_at": None}


class RowGone(NotFound):
    """A row that was claimed is not there any more."""

    code = "outbox_row_gone"


def done(now_s: float) -> Row:
    """The columns of a row whose event the target has taken."""
    return {
        "status": "dispatched",
        "dispatched_at": now_s,
        "last_error": None,
        "next_attempt_at": None,
        **UNCLAIMED,
    }


def failed(row: Row, settings: RelaySettings, problem: str, now_s: float, wait_s: float) -> Row:
    """The columns of a row whose event was not taken: it waits, or has used up its attempts and is dead."""
    if int(row["retry_count"] or 0) + 1 >= settings.max_attempts:
        return dead(row, settings, problem, now_s)
    return {**_failure(row, settings, problem), "status": "pending", "next_attempt_at": now_s + wait_s}


def dead(row: Row, settings: RelaySettings, problem: str, now_s: float) -> Row:
    """The columns of a row that is given up, until it is raised again if the settings say so."""
    again_s = None if settings.redrive_after_s is None else now_s + settings.redrive_after_s
    return {**_failure(row, settings, problem), "status": "failed", "next_attempt_at": again_s}


def held_back(row: Row, until_s: float) -> Row:
    """The columns of a row that waits for an earlier one of its entity, with none of its attempts used."""
    return {"retry_count": row["retry_count"], "status": "pending", "next_attempt_at": until_s, **UNCLAIMED}


def _failure(row: Row, settings: RelaySettings, problem: str) -> Row:
    # As built, a longer text than fits makes the database refuse the mark.
    text = problem[:LONGEST_ERROR] if settings.row_errors == "isolated" else problem
    return {"retry_count": int(row["retry_count"] or 0) + 1, "last_error": text, **UNCLAIMED}


def load(store: Store, call: Call, row: Row) -> Steps[None]:
    """Look that *row* is there still: RusToK loads it before it writes it. Raises ``RowGone``, ``DatabaseError``."""
    if (yield from store.first(call, NOBODY, RELAYED, same(id=row["id"]), label="outbox.load")) is None:
        raise RowGone(f"no row {row['id']} in the outbox")


def write(store: Store, call: Call, row: Row, changes: Row, *, fenced: bool) -> Steps[bool]:
    """Write *changes* on *row*, a statement on its own.

    *fenced*: only if the claim still is the one that *row* was read with; false if it is not. Raises
    ``DatabaseError``.
    """
    this: Where = same(id=row["id"])
    if fenced:
        this = (*this, *same(claimed_by=row["claimed_by"], claimed_at=row["claimed_at"]))
    result = yield from store.run(call, NOBODY, Update(RELAYED, changes, this, label="outbox.mark"))
    return result.count == 1


def write_together(
    store: Store, call: Call, rows: Sequence[Row], changes: Row, *, fenced: bool
) -> Steps[frozenset[Value]]:
    """Write *changes* on all *rows*, a statement for all that were claimed at once; the ids of those that have them.

    As :func:`write`, *fenced* rows only if their claim still is the one they were read with. Raises ``DatabaseError``.
    """
    claims: dict[tuple[Value, Value], list[Value]] = {}
    for row in rows:
        claims.setdefault((row["claimed_by"], row["claimed_at"]), []).append(row["id"])
    kept: list[Value] = []
    for (claimed_by, claimed_at), ids in claims.items():
        these: Where = (col("id").is_in(ids),)
        if fenced:
            these = (*these, *same(claimed_by=claimed_by, claimed_at=claimed_at))
        update = Update(RELAYED, changes, these, returning=True, label="outbox.mark_batch")
        kept += [row["id"] for row in (yield from store.run(call, NOBODY, update)).rows]
    return frozenset(kept)
