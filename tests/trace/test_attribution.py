"""Where the time went, against counts by hand; and bands that are what they are called."""

from itertools import pairwise

import numpy as np
import pytest

import rustok_sim as rs
from rustok_sim.core.errors import RunError
from rustok_sim.trace.parts import PARTS, TITLES


def parts(run, load="asked"):
    """The parts of the requests of a class that took any time, each rounded to a microsecond, in order of arrival."""
    rows = rs.trace.attribution(run).requests(load).sort("correlation").iter_rows(named=True)
    return [{part: round(row[part], 6) for part in PARTS if round(row[part], 6)} for row in rows]


def test_a_checkout_pays_for_database_and_provider(simulate, one):
    """27 statements of 10 ms, 4 ms for the first connection, and 420 ms at the provider."""
    run = simulate(one("checkout"))
    [[statements]] = run.sql("select count(*) from events where kind = 'db.query' and correlation > 0").rows()
    assert parts(run) == [{"connection": 0.004, "database": pytest.approx(0.010 * statements), "gateway": 0.42}]


def test_way_and_work_are_told_apart_where_servers_are_limited(simulate, one):
    """Of each of two statements 2 ms are the way; one server for two nodes: the second request's wait in line."""
    run = simulate(one("tenant.resolve", count=2), deployment__database__servers=1)
    first, second = parts(run)
    assert first == {"connection": 0.004, "network": 0.002, "database": 0.008}
    assert second == {**first, "queue": 0.008}


def test_the_way_to_the_client_is_network(simulate, one):
    """Half of 20 ms there, half back, around a cold load of a tenant."""
    link = {"dist": "constant", "value_s": 0.02}
    assert parts(simulate(one("tenant.resolve"), deployment__client_round_trip=link)) == [
        {"network": 0.02, "connection": 0.004, "database": 0.01}
    ]


def test_redis_has_a_part_of_its_own(simulate, one):
    """The naive cache asks Redis, loads, and stores: two commands of 1 ms."""
    run = simulate(one("tenant.resolve"), platform__tenant_cache__design="naive")
    assert parts(run) == [{"redis": 0.002, "connection": 0.004, "database": 0.01}]


def test_a_pool_that_is_too_small_is_a_wait_for_a_connection(simulate, one):
    """One connection for each of two nodes: the third request waits for the first one's 14 ms, and need not connect."""
    run = simulate(
        one("tenant.resolve", count=3),
        platform__tenant_cache__design="none",
        deployment__database__pool_connections=1,
    )
    cold, warm = {"connection": 0.004, "database": 0.01}, {"connection": 0.014, "database": 0.01}
    assert parts(run) == [cold, cold, warm]


def test_what_goes_over_the_log_before_the_commit_waits_for_it(simulate, one):
    """Two round trips of 2 ms to connect, one to append."""
    [found] = parts(simulate(one("price.set"), platform__events__transport="log"))
    assert found["log"] == 0.006


@pytest.fixture(scope="module")
def sale(root, tmp_path_factory):
    """The flash sale."""
    return rs.trace.attribution(rs.run(root / "scenarios" / "flash_sale.toml", data=tmp_path_factory.mktemp("sale")))


def test_bands_are_between_quantiles(sale):
    """The quickest half, and so on to the slowest hundredth: each band's mean as numpy has it."""
    latencies = np.sort(sale.frame["latency_s"].to_numpy())
    edges = [round(share * len(latencies)) for share in (0.0, 0.5, 0.9, 0.99, 1.0)]
    bands = sale.bands("buyers")
    assert bands["band"].to_list() == ["to p50", "p50 to p90", "p90 to p99", "above p99"]
    assert bands["requests"].to_list() == np.diff(edges).tolist()
    means = [latencies[low:high].mean() for low, high in pairwise(edges)]
    assert bands["latency_s"].to_list() == pytest.approx(means)
    assert bands.select(*PARTS).sum_horizontal().to_list() == pytest.approx(means, abs=1e-9)


def test_the_table_and_the_figure_show_the_bands(sale):
    """The same numbers: a row and a bar for each band, and every bar as long as its total."""
    table, figure, bands = sale.table(), sale.figure(), sale.bands()
    assert [row[0] for row in table.rows] == bands["band"].to_list()
    assert [float(row[2]) for row in table.rows] == pytest.approx((bands["latency_s"] * 1000).to_list(), abs=0.006)
    assert table.columns[-1] == "own code, ms"
    left, right = figure.axes
    for axes, totals in ((left, (bands["latency_s"] * 1000).to_list()), (right, [100.0] * bands.height)):
        ends = [0.0] * bands.height
        for bar in axes.patches:
            y = round(bar.get_y() + bar.get_height() / 2)
            ends[y] = max(ends[y], bar.get_x() + bar.get_width())
        assert ends == pytest.approx(totals)
    assert "ms" in left.get_xlabel()
    assert "takes no time, by assumption" in figure.alt
    legend = {text.get_text() for text in left.get_legend().get_texts()}
    assert {TITLES["lock"], TITLES["connection"], TITLES["database"]} == legend


@pytest.mark.parametrize("edges", [(0.0,), (0.5, 0.1), (0.0, 1.5), (-0.1, 1.0)])
def test_edges_are_shares_that_rise(sale, edges):
    """Anything else is the caller's mistake."""
    with pytest.raises(ValueError, match="shares from 0 to 1"):
        sale.bands(edges=edges)


def test_a_class_that_is_not_there_is_named(sale):
    """With those that are."""
    with pytest.raises(RunError, match=r"'sellers'.*buyers"):
        sale.bands("sellers")


def test_the_warm_up_does_not_count(simulate, one):
    """As in the metrics of the run: who arrived before it is left out."""
    loads = (one("tenant.resolve"), one("tenant.resolve", name="later").replace("at_s = 1", "at_s = 3"))
    found = rs.trace.attribution(simulate(*loads, warmup_s=2)).frame
    assert found["load"].to_list() == ["later"]


def test_a_run_without_requests_in_its_log_says_so(simulate, one):
    """Nothing was captured that traces could be made of."""
    run = simulate(one("tenant.resolve"), capture__include=["db.*"])
    with pytest.raises(RunError, match=r"request\.finished"):
        rs.trace.attribution(run)
