"""Posts, as RusToK's PostService writes them, and repaired."""

import pytest

from rustok_sim.core.content import NodeChanges
from rustok_sim.modules.blog import NewPost
from rustok_sim.modules.content import NODES

POST = NewPost(title="Rust in production", body="Words.", tags=("rust", "ops"), metadata={"hero": "a.png"})
PUBLISHED = NewPost(title="Rust in production", body="Words.", publish=True)
GUEST = {"role": "customer", "user": None}


def test_a_post_is_a_node_with_its_tags_in_the_metadata(house, ann):
    """RusToK's mapping: kind post, the author who asks, one translation, one body, tags beside the given metadata."""
    post = house.do(house.blog.post, house.do(house.blog.create_post, POST))
    assert (post.kind, post.status, post.author_id) == ("post", "draft", ann)
    assert post.metadata == {"hero": "a.png", "tags": ["rust", "ops"]}
    assert (post.title("en"), post.text("en")) == ("Rust in production", "Words.")
    assert house.do(house.blog.post_by_slug, "rust-in-production") == post
    assert house.code(house.blog.post_by_slug, "nobody") == "post_not_found"


@pytest.mark.parametrize(
    ("design", "told"),
    [("as_built", ["node.created"]), ("repaired", ["node.created", "node.updated", "node.published"])],
)
def test_a_post_created_as_published_is_announced_if_repaired(open_house, design, told):
    """As built the publish flag becomes the status of the new row, and nobody hears of a publication."""
    house = open_house(blog={"design": design})
    assert house.told(house.blog.create_post, PUBLISHED) == told
    (row,) = house.rows(NODES)
    assert (row["status"], row["published_at"]) == ("published", 0.0)


@pytest.mark.parametrize("design", ["as_built", "repaired"])
def test_a_draft_is_written_in_the_same_way_by_both(open_house, design):
    """Created, and no more."""
    house = open_house(blog={"design": design})
    assert house.told(house.blog.create_post, POST) == ["node.created"]


def test_a_repaired_post_is_created_and_published_in_one_transaction(open_house):
    """One begin and one commit around both: 4 writes of content, 3 events, 2 reads inside, and none after."""
    house = open_house(blog={"design": "repaired"})
    trips = house.trips(house.blog.create_post, PUBLISHED)
    assert trips == [
        "begin",
        *("nodes.insert", "node_translations.insert", "bodies.select", "bodies.insert", "sys_events.insert"),
        *("nodes.select", "nodes.update", "sys_events.insert", "sys_events.insert"),
        "commit",
    ]


def test_a_crash_between_creation_and_publication_leaves_nothing(open_house):
    """The repaired post lasts whole or not at all: the request is dropped at each of its round trips in turn."""
    house = open_house(blog={"design": "repaired"})
    house.wire.latency_s = 1.0
    for begun in range(1, 11):
        task = house.start(house.blog.create_post, PUBLISHED)
        house.runtime.advance(begun - 0.5)
        task.drop()
        house.runtime.finish()
    assert house.rows(NODES) == []
    assert house.events() == []


@pytest.mark.parametrize("design", ["as_built", "repaired"])
def test_the_blog_itself_makes_a_system_of_nobody(open_house, design):
    """Whom a guest is taken for is decided once, by access (D6): as guests they read and list, and write nothing."""
    house = open_house(blog={"design": design})
    post_id = house.do(house.blog.create_post, PUBLISHED)
    assert house.do(house.blog.post, post_id, **GUEST).id == post_id
    assert house.do(house.blog.posts, **GUEST).total == 1
    assert house.code(house.blog.create_post, PUBLISHED, **GUEST) == "forbidden"
    assert house.code(house.blog.delete_post, post_id, **GUEST) == "forbidden"
    assert house.code(house.blog.create_post, POST, role="customer") == "forbidden"


@pytest.mark.parametrize("design", ["as_built", "repaired"])
def test_reading_as_a_post_what_is_none_is_not_found(open_house, node, design):
    """RusToK's 404: the node exists and is a page."""
    house = open_house(blog={"design": design})
    page = house.do(house.nodes.create, node(kind="page"))
    assert house.code(house.blog.post, page.id) == "post_not_found"


@pytest.mark.parametrize(("design", "code"), [("as_built", None), ("repaired", "post_not_found")])
def test_writing_as_a_post_what_is_none(open_house, node, design, code):
    """As built only reading asks for the kind: a page is edited, published and deleted through the blog."""
    house = open_house(blog={"design": design})
    page = house.do(house.nodes.create, node(kind="page"))
    operations = [
        (house.blog.update_post, page.id, NodeChanges(position=1)),
        (house.blog.publish_post, page.id),
        (house.blog.unpublish_post, page.id),
        (house.blog.delete_post, page.id),
    ]
    if code is None:
        for operation in operations:
            house.do(*operation)
        assert house.rows(NODES) == []
    else:
        assert [house.code(*operation) for operation in operations] == [code] * 4
        assert house.events() == ["node.created"]


def test_a_single_post_is_found_from_any_tenant_and_a_list_is_not(open_house, other):
    """RusToK's query ignores its tenant for single posts (D1); scoped nodes end it."""
    for isolation in ("as_built", "scoped"):
        house = open_house(isolation_of_tenants=isolation)
        post_id = house.do(house.blog.create_post, PUBLISHED)
        assert house.do(house.blog.posts, tenant=other).total == 0
        if isolation == "as_built":
            assert house.do(house.blog.post, post_id, tenant=other).id == post_id
        else:
            assert house.code(house.blog.post, post_id, tenant=other) == "node_not_found"


def test_posts_are_listed_by_status_and_page(house):
    """Of three posts one is published; other kinds are not listed."""
    house.write("Page", kind="page")
    for _ in range(2):
        house.do(house.blog.create_post, POST)
    published = house.do(house.blog.create_post, PUBLISHED)
    drafts = house.do(house.blog.posts, named={"status": "draft"})
    assert drafts.total == 2
    shown = house.do(house.blog.posts, named={"status": "published"}).nodes
    assert [post.id for post in shown] == [published]
    assert len(house.do(house.blog.posts, named={"page": 2, "per_page": 2}).nodes) == 1


@pytest.mark.parametrize("design", ["as_built", "repaired"])
def test_a_post_goes_through_its_life(open_house, design):
    """Draft, edited, published, draft again, gone: four events of change, as the nodes tell them."""
    house = open_house(blog={"design": design})
    post_id = house.do(house.blog.create_post, POST, role="manager")
    assert house.do(house.blog.update_post, post_id, NodeChanges(metadata={"tags": []})).metadata == {"tags": []}
    assert house.do(house.blog.publish_post, post_id).status == "published"
    assert house.do(house.blog.unpublish_post, post_id).status == "draft"
    house.do(house.blog.delete_post, post_id)
    assert house.events() == [
        *("node.created", "node.deleted", "node.published"),
        *("node.unpublished", "node.updated", "node.updated", "node.updated"),
    ]
