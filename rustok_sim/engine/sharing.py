"""Processor sharing: all visits are in service at once and share the servers equally."""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from rustok_sim.engine.station import GONE, LOST, SERVING, Station, Visit


class ProcessorSharing(Station):
    """``servers`` processors shared by all who are inside, none faster than one processor alone.

    Work is counted in virtual time, which passes at the rate at which each visit is served: 1 while there are at most
    ``servers`` visits, else ``servers / visits`` (Parekh and Gallager 1993). A visit departs when virtual time
    reaches the virtual moment of its arrival plus its work, so only the next departure stands in the agenda.
    """

    def _make_queue(self) -> None:
        self._present: list[tuple[float, int, Visit]] = []
        self._virtual_s = 0.0
        self._seen_s = self.world.now
        # Any departure planned before is void, whoever made it.
        self._plan = next(self.world.numbers)

    def _rate(self) -> float:
        n = len(self._present)
        return 1.0 if n <= self._servers else self._servers / n

    def _pass_time(self) -> None:
        now = self.world.now
        if self._present:
            self._virtual_s += (now - self._seen_s) * self._rate()
        self._seen_s = now

    def _plan_next(self) -> None:
        """Put the next departure into the agenda; an older plan is void."""
        self._plan = next(self.world.numbers)
        if self._present:
            left = max(0.0, self._present[0][0] - self._virtual_s)
            self.world.call_in(left / self._rate(), self._due, self._plan)

    def enter(self, visit: Visit) -> None:
        """Take a visit in, or turn it away: with a queue limit at most ``servers + queue_limit`` are inside."""
        visit.arrived_s = visit.started_s = self.world.now
        if self.condition.down:
            self._enter_broken(visit)
            return
        if len(self._present) - self._servers >= self._room:
            self._turn_away(visit, "queue_full")
            return
        self._pass_time()
        work_s = self._service(visit.source, visit.entity, visit.attempt) * self.condition.factor + self.condition.add_s
        visit.state = SERVING
        heappush(self._present, (self._virtual_s + work_s, next(self.world.numbers), visit))
        self._plan_next()

    def _due(self, plan: int) -> None:
        if plan != self._plan:
            return
        self._pass_time()
        end, _, visit = heappop(self._present)
        # Rounding must not leave the departing visit a moment short of its end.
        self._virtual_s = max(self._virtual_s, end)
        visit.state = GONE
        self._plan_next()
        self._close(visit)

    def leave(self, visit: Visit) -> None:
        """Cancel a visit: the others share what it leaves."""
        if visit.state == LOST:
            self._lost.remove(visit)
        elif visit.state == SERVING:
            self._pass_time()
            self._present = [entry for entry in self._present if entry[2] is not visit]
            heapify(self._present)
            self._plan_next()
        else:
            return
        visit.state = GONE
        self._record("station.abandoned", visit, "cancelled")

    def serving(self) -> list[Visit]:
        """Those inside, in the order of their departures."""
        return [visit for _, _, visit in sorted(self._present)]

    def _in_queue(self) -> Iterator[Visit]:
        return iter(())
