"""RusToK's breaker against its transition table, row by row, and against the table as a second program."""

from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from rustok_sim.core.errors import CircuitOpen
from rustok_sim.core.resilience import BreakerSettings, breaker_for


def failing(breaker, times, now=0.0):
    """The breaker after as many failed calls in a row."""
    for _ in range(times):
        breaker.admit(now).failure(now)
    return breaker


def test_it_opens_on_the_failure_that_reaches_the_threshold():
    """Four failures are borne, the fifth opens it."""
    breaker = failing(breaker_for(BreakerSettings()), 4)
    assert breaker.state == "closed"
    assert failing(breaker, 1).state == "open"


def test_a_success_forgets_the_failures_before_it():
    """Four failures, a success, four failures: no five in a row."""
    breaker = failing(breaker_for(BreakerSettings()), 4)
    breaker.admit(0.0).success(0.0)
    assert failing(breaker, 4).state == "closed"


def test_it_admits_nothing_until_its_time_is_over():
    """Opened at 10 s with a timeout of 60 s: 69.9 s is too early, 70 s is not."""
    breaker = failing(breaker_for(BreakerSettings()), 5, now=10.0)
    with pytest.raises(CircuitOpen, match="is open"):
        breaker.admit(69.9)
    breaker.admit(70.0)
    assert breaker.state == "half_open"


def test_a_late_success_in_open_means_nothing():
    """It would close nothing and shorten nothing."""
    breaker = breaker_for(BreakerSettings())
    straggler = breaker.admit(0.0)
    failing(breaker, 5, now=1.0)
    straggler.success(2.0)
    assert breaker.state == "open"
    with pytest.raises(CircuitOpen):
        breaker.admit(60.9)


def test_a_failed_probe_opens_it_for_another_whole_timeout():
    """The probe of 60 s fails at 65 s, so the next one passes at 125 s; the success before it is forgotten."""
    breaker = failing(breaker_for(BreakerSettings()), 5)
    good, bad = breaker.admit(60.0), breaker.admit(60.0)
    good.success(61.0)
    bad.failure(65.0)
    with pytest.raises(CircuitOpen):
        breaker.admit(124.9)
    breaker.admit(125.0).success(126.0)
    assert breaker.state == "half_open"


def test_no_budget_means_no_limit_on_probes():
    """RusToK's ``half_open_max_requests: None``; a scenario writes 0."""
    breaker = failing(breaker_for(BreakerSettings(half_open_max_requests=0)), 5)
    for _ in range(1_000):
        breaker.admit(60.0)
    assert breaker.state == "half_open"


def test_closing_and_resetting_by_hand_forget_the_failures():
    """After either, four failures are borne again."""
    for name in ("close", "reset"):
        breaker = failing(breaker_for(BreakerSettings()), 5)
        getattr(breaker, name)(1.0)
        assert breaker.state == "closed"
        assert failing(breaker, 4).state == "closed"


def test_listeners_hear_of_each_change_once_with_its_time():
    """Closed to open at 0 s, half-open at 60 s, closed at 62 s; closing what is closed is no change."""
    heard = []
    breaker = breaker_for(BreakerSettings(), on_change=lambda *change: heard.append(change))
    failing(breaker, 5)
    breaker.admit(60.0).success(61.0)
    breaker.admit(61.0).success(62.0)
    breaker.close(63.0)
    breaker.reset(64.0)
    assert heard == [("closed", "open", 0.0), ("open", "half_open", 60.0), ("half_open", "closed", 62.0)]


def test_the_design_none_admits_everything():
    """A thousand failures change nothing, nor does opening it by hand."""
    breaker = failing(breaker_for(BreakerSettings(design="none")), 1_000)
    breaker.open(0.0)
    breaker.admit(0.0).success(0.0)
    breaker.admit(0.0).dropped(0.0)
    breaker.close(0.0)
    breaker.reset(0.0)
    assert breaker.state == "closed"


