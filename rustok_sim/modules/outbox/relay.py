"""The relay: claims a batch, publishes it, marks it, sleeps, and begins again."""

from collections import deque
from collections.abc import Callable
from functools import partial

from rustok_sim.core.data import Row, Store
from rustok_sim.core.errors import DomainError
from rustok_sim.core.events import Envelope, Undecodable, decode, entity_of
from rustok_sim.core.ports import Call, Runtime, Signal, Steps
from rustok_sim.modules.outbox.backoff import wait_s
from rustok_sim.modules.outbox.chores import Chores
from rustok_sim.modules.outbox.claims import claim
from rustok_sim.modules.outbox.marks import dead, done, failed, held_back, load, write
from rustok_sim.modules.outbox.news import CommitNews
from rustok_sim.modules.outbox.settings import RelaySettings
from rustok_sim.modules.outbox.target import Target


class Relay:
    """One relay. What its task has claimed when it is dropped stays claimed, as in RusToK, until a lease runs out."""

    def __init__(
        self,
        runtime: Runtime,
        store: Store,
        target: Target,
        settings: RelaySettings,
        *,
        worker: str,
        news: CommitNews | None = None,
        read: Callable[[str], Envelope] = decode,
    ) -> None:
        self._runtime = runtime
        self._store = store
        self._target = target
        self._settings = settings
        self._chores = Chores(store, settings)
        self._read = read
        # What a fault sets wrong is the clocks of nodes; the database's is simulated time.
        self._clock = runtime.now if settings.clock == "database" else runtime.clock
        self._worker = "relay" if settings.worker_ids == "shared" else worker
        self._news = news if settings.wake == "notify" else None
        self._held: dict[str, float] = {}
        """Until when events of an entity wait for one that failed, where their order is kept."""

    def run(self, new_call: Callable[[], Call]) -> Steps[None]:
        """Pass after pass, without end; each is a background call of its own. An error of a pass ends that alone."""
        settings = self._settings
        while True:
            seen = 0 if self._news is None else self._news.count
            try:
                claimed = yield from self.one_pass(new_call())
            except DomainError:
                # RusToK logs it and sleeps; the event log has it in the record of what failed.
                claimed = 0
            if settings.after_full_batch == "sleep" or claimed < settings.batch_rows:
                if self._news is None:
                    yield from self._runtime.sleep(settings.interval_s)
                else:
                    yield from self._news.wait(self._runtime, seen, settings.interval_s)

    def one_pass(self, call: Call) -> Steps[int]:
        """Claim, publish and mark one batch; how many rows that were.

        Raises what ended it: a row that cannot be read or marked, or the database (see ``row_errors``).
        """
        rows = yield from self._claim(call)
        lanes = min(self._settings.concurrency, len(rows))
        if lanes <= 1:
            for row in rows:
                yield from self._send(call, row)
        else:
            yield from self._send_in_lanes(call, rows, lanes)
        return len(rows)

    def _claim(self, call: Call) -> Steps[list[Row]]:
        runtime, begin_s, outcome = self._runtime, self._runtime.now(), "dropped"
        rows: list[Row] = []
        try:
            yield from self._chores.do(call, self._clock())
            rows = yield from claim(self._store, call, self._settings, self._worker, self._clock())
            outcome = "ok"
        except DomainError as error:
            outcome = error.code
            raise
        finally:
            runtime.record("outbox.claimed", call, site=self._worker, begin_s=begin_s, outcome=outcome, value=len(rows))
        for row in rows:
            runtime.record("outbox.taken", call, site=self._worker, detail=str(row["id"]))
        return rows

    def _send_in_lanes(self, call: Call, rows: list[Row], lanes: int) -> Steps[None]:
        """Several rows at once; an error that ends the pass lets those under way finish."""
        waiting, errors, over = deque(rows), list[DomainError](), self._runtime.signal()
        running = [lanes]
        for _ in range(lanes):
            self._runtime.spawn(self._lane(call, waiting, errors, running, over))
        yield from over.wait()
        if errors:
            raise errors[0]

    def _lane(
        self, call: Call, waiting: deque[Row], errors: list[DomainError], running: list[int], over: Signal
    ) -> Steps[None]:
        try:
            while waiting and not errors:
                yield from self._send(call, waiting.popleft())
        except DomainError as error:
            errors.append(error)
        running[0] -= 1
        if not running[0]:
            over.wake()

    def _send(self, call: Call, row: Row) -> Steps[None]:
        """Publish one row and mark it. Raises what ends the pass."""
        isolated = self._settings.row_errors == "isolated"
        try:
            envelope = self._read(str(row["payload"]))
        except Undecodable as error:
            if not isolated:
                raise
            end: Callable[[], Row] = partial(self._unreadable, row, str(error))
        else:
            end = yield from self._in_its_turn(call, row, envelope)
        try:
            yield from self._mark(call, row, end)
        except DomainError:
            if not isolated:
                raise

    def _in_its_turn(self, call: Call, row: Row, envelope: Envelope) -> Steps[Callable[[], Row]]:
        """Publish it, unless an earlier event of its entity waits for another attempt; what makes its new columns."""
        entity = entity_of(envelope.event) if self._settings.order == "per_aggregate" else None
        until_s = 0.0 if entity is None else self._held.get(entity, 0.0)
        if until_s > self._clock():
            return partial(held_back, row, until_s)
        problem = yield from self._publish(call, row, envelope)
        return partial(self._changes, call, row, problem, entity)

    def _publish(self, call: Call, row: Row, envelope: Envelope) -> Steps[str | None]:
        """Hand it to the target; what went wrong, if anything did."""
        runtime, limit_s, begin_s, outcome = (
            self._runtime,
            self._settings.publish_timeout_s,
            self._runtime.now(),
            "dropped",
        )
        steps = self._target.publish(call, envelope)
        try:
            yield from (steps if limit_s is None else runtime.within(limit_s, steps))
            outcome = "ok"
        except DomainError as error:
            outcome = "failed"
            return str(error)
        finally:
            attempt = int(row["retry_count"] or 0) + 1
            runtime.record(
                "outbox.published",
                call,
                site=self._worker,
                begin_s=begin_s,
                outcome=outcome,
                value=attempt,
                detail=envelope.id,
            )
        return None

    def _mark(self, call: Call, row: Row, end: Callable[[], Row]) -> Steps[None]:
        """Write down how it went: *end* makes the columns, when the row has been looked up."""
        yield from load(self._store, call, row)
        changes = end()
        kept = yield from write(self._store, call, row, changes, fenced=self._settings.lease_s is not None)
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
        if entity is not None:
            self._held.pop(entity, None)
        if problem is None:
            return done(now_s)
        draw = self._runtime.uniform("outbox.jitter", call) if settings.jitter else 0.0
        changes = failed(row, settings, problem, now_s, wait_s(settings, int(row["retry_count"] or 0) + 1, draw))
        if entity is not None and changes["status"] == "pending":
            self._held[entity] = float(changes["next_attempt_at"] or 0.0)
        return changes
