"""Two choices crossed: the variants of a study that tries every pair, and how to find one of them again."""

from typing import NamedTuple

from rustok_sim.studies import Variants


class Crossed(NamedTuple):
    """Every pair of two choices."""

    variants: dict[str, dict[str, object]]
    """For ``what_if``: the settings of each pair."""
    groups: dict[str, dict[str, str]]
    """For ``figures.grouped``: variants by the first choice, then by the second."""


def crossed(first: Variants, second: Variants) -> Crossed:
    """Each choice of *first* with each of *second*; where both set the same key, the second has its way."""
    groups = {one: {other: f"{one}, {other}" for other in second} for one in first}
    variants = {name: {**first[one], **second[other]} for one, group in groups.items() for other, name in group.items()}
    return Crossed(variants, groups)
