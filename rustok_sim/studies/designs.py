"""Samples of ranges, and what the results of their runs say of each range: Morris and Sobol, by SALib.

Morris: "Factorial Sampling Plans for Preliminary Computational Experiments", Technometrics 33, 1991, with the absolute
effects of Campolongo, Cariboni and Saltelli, Environmental Modelling & Software 22, 2007. Sobol: the estimators of
Saltelli and others, Computer Physics Communications 181, 2010.

The runs of one trajectory, or of one base sample, share their luck, and each trajectory has its own: effects are
differences on the same luck, and intervals over trajectories tell how far luck moves them too.
"""

from collections.abc import Iterator, Sequence
from math import nan
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from rustok_sim.studies.format import Range, Sensitivity
from rustok_sim.studies.intervals import Estimate

Index: TypeAlias = Literal["low", "high", "swing", "mu_star", "mu", "sigma", "first_order", "total"]
"""What is told of a key.

``low``, ``high``: how far the metric moves from the base when the key alone goes to that end of its range; ``swing``:
from the low end to the high one. ``mu_star``, ``mu``, ``sigma``: over Morris's trajectories the mean of absolute
effects, the mean, and the deviation, each effect counted over the whole range, in the metric's unit. ``first_order``,
``total``: the share of the metric's variance that the key explains alone, and with all others; what is left is luck's.
"""

INDICES: Final[dict[str, dict[Index, str]]] = {
    "morris": {"mu_star": "mu_star", "mu": "mu", "sigma": "sigma"},
    "sobol": {"first_order": "S1", "total": "ST"},
}
"""By method, and as SALib calls them."""

LEVELS: Final = 4
"""Of Morris's grid."""

RESAMPLES: Final = 1_000
"""Of the bootstrap over trajectories or base samples."""


class Sample(NamedTuple):
    """A value of each range, in their order, and the replication whose luck its run meets."""

    values: tuple[float, ...]
    replication: int


def typed(one: Range, value: float) -> int | float:
    """*value* as the key takes it."""
    return min(max(round(value), int(one.low)), int(one.high)) if one.whole else value


def draw(asked: Sensitivity, count: int, seed: int) -> list[Sample]:
    """The samples of so many trajectories or base samples."""
    if asked.method == "morris":
        from SALib.sample import morris

        drawn = morris.sample(_problem(asked), count, num_levels=LEVELS, seed=seed)
    else:
        from SALib.sample import sobol

        drawn = sobol.sample(_problem(asked), count, calc_second_order=False, seed=seed)
    runs = len(drawn) // count
    return [Sample(tuple(map(float, row)), place // runs) for place, row in enumerate(drawn)]


def indices(
    asked: Sensitivity, samples: Sequence[Sample], results: Sequence[float], *, confidence: float, seed: int
) -> Iterator[tuple[str, Index, Estimate]]:
    """Path, index and value with interval, from the *results* of all samples in their order.

    Results that are all the same have effects of 0, and no variance to share.
    """
    import numpy as np

    y = np.asarray(results, dtype=float)
    options: dict[str, Any] = {"num_resamples": RESAMPLES, "conf_level": confidence, "seed": 1 + seed}
    count = 1 + samples[-1].replication
    paths, names = [one.path for one in asked.ranges], INDICES[asked.method]
    if asked.method == "morris":
        from SALib.analyze import morris

        x = np.asarray([sample.values for sample in samples], dtype=float)
        found = morris.analyze(_problem(asked), x, y, num_levels=LEVELS, **options)
    else:
        if y.min() == y.max():
            yield from ((path, name, Estimate(nan, nan, nan, count)) for path in paths for name in names)
            return
        from SALib.analyze import sobol

        found = sobol.analyze(_problem(asked), y, calc_second_order=False, **options)
    for place, path in enumerate(paths):
        for name, key in names.items():
            value = float(found[key][place])
            half = float(found[f"{key}_conf"][place]) if f"{key}_conf" in found else nan
            yield path, name, Estimate(value, value - half, value + half, count)


def _problem(asked: Sensitivity) -> dict[str, Any]:
    """The ranges as SALib takes them; Sobol's whole numbers have equal shares of theirs."""
    room = [0.5 if one.whole and asked.method == "sobol" else 0.0 for one in asked.ranges]
    return {
        "num_vars": len(asked.ranges),
        "names": [one.path for one in asked.ranges],
        "bounds": [[one.low - more, one.high + more] for one, more in zip(asked.ranges, room, strict=True)],
    }
