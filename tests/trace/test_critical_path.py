"""The critical path: without a gap, through what made others wait; and the pictures of a trace."""

import matplotlib as mpl
import pytest

mpl.use("agg")

import rustok_sim as rs

REQUEST = 1_000_000_000


@pytest.fixture(scope="module")
def run(simulate, one):
    """A price, set and indexed."""
    return simulate(one("price.set"))


def test_the_path_has_no_gap(run):
    """Each stretch begins where the one before ended, from the arrival to the end of the last span."""
    path = rs.trace.critical_path(run, correlation=REQUEST)
    ends = [path.trace.root.begin_s, *(one.end_s for one in path.segments)]
    assert [one.begin_s for one in path.segments] == ends[:-1]
    assert ends[-1] == max(span.end_s for span in path.trace.spans())


def test_the_path_leads_through_commit_relay_log_and_indexer(run):
    """An event can be taken once its transaction is over. The relay's mark is not on the path: nobody waits for it."""
    path = rs.trace.critical_path(run, correlation=REQUEST)
    names = [one.what for one in path.segments]
    assert names[-1] == "index_inbox.insert"
    commit = names.index("commit")
    assert names[commit + 1 : commit + 5] == [
        "wait for: relay event", "send log", "wait for: process product_indexer", "index_inbox.select",
    ]  # fmt: skip
    assert "outbox.mark" not in names
    [wait] = [one for one in path.segments if one.waiting and one.what == "wait for: relay event"]
    assert wait.begin_s == path.trace.root.end_s  # with the commit the request is answered


def test_without_anything_asynchronous_the_path_is_the_request(simulate, one):
    """It ends with the answer, and but for the opening of a connection, two round trips of 2 ms, it never waits."""
    path = rs.trace.critical_path(simulate(one("product.get")), correlation=REQUEST)
    assert path.duration_s == path.trace.root.duration_s
    [wait] = [one for one in path.segments if one.waiting]
    assert wait.what.endswith(": wait for a connection")
    assert wait.end_s - wait.begin_s == pytest.approx(0.004)


def test_the_tables_read_in_a_notebook(run):
    """A row for each stretch, a row for each span."""
    path = rs.trace.critical_path(run, correlation=REQUEST)
    assert path._repr_html_().count("<tr>") == 1 + len(path.segments)
    trace = rs.trace.trace_of(run, REQUEST)
    assert trace._repr_html_().count("<tr>") == 1 + sum(1 for _ in trace.spans())


def test_a_waterfall_has_a_bar_for_each_span(run):
    """All of them fit, and the pause until the relay comes is cut out and named."""
    trace = rs.trace.trace_of(run, REQUEST)
    figure = rs.trace.waterfall(run, correlation=REQUEST)
    [axes] = figure.axes
    spans = list(trace.spans())
    bars = [patch for patch in axes.patches if patch.get_height() == pytest.approx(0.66)]
    assert len(bars) == len(spans)
    texts = [text.get_text() for text in figure.findobj(mpl.text.Text)]
    assert {span.name for span in spans} <= {text.strip() for text in texts}
    [taken_s] = run.sql("select at_s from events where kind = 'outbox.taken'")["at_s"]
    assert f"{1000 * (taken_s - trace.root.end_s):.0f} ms" in texts  # with the commit the request is answered
    assert "ms" in axes.get_xlabel()
    assert "pause" in figure.alt


def test_a_large_trace_is_cut_to_its_longest_spans(run):
    """With those above them, and it says how many are missing."""
    count = sum(1 for _ in rs.trace.trace_of(run, REQUEST).spans())
    figure = rs.trace.waterfall(run, correlation=REQUEST, rows=10)
    bars = [patch for patch in figure.axes[0].patches if patch.get_height() == pytest.approx(0.66)]
    assert 6 < len(bars) <= 10
    assert f"shortest {count - len(bars)} spans" in figure.alt
