"""Pools: a bounded number of things to borrow, first come first served, with a limit to the wait (as sqlx does it)."""

from collections import deque
from types import TracebackType
from typing import Self

from rustok_sim.core.errors import NoConnection
from rustok_sim.core.ports import Steps
from rustok_sim.engine.task import Resume
from rustok_sim.engine.world import World


class _Claim:
    """One who waits for a place."""

    __slots__ = ("_world", "expired", "granted", "resume", "turn")

    def __init__(self, world: World) -> None:
        self._world = world
        self.granted = False
        self.expired = False

    def add(self, resume: Resume, turn: int, /) -> None:
        self.resume, self.turn = resume, turn

    def grant(self) -> None:
        self.granted = True
        self._world.call_in(0.0, self._go_on)

    def expire(self) -> None:
        self.expired = True
        self._go_on(None)

    def _go_on(self, _: object) -> None:
        self.resume(self.turn)


class Seizure(_Claim):
    """One that never gives its place back by itself, and does not mind when it gets it."""

    __slots__ = ()

    def grant(self) -> None:
        """Have it."""
        self.granted = True


class Pool:
    """At most *capacity* places, handed out in order of asking. A place is given back when its ``with`` block ends."""

    __slots__ = ("_acquire_timeout_s", "_claims", "_world", "capacity", "free", "least", "name")

    def __init__(self, world: World, name: str, capacity: int, acquire_timeout_s: float) -> None:
        self.name = name
        self.capacity = self.free = self.least = capacity
        self._world = world
        self._acquire_timeout_s = acquire_timeout_s
        self._claims: deque[_Claim] = deque()

    def acquire(self) -> Steps["Place"]:
        """Wait for a place for ``with``, at most the acquire timeout; then ``NoConnection`` is raised."""
        if self.free:
            self.free -= 1
            self.least = min(self.least, self.free)
            return Place(self)
        claim = _Claim(self._world)
        self._claims.append(claim)
        try:
            self._world.call_in(self._acquire_timeout_s, self._expire, claim)
            yield claim
        except BaseException:
            self._withdraw(claim)
            raise
        if claim.expired:
            raise NoConnection(f"no free place in the pool {self.name} within {self._acquire_timeout_s:g} s")
        return Place(self)

    def _expire(self, claim: _Claim) -> None:
        """Its time is up: out of the line at once, since its node may stand still and hear of it much later."""
        if not claim.granted:
            self._claims.remove(claim)
            claim.expire()

    def _withdraw(self, claim: _Claim) -> None:
        """One who waits was dropped; a place granted at this very moment goes to the next."""
        if claim.granted:
            self.give_back()
        elif not claim.expired:
            self._claims.remove(claim)
            claim.granted = True  # the timer must not wake what is gone

    def seize(self) -> Seizure:
        """Take a place as anybody would, now or in one's turn, and keep it until :meth:`let_go`."""
        seizure = Seizure(self._world)
        if self.free:
            self.free -= 1
            seizure.grant()
        else:
            self._claims.append(seizure)
        return seizure

    def let_go(self, seizure: Seizure) -> None:
        """Give back what was seized, or no longer wait for it."""
        if seizure.granted:
            self.give_back()
        else:
            self._claims.remove(seizure)

    def give_back(self) -> None:
        """Hand a place to the next in line, or keep it free."""
        if self._claims:
            self._claims.popleft().grant()
        else:
            self.free += 1


class Place:
    """A borrowed place of a pool."""

    __slots__ = ("_pool",)

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.give_back()
