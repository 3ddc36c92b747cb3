"""Envelopes that were written by others: by older versions, by newer ones, and by mistake."""

import json

import pytest

from rustok_sim.core.context import Context
from rustok_sim.core.events import (
    SCHEMAS,
    UPCASTERS,
    NodeCreated,
    PriceUpdated,
    Undecodable,
    decode,
    encode,
    upcast,
    wrap,
)
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call

ONE, TWO = named_id(1), named_id(2)
CONTEXT = Context(call=Call(1, "test", 1), tenant_id=named_id("acme"))


def written(event, **changes):
    """The document of *event*, with changes to members by their dotted path."""
    document = json.loads(encode(wrap(event, CONTEXT, named_id("event"), 0.0, "propagated")))
    for path, value in changes.items():
        *way, last = path.split("__")
        inner = document
        for part in way:
            inner = inner[part]
        if value is GONE:
            del inner[last]
        else:
            inner[last] = value
    return json.dumps(document)


GONE = object()
NODE = NodeCreated(ONE, "post", TWO)
YEN = PriceUpdated(ONE, TWO, "JPY", 100_00, 120_00, 2)


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"event__type": "NodeMade"}, "unknown_event", "there is no event 'NodeMade'"),
        ({"event__type": GONE}, "unknown_event", "there is no event None"),
        ({"event__data": GONE}, "missing_field", "node.created: data is missing"),
        ({"event__data": []}, "invalid_value", "node.created: data is not what it should be"),
        ({"event__data__kind": GONE}, "missing_field", "node.created: kind is missing"),
        ({"event__data__kind": 5}, "invalid_value", "node.created: kind is not what it should be"),
        ({"event__data__node_id": "five"}, "invalid_value", "node.created: node_id is not what it should be"),
        ({"event__data__author_id": 5}, "invalid_value", "node.created: author_id is not what it should be"),
        ({"tenant_id": GONE}, "missing_field", "envelope: tenant_id is missing"),
        ({"timestamp": "now"}, "invalid_value", "envelope: timestamp is not what it should be"),
        ({"schema_version": 2}, "newer_version", "node.created of version 2: this platform knows up to 1"),
        ({"schema_version": 0}, "unknown_version", "node.created: nothing leads on from version 0"),
    ],
)
def test_an_envelope_that_cannot_be_read_is_refused_with_a_reason(changes, code, message):
    """A renamed variant (D-03), a newer version, a missing or ill-typed member: each has its code and its words."""
    with pytest.raises(Undecodable) as caught:
        decode(written(NODE, **changes))
    assert (caught.value.code, str(caught.value), caught.value.retryable) == (code, message, False)


@pytest.mark.parametrize(("text", "code"), [("{", "invalid_json"), ("[]", "invalid_value")])
def test_text_that_is_no_envelope_is_refused(text, code):
    """Broken JSON, and JSON of another shape."""
    with pytest.raises(Undecodable) as caught:
        decode(text)
    assert caught.value.code == code


@pytest.mark.parametrize("value", [True, 1.5, "1"])
def test_a_number_is_a_whole_number(value):
    """Python's True is an int, and JSON's is not."""
    with pytest.raises(Undecodable, match="new_amount is not what it should be"):
        decode(written(YEN, event__data__new_amount=value))


def test_members_nobody_knows_are_passed_over():
    """As serde does without deny_unknown_fields: a writer may add an optional member without a new version."""
    assert decode(written(NODE, event__data__colour="red", weather="fair")).event == NODE


def test_an_absent_optional_member_is_nothing():
    """As serde reads an Option."""
    assert decode(written(NODE, event__data__author_id=GONE)).event == NodeCreated(ONE, "post", None)


def test_a_price_of_version_1_is_read_as_hundredths():
    """RusToK multiplied by 100 whatever the currency, so 120 yen stand there as 12000 with two digits."""
    old = decode(written(YEN, schema_version=1, event__data__minor_digits=GONE))
    assert old.event == PriceUpdated(ONE, TWO, "JPY", 100_00, 120_00, minor_digits=2)
    assert old.schema_version == 2


def test_a_price_of_version_2_must_say_its_digits():
    """What version 1 leaves out is not guessed for a payload that claims to be of version 2."""
    with pytest.raises(Undecodable, match="minor_digits is missing"):
        decode(written(YEN, event__data__minor_digits=GONE))


def test_upcasters_are_applied_one_version_after_the_other():
    """From version 1 to 4 by three steps, from 3 by the last of them alone; nothing is done to the latest."""
    steps = {
        ("order.placed", 1): lambda data: {**data, "trail": [*data.get("trail", []), 1]},
        ("order.placed", 2): lambda data: {**data, "trail": [*data.get("trail", []), 2]},
        ("order.placed", 3): lambda data: {**data, "trail": [*data.get("trail", []), 3]},
    }
    trails = [upcast("order.placed", version, 4, {}, steps).get("trail") for version in (1, 2, 3, 4)]
    assert trails == [[1, 2, 3], [2, 3], [3], None]


def test_upcasting_leaves_what_was_stored_as_it_is():
    """The payload handed in is not changed."""
    stored = {"new_amount": 1}
    assert upcast("price.updated", 1, 2, stored, UPCASTERS) == {"new_amount": 1, "minor_digits": 2}
    assert stored == {"new_amount": 1}


def test_every_older_version_of_every_event_can_be_read():
    """A type of version n ships n - 1 upcasters, and there are none without a purpose."""
    wanted = {(schema.event_type, old) for schema in SCHEMAS.values() for old in range(1, schema.version)}
    assert set(UPCASTERS) == wanted
    assert wanted == {("price.updated", 1)}
