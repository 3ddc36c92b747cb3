"""The functions of PromQL agree with the examples of Prometheus' own test data.

The numbers are those of ``promql/promqltest/testdata/functions.test`` and ``histograms.test`` of Prometheus 3.
"""

import pytest

from rustok_sim.core.errors import RuleError
from rustok_sim.telemetry import instant

MINUTE_S = 60.0


def answers(samples, expression, at_min):
    """The values by one label, or the only value."""
    found = instant(samples, expression, at_min * MINUTE_S)
    return {tuple(sorted(one.labels.items())): one.value for one in found}


def by(label, **values):
    """What ``answers`` gives for elements with one label."""
    return {((label, name),): pytest.approx(value, abs=1e-12) for name, value in values.items()}


@pytest.fixture
def requests(load):
    """Counters of five minutes: one plain, one with a reset, two that do not begin at zero."""
    written = {"foo": "0+10x10", "bar": "0+18x5 0+18x5", "dings": "10+10x10", "bumms": "1+10x10"}
    return load(5, [(("http_requests_total", {"path": path}), values) for path, values in written.items()])


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("50m", {"foo": 100, "bar": 160, "dings": 100, "bumms": 100}),
        ("100m", {"foo": 100, "bar": 162, "dings": 105, "bumms": 101}),
    ],
)
def test_increase_reaches_to_the_window_s_ends_but_not_below_zero(requests, window, expected):
    """Test data, "Tests for increase()"."""
    assert answers(requests, f"increase(http_requests_total[{window}])", 50) == by("path", **expected)


def test_a_counter_that_falls_was_reset_to_zero(load):
    """Test data: 3 2 is taken for 3 0 1 2."""
    samples = load(5, [(("c_total", {}), "0 1 2 3 2 3 4")])
    assert answers(samples, "increase(c_total[30m])", 30) == {(): pytest.approx(7)}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(middle_total[50m])", 0.08),
        ("rate(end_total[6m])", 0.0),
        ("rate(window_total[50m])", 0.26666666666666666),
        ("rate(window_total[10m] offset 5m)", 0.26666666666666666),
    ],
)
def test_rate_is_by_second(load, expression, expected):
    """Test data, "Tests for rate()"."""
    samples = load(
        5,
        [
            (("middle_total", {}), "0+27x4 0+27x5"),
            (("end_total", {}), "0+10x9 0 10"),
            (("window_total", {}), "0+80x10"),
        ],
    )
    assert answers(samples, expression, 50) == {(): pytest.approx(expected)}


def test_a_window_with_one_sample_has_no_rate(load):
    """Test data: the window is open at its left end."""
    samples = load(5, [(("end_total", {}), "0+10x9 0 10")])
    assert answers(samples, "rate(end_total[5m])", 50) == {}


@pytest.mark.parametrize(
    ("at_min", "expected"),
    [(10, [0.5, 0.55, 0.6, 0.6, 0.6, 0.6]), (50, [0.6, 0.6, 0.6, 0.6, 0.6, 0.6])],
)
def test_extrapolation_stops_where_the_counter_would_be_zero(load, at_min, expected):
    """Test data: "Zero cutoff for left-side extrapolation"."""
    samples = load(4, [(("c_total", {"start": f"{n}m"}), f"{60 * n}+240x10") for n in range(6)])
    wanted = by("start", **{f"{n}m": value for n, value in enumerate(expected)})
    assert answers(samples, "rate(c_total[20m])", at_min) == wanted


@pytest.mark.parametrize(
    ("window", "resets", "changes"),
    [
        ("10m", {"foo": 0, "bar": 0, "biz": 0}, None),
        ("20m", {"foo": 1, "bar": 0, "biz": 0}, {"foo": 2, "bar": 2, "biz": 0}),
        ("50m", {"foo": 3, "bar": 1, "biz": 0}, {"foo": 7, "bar": 8, "biz": 1}),
    ],
)
def test_resets_and_changes(load, window, resets, changes):
    """Test data for resets() and changes()."""
    written = {"foo": "1 2 3 0 1 0 0 1 2 0", "bar": "1 2 3 4 5 1 2 3 4 5", "biz": "0 0 0 0 0 1 1 1 1 1"}
    samples = load(5, [(("h", {"path": path}), values) for path, values in written.items()])
    assert answers(samples, f"resets(h[{window}])", 50) == by("path", **resets)
    if changes is not None:
        assert answers(samples, f"changes(h[{window}])", 50) == by("path", **changes)


def test_delta_of_a_gauge(load):
    """Test data, "Tests for delta()"."""
    samples = load(5, [(("g", {"path": "foo"}), "0 50 100 150 200"), (("g", {"path": "bar"}), "200 150 100 50 0")])
    assert answers(samples, "delta(g[20m])", 20) == by("path", foo=200, bar=-200)


