"""Prices: RusToK's rules and rounding, its numbered defects, and their repairs."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.data import Delete, Insert, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import DatabaseError, Validation
from rustok_sim.core.ids import NIL
from rustok_sim.core.ports import Call
from rustok_sim.modules.commerce.errors import InvalidPrice, VariantNotFound
from rustok_sim.modules.commerce.pricing import Price, PriceInput
from rustok_sim.modules.commerce.pricing.amounts import AMOUNT_MAX, discounted
from rustok_sim.modules.commerce.pricing.tables import PRICES

REPAIRED = {
    "reads": "scoped",
    "first_insert": "unique",
    "set_many": "one_transaction",
    "currencies": "checked",
    "discounts": "locked",
}
CALL = Call(0, "other", 0)
BOTH = pytest.mark.parametrize("settings", [{}, REPAIRED], ids=["as_built", "repaired"])


def amounts(shop) -> list[tuple[str, int]]:
    """Currency and amount of every price there is."""
    return sorted((row["currency_code"], row["amount"]) for row in shop.rows(PRICES))


@pytest.fixture(params=[{}, REPAIRED], ids=["as_built", "repaired"])
def shop(request, open_shop):
    """A shop as built, and one with every repair of prices."""
    return open_shop(pricing=request.param)


@pytest.fixture
def variant(shop) -> str:
    """A variant at 19.99 EUR."""
    return shop.seed()[0]


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
@BOTH
def test_price_is_updated_or_inserted(open_shop, backend, settings):
    """By variant and currency; the event tells the amount before, or none."""
    shop = open_shop(backend=backend, pricing=settings)
    (variant,) = shop.seed()
    shop.do(shop.prices.set_price, variant, PriceInput(currency="EUR", amount=1_500, compare_at=1_999))
    shop.do(shop.prices.set_price, variant, PriceInput(currency="USD", amount=1_700))
    assert amounts(shop) == [("EUR", 1_500), ("USD", 1_700)]
    assert shop.events() == ["price.updated"] * 2
    listed = shop.do(shop.prices.list_prices, variant)
    assert sorted(listed, key=lambda price: price.currency) == [
        Price(currency="EUR", amount=1_500, compare_at=1_999),
        Price(currency="USD", amount=1_700, compare_at=None),
    ]


def test_setting_a_price_costs_what_rustok_pays(shop, variant):
    """Reads 2, writes 1, one outbox row, whether it is there already or not."""
    for currency in ("EUR", "USD"):
        cost = shop.cost(shop.prices.set_price, variant, PriceInput(currency=currency, amount=1))
        assert cost == {"transaction": 2, "reads": 2, "writes": 1, "outbox": 1}


@pytest.mark.parametrize(
    ("amount", "compare_at", "fits"),
    [
        (0, None, True),
        (-1, None, False),
        (10, 10, True),
        (10, 9, False),
        (AMOUNT_MAX, AMOUNT_MAX, True),
        (AMOUNT_MAX + 1, None, False),
        (1, AMOUNT_MAX + 1, False),
    ],
)
def test_amounts_have_bounds(shop, variant, amount, compare_at, fits):
    """Not below zero, not above what 64 bits hold; what it is compared with is not below it."""
    price = PriceInput(currency="EUR", amount=amount, compare_at=compare_at)
    if fits:
        shop.do(shop.prices.set_price, variant, price)
        assert amounts(shop) == [("EUR", amount)]
    else:
        with pytest.raises(InvalidPrice):
            shop.do(shop.prices.set_price, variant, price)
        assert amounts(shop) == [("EUR", 1_999)]


def test_price_of_another_tenants_variant_is_not_set(shop, variant, zen):
    """Writes do look for the variant within the tenant."""
    with pytest.raises(VariantNotFound):
        shop.do(shop.prices.set_price, variant, PriceInput(currency="EUR", amount=1), tenant=zen)
    assert amounts(shop) == [("EUR", 1_999)]


@BOTH
def test_lower_case_currency_leaves_nothing(open_shop, settings):
    """As built the row is written first and the event's check rolls it back; checked first, nothing is written."""
    shop = open_shop(pricing=settings)
    (variant,) = shop.seed()
    shop.wire.trips.clear()
    with pytest.raises(Validation):
        shop.do(shop.prices.set_price, variant, PriceInput(currency="usd", amount=1))
    assert amounts(shop) == [("EUR", 1_999)]
    assert ("prices.insert" in shop.wire.trips) == (settings == {})


