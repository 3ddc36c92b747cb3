"""The forum as RusToK built it (F1 to F4, F6, F7), and repaired. Expectations: RusToK's forum services."""

import pytest

from rustok_sim.core.ids import NIL, named_id
from rustok_sim.modules.content import NODES
from rustok_sim.modules.forum import Category, NewCategory, NewReply, NewTopic, Topic, made_up_forum

DESIGNS = ("as_built", "repaired")
CUSTOMER = {"role": "customer", "user": "joe"}


def reply(opened, text: str = "I think so.") -> NewReply:
    """A reply to the topic."""
    return NewReply(topic_id=opened.topic_id, content=text)


def topic(opened, title: str = "Why?") -> NewTopic:
    """A second topic in the category."""
    return NewTopic(category_id=opened.category_id, title=title, body="Because.", tags=["a"])


@pytest.mark.parametrize("design", DESIGNS)
def test_categories_and_topics_are_written_and_read(open_forum, design):
    """A topic is open, neither pinned nor locked, without replies, under its category."""
    opened = open_forum(design=design)
    new = NewCategory(name="News", slug="news", moderated=True)
    category = opened.house.do(opened.forum.categories.create, new)
    assert category == Category(id=category.id, name="News", slug="news", moderated=True)
    assert opened.house.do(opened.forum.categories.get, category.id) == category
    made = opened.house.do(opened.forum.topics.create, topic(opened))
    assert made == Topic(
        id=made.id,
        category_id=opened.category_id,
        title="Why?",
        status="open",
        is_pinned=False,
        is_locked=False,
        reply_count=0,
    )
    assert opened.house.do(opened.forum.topics.get, made.id) == made
    opened.house.do(opened.forum.topics.delete, made.id)
    assert opened.house.code(opened.forum.topics.get, made.id) == "node_not_found"


def test_no_reply_can_be_written_as_built(open_forum):
    """F1, D24: the reply has no translation, which nodes refuse; whoever asks, and before the database is."""
    opened = open_forum()
    opened.house.wire.trips.clear()
    for role in ("super_admin", "admin", "manager"):
        assert opened.house.code(opened.forum.replies.create, reply(opened), role=role) == "validation"
    assert opened.house.wire.trips == []


def test_a_repaired_reply_is_written_counted_and_told(open_forum):
    """F1, F3: the reply is there, the topic's count is in its row and its metadata, and two events say both."""
    opened = open_forum(design="repaired")
    written = opened.house.do(opened.forum.replies.create, reply(opened), **CUSTOMER)
    assert (written.content, written.status, written.topic_id) == ("I think so.", "approved", opened.topic_id)
    assert opened.house.do(opened.forum.replies.get, written.id) == written
    assert opened.topic().reply_count == 1
    row = next(row for row in opened.house.rows(NODES) if row["id"] == opened.topic_id)
    assert row["reply_count"] == 1
    assert opened.house.events() == ["node.created", "node.updated"]


def test_a_repaired_reply_costs_one_transaction(open_forum):
    """Two reads; four statements and an event for the reply; an update and an event for the topic; 3 reads after."""
    opened = open_forum(design="repaired")
    assert opened.house.trips(opened.forum.replies.create, reply(opened)) == [
        "begin",
        *("nodes.select", "nodes.select"),
        *("nodes.insert", "node_translations.insert", "bodies.select", "bodies.insert", "sys_events.insert"),
        *("nodes.update", "sys_events.insert"),
        "commit",
        *("nodes.select", "node_translations.select", "bodies.select"),
    ]


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
def test_a_repaired_forum_works_on_each_database(open_forum, backend):
    """Three replies, one moderated, the topic closed: the same story twice."""
    opened = open_forum(design="repaired", backend=backend)
    ids = [opened.house.do(opened.forum.replies.create, reply(opened, text)).id for text in "abc"]
    opened.house.do(opened.forum.moderation.reply, ids[1], "hidden")
    opened.house.do(opened.forum.moderation.topic, opened.topic_id, "close")
    assert opened.house.code(opened.forum.replies.create, reply(opened)) == "topic_closed"
    listed = opened.house.do(opened.forum.replies.list, opened.topic_id)
    assert sorted((one.content, one.status) for one in listed) == [
        ("a", "approved"),
        ("b", "hidden"),
        ("c", "approved"),
    ]
    assert (opened.topic().reply_count, opened.topic().status) == (3, "closed")


@pytest.mark.parametrize("steps", [["lock"], ["close"], ["close", "archive"]])
def test_a_repaired_topic_that_is_not_open_takes_no_replies(open_forum, steps):
    """F2: locked, closed, archived; nothing is written."""
    opened = open_forum(design="repaired")
    for step in steps:
        opened.house.do(opened.forum.moderation.topic, opened.topic_id, step)
    assert opened.house.code(opened.forum.replies.create, reply(opened)) == "topic_closed"
    assert opened.topic().reply_count == 0
    assert "node.created" not in opened.house.events()


