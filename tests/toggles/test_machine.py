"""Any sequence of switches, failed hooks and pairs of switches at once, against a plain model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

MODULES = ("blog", "commerce", "content", "forum", "pages")
NEEDS = {"blog": {"content"}, "forum": {"content"}, "pages": {"content"}}
SLUGS = st.sampled_from(MODULES)
ENTANGLED = st.sampled_from(("content", "blog", "forum"))


@dataclass
class Model:
    """The rules in their plainest form: flags by name, ``None`` for no row."""

    settings: Mapping[str, str]
    flags: dict[str, bool] = field(default_factory=dict)

    def on(self) -> set[str]:
        """What is on."""
        return {slug for slug, flag in self.flags.items() if flag}

    def unmet(self) -> set[str]:
        """What is on without what it needs."""
        return {slug for slug in self.on() if NEEDS.get(slug, set()) - self.on()}

    def switch(self, slug: str, *, on: bool, fails: bool = False) -> object:
        """Do it, and say what the service would."""
        if self.settings["dependencies"] == "declared":
            if on and NEEDS.get(slug, set()) - self.on():
                return "missing_dependencies"
            if not on and any(slug in NEEDS.get(other, set()) for other in self.on()):
                return "has_dependents"
        before = self.flags.get(slug)
        if before is on:
            return False
        if not fails:
            self.flags[slug] = on
            return True
        kept_as_it_was = self.settings["hook"] == "in_transaction" or self.settings["restore"] == "exact"
        if before is None and not kept_as_it_was:
            self.flags[slug] = not on  # M4
        return "hook_failed"


class Switching(RuleBasedStateMachine):
    """One tenant's switches, under settings drawn once."""

    office: Any = None
    check: str = ""

    @initialize(
        chosen=st.fixed_dictionaries(
            {
                "first_toggle": st.sampled_from(["as_built", "upsert"]),
                "hook": st.sampled_from(["as_built", "in_transaction"]),
                "restore": st.sampled_from(["as_built", "exact"]),
                "dependencies": st.sampled_from(["as_built", "declared"]),
            }
        ),
    )
    def open(self, chosen):
        """A tenant with content on and nothing else."""
        self.chosen = chosen | {"check": type(self).check}
        self.start(content=True)

    def start(self, **flags):
        """A tenant with these rows."""
        self.desk = type(self).office(**self.chosen).given(**flags)
        self.model = Model(self.chosen, flags)

    @rule(content=st.booleans())
    def another_tenant(self, content):
        """Begin anew with somebody who has switched nothing yet, but perhaps content."""
        self.start(**{"content": True} if content else {})

    @rule(slug=SLUGS, on=st.booleans())
    def switch(self, slug, on):
        """One switch alone."""
        assert self.desk.at_once((slug, on)) == [self.model.switch(slug, on=on)]

    @rule(slug=SLUGS, on=st.booleans())
    def switch_with_a_failing_hook(self, slug, on):
        """One switch alone, whose hook fails if it comes to that."""
        self.desk.hooks.failing = 1
        assert self.desk.at_once((slug, on)) == [self.model.switch(slug, on=on, fails=True)]
        self.desk.hooks.failing = 0

    def repaired(self):
        """Whether switches at once are as safe as one after the other."""
        chosen = self.model.settings
        return chosen["check"] != "as_built" and chosen["first_toggle"] == "upsert"

    @precondition(repaired)
    @rule(
        switches=st.one_of(
            st.permutations([("content", False), ("blog", True)]),
            st.permutations([("content", False), ("blog", True), ("forum", True)]),
            st.lists(st.tuples(ENTANGLED, st.booleans()), min_size=2, max_size=3),
        ),
        apart_s=st.sampled_from([0.0, 0.003, 0.005, 0.01, 0.02, 0.035]),
    )
    def switch_at_once(self, switches, apart_s):
        """Some at once, with repaired settings: what they answer and leave is what some order one by one would."""
        answers = self.desk.at_once(*switches, apart_s=apart_s)
        orders = []
        for order in permutations(range(len(switches))):
            model = Model(self.model.settings, dict(self.model.flags))
            given = {place: model.switch(switches[place][0], on=switches[place][1]) for place in order}
            orders.append(([given[place] for place in range(len(switches))], model))
        fitting = [model for said, model in orders if said == answers and model.flags == self.desk.flags()]
        assert fitting
        self.model = fitting[0]

    @invariant()
    def the_table_is_what_the_model_says(self):
        """Row by row, a row that says no and no row told apart."""
        if hasattr(self, "desk"):
            assert self.desk.flags() == self.model.flags

    @invariant()
    def declared_needs_are_met(self):
        """Unless M4 switches a module on that nobody asked for, past every check."""
        if hasattr(self, "desk") and self.model.settings["dependencies"] == "declared":
            chosen = self.model.settings
            if chosen["hook"] == "in_transaction" or chosen["restore"] == "exact":
                assert self.desk.unmet() == ()
                assert self.model.unmet() == set()


@pytest.mark.parametrize("check", ["as_built", "serializable", "row_lock"])
def test_switches_do_what_the_model_does(office, check):
    """RusToK's table of states and the declared needs, as a dictionary and four conditions."""
    machine = type("SwitchingHere", (Switching,), {"office": office, "check": check})
    run_state_machine_as_test(
        machine, settings=hypothesis_settings(max_examples=150, stateful_step_count=15, deadline=None)
    )
