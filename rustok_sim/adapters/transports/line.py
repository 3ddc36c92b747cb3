"""A connection to the log."""

from collections.abc import Callable
from typing import TypeVar

from rustok_sim.core.errors import WireError
from rustok_sim.core.ports import Call, Steps, Wire

T = TypeVar("T")


class LogLine:
    """One connection, made when it is needed and again after it was lost."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._session: int | None = None

    def exchange(self, call: Call, effect: Callable[[], T], command: str) -> Steps[T]:
        """Let *effect* happen at the log. Raises ``WireError``; it may have happened for all that."""
        try:
            if self._session is None:
                self._session = yield from self._wire.connect(call)
            return (yield from self._wire.exchange(call, self._session, effect, command))
        except WireError:
            self._session = None
            raise
