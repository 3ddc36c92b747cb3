"""How an exchange with a server ended, as the event log has it."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self, TypeAlias

from rustok_sim.core.ports import Call, Runtime

Outcomes: TypeAlias = Mapping[type[BaseException], str]
"""The words for the ways in which an exchange of one kind may fail."""


class Recorded:
    """Writes one record of *kind* when its ``with`` block ends, however it ends.

    What *outcomes* does not name came from outside: the work was dropped.
    """

    __slots__ = (
        "_begin_s",
        "_call",
        "_detail",
        "_kind",
        "_needs_connection",
        "_outcomes",
        "_runtime",
        "_site",
        "_wait_s",
    )

    def __init__(
        self,
        runtime: Runtime,
        kind: str,
        call: Call,
        *,
        site: str,
        detail: str,
        outcomes: Outcomes,
        needs_connection: bool = False,
    ) -> None:
        self._runtime = runtime
        self._kind = kind
        self._call = call
        self._site = site
        self._detail = detail
        self._outcomes = outcomes
        self._needs_connection = needs_connection
        self._begin_s = runtime.now()
        self._wait_s: float | None = None

    def waited(self) -> None:
        """The wait for a connection is over."""
        self._needs_connection = False
        self._wait_s = self._runtime.now() - self._begin_s

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._needs_connection:
            self.waited()
        self._runtime.record(
            self._kind,
            self._call,
            site=self._site,
            outcome="ok" if kind is None else self._outcomes.get(kind, "dropped"),
            begin_s=self._begin_s,
            wait_s=self._wait_s,
            detail=self._detail,
        )
