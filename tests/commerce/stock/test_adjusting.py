"""Stock adjusted and set in RusToK's steps, under every design: cost, events, bounds, and its three blocking facts."""

import pytest

from rustok_sim.core.errors import Validation
from rustok_sim.core.events import SYS_EVENTS
from rustok_sim.modules.commerce.errors import InsufficientInventory, VariantNotFound
from rustok_sim.modules.commerce.stock import StockSettings, location_of
from rustok_sim.modules.commerce.stock.ledgers import open_ledger
from rustok_sim.modules.commerce.stock.tables import LEVELS, LOCATIONS


def payloads(shop) -> str:
    """All that the outbox says."""
    return "\n".join(row["payload"] for row in shop.rows(SYS_EVENTS))


def total(shop, variant) -> int:
    """Units in stock, over all locations."""
    return sum(level.stocked for level in shop.do(shop.stock.get, variant))


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
def test_adjusting_and_setting_answer_the_units_there_are(open_shop, backend, design, locations):
    """1000 - 8 + 3 at the first location of one or three; then 50 written outright. On both databases."""
    shop = open_shop(backend=backend, stock={"design": design, "locations": locations})
    (variant,) = shop.seed(stock=1_000)
    assert shop.do(shop.stock.adjust, variant, -8, location=1) == 992
    assert shop.do(shop.stock.adjust, variant, 3, location=1) == 995
    assert total(shop, variant) == 995
    assert shop.do(shop.stock.set_to, variant, 50) == 50
    assert total(shop, variant) == 50
    assert shop.events() == ["inventory.updated"] * 3


@pytest.mark.parametrize("contradictions", ["as_built", "repaired"])
@pytest.mark.parametrize("locations", [0, 2])
def test_s1_frozen_stock_is_frozen_whatever_else_is_repaired(open_shop, contradictions, locations):
    """D23: the event carries the nil location, its check refuses that, and all is rolled back."""
    shop = open_shop(contradictions=contradictions, stock={"design": "frozen_as_built", "locations": locations})
    (variant,) = shop.seed(stock=100)
    for operation, value in ((shop.stock.adjust, -1), (shop.stock.adjust, 1), (shop.stock.set_to, 50)):
        with pytest.raises(Validation, match="location_id"):
            shop.do(operation, variant, value)
    assert total(shop, variant) == 100
    assert (shop.events(), shop.of("stock.changed")) == ([], [])


def test_s1_ends_with_a_real_location(open_shop, design, acme):
    """Any other design names the tenant's location."""
    shop = open_shop(contradictions="as_built", stock={"design": design})
    (variant,) = shop.seed(stock=100)
    assert shop.do(shop.stock.adjust, variant, -1) == 99
    assert location_of(acme) in payloads(shop)


def test_s2_back_order_below_zero_is_refused_as_built(open_shop, design):
    """The policy allows it, the event's check does not; down to zero it goes."""
    for contradictions, left in (("as_built", 0), ("repaired", -2)):
        shop = open_shop(contradictions=contradictions, stock={"design": design})
        (variant,) = shop.seed(stock=10, policy="continue")
        shop.do(shop.stock.adjust, variant, -10)
        task = shop.start(shop.stock.adjust, variant, -2)
        assert shop.outcomes([task]) == ["out_of_range" if left == 0 else -2]
        assert shop.variant(variant)["inventory_quantity"] == left


@pytest.mark.parametrize(("left", "events"), [(6, 1), (5, 2), (4, 2), (1, 2), (0, 1)])
def test_s3_landing_on_the_threshold_is_refused_as_built(open_shop, design, left, events):
    """The low-stock event is raised from 5 down to 1, and may not say "5 is below 5": that one adjustment fails."""
    for contradictions in ("as_built", "repaired"):
        shop = open_shop(contradictions=contradictions, stock={"design": design})
        (variant,) = shop.seed(stock=10)
        refused = contradictions == "as_built" and left == 5
        task = shop.start(shop.stock.adjust, variant, left - 10)
        assert shop.outcomes([task]) == ["invalid_value" if refused else left]
        assert len(shop.events()) == (0 if refused else events)
        assert shop.variant(variant)["inventory_quantity"] == (10 if refused else left)


def test_threshold_is_a_setting_and_setting_a_number_never_raises_the_low_stock_event(open_shop, design):
    """At 20, an adjustment to 15 is low; writing 15 is not."""
    shop = open_shop(stock={"design": design, "low_stock_threshold": 20})
    (variant,) = shop.seed(stock=30)
    shop.do(shop.stock.adjust, variant, -15)
    shop.do(shop.stock.set_to, variant, 14)
    assert shop.events() == ["inventory.low", "inventory.updated", "inventory.updated"]


@pytest.mark.parametrize(
    ("design", "reads"), [("read_modify_write", 1), ("row_lock", 1), ("optimistic", 1), ("conditional_update", 0)]
)
def test_adjusting_costs_what_rustok_would_pay(open_shop, design, reads):
    """Reads 1, writes 1, 1 to 2 outbox rows; a conditional update needs no read."""
    shop = open_shop(stock={"design": design})
    (variant,) = shop.seed(stock=20)
    cost = {"transaction": 2, "reads": reads, "writes": 1}
    assert shop.cost(shop.stock.adjust, variant, -1) == cost | {"outbox": 1}
    assert shop.cost(shop.stock.adjust, variant, -16) == cost | {"outbox": 2}


