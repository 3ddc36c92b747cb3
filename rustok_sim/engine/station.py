"""Stations: servers with a queue in front, by discipline. One agenda entry a visit, none for its start.

A visit that waits costs no entry at all; the departure of the one before starts it. So a visit can be cancelled,
failed or slowed at any moment, and the path of an undisturbed one stays short.
"""

from collections import deque
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Any, ClassVar, Final

from rustok_sim.core.journal import Journal, Row
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.draws import SiteDraws
from rustok_sim.engine.world import NORMAL, World

WAITING: Final = 0
SERVING: Final = 1
LOST: Final = 2
"""Inside a station that fell silent: never to be answered."""
GONE: Final = 3
SWEEP_MIN: Final = 64
"""How many who have left may stand in the queue before it is made anew, however short it is."""


class Visit:
    """One customer on its way through stations; the station it is at writes the times."""

    # Requests of an operation have these; here they are nobody's, and cost nothing.
    node: ClassVar[str | None] = None
    tenant: ClassVar[str | None] = None

    __slots__ = (
        "arrived_s",
        "attempt",
        "begin_s",
        "done",
        "entity",
        "hop",
        "id",
        "live",
        "priority",
        "source",
        "started_s",
        "state",
    )

    def __init__(
        self,
        number: int,
        source: str,
        entity: int,
        begin_s: float,
        done: Callable[["Visit", str], None],
        *,
        priority: int = 0,
    ) -> None:
        self.id = number
        self.source = source
        self.entity = entity
        self.begin_s = begin_s
        self.done = done
        self.priority = priority
        self.attempt = 0
        self.hop = 0
        self.live = True
        self.state = GONE
        self.arrived_s = self.started_s = 0.0


