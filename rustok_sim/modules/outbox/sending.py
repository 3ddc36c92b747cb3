"""Publishing claimed rows and marking what became of them: each by itself, or a batch at once."""

from collections.abc import Callable, Sequence
from functools import partial

from rustok_sim.core.data import Row, Store
from rustok_sim.core.errors import DomainError
from rustok_sim.core.events import Envelope, Undecodable, entity_of
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.core.values import value
from rustok_sim.modules.outbox.backoff import wait_s
from rustok_sim.modules.outbox.marks import dead, done, failed, held_back, load, write, write_together
from rustok_sim.modules.outbox.settings import RelaySettings
from rustok_sim.modules.outbox.target import Target


@value(frozen=True, slots=True)
class _Letter:
    """A claimed row that could be read; its entity, where the order of an entity's events is kept."""

    row: Row
    envelope: Envelope
    entity: str | None


class Sender:
    """What a relay does with the rows it has claimed."""

    def __init__(
        self,
        runtime: Runtime,
        store: Store,
        target: Target,
        settings: RelaySettings,
        *,
        worker: str,
        clock: Callable[[], float],
        read: Callable[[str], Envelope],
    ) -> None:
        self._runtime = runtime
        self._store = store
        self._target = target
        self._settings = settings
        self._worker = worker
        self._clock = clock
        self._read = read
        self._held: dict[str, float] = {}
        """Until when events of an entity wait for one that failed, where their order is kept."""

    def one(self, call: Call, row: Row, taken: list[Row]) -> Steps[None]:
        """Publish one row and mark it, unless it is *taken*, to be marked with others. Raises what ends the pass."""
        letter = yield from self._opened(call, row)
        if letter is not None and not (yield from self._held_back(call, letter)):
            problem = yield from self._publish(call, [letter], self._target.publish(call, letter.envelope))
            yield from self._end(call, letter, problem, taken)

    def together(self, call: Call, rows: Sequence[Row], taken: list[Row]) -> Steps[None]:
        """Publish *rows* in one message to the target. Raises what ends the pass: then none of them is published."""
        letters = []
        for row in rows:
            letter = yield from self._opened(call, row)
            if letter is not None and not (yield from self._held_back(call, letter)):
                letters.append(letter)
        if letters:
            steps = self._target.publish_batch(call, [letter.envelope for letter in letters])
            problem = yield from self._publish(call, letters, steps)
            for letter in letters:
                # Of an entity's events only the first has failed; the others wait for it.
                if not (yield from self._held_back(call, letter)):
                    yield from self._end(call, letter, problem, taken)

    def mark_together(self, call: Call, taken: Sequence[Row]) -> Steps[None]:
        """Mark what the target has *taken*, in one statement. Raises what ends the pass."""
        if not taken:
            return
        changes, fenced = done(self._clock()), self._settings.lease_s is not None
        try:
            kept = yield from write_together(self._store, call, taken, changes, fenced=fenced)
        except DomainError:
            if self._settings.row_errors != "isolated":
                raise
            return
        for row in taken:
            self._tell(call, row, changes, kept=row["id"] in kept)

    def _opened(self, call: Call, row: Row) -> Steps["_Letter | None"]:
        """The row with its envelope; none if it cannot be read, and is dead. Raises ``Undecodable``."""
        try:
            envelope = self._read(str(row["payload"]))
        except Undecodable as error:
            if self._settings.row_errors != "isolated":
                raise
            yield from self._mark(call, row, partial(self._unreadable, row, str(error)))
            return None
        entity = entity_of(envelope.event) if self._settings.order == "per_aggregate" else None
        return _Letter(row, envelope, entity)

    def _held_back(self, call: Call, letter: "_Letter") -> Steps[bool]:
        """Whether it waits, and is marked so, because an earlier event of its entity waits for another attempt."""
        until_s = 0.0 if letter.entity is None else self._held.get(letter.entity, 0.0)
        if until_s <= self._clock():
            return False
        yield from self._mark(call, letter.row, partial(held_back, letter.row, until_s))
        return True

    def _publish(self, call: Call, letters: Sequence["_Letter"], steps: Steps[None]) -> Steps[str | None]:
        """Hand them to the target by *steps*; what went wrong, if anything did."""
        runtime, limit_s = self._runtime, self._settings.publish_timeout_s
        begin_s, outcome = runtime.now(), "dropped"
        try:
            yield from (steps if limit_s is None else runtime.within(limit_s, steps))
            outcome = "ok"
        except DomainError as error:
            outcome = "failed"
            return str(error)
        finally:
            for letter in letters:
                runtime.record(
                    "outbox.published",
                    call,
                    site=self._worker,
                    begin_s=begin_s,
                    outcome=outcome,
                    value=int(letter.row["retry_count"] or 0) + 1,
                    detail=letter.envelope.id,
                )
        return None

    def _end(self, call: Call, letter: "_Letter", problem: str | None, taken: list[Row]) -> Steps[None]:
        """Mark how it went, or leave that for all that are *taken* together."""
        if letter.entity is not None:
            self._held.pop(letter.entity, None)
        if problem is None and self._settings.marking == "batch":
            taken.append(letter.row)
            return
        yield from self._mark(call, letter.row, partial(self._changes, call, letter.row, problem, letter.entity))

    def _mark(self, call: Call, row: Row, end: Callable[[], Row]) -> Steps[None]:
        """Write down how it went: *end* makes the columns, once the row is looked up. Raises what ends the pass."""
        try:
            yield from load(self._store, call, row)
            changes = end()
            kept = yield from write(self._store, call, row, changes, fenced=self._settings.lease_s is not None)
        except DomainError:
            if self._settings.row_errors != "isolated":
                raise
            return
        self._tell(call, row, changes, kept=kept)

    def _tell(self, call: Call, row: Row, changes: Row, *, kept: bool) -> None:
        self._runtime.record(
            "outbox.marked",
            call,
            site=self._worker,
            outcome=str(changes["status"]) if kept else "lease_lost",
            value=int(changes.get("retry_count", row["retry_count"]) or 0),
            detail=str(row["id"]),
        )

    def _unreadable(self, row: Row, problem: str) -> Row:
        return dead(row, self._settings, problem, self._clock())

    def _changes(self, call: Call, row: Row, problem: str | None, entity: str | None) -> Row:
        settings, now_s = self._settings, self._clock()
        if problem is None:
            return done(now_s)
        draw = self._runtime.uniform("outbox.jitter", call) if settings.jitter else 0.0
        changes = failed(row, settings, problem, now_s, wait_s(settings, int(row["retry_count"] or 0) + 1, draw))
        if entity is not None and changes["status"] == "pending":
            self._held[entity] = float(changes["next_attempt_at"] or 0.0)
        return changes
