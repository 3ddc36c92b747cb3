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
        self._link = link
        self._troubles = Troubles(server, link, struck)
        self._open: dict[Task, None] = {}
        for condition in (server.condition, link):
            condition.watch(self._look)
            condition.listen(self._hear)
        self._look()

    def _look(self) -> None:
        """What both conditions come to. Faults are rare, messages are not: they look at this alone."""
        server, link = self._server.condition, self._link
        self._epoch = server.epoch + link.epoch
        self._refusing = server.refusing + link.refusing
        self._hung = server.hung + link.hung
        self._silence = server.silence + link.silence
        self._slow = (server.factor, server.add_s, link.factor, link.add_s) != (1.0, 0.0, 1.0, 0.0)
        self._troubled = server.troubled or link.troubled

    def _hear(self, news: str) -> None:
        """An outage resets every connection at once: whoever waits for an answer learns of it now."""
        if news == "outage":
            tasks, self._open = list(self._open), {}
            pause = self._link.pause
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
        self._link.hold(pause)

    def _latency(self, call: Call) -> float:
        trip_s = self._server.round_trip.of(call)
        return self._slowed(trip_s) if self._slow else trip_s

    def _slowed(self, trip_s: float) -> float:
        server, link = self._server.condition, self._link
        if self._server.work is None:
            return trip_s * server.factor * link.factor + server.add_s + link.add_s
        return trip_s * link.factor + link.add_s

    def _travel(self, duration_s: float) -> Steps[None]:
        """Let a message be on its way, unless silence swallows it."""
        if self._hung:
            yield NEVER
        silence = self._silence
        yield duration_s
        if silence != self._silence:
            yield NEVER

    def connect(self, call: Call) -> Steps[int]:
        """Open a session. A refusal costs one round trip, a session two."""
        trip_s = self._latency(call)
        task: Task = self._world.task
        self._open[task] = None
        try:
            if self._troubled:
                yield from self._troubles.set_out(call, "connect")
            if self._refusing:
                yield from self._travel(trip_s)
                raise ConnectionRefused(f"{self._server.name} refuses connections")
            yield from self._travel(2.0 * trip_s)
            if self._troubled:
                yield from self._troubles.arrive(call, "connect", fails=False)
        finally:
            self._open.pop(task, None)
        return self._epoch

    def exchange(self, call: Call, session: int, effect: Callable[[], T], command: str = "") -> Steps[T]:
        """Send a command; *effect* happens half-way; the answer takes the other half."""
        if session != self._epoch:
            raise ConnectionLost(f"the session with {self._server.name} is gone")
        half_s = self._latency(call) / 2.0
        task: Task = self._world.task
        self._open[task] = None
        try:
            if self._troubled:
                yield from self._troubles.set_out(call, command)
            yield from self._travel(half_s)
            if self._server.work is not None or self._server.station is not None:
                yield from self._work(call)
            if self._troubled:
                yield from self._troubles.refuse(call, command, half_s)
            result = effect()
            if self._troubled and self._troubles.twice(call, command):
                effect()
            yield from self._travel(half_s)
            if self._troubled:
                yield from self._troubles.arrive(call, command)
        finally:
            self._open.pop(task, None)
        return result

    def ask(self, call: Call, session: int, work: Callable[[], Steps[T]], command: str = "") -> Steps[T]:
        """Send a command; *work* runs at the server, half-way, and may wait there; the answer takes the other half.

        A ``DatabaseError`` that *work* raises is an answer too, and travels back as one.
        """
        server = self._server
        if session != self._epoch:
            raise ConnectionLost(f"the session with {server.name} is gone")
        # As _latency and _travel, without a frame for each message: this is the way of every statement.
        trip_s = server.round_trip.of(call)
        half_s = (self._slowed(trip_s) if self._slow else trip_s) / 2.0
        task: Task = self._world.task
        self._open[task] = None
        try:
            if self._troubled:
                yield from self._troubles.set_out(call, command)
                work = self._troubles.beset(call, work, command, half_s)
            if self._hung:
                yield NEVER
            silence = self._silence
            if server.station is not None:
                yield from self._travel(half_s)
                yield from self._work(call)
            elif server.work is None:
                yield half_s
            else:
                yield half_s + server.work.of(call) * server.condition.factor + server.condition.add_s
            if silence != self._silence:
                yield NEVER
            try:
                answer = yield from work()
            except DatabaseError:
                yield from self._travel(half_s)
                if self._troubled:
                    yield from self._troubles.arrive(call, command)
                raise
            if self._hung:
                yield NEVER
            silence = self._silence
            yield half_s
            if silence != self._silence:
                yield NEVER
            if self._troubled:
                yield from self._troubles.arrive(call, command)
        finally:
            self._open.pop(task, None)
        return answer

    def receive(self, call: Call, session: int, news: Callable[[], Steps[T]], command: str = "") -> Steps[T]:
        """Wait at the server for *news*; carrying it back takes half a round trip. What is lost is not missed."""
        if session != self._epoch:
            raise ConnectionLost(f"the session with {self._server.name} is gone")
        task: Task = self._world.task
        self._open[task] = None
        try:
            while True:
                result = yield from news()
                if not (self._troubled and self._troubles.loses(call, command)):
                    break
            yield from self._travel(self._latency(call) / 2.0)
            if self._troubled:
                yield from self._troubles.arrive(call, command, loses=False, fails=False)
        finally:
            self._open.pop(task, None)
        return result

    def _work(self, call: Call) -> Steps[None]:
        """The server's own time for a command: in its station when its servers are limited."""
        server = self._server
        if server.station is None:
            assert server.work is not None
            condition = server.condition
            yield from self._travel(server.work.of(call) * condition.factor + condition.add_s)
            return
        done = Gate(self._world)
        outcome: list[str] = []

        def end(_: Visit, how: str) -> None:
            outcome.append(how)
            done.wake()

        visit = Visit(call.id, call.source, call.entity, self._world.now, end)
        visit.attempt = call.attempt(server.work_site)
        server.station.enter(visit)
        try:
            if not outcome:
                yield done
        finally:
            server.station.leave(visit)
        if outcome != ["served"]:
            raise ServerFault(f"{server.name} could not serve: {outcome[0]}")
