"""The simulated clock: SimPy's environment, with plain callbacks as a second, cheaper kind of entry in its agenda."""

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final, Protocol, cast

from simpy import Environment
from simpy.core import EmptySchedule
from simpy.events import Event, EventPriority

NORMAL: Final = EventPriority(1)
"""SimPy's priority of ordinary events; entries of one moment run in the order in which they were made."""
FIRST: Final = -2
"""Before all of SimPy's own priorities, of which the lowest is -1."""


class Alarm(Protocol):
    """Something to do at a later time, unless it is called off before."""

    off: bool

    def ring(self) -> None:
        """It is time."""
        ...


class World(Environment):
    """A SimPy environment whose agenda also holds callbacks.

    An event of SimPy costs an object, a list of callbacks and a look at its outcome; a callback is one tuple
    ``(at_s, priority, number, function, argument)``. An event lies there as a callback that processes it, so ordinary
    SimPy processes and events may be mixed in; both kinds keep SimPy's order.
    """

    def __init__(self, start_s: float = 0.0) -> None:
        super().__init__(start_s)
        # SimPy's own list and counter under typed names: the hot paths push to them directly.
        self.agenda = cast(list[tuple[Any, ...]], self._queue)
        self.numbers: count[int] = self._eid
        self.task: Any = None
        """The task that is being stepped now; ``None`` between steps."""
        self._alarms: dict[float, deque[tuple[tuple[Any, ...], Alarm]]] = {}

    def call_in(self, delay_s: float, function: Callable[[Any], object], argument: Any = None) -> None:
        """Call ``function(argument)`` after *delay_s* (0: after what is already due now)."""
        heappush(self.agenda, (self._now + delay_s, NORMAL, next(self.numbers), function, argument))

    def call_at(self, at_s: float, function: Callable[[Any], object], argument: Any = None) -> None:
        """Call ``function(argument)`` at *at_s*, or now if that has passed."""
        heappush(self.agenda, (max(at_s, self._now), NORMAL, next(self.numbers), function, argument))

    def alarm_in(self, delay_s: float, alarm: Alarm) -> None:
        """Ring after *delay_s*, unless called off: as nearly all alarms are, long before it is their time.

        So of those with one delay only the first is in the agenda; the rest wait behind it, in order as they are.
        """
        entry = (self._now + delay_s, NORMAL, next(self.numbers), self._ring, delay_s)
        line = self._alarms.get(delay_s)
        if line is None:
            line = self._alarms[delay_s] = deque()
            heappush(self.agenda, entry)
        line.append((entry, alarm))

    def _ring(self, delay_s: float) -> None:
        line = self._alarms[delay_s]
        _, alarm = line.popleft()
        while line and line[0][1].off:
            line.popleft()
        if line:
            heappush(self.agenda, line[0][0])
        else:
            del self._alarms[delay_s]
        if not alarm.off:
            alarm.ring()

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """Process *event* after *delay*."""
        heappush(self.agenda, (self._now + delay, priority, next(self.numbers), self._process, event))

    def _process(self, event: Event) -> None:
        """Put *event* before all else, bare as SimPy knows it, and let SimPy's own step take it."""
        heappush(self.agenda, (self._now, FIRST, 0, event))
        super().step()

    def step(self) -> None:
        """Process the next entry. Raises SimPy's ``EmptySchedule`` when there is none."""
        if not self.agenda:
            raise EmptySchedule
        self._now, _, _, function, argument = heappop(self.agenda)
        function(argument)

    def run_to(self, until_s: float) -> None:
        """Process everything before *until_s* (what is due at *until_s* itself stays), then set the clock to it."""
        agenda = self.agenda
        pop = heappop
        while agenda and agenda[0][0] < until_s:
            self._now, _, _, function, argument = pop(agenda)
            function(argument)
        self._now = max(self._now, until_s)
