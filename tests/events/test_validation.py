"""Which events may be published: RusToK's rules, field by field."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.errors import Validation
from rustok_sim.core.events import (
    BodyUpdated,
    InventoryLow,
    InventoryUpdated,
    LocaleEnabled,
    MediaUploaded,
    NodeCreated,
    NodeUpdated,
    OrderCancelled,
    OrderPlaced,
    OrderStatusChanged,
    PriceUpdated,
    ProductCreated,
    TagAttached,
    UserRegistered,
    validate,
)
from rustok_sim.core.ids import NIL, named_id

ONE, TWO, THREE = (named_id(number) for number in (1, 2, 3))
STOCK = InventoryUpdated(ONE, TWO, THREE, 3, 2)
LOW = InventoryLow(ONE, TWO, 4, 5)
PRICE = PriceUpdated(ONE, TWO, "EUR", None, 100)
PLACED = OrderPlaced(ONE, None, 100, "EUR")


def fault_of(event, contradictions="as_built"):
    """The field that is wrong, and how; nothing for a right event."""
    try:
        validate(event, contradictions)
    except Validation as error:
        (name,) = error.fields
        return name, error.code
    return None


REFUSED = [
    (NodeCreated(NIL, "post"), "node_id", "nil_uuid"),
    (NodeCreated(ONE, ""), "kind", "empty_field"),
    (NodeCreated(ONE, " \t "), "kind", "empty_field"),
    (NodeCreated(ONE, "x" * 65), "kind", "too_long"),
    (NodeCreated(ONE, "blog post"), "kind", "invalid_characters"),
    (NodeCreated(ONE, "пост"), "kind", "invalid_characters"),
    (NodeCreated(ONE, "post\n"), "kind", "invalid_characters"),
    (NodeCreated(ONE, "post", NIL), "author_id", "nil_uuid"),
    (NodeUpdated(ONE, "x" * 65), "kind", "too_long"),
    (BodyUpdated(ONE, "x" * 11), "locale", "too_long"),
    (LocaleEnabled(ONE, ""), "locale", "empty_field"),
    (TagAttached(ONE, "node", NIL), "target_id", "nil_uuid"),
    (MediaUploaded(ONE, "png", 1), "mime_type", "invalid_value"),
    (MediaUploaded(ONE, "image/" + "x" * 250, 1), "mime_type", "too_long"),
    (MediaUploaded(ONE, "image/png", -1), "size", "out_of_range"),
    (MediaUploaded(ONE, "image/png", 2**63), "size", "out_of_range"),
    (UserRegistered(ONE, "anna.example"), "email", "invalid_value"),
    (UserRegistered(ONE, "anna@example"), "email", "invalid_value"),
    (ProductCreated(NIL), "product_id", "nil_uuid"),
    (replace(STOCK, location_id=NIL), "location_id", "nil_uuid"),
    (replace(STOCK, old_quantity=-1), "old_quantity", "out_of_range"),
    (replace(STOCK, new_quantity=-1), "new_quantity", "out_of_range"),
    (replace(LOW, remaining=5), "remaining", "invalid_value"),
    (replace(LOW, remaining=-1), "remaining", "out_of_range"),
    (replace(LOW, remaining=-2, threshold=-1), "remaining", "out_of_range"),
    (replace(PRICE, currency="eur"), "currency", "invalid_value"),
    (replace(PRICE, currency="EURO"), "currency", "invalid_value"),
    (replace(PRICE, currency="ÄÖÜ"), "currency", "invalid_value"),
    (replace(PRICE, old_amount=-1), "old_amount", "out_of_range"),
    (replace(PRICE, new_amount=-1), "new_amount", "out_of_range"),
    (replace(PRICE, new_amount=None), "new_amount", "missing_field"),
    (replace(PLACED, customer_id=NIL), "customer_id", "nil_uuid"),
    (replace(PLACED, total=-1), "total", "out_of_range"),
    (OrderStatusChanged(ONE, "paid", "paid"), "new_status", "invalid_value"),
    (OrderStatusChanged(ONE, "x" * 51, "paid"), "old_status", "too_long"),
    (OrderCancelled(ONE, "x" * 501), "reason", "too_long"),
]
"""One for each kind of rule at least; the expectation is RusToK's table of rules and of kinds of faults."""


@pytest.mark.parametrize(("event", "field", "fault"), REFUSED)
def test_an_event_that_breaks_a_rule_is_refused_by_field_and_kind_of_fault(event, field, fault):
    """The first rule that is broken is told, with a code a client can switch on."""
    assert fault_of(event) == (field, fault)


def test_a_refusal_names_event_field_and_reason():
    """The message is made of what the fields of the error say."""
    with pytest.raises(Validation) as caught:
        validate(replace(LOW, remaining=5))
    assert str(caught.value) == "inventory.low: remaining must be below threshold, which is 5"
    assert caught.value.fields == {"remaining": "must be below threshold, which is 5"}


@pytest.mark.parametrize(
    "event",
    [
        NodeCreated(ONE, "forum_topic-2", None),
        NodeUpdated(ONE, "blog post"),
        BodyUpdated(ONE, "es-419"),
        MediaUploaded(ONE, "/", 0),
        UserRegistered(ONE, ".@"),
        replace(PRICE, currency="XXX"),
        OrderStatusChanged(ONE, "paid", "Paid"),
        OrderCancelled(ONE, ""),
        OrderCancelled(ONE, "x" * 500),
        replace(LOW, remaining=0),
    ],
)
def test_what_the_rules_let_through_is_no_more_than_they_say(event):
    """Shapes are checked and meanings are not: an unknown currency, a blank reason, an address of two signs pass."""
    assert fault_of(event) is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_lengths_count_bytes_and_not_characters(text):
    """A locale is refused exactly if nothing is left of it without blanks, or if UTF-8 needs more than 10 bytes."""
    wanted = "empty_field" if not text.strip() else "too_long" if len(text.encode("utf-8")) > 10 else None
    fault = fault_of(BodyUpdated(ONE, text))
    assert fault == (wanted and ("locale", wanted))


def test_a_valid_event_of_any_type_passes_under_both_designs(valid):
    """The repair widens the rules and narrows none."""

    @given(valid)
    def holds(event):
        assert fault_of(event, "as_built") is None
        assert fault_of(event, "repaired") is None

    holds()


CONTRADICTIONS = [
    pytest.param(replace(STOCK, new_quantity=-3), id="S2: back-order"),
    pytest.param(replace(STOCK, old_quantity=-3), id="S2: from below zero"),
    pytest.param(InventoryLow(ONE, TWO, 5, 5), id="S3: on the threshold"),
]


@pytest.mark.parametrize("event", CONTRADICTIONS)
def test_what_the_stock_service_raises_is_refused_as_built_and_passes_repaired(event):
    """S2, S3: the validator contradicts the service, so that the whole stock change is rolled back."""
    assert fault_of(event, "as_built") is not None
    assert fault_of(event, "repaired") is None


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (InventoryLow(ONE, TWO, 6, 5), "remaining"),
        (replace(STOCK, new_quantity=2**31), "new_quantity"),
        (replace(STOCK, location_id=NIL), "location_id"),
    ],
)
def test_the_repair_still_refuses_what_makes_no_sense(event, field):
    """Stock above the threshold is not low, a quantity has 32 bits, and nowhere is no location (S1)."""
    assert fault_of(event, "repaired")[0] == field
