"""What RusToK's NodeService does step by step. Expected round trips are those of RusToK's own table of costs."""

import json

import pytest

from rustok_sim.core.content import KEEP, Body, NewNode, NodeChanges, NodeFilter, Translation
from rustok_sim.core.errors import Validation
from rustok_sim.modules.content import BODIES, NODES, TRANSLATIONS


def test_creating_a_node_costs_what_the_table_says(house, node):
    """Begin and commit, 1 + T + B writes, one outbox row, a read for each body, and 3 reads for the answer."""
    assert house.trips(house.nodes.create, node()) == [
        "begin",
        "nodes.insert",
        "node_translations.insert",
        "bodies.select",
        "bodies.insert",
        "sys_events.insert",
        "commit",
        "nodes.select",
        "node_translations.select",
        "bodies.select",
    ]


def test_each_translation_and_body_more_costs_one_and_two(house):
    """Two translations and three bodies: 1 + 2 + 3 writes, 3 + 3 reads, 2, 1."""
    languages = ("en", "ru", "de")
    new = NewNode(
        kind="post",
        translations=[Translation(locale=locale, title="x") for locale in languages[:2]],
        bodies=[Body(locale=locale, body="x") for locale in languages],
    )
    trips = house.trips(house.nodes.create, new)
    assert sum(trip.endswith(".insert") and trip != "sys_events.insert" for trip in trips) == 6
    assert sum(trip.endswith(".select") for trip in trips) == 6
    assert len(trips) == 6 + 6 + 2 + 1


def test_publishing_costs_what_the_table_says(house):
    """One read before the transaction, one write, two events, and two reads of the texts."""
    written = house.write()
    assert house.trips(house.nodes.publish, written.id) == [
        "nodes.select",
        "begin",
        "nodes.update",
        "sys_events.insert",
        "sys_events.insert",
        "commit",
        "node_translations.select",
        "bodies.select",
    ]


def test_deleting_costs_one_read_and_one_write(house):
    """Step by step: load outside, begin, delete, event, commit; nothing is left to read."""
    written = house.write()
    assert house.trips(house.nodes.delete, written.id) == [
        "nodes.select",
        "begin",
        "nodes.delete",
        "sys_events.insert",
        "commit",
    ]
    assert house.rows(NODES) == house.rows(TRANSLATIONS) == house.rows(BODIES) == []


def test_an_edit_replaces_its_texts_and_then_the_row(house):
    """RusToK's order: delete and insert translations, delete bodies and put them one by one, the row, the event."""
    written = house.write()
    changes = NodeChanges(
        position=3, translations=[Translation(locale="ru", title="Да")], bodies=[Body(locale="ru", body="x")]
    )
    assert house.trips(house.nodes.update, written.id, changes) == [
        "nodes.select",
        "begin",
        "node_translations.delete",
        "node_translations.insert",
        "bodies.delete",
        "bodies.select",
        "bodies.insert",
        "nodes.update",
        "sys_events.insert",
        "commit",
        "node_translations.select",
        "bodies.select",
    ]


def test_reading_costs_three_and_finding_by_slug_four(house, node):
    """A get reads node, translations and bodies; a slug is looked up first. What nobody has costs less."""
    written = house.write()
    assert house.trips(house.nodes.get, written.id) == ["nodes.select", "node_translations.select", "bodies.select"]
    found = ["node_translations.by_slug", "nodes.select", "node_translations.select", "bodies.select"]
    assert house.trips(house.nodes.get_by_slug, "post", "hello") == found
    assert house.do(house.nodes.get_by_slug, "post", "hello") == house.do(house.nodes.get, written.id)
    assert house.trips(house.nodes.get_by_slug, "post", "nobody") == found[:2]
    assert house.do(house.nodes.get_by_slug, "page", "hello") is None


def test_a_list_counts_then_reads_nodes_and_names(house):
    """Three statements, however many rows there are."""
    for number in range(5):
        house.write(f"Post {number}")
    assert house.trips(house.nodes.page, NodeFilter()) == ["nodes.count", "nodes.select", "node_translations.select"]


