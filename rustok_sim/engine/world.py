"""The simulated clock: SimPy's environment, with plain callbacks as a second, cheaper kind of entry in its agenda."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final, cast

from simpy import Environment
from simpy.core import EmptySchedule

NORMAL: Final = 1
"""SimPy's priority of ordinary events; entries of one moment run in the order in which they were made."""


class World(Environment):
    """A SimPy environment whose agenda also holds callbacks.

    An event of SimPy costs an object, a list of callbacks and a look at its outcome; a callback is one tuple
    ``(at_s, priority, number, function, argument)``. Both kinds keep SimPy's order, so ordinary SimPy processes
    and events may be mixed in.
    """

    def __init__(self, start_s: float = 0.0) -> None:
        super().__init__(start_s)
        # SimPy's own list and counter under typed names: the hot paths push to them directly.
        self.agenda = cast(list[tuple[Any, ...]], self._queue)
        self.numbers: count[int] = self._eid
        self.task: Any = None
        """The task that is being stepped now; ``None`` between steps."""

    def call_in(self, delay_s: float, function: Callable[[Any], object], argument: Any = None) -> None:
        """Call ``function(argument)`` after *delay_s* (0: after what is already due now)."""
        heappush(self.agenda, (self._now + delay_s, NORMAL, next(self.numbers), function, argument))

    def call_at(self, at_s: float, function: Callable[[Any], object], argument: Any = None) -> None:
        """Call ``function(argument)`` at *at_s*, or now if that has passed."""
        heappush(self.agenda, (max(at_s, self._now), NORMAL, next(self.numbers), function, argument))

    def step(self) -> None:
        """Process the next entry, of either kind. Raises SimPy's ``EmptySchedule`` when there is none."""
        if not self.agenda:
            raise EmptySchedule
        entry = self.agenda[0]
        if len(entry) == 5:
            heappop(self.agenda)
            self._now = entry[0]
            entry[3](entry[4])
        else:
            super().step()

    def run_to(self, until_s: float) -> None:
        """Process everything before *until_s* (what is due at *until_s* itself stays), then set the clock to it."""
        agenda = self.agenda
        pop = heappop
        while agenda and agenda[0][0] < until_s:
            if len(agenda[0]) == 5:
                self._now, _, _, function, argument = pop(agenda)
                function(argument)
            else:
                super().step()
        self._now = max(self._now, until_s)
