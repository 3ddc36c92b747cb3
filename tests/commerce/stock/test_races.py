"""Two at once, by design and isolation level: who oversells, who waits, who is refused.

Each request's round trips take 10 ms, so two that start together take their steps in turn, the first one ahead in each.
Both want 8 of 10 units. What must come of it follows from PostgreSQL's rules:

- READ COMMITTED: an UPDATE that finds its row being written waits, then looks at the row as it is by then; a read
  before it is not looked at again. So absolute numbers are written over each other (D8), while a condition, a version
  or a locked read sees the first one's 2 units and refuses.
- REPEATABLE READ and SERIALIZABLE: writing, or locking, a row that another one wrote since this transaction's snapshot
  is refused (40001), whatever the design.
"""

import pytest

from rustok_sim.core.data import Update, col, same
from rustok_sim.core.drive import drive
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call
from rustok_sim.modules.commerce.catalogue.tables import VARIANTS
from rustok_sim.modules.commerce.stock.tables import RESERVATIONS

WANTED, THERE = 8, 10
BUMP = Update(
    VARIANTS,
    {"inventory_quantity": col("inventory_quantity").plus(1), "version": col("version").plus(1)},
)
LEVELS = ["read_committed", "repeatable_read", "serializable"]
ORDERS = [named_id("order", number) for number in range(4)]
REFUSED = {"read_committed": "insufficient_inventory", **dict.fromkeys(LEVELS[1:], "serialization_failure")}


@pytest.fixture(params=LEVELS)
def isolation(request) -> str:
    """Each isolation level."""
    return request.param


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.server)])
def backend(request) -> str:
    """The database in memory, and the one it is modelled on."""
    return request.param


@pytest.fixture
def open_race(open_shop, backend):
    """Opens a shop with one variant of 10 units, a wire that takes its time, and stock in the place asked for."""

    def opened(design, isolation, locations=0, **stock):
        settings = {"design": design, "reserve": "recorded", "locations": locations, **stock}
        shop = open_shop(backend=backend, isolation=isolation, latency_s=0.01, stock=settings)
        (variant,) = shop.seed(stock=THERE, locations=locations)
        return shop, variant

    return opened


def stocked(shop, variant) -> int:
    """Units in stock, over all locations."""
    return sum(level.stocked for level in shop.do(shop.stock.get, variant))


@pytest.mark.parametrize("locations", [0, 1])
def test_d8_two_adjusters_oversell_by_read_modify_write(open_race, locations):
    """READ COMMITTED: 16 units sold of 10, the stock says 2, and the log of changes shows the lost one."""
    shop, variant = open_race("read_modify_write", "read_committed", locations)
    tasks = [shop.start(shop.stock.adjust, variant, -WANTED) for _ in range(2)]
    assert shop.outcomes(tasks) == [2, 2]
    assert stocked(shop, variant) == 2
    records = shop.of("stock.changed")
    assert [(record.value, record.detail) for record in records] == [(2.0, "-8"), (2.0, "-8")]
    changes = sum(int(record.detail) for record in records)
    assert THERE + changes == -6 != records[-1].value


@pytest.mark.parametrize("locations", [0, 1])
def test_d8_ends_with_every_other_design_or_a_higher_level(open_race, protected, isolation, locations):
    """One sells 8, the other one is refused: for want of units, or by the database."""
    shop, variant = open_race(protected, isolation, locations)
    tasks = [shop.start(shop.stock.adjust, variant, -WANTED) for _ in range(2)]
    assert shop.outcomes(tasks) == [2, REFUSED[isolation]]
    assert stocked(shop, variant) == 2
    assert [record.detail for record in shop.of("stock.changed")] == ["-8"]


@pytest.mark.parametrize("isolation", LEVELS[1:])
def test_read_modify_write_is_refused_above_read_committed(open_race, isolation):
    """The second writer's snapshot is older than the first one's commit."""
    shop, variant = open_race("read_modify_write", isolation)
    tasks = [shop.start(shop.stock.adjust, variant, -WANTED) for _ in range(2)]
    assert shop.outcomes(tasks) == [2, "serialization_failure"]
    assert stocked(shop, variant) == 2


