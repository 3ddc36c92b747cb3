"""One run: a scenario made into a world, run to its horizon."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from rustok_sim.core.journal import Journal
from rustok_sim.engine.arrivals import arrivals
from rustok_sim.engine.database import stocks_of
from rustok_sim.engine.distributions import site
from rustok_sim.engine.draws import Draws, SiteDraws
from rustok_sim.engine.effects import Effects
from rustok_sim.engine.faults import Around, FaultPlan
from rustok_sim.engine.load import LoadClass, RouteClass
from rustok_sim.engine.nodes import Balancer
from rustok_sim.engine.outside import Deployment
from rustok_sim.engine.poison import Poison
from rustok_sim.engine.popularity import Asks, Tenants
from rustok_sim.engine.requests import Mix, OperationClass
from rustok_sim.engine.sharing import ProcessorSharing
from rustok_sim.engine.station import LastComeFirstServed, Priority, Station
from rustok_sim.engine.steps import StepWatch
from rustok_sim.engine.world import World
from rustok_sim.scenario import Scenario

BOOT_S: Final = 60.0
"""How long before the run the platform boots: longer than RusToK's client tries to reach a dead Redis twice."""
SLICES: Final = 1000
"""How often a run lets the journal put its records away and reports its progress."""
DISCIPLINES: Final[dict[str, type[Station]]] = {
    "fifo": Station,
    "lifo": LastComeFirstServed,
    "priority": Priority,
    "processor_sharing": ProcessorSharing,
}


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for cycles of garbage less often: a request makes hundreds of objects and hardly a cycle."""
    thresholds = gc.get_threshold()
    gc.set_threshold(50_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


class Simulation:
    """The world of one scenario, one seed and one replication. It runs once."""

    def __init__(self, scenario: Scenario, *, journal: Journal, seed: int | None = None, replication: int = 0) -> None:
        self.scenario = scenario
        self._journal = journal
        self._draws = Draws(scenario.seed if seed is None else seed, replication)
        needs_platform = scenario.needs_platform
        self.world = World(-BOOT_S if needs_platform else 0.0)
        self._stations = {name: self._station(name, spec) for name, spec in scenario.stations.items()}
        faults = scenario.faults
        self._steps = StepWatch(self.world) if any(fault.at_step is not None for fault in faults) else None
        self._poison = (
            Poison(self.world, self._draws, journal) if any(fault.kind == "poison" for fault in faults) else None
        )
        self._deployment = self._deploy() if needs_platform else None
        self._plans: list[FaultPlan] = []
        self._loads = {load.name: self._load(i, load) for i, load in enumerate(scenario.load)}

    def _deploy(self) -> Deployment:
        return Deployment(self.world, self.scenario, self._draws, self._journal, watch=self._steps, poison=self._poison)

    def _station(self, name: str, spec: Any) -> Station:
        make = DISCIPLINES[spec.discipline]
        # With a dot in it the site can be no other's, whatever the scenario calls its station.
        service = site(self._draws, f"station.{name}", spec.service)
        return make(
            self.world, name, spec.servers, service=service, journal=self._journal, queue_limit=spec.queue_limit
        )

    def _load(self, index: int, spec: Any) -> LoadClass:
        options = {"timeout_s": spec.timeout_s, "priority": spec.priority}
        if spec.route is not None:
            routed = RouteClass(self.world, spec.name, index, self._journal, **options)
            routed.route([self._stations[name] for name in spec.route])
            return routed
        assert self._deployment is not None
        asking = OperationClass(self.world, spec.name, index, self._journal, **options)
        mix = spec.tenants
        tenants = Tenants(self._draws, spec.name, count=mix.count, zipf=mix.zipf, unknown=mix.unknown)
        asks = Asks(self._draws, spec.name, spec.ask, self.scenario.catalogue)
        shares = Mix(spec.shares, self._draws.stream("operation", spec.name))
        jitter = SiteDraws(self._draws, "retry")
        asking.ask(shares, Balancer(self._deployment.nodes), tenants, asks, retry=spec.retry, jitter=jitter)
        return asking

    def run(self, progress: Callable[[float], object] = lambda _: None) -> float:
        """Run to the horizon; *progress* is told the share done. Returns the simulated seconds."""
        with rare_collections():
            try:
                return self._run(progress)
            finally:
                if self._deployment is not None:
                    self._deployment.close()

    def _run(self, progress: Callable[[float], object]) -> float:
        self._schedule_faults()
        self._schedule_healing()
        if self._deployment is not None:
            self._deployment.start()
            self.world.run_to(0.0)
            self._record_stock()
        self._start_load()
        horizon_s = self.scenario.horizon_s
        for i in range(1, SLICES + 1):
            self.world.run_to(horizon_s * i / SLICES if i < SLICES else horizon_s)
            self._journal.drain()
            progress(i / SLICES)
        for station in [*self._stations.values(), *self._server_stations()]:
            station.close_books()
        for load in self._loads.values():
            load.close_books()
        if self._deployment is not None:
            self._deployment.audit(horizon_s)
        return horizon_s

    def _record_stock(self) -> None:
        """What there is of every variant before anybody buys."""
        if self.scenario.touches_stock and self._journal.wants("stock.seeded"):
            for slug, variant, units in stocks_of(self.scenario):
                self._journal.append(
                    (0.0, "stock.seeded", None, slug, None, None, variant, None, None, None, None, float(units), None)
                )

    def _server_stations(self) -> list[Station]:
        return [] if self._deployment is None else self._deployment.stations()

    def _start_load(self) -> None:
        for spec in self.scenario.load:
            load = self._loads[spec.name]
            if spec.users is not None:
                load.close_loop(spec.users.count, site(self._draws, "think", spec.users.think).stream(spec.name))
            else:
                load.open(arrivals(spec.arrivals, self._draws, spec.name))

    def _schedule_faults(self) -> None:
        nodes = [] if self._deployment is None else self._deployment.nodes
        around = Around(self.world, self._journal, self._draws, self._steps, frozenset(node.name for node in nodes))
        effects = Effects(
            self.world,
            self._draws,
            deployment=self._deployment,
            stations=self._stations,
            loads=self._loads,
            poison=self._poison,
        )
        for i, spec in enumerate(self.scenario.faults):
            plan = FaultPlan(around, i, spec, effects.of(i, spec))
            plan.schedule()
            self._plans.append(plan)

    def _schedule_healing(self) -> None:
        """When the scenario says so, all faults end, and the load stops or goes on."""
        heal = None if self.scenario.verify is None else self.scenario.verify.heal
        if heal is not None:
            self.world.call_at(heal.at_s, self._heal, heal.load == "stops")

    def _heal(self, stops: bool) -> None:  # noqa: FBT001 -- the agenda passes one argument
        for plan in self._plans:
            plan.end_for_good()
        if stops:
            for load in self._loads.values():
                load.stop()