def test_d3_prices_of_another_tenant_are_read_as_built(open_shop, zen):
    """Reads have no tenant argument: whoever knows a variant's id sees its prices."""
    for settings, found in (({}, 1_999), ({"reads": "scoped"}, None)):
        shop = open_shop(pricing=settings)
        (variant,) = shop.seed()
        price = shop.do(shop.prices.get_price, variant, "EUR", tenant=zen)
        assert (price and price.amount) == found
        assert len(shop.do(shop.prices.list_prices, variant, tenant=zen)) == (0 if found is None else 1)
        assert shop.do(shop.prices.get_price, variant, "EUR").amount == 1_999
        assert shop.do(shop.prices.get_price, variant, "USD") is None


def test_d10_two_first_inserts_make_two_rows_as_built(open_shop):
    """Both look, neither finds, both insert; from then on it depends on the row which price one reads."""
    shop = open_shop(latency_s=0.01)
    (variant,) = shop.seed()
    tasks = [shop.start(shop.prices.set_price, variant, PriceInput(currency="USD", amount=n)) for n in (100, 200)]
    assert shop.outcomes(tasks) == [None, None]
    assert amounts(shop) == [("EUR", 1_999), ("USD", 100), ("USD", 200)]


def test_d10_ends_with_an_index_and_insert_or_update(open_shop):
    """The second insert waits, is left out, and becomes an update that knows the first one's amount."""
    shop = open_shop(latency_s=0.01, pricing={"first_insert": "unique"})
    (variant,) = shop.seed()
    tasks = [shop.start(shop.prices.set_price, variant, PriceInput(currency="USD", amount=n)) for n in (100, 200)]
    assert shop.outcomes(tasks) == [None, None]
    assert amounts(shop) == [("EUR", 1_999), ("USD", 200)]
    assert shop.events() == ["price.updated"] * 2


@pytest.mark.parametrize(("times", "outcome"), [(2, None), (3, "conflict")])
def test_price_that_keeps_coming_and_going_is_a_conflict(open_shop, times, outcome):
    """Not there at 30 ms, there at 40, so no insert; gone at 50, there at 60 ... : after three times it is enough."""
    shop = open_shop(latency_s=0.01, pricing={"first_insert": "unique"})
    (variant,) = shop.seed()
    task = shop.start(shop.prices.set_price, variant, PriceInput(currency="USD", amount=100))
    other = {"id": NIL, "tenant_id": NIL, "variant_id": variant, "currency_code": "USD", "amount": 1}
    shop.runtime.advance(0.025)
    for _ in range(times):
        shop.runtime.advance(0.01)
        drive(shop.wire.database.run(CALL, Insert(PRICES, other)))
        shop.runtime.advance(0.01)
        drive(shop.wire.database.run(CALL, Delete(PRICES, where=same(id=NIL))))
    assert shop.outcomes([task]) == [outcome]
    assert amounts(shop) == [("EUR", 1_999), *([("USD", 100)] if outcome is None else [])]


def test_d18_failure_in_the_middle_leaves_the_earlier_currencies(open_shop):
    """As built each currency is a transaction of its own; in one transaction none is changed."""
    prices = [PriceInput(currency="AUD", amount=1), PriceInput(currency="EUR", amount=-1)]
    for set_many, left in (("as_built", [("AUD", 1), ("EUR", 1_999)]), ("one_transaction", [("EUR", 1_999)])):
        shop = open_shop(pricing={"set_many": set_many})
        (variant,) = shop.seed()
        with pytest.raises(InvalidPrice):
            shop.do(shop.prices.set_prices, variant, prices)
        assert amounts(shop) == left


def test_many_prices_cost_one_transaction_each_or_one_in_all(open_shop):
    """Two currencies: as built twice begin and commit; repaired once. The rest is the same."""
    prices = [PriceInput(currency=currency, amount=1) for currency in ("USD", "EUR")]
    for set_many, transaction in (("as_built", 4), ("one_transaction", 2)):
        shop = open_shop(pricing={"set_many": set_many})
        (variant,) = shop.seed()
        cost = shop.cost(shop.prices.set_prices, variant, prices)
        assert cost == {"transaction": transaction, "reads": 4, "writes": 2, "outbox": 2}
        assert amounts(shop) == [("EUR", 1), ("USD", 1)]