@dataclass
class Table:
    """The transition table of RusToK's breaker, written down a second time: state and the five things it holds."""

    threshold: int
    successes_wanted: int
    timeout: int
    budget: int
    state: str = "closed"
    failures: int = 0
    successes: int = 0
    last_failure: int = 0
    half_open: int = 0
    changes: list[tuple[str, str]] = field(default_factory=list)

    def go(self, state):
        """Change the state."""
        if state != self.state:
            self.changes.append((self.state, state))
        self.state = state

    def call(self, now):
        """Whether a call passes."""
        if self.state == "open" and now - self.last_failure >= self.timeout:
            self.go("half_open")
            self.half_open = 0
            return True
        if self.state == "half_open" and (self.budget == 0 or self.half_open < self.budget):
            self.half_open += 1
            return True
        return self.state == "closed"

    def success(self):
        """The rows of success."""
        if self.state == "closed":
            self.failures = 0
        elif self.state == "half_open":
            self.successes += 1
            if self.successes >= self.successes_wanted:
                self.go("closed")
                self.failures = self.successes = self.half_open = 0

    def failure(self, now):
        """The rows of failure."""
        match self.state:
            case "closed":
                self.failures += 1
                if self.failures >= self.threshold:
                    self.go("open")
                    self.last_failure, self.successes = now, 0
            case "open":
                self.last_failure = now
            case "half_open":
                self.go("open")
                self.last_failure = now
                self.failures = self.successes = self.half_open = 0

    def by_hand(self, name, now):
        """The row of manual control."""
        if name == "open":
            self.go("open")
            self.last_failure = now
            return
        self.go("closed")
        self.failures = self.successes = 0
        if name == "reset":
            self.half_open = 0


class AsBuiltMachine(RuleBasedStateMachine):
    """Calls begin, end in any order and late, hands interfere: breaker and table agree at every step."""

    permits = Bundle("permits")

    @initialize(
        threshold=st.integers(1, 3), wanted=st.integers(1, 4), timeout=st.integers(1, 5), budget=st.integers(0, 3)
    )
    def begin(self, threshold, wanted, timeout, budget):
        """Draw the settings."""
        self.now = 0
        self.changes = []
        self.passed = 0
        self.by_hand = False
        self.table = Table(threshold, wanted, timeout, budget)
        self.breaker = breaker_for(
            BreakerSettings(
                failure_threshold=threshold,
                success_threshold=wanted,
                timeout_s=float(timeout),
                half_open_max_requests=budget,
            ),
            on_change=self.changed,
        )

    def changed(self, old, new, now):
        """Only legal changes are made; a half-open episode begins with nobody admitted."""
        legal = {("closed", "open"), ("open", "half_open"), ("half_open", "open"), ("half_open", "closed")}
        assert (old, new) in legal | ({("open", "closed")} if self.by_hand else set())
        assert now == self.now
        self.changes.append((old, new))
        self.passed = 0

    @rule(seconds=st.integers(0, 4))
    def wait(self, seconds):
        """Time goes by, and nothing else happens."""
        self.now += seconds

    @rule(target=permits)
    def call(self):
        """Who passes by the table passes the breaker; one episode lets pass its budget and one more (B1)."""
        try:
            permit = self.breaker.admit(float(self.now))
        except CircuitOpen:
            permit = None
        assert (permit is not None) == self.table.call(self.now)
        if permit is not None and self.breaker.state == "half_open":
            self.passed += 1
            assert self.table.budget == 0 or self.passed <= self.table.budget + 1
        return permit

    @rule(permit=consumes(permits), how=st.sampled_from(["success", "failure", "dropped"]))
    def end(self, permit, how):
        """A call ends, whenever it began."""
        if permit is None:
            return
        getattr(permit, how)(float(self.now))
        if how == "success":
            self.table.success()
        elif how == "failure":
            self.table.failure(self.now)

    @rule(name=st.sampled_from(["open", "close", "reset"]))
    def interfere(self, name):
        """An operator steps in."""
        self.by_hand = True
        getattr(self.breaker, name)(float(self.now))
        self.by_hand = False
        self.table.by_hand(name, self.now)

    @invariant()
    def agrees_with_the_table(self):
        """State and changes are the same."""
        if hasattr(self, "table"):
            assert self.breaker.state == self.table.state
            assert self.changes == self.table.changes


TestAsBuiltMachine = AsBuiltMachine.TestCase
