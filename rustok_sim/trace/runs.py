"""What a run's settings say that its records do not: operations, and how clients ask again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rustok_sim.core.errors import RunError
from rustok_sim.engine.draws import Draws, SiteDraws
from rustok_sim.engine.load import ID_STEP
from rustok_sim.engine.requests import Mix
from rustok_sim.scenario.models.load import Retry
from rustok_sim.studies import DATA, Run


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
        self.client_link = settings["deployment"].get("client_round_trip") is not None
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
        return self._operations[load](correlation % ID_STEP)

    def _operations_of(self, name: str) -> Callable[[int], str]:
        load = self._load(name)
        if load.get("operation") is not None:
            return lambda _: str(load["operation"])
        if load.get("mix") is not None:
            return Mix(load["mix"], self._draws.stream("operation", name)).of
        return lambda _: " ".join(load["route"])

    def backoff_s(self, load: str, correlation: int, attempts: int) -> float:
        """How long the client of request *correlation* of class *load* waits after so many attempts."""
        retry = self._retries[load]
        if retry is None:
            return 0.0
        return retry.delay_s(attempts, self._jitter(load, correlation % ID_STEP, attempts))


def _retry(load: dict[str, Any]) -> Retry | None:
    found = load.get("retry")
    return None if found is None else Retry.model_validate(found)
