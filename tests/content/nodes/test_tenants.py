"""Reach across tenants (D1): as RusToK built it, and scoped. Expectations: what RusToK's service forgets to compare."""

import pytest

from rustok_sim.core.content import Body, NewNode, NodeChanges, NodeFilter, Translation
from rustok_sim.modules.content import BODIES, CATEGORIES, NODES, TRANSLATIONS

BY_ID = ("get", "publish", "unpublish", "delete", "restore")


def names(text: str) -> NodeChanges:
    """An edit of the English texts."""
    return NodeChanges(translations=[Translation(locale="en", title=text)], bodies=[Body(locale="en", body=text)])


def test_an_administrator_reads_and_rewrites_another_tenants_node(house, other):
    """D1: the id is enough. The rows stay their tenant's; the event is stamped with the caller's."""
    written = house.write()
    assert house.do(house.nodes.get, written.id, tenant=other) == written
    after = house.do(house.nodes.update, written.id, names("Defaced"), role="manager", tenant=other)
    assert (after.tenant_id, after.title("en"), after.text("en")) == (written.tenant_id, "Defaced", "Defaced")
    for table in (NODES, TRANSLATIONS, BODIES):
        assert {row["tenant_id"] for row in house.rows(table)} == {written.tenant_id}
    assert house.event_of("node.created")["tenant_id"] == written.tenant_id
    assert house.event_of("node.updated")["tenant_id"] == other


@pytest.mark.parametrize("operation", ["publish", "unpublish"])
def test_the_status_of_another_tenants_node_is_moved_and_told_to_the_wrong_tenant(house, other, operation):
    """D1, on every step by id."""
    written = house.write()
    house.do(getattr(house.nodes, operation), written.id, tenant=other)
    assert house.event_of(f"node.{operation}ed")["tenant_id"] == other


def test_another_tenants_node_is_deleted(house, other):
    """D1."""
    written = house.write()
    house.do(house.nodes.delete, written.id, tenant=other)
    assert house.rows(NODES) == []
    assert house.event_of("node.deleted")["tenant_id"] == other


@pytest.mark.parametrize("operation", BY_ID)
def test_scoped_nodes_are_not_found_by_others(open_house, other, operation):
    """The repair: as if they were not there, and nothing is written."""
    house = open_house(isolation_of_tenants="scoped")
    written = house.write()
    assert house.code(getattr(house.nodes, operation), written.id, tenant=other) == "node_not_found"
    assert house.code(house.nodes.update, written.id, names("x"), tenant=other) == "node_not_found"
    assert house.do(house.nodes.get, written.id) == written
    assert house.events() == ["node.created"]


@pytest.mark.parametrize("isolation", ["as_built", "scoped"])
def test_slugs_and_lists_never_cross(open_house, other, isolation):
    """RusToK filters these two by tenant."""
    house = open_house(isolation_of_tenants=isolation)
    house.write()
    assert house.do(house.nodes.get_by_slug, "post", "hello", tenant=other) is None
    assert house.do(house.nodes.page, NodeFilter(), tenant=other).total == 0


def test_a_transaction_reaches_as_far_as_the_services(open_house, node, other):
    """Several changes in one transaction hold, list and change another tenant's nodes as built, and none if scoped."""
    for isolation, found in (("as_built", 1), ("scoped", 0)):
        house = open_house(isolation_of_tenants=isolation)
        parent = house.write("Parent")
        house.do(house.nodes.create, node("Child", parent_id=parent.id))

        def children(context, house=house, parent=parent):
            with (yield from house.nodes.begin(context)) as work:
                return len((yield from work.children(parent.id, "post")))

        assert house.do(children, tenant=other) == found


@pytest.mark.parametrize(("isolation", "code"), [("as_built", None), ("scoped", "node_not_found")])
def test_a_node_under_another_tenants_parent(open_house, node, other, isolation, code):
    """RusToK checks no parent beyond the foreign key; scoped, one more read finds it is not there for the tenant."""
    house = open_house(isolation_of_tenants=isolation)
    foreign = house.do(house.nodes.create, node("Foreign"), tenant=other)
    own = house.write("Own")
    below = node(parent_id=foreign.id)
    if code is None:
        assert house.do(house.nodes.create, below).parent_id == foreign.id
        assert house.do(house.nodes.update, own.id, NodeChanges(parent_id=foreign.id)).parent_id == foreign.id
    else:
        assert house.code(house.nodes.create, below) == code
        assert house.code(house.nodes.update, own.id, NodeChanges(parent_id=foreign.id)) == code
        assert house.do(house.nodes.create, node(parent_id=own.id)).parent_id == own.id


@pytest.mark.parametrize(("isolation", "code"), [("as_built", None), ("scoped", "not_found")])
def test_a_node_in_another_tenants_category(open_house, node, other, isolation, code):
    """The same of categories; a category that nobody has is refused by the foreign key in any case."""
    house = open_house(isolation_of_tenants=isolation)
    row = {"id": "c", "tenant_id": other, "position": 0, "depth": 0, "node_count": 0, "settings": "{}"}
    house.server.seed(CATEGORIES, [row | {"created_at": 0.0}])
    filed = node(category_id="c")
    if code is None:
        assert house.do(house.nodes.create, filed).category_id == "c"
        assert house.code(house.nodes.create, node(category_id="nobody's")) == "foreign_key_violation"
        assert house.do(house.nodes.update, house.write().id, NodeChanges(category_id="c")).category_id == "c"
    else:
        assert house.code(house.nodes.create, filed) == code
        assert house.do(house.nodes.create, filed, tenant=other).category_id == "c"


def test_scoped_edits_cost_what_the_others_cost(open_house):
    """The scope is a condition more, not a statement more."""
    costs = {}
    for isolation in ("as_built", "scoped"):
        house = open_house(isolation_of_tenants=isolation)
        written = house.write()
        costs[isolation] = house.trips(house.nodes.publish, written.id)
    assert costs["as_built"] == costs["scoped"]


def test_a_node_of_no_kind_in_particular(house):
    """RusToK takes any word of letters, digits, dashes and underscores as a kind: the event's rule is all there is."""
    written = NewNode(kind="no-such_kind", translations=[Translation(locale="en", title="x")])
    assert house.do(house.nodes.create, written).kind == "no-such_kind"
    assert (
        house.code(house.nodes.create, NewNode(kind="two words", translations=written.translations))
        == "invalid_characters"
    )
    assert len(house.rows(NODES)) == 1
