"""Two moderators at once (F5, D13): flags lie in one document. Each round trip takes a millisecond."""

import pytest

from rustok_sim.modules.forum import NewReply

BACKENDS = ("memory", "sqlite")
DESIGNS = [
    {"design": "as_built", "flags": "row_lock"},
    {"design": "repaired"},
]


def pin_and_lock(opened) -> list:
    """Two moderators, at the same time."""
    moderate = opened.forum.moderation.topic
    return opened.house.at_once((moderate, opened.topic_id, "pin"), (moderate, opened.topic_id, "lock"))


@pytest.mark.parametrize("flags", [{}, {"design": "repaired", "flags": "read_modify_write"}])
def test_of_pin_and_lock_at_once_one_is_lost(open_forum, flags):
    """F5: both read the document before either writes it whole; both are told it worked."""
    opened = open_forum(**flags)
    assert pin_and_lock(opened) == [None, None]
    topic = opened.topic()
    assert (topic.is_pinned, topic.is_locked) == (False, True)
    assert opened.house.events().count("node.updated") == 2


@pytest.mark.parametrize("design", ["as_built", "repaired"])
def test_versioned_flags_refuse_the_second(open_forum, design):
    """The version that was read is named, so the loser learns of it and may try again."""
    opened = open_forum(design=design, flags="versioned")
    assert pin_and_lock(opened) == [None, "stale_edit"]
    opened.house.do(opened.forum.moderation.topic, opened.topic_id, "lock")
    assert (opened.topic().is_pinned, opened.topic().is_locked) == (True, True)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("design", DESIGNS)
def test_locked_rows_keep_both(open_forum, design, backend):
    """The repair: the second waits for the first, and reads what it wrote; SQLite lets one writer in at a time."""
    opened = open_forum(backend=backend, **design)
    assert pin_and_lock(opened) == [None, None]
    assert (opened.topic().is_pinned, opened.topic().is_locked) == (True, True)


def test_one_after_the_other_nothing_is_lost(open_forum):
    """Without overlap RusToK's way works, and back again."""
    opened = open_forum()
    for step in ("pin", "lock"):
        opened.house.do(opened.forum.moderation.topic, opened.topic_id, step)
    assert (opened.topic().is_pinned, opened.topic().is_locked) == (True, True)
    for step in ("unpin", "unlock"):
        opened.house.do(opened.forum.moderation.topic, opened.topic_id, step)
    assert (opened.topic().is_pinned, opened.topic().is_locked) == (False, False)


def test_flags_cost_ten_as_built_and_five_if_repaired(open_forum):
    """As built: a get (3), a read, begin, update, event, commit and two reads; with the row held: begin, read, update,
    event, commit.
    """
    trips = {}
    for design in ("as_built", "repaired"):
        opened = open_forum(design=design)
        trips[design] = opened.house.trips(opened.forum.moderation.topic, opened.topic_id, "pin")
    assert len(trips["as_built"]) == 3 + 1 + 4 + 2
    assert trips["repaired"] == ["begin", "nodes.select", "nodes.update", "sys_events.insert", "commit"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_replies_at_once_are_all_counted(open_forum, backend):
    """F3 under load: five customers answer at the same time, and each holds the topic in turn."""
    opened = open_forum(design="repaired", backend=backend)
    new = NewReply(topic_id=opened.topic_id, content="Me too.")
    answers = opened.house.at_once(*[(opened.forum.replies.create, new)] * 5)
    assert len({answer.id for answer in answers}) == 5
    assert opened.topic().reply_count == 5


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_reply_slips_in_while_a_topic_is_closed(open_forum, backend):
    """Whoever holds the topic first decides: here the moderator, who began first."""
    opened = open_forum(design="repaired", backend=backend)
    new = NewReply(topic_id=opened.topic_id, content="Last word!")
    closed, refused = opened.house.at_once(
        (opened.forum.moderation.topic, opened.topic_id, "close"), (opened.forum.replies.create, new)
    )
    assert (closed, refused) == (None, "topic_closed")
    assert (opened.topic().status, opened.topic().reply_count) == ("closed", 0)
