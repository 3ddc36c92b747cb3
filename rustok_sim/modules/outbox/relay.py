"""The relay: claims a batch, publishes it, marks it, sleeps, and begins again."""

from collections import deque
from collections.abc import Callable

from rustok_sim.core.data import Row, Store
from rustok_sim.core.errors import DomainError
from rustok_sim.core.events import Envelope, decode
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.modules.outbox.chores import Chores
from rustok_sim.modules.outbox.claims import claim
from rustok_sim.modules.outbox.news import CommitNews
from rustok_sim.modules.outbox.sending import Sender
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
        self._settings = settings
        self._chores = Chores(store, settings)
        # What a fault sets wrong is the clocks of nodes; the database's is simulated time.
        self._clock = runtime.now if settings.clock == "database" else runtime.clock
        self._worker = "relay" if settings.worker_ids == "shared" else worker
        self._news = news if settings.wake == "notify" else None
        self._sender = Sender(runtime, store, target, settings, worker=self._worker, clock=self._clock, read=read)

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
        taken: list[Row] = []
        try:
            yield from self._send(call, rows, taken)
        except DomainError:
            # What the target has is marked all the same.
            yield from self._sender.mark_together(call, taken)
            raise
        yield from self._sender.mark_together(call, taken)
        return len(rows)

    def _send(self, call: Call, rows: list[Row], taken: list[Row]) -> Steps[None]:
        """Publish all, together or one by one; what is to be marked together is *taken*."""
        lanes = min(self._settings.concurrency, len(rows))
        if self._settings.publishing == "batch":
            yield from self._sender.together(call, rows, taken)
        elif lanes <= 1:
            for row in rows:
                yield from self._sender.one(call, row, taken)
        else:
            yield from self._send_in_lanes(call, rows, taken, lanes)

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

    def _send_in_lanes(self, call: Call, rows: list[Row], taken: list[Row], lanes: int) -> Steps[None]:
        """Several rows at once; an error that ends the pass lets those under way finish."""
        waiting, errors, over = deque(rows), list[DomainError](), self._runtime.signal()
        running = [lanes]

        def lane() -> Steps[None]:
            try:
                while waiting and not errors:
                    yield from self._sender.one(call, waiting.popleft(), taken)
            except DomainError as error:
                errors.append(error)
            running[0] -= 1
            if not running[0]:
                over.wake()

        for _ in range(lanes):
            self._runtime.spawn(lane())
        yield from over.wait()
        if errors:
            raise errors[0]
