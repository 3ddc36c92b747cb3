"""How uniform numbers become samples of the distributions a scenario can name, by inversion wherever there is one.

Formulas: Law, "Simulation Modeling and Analysis", chapter 8. Only exactly rounded arithmetic is used (``exact``).
"""

from math import inf, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rustok_sim.core.errors import Problem, RunError, ScenarioError
from rustok_sim.engine import exact
from rustok_sim.engine.draws import Draws, SiteDraws, Transform

Floats = NDArray[np.float64]

TINY = 2.0**-54


class Sampler(NamedTuple):
    """A transform, and how many uniform numbers it takes for one sample."""

    transform: Transform
    words: int = 1


def standard_exponential(u: Floats) -> Floats:
    """Exponential samples of mean 1; *u* may be 0 but not 1."""
    return -exact.log(1.0 - u)


def constant(value: float) -> Sampler:
    """Always *value*."""
    return Sampler(lambda u: np.full(len(u), value))


def exponential(mean: float) -> Sampler:
    """Exponential with *mean*."""
    return Sampler(lambda u: mean * standard_exponential(u[:, 0]))


def uniform_between(low: float, high: float) -> Sampler:
    """Uniform on [*low*, *high*)."""
    return Sampler(lambda u: low + (high - low) * u[:, 0])


def erlang(k: int, mean: float) -> Sampler:
    """The sum of *k* exponential stages, with *mean* in all."""

    def transform(u: Floats) -> Floats:
        stages = standard_exponential(u)
        total = stages[:, 0].copy()
        for i in range(1, k):
            total = total + stages[:, i]
        return (mean / k) * total

    return Sampler(transform, words=k)


def lognormal(mean: float, cv: float) -> Sampler:
    """Lognormal with *mean* and coefficient of variation *cv*: sigma² = ln(1 + cv²), mu = ln(mean) - sigma²/2."""
    variance = float(exact.log(np.array([1.0 + cv * cv]))[0])
    mu = float(exact.log(np.array([mean]))[0]) - variance / 2.0
    sigma = sqrt(variance)
    return Sampler(lambda u: exact.exp(mu + sigma * exact.normal_quantile(np.maximum(u[:, 0], TINY))))


def hyperexponential(mean: float, cv: float) -> Sampler:
    """Two exponential branches with balanced means (Whitt 1982): p = (1 + sqrt((cv²-1)/(cv²+1)))/2."""
    square = cv * cv
    p = 0.5 * (1.0 + sqrt((square - 1.0) / (square + 1.0)))

    def transform(u: Floats) -> Floats:
        branch_mean = np.where(u[:, 0] < p, mean / (2.0 * p), mean / (2.0 * (1.0 - p)))
        return branch_mean * standard_exponential(u[:, 1])

    return Sampler(transform, words=2)


def pareto(mean: float, alpha: float) -> Sampler:
    """Pareto with tail index *alpha* above 1: scale = mean (alpha - 1)/alpha."""
    scale = mean * (alpha - 1.0) / alpha
    return Sampler(lambda u: scale * exact.exp(standard_exponential(u[:, 0]) / alpha))


def empirical(values: list[float]) -> Sampler:
    """One of *values*, each with the same chance."""
    table = np.array(values, dtype=np.float64)
    return Sampler(lambda u: table[(u[:, 0] * len(table)).astype(np.int64)])


def sampler(spec: Any) -> Sampler:
    """The sampler of a distribution as the scenario names it. Times are in seconds."""
    match spec.dist:
        case "constant":
            return constant(spec.value_s)
        case "exponential":
            return exponential(spec.mean_s)
        case "uniform":
            return uniform_between(spec.low_s, spec.high_s)
        case "erlang":
            return erlang(spec.k, spec.mean_s)
        case "lognormal":
            return lognormal(spec.mean_s, spec.cv)
        case "hyperexponential":
            return hyperexponential(spec.mean_s, spec.cv)
        case "pareto":
            return pareto(spec.mean_s, spec.alpha)
        case "empirical":
            return empirical(read_column(spec))
    raise ValueError(f"no sampler for the distribution {spec.dist!r}")


def read_column(spec: Any) -> list[float]:
    """The numbers in a column of a CSV or Parquet file. Raises ``ScenarioError`` if it holds anything else."""
    import polars as pl

    path = spec.file.path
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
        values = frame.get_column(spec.column).cast(pl.Float64).to_list()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _refuse(spec, f"cannot be read as numbers: {error}") from None
    if not values or any(value is None or not 0.0 <= value < inf for value in values):
        raise _refuse(spec, "must hold finite numbers of 0 or more, and at least one")
    return values


def _refuse(spec: Any, message: str) -> ScenarioError:
    return ScenarioError([Problem(spec.file.name, 0, 0, f"column {spec.column!r}", message)])


def site(draws: Draws, name: str, spec: Any) -> SiteDraws:
    """The draws of the distribution *spec* at the site *name*. Drawing raises ``RunError`` for what is no time."""
    with np.errstate(all="ignore"):
        chosen = sampler(spec)

    def transform(u: Floats) -> Floats:
        with np.errstate(all="ignore"):
            samples = chosen.transform(u)
        if not np.isfinite(samples).all():
            raise RunError(f"{name}: {spec.dist} with these parameters gives times beyond the largest number there is")
        return samples

    return SiteDraws(draws, name, transform, words=chosen.words)
