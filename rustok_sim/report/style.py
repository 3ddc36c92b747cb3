"""How figures look: one style, and one look for each design wherever it appears.

Colours are those of petroff10, which people with any kind of colour vision can tell apart (M. A. Petroff, "Accessible
Color Sequences for Data Visualization", 2021). A design is known by its line and its marker as well.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Final, NamedTuple

import matplotlib.style
from matplotlib.colors import to_hex, to_rgb

INK: Final = "#222222"
QUIET: Final = "#666666"
FAULT: Final = "#94a4a2"
WIDTH_IN: Final = 10.0
"""The width of every figure: with its text at 11 points and more it can stand on a slide as it is."""

SETTINGS: Final[dict[str, Any]] = {
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "figure.labelsize": 12,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "figure.titlesize": 15,
    "figure.titleweight": "bold",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "lines.markersize": 8,
    "svg.fonttype": "path",
    "svg.hashsalt": "rustok-sim",
}


class Look(NamedTuple):
    """What tells one line from the others."""

    colour: str
    dash: Any
    marker: str


_CYCLE: Final = (
    Look("#bd1f01", "-", "o"),
    Look("#3f90da", "-", "D"),
    Look("#e76300", (0, (5, 2)), "s"),
    Look("#832db6", (0, (3, 1, 1, 1)), "^"),
    Look("#717581", (0, (1, 1)), "v"),
    Look("#a96b59", (0, (7, 2, 1, 2)), "P"),
    Look("#ffa90e", (0, (2, 2)), "X"),
    Look("#94a4a2", (0, (8, 3)), "<"),
    Look("#b9ac70", (0, (4, 1)), ">"),
    Look("#92dadd", (0, (6, 1, 2, 1)), "h"),
)
_OWN: Final = {
    "v1_as_wired": _CYCLE[0],
    "as_built": _CYCLE[0],
    "moka": _CYCLE[1],
    "windowed": _CYCLE[1],
    "naive": _CYCLE[2],
    "moka_breaker": _CYCLE[3],
    "no_cache": _CYCLE[4],
    "no_breaker": _CYCLE[4],
}


def context() -> AbstractContextManager[None]:
    """The style, as ``with style.context(): ...``; every figure of this package is drawn in it."""
    return matplotlib.style.context(["petroff10", SETTINGS])


def looks(names: Iterable[str]) -> dict[str, Look]:
    """A look for each name: the usual designs have their own, others take what is left, in order.

    Beyond ten names the looks repeat.
    """
    found: dict[str, Look] = {}
    for name in (names := list(names)):
        own = _OWN.get(name)
        if own is not None and own not in found.values():
            found[name] = own
    for place, name in enumerate(names):
        if name not in found:
            free = (look for look in _CYCLE if look not in found.values())
            found[name] = next(free, _CYCLE[place % len(_CYCLE)])
    return {name: found[name] for name in names}


def readable(colour: str) -> str:
    """*colour*, darkened if letters of it would be too faint on white."""
    red, green, blue = to_rgb(colour)
    # The luma of ITU-R BT.601, near enough to how bright a colour looks.
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    share = min(1.0, 0.48 / brightness) if brightness > 0.0 else 1.0
    return to_hex((red * share, green * share, blue * share))


def label(name: str) -> str:
    """A name from a scenario or a variant, for people."""
    return name.replace("_", " ")
