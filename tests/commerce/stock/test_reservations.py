"""Units kept for orders: taken, given back, sent off; each once, however often it is asked for."""

import pytest

from rustok_sim.core.errors import Conflict, Validation
from rustok_sim.core.ids import named_id
from rustok_sim.modules.commerce.catalogue.tables import VARIANTS
from rustok_sim.modules.commerce.errors import InsufficientInventory
from rustok_sim.modules.commerce.stock.tables import RESERVATIONS

ONE, TWO = named_id("order", 1), named_id("order", 2)


@pytest.fixture
def shop(open_shop, design, locations):
    """A shop that records reservations, by every design, with its stock in every kind of place."""
    return open_shop(stock={"design": design, "locations": locations, "reserve": "recorded"})


@pytest.fixture
def variant(shop) -> str:
    """A variant with 10 units at its first location."""
    return shop.seed(stock=10)[0]


def numbers(shop, variant) -> tuple[int, int]:
    """Units in stock and units reserved, over all locations."""
    levels = shop.do(shop.stock.get, variant)
    return sum(level.stocked for level in levels), sum(level.reserved for level in levels)


def statuses(shop) -> list[tuple[str, int]]:
    """Status and quantity of each reservation."""
    return sorted((row["status"], row["quantity"]) for row in shop.rows(RESERVATIONS))


def test_reserved_units_are_neither_free_nor_gone(shop, variant):
    """10 in stock, 4 kept: 6 are free, the stock is what it was, and no event says that it changed."""
    shop.do(shop.stock.reserve, variant, 4, ONE)
    assert numbers(shop, variant) == (10, 4)
    assert [shop.do(shop.stock.available, variant, quantity) for quantity in (6, 7)] == [True, False]
    with pytest.raises(InsufficientInventory, match="7 asked for, 6 available"):
        shop.do(shop.stock.reserve, variant, 7, TWO)
    with pytest.raises(InsufficientInventory):
        shop.do(shop.stock.adjust, variant, -7)
    assert statuses(shop) == [("reserved", 4)]
    assert (shop.events(), shop.of("stock.changed")) == ([], [])


def test_released_units_are_free_again_and_only_once(shop, variant):
    """A second release finds the row settled; one for an order that keeps nothing does nothing."""
    shop.do(shop.stock.reserve, variant, 4, ONE)
    for order in (ONE, ONE, TWO):
        shop.do(shop.stock.release, variant, order)
    assert numbers(shop, variant) == (10, 0)
    assert statuses(shop) == [("released", 4)]


def test_consumed_units_leave_the_stock_only_once(shop, variant):
    """Stock and reserved both fall by 4, one event and one record tell of it; a repeat changes nothing."""
    shop.do(shop.stock.reserve, variant, 4, ONE)
    for _ in range(2):
        shop.do(shop.stock.consume, variant, ONE)
    assert numbers(shop, variant) == (6, 0)
    assert statuses(shop) == [("consumed", 4)]
    assert shop.events() == ["inventory.updated"]
    assert [(record.value, record.detail) for record in shop.of("stock.changed")] == [(6.0, "-4")]
    shop.do(shop.stock.release, variant, ONE)
    assert numbers(shop, variant) == (6, 0)


def test_repeated_reservation_takes_nothing_more(shop, variant):
    """The same order, the same number: nothing. Another number is a conflict; after a release it is kept anew."""
    for _ in range(3):
        shop.do(shop.stock.reserve, variant, 8, ONE)
    assert numbers(shop, variant) == (10, 8)
    with pytest.raises(Conflict) as refused:
        shop.do(shop.stock.reserve, variant, 7, ONE)
    assert refused.value.code == "reserved_otherwise"
    shop.do(shop.stock.release, variant, ONE)
    shop.do(shop.stock.reserve, variant, 7, ONE)
    assert numbers(shop, variant) == (10, 7)
    assert statuses(shop) == [("reserved", 7)]


def test_what_is_not_kept_cannot_be_sent_off(shop, variant):
    """Neither what was never reserved nor what was given back."""
    for prepare in (lambda: None, lambda: give_back(shop, variant)):
        prepare()
        with pytest.raises(Conflict) as refused:
            shop.do(shop.stock.consume, variant, ONE)
        assert refused.value.code == "not_reserved"
    assert numbers(shop, variant) == (10, 0)


