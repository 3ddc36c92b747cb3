"""Wires: what lies between a node and a server, with the faults of both."""

from collections.abc import Callable

from rustok_sim.core.errors import ConnectionLost, ConnectionRefused, DatabaseError, ServerFault
from rustok_sim.core.ports import Call, Steps, T
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.draws import SiteDraws
from rustok_sim.engine.station import Station, Visit
from rustok_sim.engine.task import NEVER, Gate, Task
from rustok_sim.engine.world import World


class Server:
    """What the wires of all nodes lead to: its condition, its distance, and the time it works on a command."""

    def __init__(
        self,
        world: World,
        name: str,
        round_trip: SiteDraws,
        *,
        work: SiteDraws | None = None,
        station: Station | None = None,
    ) -> None:
        self.world = world
        self.name = name
        self.work_site = "work:" + name
        self.condition = Condition()
        self.round_trip = round_trip
        self.work = work
        self.station = station


class EngineWire:
    """The way from one node to one server. A fault of the link and a fault of the server do the same to a caller."""

    def __init__(self, server: Server, link: Condition) -> None:
        self._server = server
        self._world = server.world
        self._conditions = (server.condition, link)
        self._open: dict[Task, None] = {}
        for condition in self._conditions:
            condition.listen(self._hear)

    def _hear(self, news: str) -> None:
        """An outage resets every connection at once: whoever waits for an answer learns of it now."""
        if news == "outage":
            tasks, self._open = list(self._open), {}
            for task in tasks:
                task.interrupt(ConnectionLost(f"{self._server.name} closed the connection"))

    @property
    def _epoch(self) -> int:
        server, link = self._conditions
        return server.epoch + link.epoch

    def _latency(self, call: Call) -> float:
        server, link = self._conditions
        trip_s = self._server.round_trip.of(call)
        if self._server.work is None:
            return trip_s * server.factor * link.factor + server.add_s + link.add_s
        return trip_s * link.factor + link.add_s

    def _travel(self, duration_s: float) -> Steps[None]:
        """Let a message be on its way, unless silence swallows it."""
        server, link = self._conditions
        silence = server.silence + link.silence
        if not (server.hung or link.hung):
            yield duration_s
        if server.hung or link.hung or silence != server.silence + link.silence:
            yield NEVER

    def connect(self, call: Call) -> Steps[int]:
        """Open a session. A refusal costs one round trip, a session two."""
        trip_s = self._latency(call)
        server, link = self._conditions
        task: Task = self._world.task
        self._open[task] = None
        try:
            if server.refusing or link.refusing:
                yield from self._travel(trip_s)
                raise ConnectionRefused(f"{self._server.name} refuses connections")
            yield from self._travel(2.0 * trip_s)
        finally:
            self._open.pop(task, None)
        return self._epoch

    def exchange(self, call: Call, session: int, effect: Callable[[], T]) -> Steps[T]:
        """Send a command; *effect* happens half-way; the answer takes the other half."""
        if session != self._epoch:
            raise ConnectionLost(f"the session with {self._server.name} is gone")
        half_s = self._latency(call) / 2.0
        task: Task = self._world.task
        self._open[task] = None
        try:
            yield from self._travel(half_s)
            if self._server.work is not None or self._server.station is not None:
                yield from self._work(call)
            result = effect()
            yield from self._travel(half_s)
        finally:
            self._open.pop(task, None)
        self._maybe_fail(call)
        return result

    def ask(self, call: Call, session: int, work: Callable[[], Steps[T]]) -> Steps[T]:
        """Send a command; *work* runs at the server, half-way, and may wait there; the answer takes the other half.

        A ``DatabaseError`` that *work* raises is an answer too, and travels back as one.
        """
        server = self._server
        near, link = self._conditions
        if session != near.epoch + link.epoch:
            raise ConnectionLost(f"the session with {server.name} is gone")
        half_s = self._latency(call) / 2.0
        task: Task = self._world.task
        self._open[task] = None
        answer: list[T] = []
        refusal: DatabaseError | None = None
        try:
            # As _travel, without a generator for each message: this is the way of every statement.
            silence = near.silence + link.silence
            if server.station is not None:
                yield from self._travel(half_s)
                yield from self._work(call)
            elif not (near.hung or link.hung):
                if server.work is None:
                    yield half_s
                else:
                    yield half_s + server.work.of(call) * near.factor + near.add_s
            if near.hung or link.hung or silence != near.silence + link.silence:
                yield NEVER
            try:
                answer.append((yield from work()))
            except DatabaseError as error:
                refusal = error
            silence = near.silence + link.silence
            if not (near.hung or link.hung):
                yield half_s
            if near.hung or link.hung or silence != near.silence + link.silence:
                yield NEVER
        finally:
            self._open.pop(task, None)
        if near.error_ratios or link.error_ratios:
            self._maybe_fail(call)
        if refusal is not None:
            raise refusal
        return answer[0]

    def _maybe_fail(self, call: Call) -> None:
        """Raise the server's or the link's error, if it has its hour. A station draws the server's errors itself."""
        for condition in self._conditions if self._server.station is None else self._conditions[1:]:
            if condition.error_ratios and condition.fails(
                call.source, call.entity, call.attempt("errors:" + self._server.name)
            ):
                raise ServerFault(f"{self._server.name} answered with an error")

    def receive(self, call: Call, session: int, news: Steps[T]) -> Steps[T]:
        """Wait at the server for *news*; carrying it back takes half a round trip."""
        if session != self._epoch:
            raise ConnectionLost(f"the session with {self._server.name} is gone")
        task: Task = self._world.task
        self._open[task] = None
        try:
            result = yield from news
            yield from self._travel(self._latency(call) / 2.0)
        finally:
            self._open.pop(task, None)
        return result

    def _work(self, call: Call) -> Steps[None]:
        """The server's own time for a command: in its station when its servers are limited."""
        server = self._server
        attempt = call.attempt(server.work_site)
        if server.station is None:
            assert server.work is not None
            condition = server.condition
            yield from self._travel(server.work(call.source, call.entity, attempt) * condition.factor + condition.add_s)
            return
        done = Gate(self._world)
        outcome: list[str] = []

        def end(_: Visit, how: str) -> None:
            outcome.append(how)
            done.wake()

        visit = Visit(call.id, call.source, call.entity, self._world.now, end)
        visit.attempt = attempt
        server.station.enter(visit)
        try:
            if not outcome:
                yield done
        finally:
            server.station.leave(visit)
        if outcome != ["served"]:
            raise ServerFault(f"{server.name} could not serve: {outcome[0]}")
