"""Waits within spans, where a count by hand puts them; and the pictures that show them."""

import warnings
from itertools import pairwise

import matplotlib as mpl
import polars as pl
import pytest

mpl.use("agg")

import rustok_sim as rs
from rustok_sim.trace.attributing import Attribution
from rustok_sim.trace.critical import CriticalPath
from rustok_sim.trace.parts import PARTS, TITLES, pieces
from rustok_sim.trace.spans import Span

REQUEST = 1_000_000_000


def stretches(run, correlation):
    """What the critical path of a request leads through, for how long, and whether it waits there."""
    segments = rs.trace.critical_path(run, correlation=correlation).segments
    return [(one.what, pytest.approx(one.end_s - one.begin_s), one.waiting) for one in segments]


@pytest.fixture(scope="module")
def pool(simulate, one):
    """Two requests at once on one node, whose pool has one connection."""
    return simulate(
        one("tenant.resolve", count=2),
        deployment__nodes=1,
        deployment__database__pool_connections=1,
        platform__tenant_cache__design="none",
    )


@pytest.fixture(scope="module")
def held(simulate, one):
    """Two requests at once on two nodes write one row."""
    return simulate(one("inventory.adjust", count=2))


def test_the_path_waits_for_a_connection_before_it_works(pool):
    """The second has to wait for 4 ms of connecting and 10 ms of work of the first."""
    find = "tenants.find_by_slug"
    wait = f"{find}: wait for a connection"
    assert stretches(pool, REQUEST) == [(wait, 0.004, True), (find, 0.010, False)]
    assert stretches(pool, REQUEST + 1) == [(wait, 0.014, True), (find, 0.010, False)]


def test_the_path_waits_for_a_lock_that_is_held(held):
    """The first one's insert and commit are 20 ms. Only the second waits for a lock, and for no other."""
    update = "product_variants.update"
    for number, expected in ((0, []), (1, [(f"{update}: wait for locks", 0.020, True)])):
        found = stretches(held, REQUEST + number)
        place = [what for what, *_ in found].index(update)
        assert found[place : place + 1 + len(expected)] == [(update, 0.010, False), *expected]
        assert [one for one in found if TITLES["lock"] in one[0]] == expected


def test_where_servers_are_limited_a_lock_is_waited_for_after_the_visit(simulate, one):
    """1 ms there, 8 ms of work, the lock, 1 ms back: the log tells of the visit, and so of where the wait begins."""
    run = simulate(one("inventory.adjust", count=2), deployment__database__servers=2)
    found, update = stretches(run, REQUEST + 1), "product_variants.update"
    place = [what for what, *_ in found].index(update)
    assert found[place : place + 4] == [
        (update, 0.001, False), ("database", 0.008, False), (f"{update}: wait for locks", 0.020, True),
        (update, 0.001, False),
    ]  # fmt: skip


def test_the_path_waits_in_line_at_a_station(simulate, one):
    """One server: 4 ms to connect, 1 ms there, 8 ms in line while the first is served, 8 ms of service, 1 ms back."""
    run = simulate(one("tenant.resolve", count=2), deployment__database__servers=1)
    find = "tenants.find_by_slug"
    assert stretches(run, REQUEST + 1) == [
        (f"{find}: wait for a connection", 0.004, True), (find, 0.001, False), ("database: queues", 0.008, True),
        ("database", 0.008, False), (find, 0.001, False),
    ]  # fmt: skip


def test_the_path_waits_while_the_client_backs_off(simulate, one):
    """The database refuses from 0.9 s to 1.1 s; the client asks once more 0.2 s after it was told."""
    retry = '[load.retry]\non = "every_error"\nmax_attempts = 2\nbase_s = 0.2\n'
    fault = '[[faults]]\nkind = "outage"\ntarget = "database"\nat_s = 0.9\nduration_s = 0.2\n'
    run = simulate(one("tenant.resolve"), retry, fault, deployment__database__acquire_timeout_s=0.05)
    assert ("tenant.resolve: client's backoff", 0.2, True) in stretches(run, REQUEST)