@pytest.fixture
def histograms(load):
    """Two histograms, one with buckets below zero; and one by job and instance."""
    positive = {"0.1": "0+5x10", ".2": "0+7x10", "1e0": "0+11x10", "+Inf": "0+12x10"}
    negative = {"-.2": "0+1x10", "-0.1": "0+2x10", "0.3": "0+2x10", "+Inf": "0+3x10"}
    both = {"positive": positive, "negative": negative}
    series = [
        (("t_bucket", {"le": le, "start": start}), values)
        for start, all_ in both.items()
        for le, values in all_.items()
    ]
    counts = {
        ("job1", "ins1"): (1, 3, 4),
        ("job1", "ins2"): (2, 5, 6),
        ("job2", "ins1"): (3, 4, 6),
        ("job2", "ins2"): (4, 7, 9),
    }
    for (job, instance), steps in counts.items():
        for le, step in zip(("0.1", "0.2", "+Inf"), steps, strict=True):
            series.append((("r_bucket", {"job": job, "instance": instance, "le": le}), f"0+{step}x10"))
    return load(5, series)


@pytest.mark.parametrize(
    ("quantile", "positive", "negative"),
    [
        (-0.1, float("-inf"), float("-inf")),
        (1.01, float("inf"), float("inf")),
        (0, 0, -0.2),
        (0.2, 0.048, -0.2),
        (0.5, 0.15, -0.15),
        (0.8, 0.72, 0.3),
        (1, 1, 0.3),
    ],
)
@pytest.mark.parametrize("counted", ["t_bucket", "rate(t_bucket[10m])"])
def test_quantiles_of_a_histogram(histograms, quantile, positive, negative, counted):
    """Test data: "Finally some useful quantiles", "Quantile value in lowest bucket", and so on."""
    found = answers(histograms, f"histogram_quantile({quantile}, {counted})", 50)
    assert found == by("start", positive=positive, negative=negative)


@pytest.mark.parametrize(
    ("grouped", "quantile", "expected"),
    [
        ("sum by (le)", 0.3, {(): 0.075}),
        ("sum by (le)", 0.5, {(): 0.12777777777777778}),
        ("avg by (le)", 0.5, {(): 0.12777777777777778}),
        ("sum by (le, job)", 0.3, {(("job", "job1"),): 0.1, (("job", "job2"),): 0.0642857142857143}),
        ("sum without (job)", 0.5, {(("instance", "ins1"),): 0.1333333333, (("instance", "ins2"),): 0.125}),
    ],
)
def test_quantiles_of_aggregated_histograms(histograms, grouped, quantile, expected):
    """Test data, "Aggregated histogram"."""
    found = answers(histograms, f"histogram_quantile({quantile}, {grouped} (rate(r_bucket[10m])))", 50)
    assert found == {labels: pytest.approx(value) for labels, value in expected.items()}


def test_operators_filter_match_and_combine(load):
    """Documentation, "Operators": comparisons keep elements, arithmetic drops the name, sets go by labels."""
    samples = load(
        1,
        [
            (("a", {"x": "1"}), "4 4"),
            (("a", {"x": "2"}), "8 8"),
            (("b", {"x": "1"}), "2 2"),
            (("b", {"x": "3"}), "1 1"),
        ],
    )

    def values(expression):
        return {dict(labels).get("x"): value for labels, value in answers(samples, expression, 1).items()}

    assert values("a > 5") == {"2": 8}
    assert values("5 > a") == {"1": 4}
    assert values("a > bool 5") == {"1": 0, "2": 1}
    assert values("a / b") == {"1": 2}
    assert values("a and b") == {"1": 4}
    assert values("a unless b") == {"2": 8}
    assert values("a or b") == {"1": 4, "2": 8, "3": 1}
    assert values("-a{x!='1'} + 1") == {"2": -7}
    assert values('a{x=~"1|3"}') == {"1": 4}
    assert values("sum by (x) (a) % 3") == {"1": 1, "2": 2}
    assert instant(samples, "2 ^ 3 > bool 7", 60.0) == 1.0
    assert instant(samples, "time()", 60.0) == 60.0
    assert answers(samples, 'absent(c{x="9"})', 1) == {(("x", "9"),): 1.0}
    assert answers(samples, "max(a) - min(a) + count(a)", 1) == {(): 6.0}


def test_a_sample_stands_for_five_minutes_and_not_for_a_series_that_is_gone(load):
    """Documentation, "Staleness": the look-back is open at its far end; a mark ends a series at once."""
    samples = load(1, [(("a", {}), "1 1 1"), (("b", {}), "1 1 _")])
    assert answers(samples, "a", 6.9) != {}
    assert answers(samples, "a", 7) == {}
    assert answers(samples, "b", 1.5) != {}
    assert answers(samples, "b", 2) == {}


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("rate(", "no PromQL"),
        ("rate(a)", "no PromQL"),
        ("a @ 5", "@ modifier"),
        ("max_over_time(rate(a[5m])[10m:1m])", "SubqueryExpr"),
        ("quantile(0.5, a)", "quantile"),
        ("irate(a[5m])", "irate"),
        ("a * on(x) group_left b", "group_left"),
        ("a + on() b", "several series"),
    ],
)
def test_what_is_not_evaluated_is_refused_by_name(load, expression, problem):
    """No expression gives a wrong answer silently."""
    samples = load(1, [((name, {"x": x}), "1 1") for name in "ab" for x in "12"])
    with pytest.raises(RuleError, match=problem):
        instant(samples, expression, 60.0)
