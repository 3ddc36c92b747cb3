"""How many events a relay sends on in a second, against the closed formula (9.2)."""

import pytest

BATCHES = 6


def formula_per_s(interval_s, round_trip_s, publish_s, batch_rows=100):
    """batch / (interval + 5 r + batch * (2 r + p))."""
    return batch_rows / (interval_s + 5 * round_trip_s + batch_rows * (2 * round_trip_s + publish_s))


@pytest.mark.parametrize("publish_s", [0.0001, 0.005, 0.02])
@pytest.mark.parametrize("round_trip_s", [0.0002, 0.001, 0.005])
@pytest.mark.parametrize("interval_s", [0.1, 1.0, 2.0])
def test_a_backlog_is_worked_off_as_the_formula_says(make_yard, interval_s, round_trip_s, publish_s):
    """Within 2 %, counted over whole periods from one claim to another."""
    yard = make_yard(round_trip_s, publish_s)
    yard.write(100 * (BATCHES + 1))
    expected = formula_per_s(interval_s, round_trip_s, publish_s)
    yard.start(yard.relay(interval_s=interval_s))
    yard.world.run_to(100 * (BATCHES + 2) / expected)
    begins = [record.begin_s for record in yard.of("outbox.claimed") if record.value == 100]
    seen = BATCHES * 100 / (begins[BATCHES] - begins[0])
    assert seen == pytest.approx(expected, rel=0.02)


def test_the_facts_table_is_the_formula():
    """Three of its cells, as printed: 317, 59 and 24 a second at a round trip of 1 ms."""
    cells = [(0.1, 0.0001), (1.0, 0.005), (2.0, 0.02)]
    assert [round(formula_per_s(interval, 0.001, publish)) for interval, publish in cells] == [317, 59, 24]


def test_going_on_after_a_full_batch_lifts_the_bound(yard):
    """As built the sleep after a full batch caps the relay (D-09); without it only round trips and publishes count."""
    yard.write(700)
    yard.start(yard.relay(after_full_batch="go_on"))
    yard.world.run_to(20.0)
    begins = [record.begin_s for record in yard.of("outbox.claimed") if record.value == 100]
    assert 600 / (begins[6] - begins[0]) == pytest.approx(formula_per_s(0.0, 0.001, 0.005), rel=0.02)


def test_lanes_publish_side_by_side(yard):
    """Ten lanes on ten connections: the batch's part of the period shrinks to a tenth."""
    yard.write(700)
    yard.start(yard.relay(concurrency=10))
    yard.world.run_to(20.0)
    begins = [record.begin_s for record in yard.of("outbox.claimed") if record.value == 100]
    each_s = (begins[6] - begins[1]) / 5
    assert each_s == pytest.approx(1.0 + 5 * 0.001 + 10 * 0.007, rel=0.02)


def test_without_an_interval_it_polls_as_fast_as_the_round_trips_let_it(yard):
    """A missing events block means 0 (D-43): a pass each 3 r, against one a second."""
    yard.start(yard.relay(interval_s=0.0))
    yard.world.run_to(1.0)
    passes = len(yard.of("outbox.claimed"))
    assert passes == pytest.approx(1.0 / 0.003, rel=0.02)


@pytest.mark.parametrize("marking", ["each", "batch"])
@pytest.mark.parametrize("publishing", ["each", "batch"])
@pytest.mark.parametrize(
    ("round_trip_s", "publish_s"), [(0.0002, 0.0001), (0.0002, 0.02), (0.005, 0.0001), (0.005, 0.02)]
)
def test_what_is_done_for_a_batch_at_once_costs_once(make_yard, marking, publishing, round_trip_s, publish_s):
    """By counting round trips: five of the claim, then the publishes, and a look and a mark a row, or one mark."""
    yard = make_yard(round_trip_s, publish_s)
    yard.write(100 * (BATCHES + 1))
    publishes, marks = (100 if publishing == "each" else 1), (200 if marking == "each" else 1)
    period_s = 0.1 + 5 * round_trip_s + publishes * publish_s + marks * round_trip_s
    yard.start(yard.relay(interval_s=0.1, publishing=publishing, marking=marking))
    yard.world.run_to((BATCHES + 2) * period_s)
    begins = [record.begin_s for record in yard.of("outbox.claimed") if record.value == 100]
    assert (begins[BATCHES] - begins[0]) / BATCHES == pytest.approx(period_s, rel=0.02)
