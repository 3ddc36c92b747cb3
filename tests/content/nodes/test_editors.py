"""Two editors of one node (D15): the later one wins, or is refused. Each round trip takes a millisecond."""

import pytest

from rustok_sim.core.content import Body, NodeChanges, Translation
from rustok_sim.modules.content import TRANSLATIONS, StaleEdit


def in_english(text: str, **more) -> NodeChanges:
    """An edit of the English texts."""
    return NodeChanges(
        translations=[Translation(locale="en", title=text)], bodies=[Body(locale="en", body=text)], **more
    )


IN_RUSSIAN = NodeChanges(translations=[Translation(locale="ru", title="Да")], bodies=[Body(locale="ru", body="да")])


def test_the_last_of_two_editors_wins_and_the_first_is_told_it_worked(house):
    """D15: both read before either writes; both are answered, and one edit is gone without a trace."""
    written = house.write()
    edits = [NodeChanges(metadata={"by": 1}), NodeChanges(metadata={"by": 2})]
    first, second = house.at_once(*[(house.nodes.update, written.id, edit) for edit in edits])
    assert first.metadata == {"by": 1}
    assert second.metadata == {"by": 2}
    assert house.do(house.nodes.get, written.id).metadata == {"by": 2}
    assert house.events().count("node.updated") == 2


def test_a_versioned_edit_is_refused_when_another_came_between(open_house):
    """The repair: the row is written only at the version that was read; the loser leaves nothing, not even texts."""
    house = open_house(edits="versioned")
    written = house.write()
    first, second = house.at_once(
        (house.nodes.update, written.id, NodeChanges(metadata={"by": 1})),
        (
            house.nodes.update,
            written.id,
            NodeChanges(metadata={"by": 2}, translations=[Translation(locale="ru", title="x")]),
        ),
    )
    assert (first.metadata, second) == ({"by": 1}, "stale_edit")
    after = house.do(house.nodes.get, written.id)
    assert (after.metadata, after.version, len(after.translations)) == ({"by": 1}, 2, 1)
    assert house.events() == ["node.created", "node.updated"]


def test_an_editor_who_read_long_ago_names_the_version_they_saw(open_house):
    """Both open the page, then one saves after the other: refused under every design if the version is named."""
    for edits in ("as_built", "versioned"):
        house = open_house(edits=edits)
        seen = house.write()
        house.do(house.nodes.update, seen.id, NodeChanges(position=1, expected_version=seen.version))
        late = NodeChanges(position=2, expected_version=seen.version)
        assert house.code(house.nodes.update, seen.id, late) == "stale_edit"
        assert house.do(house.nodes.get, seen.id).position == 1


def test_an_edit_in_one_language_deletes_all_others_as_built(house):
    """D15: whole translations are replaced, and bodies with them."""
    written = house.write()
    after = house.do(house.nodes.update, written.id, IN_RUSSIAN)
    assert [text.locale for text in after.translations] == [text.locale for text in after.bodies] == ["ru"]


def test_a_versioned_edit_keeps_the_languages_it_does_not_name(open_house):
    """The repair, for what is new and for what is there."""
    house = open_house(edits="versioned")
    written = house.write()
    house.do(house.nodes.update, written.id, IN_RUSSIAN)
    after = house.do(house.nodes.update, written.id, in_english("Changed"))
    assert {text.locale: text.title for text in after.translations} == {"en": "Changed", "ru": "Да"}
    assert {text.locale: text.body for text in after.bodies} == {"en": "Changed", "ru": "да"}
    assert len(house.rows(TRANSLATIONS)) == 2


@pytest.mark.parametrize("edits", ["as_built", "versioned"])
def test_editing_what_is_deleted_meanwhile(open_house, edits):
    """The row is gone when it is to be written: not found as built, stale if versioned; nothing is written."""
    house = open_house(edits=edits)
    written = house.write()
    deleted, edited = house.at_once(
        (house.nodes.delete, written.id), (house.nodes.update, written.id, NodeChanges(position=1))
    )
    assert (deleted, edited) == (None, "node_not_found" if edits == "as_built" else "stale_edit")
    assert house.events() == ["node.created", "node.deleted"]


def test_of_two_deletions_at_once_one_finds_nothing(house):
    """The second removes no row, and says so."""
    written = house.write()
    assert house.at_once(*[(house.nodes.delete, written.id)] * 2) == [None, "node_not_found"]
    assert house.events().count("node.deleted") == 1


def test_publishing_and_editing_at_once_write_different_columns(house):
    """RusToK writes only what an operation sets, so these two do not undo each other even as built."""
    written = house.write()
    house.at_once((house.nodes.publish, written.id), (house.nodes.update, written.id, NodeChanges(position=8)))
    after = house.do(house.nodes.get, written.id)
    assert (after.status, after.position, after.version) == ("published", 8, 3)


@pytest.mark.parametrize(
    ("isolation", "second"),
    [("read_committed", None), ("repeatable_read", "serialization_failure"), ("serializable", "serialization_failure")],
)
def test_stricter_isolation_refuses_the_second_only_where_the_transactions_overlap(open_house, isolation, second):
    """D15 on PostgreSQL's levels: of two that begin together the later to write has an old snapshot."""
    house = open_house(isolation=isolation)
    written = house.write()
    edits = [NodeChanges(metadata={"by": number}) for number in (1, 2)]
    outcomes = house.at_once(*[(house.nodes.update, written.id, edit) for edit in edits])
    assert (outcomes[1] if second else outcomes[1].metadata) == (second or {"by": 2})
    assert house.do(house.nodes.get, written.id).metadata == ({"by": 1} if second else {"by": 2})


@pytest.mark.parametrize("isolation", ["read_committed", "repeatable_read", "serializable"])
@pytest.mark.parametrize("edits", ["as_built", "versioned"])
def test_no_isolation_knows_of_what_was_read_before_the_transaction(open_house, edits, isolation):
    """D15: the second reads before the first commits and begins after it: no level sees a conflict, a version does.

    Read, begin, write, event and commit take a second each, and the second starts after three and a half.
    """
    house = open_house(edits=edits, isolation=isolation)
    written = house.write()
    house.wire.latency_s = 1.0
    first = house.start(house.nodes.update, written.id, NodeChanges(metadata={"by": 1}))
    house.runtime.advance(3.5)
    second = house.start(house.nodes.update, written.id, NodeChanges(metadata={"by": 2}))
    house.runtime.finish()
    house.wire.latency_s = 0.0
    assert first.result().version == 2
    assert house.do(house.nodes.get, written.id).metadata == {"by": 2 if edits == "as_built" else 1}
    if edits == "versioned":
        with pytest.raises(StaleEdit):
            second.result()
