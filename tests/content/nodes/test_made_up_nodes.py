"""Nodes that exist before a run: the same as if the services had written them."""

import pytest

from rustok_sim.core.content import NodeFilter
from rustok_sim.core.ids import named_id
from rustok_sim.modules.content import NODES, made_up_nodes
from rustok_sim.modules.forum import made_up_forum


def test_made_up_nodes_are_found_by_their_numbers(house, other):
    """The id of number 3 is the same in every run, and another for another tenant."""
    ids = house.seed(made_up_nodes("acme", 5))
    assert ids[3] == named_id("node", "acme", 3)
    assert [node_id for node_id, _ in made_up_nodes("acme", 2, first=3)] == ids[3:]
    assert not {node_id for node_id, _ in made_up_nodes(other, 5)} & {*ids}


@pytest.mark.parametrize(("status", "backend"), [("published", "memory"), ("draft", "sqlite")])
def test_made_up_nodes_are_as_if_written(open_house, status, backend):
    """Written through the service, the same node differs in its identity alone."""
    house = open_house(backend=backend)
    (seeded,) = house.seed(made_up_nodes("acme", 1, status=status, author_id="a"))
    ((_, new),) = made_up_nodes("acme", 1, status=status, author_id="a")
    shown, written = house.do(house.nodes.get, seeded), house.do(house.nodes.create, new)
    assert shown.translations == written.translations
    assert shown.bodies == written.bodies
    rows = [{name: value for name, value in row.items() if name != "id"} for row in house.rows(NODES)]
    assert rows[0] == rows[1]


def test_a_made_up_forum_has_its_topics_in_its_categories(house):
    """Two categories of three topics each; a topic's number goes on through all categories."""
    house.seed(made_up_forum("acme", 2, 3, moderated=True))
    second = named_id("forum_category", "acme", 1)
    assert house.do(house.forum.categories.get, second).moderated
    listed = house.do(house.nodes.page, NodeFilter(kind="forum_topic", parent_id=second)).nodes
    assert {item.id for item in listed} == {named_id("forum_topic", "acme", number) for number in (3, 4, 5)}
    assert house.do(house.forum.topics.get, named_id("forum_topic", "acme", 4)).title == "Topic 4"
    assert list(made_up_forum("acme", 0, 3)) == []
