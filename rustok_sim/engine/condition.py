"""What faults have made of a component: the one place where a component looks before it serves."""

from collections.abc import Callable
from typing import TypeAlias

from rustok_sim.engine.draws import SiteDraws

Listener: TypeAlias = Callable[[str], None]
"""Called with "outage" or "hang" when one begins."""
Watcher: TypeAlias = Callable[[], None]
"""Called after each change, before the listeners are."""


class Condition:
    """The faults now active on one component. Faults of one kind may overlap; the last one to end heals it.

    ``down`` counts the reasons to refuse or to hang; ``epoch`` grows whenever open sessions break, ``silence``
    whenever answers on their way are lost.
    """

    __slots__ = (
        "_errors",
        "_listeners",
        "_slow",
        "_watchers",
        "add_s",
        "down",
        "epoch",
        "error_ratios",
        "factor",
        "hung",
        "refusing",
        "silence",
    )

    def __init__(self) -> None:
        self.refusing = 0
        self.hung = 0
        self.down = 0
        self.epoch = 0
        self.silence = 0
        self.factor = 1.0
        self.add_s = 0.0
        self.error_ratios: dict[int, tuple[float, SiteDraws]] = {}
        self._slow: dict[int, tuple[float, float]] = {}
        self._listeners: list[Listener] = []
        self._watchers: list[Watcher] = []

    def listen(self, listener: Listener) -> None:
        """Tell *listener* when an outage or a hang begins, in the order of listening."""
        self._listeners.append(listener)

    def watch(self, watcher: Watcher) -> None:
        """Call *watcher* after each change, so that nobody need look where nothing has changed."""
        self._watchers.append(watcher)

    def _changed(self) -> None:
        for watcher in self._watchers:
            watcher()

    def _tell(self, news: str) -> None:
        self._changed()
        for listener in self._listeners:
            listener(news)

    def refuse(self) -> None:
        """Begin to refuse: sessions break, what is inside fails."""
        self.refusing += 1
        self.down += 1
        self.epoch += 1
        self._tell("outage")

    def accept(self) -> None:
        """One reason to refuse is gone."""
        self.refusing -= 1
        self.down -= 1
        self._changed()

    def hang(self) -> None:
        """Begin to stay silent: what is inside or comes now is never answered."""
        self.hung += 1
        self.down += 1
        self.silence += 1
        self._tell("hang")

    def wake(self) -> None:
        """One reason to hang is gone."""
        self.hung -= 1
        self.down -= 1
        self._changed()

    def slow_down(self, fault: int, factor: float, add_s: float) -> None:
        """Work that starts from now on takes ``factor`` times as long, and *add_s* more."""
        self._slow[fault] = (factor, add_s)
        self._sum_up()

    def speed_up(self, fault: int) -> None:
        """End the slowness of *fault*."""
        del self._slow[fault]
        self._sum_up()

    def _sum_up(self) -> None:
        self.factor, self.add_s = 1.0, 0.0
        for factor, add_s in self._slow.values():
            self.factor *= factor
            self.add_s += add_s
        self._changed()

    def err(self, fault: int, ratio: float, draws: SiteDraws) -> None:
        """Each piece of work that ends from now on fails with probability *ratio*."""
        self.error_ratios[fault] = (ratio, draws)
        self._changed()

    def stop_erring(self, fault: int) -> None:
        """End the errors of *fault*."""
        del self.error_ratios[fault]
        self._changed()

    def fails(self, source: str, entity: int, attempt: int = 0) -> bool:
        """Whether this piece of work meets an injected error."""
        return any(draws(source, entity, attempt) < ratio for ratio, draws in self.error_ratios.values())
