"""A node's status: anything from anything, as RusToK's service has it, or the typed machine's steps."""

from itertools import product

import pytest

from rustok_sim.core.content import NodeChanges
from rustok_sim.modules.content import NODES

STATUSES = ("draft", "published", "archived")
STEPS = {"publish": "published", "unpublish": "draft", "archive": "archived", "restore": "draft"}
LEGAL = {("draft", "publish"), ("published", "archive"), ("archived", "restore")}
"""The table of RusToK's typed machine; update stands apart."""
LEGAL_EDITS = {("draft", "draft"), ("published", "published"), ("draft", "published"), ("published", "archived")}


def brought(house, status: str):
    """A node in this status, by legal steps."""
    written = house.write()
    if status != "draft":
        house.do(house.nodes.publish, written.id)
    if status == "archived":
        house.do(house.nodes.archive, written.id, "old")
    return written.id


def take(house, node_id: str, step: str):
    """One step; an archive has a reason."""
    return house.do(getattr(house.nodes, step), node_id, *(["a reason"] if step == "archive" else []))


@pytest.mark.parametrize(("status", "step"), list(product(STATUSES, STEPS)))
def test_as_built_any_step_leads_from_any_status(house, status, step):
    """All twelve; publishing again moves the moment, and a draft has none."""
    node_id = brought(house, status)
    house.runtime.advance(9.0)
    after = take(house, node_id, step)
    assert after.status == house.status(node_id) == STEPS[step]
    moment = {"publish": 9.0, "unpublish": None, "restore": None}
    assert after.published_at == moment.get(step, None if status == "draft" else 0.0)


@pytest.mark.parametrize(("status", "step"), list(product(STATUSES, STEPS)))
def test_typed_only_the_machines_steps_lead_on(open_house, status, step):
    """The same twelve: three are in the table of the typed machine, nine are refused and write nothing."""
    house = open_house(states="typed")
    node_id = brought(house, status)
    events = house.events()
    if (status, step) in LEGAL:
        assert take(house, node_id, step).status == STEPS[step]
    else:
        reason = ["why"] if step == "archive" else []
        assert house.code(getattr(house.nodes, step), node_id, *reason) == "invalid_transition"
        assert house.status(node_id) == status
        assert house.events() == events


@pytest.mark.parametrize(("status", "target"), list(product(STATUSES, STATUSES)))
def test_an_edit_may_name_any_status_as_built(house, status, target):
    """RusToK's update: from any to any, told as an update and no more, and no moment moves."""
    node_id = brought(house, status)
    before = house.do(house.nodes.get, node_id).published_at
    house.runtime.advance(9.0)
    assert house.told(house.nodes.update, node_id, NodeChanges(status=target)) == ["node.updated"]
    assert house.do(house.nodes.get, node_id).published_at == before
    assert house.status(node_id) == target


@pytest.mark.parametrize(("status", "target"), list(product(STATUSES, STATUSES)))
def test_an_edit_takes_the_machines_steps_if_typed(open_house, status, target):
    """Staying is an update, which an archived node does not have; publishing by an edit is announced."""
    house = open_house(states="typed")
    node_id = brought(house, status)
    legal = (status, target) in LEGAL_EDITS | {("archived", "draft")}
    if legal:
        told = house.told(house.nodes.update, node_id, NodeChanges(status=target))
        published = (status, target) == ("draft", "published")
        assert told == (["node.updated", "node.published"] if published else ["node.updated"])
        assert house.status(node_id) == target
    else:
        assert house.code(house.nodes.update, node_id, NodeChanges(status=target)) == "invalid_transition"
        assert house.status(node_id) == status


def test_a_typed_archived_node_takes_no_edit(open_house):
    """The machine has no update there."""
    house = open_house(states="typed")
    node_id = brought(house, "archived")
    assert house.code(house.nodes.update, node_id, NodeChanges(position=1)) == "invalid_transition"


@pytest.mark.parametrize("status", STATUSES)
def test_a_node_is_created_in_any_status_as_built(house, node, status):
    """Created, and told as created alone; published gets its moment."""
    house.runtime.advance(3.0)
    assert house.told(house.nodes.create, node(status=status)) == ["node.created"]
    (row,) = house.rows(NODES)
    assert (row["status"], row["published_at"]) == (status, 3.0 if status == "published" else None)


def test_a_typed_node_begins_as_a_draft(open_house, node):
    """Created as published it takes the step in the same transaction and says so; no step leads to an archive."""
    house = open_house(states="typed")
    assert house.told(house.nodes.create, node()) == ["node.created"]
    assert house.told(house.nodes.create, node(status="published")) == ["node.created", "node.published"]
    assert house.code(house.nodes.create, node(status="archived")) == "invalid_transition"
    assert sorted(row["status"] for row in house.rows(NODES)) == ["draft", "published"]


@pytest.mark.parametrize("states", ["as_built", "typed"])
def test_the_archive_keeps_its_reason(open_house, states):
    """The machine's data; restored, a typed node counts as created now and has neither reason nor moment."""
    house = open_house(states=states)
    node_id = brought(house, "archived")
    (row,) = house.rows(NODES)
    assert (row["archive_reason"], row["published_at"]) == ("old", 0.0)
    house.runtime.advance(4.0)
    restored = house.do(house.nodes.restore, node_id)
    created_at = 4.0 if states == "typed" else 0.0
    assert (restored.created_at, restored.published_at, restored.updated_at) == (created_at, None, 4.0)


@pytest.mark.parametrize("states", ["as_built", "typed"])
def test_a_node_is_deleted_from_any_status(open_house, states):
    """RusToK removes the row; the machine has no word for it."""
    house = open_house(states=states)
    for status in STATUSES:
        house.do(house.nodes.delete, brought(house, status))
    assert house.rows(NODES) == []
