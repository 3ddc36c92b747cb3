"""Waits that leave no record of their own have a name all the same; times are counted by hand."""

import pytest

import rustok_sim as rs
from rustok_sim.trace.parts import PARTS

PAUSE = """
[[faults]]
kind = "pause"
target = "node-1"
at_s = 1.006
duration_s = {lasts_s}
"""
LATE = """
[[faults]]
kind = "reorder"
target = "log"
at_s = 0.5
duration_s = 10
ratio = 1.0
spread_s = 0.2
"""


def parts(run, load="asked"):
    """The parts of the requests of a class that took any time, each rounded to a microsecond, in order of arrival."""
    rows = rs.trace.attribution(run).requests(load).sort("correlation").iter_rows(named=True)
    return [{part: round(row[part], 6) for part in PARTS if round(row[part], 6)} for row in rows]


def asked_once(one):
    """A request that is given up after half a second, and not sent again before the run is over."""
    retry = "\n[load.retry]\non = 'every_error'\nmax_attempts = 2\nattempt_timeout_s = 0.5\nbase_s = 20\n"
    return one("tenant.resolve") + "timeout_s = 0.6" + retry


def of_one_that_stands_still(simulate, one, *, lasts_s):
    """The parts of a request that is asked once, whose node stands still for so long from 1.006 s on."""
    pause = PAUSE.format(lasts_s=lasts_s)
    run = simulate(asked_once(one), pause, platform__tenant_cache__design="none", deployment__database__servers=5)
    [found] = parts(run)
    return found


def test_a_statement_that_outlives_its_attempt_is_waited_for_up_to_its_visit(simulate, one):
    """4 ms to connect, 1 ms there, 8 ms of work; the node stands still from 1.006 on and never sees the answer: it goes
    on with the statement a second after its client has left.
    """
    found = of_one_that_stands_still(simulate, one, lasts_s=2)
    assert found.pop("backoff", 0.0) + found.pop("pause") == pytest.approx(0.6 - 0.013)
    assert found == {"connection": 0.004, "network": 0.001, "database": 0.008}


def test_a_statement_whose_node_never_wakes_is_the_databases(simulate, one):
    """The node's own record of it never comes, so nobody knows what of the first 5 ms was the wait for a connection."""
    found = of_one_that_stands_still(simulate, one, lasts_s=60)
    assert found.pop("backoff", 0.0) + found.pop("pause") == pytest.approx(0.6 - 0.013)
    assert found == {"database": 0.013}


def test_a_request_that_makes_a_read_itself_after_all_has_waited_for_another(simulate, one):
    """After 24 ms both ask which modules the tenant has; the first is gone 6 ms later, and then the second reads."""
    loads = (one("product.list", name="quick") + "timeout_s = 0.03\n", one("product.list"))
    run = simulate(
        *loads,
        deployment__nodes=1,
        platform__tenant_cache__design="none",
        platform__features__guard="mounted",
        platform__features__cache_ttl_s=10,
    )
    [found] = parts(run)
    assert found["queue"] == 0.006
    assert "other" not in found


def test_a_message_that_a_fault_holds_up_is_on_its_way_from_the_start(simulate, one):
    """The record of the fault stands in the middle of the way, and cuts nothing off it."""
    [calm], [late] = (
        parts(simulate(one("price.set"), *more, platform__events__transport="log")) for more in ((), (LATE,))
    )
    held_up = late.pop("log") - calm.pop("log")
    assert held_up > 0.0
    assert late == calm


def test_an_answer_whose_node_stands_still_has_left_before(simulate, one):
    """10 ms there, 4 to connect, 2 and 8 for the statement; it leaves at 1.024 s and arrives when the node goes on.

    Of its 10 ms back it has had 6 when the node stops at 1.030 s, for half a second.
    """
    pause = PAUSE.replace("1.006", "1.03").format(lasts_s=0.5)
    link = {"deployment__client_round_trip": {"dist": "constant", "value_s": 0.02}, "deployment__database__servers": 5}
    run = simulate(one("tenant.resolve"), pause, platform__tenant_cache__design="none", **link)
    [found] = parts(run)
    assert found == {"connection": 0.004, "network": 0.018, "database": 0.008, "pause": 0.5}