def test_parts_that_no_longer_fit_are_cut_short():
    """Of 10 s of its own, around a child, 4 s are the connection's; of 9 s for a lock only 6 s are left."""
    span = Span("statement", 0.0, 12.0, "database", rest="database", parts={"connection": 4.0, "lock": 9.0})
    span.add(Span("visit", 3.0, 5.0, "database"))
    assert pieces(span) == [("connection", 0.0, 3.0), ("connection", 5.0, 6.0), ("lock", 6.0, 12.0)]


@pytest.mark.parametrize("servers", [None, 1])
def test_pieces_and_paths_add_up_where_many_wait(simulate, one, servers):
    """By part the pieces of a request's spans are what it is attributed to; paths have no gap and add up."""
    more = {} if servers is None else {"deployment__database__servers": servers}
    run = simulate(one("inventory.adjust", count=20), deployment__database__pool_connections=2, **more)
    rows = {row["correlation"]: row for row in rs.trace.attribution(run).frame.iter_rows(named=True)}
    for trace in rs.trace.traces(run, background=False):
        found = dict.fromkeys(PARTS, 0.0)
        for span in trace.root.walk(follow=False):
            for part, begin_s, end_s in pieces(span):
                found[part] += end_s - begin_s
        assert found == pytest.approx({part: rows[trace.correlation][part] for part in PARTS}, abs=1e-8)
        path = CriticalPath(trace)
        assert all(before.end_s == after.begin_s for before, after in pairwise(path.segments))
        assert sum(one.end_s - one.begin_s for one in path.segments) == pytest.approx(path.duration_s)
    assert sum(row["connection"] for row in rows.values()) > 0.0
    assert sum(row["lock"] for row in rows.values()) > 0.0


@pytest.mark.parametrize(("name", "part", "wait_ms"), [("pool", "connection", 14.0), ("held", "lock", 20.0)])
def test_a_waterfall_hatches_what_was_only_waited_in(request, name, part, wait_ms):
    """As long as the wait is, in a colour that the legend explains; the line below it is dotted for as long."""
    [axes] = rs.trace.waterfall(request.getfixturevalue(name), correlation=REQUEST + 1).axes
    legends = [one for one in axes.get_children() if isinstance(one, mpl.legend.Legend)]
    [patch] = [
        patch
        for legend in legends
        for patch, text in zip(legend.get_patches(), legend.get_texts(), strict=True)
        if text.get_text() == TITLES[part]
    ]
    hatched = [one for one in axes.collections if one.get_hatch() == patch.get_hatch()]
    [extent] = [
        (*box.intervalx,)
        for one in hatched
        for box in [one.get_paths()[0].get_extents()]
        if box.width == pytest.approx(wait_ms)
    ]
    assert mpl.colors.same_color(hatched[0].get_edgecolor(), patch.get_edgecolor())
    dotted = [tuple(line.get_xdata()) for line in axes.lines if line.get_linestyle() == "--"]
    assert pytest.approx(extent) in dotted


@pytest.mark.parametrize("latencies", [(0.0, 0.0), (0.0, 0.25)])
def test_a_band_without_time_says_so(latencies):
    """Nothing is divided by zero, and the bar is not left blank."""
    times = [{"latency_s": value, **dict.fromkeys(PARTS, 0.0), "database": value} for value in latencies]
    rows = [{"correlation": n, "load": "asked", **row} for n, row in enumerate(times)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = Attribution("quick", pl.DataFrame(rows)).figure(edges=(0.0, 0.5, 1.0))
        figure.draw_without_rendering()
    left, right = figure.axes
    without = sum(not value for value in latencies)
    for axes in (left, right):
        assert [text.get_text() for text in axes.texts].count("no time") == without
    shares = sum(bar.get_width() for bar in right.patches)
    assert shares == pytest.approx(100.0 * (len(latencies) - without))