def give_back(shop, variant) -> None:
    """Reserve and release."""
    shop.do(shop.stock.reserve, variant, 1, ONE)
    shop.do(shop.stock.release, variant, ONE)


@pytest.mark.parametrize("quantity", [0, -1])
def test_less_than_one_unit_cannot_be_reserved(shop, variant, quantity):
    """A negative reservation would set units free that are not there."""
    with pytest.raises(Validation):
        shop.do(shop.stock.reserve, variant, quantity, ONE)
    assert shop.rows(RESERVATIONS) == []


def test_back_ordered_units_are_reserved_beyond_the_stock(shop, zen):
    """Policy "continue": 3 in stock, 8 kept, and sending them off leaves 5 owed."""
    (variant,) = shop.seed(tenant=zen, stock=3, policy="continue")
    shop.do(shop.stock.reserve, variant, 8, ONE, tenant=zen)
    shop.do(shop.stock.consume, variant, ONE, tenant=zen)
    levels = shop.do(shop.stock.get, variant, tenant=zen)
    assert (sum(level.stocked for level in levels), sum(level.reserved for level in levels)) == (-5, 0)


def test_refused_reservation_leaves_no_row(shop, variant):
    """The row is written first, and goes with the transaction."""
    with pytest.raises(InsufficientInventory):
        shop.do(shop.stock.reserve, variant, 11, ONE)
    assert shop.rows(RESERVATIONS) == []
    shop.do(shop.stock.reserve, variant, 10, ONE)


def test_order_of_a_deleted_variant_can_still_be_settled(shop, variant):
    """The level went with the variant; the reservation is closed and nothing else is left to count."""
    shop.do(shop.stock.reserve, variant, 1, ONE)
    shop.do(shop.stock.reserve, variant, 1, TWO)
    shop.do(shop.variants.remove, variant)
    shop.do(shop.stock.release, variant, ONE)
    shop.do(shop.stock.consume, variant, TWO)
    assert statuses(shop) == [("consumed", 1), ("released", 1)]
    assert (shop.rows(VARIANTS), shop.events()) == ([], [])


def test_reservation_lasts_only_if_the_order_commits(shop, variant):
    """The keeper works in the caller's transaction, and its record waits for the caller's commit."""
    named = {"variant_id": variant, "product_id": "", "quantity": 2, "order_id": ONE}

    def whole_order(context, *, commit):
        with (yield from shop.shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from shop.keeper.reserve(tx, context, **named)
            yield from shop.keeper.consume(tx, context, **named)
            if commit:
                yield from tx.commit()

    shop.do(whole_order, commit=False)
    assert (numbers(shop, variant), shop.of("stock.changed"), shop.rows(RESERVATIONS)) == ((10, 0), [], [])
    shop.do(whole_order, commit=True)
    assert (numbers(shop, variant), len(shop.of("stock.changed"))) == ((8, 0), 1)


def test_reservations_go_to_the_location_with_most_and_come_back_there(open_shop, design, acme):
    """4, 3 and 3 units: 4 are to be had, 5 are not, though there are 10."""
    shop = open_shop(stock={"design": design, "locations": 3, "reserve": "recorded"})
    (variant,) = shop.seed(stock=10, locations=3)
    with pytest.raises(InsufficientInventory, match="5 asked for, 4 available"):
        shop.do(shop.stock.reserve, variant, 5, ONE)
    for order in (ONE, TWO, named_id("order", 3)):
        shop.do(shop.stock.reserve, variant, 3, order)
    kept = {row["location_id"] for row in shop.rows(RESERVATIONS)}
    assert len(kept) == 3
    shop.do(shop.stock.consume, variant, ONE)
    shop.do(shop.stock.release, variant, TWO)
    levels = shop.do(shop.stock.get, variant)
    assert sorted((level.stocked, level.reserved) for level in levels) == sorted([(1, 0), (3, 0), (3, 3)])


def test_frozen_stock_keeps_units_but_never_sends_them_off(open_shop):
    """S1 stands between the order and the door: reserving raises no event, consuming does."""
    shop = open_shop(contradictions="as_built", stock={"reserve": "recorded"})
    (variant,) = shop.seed(stock=10)
    shop.do(shop.stock.reserve, variant, 4, ONE)
    with pytest.raises(Validation):
        shop.do(shop.stock.consume, variant, ONE)
    assert (numbers(shop, variant), statuses(shop)) == ((10, 4), [("reserved", 4)])
