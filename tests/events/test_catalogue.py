"""The 39 types against RusToK's table of them, written down here a second time; a star: the read model wants it."""

import re

import pytest

from rustok_sim.core import events
from rustok_sim.core.events import EVENTS, SCHEMAS, Event
from rustok_sim.core.events.fields import fields_of

TABLE = """
node.created              node_id: uuid, kind: string, author_id: uuid?  *
node.updated              node_id: uuid, kind: string  *
node.translation.updated  node_id: uuid, locale: string  *
node.published            node_id: uuid, kind: string  *
node.unpublished          node_id: uuid, kind: string  *
node.deleted              node_id: uuid, kind: string  *
body.updated              node_id: uuid, locale: string  *
category.created          category_id: uuid
category.updated          category_id: uuid
category.deleted          category_id: uuid
tag.created               tag_id: uuid
tag.attached              tag_id: uuid, target_type: string, target_id: uuid  *
tag.detached              tag_id: uuid, target_type: string, target_id: uuid  *
media.uploaded            media_id: uuid, mime_type: string, size: int
media.deleted             media_id: uuid
user.registered           user_id: uuid, email: string
user.logged_in            user_id: uuid
user.updated              user_id: uuid
user.deleted              user_id: uuid
product.created           product_id: uuid  *
product.updated           product_id: uuid  *
product.published         product_id: uuid  *
product.deleted           product_id: uuid  *
variant.created           variant_id: uuid, product_id: uuid
variant.updated           variant_id: uuid, product_id: uuid  *
variant.deleted           variant_id: uuid, product_id: uuid
inventory.updated         variant_id: uuid, product_id: uuid, location_id: uuid, old_quantity: int, new_quantity: int  *
inventory.low             variant_id: uuid, product_id: uuid, remaining: int, threshold: int
price.updated             variant_id: uuid, product_id: uuid, currency: string, old_amount: int?, new_amount: int  *
order.placed              order_id: uuid, customer_id: uuid?, total: int, currency: string
order.status_changed      order_id: uuid, old_status: string, new_status: string
order.completed           order_id: uuid
order.cancelled           order_id: uuid, reason: string?
index.reindex_requested   target_type: string, target_id: uuid?
index.updated             index_name: string, target_id: uuid
tenant.created            tenant_id: uuid
tenant.updated            tenant_id: uuid
locale.enabled            tenant_id: uuid, locale: string
locale.disabled           tenant_id: uuid, locale: string
"""
SHORT = {"integer": "int"}
ADDED = {"price.updated": ["minor_digits: int"]}
"""What a later version of ours carries beyond RusToK's."""
ROWS = [re.split(r"\s{2,}", line) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_an_event_carries_the_fields_of_rustoks_table(row):
    """Names, types, order and which may be absent, and whether the read model's predicate lists it."""
    event_type, wanted, *star = row
    schema = SCHEMAS[event_type]
    found = [
        f"{field.name}: {SHORT.get(field.data_type, field.data_type)}{'?' if field.optional else ''}"
        for field in schema.fields
    ]
    assert found == wanted.split(", ") + ADDED.get(event_type, [])
    assert schema.version == 1 + len(ADDED.get(event_type, []))
    assert getattr(events, schema.variant).affects_index is bool(star)


def test_there_are_39_types():
    """RusToK's count, none twice, and the table above lists just these."""
    assert len(EVENTS) == 39
    assert list(SCHEMAS) == [row[0] for row in ROWS]


def test_a_class_is_named_by_its_dotted_type():
    """The tag in a payload is the class's name, so it must not drift from the type; all are exported."""
    for event in EVENTS:
        assert event.__name__ == "".join(part.capitalize() for part in re.split(r"[._]", event.type))
        assert getattr(events, event.__name__) is event


def test_a_payload_holds_text_and_whole_numbers_only():
    """A field of another type is refused when its class is read, not when an event is written."""

    class Weighed(Event):
        __slots__ = ("weight",)
        weight: float

    with pytest.raises(TypeError, match="weight is <class 'float'>: a payload holds text and whole numbers only"):
        fields_of(Weighed)
