"""A node that stands still: its tasks, its timers and what comes to it wait for its end."""

from collections.abc import Callable, Iterable

from rustok_sim.engine.task import Frozen, Gate, Task
from rustok_sim.engine.world import World


class Pause:
    """One time of standing still.

    What a task has sent goes on its way, and what it does at a server is done; the answer waits at ``gate``. All
    other tasks are frozen. When it is over, first what was put off is done (clients that left meanwhile are
    noticed), then tasks go on in the order in which they had begun, then answers are read, and at last limits to
    waits are looked at: as tokio does, work that is done by then counts as done in time.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.gate = Gate(world)
        self._frozen: dict[Task, Frozen] = {}
        self._put_off: list[Callable[[], None]] = []
        self._limits: list[Callable[[None], None]] = []

    def begin(self, tasks: Iterable[Task], *, at_servers: Iterable[Task]) -> None:
        """Freeze *tasks*, but not those whose message is on its way or at a server."""
        away = set(at_servers)
        for task in tasks:
            if task not in away:
                self.freeze(task)

    def freeze(self, task: Task) -> None:
        """Let *task* stand still too, if it does not yet."""
        if task not in self._frozen:
            self._frozen[task] = task.freeze()

    def put_off(self, action: Callable[[], None]) -> None:
        """Do *action* when the node goes on."""
        self._put_off.append(action)

    def put_off_limit(self, look: Callable[[None], None]) -> None:
        """Look at a limit to a wait when the node goes on."""
        self._limits.append(look)

    def end(self) -> None:
        """Go on."""
        for action in self._put_off:
            self._world.call_in(0.0, _done, action)
        for task, frozen in self._frozen.items():
            task.thaw(frozen)
        self.gate.wake()
        for look in self._limits:
            self._world.call_in(0.0, look)


def _done(action: Callable[[], None]) -> None:
    action()
