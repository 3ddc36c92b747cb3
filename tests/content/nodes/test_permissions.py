"""Who may do what to a node. Expectations: RusToK's permission matrix, and its kinds' resources."""

import pytest

from rustok_sim.core.auth import Resource, Scope
from rustok_sim.core.content import NodeChanges, NodeFilter
from rustok_sim.modules.content import resource_of


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("post", Resource.POSTS),
        ("page", Resource.PAGES),
        ("comment", Resource.COMMENTS),
        *[(kind, Resource.POSTS) for kind in ("article", "custom", "forum_topic", "forum_reply", "menu", "block")],
    ],
)
def test_kinds_without_a_resource_of_their_own_go_by_posts(kind, resource):
    """RusToK's mapping."""
    assert resource_of(kind) is resource


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        ("post", {"super_admin", "admin", "manager"}),
        ("page", {"super_admin", "admin"}),
        ("menu", {"super_admin", "admin", "manager"}),
        ("comment", {"super_admin", "admin", "customer"}),
    ],
)
def test_who_may_create_each_kind(house, node, kind, may):
    """The matrix: managers have no pages and no comments, customers comments alone; no refusal asks the database."""
    for role in ("super_admin", "admin", "manager", "customer"):
        if role in may:
            assert house.do(house.nodes.create, node(kind=kind), role=role).kind == kind
        else:
            house.wire.trips.clear()
            assert house.code(house.nodes.create, node(kind=kind), role=role) == "forbidden"
            assert house.wire.trips == []


@pytest.mark.parametrize("operation", ["publish", "unpublish", "delete", "restore"])
def test_who_may_not_is_refused_after_one_read_and_before_the_transaction(house, operation):
    """Step 2 of RusToK's publication: the scope is asked when the node is there and nothing has begun."""
    written = house.write()
    house.wire.trips.clear()
    assert house.code(getattr(house.nodes, operation), written.id, role="customer") == "forbidden"
    assert house.wire.trips == ["nodes.select"]


def test_everybody_may_read_a_node_by_its_id_or_slug(house):
    """RusToK asks for no permission there, drafts included."""
    written = house.write()
    assert house.do(house.nodes.get, written.id, role="customer", user=None).status == "draft"
    assert house.do(house.nodes.get_by_slug, "post", "hello", role="customer", user=None).id == written.id


def test_customers_list_posts_and_comments_but_no_pages(house):
    """The matrix; a list of all kinds needs the permission for posts."""
    for wanted in (NodeFilter(), NodeFilter(kind="post"), NodeFilter(kind="comment")):
        house.do(house.nodes.page, wanted, role="customer")
    assert house.code(house.nodes.page, NodeFilter(kind="page"), role="customer") == "forbidden"
    assert house.code(house.nodes.page, NodeFilter(kind="page"), role="manager") == "forbidden"


def test_a_customer_changes_and_removes_their_own_comments_only(house, node, ann):
    """Scope Own on comments: the author must equal the user, and may not be changed."""
    own = house.do(house.nodes.create, node(kind="comment", author_id=ann), role="customer")
    foreign = house.do(house.nodes.create, node(kind="comment", author_id=own.id), role="admin")
    assert house.do(house.nodes.update, own.id, NodeChanges(position=1), role="customer").position == 1
    assert house.code(house.nodes.update, own.id, NodeChanges(author_id=None), role="customer") == "forbidden"
    for operation in (house.nodes.publish, house.nodes.delete):
        assert house.code(operation, foreign.id, role="customer") == "forbidden"
    house.do(house.nodes.delete, own.id, role="customer")


def test_a_customer_may_write_a_comment_in_anothers_name(house, node):
    """Create has scope All there, and All forces no author."""
    other = node(kind="comment", author_id="somebody else")
    assert house.do(house.nodes.create, other, role="customer").author_id == "somebody else"


def test_staff_may_give_a_node_another_author(house):
    """Scope All."""
    written = house.write()
    assert house.do(house.nodes.update, written.id, NodeChanges(author_id="x"), role="manager").author_id == "x"


@pytest.mark.parametrize(("ownership", "refused"), [("as_built", False), ("named", True)])
def test_two_absent_values_compare_equal(open_house, node, ownership, refused):
    """A guest has no identity, so RusToK lets them change and remove comments without author; named, nobody may."""
    house = open_house(ownership=ownership)
    orphan = house.do(house.nodes.create, node(kind="comment"))
    guest = {"role": "customer", "user": None}
    if refused:
        assert house.code(house.nodes.update, orphan.id, NodeChanges(position=1), **guest) == "forbidden"
        assert house.code(house.nodes.delete, orphan.id, **guest) == "forbidden"
    else:
        assert house.do(house.nodes.update, orphan.id, NodeChanges(position=1), **guest).position == 1
        house.do(house.nodes.delete, orphan.id, **guest)


def test_another_policy_forces_authors_and_lists_only_what_is_ones_own(house, node, ann):
    """Under a policy that says Own for everything: what is written gets the writer, and a list shows no more."""
    foreign = house.write("Foreign")
    nodes = house.nodes.under(lambda actor, kind, action: Scope.OWN)
    own = house.do(nodes.create, node("Own", author_id="somebody else"), role="customer")
    assert own.author_id == ann
    listed = house.do(nodes.page, NodeFilter(author_id="somebody else"), role="customer")
    assert [item.id for item in listed.nodes] == [own.id]
    assert house.code(nodes.publish, foreign.id, role="customer") == "forbidden"
