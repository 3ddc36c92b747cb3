"""The order of an entity's events, and what ends a relay's sleep."""

import pytest

from rustok_sim.core.context import Context
from rustok_sim.core.events import SYS_EVENTS, NodeUpdated, row_of, wrap
from rustok_sim.core.ids import named_id
from rustok_sim.modules.outbox import CommitNews, RelaySettings

TENANT = named_id("tenant", "acme")


def about(yard, node, number, at_s):
    """An event of this node, with this number and time."""
    context = Context(call=yard.call("writer"), tenant_id=TENANT)
    event = NodeUpdated(named_id("node", node), "page")
    envelope = wrap(event, context, named_id("event", number), at_s, "propagated")
    yard.server.seed(SYS_EVENTS, [{**dict.fromkeys(SYS_EVENTS.names), **row_of(envelope), "tenant_id": TENANT}])
    return envelope.id


@pytest.mark.parametrize(
    ("order", "sent"), [("created_at", ["b1", "a2", "a3", "a1"]), ("per_aggregate", ["b1", "a1", "a2", "a3"])]
)
def test_events_of_an_entity_wait_for_the_one_that_failed(yard, order, sent):
    """D-10: the first of node a fails once. By time alone the later ones overtake it; a3 comes while it waits."""
    names = {about(yard, "a", 1, 0.0): "a1", about(yard, "b", 2, 0.1): "b1", about(yard, "a", 3, 0.2): "a2"}
    refused = [next(iter(names))]
    yard.target.refuses = lambda event: event in refused and not refused.clear()
    yard.start(yard.relay(order=order, interval_s=0.1), at_s=0.3)
    yard.world.run_to(0.6)
    names[about(yard, "a", 4, 0.6)] = "a3"
    yard.world.run_to(5.0)
    assert [names[event] for event in yard.target.taken] == sent
    assert set(yard.states().values()) == {"DONE"}


@pytest.mark.parametrize(
    "more", [{}, {"marking": "batch"}, {"publishing": "batch"}, {"publishing": "batch", "marking": "batch"}]
)
def test_the_order_of_an_entity_is_kept_whatever_is_done_at_once(yard, more):
    """Four messages are refused; the waits are drawn, so what failed together comes back apart."""
    names = {about(yard, "ab"[n % 2], n, n / 10): f"{'ab'[n % 2]}{n}" for n in range(12)}
    left = iter(range(4))
    yard.target.refuses = lambda _: next(left, None) is not None
    yard.start(yard.relay(order="per_aggregate", jitter=True, interval_s=0.1, max_attempts=50, **more), at_s=2.0)
    yard.world.run_to(200.0)
    sent = [names[event] for event in yard.target.taken]
    for entity in "ab":
        mine = [name for name in sent if name.startswith(entity)]
        assert mine == sorted(mine, key=lambda name: int(name[1:]))
    assert set(yard.states().values()) == {"DONE"}
    assert len(sent) == len(names)


def test_order_by_entity_and_lanes_exclude_each_other():
    """Side by side, two rows of one entity would overtake each other."""
    with pytest.raises(ValueError, match="per_aggregate needs concurrency 1"):
        RelaySettings(order="per_aggregate", concurrency=2)


@pytest.mark.parametrize(("wake", "sent_s"), [("poll", 10.0), ("notify", 4.0)])
def test_word_of_a_commit_ends_the_sleep(yard, wake, sent_s):
    """The first pass finds nothing, and the next is ten seconds away, or comes with the row at 4 s."""
    news = CommitNews()
    yard.start(yard.relay(news=news, wake=wake, interval_s=10.0))

    def commit(_):
        yard.write(1)
        news.tell()

    yard.world.call_at(4.0, commit)
    yard.world.run_to(15.0)
    (mark,) = yard.of("outbox.published")
    assert mark.at_s == pytest.approx(sent_s, abs=0.02)


def test_word_that_comes_during_a_pass_is_not_lost(yard):
    """A row committed while the relay publishes another one is sent with the pass that follows at once."""
    news = CommitNews()
    yard.write(1)
    yard.start(yard.relay(news=news, wake="notify", interval_s=10.0))

    def commit(_):
        yard.write(1)
        news.tell()

    yard.world.call_at(0.007, commit)
    yard.world.run_to(1.0)
    assert [record.at_s < 0.05 for record in yard.of("outbox.published")] == [True, True]


def test_who_has_stopped_waiting_is_forgotten(yard):
    """Ten sleeps of a second that nothing ends leave at most the present one behind."""
    news = CommitNews()
    yard.start(yard.relay(news=news, wake="notify", interval_s=1.0))
    yard.world.run_to(10.5)
    assert len(news._waiting) == 1
