"""A limit on how many calls may be under way at once."""

from types import TracebackType

from rustok_sim.core.errors import BulkheadFull


class Bulkhead:
    """At most *limit* calls at once, nobody waits: resilience4j's ``SemaphoreBulkhead`` with no maximum wait.

    A context manager, to be held across the waits of a service: ``with bulkhead: yield from steps``. Entering
    raises ``BulkheadFull``; the place is free again however the call ends, by a drop too.
    """

    __slots__ = ("_in_use", "_limit")

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"the limit of a bulkhead must be at least 1, not {limit}")
        self._limit = limit
        self._in_use = 0

    def __enter__(self) -> None:
        if self._in_use >= self._limit:
            raise BulkheadFull(f"{self._limit} calls are under way already")
        self._in_use += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._in_use -= 1
