"""One loader per key at a time, whoever asks."""

from collections.abc import Callable
from typing import Generic, TypeVar

from rustok_sim.core.errors import DomainError
from rustok_sim.core.ports import Runtime, Signal, Steps

K = TypeVar("K")
V = TypeVar("V")


class _Flight(Generic[V]):
    """One run of a loader, and those who wait for it."""

    __slots__ = ("error", "landed", "signal", "value")

    def __init__(self) -> None:
        self.signal: Signal | None = None
        self.landed = False
        self.error: DomainError | None = None
        self.value: V


class SingleFlight(Generic[K, V]):
    """Concurrent loads of one key share one loader, by the rules of moka's ``try_get_with``.

    The first to ask leads: its loader runs. The others wait and get what it returns, or the very error it raises; an
    error is shared with those who wait at that moment and not remembered. A leader that is dropped, or whose loader
    breaks with anything but a ``DomainError``, is replaced by the one who has waited longest, with its own loader.

    Results are not kept: the loader itself stores what is worth keeping, before it returns. Look into the cache and
    call :meth:`load` without a wait between the two, else a load that ended meanwhile is done again.
    """

    __slots__ = ("_flights",)

    def __init__(self) -> None:
        self._flights: dict[K, _Flight[V]] = {}

    def load(
        self,
        runtime: Runtime,
        key: K,
        loader: Callable[[], Steps[V]],
        *,
        on_wait: Callable[[], None] | None = None,
    ) -> Steps[V]:
        """What *loader* returns, run by this caller or by the one who leads.

        Whoever runs its *loader* led; *on_wait* is called once, when the caller begins to wait for another instead.
        """
        flight = self._flights.get(key)
        while flight is not None:
            if on_wait is not None:
                on_wait()
                on_wait = None
            if flight.signal is None:
                flight.signal = runtime.signal()
            yield from flight.signal.wait()
            if flight.error is not None:
                # The error is shared; without this every waiter's frames would pile up on it.
                raise flight.error.with_traceback(None)
            if flight.landed:
                return flight.value
            flight = self._flights.get(key)
        return (yield from self._lead(key, loader))

    def _lead(self, key: K, loader: Callable[[], Steps[V]]) -> Steps[V]:
        flight: _Flight[V] = _Flight()
        self._flights[key] = flight
        try:
            flight.value = yield from loader()
        except DomainError as error:
            flight.error = error
            raise
        else:
            flight.landed = True
            return flight.value
        finally:
            del self._flights[key]
            if flight.signal is not None:
                flight.signal.wake()