def test_units_that_are_not_there_are_refused(open_shop, design, locations):
    """Policy "deny": the number asked for and the number there, and nothing changes."""
    shop = open_shop(stock={"design": design, "locations": locations})
    (variant,) = shop.seed(stock=3 * max(1, locations), locations=locations)
    with pytest.raises(InsufficientInventory, match=r"4 asked for, 3 available"):
        shop.do(shop.stock.adjust, variant, -4)
    assert shop.do(shop.stock.adjust, variant, -3) == 0
    assert total(shop, variant) == 3 * max(1, locations) - 3


def test_unknown_variants_and_those_of_others_are_not_found(open_shop, design, locations, zen):
    """Under every design, for every operation."""
    shop = open_shop(stock={"design": design, "locations": locations})
    (variant,) = shop.seed()
    for operation, *values in (
        (shop.stock.adjust, -1),
        (shop.stock.set_to, 1),
        (shop.stock.get,),
        (shop.stock.available, 1),
        (shop.stock.reserve, 1, "order"),
    ):
        with pytest.raises(VariantNotFound):
            shop.do(operation, variant, *values, tenant=zen)
    assert total(shop, variant) == 1_000


def test_absolute_number_below_zero_is_accepted_as_built(open_shop, protected):
    """Setting has no policy test; the designs that guard the stock give it the one of adjusting."""
    shop = open_shop(stock={"design": "read_modify_write"})
    (variant,) = shop.seed()
    assert shop.do(shop.stock.set_to, variant, -5) == -5
    shop = open_shop(stock={"design": protected})
    (variant,) = shop.seed()
    with pytest.raises(InsufficientInventory):
        shop.do(shop.stock.set_to, variant, -5)
    (back_order,) = shop.seed(tenant="0" * 36, policy="continue")
    assert shop.do(shop.stock.set_to, back_order, -5, tenant="0" * 36) == -5


@pytest.mark.parametrize("policies", ["as_built", "strict"])
@pytest.mark.parametrize("policy", ["deny", "continue", "preorder"])
def test_d29_third_policy_oversells_by_adjusting_and_is_bounded_in_availability(open_shop, design, policies, policy):
    """Adjusting asks for "deny", availability for "continue"; strict, both ask for "continue"."""
    shop = open_shop(stock={"design": design, "policies": policies})
    (variant,) = shop.seed(stock=1, policy=policy)
    assert shop.do(shop.stock.available, variant, 2) == (policy == "continue")
    allowed = policy == "continue" or (policy == "preorder" and policies == "as_built")
    task = shop.start(shop.stock.adjust, variant, -2)
    assert shop.outcomes([task]) == [-1 if allowed else "insufficient_inventory"]


def test_committed_changes_are_recorded_and_refused_ones_are_not(open_shop, design):
    """Site, new level, signed change: enough to count from the log what was lost."""
    shop = open_shop(contradictions="as_built", stock={"design": design})
    (variant,) = shop.seed(stock=10)
    for delta in (-3, 4, -20, -6):
        shop.outcomes([shop.start(shop.stock.adjust, variant, delta)])
    shop.do(shop.stock.set_to, variant, 8)
    assert [(record.site, record.value, record.detail) for record in shop.of("stock.changed")] == [
        (variant, 7.0, "-3"),
        (variant, 11.0, "+4"),
        (variant, 8.0, "-3"),
    ]


def test_locations_have_levels_of_their_own(open_shop, design, acme):
    """Spread over three; without a location a change goes where most is free; the record says where it was."""
    shop = open_shop(stock={"design": design, "locations": 3})
    (variant,) = shop.seed(stock=10, locations=3)
    assert sorted(level.stocked for level in shop.do(shop.stock.get, variant)) == [3, 3, 4]
    shop.do(shop.stock.adjust, variant, -4)
    shop.do(shop.stock.set_to, variant, 9, location=2)
    levels = {level.location_id: level.stocked for level in shop.do(shop.stock.get, variant)}
    assert levels == {location_of(acme, 1): 0, location_of(acme, 2): 9, location_of(acme, 3): 3}
    assert [(record.outcome, record.value) for record in shop.of("stock.changed")] == [
        (location_of(acme, 1), 0.0),
        (location_of(acme, 2), 9.0),
    ]
    with pytest.raises(Validation, match="location 4"):
        shop.do(shop.stock.adjust, variant, 1, location=4)
    with pytest.raises(Validation, match="location 0"):
        shop.do(shop.stock.adjust, variant, 1, location=0)


def test_first_change_at_locations_takes_over_the_variants_own_number(open_shop, design, acme):
    """A variant that was made without levels has its number at the first location, until and after it is changed."""
    shop = open_shop(stock={"design": design, "locations": 2})
    (variant,) = shop.seed(stock=7)
    assert shop.do(shop.stock.available, variant, 7)
    assert shop.rows(LEVELS) == []
    assert shop.do(shop.stock.set_to, variant, 5, location=2) == 5
    levels = {level.location_id: level.stocked for level in shop.do(shop.stock.get, variant)}
    assert levels == {location_of(acme, 1): 7, location_of(acme, 2): 5}
    assert len(shop.rows(LOCATIONS)) == 2
    assert shop.variant(variant)["inventory_quantity"] == 7


def test_level_at_a_location_is_not_told_from_its_row_alone(open_shop):
    """Its policy and product stand with the variant, which has to be read first."""
    ledger = open_ledger(open_shop().runtime, StockSettings(locations=1))
    with pytest.raises(ValueError, match="read before"):
        ledger.level({}, None)
