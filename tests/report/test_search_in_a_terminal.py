"""What ``rustok-sim find`` prints at the end of a search."""

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from rustok_sim.report.console import print_search
from rustok_sim.search import Search
from rustok_sim.search.find import Finding
from rustok_sim.search.plan import Plan
from rustok_sim.search.trial import Violation

CRASH = {"kind": "crash", "target": "node-1", "at_s": 1.0}
CALM = Finding(Violation("sold_once", "sold twice", {}), 0, Plan(seed=1, classes=("web",), heal_s=5.0, within_s=5.0))
STRUCK = Finding(Violation("kept", "lost", {}), 1, replace(CALM.plan, faults=(CRASH,)))
FILES = [Path("found/sold_once.toml"), Path("found/kept.toml")]


@pytest.fixture
def said():
    """What is printed of a search with these findings, line by line."""

    def lines(*findings, **more):
        out = io.StringIO()
        known = {finding.violation.key: finding for finding in findings}
        strikes = Counter({("crash", "node-1"): 3, ("latency", "redis"): 1, ("latency", "database"): 1})
        search = Search(5, runs=5, findings=known, strikes=strikes, **more)
        print_search(search, FILES[: len(findings)], console=Console(file=out, width=200))
        return out.getvalue().splitlines()

    return lines


def test_it_says_how_to_see_a_finding_again_and_how_many_need_no_fault(said):
    """One of two breaks in calm weather; the file is one that was written."""
    lines = said(CALM, STRUCK)
    assert "findings that need no fault at all: 1 of 2" in lines
    assert lines[-1] == "to see one again, as a story: rustok-sim replay found/sold_once.toml"


def test_after_an_interrupt_more_may_need_none(said):
    """Not all have been made smaller then."""
    assert "findings that need no fault at all: at least 0 of 1" in said(STRUCK, interrupted=True)


def test_who_finds_nothing_is_told_of_no_file(said):
    """Nothing to see again."""
    assert not [line for line in said() if "replay" in line or "need no fault" in line]


def test_one_target_is_no_targets(said):
    """Crashes struck one, latency two."""
    assert "faults: crash on 1 target, latency on 2 targets" in said()


def test_a_silent_search_says_what_that_bounds(said):
    """Three over five runs, by the rule of three; one that found something says nothing of the kind."""
    assert "with none broken, at most 60.00% of such runs break a promise (95 %, rule of three)" in said()
    assert not any("rule of three" in line for line in said(CALM, broken=1))
