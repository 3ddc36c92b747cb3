"""Servers: what the wires of all nodes lead to."""

from rustok_sim.engine.condition import Condition
from rustok_sim.engine.draws import SiteDraws
from rustok_sim.engine.station import Station
from rustok_sim.engine.world import World


class Server:
    """One server: its condition, its distance, and the time it works on a command."""

    def __init__(
        self,
        world: World,
        name: str,
        round_trip: SiteDraws,
        *,
        work: SiteDraws | None = None,
        station: Station | None = None,
    ) -> None:
        self.world = world
        self.name = name
        self.work_site = "work:" + name
        self.condition = Condition()
        self.round_trip = round_trip
        self.work = work
        self.station = station