def test_two_that_both_fit_both_succeed_where_someone_waits_or_tries_again(open_race, protected):
    """READ COMMITTED, 3 units each of 10: 4 are left, by waiting for the row or by reading it again."""
    shop, variant = open_race(protected, "read_committed")
    tasks = [shop.start(shop.stock.adjust, variant, -3) for _ in range(2)]
    assert shop.outcomes(tasks) == [7, 4]
    assert stocked(shop, variant) == 4


def test_only_the_locked_read_waits_before_it_knows(open_race):
    """When the first one has read and not yet written, the second one's read is held up by a row lock alone."""
    reads = {}
    for design in ("read_modify_write", "row_lock", "optimistic"):
        shop, variant = open_race(design, "read_committed")
        for _ in range(2):
            shop.start(shop.stock.adjust, variant, -3)
        shop.runtime.advance(0.0305)
        reads[design] = shop.wire.trips.count("product_variants.update")
    assert reads == {"read_modify_write": 2, "row_lock": 1, "optimistic": 2}


def test_optimistic_gives_up_after_its_retries(open_race):
    """Without retries, whoever loses the race once is a conflict; with enough of them all four get their unit."""
    for retries, outcomes in ((0, [9, "conflict", "conflict", "conflict"]), (3, [9, 8, 7, 6])):
        shop, variant = open_race("optimistic", "read_committed", retries=retries)
        tasks = [shop.start(shop.stock.adjust, variant, -1) for _ in range(4)]
        assert shop.outcomes(tasks) == outcomes
        assert stocked(shop, variant) == [outcome for outcome in outcomes if outcome != "conflict"][-1]


@pytest.mark.parametrize(
    ("name", "sold", "left"),
    [("read_modify_write", 42, 42), ("row_lock", 12, 12), ("optimistic", 12, 12), ("conditional_update", 42, 20)],
)
def test_number_written_outright_is_lost_by_read_modify_write_alone(open_race, name, sold, left):
    """READ COMMITTED: 20 is written over 50 while 8 are sold, the writer a moment ahead.

    Read-modify-write undoes it: 50 - 8. Locked or by version the sale comes after it: 20 - 8. A conditional update
    needs no read and so comes first: the writer finds 42 in place of 50, reads again, and writes 20.
    """
    shop, variant = open_race(name, "read_committed")
    shop.do(shop.stock.set_to, variant, 50)
    tasks = [shop.start(shop.stock.set_to, variant, 20), shop.start(shop.stock.adjust, variant, -WANTED)]
    assert shop.outcomes(tasks) == [20, sold]
    assert stocked(shop, variant) == left


@pytest.mark.parametrize("locations", [0, 1])
def test_two_orders_reserve_the_same_units_by_read_modify_write(open_race, locations):
    """READ COMMITTED: both orders have their 8 of 10 units, the level says 8 are reserved."""
    shop, variant = open_race("read_modify_write", "read_committed", locations)
    tasks = [shop.start(shop.stock.reserve, variant, WANTED, order) for order in ORDERS[:2]]
    assert shop.outcomes(tasks) == [None, None]
    assert sum(row["quantity"] for row in shop.rows(RESERVATIONS)) == 16
    assert sum(level.reserved for level in shop.do(shop.stock.get, variant)) == 8


@pytest.mark.parametrize("locations", [0, 1])
def test_two_orders_never_have_the_same_units_otherwise(open_race, protected, isolation, locations):
    """One has its units, the other one is refused, and what is reserved is what the rows say."""
    shop, variant = open_race(protected, isolation, locations)
    tasks = [shop.start(shop.stock.reserve, variant, WANTED, order) for order in ORDERS[:2]]
    assert shop.outcomes(tasks) == [None, REFUSED[isolation]]
    assert [row["quantity"] for row in shop.rows(RESERVATIONS)] == [8]
    assert sum(level.reserved for level in shop.do(shop.stock.get, variant)) == 8


def test_one_order_that_asks_twice_at_once_is_served_once(open_race, protected):
    """READ COMMITTED: the second insert waits for the first one's row, then finds all done."""
    shop, variant = open_race(protected, "read_committed")
    for operation in (
        lambda: shop.start(shop.stock.reserve, variant, 3, ORDERS[0]),
        lambda: shop.start(shop.stock.consume, variant, ORDERS[0]),
    ):
        assert shop.outcomes([operation() for _ in range(2)]) == [None, None]
    (level,) = shop.do(shop.stock.get, variant)
    assert (level.stocked, level.reserved) == (7, 0)
    assert [record.detail for record in shop.of("stock.changed")] == ["-3"]


