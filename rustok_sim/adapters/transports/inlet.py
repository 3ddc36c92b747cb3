"""One member's way from the log: entries and places over a connection of its own."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from rustok_sim.adapters.transports.line import LogLine
from rustok_sim.adapters.transports.log import Entry, LogServer
from rustok_sim.core.ports import Call, Runtime, Steps, Wire

T = TypeVar("T")


class LogInlet:
    """Reads and commits over one connection."""

    def __init__(self, runtime: Runtime, wire: Wire, server: LogServer, new_call: Callable[[], Call]) -> None:
        self._runtime = runtime
        self._line = LogLine(wire)
        self._server = server
        self._new_call = new_call

    @property
    def partitions(self) -> int:
        """How many the log has."""
        return self._server.partitions

    def fetch(self, group: str, number: int, limit: int) -> Steps[Sequence[Entry]]:
        """Entries from the group's place on. Raises ``WireError``."""
        server = self._server
        return (yield from self._exchange(lambda: server.read(number, server.place(group, number), limit), "fetch"))

    def commit(self, group: str, number: int, offset: int) -> Steps[None]:
        """Move the group's place. Raises ``WireError``; it may have moved for all that."""
        yield from self._exchange(lambda: self._server.commit(group, number, offset), "commit")

    def bury(self, group: str, entry: Entry, reason: str) -> None:
        """Put *entry* among the dead letters; goes along with the next commit, so it takes no time of its own."""
        self._server.bury(group, entry, reason)

    def more(self, group: str, number: int) -> Steps[None]:
        """Wait until there is something behind the group's place: the broker holds a fetch that finds nothing."""
        server = self._server
        if not server.read(number, server.place(group, number), 1):
            yield from server.news(number, self._runtime).wait()

    def _exchange(self, effect: Callable[[], T], command: str) -> Steps[T]:
        return self._line.exchange(self._new_call(), effect, command)
