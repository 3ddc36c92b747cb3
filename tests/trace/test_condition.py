"""The condition of ``--where``: what it selects, and that nothing else gets through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rustok_sim as rs
from rustok_sim.core.errors import RustokSimError
from rustok_sim.trace.condition import COLUMNS, ConditionError, read_condition

TOKENS = [*COLUMNS, "$where_0", "and", "or", "not", "=", "!=", "<", "<=", ">", ">=", "(", ")", "true"]


@pytest.fixture(scope="module")
def run(simulate, one):
    """Forty requests of two classes, some of which find no connection in time."""
    loads = (one("product.list", count=30, name="buyers"), one("inventory.adjust", count=10, name="tills"))
    return simulate(*loads, deployment__database__pool_connections=2, deployment__database__acquire_timeout_s=0.1)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("latency_s > 0.2", "latency_s > 0.2"),
        ("load == 'tills' and status >= 500", "load = 'tills' and status >= 500"),
        ("load = 'tills' and status >= 500", "load = 'tills' and status >= 500"),
        ("not (outcome = 'ok' or node = 'node-1')", "not (outcome = 'ok' or node = 'node-1')"),
        ("0.05 < latency_s <= 0.2", "latency_s > 0.05 and latency_s <= 0.2"),
        ("attempts != 1", "false"),
        ("begin_s > -1 and end_s < 100 and tenant != '' and correlation > 0", "true"),
    ],
)
def test_a_condition_selects_what_it_says(run, text, sql):
    """Against the same condition over the records themselves."""
    asked = "select *, site as load, at_s as end_s, at_s - begin_s as latency_s, 1 as attempts from events"
    ended = f"select * from ({asked}) where kind = 'request.finished' and {sql}"  # noqa: S608 -- the lines above
    count = run.sql(ended).height
    assert sum(1 for _ in rs.trace.traces(run, text, background=False)) == count


def test_the_condition_tells_requests_apart(run):
    """Else the cases above would prove little."""
    counts = [
        sum(1 for _ in rs.trace.traces(run, text, background=False)) for text in ("status >= 500", "status < 500")
    ]
    assert min(counts) > 0
    assert sum(counts) == 40


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("latency_s >", "--where:1:", "cannot be read"),
        ("latency_s > 1; drop table events", "--where:1:14", "cannot be read"),
        ("seq > 1", "--where:1:1:", "'seq' is no column"),
        ("latency_s > 'a'", "--where:1:13:", "must be a number"),
        ("load == 1", "--where:1:9:", "must be a text"),
        ("latency_s > True", "--where:1:13:", "must be a number"),
        ("latency_s > end_s", "--where:1:1:", "one column and one value"),
        ("1 > 0", "--where:1:1:", "one column and one value"),
        ("latency_s", "--where:1:1:", "is no comparison"),
        ("latency_s > abs(1)", "--where:1:13:", "neither a column nor a value"),
        ("status in (1, 2)", "--where:1:1:", "compared in a way"),
        ("", "--where:1:", "cannot be read"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(text, where, problem):
    """One message that says what is allowed."""
    with pytest.raises(ConditionError) as caught:
        read_condition(text)
    assert str(caught.value).startswith(where)
    assert problem in str(caught.value)
    assert "allowed are" in str(caught.value)


@given(
    st.lists(st.sampled_from([*TOKENS, "latency_s>1", "load='x'", "';--", '"', "\\", "\0", "seq", "f()", "[0]"])).map(
        " ".join
    )
    | st.text()
)
def test_nothing_of_the_text_reaches_the_sql(text):
    """Either it is refused, or the SQL consists of the words above and numbered parameters."""
    try:
        sql, parameters = read_condition(text)
    except RustokSimError:
        return
    rest = re.sub(r"\$where_\d+", "$where_0", sql).replace("(", " ( ").replace(")", " ) ").split()
    assert set(rest) <= set(TOKENS)
    assert sql.count("$") == len(parameters)
    assert all(type(value) in (int, float, str) for value in parameters.values())
