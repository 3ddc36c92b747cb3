"""The page on invariants: every number of the list has its row, and every query is named on the page."""

import re

import pytest

from rustok_sim.core.journal import KINDS
from rustok_sim.verify import INVARIANTS, PROMISED

NUMBERS = [f"I{number:02}" for number in range(51)]


@pytest.fixture(scope="module")
def page(root):
    """The text of docs/invariants.md."""
    return (root / "docs" / "invariants.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(page):
    """Number and last cell of each row."""
    return re.findall(r"^\| (I\d\d) \| [^|]+ \| ([^|]+) \|$", page, flags=re.MULTILINE)


def test_every_number_of_the_list_has_a_row_in_order(rows):
    """I00 to I50; one left out says why."""
    assert [number for number, _ in rows] == NUMBERS
    assert [number for number, text in rows if re.fullmatch(r"left out\W*", text.strip())] == []


def test_every_query_is_on_the_page(page):
    """Those of the list and those beyond it."""
    named = set(re.findall(r"`(\w+)`", page))
    assert {*INVARIANTS, *PROMISED} <= named


def test_a_query_says_by_its_number_what_it_is_about(rows):
    """Where a definition names numbers of the list, the row of each names the query."""
    texts = dict(rows)
    queries = {**INVARIANTS, **PROMISED}
    told = [(number, name) for name in queries for number in re.findall(r"I\d\d", queries[name].definition)]
    assert len(told) > 30
    assert [(number, name) for number, name in told if f"`{name}`" not in texts[number]] == []


def test_a_number_that_is_not_left_out_has_a_query_that_says_so(rows):
    """But for those that are held otherwise: by a command, by other promises, by what a row explains."""
    queries = {**INVARIANTS, **PROMISED}
    numbers = {number for one in queries.values() for number in re.findall(r"I\d\d", one.definition)}
    assert {number for number, text in rows if not text.startswith("left out")} - numbers == {"I49", "I50"}


def test_every_study_and_setting_that_the_page_names_exists(page, root):
    """Studies by their files."""
    named = re.findall(r"stud(?:y|ies) `(\w+)`", page)
    assert named
    assert [name for name in named if not (root / "scenarios" / "studies" / f"{name}.toml").is_file()] == []


def test_the_page_of_records_is_that_of_the_journal(root):
    """Each kind with what it says, as the code has it, in its order."""
    page = (root / "docs" / "events.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+\.\w+)` \| (.+) \|$", page, flags=re.MULTILINE)
    assert told == list(KINDS.items())
