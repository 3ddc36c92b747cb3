"""What the panels show, against what the run measured by other queries and against counts by hand."""

import numpy as np
import pytest

import rustok_sim as rs
from rustok_sim.dashboard.board import board_of, clock_of
from rustok_sim.dashboard.panels import Clock, Line, Span, Strip
from rustok_sim.report.style import looks


def panel(board, key):
    """The panel of this key."""
    return next(panel for panel in board.panels if panel.key == key)


def total(board, key, name):
    """All that a line of rates counted."""
    [line] = [line for line in panel(board, key).lines if line.name == name]
    return round(float(line.values.sum()) * board.clock.width_s)


def test_rates_add_up_to_what_the_run_measured(outage, outage_board):
    """Traffic, errors and hits, summed over all buckets, are the counts of the metrics (there is no warm-up)."""
    requests, cache = outage.metrics["requests"]["storefront"], outage.metrics["cache"]["tenant"]
    finished = sum(requests[name] for name in ("ok", "rejected", "failed", "timed_out"))
    assert total(outage_board, "traffic", "storefront") == finished > 0
    errors = sum(total(outage_board, "errors", line.name) for line in panel(outage_board, "errors").lines)
    assert errors == finished - requests["ok"] > 0
    assert total(outage_board, "cache", "hits") == cache["hits"] > 0
    assert total(outage_board, "cache", "misses") == cache["misses"] > 0


def test_breakers_are_open_as_long_as_the_run_measured(outage, outage_board):
    """Over all nodes, by the strips' lengths."""
    strips = panel(outage_board, "breakers").strips
    open_s = sum(span.end_s - span.begin_s for strip in strips for span in strip.spans if span.state == "open")
    measured = sum(breaker["open_s"] for breaker in outage.metrics["breaker"].values())
    assert open_s == pytest.approx(measured, abs=0.1)
    assert open_s > 0.0


def test_the_outbox_ends_with_the_rows_that_are_pending(delivery, delivery_board):
    """And while the log was away there were more, the older the longer."""
    clock = delivery_board.clock
    [backlog] = panel(delivery_board, "backlog").lines
    [age] = panel(delivery_board, "age").lines
    outbox = delivery.metrics["outbox"]
    assert backlog.values[-1] == outbox["pending"] + outbox["stranded"]
    during, before = clock.place(16.5), clock.place(11.0)
    assert backlog.values[during] > 2 * backlog.values[before]
    assert 4.0 < age.values[during] < 7.0


def test_the_read_model_is_never_later_than_the_run_measured(delivery, delivery_board):
    """The worst lag of all is the largest value of its line."""
    lines = {line.name: line.values for line in panel(delivery_board, "index").lines}
    assert np.nanmax(lines["most"]) == pytest.approx(delivery.metrics["index"]["lag_s"]["max"])
    assert np.all((lines["median"] <= lines["most"]) | np.isnan(lines["most"]))


def test_panels_without_data_say_why(outage_board, delivery_board):
    """Nobody writes in the outage, so that there is neither outbox nor read model; no rule fires within a minute."""
    assert {panel.key for panel in outage_board.empty} == {"backlog", "age", "index", "alerts"}
    assert all(panel.empty for panel in outage_board.empty)
    assert "index" not in {panel.key for panel in delivery_board.empty}


def test_faults_are_read_off_while_they_are_at_work(outage_board):
    """From 20 to 30 s, and at no other time."""
    clock = outage_board.clock
    at_work = [place for place, state in enumerate(outage_board.faults_at) if state == "outage of redis"]
    assert at_work == list(range(clock.place(20.0), clock.place(30.0)))
    assert outage_board.start == clock.place(20.0)


def test_alerts_are_those_of_the_rules(outage, outage_board):
    """As ``telemetry.watch`` has them, were everything recorded."""
    from rustok_sim.telemetry import PROPOSED, RUSTOK, load_rules, watch

    fired = {one.alert for one in watch(outage, load_rules(RUSTOK, PROPOSED), as_recorded=False).firings}
    shown = {strip.name for found in outage_board.panels if found.key == "alerts" for strip in found.strips}
    assert shown == fired


@pytest.mark.parametrize(
    ("horizon_s", "width_s", "buckets"),
    [(600, 5.0, 120), (60, 0.5, 120), (180, 2.0, 90), (601, 10.0, 61), (0.3, 0.005, 60)],
)
def test_buckets_have_round_widths_and_cover_the_run(horizon_s, width_s, buckets):
    """The least of 1, 2, 5 times a power of ten that makes at most 120 of them."""
    assert clock_of(horizon_s, horizon_s) == (pytest.approx(width_s), buckets, buckets)


def test_a_run_that_goes_on_is_known_up_to_the_last_whole_bucket():
    """12.4 of 60 s, in buckets of half a second."""
    assert clock_of(60, 12.4).known == 24


def test_a_strip_reads_off_every_state_of_a_bucket():
    """Buckets of 2 s: a change at an edge belongs to the next one, and what has no length to its own."""
    strip = Strip("breaker", (Span(0, 2, "closed"), Span(2, 5, "open"), Span(5, 5, "half open"), Span(5, 8, "closed")))
    assert strip.readings(Clock(2.0, 5, 5)) == ["closed", "open", "open → half open → closed", "closed", "–"]


def test_a_line_reads_off_nothing_where_nothing_is_known():
    """A gap, and what is still to come."""
    [look] = looks(["line"]).values()
    assert Line("line", look, np.array([1.0, np.nan])).readings(Clock(1.0, 3, 2)) == ["1", "–", "–"]


def test_what_was_not_captured_is_not_said_not_to_have_happened(root, tmp_path):
    """Without the records of caches a dashboard cannot know of one: it says what it knows at all."""
    changes = {"horizon_s": 2, "warmup_s": 0, "faults": []}
    kept = {"requests": {"capture.include": ["request.*"]}, "none": {"capture.enabled": False}, "all": {}}
    runs = {
        name: rs.run(root / "scenarios/redis_outage.toml", set=changes | more, data=tmp_path)
        for name, more in kept.items()
    }
    told = {name: board_of(run).facts.get("captured", "") for name, run in runs.items()}
    assert told["requests"].startswith("request.*;")
    assert told["none"].startswith("nothing;")
    assert told["all"] == ""
