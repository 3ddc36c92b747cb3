"""How events leave a service: with its transaction, before its commit, or after it."""

import pytest

from rustok_sim.core.errors import External, Validation
from rustok_sim.core.events import NodePublished, NodeUpdated, Publisher, VariantCreated, decode
from rustok_sim.core.ids import NIL, Ids, named_id

ONE, TWO = named_id(1), named_id(2)
UPDATED, PUBLISHED = NodeUpdated(ONE, "post"), NodePublished(ONE, "post")
WRONG = NodeUpdated(NIL, "post")


def sent(desk):
    """Site and outcome of each event.sent record."""
    return [(record.site, record.outcome) for record in desk.of("event.sent")]


def test_outbox_holds_the_events_of_a_transaction_that_committed(desk):
    """One row each, new, in the order of publishing, with the whole envelope as payload."""
    desk.open(correlation="propagated")
    desk.runtime.advance(2.5)
    context = desk.context()
    desk.publish(UPDATED, PUBLISHED, context=context)
    rows = sorted(desk.rows, key=lambda row: row["event_type"] == "node.published")
    assert [row["event_type"] for row in rows] == ["node.updated", "node.published"]
    for row, event in zip(rows, [UPDATED, PUBLISHED], strict=True):
        envelope = decode(row["payload"])
        assert envelope.event == event
        assert (envelope.id, envelope.tenant_id) == (row["id"], context.tenant_id) == (row["id"], row["tenant_id"])
        assert (envelope.actor_id, envelope.correlation_id) == (context.actor.user_id, context.correlation_id)
        assert (row["status"], row["retry_count"], row["schema_version"]) == ("pending", 0, 1)
        assert row["created_at"] == envelope.timestamp == 2.5
        unset = ("next_attempt_at", "last_error", "claimed_by", "claimed_at", "dispatched_at")
        assert [row[name] for name in unset] == [None] * 5
    assert desk.heard == []


def test_outbox_forgets_the_events_of_a_transaction_that_did_not_commit(desk):
    """The rows are part of the transaction: no phantom event."""
    desk.open()
    desk.publish(UPDATED, commit=False)
    assert (desk.rows, desk.heard) == ([], [])


def test_event_recorded_tells_type_and_version(desk):
    """The event log has one record per row written."""
    desk.open()
    desk.publish(UPDATED, PUBLISHED)
    assert [(one.detail, one.value, one.tenant) for one in desk.of("event.recorded")] == [
        ("node.updated", 1, "acme"),
        ("node.published", 1, "acme"),
    ]


@pytest.mark.parametrize("transport", ["outbox", "memory"])
def test_wrong_event_stops_the_transaction_whatever_the_transport(desk, transport):
    """The transactional bus validates first: nothing is written, nothing is sent."""
    desk.open(transport=transport)
    with pytest.raises(Validation) as caught:
        desk.publish(UPDATED, WRONG)
    assert caught.value.fields == {"node_id": "must not be the nil UUID"}
    assert desk.rows == []
    assert [envelope.event for envelope in desk.heard] == ([UPDATED] if transport == "memory" else [])


def test_memory_transport_tells_of_what_never_came_to_be(desk):
    """D17: sent before the commit, so a transaction that is rolled back leaves a phantom event."""
    desk.open(transport="memory")
    desk.publish(UPDATED, commit=False)
    assert [envelope.event for envelope in desk.heard] == [UPDATED]
    assert sent(desk) == [("before_commit", "ok")]
    assert desk.rows == []


@pytest.mark.parametrize(("no_receiver", "raised"), [("error", External), ("lost", None)])
def test_memory_transport_without_listeners_stops_the_write_or_loses_the_event(desk, no_receiver, raised):
    """At head an event nobody listens to is an error, which aborts the business transaction; before, it was lost."""
    desk.open(deaf=True, transport="memory", no_receiver=no_receiver)
    if raised:
        with pytest.raises(raised, match=r"nobody listens to node\.updated"):
            desk.publish(UPDATED)
    else:
        desk.publish(UPDATED)
    assert sent(desk) == [("before_commit", "refused" if raised else "ok")]


def test_as_wired_nobody_can_listen_to_the_memory_transport(desk):
    """Without a bus of the node's the publisher has a private one, so that every write that publishes fails."""
    desk.open(transport="memory")
    desk.publisher = Publisher(desk.runtime, Ids(desk.runtime), desk.publisher._settings)
    with pytest.raises(External):
        desk.publish(UPDATED)


def test_event_after_the_commit_is_neither_checked_nor_kept(desk):
    """The plain bus does not validate and writes no row."""
    desk.open()
    desk.publish_after(VariantCreated(NIL, TWO))
    assert [envelope.event for envelope in desk.heard] == [VariantCreated(NIL, TWO)]
    assert (desk.rows, sent(desk)) == ([], [("after_commit", "ok")])


def test_event_after_the_commit_is_lost_when_nobody_listens_and_nobody_learns_of_it(desk):
    """D16: the result of sending is ignored; only the log of the run knows."""
    desk.open(deaf=True)
    desk.publish_after(VariantCreated(ONE, TWO))
    assert sent(desk) == [("after_commit", "refused")]


def test_subscribers_hear_what_is_sent_after_they_came(desk):
    """Each hears every event from its subscription on, and nothing earlier."""
    desk.open()
    late = []
    assert desk.heard == []
    desk.publish_after(UPDATED)
    desk.listen(desk.publisher._bus, late)
    desk.runtime.advance(0.0)
    desk.publish_after(PUBLISHED)
    assert [envelope.event for envelope in desk.heard] == [UPDATED, PUBLISHED]
    assert [envelope.event for envelope in late] == [PUBLISHED]


def test_correlation_as_built_reaches_the_outbox(desk):
    """The setting is the publisher's: each row is its own correlation, and no two belong together."""
    desk.open(correlation="as_built")
    desk.publish(UPDATED, PUBLISHED, context=desk.context(causation_id=ONE))
    envelopes = [decode(row["payload"]) for row in desk.rows]
    assert [one.correlation_id for one in envelopes] == [one.id for one in envelopes]
    assert [one.causation_id for one in envelopes] == [None, None]
