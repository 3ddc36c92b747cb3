"""Queueing formulas: what they need, what they give, and when they are exact.

Kleinrock, "Queueing Systems" I (1975), unless said otherwise. Times are in seconds, rates per second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from rustok_sim.scenario import (
    Constant,
    Distribution,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Pareto,
    Station,
    Uniform,
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service time by its first two moments."""

    mean_s: float
    cv2: float
    """The square of standard deviation over mean; infinite for a tail without a variance."""
    exponential: bool = False
    """Whether it has no memory."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a formula says of a station."""

    formula: str
    exact: bool
    utilisation: float
    wait_s: float
    """The mean wait of who is served; infinite where the queue grows without end."""
    sojourn_s: float
    loss: float = 0.0
    """The share that a full queue turns away."""


def service_of(distribution: Distribution) -> Service | None:
    """The moments of a service time; none for one that only a data file knows."""
    match distribution:
        case Constant(value_s=value_s):
            return Service(value_s, 0.0)
        case Exponential(mean_s=mean_s):
            return Service(mean_s, 1.0, exponential=True)
        case Uniform(low_s=low_s, high_s=high_s):
            mean_s = (low_s + high_s) / 2.0
            return Service(mean_s, (high_s - low_s) ** 2 / 12.0 / mean_s**2)
        case Erlang(k=k, mean_s=mean_s):
            return Service(mean_s, 1.0 / k, exponential=k == 1)
        case Lognormal(mean_s=mean_s, cv=cv) | Hyperexponential(mean_s=mean_s, cv=cv):
            return Service(mean_s, cv**2)
        case Pareto(mean_s=mean_s, alpha=alpha):
            return Service(mean_s, 1.0 / (alpha * (alpha - 2.0)) if alpha > 2.0 else inf)
    return None


def forecast(station: Station, service: Service, rate_per_s: float) -> Forecast:
    """What theory says of *station* under Poisson arrivals."""
    servers, offered = station.servers, rate_per_s * service.mean_s
    if station.queue_limit is not None and station.discipline != "processor_sharing":
        return _limited(servers, station.queue_limit, service, rate_per_s)
    if offered >= servers:
        return Forecast("none: more comes than can be served", True, 1.0, inf, inf)
    if station.discipline == "processor_sharing":
        sojourn_s = service.mean_s / (1.0 - offered) if servers == 1 else _erlang_wait(servers, service, rate_per_s)
        exact = servers == 1 or service.exponential
        sojourn_s += service.mean_s if servers > 1 else 0.0
        return Forecast("M/G/c processor sharing", exact, offered / servers, 0.0, sojourn_s)
    if servers == 1:
        wait_s = offered * service.mean_s * (1.0 + service.cv2) / (2.0 * (1.0 - offered))
        return Forecast("M/G/1, Pollaczek and Khinchine", True, offered, wait_s, wait_s + service.mean_s)
    wait_s = _erlang_wait(servers, service, rate_per_s) * (1.0 + service.cv2) / 2.0
    name = "M/M/c, Erlang C" if service.exponential else "M/G/c, Allen and Cunneen"
    return Forecast(name, service.exponential, offered / servers, wait_s, wait_s + service.mean_s)


def _erlang_wait(servers: int, service: Service, rate_per_s: float) -> float:
    """The mean wait in M/M/c: Erlang's C by the recursion of his B, which does not overflow."""
    offered = rate_per_s * service.mean_s
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = offered * blocked / (c + offered * blocked)
    utilisation = offered / servers
    waits = blocked / (1.0 - utilisation * (1.0 - blocked))
    return waits * service.mean_s / (servers * (1.0 - utilisation))


def _limited(servers: int, places: int, service: Service, rate_per_s: float) -> Forecast:
    """M/M/c with so many places to wait, by birth and death; for other services than exponential a guide only."""
    chances = _stationary(servers, places, rate_per_s * service.mean_s)
    loss = chances[-1]
    waiting = sum((n - servers) * chance for n, chance in enumerate(chances) if n > servers)
    accepted_per_s = rate_per_s * (1.0 - loss)
    wait_s = waiting / accepted_per_s if accepted_per_s > 0.0 else 0.0
    utilisation = accepted_per_s * service.mean_s / servers
    return Forecast("M/M/c/K", service.exponential, utilisation, wait_s, wait_s + service.mean_s, loss)


def _stationary(servers: int, places: int, offered: float) -> Sequence[float]:
    """The chance of each number inside. The weights are kept near one, so that none overflows."""
    weights = [1.0]
    for n in range(1, servers + places + 1):
        weights.append(weights[-1] * offered / min(n, servers))
        if weights[-1] > 1e100:
            weights = [weight / 1e100 for weight in weights]
    total = sum(weights)
    return [weight / total for weight in weights]
