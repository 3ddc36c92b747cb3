"""What is drawn is what the types say, and it can be read."""

import re
from dataclasses import dataclass
from typing import Self
from xml.etree import ElementTree as ET

import pytest

from rustok_sim.core.content_states import topics
from rustok_sim.core.lifecycle import Diagram, Lifecycle, Transition, diagram, lifecycle_of
from rustok_sim.modules.commerce.catalogue import states_as_built as products_as_built
from rustok_sim.modules.commerce.orders import AS_BUILT, REVIEW, SUCCESSOR
from rustok_sim.modules.commerce.payments.states import delivery, operation

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {
    "review": Diagram(REVIEW),
    "as_built": Diagram(AS_BUILT),
    "successor": Diagram(SUCCESSOR),
    "product": diagram("Product, as built", products_as_built.Product, products_as_built.create),
    "topic": diagram("Topic", topics.Topic),
    "operation": diagram("Operation", operation.Operation),
    "delivery": diagram("Delivery", delivery.Delivery),
}
each_diagram = pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)


def root_of(drawn: Diagram) -> ET.Element:
    """The picture, parsed; the text is our own."""
    return ET.fromstring(drawn._repr_svg_())  # noqa: S314 -- made a line above


def texts_of(root: ET.Element) -> list[str]:
    """What can be read, in the order of drawing; a name in two lines is one name."""
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def boxes_of(drawn: Diagram) -> list[tuple[float, float, float, float]]:
    """The outer box of each state: left, top, right, bottom."""
    rects = [one.attrib for one in root_of(drawn).iter(f"{SVG}rect") if "inner" not in one.attrib.get("class", "")]
    corners = [(float(one["x"]), float(one["y"]), float(one["width"]), float(one["height"])) for one in rects]
    return [(x, y, x + width, y + height) for x, y, width, height in corners]


@each_diagram
def test_every_state_and_every_step_is_drawn(drawn):
    """One box a state; one arrow a pair of states, and one from each dot; the words of all steps, by counting."""
    texts = texts_of(root_of(drawn))
    arrows = [one for one in root_of(drawn).iter(f"{SVG}path") if "marker-end" in one.attrib]
    states = drawn.lifecycle.states
    pairs = {(one.source, one.target) for one in drawn.transitions}
    assert len(boxes_of(drawn)) == len(states)
    assert sorted(text for text in texts if text in states) == sorted(states)
    assert len(arrows) == len([pair for pair in pairs if pair[0] != pair[1]])
    words = [word for text in texts if text not in (*states, drawn.lifecycle.name) for word in text.split(", ")]
    assert sorted(words) == sorted(one.action.replace("_", " ") for one in drawn.transitions)


@each_diagram
def test_no_box_hides_another_and_none_leaves_the_picture(drawn):
    """Boxes are apart by more than a letter's height, within the width and the height that the picture says."""
    boxes = boxes_of(drawn)
    _, _, width, height = (float(part) for part in root_of(drawn).attrib["viewBox"].split())
    assert all(left >= 0 and top >= 20 and right <= width and bottom <= height for left, top, right, bottom in boxes)
    apart = [
        one[2] + 16 < other[0] or other[2] + 16 < one[0] or one[3] + 16 < other[1] or other[3] + 16 < one[1]
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
    ]
    assert all(apart)


@each_diagram
def test_letters_are_large_enough_where_the_picture_is_shown_700_pixels_wide(drawn):
    """Nine pixels at least: 15 units of a picture that is no wider than 1,160."""
    width = float(root_of(drawn).attrib["viewBox"].split()[2])
    assert 15 * 700 / max(width, 700) >= 9


def test_the_main_road_is_the_top_row():
    """Draft to delivered stand in one line from left to right, and cancelled below it."""
    place = dict(zip(REVIEW.states, boxes_of(DRAWN["review"]), strict=True))
    road = [place[state] for state in ("Draft", "PendingPayment", "Paid", "Shipped", "Delivered")]
    assert road == sorted(road)
    assert len({top for _, top, _, _ in road}) == 1
    assert place["Cancelled"][1] > road[0][3]


def test_a_name_that_looks_like_markup_is_only_a_name():
    """Titles, states and steps are escaped: the text that is read back is the text that was given."""
    odd = Lifecycle("a < b & c", ("<b>", "&"), (Transition(None, '"x"', "<b>"), Transition("<b>", "</svg>", "&")))
    texts = texts_of(root_of(Diagram(odd)))
    assert texts == ["a < b & c", "</svg>", '"x"', "<b>", "&"]
    assert root_of(Diagram(odd)).find(f"{SVG}title").text == "a < b & c"


def test_markdown_and_mermaid_have_one_line_a_step():
    """Two lines of head in the table; in Mermaid's text a line of head, and one for each end."""
    drawn = DRAWN["review"]
    assert drawn.markdown.splitlines()[2:4] == ["| – | place | Draft |", "| Draft | submit | PendingPayment |"]
    assert len(drawn.markdown.splitlines()) == 2 + 7
    assert drawn.mermaid.splitlines()[1] == "    [*] --> Draft: place"
    assert re.findall(r"(\w+) --> \[\*\]", drawn.mermaid) == ["Delivered", "Cancelled"]
    assert len(drawn.mermaid.splitlines()) == 1 + 7 + 2


@dataclass(frozen=True)
class Base:
    """What both states of a light have."""

    def look(self) -> int:
        """No step: it leads to no state."""
        return 1

    def dim(self) -> Self:
        """A step of each state, to itself."""
        return self


class Off(Base):
    """Dark."""

    @classmethod
    def mount(cls) -> Self:
        """A new light."""
        return cls()

    @staticmethod
    def spare() -> "Off":
        """No step: nothing is the thing it leaves."""
        return Off()

    def switch(self) -> "On | Broken":
        """On, if all goes well."""
        return On()

    def _tinker(self) -> "Broken":
        return Broken()


class On(Base):
    """Bright."""

    def switch(self) -> Off:
        """Off again."""
        return Off()


class Broken:
    """Done for."""


def test_a_step_may_be_inherited_lead_to_itself_or_to_one_of_several():
    """By hand, from the three classes above: what is private, static, or leads to no state is no step."""
    light = lifecycle_of("Light", Off | On | Broken)
    assert list(light.transitions) == [
        Transition(None, "mount", "Off"),
        Transition("Off", "switch", "On"),
        Transition("Off", "switch", "Broken"),
        Transition("Off", "dim", "Off"),
        Transition("On", "switch", "Off"),
        Transition("On", "dim", "On"),
    ]
    assert light.final == ("Broken",)
