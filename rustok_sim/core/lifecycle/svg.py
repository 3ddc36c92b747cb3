"""The picture of a lifecycle as SVG text: boxes, arrows and words, and nothing that needs a library."""

from html import escape
from typing import Final, NamedTuple

from rustok_sim.core.lifecycle.layout import Arrow, arrows_of, places_of
from rustok_sim.core.lifecycle.table import Lifecycle

LETTER: Final = 9.4
"""Room for a letter of a word, in units of the picture."""
NAME_LENGTH: Final = 12
"""Letters that a name may have in one line."""
ROW: Final = 100
MARGIN: Final = 14
STYLE: Final = """
text { font: 16px Verdana, "DejaVu Sans", sans-serif; fill: #1a1a1a; text-anchor: middle }
.title { font-weight: bold; text-anchor: start }
.step { font-size: 15px; font-style: italic; paint-order: stroke; stroke: #fff; stroke-width: 8px }
.inside { stroke: none }
.left { text-anchor: start }
rect { fill: #d5e8f5; stroke: #00486e; stroke-width: 1.6 }
.final { fill: #f3e3c8; stroke: #7a4a00 }
.inner { fill: none; stroke-width: 1 }
path { fill: none; stroke: #333; stroke-width: 1.6 }
marker path, circle { fill: #333; stroke: none }
"""
"""Blue and ochre stay apart for every kind of colour vision, and final states have a double border besides."""
HEAD: Final = (
    '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8"'
    ' orient="auto-start-reverse"><path d="M0 0 10 5 0 10z"/></marker></defs>'
)


class _Point(NamedTuple):
    x: float
    y: float


