"""Pages and their blocks, as RusToK's services write them, and repaired (P1, P3, P4, P5, D19, D25)."""

import pytest

from rustok_sim.core.content import Body, Translation
from rustok_sim.modules.content import NODES
from rustok_sim.modules.pages import NewBlock, NewPage

TERMS = [Translation(locale="en", title="Terms")]
PLAIN = NewPage(translations=TERMS, body=Body(locale="en", body="All."), template="wide")
BLOCKS = [NewBlock(block_type="text", position=1, data={"text": "b"}), NewBlock(block_type="hero", data={"text": "a"})]
RICH = NewPage(translations=TERMS, publish=True, blocks=BLOCKS)
WRITTEN_TOGETHER = [{"design": "repaired"}, {"blocks": "one_transaction"}]


def kinds(house) -> list[str]:
    """The kinds of the committed nodes."""
    return sorted(row["kind"] for row in house.rows(NODES))


@pytest.mark.parametrize("design", ["as_built", "repaired"])
def test_a_page_without_blocks_goes_through_its_life(open_house, ann, design):
    """Written, found, published, found by its slug, listed, withdrawn and removed."""
    house = open_house(pages={"design": design})
    pages = house.pages.pages
    page = house.do(pages.create, PLAIN)
    assert (page.node.kind, page.node.status, page.node.author_id, page.template) == ("page", "draft", ann, "wide")
    assert (page.node.text("en"), page.blocks) == ("All.", ())
    assert house.do(pages.get, page.node.id) == page
    assert house.code(pages.get_by_slug, "terms") == "page_not_found"
    assert house.do(pages.publish, page.node.id).node.status == "published"
    assert house.do(pages.get_by_slug, "terms").node.id == page.node.id
    (row,) = house.do(pages.list)
    assert (row.id, row.status, row.template, row.title, row.slug) == (
        *(page.node.id, "published", "wide"),
        *("Terms", "terms"),
    )
    assert house.do(pages.unpublish, page.node.id).node.status == "draft"
    house.do(pages.delete, page.node.id)
    assert house.rows(NODES) == []


def test_a_page_with_blocks_is_left_half_written_as_built(house):
    """P1, D19, D25: the page lasts, its first block is refused, the call fails; a retry makes a second page."""
    for attempt in (1, 2):
        assert house.code(house.pages.pages.create, RICH) == "validation"
        assert kinds(house) == ["page"] * attempt
    assert {row["status"] for row in house.rows(NODES)} == {"published"}
    assert house.events() == ["node.created", "node.created"]


def test_no_block_can_be_added_as_built(house):
    """P1: it has no translation."""
    page = house.do(house.pages.pages.create, PLAIN)
    assert house.code(house.pages.blocks.create, page.node.id, BLOCKS[0]) == "validation"


@pytest.mark.parametrize("settings", WRITTEN_TOGETHER)
def test_a_page_and_its_blocks_are_written_together_if_repaired(open_house, settings):
    """With all repairs, and with this one alone: three nodes, three events, blocks in order of their positions."""
    house = open_house(pages=settings)
    page = house.do(house.pages.pages.create, RICH)
    assert [(block.block_type, block.data) for block in page.blocks] == [
        ("hero", {"text": "a"}),
        ("text", {"text": "b"}),
    ]
    assert kinds(house) == ["block", "block", "page"]
    assert house.events() == ["node.created"] * 3
    added = house.do(house.pages.blocks.create, page.node.id, NewBlock(block_type="video", position=9))
    assert house.do(house.pages.pages.get, page.node.id).blocks[-1] == added
    house.do(house.pages.blocks.delete, added.id)
    assert len(house.do(house.pages.pages.get, page.node.id).blocks) == 2


@pytest.mark.parametrize("settings", WRITTEN_TOGETHER)
def test_a_page_whose_block_fails_leaves_nothing_if_repaired(open_house, settings):
    """D19: the second block's position breaks a checked rule, and the page goes with it."""
    house = open_house(pages=settings, rules="checked")
    wrong = NewPage(translations=TERMS, blocks=[BLOCKS[0], NewBlock(block_type="text", position=-1)])
    assert house.code(house.pages.pages.create, wrong) == "validation"
    assert house.rows(NODES) == []
    assert house.events() == []


def test_a_page_with_two_blocks_costs_one_transaction(open_house):
    """Begin, three times row, translation and event, commit; a get (3) and one list of blocks (3)."""
    house = open_house(pages={"design": "repaired"})
    trips = house.trips(house.pages.pages.create, RICH)
    assert trips[:11] == ["begin", *["nodes.insert", "node_translations.insert", "sys_events.insert"] * 3, "commit"]
    assert len(trips) == 11 + 3 + 3


def test_a_page_is_rendered_with_three_more_reads_for_each_block_as_built(open_house):
    """P5 for blocks: each is got as a whole; repaired, the list has it all."""
    for design, reads in (("as_built", 3 + 3 + 2 * 3), ("repaired", 3 + 3)):
        house = open_house(pages={"design": design, "blocks": "one_transaction"})
        page = house.do(house.pages.pages.create, RICH)
        assert len(house.trips(house.pages.pages.get, page.node.id)) == reads