class Station:
    """First come, first served, by ``servers`` equal servers; at most ``queue_limit`` wait (``None``: no limit).

    ``done(visit, outcome)`` is called at once when a visit ends: served, failed (a fault inside), outage or queue_full.
    """

    def __init__(
        self,
        world: World,
        name: str,
        servers: int,
        *,
        service: SiteDraws,
        journal: Journal,
        queue_limit: int | None = None,
        condition: Condition | None = None,
    ) -> None:
        self.world = world
        self.name = name
        self.condition = condition or Condition()
        self.condition.listen(self._hear)
        self._servers = servers
        self._free = servers
        self._service = service
        self._room = queue_limit if queue_limit is not None else 1 << 62
        self._waiting = 0
        self._lost: list[Visit] = []
        self._append: Callable[[Row], None] | None = journal.append if journal.wants("station.served") else None
        self._journal = journal
        self._closed = False
        self._make_queue()

    # The queue, which is all that tells the disciplines apart.

    def _make_queue(self) -> None:
        self._queue: Any = deque()
        self._put: Callable[[Visit], object] = self._queue.append
        self._take: Callable[[], Visit] = self._queue.popleft

    def _in_queue(self) -> Iterator[Visit]:
        return (visit for visit in self._queue if visit.state == WAITING)

    def _sweep(self) -> None:
        """Take those out of the queue who have left the line."""
        waiting = [visit for visit in self._queue if visit.state == WAITING]
        self._queue.clear()
        self._queue.extend(waiting)

    # The path of a visit.

    def enter(self, visit: Visit) -> None:
        """Take a visit in: serve it, let it wait, or turn it away."""
        world = self.world
        visit.arrived_s = now = world._now
        condition = self.condition
        if condition.down:
            self._enter_broken(visit)
        elif self._free:
            self._free -= 1
            visit.started_s = now
            visit.state = SERVING
            service_s = self._service(visit.source, visit.entity, visit.attempt) * condition.factor + condition.add_s
            heappush(world.agenda, (now + service_s, NORMAL, next(world.numbers), self._depart, visit))
        elif self._waiting < self._room:
            self._waiting += 1
            visit.state = WAITING
            self._put(visit)
        else:
            self._turn_away(visit, "queue_full")

    def _enter_broken(self, visit: Visit) -> None:
        if self.condition.refusing:
            self._turn_away(visit, "outage")
        else:
            visit.state = LOST
            visit.started_s = visit.arrived_s
            self._lost.append(visit)

    def _depart(self, visit: Visit) -> None:
        if visit.state != SERVING:
            return
        visit.state = GONE
        if self._waiting:
            self._start_next()
        else:
            self._free += 1
        self._close(visit)

    def _start_next(self) -> None:
        """Give the server that just became free to the next in line. Those who left the line are passed over."""
        world, condition = self.world, self.condition
        take = self._take
        visit = take()
        while visit.state != WAITING:
            visit = take()
        self._waiting -= 1
        visit.started_s = now = world._now
        visit.state = SERVING
        service_s = self._service(visit.source, visit.entity, visit.attempt) * condition.factor + condition.add_s
        heappush(world.agenda, (now + service_s, NORMAL, next(world.numbers), self._depart, visit))

    def _close(self, visit: Visit) -> None:
        """Report the end of service."""
        condition = self.condition
        if condition.error_ratios and condition.fails(visit.source, visit.entity, visit.attempt):
            self._record("station.failed", visit, "error")
            visit.done(visit, "failed")
            return
        if self._append is not None:
            now = self.world._now
            started, arrived = visit.started_s, visit.arrived_s
            self._append(
                (
                    now,
                    "station.served",
                    None,
                    None,
                    visit.id,
                    None,
                    self.name,
                    "ok",
                    None,
                    arrived,
                    started - arrived,
                    now - started,
                    None,
                )
            )
        visit.done(visit, "served")

    def leave(self, visit: Visit) -> None:
        """Cancel a visit where it stands: it gives its place or its server back at once."""
        state, visit.state = visit.state, GONE
        if state == WAITING:
            self._waiting -= 1
            visit.started_s = self.world._now
            # Who stands far back may never be reached, so those who left there would pile up.
            if len(self._queue) > 2 * self._waiting + SWEEP_MIN:
                self._sweep()
        elif state == SERVING and self._waiting:
            self._start_next()
        elif state == SERVING:
            self._free += 1
        elif state == LOST:
            self._lost.remove(visit)
        else:
            return
        self._record("station.abandoned", visit, "cancelled", in_service=state != WAITING)

    # Faults.

    def _hear(self, news: str) -> None:
        inside = list(self.inside())
        self._free, self._waiting = self._servers, 0
        self._lost.clear()
        self._make_queue()
        if news == "hang":
            self._freeze(inside)
        else:
            self._break(inside)

    def _freeze(self, inside: list[tuple[Visit, int]]) -> None:
        """Those inside are never answered; they stand here until they give up."""
        for visit, state in inside:
            if state == WAITING:
                visit.started_s = self.world._now
            visit.state = LOST
            self._lost.append(visit)

    def _break(self, inside: list[tuple[Visit, int]]) -> None:
        """Those inside are thrown out."""
        for visit, state in inside:
            visit.state = GONE
            self._record("station.failed", visit, "outage", in_service=state != WAITING)
        for visit, _ in inside:
            visit.done(visit, "failed")

    # What stands inside now: read from the agenda, so that the path of a visit need not keep a list.

    def serving(self) -> list[Visit]:
        """Those in service, in the order of their departures."""
        own = self._depart
        return [entry[4] for entry in sorted(self.world.agenda) if entry[3] == own and entry[4].state == SERVING]

    def inside(self) -> Iterator[tuple[Visit, int]]:
        """All visits in the station with their states, those without an answer and those in service first."""
        for visit in [*self._lost, *self.serving(), *self._in_queue()]:
            yield visit, visit.state

    def _turn_away(self, visit: Visit, outcome: str) -> None:
        visit.started_s = visit.arrived_s
        self._record("station.rejected", visit, outcome)
        visit.done(visit, outcome)

    def _record(self, kind: str, visit: Visit, outcome: str, *, in_service: bool = True) -> None:
        if self._closed or not self._journal.wants(kind):
            return
        now = self.world._now
        arrived = visit.arrived_s
        started = visit.started_s if in_service else now
        self._journal.append(
            (
                now,
                kind,
                None,
                None,
                visit.id,
                None,
                self.name,
                outcome,
                None,
                arrived,
                started - arrived,
                now - started,
                None,
            )
        )

    def close_books(self) -> None:
        """At the horizon: record who is still inside, and no more."""
        for visit, state in self.inside():
            self._record(
                "station.in_system", visit, "waiting" if state == WAITING else "in_service", in_service=state != WAITING
            )
        self._closed = True  # who is made to leave because the run is over has not given up


class LastComeFirstServed(Station):
    """The newest of the line goes first; nobody is thrown out of service."""

    def _make_queue(self) -> None:
        self._queue: list[Visit] = []
        self._put = self._queue.append
        self._take = self._queue.pop


class Priority(Station):
    """The lowest priority number goes first, first come first served among equals; nobody is thrown out of service."""

    def _make_queue(self) -> None:
        self._queue: list[tuple[int, int, Visit]] = []
        queue, numbers = self._queue, self.world.numbers
        self._put = lambda visit: heappush(queue, (visit.priority, next(numbers), visit))
        self._take = lambda: heappop(queue)[2]

    def _in_queue(self) -> Iterator[Visit]:
        return (visit for _, _, visit in sorted(self._queue) if visit.state == WAITING)

    def _sweep(self) -> None:
        # What is sorted is a heap.
        self._queue[:] = sorted(entry for entry in self._queue if entry[2].state == WAITING)
