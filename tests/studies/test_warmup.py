"""How long the beginning of a run is not like the rest."""

import pytest

from rustok_sim.studies.warmup import BATCH, BINS, mser5, steady, warmups
from rustok_sim.testing import scenario_of

LOAD = {"name": "c", "route": ["q"], "arrivals": {"process": "poisson", "rate_per_s": 1.0}}
STATIONS = {"q": {"servers": 1, "service": {"dist": "constant", "value_s": 0.1}}}


def noise(n):
    """Small and without a trend: the fractional parts of multiples of the golden ratio."""
    return [0.1 * ((i * 0.6180339887498949) % 1.0 - 0.5) for i in range(n)]


def test_a_ramp_at_the_beginning_is_cut_where_it_ends():
    """Fifty values rise from 0 to 1, the rest stays at 1: the cut lies within a few batches of the fiftieth."""
    values = [min(1.0, i / 50) + e for i, e in enumerate(noise(BINS))]
    cut = mser5(values)
    assert cut is not None
    assert 35 <= cut <= 60
    assert cut % BATCH == 0


def test_what_never_settles_has_no_cut():
    """A value that grows to the end: the least error lies in the second half, so the run is too short."""
    assert mser5([float(i) for i in range(BINS)]) is None


def test_what_is_steady_from_the_start_needs_no_cut():
    """At most a batch or two by chance."""
    cut = mser5([1.0 + e for e in noise(BINS)])
    assert cut is not None
    assert cut <= 4 * BATCH


def test_the_advice_is_told_in_seconds_beside_what_the_scenario_sets():
    """300 bins over 600 s are 2 s each: the ramp of 50 bins ends at 100 s. Enough of a warm-up draws no warning."""
    series = {"c": [min(1.0, i / 50) + e for i, e in enumerate(noise(BINS))]}

    def found(warmup_s):
        scenario = scenario_of(horizon_s=600.0, warmup_s=warmup_s, load=[LOAD], stations=STATIONS)
        [one] = warmups(scenario, [series, series])
        return one

    assert found(0.0).advised_s == pytest.approx(100.0, abs=30.0)
    assert "a warm-up of" in found(0.0).warning
    assert found(200.0).warning is None


def test_only_scenarios_that_aim_at_a_steady_state_have_one():
    """A fault at a moment, a burst or arrivals that stop make a story, which no beginning is cut from."""
    assert steady(scenario_of(load=[LOAD], stations=STATIONS))
    fault = {"kind": "outage", "target": "q", "at_s": 5.0}
    assert not steady(scenario_of(load=[LOAD], stations=STATIONS, faults=[fault]))
    burst = LOAD | {"arrivals": {"process": "burst", "at_s": 1.0, "count": 3}}
    assert not steady(scenario_of(load=[burst], stations=STATIONS))
    stopping = LOAD | {"arrivals": {"process": "poisson", "rate_per_s": 1.0, "stop_s": 5.0}}
    assert not steady(scenario_of(load=[stopping], stations=STATIONS))
