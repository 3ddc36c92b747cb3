"""Nodes of two tenants against a plain model: a dictionary of typed states, whose methods are the legal steps."""

from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from rustok_sim.core.content import NodeChanges, NodeFilter, Translation
from rustok_sim.core.content_states import nodes as states
from rustok_sim.modules.content import BODIES, NODES, TRANSLATIONS

TENANTS = ("one", "two")
LOCALES = ("en", "ru")
TOLD = {"publish": ["node.updated", "node.published"], "archive": ["node.updated"], "restore": ["node.updated"]}


class Expected:
    """What the model knows of one node."""

    def __init__(self, tenant: str, parent: str | None, state: Any, locales: set[str]) -> None:
        self.tenant = tenant
        self.parent = parent
        self.state = state
        self.locales = locales
        self.version = 1


class NodeMachine(RuleBasedStateMachine):
    """Every node has its tenant, its typed state, its languages and its version; every change has its event."""

    written = Bundle("written")
    open_house: Any
    new_node: Any

    def __init__(self) -> None:
        super().__init__()
        repaired = {"isolation_of_tenants": "scoped", "states": "typed", "edits": "versioned", "slugs": "unique"}
        self.house = self.open_house(rules="checked", **repaired)
        self.model: dict[str, Expected] = {}
        self.events: Counter[str] = Counter()

    @rule(target=written, tenant=st.sampled_from(TENANTS), locale=st.sampled_from(LOCALES), published=st.booleans())
    def create(self, tenant, locale, published):
        """A draft, or one that is published at once."""
        new = self.new_node("Same title", locale=locale, status="published" if published else "draft")
        node = self.house.do(self.house.nodes.create, new, tenant=tenant)
        draft = states.Draft.create(node.id, at_s=0.0)
        state = draft.publish(at_s=0.0) if published else draft
        self.model[node.id] = Expected(tenant, None, state, {locale})
        self.events.update(["node.created", "node.published"] if published else ["node.created"])
        return node.id

    @rule(target=written, parent=written, tenant=st.sampled_from(TENANTS))
    def create_below(self, parent, tenant):
        """A child, if the parent is there and the tenant's own."""
        new = self.new_node("Child", parent_id=parent)
        if parent in self.model and self.model[parent].tenant == tenant:
            node = self.house.do(self.house.nodes.create, new, tenant=tenant)
            self.model[node.id] = Expected(tenant, parent, states.Draft.create(node.id, at_s=0.0), {"en"})
            self.events["node.created"] += 1
            return node.id
        assert self.house.code(self.house.nodes.create, new, tenant=tenant) == "node_not_found"
        return parent

    def reached(self, node_id: str, tenant: str) -> Expected | None:
        """The node, if it is there for the tenant."""
        expected = self.model.get(node_id)
        return expected if expected and expected.tenant == tenant else None

    @rule(node_id=written, tenant=st.sampled_from(TENANTS), step=st.sampled_from([*TOLD, "unpublish"]))
    def step(self, node_id, tenant, step):
        """Legal if the typed state has a method of this name."""
        operation, reason = getattr(self.house.nodes, step), ["why"] if step == "archive" else []
        expected = self.reached(node_id, tenant)
        if expected is None:
            assert self.house.code(operation, node_id, *reason, tenant=tenant) == "node_not_found"
        elif hasattr(expected.state, step):
            self.house.do(operation, node_id, *reason, tenant=tenant)
            named = {"reason": "why"} if reason else {}
            expected.state = getattr(expected.state, step)(at_s=0.0, **named)
            expected.version += 1
            self.events.update(TOLD[step])
        else:
            assert self.house.code(operation, node_id, *reason, tenant=tenant) == "invalid_transition"

    @rule(node_id=written, tenant=st.sampled_from(TENANTS), locale=st.sampled_from(LOCALES), lag=st.integers(0, 1))
    def edit(self, node_id, tenant, locale, lag):
        """One language is written; with a version that is not the node's, nothing is."""
        expected = self.reached(node_id, tenant)
        version = expected.version - lag if expected else 1
        changes = NodeChanges(translations=[Translation(locale=locale, title=f"In {locale}")], expected_version=version)
        if expected is None:
            code = "node_not_found"
        elif isinstance(expected.state, states.Archived):
            code = "invalid_transition"
        elif lag:
            code = "stale_edit"
        else:
            self.house.do(self.house.nodes.update, node_id, changes, tenant=tenant)
            expected.state = expected.state.update(at_s=0.0)
            expected.version += 1
            expected.locales.add(locale)
            self.events["node.updated"] += 1
            return
        assert self.house.code(self.house.nodes.update, node_id, changes, tenant=tenant) == code

    @rule(node_id=consumes(written), tenant=st.sampled_from(TENANTS))
    def delete(self, node_id, tenant):
        """The node and all under it, with one event."""
        if self.reached(node_id, tenant) is None:
            assert self.house.code(self.house.nodes.delete, node_id, tenant=tenant) == "node_not_found"
            return
        self.house.do(self.house.nodes.delete, node_id, tenant=tenant)
        gone = [node_id]
        for doomed in gone:
            del self.model[doomed]
            gone += [child for child, expected in self.model.items() if expected.parent == doomed]
        self.events["node.deleted"] += 1

    @invariant()
    def rows_are_the_models(self):
        """Status, tenant, version and parent of each row; no text without its node."""
        rows = {row["id"]: row for row in self.house.rows(NODES)}
        assert rows.keys() == self.model.keys()
        for node_id, expected in self.model.items():
            row = rows[node_id]
            status = states.columns_of(expected.state)["status"]
            found = (row["status"], row["tenant_id"], row["version"], row["parent_id"])
            assert found == (status, expected.tenant, expected.version, expected.parent)
            assert (row["published_at"] is None) == isinstance(expected.state, states.Draft)
        texts = Counter((row["node_id"], row["locale"]) for row in self.house.rows(TRANSLATIONS))
        assert texts == Counter((node_id, one) for node_id, known in self.model.items() for one in known.locales)
        assert {row["node_id"] for row in self.house.rows(BODIES)} == self.model.keys()

    @invariant()
    def every_change_is_told_once(self):
        """The events of all changes that were made, and of none that was refused."""
        assert Counter(self.house.events()) == self.events

    @invariant()
    def lists_count_what_is_there(self):
        """For each tenant its own."""
        for tenant in TENANTS:
            total = self.house.do(self.house.nodes.page, NodeFilter(), tenant=tenant).total
            assert total == sum(expected.tenant == tenant for expected in self.model.values())


def test_nodes_are_what_the_typed_model_says(open_house, node):
    """Any sequence of operations of two tenants, legal or not: the expectation is the model's."""
    machine = type("Machine", (NodeMachine,), {"open_house": staticmethod(open_house), "new_node": staticmethod(node)})
    machine.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
    machine.TestCase("runTest").runTest()
