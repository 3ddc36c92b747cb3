"""What the search is worth: bugs of ours, seeded one at a time, are found by it."""

import importlib.util
from pathlib import Path

import pytest

from rustok_sim.scenario import load_scenario
from rustok_sim.search import find

SPEC = importlib.util.spec_from_file_location("mutants", Path(__file__).with_name("mutants.py"))
MODULE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(MODULE)
MUTANTS = MODULE.MUTANTS
RUNS = 300
FEW_RUNS = 5
EASY = {"forget_the_tenant_filter", "tell_nobody_of_orders"}


@pytest.fixture(scope="module")
def advised(root):
    """Everybody at work, on the platform as advised."""
    return load_scenario(
        root / "scenarios" / "everything.toml", overlays=[root / "scenarios" / "presets" / "advised.toml"]
    )


def broken_by(base, mutant, monkeypatch, runs):
    """What the search finds with the bug in, up to the first run that finds anything of the kind."""
    mutant.apply(monkeypatch)
    search = find(base, runs=runs, shrinking=0, until=mutant.breaks)
    print(mutant.name, search.runs, sorted(search.findings))
    return {invariant for invariant, _ in search.findings}


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_mutant_is_caught(advised, mutant, monkeypatch):
    """Within 300 runs the search breaks one of the invariants that the bug is bound to break."""
    assert broken_by(advised, mutant, monkeypatch, RUNS) & mutant.breaks


@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.name in EASY], ids=lambda mutant: mutant.name)
def test_an_easy_mutant_is_caught_at_once(advised, mutant, monkeypatch):
    """The same for bugs that need no luck, in a few runs."""
    assert broken_by(advised, mutant, monkeypatch, FEW_RUNS) & mutant.breaks


def test_without_a_mutant_nothing_is_found(advised):
    """The runs in which easy mutants are caught break nothing without them."""
    assert find(advised, runs=FEW_RUNS, shrinking=0).findings == {}
