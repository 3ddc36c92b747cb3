"""Metrics as a value: paths, errors, HTML, JSON."""

import pickle

import pytest

from rustok_sim.verify import Metrics, UnknownMetric

CONTENT = {
    "requests": {"store_front": {"ok": 3, "availability": 0.75, "latency_s": {"mean": None}, "by_status": {"200": 3}}},
    "database": {"queries": 5, "pool_wait_s": {"mean": 0.123456}},
    "breaker": {"<b>": {"state": "open", "by_node": {}}},
}


@pytest.fixture
def metrics():
    """Some metrics."""
    return Metrics(CONTENT)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("requests.store_front.availability", 0.75),
        ("requests.store_front.latency_s.mean", None),
        ("requests.store_front.by_status.200", 3),
        ("database.queries", 5),
        ("breaker.<b>.state", "open"),
    ],
)
def test_a_path_leads_to_its_value(metrics, path, value):
    """Section, name, metric."""
    assert metrics.value(path) == value
    assert path in metrics.paths()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("requests.storefront.availability", "near it: requests.store_front.availability"),
        ("database", "there is no metric database; near it: database.queries"),
        ("zzz", "near it: requests.store_front.ok, "),
    ],
)
def test_an_unknown_path_is_told_what_is_near(metrics, path, told):
    """A misspelt name, a section in place of a metric, and nonsense."""
    with pytest.raises(UnknownMetric, match=told):
        metrics.value(path)


def test_where_there_is_nothing_nothing_is_near():
    """A run without capture has no metrics."""
    with pytest.raises(UnknownMetric, match="nothing, there are none"):
        Metrics({}).value("x")


def test_nobody_can_change_them(metrics):
    """What they give away is a copy, what they were made of may change."""
    content = {"database": {"queries": 5}}
    made = Metrics(content)
    content["database"]["queries"] = 6
    made["database"]["queries"] = 7
    made.to_dict()["database"]["queries"] = 8
    assert made.value("database.queries") == 5
    with pytest.raises(TypeError):
        made["database"] = {}


def test_are_a_mapping_of_plain_values(metrics):
    """Sections by name, equal by content, and fit to be sent to another process."""
    assert dict(metrics) == metrics.to_dict() == CONTENT
    assert len(metrics) == 3
    assert pickle.loads(pickle.dumps(metrics)) == metrics == Metrics(CONTENT)  # noqa: S301  # our own bytes


def test_refuse_what_is_no_json():
    """A NaN is nobody's number."""
    with pytest.raises(ValueError, match="Out of range"):
        Metrics({"database": {"queries": float("nan")}})


def test_say_in_one_line_what_they_hold(metrics):
    """Sections and their names; a section without names shows its metrics."""
    assert repr(metrics) == "Metrics: requests (store_front); database (queries, pool_wait_s); breaker (<b>)"
    assert repr(Metrics({})) == "Metrics: none"


def test_show_as_tables(metrics):
    """A table for each section, escaped, without the parts that go by status or node; no script and no id."""
    shown = metrics._repr_html_()
    assert shown.count("<table>") == 3
    assert "<th>requests</th><th>ok</th><th>availability</th><th>latency_s.mean</th>" in shown
    assert "<th>store_front</th><td>3</td><td>0.75</td><td>null</td>" in shown
    assert "<td>0.1235</td>" in shown
    assert "&lt;b&gt;" in shown
    assert not any(part in shown for part in ("<b>", "by_status", "<script", "id="))
    assert Metrics({})._repr_html_() == "Metrics: none"
    assert Metrics({"stations": {}})._repr_html_().count("<tr>") == 1
