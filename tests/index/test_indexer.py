"""The indexer: what it builds, for whom, and which rebuild wins."""

import pytest

from rustok_sim.core.events import IndexReindexRequested, LocaleDisabled, NodePublished, ProductDeleted, ProductUpdated
from rustok_sim.core.ids import named_id

TENANT, OTHER = named_id("tenant", "acme"), named_id("tenant", "globex")


@pytest.mark.parametrize(("locales", "built"), [("fixed_en", ["en"]), ("enabled", ["en", "fr"])])
def test_rows_are_built_for_the_locales_of_the_setting(yard, locales, built):
    """As typed in, "en" alone; else each language of the tenant."""
    (chair,) = yard.seed("chair")
    yard.start(yard.indexer(locales=locales).handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.run()
    assert yard.rows() == [(TENANT, "chair", locale) for locale in built]


@pytest.mark.parametrize("fence", ["none", "lock"])
def test_an_event_that_comes_twice_changes_nothing(yard, fence):
    """The source is read anew each time, and the row is overwritten."""
    (chair,) = yard.seed("chair")
    indexer = yard.indexer(fence=fence)
    for at_s in (0.0, 1.0):
        yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))), at_s)
    yard.run()
    assert yard.rows() == [(TENANT, "chair", "en")]


@pytest.mark.parametrize("fence", ["none", "lock"])
def test_what_the_source_has_no_more_leaves_the_index(yard, fence):
    """Nothing to build: the row is deleted."""
    (chair,) = yard.seed("chair")
    indexer = yard.indexer(fence=fence)
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.run()
    yard.remove(chair)
    yard.run()
    assert len(yard.rows()) == 1
    yard.start(indexer.handle(yard.call(), yard.event(ProductDeleted(chair))))
    yard.run()
    assert yard.rows() == []


@pytest.mark.parametrize(("fence", "left"), [("none", "old"), ("lock", "new")])
def test_of_two_rebuilds_the_one_that_read_first_may_write_last(yard, fence, left):
    """D-26: the first reads "old" and takes 1 s over it; "new" comes at 0.1 s and is indexed from 0.2 s on."""
    (chair,) = yard.seed("old")
    indexer = yard.indexer(fence=fence)
    yard.source.build_s = [1.0]
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.rename(chair, "new", 0.1)
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))), 0.2)
    yard.run()
    assert yard.rows() == [(TENANT, left, "en")]


@pytest.mark.parametrize(("fence", "left"), [("none", ["en", "fr"]), ("lock", ["en"])])
def test_a_language_that_is_disabled_stays_in_the_index_as_built(yard, fence, left):
    """D-27: nobody removes its rows, unless the whole entity is rebuilt in one transaction."""
    (chair,) = yard.seed("chair")
    indexer = yard.indexer(fence=fence, locales="enabled")
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.run()
    yard.languages.names = ("en",)
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.run()
    assert [locale for _, _, locale in yard.rows()] == left


@pytest.mark.parametrize("rows", [None, 1, 2, 3, 4])
def test_a_reindex_reaches_every_entity_of_its_tenant_and_of_no_other(yard, rows):
    """Three of its own and one of another tenant, in steps of any size."""
    yard.seed("a", "b", "c")
    yard.seed("theirs", tenant=OTHER)
    asked = yard.event(IndexReindexRequested("product", None))
    yard.start(yard.indexer(reindex_rows=rows).handle(yard.call(), asked))
    yard.run()
    assert yard.rows() == [(TENANT, title, "en") for title in "abc"]


def test_a_reindex_of_one_entity_builds_that_alone(yard):
    """The request names it."""
    first, _ = yard.seed("a", "b")
    yard.start(yard.indexer().handle(yard.call(), yard.event(IndexReindexRequested("product", first))))
    yard.run()
    assert yard.rows() == [(TENANT, "a", "en")]


def test_an_indexer_wants_its_own_kind_of_event(yard):
    """And the requests to rebuild its own kind of entity."""
    (chair,) = yard.seed("chair")
    indexer = yard.indexer()
    asked = [
        ProductUpdated(chair),
        NodePublished(chair, "page"),
        IndexReindexRequested("product", None),
        IndexReindexRequested("content", None),
    ]
    assert [indexer.wants(yard.event(event)) for event in asked] == [True, False, True, False]


@pytest.mark.parametrize("fence", ["none", "lock", "version"])
def test_a_rebuild_that_was_overtaken_writes_nothing_old(yard, fence):
    """D-26 by version: the slow build of "old" finds that somebody has written since, and is done anew."""
    (chair,) = yard.seed("old")
    indexer = yard.indexer(fence=fence)
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.run()
    yard.source.build_s = [1.0]
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.rename(chair, "new", yard.world.now + 0.1)
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))), yard.world.now + 0.2)
    yard.run()
    assert yard.rows() == [(TENANT, "old" if fence == "none" else "new", "en")]


def test_a_removed_product_does_not_come_back_by_version(yard):
    """The slow build saw the product; by the time it writes, the product and its row are gone."""
    (chair,) = yard.seed("chair")
    indexer = yard.indexer(fence="version")
    yard.source.build_s = [1.0]
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.world.run_to(0.5)
    yard.remove(chair)
    yard.start(indexer.handle(yard.call(), yard.event(ProductDeleted(chair))), 0.6)
    yard.run()
    assert yard.rows() == []


@pytest.mark.parametrize(
    ("inbox", "outcomes"), [("none", ["applied", "applied"]), ("dedupe", ["applied", "duplicate"])]
)
def test_the_inbox_knows_an_event_that_comes_again(yard, inbox, outcomes):
    """Each indexer has its own notes; without them the row is built once more, to the same effect."""
    (chair,) = yard.seed("chair")
    event, seen = yard.event(ProductUpdated(chair)), []

    def handle():
        seen.append((yield from yard.indexer(inbox=inbox).handle(yard.call(), event)))

    for at_s in (0.0, 1.0):
        yard.start(handle(), at_s)
    yard.run()
    assert seen == outcomes


@pytest.mark.parametrize(("reactions", "shown"), [("as_built", ["en", "fr"]), ("complete", ["en"])])
def test_a_language_that_is_switched_off_rebuilds_its_tenant(yard, reactions, shown):
    """D-27: as built no indexer wants to know."""
    (chair,) = yard.seed("chair")
    indexer = yard.indexer(reactions=reactions, fence="lock", locales="enabled")
    yard.start(indexer.handle(yard.call(), yard.event(ProductUpdated(chair))))
    yard.run()
    yard.languages.names = ("en",)
    off = yard.event(LocaleDisabled(TENANT, "fr"))
    assert indexer.wants(off) is (reactions == "complete")
    yard.start(indexer.handle(yard.call(), off))
    yard.run()
    assert [locale for _, _, locale in yard.rows()] == shown