def test_order_is_not_both_sent_off_and_given_back(open_race, protected):
    """Whoever settles the row first decides; the other one finds it settled."""
    shop, variant = open_race(protected, "read_committed")
    shop.do(shop.stock.reserve, variant, 3, ORDERS[0])
    tasks = [shop.start(shop.stock.release, variant, ORDERS[0]), shop.start(shop.stock.consume, variant, ORDERS[0])]
    assert shop.outcomes(tasks) == [None, "not_reserved"]
    (level,) = shop.do(shop.stock.get, variant)
    assert (level.stocked, level.reserved) == (10, 0)


def test_buyers_of_several_locations_do_not_oversell(open_race, protected):
    """Three locations of 4, 3 and 3 units, four buyers of 3: three are served at most, none twice."""
    shop, variant = open_race(protected, "read_committed", 3, retries=5)
    tasks = [shop.start(shop.stock.reserve, variant, 3, order) for order in ORDERS]
    outcomes = shop.outcomes(tasks)
    assert outcomes.count(None) == 3
    assert outcomes.count("insufficient_inventory") == 1
    levels = shop.do(shop.stock.get, variant)
    assert sorted((level.stocked, level.reserved) for level in levels) == [(3, 3), (3, 3), (4, 3)]


def meanwhile(shop, variant, units) -> None:
    """Somebody else's stock, written and committed in no time."""
    statement = Update(VARIANTS, {"inventory_quantity": units}, where=same(id=variant))
    drive(shop.wire.database.run(Call(0, "other", 0), statement))


def test_conditional_update_looks_again_when_units_came_in_since_it_failed(open_race):
    """2 units there, 8 wanted: refused at 20 ms, 8 more come in at 25 ms, the read at 30 ms finds 10: once more."""
    for retries, outcome in ((1, 2), (0, "conflict")):
        shop, variant = open_race("conditional_update", "read_committed", retries=retries)
        meanwhile(shop, variant, 2)
        task = shop.start(shop.stock.adjust, variant, -WANTED)
        shop.runtime.advance(0.025)
        meanwhile(shop, variant, 10)
        assert shop.outcomes([task]) == [outcome]


@pytest.mark.parametrize("name", ["optimistic", "conditional_update"])
def test_number_is_written_only_in_place_of_the_one_that_was_read(open_race, name):
    """Read at 20 ms, changed by another at 25 ms, so the write at 30 ms finds another row than it read."""
    for retries, outcome in ((1, 7), (0, "conflict")):
        shop, variant = open_race(name, "read_committed", retries=retries)
        task = shop.start(shop.stock.set_to, variant, 7)
        shop.runtime.advance(0.025)
        drive(shop.wire.database.run(Call(0, "other", 0), BUMP))
        assert shop.outcomes([task]) == [outcome]


def test_back_order_is_taken_in_a_second_statement(open_race):
    """Policy "continue", 10 there, 12 wanted: the bounded update fails, the read says it may, the next one goes."""
    shop, variant = open_race("conditional_update", "read_committed")
    drive(shop.wire.database.run(Call(0, "other", 0), Update(VARIANTS, {"inventory_policy": "continue"})))
    shop.wire.trips.clear()
    assert shop.do(shop.stock.adjust, variant, -12) == -2
    update = "product_variants.update"
    assert shop.wire.trips[:4] == ["begin", update, "product_variants.select", update]


def test_first_changes_at_a_location_do_not_take_the_number_over_twice(open_shop, protected, isolation, backend):
    """The second one's insert waits for the first one's, then finds its level; above READ COMMITTED it is refused."""
    stock = {"design": protected, "locations": 1}
    shop = open_shop(backend=backend, isolation=isolation, latency_s=0.01, stock=stock)
    (variant,) = shop.seed(stock=THERE)
    tasks = [shop.start(shop.stock.adjust, variant, -3) for _ in range(2)]
    assert shop.outcomes(tasks) == [7, 4 if isolation == "read_committed" else "serialization_failure"]
