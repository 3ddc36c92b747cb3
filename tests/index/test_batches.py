"""Many events at once: the same rows as one by one, in as many statements as for one."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rustok_sim.core.events import IndexReindexRequested, LocaleDisabled, ProductDeleted, ProductUpdated
from rustok_sim.core.ids import named_id
from rustok_sim.modules.index import batches
from rustok_sim.modules.index.tables import INDEX_INBOX

TENANT, OTHER = named_id("tenant", "acme"), named_id("tenant", "globex")
FENCES = ["none", "lock", "version"]


def handled(yard, indexer, *events, at_s=None):
    """What came of each event of one batch, when it is done."""
    outcomes = []

    def steps():
        outcomes.extend((yield from indexer.handle_batch(yard.call(), events)))

    yard.start(steps(), yard.world.now if at_s is None else at_s)
    yard.run()
    return outcomes


def updated(yard, number, product, tenant=TENANT):
    """The event of this number: that the product was updated."""
    event = yard.event(ProductUpdated(product), tenant)
    object.__setattr__(event, "id", named_id("event", number))
    return event


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example makes yards of its own
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([TENANT, OTHER])), min_size=1, max_size=12),
    st.sets(st.sampled_from("abcdef")),
    st.fixed_dictionaries({"fence": st.sampled_from(FENCES), "inbox": st.sampled_from(["none", "dedupe"])}),
    st.sampled_from([1, 2, 500]),
)
def test_rows_and_outcomes_are_those_of_one_by_one(make_yard, asked, gone, chosen, most):
    """For any events of two tenants, some of products that are gone, by any fence and any size of statement."""
    ends = []
    for together in (True, False):
        yard = make_yard()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(batches, "ENTITIES_MAX", most)
            for tenant in (TENANT, OTHER):
                yard.seed(*sorted(f"{title}{tenant[:2]}" for title in set("abcdef") - gone), tenant=tenant)
            events = [
                updated(yard, number, named_id("product", f"{title}{tenant[:2]}"), tenant)
                for number, (title, tenant) in enumerate(asked)
            ]
            indexer = yard.indexer(locales="enabled", **chosen)
            groups = [events] if together else [[event] for event in events]
            outcomes = [outcome for group in groups for outcome in handled(yard, indexer, *group)]
        ends.append((yard.rows(), outcomes, sorted(row["event_id"] for row in yard.server.rows(INDEX_INBOX))))
    assert ends[0] == ends[1]


@pytest.mark.parametrize(("fence", "round_trips"), [("none", 4), ("lock", 7), ("version", 9)])
@pytest.mark.parametrize("products", [1, 40])
def test_a_batch_takes_as_many_round_trips_as_one_event(yard, fence, round_trips, products):
    """By counting: a read; begin, write and commit. A fence makes rows to lock, locks them, and drops other languages.

    By version these rows are read before and raised, too.
    """
    ids = yard.seed(*(f"p{number}" for number in range(products)))
    events = [updated(yard, number, product) for number, product in enumerate(ids)]
    assert handled(yard, yard.indexer(fence=fence), *events) == ["applied"] * products
    assert len(yard.journal.records("db.query")) == round_trips


def test_an_entity_that_comes_often_is_built_once(yard):
    """Ten events of one product: one row to write, and each event is applied."""
    (chair,) = yard.seed("chair")
    built = []
    real = yard.source.build_batch
    yard.source.build_batch = lambda reader, ids, locale: built.extend(ids) or real(reader, ids, locale)
    outcomes = handled(yard, yard.indexer(), *(updated(yard, number, chair) for number in range(10)))
    assert (outcomes, built) == (["applied"] * 10, [chair])


def test_the_inbox_knows_events_of_earlier_batches_and_of_this_one(yard):
    """The same event twice in a batch, and again in the next."""
    (chair,) = yard.seed("chair")
    indexer, event, other = yard.indexer(inbox="dedupe"), updated(yard, 1, chair), updated(yard, 2, chair)
    assert handled(yard, indexer, event, event) == ["applied", "duplicate"]
    assert handled(yard, indexer, other, event) == ["applied", "duplicate"]


@pytest.mark.parametrize("fence", FENCES)
def test_what_the_source_has_no_more_leaves_the_index(yard, fence):
    """One of two is gone: its row is deleted, the other's stays."""
    chair, table = yard.seed("chair", "table")
    indexer = yard.indexer(fence=fence)
    assert handled(yard, indexer, updated(yard, 1, chair), updated(yard, 2, table)) == ["applied", "applied"]
    yard.remove(chair)
    yard.run()
    gone = yard.event(ProductDeleted(chair))
    assert handled(yard, indexer, gone, updated(yard, 3, table)) == ["removed", "applied"]
    assert yard.rows() == [(TENANT, "table", "en")]


def test_what_asks_for_a_whole_tenant_is_handled_by_itself(yard):
    """A reindex and a language that goes, among the events of products."""
    yard.seed("a", "b")
    (mine,) = yard.seed("c")
    indexer = yard.indexer(locales="enabled", reactions="complete", fence="lock")
    asked = [updated(yard, 1, mine), yard.event(IndexReindexRequested("product", None))]
    assert handled(yard, indexer, *asked) == ["applied", "applied"]
    assert len(yard.rows()) == 6
    yard.languages.names = ("en",)
    assert handled(yard, indexer, yard.event(LocaleDisabled(TENANT, "fr")), updated(yard, 2, mine)) == ["applied"] * 2
    assert yard.rows() == [(TENANT, title, "en") for title in "abc"]


@pytest.mark.parametrize(("fence", "left"), [("none", "old"), ("lock", "new"), ("version", "new")])
def test_of_two_batches_the_one_that_read_first_may_write_last(yard, fence, left):
    """D-26 by batches: the first reads "old" and takes 1 s over it; "new" comes at 0.1 s and is indexed at 0.2 s."""
    (chair,) = yard.seed("old")
    indexer = yard.indexer(fence=fence)
    yard.source.build_s = [1.0]
    yard.start(indexer.handle_batch(yard.call(), [updated(yard, 1, chair)]))
    yard.rename(chair, "new", 0.1)
    yard.start(indexer.handle_batch(yard.call(), [updated(yard, 2, chair)]), 0.2)
    yard.run()
    assert yard.rows() == [(TENANT, left, "en")]


@pytest.mark.parametrize("fence", ["lock", "version"])
def test_a_batch_and_a_single_event_keep_out_of_each_others_way(yard, fence):
    """The same locks and versions, whoever uses them."""
    (chair,) = yard.seed("old")
    indexer = yard.indexer(fence=fence)
    yard.source.build_s = [1.0]
    yard.start(indexer.handle_batch(yard.call(), [updated(yard, 1, chair)]))
    yard.rename(chair, "new", 0.1)
    yard.start(indexer.handle(yard.call(), updated(yard, 2, chair)), 0.2)
    yard.run()
    assert yard.rows() == [(TENANT, "new", "en")]