class _Picture:
    """Where everything is; each method gives the SVG of one thing."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.lifecycle = lifecycle
        self.arrows = arrows_of(lifecycle)
        self.places = places_of(lifecycle)
        # A step that stays in its state stands in the state's own box, as UML has it.
        self.inside = {a: words for (a, b), words in self.arrows.items() if a == b}
        self.names = {state: _lines(state) for state in lifecycle.states}
        self.high = 11 + 9 * max(len(self.names[state]) + (state in self.inside) for state in lifecycle.states)
        longest = max(len(line) for lines in (*self.names.values(), self.inside.values()) for line in lines)
        self.half = longest * LETTER / 2 + 10
        self.gap = max(map(len, [" " * 6, *self._between()])) * LETTER + 14
        bends = [self._bend(arrow) for arrow in self.arrows]
        self.top = 56 + self.high + max([0, *bends])
        rows = max(place.row for place in self.places.values())
        self.bottom = self.top + max(rows * ROW, -min([0, *bends])) + self.high + MARGIN
        columns = max(place.column for place in self.places.values())
        self.width = 2 * (MARGIN + self.half) + columns * (2 * self.half + self.gap)

    def centre(self, state: str) -> _Point:
        column, row = self.places[state]
        return _Point(MARGIN + self.half + column * (2 * self.half + self.gap), self.top + row * ROW)

    def _between(self) -> list[str]:
        """The words that stand between two neighbours."""
        pairs = [(self.places[a], self.places[b], words) for (a, b), words in self.arrows.items()]
        return [
            word for a, b, words in pairs if (b.column - a.column, b.row) == (1, a.row) for word in words.split(", ")
        ]

    def _bend(self, arrow: Arrow) -> int:
        """How far an arrow bends up from its row (down, if negative) to pass over other states."""
        (start, row), (end, other) = (self.places[state] for state in arrow)
        span = end - start
        return 0 if row != other or span in (0, 1) else 24 * span + 10 * (-1 if span < 0 else 1)

    def box(self, state: str) -> str:
        x, y = self.centre(state)
        final = state in self.lifecycle.final
        kind = ' class="final"' if final else ""
        left, top, width, height = x - self.half, y - self.high, 2 * self.half, 2 * self.high
        shape = f'<rect{kind} x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="8"/>'
        if final:
            shape += (
                f'<rect class="final inner" x="{left + 4:g}" y="{top + 4:g}" width="{width - 8:g}"'
                f' height="{height - 8:g}" rx="5"/>'
            )
        names, inside = self.names[state], self.inside.get(state)
        y -= 9 * (len(names) + bool(inside)) - 14
        spans = [f'<tspan x="{x:g}" y="{y + 18 * row:g}">{escape(name)}</tspan>' for row, name in enumerate(names)]
        shape += f"<text>{''.join(spans)}</text>"
        return shape + _words(inside, x, y + 18 * len(names) - 6, "inside") if inside else shape

    def makers(self, state: str) -> str:
        """The dot from which a state begins, if one can begin there."""
        words = ", ".join(one.action for one in self.lifecycle.transitions if one[::2] == (None, state))
        x, y = self.centre(state).x - self.half + 14, self.centre(state).y - self.high
        dot = f'<circle cx="{x:g}" cy="{y - 24:g}" r="5"/>' + _line(f"M{x:g} {y - 24:g}V{y:g}")
        return dot + _words(words, x + 12, y - 24, "left") if words else ""

    def arrow(self, arrow: Arrow, words: str) -> str:
        """One arrow and its words, by where its ends stand."""
        a, b = (self.centre(state) for state in arrow)
        if arrow[0] == arrow[1]:
            return ""
        if a.y < b.y:
            return self._down(a, b, words)
        if a.y > b.y:
            return self._up(a, b, words)
        bend = self._bend(arrow)
        if bend == 0:
            x = (a.x + b.x) / 2
            return _line(f"M{a.x + self.half:g} {a.y:g}H{b.x - self.half:g}") + _stack(words, x, a.y - 16)
        return self._arc(a, b, bend, words)

    def _arc(self, a: _Point, b: _Point, bend: int, words: str) -> str:
        side = 1 if bend > 0 else -1
        start, end = a.x + side * self.half * 0.4, b.x - side * self.half * 0.4
        edge = a.y - side * self.high
        peak = edge - bend / 0.75
        line = _line(f"M{start:g} {edge:g}C{start:g} {peak:g} {end:g} {peak:g} {end:g} {edge:g}")
        return line + _words(words, (start + end) / 2, edge - bend)

    def _down(self, a: _Point, b: _Point, words: str) -> str:
        """Down from the source, then to the side of the target: arrows to one target share their last part."""
        turn, side = (12, b.x - self.half) if b.x > a.x else (-12, b.x + self.half)
        line = f"M{a.x:g} {a.y + self.high:g}V{b.y - 12:g}q0 12 {turn} 12H{side:g}"
        return _line(line) + _words(words, a.x + 8, b.y - self.high - 14, "left")

    def _up(self, a: _Point, b: _Point, words: str) -> str:
        """Up to half-way between the rows, along it, and up again."""
        start, end = a.x - self.half * 0.4, b.x + self.half * 0.8
        middle = a.y - ROW / 2
        line = f"M{start:g} {a.y - self.high:g}V{middle:g}H{end:g}V{b.y + self.high:g}"
        return _line(line) + _words(words, (3 * start + end) / 4, middle)


def _lines(state: str) -> list[str]:
    """A long name in two lines, broken before the capital that is nearest to its middle."""
    capitals = [place for place, letter in enumerate(state) if place and letter.isupper()]
    if len(state) <= NAME_LENGTH or not capitals:
        return [state]
    middle = min(capitals, key=lambda place: abs(2 * place - len(state)))
    return [state[:middle], state[middle:]]


def _line(path: str) -> str:
    return f'<path d="{path}" marker-end="url(#head)"/>'


def _words(words: str, x: float, y: float, kind: str = "") -> str:
    return f'<text class="{f"step {kind}".strip()}" x="{x:g}" y="{y + 5:g}">{escape(words)}</text>'


def _stack(words: str, x: float, y: float) -> str:
    """Words between two boxes, one above the other."""
    return "".join(_words(word, x, y - 18 * number) for number, word in enumerate(reversed(words.split(", "))))


def svg_of(lifecycle: Lifecycle) -> str:
    """The whole picture; its title is also there for those who cannot see it."""
    picture = _Picture(lifecycle)
    title = escape(lifecycle.name)
    size = f'viewBox="0 0 {picture.width:g} {picture.bottom:g}" style="max-width:{picture.width:g}px;background:#fff"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>',
        f"<title>{title}</title><style>{STYLE}</style>{HEAD}",
        f'<text class="title" x="{MARGIN}" y="18">{title}</text>',
        *(picture.arrow(arrow, words) for arrow, words in picture.arrows.items()),
        *(picture.makers(state) + picture.box(state) for state in lifecycle.states),
        "</svg>",
    ]
    return "\n".join(parts)
