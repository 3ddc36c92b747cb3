"""Load classes: who asks, when, for what, and how long a client waits."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from rustok_sim.core.errors import RunError, outcome_of
from rustok_sim.core.journal import Journal
from rustok_sim.engine import exact
from rustok_sim.engine.draws import SiteDraws, Stream
from rustok_sim.engine.station import Station, Visit
from rustok_sim.engine.world import World

CLIENT_CLOSED_REQUEST: Final = 499
"""The status of a request whose client left before the answer (nginx's convention; no answer was ever sent)."""
ID_STEP: Final = 1_000_000_000
"""Request ids of one class lie together: class number times this, plus the request's number in its class."""
COPIES: Final = ID_STEP // 2
"""The number from which on requests are copies that clients sent by mistake: that of the request, and this."""
ROUNDS_MAX: Final = 100_000
"""How often the users of a class may ask and be answered without any time passing; more users, ten times each."""


class LoadClass(ABC):
    """One class of requests. Open classes take their times from *arrivals*, closed ones from their users' thinking."""

    def __init__(
        self, world: World, name: str, index: int, journal: Journal, *, timeout_s: float | None, priority: int = 0
    ) -> None:
        self.world = world
        self.name = name
        self._first_id = (index + 1) * ID_STEP
        self._journal = journal
        self._timeout_s = timeout_s
        self._priority = priority
        self._append = journal.append if journal.wants("request.finished") else None
        self._next = 0
        self._arrivals: Iterator[float] = iter(())
        self._users = 0
        self._rounds = 0
        self._think: Stream | None = None
        self._stopped = False
        self.leavers: dict[int, tuple[float, float, SiteDraws]] = {}
        """Active ``cancel`` faults: the share of clients that walk away, after how long on average, and their luck."""

    def open(self, arrivals: Iterator[float]) -> None:
        """Let requests arrive at these times."""
        self._arrivals = arrivals
        self._plan_arrival()

    def close_loop(self, users: int, think: Stream) -> None:
        """Let *users* ask, wait for the answer, think, and ask again; each begins by thinking."""
        self._users, self._think = users, think
        for user in range(users):
            self.world.call_in(think(user), self._begin, user)

    def _plan_arrival(self) -> None:
        at_s = next(self._arrivals, None)
        if at_s is not None:
            self.world.call_at(at_s, self._arrive, None)

    def stop(self) -> None:
        """Let nothing new arrive; who is under way goes on, and may ask again after an error."""
        self._stopped = True

    def _arrive(self, _: None) -> None:
        if self._stopped:
            return
        entity = self._next
        self._next = entity + 1
        at_s = next(self._arrivals, None)
        if at_s is not None:
            self.world.call_at(at_s, self._arrive, None)
        self._begin(entity)

    @abstractmethod
    def _begin(self, entity: int) -> None:
        """Start request number *entity* now."""

    @abstractmethod
    def _cancel(self, request: Any) -> None:
        """Cancel the server-side work of *request* where it stands."""

    def _await_client(self, request: Any, entity: int) -> None:
        """Set the alarm for the client's patience and for the clients who walk away."""
        if self._timeout_s is not None:
            self.world.call_in(self._timeout_s, self._lose_patience, request)
        for ratio, after_s, luck in self.leavers.values():
            if luck(self.name, entity, 0) < ratio:
                delay_s = -after_s * float(exact.log(np.array([1.0 - luck(self.name, entity, 1)]))[0])
                self.world.call_in(delay_s, self._walk_away, request)

    def _lose_patience(self, request: Any) -> None:
        # An answer that comes at this very moment is in time.
        if request.live:
            self.world.call_in(0.0, self._give_up, request)

    def _give_up(self, request: Any) -> None:
        if request.live:
            self._cancel(request)
            self._finish(request, "timed_out", CLIENT_CLOSED_REQUEST, "client_timeout")

    def _walk_away(self, request: Any) -> None:
        if request.live:
            self._cancel(request)
            self._finish(request, "timed_out", CLIENT_CLOSED_REQUEST, "client_cancelled")

    def _finish(self, request: Any, outcome: str, status: int, code: str | None) -> None:
        request.live = False
        if self._append is not None:
            now = self.world._now
            self._append(
                (
                    now,
                    "request.finished",
                    request.node,
                    request.tenant,
                    request.id,
                    None,
                    self.name,
                    outcome,
                    status,
                    request.begin_s,
                    None,
                    None,
                    code,
                )
            )
        if self._think is not None and request.entity < COPIES:
            self._ask_again(request, self._think)

    def _ask_again(self, request: Any, think: Stream) -> None:
        """Let the user think, then ask. Raises ``RunError`` when a class goes round and round in one moment."""
        if self._stopped:
            return
        entity = request.entity + self._users
        think_s = think(entity)
        took_time = think_s > 0.0 or request.begin_s < self.world._now
        self._rounds = 0 if took_time else self._rounds + 1
        if self._rounds > max(ROUNDS_MAX, 10 * self._users):
            raise RunError(
                f"time stands still at {self.world._now:g} s: the users of load {self.name!r} are answered at once "
                "and ask again at once; give them a time to think"
            )
        self.world.call_in(think_s, self._begin, entity)

    def _record_in_flight(self, request: Any) -> None:
        if self._journal.wants("request.in_flight"):
            self._journal.append(
                (
                    self.world.now,
                    "request.in_flight",
                    request.node,
                    request.tenant,
                    request.id,
                    None,
                    self.name,
                    None,
                    None,
                    request.begin_s,
                    None,
                    None,
                    None,
                )
            )

    @abstractmethod
    def close_books(self) -> None:
        """At the horizon: record the requests still under way."""


class RouteClass(LoadClass):
    """Requests that pass through stations, one after the other."""

    def route(self, stations: Sequence[Station]) -> None:
        """Set the way. A station may stand in it more than once: each visit has draws of its own."""
        names = [station.name for station in stations]
        self._route = [(station, names[:i].count(station.name)) for i, station in enumerate(stations)]
        self._hops = len(stations)
        # Only a request that may be cancelled needs an alarm.
        self._patient = self._timeout_s is None

    def _begin(self, entity: int) -> None:
        visit = Visit(self._first_id + entity, self.name, entity, self.world._now, self._done, priority=self._priority)
        if not self._patient or self.leavers:
            self._await_client(visit, entity)
        self._route[0][0].enter(visit)

    def _done(self, visit: Visit, how: str) -> None:
        if how == "served":
            hop = visit.hop + 1
            if hop == self._hops:
                self._finish(visit, "ok", 200, None)
            else:
                visit.hop = hop
                station, visit.attempt = self._route[hop]
                station.enter(visit)
        else:
            status = 500 if how == "failed" else 503
            self._finish(visit, outcome_of(status), status, how)

    def _cancel(self, request: Visit) -> None:
        self._route[request.hop][0].leave(request)

    def close_books(self) -> None:
        """Record who is still in a station of the route."""
        for station in dict.fromkeys(station for station, _ in self._route):
            for visit, _ in station.inside():
                if visit.source == self.name:
                    self._record_in_flight(visit)
