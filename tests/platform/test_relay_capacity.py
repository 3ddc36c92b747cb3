"""How many events a second a relay sends on within a whole node, against the closed formula of RusToK's facts (9.2)."""

import pytest

import rustok_sim as rs

ROUND_TRIP_S, PUBLISH_S = 0.001, 0.005


def formula_per_s(interval_s, batch_rows):
    """batch / (interval + 5 r + batch * (2 r + p))."""
    return batch_rows / (interval_s + 5 * ROUND_TRIP_S + batch_rows * (2 * ROUND_TRIP_S + PUBLISH_S))


@pytest.fixture
def run(root, tmp_path):
    """A run of the scenario with these settings of the relay, shortened."""

    def run(**settings):
        changes = {f"platform.outbox.relay.{name}": value for name, value in settings.items()}
        changes |= {"horizon_s": 30, "warmup_s": 0}
        return rs.run(root / "scenarios" / "relay_capacity.toml", set=changes, data=tmp_path)

    return run


@pytest.mark.parametrize(("interval_s", "batch_rows"), [(1.0, 100), (2.0, 100), (1.0, 50)])
def test_under_more_than_it_can_do_a_relay_sends_what_the_formula_says(run, interval_s, batch_rows):
    """Within 2 %, from the first full batch to the last one; the rest of the 90 events a second piles up."""
    ran = run(interval_s=interval_s, batch_rows=batch_rows)
    passes = ran.sql("select begin_s, value from events where kind = 'outbox.claimed' order by seq")
    begins = passes.filter(value=batch_rows)["begin_s"]
    seen = (len(begins) - 1) * batch_rows / (begins[-1] - begins[0])
    assert len(begins) > 8
    assert seen == pytest.approx(formula_per_s(interval_s, batch_rows), rel=0.02)
    assert ran.metrics["outbox"]["pending"] > 500


def test_a_relay_that_goes_on_after_a_full_batch_keeps_up(run):
    """Without the sleep the formula allows 142 a second, and 90 come (D-09)."""
    metrics = run(after_full_batch="go_on").metrics["outbox"]
    assert metrics["pending"] < 150
    assert metrics["age_s"]["p99"] < 2.5
