"""What faults have made of a component: the one place where a component looks before it serves."""

from collections.abc import Callable
from typing import TypeAlias

from rustok_sim.engine.draws import SiteDraws
from rustok_sim.engine.mishaps import EVERYTHING, ErrorRate, Meter, Mishap, Scope
from rustok_sim.engine.pause import Pause

Listener: TypeAlias = Callable[[str], None]
"""Called with "outage" or "hang" when one begins."""
Watcher: TypeAlias = Callable[[], None]
"""Called after each change, before the listeners are."""


class Condition:
    """The faults now active on one component. Faults of one kind may overlap; the last one to end heals it.

    ``down`` counts the reasons to refuse or to hang; ``epoch`` grows whenever open sessions break, ``silence``
    whenever answers on their way are lost. ``troubled`` says whether anything may befall single messages: it is all
    that a message looks at where nothing does.
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
        "mishaps",
        "pause",
        "refusing",
        "silence",
        "troubled",
    )

    def __init__(self) -> None:
        self.refusing = 0
        self.hung = 0
        self.down = 0
        self.epoch = 0
        self.silence = 0
        self.factor = 1.0
        self.add_s = 0.0
        self.troubled = False
        self.error_ratios: dict[int, ErrorRate] = {}
        self.mishaps: dict[int, Mishap] = {}
        self.pause: Pause | None = None
        """Of a link: that its node stands still."""
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

    def err(
        self, fault: int, ratio: float, luck: SiteDraws, *, scope: Scope = EVERYTHING, meter: Meter | None = None
    ) -> None:
        """Each piece of work in *scope* that ends from now on fails with probability *ratio*."""
        self.error_ratios[fault] = ErrorRate(ratio, luck, scope, meter)
        self._look()

    def stop_erring(self, fault: int) -> None:
        """End the errors of *fault*."""
        del self.error_ratios[fault]
        self._look()

    def fails(self, source: str, entity: int, attempt: int = 0, command: str = "", tenant: str = "") -> bool:
        """Whether this piece of work meets an injected error."""
        rates = self.error_ratios.values()
        return any(rate.strikes(source, entity, attempt, command, tenant) for rate in rates)

    def beset(self, fault: int, mishap: Mishap) -> None:
        """From now on *mishap* may befall messages."""
        self.mishaps[fault] = mishap
        self._look()

    def relieve(self, fault: int) -> None:
        """End what *fault* does to messages; what it holds goes on."""
        mishap = self.mishaps.pop(fault)
        if mishap.gate is not None:
            mishap.gate.wake()
        self._look()

    def hold(self, pause: Pause | None) -> None:
        """The node stands still, and answers wait for it; or it goes on."""
        self.pause = pause
        self._look()

    def _look(self) -> None:
        self.troubled = bool(self.error_ratios or self.mishaps or self.pause is not None)
        self._changed()