@pytest.mark.parametrize("step", ["close", "reopen", "archive"])
def test_no_code_moves_a_topics_status_as_built(open_forum, step):
    """F2: there is no such operation; the state stays open."""
    opened = open_forum()
    assert opened.house.code(opened.forum.moderation.topic, opened.topic_id, step) == "invalid_transition"
    assert opened.topic().status == "open"


def test_closed_topics_take_replies_back_when_they_are_reopened(open_forum):
    """The machine of topics: close, reopen."""
    opened = open_forum(design="repaired")
    for step in ("close", "reopen"):
        opened.house.do(opened.forum.moderation.topic, opened.topic_id, step)
    opened.house.do(opened.forum.replies.create, reply(opened))
    assert opened.topic().reply_count == 1


def test_a_topic_archived_for_good_is_neither_pinned_nor_reopened(open_forum):
    """The machine of topics has no step from there."""
    opened = open_forum(design="repaired")
    for step in ("pin", "close", "archive"):
        opened.house.do(opened.forum.moderation.topic, opened.topic_id, step)
    for step in ("pin", "reopen", "unlock"):
        assert opened.house.code(opened.forum.moderation.topic, opened.topic_id, step) == "invalid_transition"
    assert (opened.topic().status, opened.topic().is_pinned) == ("archived", False)


@pytest.mark.parametrize(("moderated", "status"), [(False, "approved"), (True, "pending")])
def test_a_moderated_category_holds_replies_back_if_repaired(open_forum, moderated, status):
    """F4: the reply waits until a moderator approves it."""
    opened = open_forum(design="repaired", moderated=moderated)
    written = opened.house.do(opened.forum.replies.create, reply(opened), **CUSTOMER)
    assert written.status == status
    opened.house.do(opened.forum.moderation.reply, written.id, "approved")
    assert opened.house.do(opened.forum.replies.get, written.id).status == "approved"


def test_a_reply_to_what_is_no_topic_is_refused(open_forum):
    """A category is a node too."""
    opened = open_forum(design="repaired")
    wrong = NewReply(topic_id=opened.category_id, content="?")
    assert opened.house.code(opened.forum.replies.create, wrong) == "topic_not_found"
    assert opened.house.code(opened.forum.replies.create, NewReply(topic_id=NIL, content="?")) == "node_not_found"


def test_a_topic_without_category_takes_replies(open_forum, node):
    """Nothing says it is moderated."""
    opened = open_forum(design="repaired")
    lone = opened.house.do(opened.house.nodes.create, node(kind="forum_topic", status="published"))
    written = opened.house.do(opened.forum.replies.create, NewReply(topic_id=lone.id, content="x"))
    assert written.status == "approved"


@pytest.mark.parametrize("design", DESIGNS)
def test_each_kind_is_asked_for_when_reading(open_forum, design):
    """RusToK's three not-found errors, and a node that is nowhere."""
    opened = open_forum(design=design)
    forum, house = opened.forum, opened.house
    assert house.code(forum.categories.get, opened.topic_id) == "category_not_found"
    assert house.code(forum.topics.get, opened.category_id) == "topic_not_found"
    assert house.code(forum.replies.get, opened.topic_id) == "reply_not_found"
    assert house.code(forum.topics.get, NIL) == "node_not_found"
    assert house.code(forum.moderation.topic, opened.category_id, "pin") == "topic_not_found"


def replies_of(opened, count: int) -> None:
    """Put so many hidden replies under the topic."""
    hidden = {"kind": "forum_reply", "parent_id": opened.topic_id, "metadata": {"reply_status": "hidden"}}
    for number in range(count):
        opened.house.write(f"Reply {number}", **hidden)


def test_replies_are_cut_off_at_200_and_called_approved_as_built(open_forum):
    """F6: of 205 hidden replies 200 are shown, as approved, whatever page is asked for."""
    opened = open_forum()
    replies_of(opened, 205)
    for page in (1, 2):
        listed = opened.house.do(opened.forum.replies.list, opened.topic_id, named={"page": page})
        assert len(listed) == 200
        assert {one.status for one in listed} == {"approved"}


def test_replies_are_paged_and_shown_as_they_are_if_repaired(open_forum):
    """F6: eleven pages of 20 and one of 5, each row with its own status."""
    opened = open_forum(design="repaired")
    replies_of(opened, 205)
    pages = [opened.house.do(opened.forum.replies.list, opened.topic_id, named={"page": page}) for page in range(1, 13)]
    assert [len(page) for page in pages] == [20] * 10 + [5, 0]
    assert {one.status for page in pages for one in page} == {"hidden"}
    assert len({one.id for page in pages for one in page}) == 205