def test_prices_of_one_transaction_are_set_in_one_order(open_shop):
    """Two lists in opposite orders wait for each other in line, not in a circle."""
    shop = open_shop(latency_s=0.01, pricing=REPAIRED)
    (variant,) = shop.seed()
    prices = [PriceInput(currency=currency, amount=1) for currency in ("EUR", "AUD")]
    tasks = [shop.start(shop.prices.set_prices, variant, order) for order in (prices, prices[::-1])]
    assert shop.outcomes(tasks) == [None, None]


@pytest.mark.parametrize(
    ("base", "percent", "new"),
    [(1_999, "10", 1_799), (1_250, "50", 625), (5, "50", 2), (15, "50", 8), (3, "50", 2), (1_000, "33.335", 667)],
    ids=["1799.1", "exact", "2.5 to even", "7.5 to even", "1.5 to even", "666.65"],
)
def test_discounts_round_half_to_even(base, percent, new):
    """base × (100 - p) / 100 to a whole minor unit, by hand."""
    assert discounted(base, Decimal(percent)) == new


@given(st.integers(0, 10**12), st.decimals(0, 100, places=3))
def test_discounts_are_those_of_exact_arithmetic(base, percent):
    """Python's fractions round half to even."""
    assert discounted(base, percent) == round(base * (100 - Fraction(percent)) / 100)


def test_repeated_discounts_do_not_compound(shop, variant):
    """The first sets what the price is compared with, and later ones start from that."""
    first = shop.do(shop.prices.discount, variant, "EUR", Decimal(10))
    assert first == Price(currency="EUR", amount=1_799, compare_at=1_999)
    second = shop.do(shop.prices.discount, variant, "EUR", Decimal(20))
    assert second == Price(currency="EUR", amount=1_599, compare_at=1_999)
    assert shop.do(shop.prices.get_price, variant, "EUR") == second


@pytest.mark.parametrize("percent", ["100.1", "-0.1", "150"])
def test_discount_outside_0_to_100_is_an_invalid_price(shop, variant, percent):
    """Above 100 the amount is negative, below 0 it exceeds what it is compared with."""
    with pytest.raises(InvalidPrice):
        shop.do(shop.prices.discount, variant, "EUR", Decimal(percent))
    assert amounts(shop) == [("EUR", 1_999)]


def test_discount_needs_a_price(shop, variant):
    """In that currency."""
    with pytest.raises(InvalidPrice, match="no price in USD"):
        shop.do(shop.prices.discount, variant, "USD", Decimal(10))


def race(shop) -> int:
    """A discount begins; right after its first read a new price of 3000 is set; the amount in the end."""
    (variant,) = shop.seed()
    discount = shop.start(shop.prices.discount, variant, "EUR", Decimal(10))
    shop.runtime.advance(0.001)
    price = shop.start(shop.prices.set_price, variant, PriceInput(currency="EUR", amount=3_000))
    assert all(outcome is None or isinstance(outcome, Price) for outcome in shop.outcomes([discount, price]))
    ((_, amount),) = amounts(shop)
    return amount


def test_new_price_is_overwritten_from_a_stale_base_as_built(open_shop):
    """The discount reads 1999, the price becomes 3000, the discount writes 90 % of 1999."""
    assert race(open_shop(latency_s=0.01)) == 1_799


def test_locked_discount_and_new_price_come_one_after_the_other(open_shop):
    """The discount holds the row from its read on, so the new price waits and stands."""
    assert race(open_shop(latency_s=0.01, pricing=REPAIRED)) == 3_000


def test_database_error_of_a_price_reaches_the_caller(shop, variant):
    """A currency of four letters is longer than its column, where nothing checks it before; nothing is written."""
    with pytest.raises((DatabaseError, Validation)):
        shop.do(shop.prices.set_price, variant, PriceInput(currency="EURO", amount=1))
    assert amounts(shop) == [("EUR", 1_999)]