def test_a_created_node_is_answered_as_it_was_written(house, ann):
    """Every field that RusToK's answer has; depth and position are the caller's word."""
    new = NewNode(
        kind="page",
        translations=[Translation(locale="en", title="Terms", slug="terms", excerpt="What we owe")],
        bodies=[Body(locale="en", body="All.", format="html")],
        author_id=ann,
        position=7,
        depth=3,
        metadata={"template": "wide"},
    )
    answer = house.do(house.nodes.create, new)
    assert answer == house.do(house.nodes.get, answer.id)
    assert (answer.kind, answer.status, answer.author_id, answer.version) == ("page", "draft", ann, 1)
    assert (answer.position, answer.depth, answer.reply_count) == (7, 3, 0)
    assert answer.metadata == {"template": "wide"}
    assert answer.translations == tuple(new.translations)
    assert answer.bodies == tuple(new.bodies)
    assert (answer.published_at, answer.parent_id, answer.category_id) == (None, None, None)


def test_events_are_those_of_each_operation(house, node):
    """The table of events: created alone, even for what is created as published; two for publishing and its end."""
    assert house.told(house.nodes.create, node(status="published")) == ["node.created"]
    written = house.write()
    assert house.told(house.nodes.update, written.id, NodeChanges(position=1)) == ["node.updated"]
    assert house.told(house.nodes.publish, written.id) == ["node.updated", "node.published"]
    assert house.told(house.nodes.unpublish, written.id) == ["node.updated", "node.unpublished"]
    assert house.told(house.nodes.archive, written.id, "old") == ["node.updated"]
    assert house.told(house.nodes.restore, written.id) == ["node.updated"]
    assert house.told(house.nodes.delete, written.id) == ["node.deleted"]


def test_the_event_of_a_creation_names_kind_and_author(house, node, ann):
    """The payload of node.created."""
    written = house.do(house.nodes.create, node(author_id=ann))
    payload = json.loads(house.event_of("node.created")["payload"])
    assert payload["event"]["data"] == {"node_id": written.id, "kind": "post", "author_id": ann}


def test_a_node_without_translation_is_refused_before_anything_is_asked(house):
    """RusToK refuses it by hand, in its own validation."""
    house.wire.trips.clear()
    with pytest.raises(Validation, match="at least one translation"):
        house.do(house.nodes.create, NewNode(kind="post", translations=()))
    assert house.wire.trips == []


def test_a_translation_without_slug_and_title_undoes_the_whole_node(house):
    """It is found out between the inserts: the transaction is dropped."""
    new = NewNode(kind="post", translations=[Translation(locale="en", title="a"), Translation(locale="ru")])
    assert house.code(house.nodes.create, new) == "validation"
    assert house.rows(NODES) == house.rows(TRANSLATIONS) == []
    assert house.events() == []


def test_an_edit_writes_what_it_names_and_nothing_else(house, node, ann):
    """Each field alone; ``None`` clears a place, absence keeps it. The edited moment and the version move."""
    parent, written = house.write("Parent"), house.write("Child", author_id=ann, metadata={"a": 1})
    house.runtime.advance(5.0)
    before = house.do(house.nodes.get, written.id)
    changes = NodeChanges(parent_id=parent.id, depth=1, reply_count=4, author_id=None)
    after = house.do(house.nodes.update, written.id, changes)
    assert (after.parent_id, after.depth, after.reply_count, after.author_id) == (parent.id, 1, 4, None)
    assert (after.metadata, after.translations, after.bodies) == (before.metadata, before.translations, before.bodies)
    assert (before.updated_at, after.updated_at, after.version) == (0.0, 5.0, 2)
    back = house.do(house.nodes.update, written.id, NodeChanges(parent_id=None, metadata={"b": 2}))
    assert (back.parent_id, back.metadata, back.depth) == (None, {"b": 2}, 1)
    assert NodeChanges().parent_id is KEEP


def test_a_reply_count_given_by_the_caller_is_believed_and_a_child_does_not_raise_it(house, node):
    """RusToK touches no parent when a child is created."""
    parent = house.write("Parent")
    house.do(house.nodes.create, node(parent_id=parent.id, kind="comment"))
    assert house.do(house.nodes.get, parent.id).reply_count == 0


