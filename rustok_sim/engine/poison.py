"""Poison: events that can never be taken, and since when and until when such events were raised."""

from math import inf

from rustok_sim.core.events import Envelope
from rustok_sim.core.journal import Journal
from rustok_sim.engine.draws import Draws
from rustok_sim.engine.world import World


class Poison:
    """What of the events of a run is spoilt, for whom. An event is spoilt for ever or never, whoever asks."""

    def __init__(self, world: World, draws: Draws, journal: Journal) -> None:
        self._world = world
        self._draws = draws
        self._journal = journal
        self._told: dict[tuple[str, str], None] = {}
        self._times: dict[tuple[int, str], list[tuple[float, float, float]]] = {}

    def begin(self, fault: int, place: str, ratio: float) -> None:
        """From now on this share of the events raised is spoilt for those who read them at *place*."""
        self._times.setdefault((fault, place), []).append((self._world.now, inf, ratio))

    def end(self, fault: int, place: str) -> None:
        """Events raised from now on are sound."""
        begin_s, _, ratio = self._times[fault, place].pop()
        self._times[fault, place].append((begin_s, self._world.now, ratio))

    def spoilt(self, place: str, envelope: Envelope) -> bool:
        """Whether *envelope* is spoilt for those who read it at *place*: outbox, log or bus."""
        raised_s = envelope.timestamp
        found = any(
            begin_s <= raised_s < end_s and self._luck(fault, envelope) < ratio
            for (fault, where), times in self._times.items()
            if where == place
            for begin_s, end_s, ratio in times
        )
        if found and (place, envelope.id) not in self._told:
            self._told[place, envelope.id] = None
            self._tell(place, envelope)
        return found

    def _tell(self, place: str, envelope: Envelope) -> None:
        if self._journal.wants("event.spoilt"):
            row = (self._world.now, "event.spoilt", None, None, int(envelope.trace_id or 0), None, place, None)
            self._journal.append((*row, None, None, None, None, envelope.id))

    def _luck(self, fault: int, envelope: Envelope) -> float:
        # The end of an id is its call's alone, so the same events are spoilt whenever they are raised.
        return self._draws.stream(f"poison.{fault}", envelope.id[-12:])(0)
