"""Each promise: a few records that keep it, and a few more that break it."""

import importlib.util
from pathlib import Path

import pytest

from rustok_sim.capture import MemoryLog
from rustok_sim.core.journal import KINDS
from rustok_sim.core.promises import PROMISES
from rustok_sim.verify import PROMISED, Facts, check

SPEC = importlib.util.spec_from_file_location("promise_cases", Path(__file__).with_name("promise_cases.py"))
MODULE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(MODULE)
CASES, HORIZON_S, RELAYS, SENT = MODULE.CASES, MODULE.HORIZON_S, MODULE.RELAYS, MODULE.SENT
rec, relay = MODULE.rec, MODULE.relay


def verdict(name, rows, facts):
    """The verdict on one promise of a log with these records, in the order of time."""
    log = MemoryLog(KINDS)
    for row in sorted(rows, key=lambda row: row[0]):
        log.append(row)
    held = Facts(horizon_s=HORIZON_S, kinds=frozenset(KINDS), promises=frozenset([name]), **facts)
    with log.open() as connection:
        return next(one for one in check(connection, held) if one.name == name)


def test_every_promise_is_named_and_has_a_case():
    """The names that scenarios use, the queries, and the cases below are the same."""
    assert list(PROMISES) == list(PROMISED)
    assert set(CASES) == set(PROMISES)


@pytest.mark.parametrize("name", CASES)
def test_what_keeps_a_promise_is_no_violation(name):
    """Records that come close, and keep it."""
    facts, keep, _ = CASES[name]
    assert verdict(name, keep, facts).held


@pytest.mark.parametrize("name", CASES)
def test_what_breaks_a_promise_is_found(name):
    """One violation more is one violation, with the record that shows it."""
    facts, keep, broken = CASES[name]
    found = verdict(name, [*keep, *broken], facts)
    assert not found.held
    assert found.violations == 1
    assert found.examples[0]["problem"]


def test_an_event_that_nobody_wrote_comes_from_nothing():
    """I02: a relay has taken and published what no request had put into the outbox."""
    made = [relay(3.0, "taken", "f"), relay(3.1, "published", "f", outcome="ok", value=1.0)]
    found = verdict("causes_come_first", [*SENT, *made], RELAYS)
    assert [row["problem"] for row in found.examples] == ["from nothing", "from nothing"]


def test_a_breaker_has_not_healed_that_turns_away_who_asks_it():
    """Half-open, it closes by calls that go well: one that nobody asked since is as it should be, one that lost its
    permits is not.
    """
    facts = {**RELAYS, "heal_s": 50.0}
    breaker = {"node": "node-1", "site": "tenant"}
    half_open = rec(52.0, "breaker.changed", outcome="half_open", detail="open", **breaker)
    asked = [
        rec(51.0, "breaker.rejected", correlation=1, **breaker),
        rec(53.0, "breaker.call", correlation=2, outcome="success", **breaker),
    ]
    refused = rec(54.0, "breaker.rejected", correlation=3, **breaker)
    assert verdict("heals_and_converges", [half_open], facts).held
    assert verdict("heals_and_converges", [*asked, half_open], facts).held
    found = verdict("heals_and_converges", [*asked, half_open, refused], facts)
    assert [row["problem"] for row in found.examples] == ["breaker_half_open"]


@pytest.mark.parametrize("name", PROMISED)
def test_every_promise_is_defined(name):
    """The docstring of each is its definition, of more than one sentence or of one that says it all."""
    assert len(PROMISED[name].definition) > 60


def test_promises_are_not_asked_unless_wanted():
    """A run that asks for none is judged by the invariants alone."""
    log = MemoryLog(KINDS)
    with log.open() as connection:
        names = {one.name for one in check(connection, Facts(horizon_s=HORIZON_S))}
    assert names
    assert not names & set(PROMISED)