def test_a_list_of_pages_costs_one_get_a_row_as_built(open_house):
    """P5: five rows cost five gets of three reads; repaired, none."""
    for design, reads in (("as_built", 3 + 5 * 3), ("repaired", 3)):
        house = open_house(pages={"design": design})
        for _ in range(5):
            house.do(house.pages.pages.create, PLAIN)
        assert len(house.trips(house.pages.pages.list)) == reads
        assert len(house.do(house.pages.pages.list, named={"page": 2, "per_page": 3})) == 2


def test_a_page_deleted_while_it_is_listed_fails_the_whole_list_as_built(open_house):
    """P5: the list has read its name when the get finds it gone; repaired, the list shows what it read."""
    outcomes = {}
    for design in ("as_built", "repaired"):
        house = open_house(pages={"design": design})
        page = house.do(house.pages.pages.create, PLAIN)
        house.wire.latency_s = 1.0
        listing = house.start(house.pages.pages.list)
        house.runtime.advance(2.5)
        house.wire.latency_s = 0.0
        house.start(house.nodes.delete, page.node.id)
        house.runtime.finish()
        outcomes[design] = listing
    with pytest.raises(Exception, match="no node"):
        outcomes["as_built"].result()
    assert len(outcomes["repaired"].result()) == 1


def test_blocks_are_deleted_one_by_one_as_built(open_house):
    """P3: a transaction each, and then the page's: five round trips for each node, after reading them all."""
    house = open_house(pages={"blocks": "one_transaction"})
    page = house.do(house.pages.pages.create, RICH)
    trips = house.trips(house.pages.pages.delete, page.node.id)
    assert (
        trips[: 3 + 2 * 3]
        == ["nodes.count", "nodes.select", "node_translations.select"]
        + [*("nodes.select", "node_translations.select", "bodies.select")] * 2
    )
    assert trips[9:] == ["nodes.select", "begin", "nodes.delete", "sys_events.insert", "commit"] * 3
    assert house.events().count("node.deleted") == 3


def deletion_dropped_at(house, after_s: float) -> list[str]:
    """Delete a page of two blocks, and lose the client after a time; what is left."""
    page = house.do(house.pages.pages.create, RICH)
    house.wire.latency_s = 1.0
    task = house.start(house.pages.pages.delete, page.node.id)
    house.runtime.advance(after_s)
    task.drop()
    house.runtime.finish()
    return kinds(house)


def test_a_deletion_that_breaks_off_leaves_a_page_without_its_blocks_as_built(open_house):
    """P3: dropped after nine reads and the first block's five round trips, one block of two is gone for good."""
    house = open_house(pages={"blocks": "one_transaction"})
    assert deletion_dropped_at(house, 14.5) == ["block", "page"]


def test_a_repaired_deletion_is_whole_or_nothing(open_house):
    """One transaction: begin, two reads, three deletions with their events, commit; dropped anywhere, all stay."""
    for dropped_s in range(1, 10):
        house = open_house(pages={"design": "repaired"})
        assert deletion_dropped_at(house, dropped_s + 0.5) == ["block", "block", "page"]
    house = open_house(pages={"design": "repaired"})
    page = house.do(house.pages.pages.create, RICH)
    trips = house.trips(house.pages.pages.delete, page.node.id)
    assert trips == ["begin", "nodes.select", "nodes.select", *["nodes.delete", "sys_events.insert"] * 3, "commit"]
    assert house.rows(NODES) == []
    assert house.events().count("node.deleted") == 3


def test_managers_have_no_pages_as_built_yet_blocks_and_menus(house, node):
    """P4: no permission for pages, while kinds without a resource go by posts, where managers have all."""
    assert house.code(house.pages.pages.create, PLAIN, role="manager") == "forbidden"
    assert house.code(house.pages.pages.list, role="manager") == "forbidden"
    assert house.do(house.nodes.create, node(kind="block"), role="manager").kind == "block"


def test_managers_write_pages_if_repaired(open_house):
    """P4: what they have on posts; customers still have nothing."""
    house = open_house(pages={"design": "repaired"})
    page = house.do(house.pages.pages.create, RICH, role="manager")
    assert len(house.do(house.pages.pages.list, role="manager")) == 1
    house.do(house.pages.pages.delete, page.node.id, role="manager")
    assert house.code(house.pages.pages.create, PLAIN, role="customer") == "forbidden"


@pytest.mark.parametrize("design", ["as_built", "repaired"])
def test_what_is_no_page_is_not_found_as_one(open_house, design):
    """RusToK asks for the kind when reading; repaired, when deleting too."""
    house = open_house(pages={"design": design})
    post = house.write()
    assert house.code(house.pages.pages.get, post.id) == "page_not_found"
    assert house.code(house.pages.pages.get_by_slug, "hello") == "page_not_found"
    if design == "repaired":
        assert house.code(house.pages.pages.delete, post.id) == "page_not_found"
    else:
        house.do(house.pages.pages.delete, post.id)
        assert house.rows(NODES) == []


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
def test_repaired_pages_work_on_each_database(open_house, backend):
    """A page of two blocks, shown and removed."""
    house = open_house(pages={"design": "repaired"}, backend=backend)
    page = house.do(house.pages.pages.create, RICH)
    assert len(house.do(house.pages.pages.get_by_slug, "terms").blocks) == 2
    house.do(house.pages.pages.delete, page.node.id)
    assert house.rows(NODES) == []