def test_categories_are_cut_off_at_1000_and_faked_as_built(open_house):
    """F6: of 1,001 moderated categories 1,000 are shown, none as moderated; repaired, page by page, and all are."""
    for design, shown in (("as_built", 1_000), ("repaired", 20)):
        house = open_house(forum={"design": design})
        house.seed(made_up_forum("acme", 1_001, 0, moderated=True))
        listed = house.do(house.forum.categories.list)
        assert len(listed) == shown
        assert {one.moderated for one in listed} == {design == "repaired"}
    assert len(house.do(house.forum.categories.list, named={"page": 51})) == 1


def test_rows_of_topics_are_faked_as_built_and_true_if_repaired(open_forum):
    """F6: a pinned and locked topic of a category looks open, free and homeless in RusToK's list."""
    for design in DESIGNS:
        opened = open_forum(design=design)
        for step in ("pin", "lock"):
            opened.house.do(opened.forum.moderation.topic, opened.topic_id, step)
        (row,) = opened.house.do(opened.forum.topics.list, opened.category_id)
        truth = opened.topic()
        assert (truth.is_pinned, truth.is_locked, truth.category_id) == (True, True, opened.category_id)
        if design == "repaired":
            assert row == truth
        else:
            assert (row.status, row.is_pinned, row.is_locked, row.category_id) == ("open", False, False, NIL)


def test_customers_cannot_open_topics_as_built(open_forum):
    """F7: topics go by the permission for posts, which customers do not have."""
    opened = open_forum()
    assert opened.house.code(opened.forum.topics.create, topic(opened), **CUSTOMER) == "forbidden"


def test_customers_open_topics_of_their_own_if_repaired(open_forum):
    """F7: as their authors, and only their own may they remove; the rest of the forum stays the staff's."""
    opened = open_forum(design="repaired")
    house, forum = opened.house, opened.forum
    own = house.do(forum.topics.create, topic(opened), **CUSTOMER)
    assert house.do(house.nodes.get, own.id).author_id == named_id("user", "joe")
    assert house.code(forum.topics.delete, opened.topic_id, **CUSTOMER) == "forbidden"
    assert house.code(forum.moderation.topic, own.id, "pin", **CUSTOMER) == "forbidden"
    assert house.code(forum.categories.create, NewCategory(name="x", slug="x"), **CUSTOMER) == "forbidden"
    assert [one.id for one in house.do(forum.topics.list, opened.category_id, **CUSTOMER)].count(own.id) == 1
    house.do(forum.topics.delete, own.id, **CUSTOMER)


def test_guests_write_nothing_in_either_design(open_forum):
    """Who has no identity has nothing of their own."""
    for design in DESIGNS:
        opened = open_forum(design=design)
        assert opened.house.code(opened.forum.topics.create, topic(opened), role="customer", user=None) == "forbidden"


@pytest.mark.parametrize(("design", "authored"), [("as_built", False), ("repaired", True)])
def test_who_may_write_for_all_is_put_down_as_author_if_repaired(open_forum, ann, design, authored):
    """RusToK passes no author along, and scope All forces none."""
    opened = open_forum(design=design)
    made = opened.house.do(opened.forum.topics.create, topic(opened))
    assert opened.house.do(opened.house.nodes.get, made.id).author_id == (ann if authored else None)


def test_a_reply_is_removed_with_its_topic_or_alone(open_forum):
    """Alone, the topic goes on counting it."""
    opened = open_forum(design="repaired")
    first, second = (opened.house.do(opened.forum.replies.create, reply(opened)) for _ in range(2))
    opened.house.do(opened.forum.replies.delete, first.id)
    assert opened.topic().reply_count == 2
    opened.house.do(opened.forum.topics.delete, opened.topic_id)
    assert opened.house.code(opened.forum.replies.get, second.id) == "node_not_found"


@pytest.mark.parametrize(("design", "code"), [("as_built", None), ("repaired", "reply_not_found")])
def test_moderating_as_a_reply_what_is_none(open_forum, design, code):
    """As built any node gets a reply's status into its metadata."""
    opened = open_forum(design=design)
    if code is None:
        opened.house.do(opened.forum.moderation.reply, opened.topic_id, "hidden")
        assert opened.house.do(opened.house.nodes.get, opened.topic_id).metadata["reply_status"] == "hidden"
    else:
        assert opened.house.code(opened.forum.moderation.reply, opened.topic_id, "hidden") == code


@pytest.mark.parametrize("status", ["pending", "approved", "rejected", "hidden"])
def test_a_replys_status_moves_from_any_to_any(open_forum, node, status):
    """RusToK's moderation asks for no former status."""
    for design in DESIGNS:
        opened = open_forum(design=design)
        for former in ("pending", "approved", "rejected", "hidden"):
            made = opened.house.write(kind="forum_reply", parent_id=opened.topic_id, metadata={"reply_status": former})
            opened.house.do(opened.forum.moderation.reply, made.id, status)
            assert opened.house.do(opened.forum.replies.get, made.id).status == status
