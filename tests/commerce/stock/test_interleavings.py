"""Many at once, at any moments: what holds of every interleaving, and what a crowd buys under each design."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from rustok_sim.core.ids import named_id
from rustok_sim.modules.commerce.stock.tables import RESERVATIONS

SAFE = [
    *((design, "read_committed") for design in ("row_lock", "optimistic", "conditional_update")),
    *((design, "repeatable_read") for design in ("read_modify_write", "optimistic", "conditional_update")),
    ("read_modify_write", "serializable"),
]
REFUSALS = {"insufficient_inventory", "conflict", "serialization_failure", "not_reserved"}
MOMENTS_MS = st.integers(0, 60)


@pytest.mark.parametrize(("design", "isolation"), SAFE)
@how(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(MOMENTS_MS, st.integers(-6, 4)), min_size=2, max_size=7))
def test_no_interleaving_loses_an_update(open_shop, design, isolation, adjustments):
    """20 units, and what was answered "yes" adds up to what is there, never below zero, as the log says too."""
    shop = open_shop(isolation=isolation, latency_s=0.01, stock={"design": design})
    (variant,) = shop.seed(stock=20)
    tasks = [start_at(shop, moment, shop.stock.adjust, variant, delta) for moment, delta in adjustments]
    outcomes = shop.outcomes(tasks)
    assert {outcome for outcome in outcomes if isinstance(outcome, str)} <= REFUSALS
    done = [delta for (_, delta), outcome in zip(adjustments, outcomes, strict=True) if isinstance(outcome, int)]
    left = shop.variant(variant)["inventory_quantity"]
    assert left == 20 + sum(done) >= 0
    assert sorted(int(record.detail) for record in shop.of("stock.changed")) == sorted(done)


@pytest.mark.parametrize(("design", "isolation"), SAFE)
@pytest.mark.parametrize("locations", [0, 2])
@how(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(MOMENTS_MS, st.sampled_from(["reserve", "release", "consume"]), st.integers(0, 2)),
        min_size=2,
        max_size=8,
    )
)
def test_no_interleaving_breaks_a_reservation(open_shop, design, isolation, locations, steps):
    """Three orders of 4 units and 8 units there: reserved is what the rows keep, stock is what was not sent off."""
    stock = {"design": design, "locations": locations, "reserve": "recorded"}
    shop = open_shop(isolation=isolation, latency_s=0.01, stock=stock)
    (variant,) = shop.seed(stock=8, locations=locations)
    tasks = [
        start_at(shop, moment, getattr(shop.stock, what), variant, *((4,) if what == "reserve" else ()), order(number))
        for moment, what, number in steps
    ]
    assert set(shop.outcomes(tasks)) <= REFUSALS | {None}
    levels = shop.do(shop.stock.get, variant)
    kept = dict.fromkeys(("reserved", "released", "consumed"), 0)
    for row in shop.rows(RESERVATIONS):
        kept[row["status"]] += row["quantity"]
    assert sum(level.reserved for level in levels) == kept["reserved"]
    assert sum(level.stocked for level in levels) == 8 - kept["consumed"]
    assert all(level.free >= 0 for level in levels)


def order(number: int) -> str:
    """The identifier of an order."""
    return named_id("order", number)


def start_at(shop, moment_ms, operation, *values):
    """A request that begins so many milliseconds from now."""
    context = shop.context()

    def later():
        yield from shop.runtime.sleep(moment_ms / 1000.0)
        return (yield from operation(context, *values))

    return shop.runtime.start(later())


CROWD = {
    "read-modify-write": ("read_committed", {"design": "read_modify_write"}, (30, 19)),
    "row lock": ("read_committed", {"design": "row_lock"}, (20, 0)),
    "version": ("read_committed", {"design": "optimistic", "retries": 0}, (1, 19)),
    "version, one retry": ("read_committed", {"design": "optimistic", "retries": 1}, (20, 0)),
    "condition": ("read_committed", {"design": "conditional_update"}, (20, 0)),
    "snapshot": ("repeatable_read", {"design": "read_modify_write"}, (1, 19)),
}


@pytest.mark.parametrize(
    ("who", "backend"),
    [
        *((who, "memory") for who in CROWD),
        # Sessions that share a thread run a statement anew where PostgreSQL's own would look at the row again.
        *(pytest.param(who, "postgresql", marks=pytest.mark.server) for who in CROWD if who != "version, one retry"),
    ],
)
def test_crowd_of_thirty_buys_twenty_units(open_shop, who, backend):
    """All at one moment, one unit each.

    Read-modify-write serves all thirty from the same 20; lines for the row serve twenty; a snapshot serves the first
    alone, and so does a version without retries. One retry is enough: in PostgreSQL an UPDATE that waited holds the
    row even if it then changes nothing, so that nobody comes between it and its second try.
    """
    isolation, stock, (sold, left) = CROWD[who]
    shop = open_shop(backend=backend, isolation=isolation, latency_s=0.01, stock=stock)
    (variant,) = shop.seed(stock=20)
    outcomes = shop.outcomes([shop.start(shop.stock.adjust, variant, -1) for _ in range(30)])
    assert sum(isinstance(outcome, int) for outcome in outcomes) == sold
    assert shop.variant(variant)["inventory_quantity"] == left