def test_a_body_given_twice_in_one_language_is_written_over(house):
    """The upsert: the second finds the first; without text it changes the format alone."""
    bodies = [Body(locale="en", body="one"), Body(locale="en", format="html"), Body(locale="en", body="two")]
    new = NewNode(kind="post", translations=[Translation(locale="en", title="x")], bodies=bodies[:2])
    assert house.do(house.nodes.create, new).bodies == (Body(locale="en", body="one", format="html"),)
    written = house.do(house.nodes.update, house.write().id, NodeChanges(bodies=bodies))
    assert written.bodies == (Body(locale="en", body="two"),)


def test_deleting_a_node_takes_its_children_along_without_a_word(house, node):
    """The foreign key cascades; one event tells of the node that was named."""
    parent = house.write("Parent")
    child = house.do(house.nodes.create, node("Child", parent_id=parent.id))
    grandchild = house.do(house.nodes.create, node("Grandchild", parent_id=child.id))
    house.do(house.nodes.delete, parent.id)
    assert house.rows(NODES) == house.rows(TRANSLATIONS) == house.rows(BODIES) == []
    assert house.events().count("node.deleted") == 1
    assert house.code(house.nodes.get, grandchild.id) == "node_not_found"


@pytest.mark.parametrize("operation", ["get", "publish", "unpublish", "delete", "restore"])
def test_what_is_not_there_is_not_found(house, other, operation):
    """After one read, and before any transaction."""
    assert house.code(getattr(house.nodes, operation), other) == "node_not_found"
    assert house.wire.trips == ["nodes.select"]


def test_lists_are_filtered_and_cut_into_pages(house):
    """By kind, status, parent and author; pages count from 1, the first twenty by default, total counts all."""
    parent = house.write("Parent", kind="page")
    for number in range(25):
        house.write(f"Post {number}", status="published" if number % 5 == 0 else "draft")
    child = house.write("Child", parent_id=parent.id, author_id=parent.id)

    def listed(**wanted):
        page = house.do(house.nodes.page, NodeFilter(**wanted))
        return [item.id for item in page.nodes], page.total

    assert listed(kind="page") == ([parent.id], 1)
    assert listed(parent_id=parent.id) == listed(author_id=parent.id) == ([child.id], 1)
    first, second = listed(kind="post"), listed(kind="post", page=2)
    assert (len(first[0]), len(second[0]), first[1], second[1]) == (20, 6, 26, 26)
    assert len({*first[0], *second[0]}) == 26
    assert listed(status="published")[1] == 5
    assert len(listed(per_page=1_000)[0]) == 27


def test_a_list_shows_names_in_one_language(house, node):
    """Where there is no translation into it, there is no name."""
    house.write("Hello")
    house.write("Привет", locale="ru")
    names = sorted(
        (item.title, item.slug) for item in house.do(house.nodes.page, NodeFilter(locale="ru")).nodes if item.title
    )
    assert names == [("Привет", "privet")]
    assert house.do(house.nodes.page, NodeFilter(locale="ru")).total == 2


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
def test_a_node_lives_the_same_on_each_database(open_house, node, backend):
    """The same serial story on the database in memory and through SQLAlchemy: the other one is the expectation."""
    house = open_house(backend=backend)
    written = house.do(house.nodes.create, node("Story", metadata={"tags": ["a"]}))
    house.do(house.nodes.publish, written.id)
    changes = NodeChanges(
        translations=[Translation(locale="ru", title="Повесть")], bodies=[Body(locale="ru", body="x")]
    )
    after = house.do(house.nodes.update, written.id, changes)
    assert (after.status, after.version, after.title("en"), after.text("en")) == ("published", 3, "Повесть", "x")
    assert house.do(house.nodes.get_by_slug, "post", "povest", locale="ru").id == written.id
    assert house.events() == ["node.created", "node.published", "node.updated", "node.updated"]
    house.do(house.nodes.delete, written.id)
    assert house.do(house.nodes.page, NodeFilter()).total == 0
