"""Metrics of stock and of transactions, against counts by hand."""

import pytest

from rustok_sim.verify import Facts, measure

FACTS = Facts(horizon_s=100.0, warmup_s=20.0, inventory=True)


@pytest.fixture
def inventory(log, opened):
    """Measures the inventory section of the log."""

    def measured(facts=FACTS):
        with opened() as connection:
            return measure(connection, facts).get("inventory")

    return measured


def seed(log, variant, units):
    """What there was at the start."""
    log(0.0, "stock.seeded", site=variant, value=float(units))


def change(log, at_s, variant, old, new, *, place=None):
    """A committed write."""
    log(at_s, "stock.changed", site=variant, outcome=place, value=float(new), detail=f"{new - old:+d}")


def sell(log, at_s, variant, units):
    """A sale."""
    log(at_s, "stock.sold", site=variant, value=float(units))


def test_two_who_read_ten_and_write_two_sell_sixteen(log, inventory):
    """RusToK's own race: 16 of 10 units sold, so 6 too many, and one of the two writes is lost."""
    seed(log, "a", 10)
    for at_s in (30.0, 30.1):
        change(log, at_s, "a", 10, 2)
        sell(log, at_s, "a", 8)
    assert inventory() == {"sold": 16, "oversold": 6, "lost_updates": 1}


def test_a_level_that_comes_again_may_be_left_again(log, inventory):
    """10, 9, 10, 9: the level 10 is reached twice and left twice, whatever the order in which that was heard of."""
    seed(log, "a", 10)
    for at_s, old, new in ((30.0, 10, 9), (31.0, 10, 9), (32.0, 9, 10)):
        change(log, at_s, "a", old, new)
    assert inventory()["lost_updates"] == 0


def test_what_came_in_may_be_sold(log, inventory):
    """5 at the start and 7 since: 12 sold is none too many; another variant's leftovers do not count."""
    seed(log, "a", 5)
    seed(log, "b", 100)
    change(log, 25.0, "a", 5, 12)
    sell(log, 30.0, "a", 12)
    assert inventory() == {"sold": 12, "oversold": 0, "lost_updates": 0}


def test_sales_of_the_warm_up_are_not_counted_but_were_sold(log, inventory):
    """4 of 5 went before second 20: 3 more are counted as sold, and 2 of them were not there."""
    seed(log, "a", 5)
    sell(log, 10.0, "a", 4)
    sell(log, 30.0, "a", 3)
    assert inventory() == {"sold": 3, "oversold": 2, "lost_updates": 0}


def test_each_location_has_levels_of_its_own(log, inventory):
    """Both begin at 5: the same numbers at two places are no lost update, twice at one place they are."""
    seed(log, "a", 10)
    change(log, 30.0, "a", 5, 4, place="north")
    change(log, 31.0, "a", 5, 4, place="south")
    assert inventory()["lost_updates"] == 0
    change(log, 32.0, "a", 5, 4, place="south")
    assert inventory()["lost_updates"] == 1


def test_a_scenario_that_sells_nothing_has_no_inventory(log, inventory):
    """A zero would read as if stock had been watched."""
    assert inventory(Facts(horizon_s=100.0)) is None


def test_nobody_bought_anything(inventory):
    """Zeros, so that a bound on oversold units holds."""
    assert inventory() == {"sold": 0, "oversold": 0, "lost_updates": 0}


def test_transactions_and_those_that_lost_to_another(log, opened):
    """Four ended after the warm-up began, one of them aborted for a conflict; the fifth began before it."""
    for begin_s, outcome in (
        (19.0, "committed"),
        (20.0, "committed"),
        (21.0, "aborted"),
        (22.0, "rolled_back"),
        (23.0, "dropped"),
    ):
        log(begin_s + 1.0, "db.transaction", site="database", begin_s=begin_s, outcome=outcome)
    with opened() as connection:
        found = measure(connection, FACTS)["database"]
    assert (found["transactions"], found["aborts"]) == (4, 1)
