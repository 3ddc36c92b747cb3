"""What a run's settings say that its records do not: operations, ways to the node, and how clients ask again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from rustok_sim.core.errors import RunError
from rustok_sim.engine.distributions import site
from rustok_sim.engine.draws import Draws, SiteDraws
from rustok_sim.engine.load import COPIES, ID_STEP
from rustok_sim.engine.requests import Mix
from rustok_sim.report.series import FAULTS
from rustok_sim.scenario import Distribution
from rustok_sim.scenario.models.load import Retry
from rustok_sim.studies import DATA, Run

_DISTRIBUTIONS: Final[TypeAdapter[Any]] = TypeAdapter(Distribution)


def find_run(name: str | Path, *, data: Path = DATA) -> Run:
    """The run in the directory *name*, or of that name below *data*. Raises ``RunError`` if there is none."""
    places = [Path(name), data / name]
    for place in places:
        if (place / "run.json").is_file():
            return Run(place)
    raise RunError(f"{name}: there is no run: neither {places[0]} nor {places[1]} has a run.json")


class Facts:
    """The settings of one run, as traces need them."""

    def __init__(self, run: Run) -> None:
        record = run.record
        settings = record["settings"]
        self.digest = run.digest
        self.horizon_s = float(record["simulated_s"])
        self.database = "sqlite" if settings["platform"]["database"]["backend"] == "sqlite" else "postgresql"
        self.sends_to_log = settings["platform"]["events"]["transport"] == "log"
        """Whether events go over the log before the commit, which takes time."""
        self.target = str(settings["platform"]["outbox"]["target"])
        """What relays publish to."""
        guards = settings["platform"]["features"]
        self.shares_reads = guards["guard"] == "mounted" and guards["cache_ttl_s"] > 0.0
        """Whether a request may wait for another's read of what modules its tenant has."""
        self._settings = settings
        self._draws = Draws(record["seed"], record["replication"])
        self._jitter = SiteDraws(self._draws, "retry")
        link = settings["deployment"].get("client_round_trip")
        # A file of measured times need not be there any more; then the way is one of the waits that nobody explains.
        known = link is not None and link["dist"] != "empirical"
        self._client = None if not known else site(self._draws, "client", _DISTRIBUTIONS.validate_python(link))
        self._pauses = _pauses(run)
        self._operations: dict[str, Callable[[int], str]] = {}
        self._retries = {load["name"]: _retry(load) for load in settings["load"]}

    def asks_platform(self, load: str) -> bool:
        """Whether requests of class *load* go to nodes, not by a route through stations."""
        return self._load(load).get("route") is None

    def _load(self, name: str) -> dict[str, Any]:
        return next(load for load in self._settings["load"] if load["name"] == name)

    def operation(self, load: str, correlation: int) -> str:
        """What request number *correlation* of class *load* asked for: drawn once more, as the run drew it."""
        if load not in self._operations:
            self._operations[load] = self._operations_of(load)
        # A copy asks for what the request asks for that it copies.
        return self._operations[load](correlation % ID_STEP % COPIES)

    def _operations_of(self, name: str) -> Callable[[int], str]:
        load = self._load(name)
        if load.get("operation") is not None:
            return lambda _: str(load["operation"])
        if load.get("mix") is not None:
            return Mix(load["mix"], self._draws.stream("operation", name)).of
        return lambda _: " ".join(load["route"])

    def way_s(self, load: str, correlation: int) -> float:
        """How long the way from a client to its node takes, and back: drawn once more."""
        return 0.0 if self._client is None else self._client(load, correlation % ID_STEP) / 2.0

    def stood_still(self, node: str | None, begin_s: float, end_s: float) -> list[tuple[float, float]]:
        """The times between two moments in which *node* stood still."""
        times = ((max(begin_s, since_s), min(end_s, until_s)) for since_s, until_s in self._pauses.get(node or "", ()))
        return [(since_s, until_s) for since_s, until_s in times if since_s < until_s]

    def backoff_s(self, load: str, correlation: int, attempts: int) -> float:
        """How long the client of request *correlation* of class *load* waits after so many attempts."""
        retry = self._retries[load]
        if retry is None:
            return 0.0
        return retry.delay_s(attempts, self._jitter(load, correlation % ID_STEP, attempts))


def _pauses(run: Run) -> dict[str, list[tuple[float, float]]]:
    """When each node stood still, in order."""
    times: dict[str, list[tuple[float, float]]] = {}
    nodes = [f"node-{i + 1}" for i in range(run.record["settings"]["deployment"]["nodes"])]
    for target, fault, begin_s, end_s in run.sql(FAULTS).sort("begin_s").iter_rows():
        for node in (nodes if target == "nodes" else [target]) if fault == "pause" else ():
            known = times.setdefault(node, [])
            # What overlaps is one time.
            since_s, until_s = known.pop() if known and begin_s <= known[-1][1] else (begin_s, end_s)
            known.append((since_s, max(until_s, end_s)))
    return times


def _retry(load: dict[str, Any]) -> Retry | None:
    found = load.get("retry")
    return None if found is None else Retry.model_validate(found)
