"""The page on faults: every kind of the taxonomy has its row, and every fault it shows can be written."""

import re
import tomllib
from typing import get_args

import pytest

from rustok_sim.core.journal import KINDS, STEPS
from rustok_sim.scenario import Fault, LoadClass, Platform
from rustok_sim.testing import scenario_of

TAXONOMY = {"P": 9, "N": 12, "S": 10, "K": 3, "D": 5, "Q": 6, "C": 6, "L": 4, "G": 5, "B": 2}
LOAD = {"name": "web", "operation": "tenant.resolve", "arrivals": {"process": "poisson", "rate_per_s": 1.0}}


@pytest.fixture(scope="module")
def page(root):
    """The text of docs/faults.md."""
    return (root / "docs" / "faults.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shown(page):
    """Every fault that the page shows, as a table."""
    whole = [tomllib.loads(block)["faults"][0] for block in re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)]
    return [*whole, *(tomllib.loads(f"fault = {text}")["fault"] for text in re.findall(r"`(\{ kind = .*?\})`", page))]


def rows_of(page):
    """Number and last cell of each row of the taxonomy."""
    return dict(re.findall(r"^\| ([A-Z]\d+) \| [^|]+ \| ([^|]+) \|$", page, flags=re.MULTILINE))


def test_every_kind_of_the_taxonomy_has_a_row(page):
    """P1 to P9 and so on; a kind left out says why."""
    rows = rows_of(page)
    assert list(rows) == [f"{letter}{n}" for letter, count in TAXONOMY.items() for n in range(1, count + 1)]
    assert [number for number, text in rows.items() if re.fullmatch(r"left out\W*", text.strip())] == []


def test_every_fault_shown_can_be_written(shown):
    """Two nodes, one load class and the platform: each is taken as it stands."""
    assert len(shown) > 40
    for fault in shown:
        assert scenario_of(load=[LOAD], deployment={"nodes": 2}, faults=[fault]).faults[0].kind == fault["kind"]


def test_every_fault_kind_is_shown(shown):
    """Those that the format has."""
    kinds = {get_args(model.model_fields["kind"].annotation)[0] for model in get_args(get_args(Fault)[0])}
    assert {fault["kind"] for fault in shown} == kinds


def test_every_setting_and_record_that_the_page_names_exists(page):
    """Settings of the platform by their paths, keys of load classes, kinds of records, files."""
    for path in re.findall(r"`platform\.([\w.]+)`", page):
        value = Platform()
        for name in path.split("."):
            value = getattr(value, name)
    assert set(re.findall(r"`load\.(\w+)`", page)) <= set(LoadClass.model_fields)
    steps = re.findall(r"^\| [^|]+ \| `([a-z_]+\.[a-z_]+)`(?:, `([a-z_]+\.[a-z_]+)`)? \|", page, flags=re.MULTILINE)
    assert len(steps) == 8
    assert {step for row in steps for step in row if step} <= set(STEPS)
    assert {"fault.began", "fault.ended", "message.struck"} <= set(KINDS)


def test_every_test_that_the_page_names_exists(root, page):
    """What is claimed to be tested is."""
    named = re.findall(r"`(tests/[\w/.]+)`", page)
    assert len(named) == 2
    assert [path for path in named if not (root / path).exists()] == []
