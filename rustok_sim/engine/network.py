"""Wires: what lies between a node and a server, with the faults of both."""

from collections.abc import Callable, Iterable

from rustok_sim.core.errors import ConnectionLost, ConnectionRefused, DatabaseError, ServerFault
from rustok_sim.core.ports import Call, Steps, T
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.pause import Pause
from rustok_sim.engine.server import Server
from rustok_sim.engine.station import Visit
from rustok_sim.engine.task import NEVER, Gate, Task
from rustok_sim.engine.troubles import Struck, Troubles, unheard


class EngineWire:
    """The way from one node to one server. A fault of the link and a fault of the server do the same to a caller."""

    def __init__(self, server: Server, link: Condition, struck: Struck = unheard) -> None:
        self._server = server
        self._world = server.world
        self._conditions = (server.condition, link)
        self._troubles = Troubles(server, link, struck)
        self._open: dict[Task, None] = {}
        for condition in self._conditions:
            condition.listen(self._hear)

    def _hear(self, news: str) -> None:
        """An outage resets every connection at once: whoever waits for an answer learns of it now."""
        if news == "outage":
            tasks, self._open = list(self._open), {}
            pause = self._conditions[1].pause
            for task in tasks:
                if pause is not None:
                    pause.freeze(task)
                task.interrupt(ConnectionLost(f"{self._server.name} closed the connection"))

    @property
    def under_way(self) -> Iterable[Task]:
        """Those whose message, or whose answer, is on its way or at the server."""
        return self._open

    def hold(self, pause: Pause | None) -> None:
        """The node stands still, and what comes for it waits; or it goes on."""
        self._conditions[1].hold(pause)

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
            if server.troubled or link.troubled:
                yield from self._troubles.set_out(call, "connect")
            if server.refusing or link.refusing:
                yield from self._travel(trip_s)
                raise ConnectionRefused(f"{self._server.name} refuses connections")
            yield from self._travel(2.0 * trip_s)
            if server.troubled or link.troubled:
                yield from self._troubles.arrive(call, "connect", fails=False)
        finally:
            self._open.pop(task, None)
        return self._epoch

    def exchange(self, call: Call, session: int, effect: Callable[[], T], command: str = "") -> Steps[T]:
        """Send a command; *effect* happens half-way; the answer takes the other half."""
        server, link = self._conditions
        if session != self._epoch:
            raise ConnectionLost(f"the session with {self._server.name} is gone")
        half_s = self._latency(call) / 2.0
        task: Task = self._world.task
        self._open[task] = None
        try:
            if server.troubled or link.troubled:
                yield from self._troubles.set_out(call, command)
            yield from self._travel(half_s)
            if self._server.work is not None or self._server.station is not None:
                yield from self._work(call)
            if server.troubled or link.troubled:
                yield from self._troubles.refuse(call, command, half_s)
            result = effect()
            if (server.troubled or link.troubled) and self._troubles.twice(call, command):
                effect()
            yield from self._travel(half_s)
            if server.troubled or link.troubled:
                yield from self._troubles.arrive(call, command)
        finally:
            self._open.pop(task, None)
        return result

    def ask(self, call: Call, session: int, work: Callable[[], Steps[T]], command: str = "") -> Steps[T]:
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
            if near.troubled or link.troubled:
                yield from self._troubles.set_out(call, command)
                work = self._troubles.beset(call, work, command, half_s)
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
            if near.troubled or link.troubled:
                yield from self._troubles.arrive(call, command)
        finally:
            self._open.pop(task, None)
        if refusal is not None:
            raise refusal
        return answer[0]

    def receive(self, call: Call, session: int, news: Callable[[], Steps[T]], command: str = "") -> Steps[T]:
        """Wait at the server for *news*; carrying it back takes half a round trip. What is lost is not missed."""
        server, link = self._conditions
        if session != self._epoch:
            raise ConnectionLost(f"the session with {self._server.name} is gone")
        task: Task = self._world.task
        self._open[task] = None
        try:
            while True:
                result = yield from news()
                if not ((server.troubled or link.troubled) and self._troubles.loses(call, command)):
                    break
            yield from self._travel(self._latency(call) / 2.0)
            if server.troubled or link.troubled:
                yield from self._troubles.arrive(call, command, loses=False, fails=False)
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
