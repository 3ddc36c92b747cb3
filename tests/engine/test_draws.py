"""Draws: keyed by where and for whom, the same whatever the order, and of the law they claim."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rustok_sim.capture import NullJournal
from rustok_sim.core.ports import Call
from rustok_sim.engine import Draws, distributions, exact
from rustok_sim.engine.distributions import sampler
from rustok_sim.engine.runtime import NodeRuntime
from rustok_sim.engine.world import World
from rustok_sim.scenario import Erlang, Exponential, Hyperexponential, Lognormal, Pareto, Uniform


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=50))
def test_a_draw_does_not_depend_on_what_was_drawn_before(entities):
    """Any order of asking gives each entity the number that a fresh stream gives it."""
    stream = Draws(1).stream("site", "source")
    assert [stream(entity) for entity in entities] == [Draws(1).stream("site", "source")(entity) for entity in entities]


DRAWING = st.lists(st.tuples(st.sampled_from(["x", "y"]), st.integers(0, 2_000), st.integers(1, 90)), max_size=12)


@given(DRAWING, st.randoms())
@settings(max_examples=40)
def test_the_next_draw_of_a_call_is_that_of_its_attempt(calls, order):
    """However many a call needs, and whoever draws in between."""
    site = distributions.site(Draws(1), "site", Lognormal(dist="lognormal", mean_s=2.0, cv=0.5))
    alone = distributions.site(Draws(1), "site", Lognormal(dist="lognormal", mean_s=2.0, cv=0.5))
    made = [Call(number, source, entity) for number, (source, entity, _) in enumerate(calls)]
    turns = [call for call, (_, _, times) in zip(made, calls, strict=True) for _ in range(times)]
    order.shuffle(turns)
    drawn = {call.id: [] for call in made}
    for call in turns:
        drawn[call.id].append(site.of(call))
    for call, (source, entity, times) in zip(made, calls, strict=True):
        assert drawn[call.id] == [alone(source, entity, attempt) for attempt in range(times)]


def test_a_call_that_changes_nodes_goes_on_with_its_draws():
    """What one node's draws had ready for it does not begin again on the other."""
    draws, journal = Draws(1), NullJournal()
    nodes = [NodeRuntime(World(), name, draws, journal) for name in ("node-1", "node-2")]
    others, call = [Call(number, "x", number) for number in range(3)], Call(9, "x", 9)
    for other in others:
        for _ in range(5):
            nodes[0].uniform("luck", other)
    drawn = [nodes[number % 2].uniform("luck", call) for number in range(5)]
    assert drawn == [Draws(1).stream("luck", "x", attempt)(9) for attempt in range(5)]


def test_every_part_of_the_key_matters():
    """Seed, replication, site, source, attempt and entity each give another number."""
    numbers = [
        Draws(1).stream("a", "x")(0),
        Draws(2).stream("a", "x")(0),
        Draws(1, 1).stream("a", "x")(0),
        Draws(1).stream("b", "x")(0),
        Draws(1).stream("a", "y")(0),
        Draws(1).stream("a", "x", 1)(0),
        Draws(1).stream("a", "x")(1),
    ]
    assert len(set(numbers)) == len(numbers)


def test_the_generator_is_philox_as_published():
    """The first word for key 0 and counter 1 of Philox4x64-10, from numpy's own stream, is the first draw's source."""
    stream = Draws(5).stream("s")
    raw = np.random.Philox(key=stream._key, counter=0).random_raw(8)
    assert [stream(i) for i in range(8)] == [(int(word) >> 11) * 2.0**-53 for word in raw]


def test_streams_of_two_entities_are_not_correlated():
    """|r| of 10,000 pairs of neighbouring streams stays below four standard errors."""
    a = Draws(1).stream("s", "x")
    b = Draws(1).stream("s", "x", 1)
    pairs = [(a(i), b(i)) for i in range(10_000)]
    r = statistics.correlation([p[0] for p in pairs], [p[1] for p in pairs])
    assert abs(r) < 4 / math.sqrt(10_000)


LAWS = {
    "exponential": (Exponential(dist="exponential", mean_s=2.0), stats.expon(scale=2.0)),
    "uniform": (Uniform(dist="uniform", low_s=1.0, high_s=3.0), stats.uniform(1.0, 2.0)),
    "erlang": (Erlang(dist="erlang", k=3, mean_s=2.0), stats.gamma(3, scale=2.0 / 3)),
    "lognormal": (
        Lognormal(dist="lognormal", mean_s=2.0, cv=0.5),
        stats.lognorm(math.sqrt(math.log(1.25)), scale=2.0 / math.sqrt(1.25)),
    ),
    "pareto": (Pareto(dist="pareto", mean_s=3.0, alpha=2.5), stats.pareto(2.5, scale=3.0 * 1.5 / 2.5)),
}


@pytest.mark.parametrize("law", LAWS)
def test_samples_follow_their_law(law):
    """Kolmogorov and Smirnov do not tell 20,000 samples from scipy's distribution at level 0.001."""
    spec, distribution = LAWS[law]
    chosen = sampler(spec)
    stream = Draws(3).stream("s", transform=chosen.transform, words=chosen.words)
    assert stats.kstest([stream(i) for i in range(20_000)], distribution.cdf).pvalue > 0.001


def test_hyperexponential_samples_have_the_stated_mean_and_variation():
    """Mean 2 and cv 3 within four standard errors of 200,000 samples (the fourth moment is bounded by the branches)."""
    chosen = sampler(Hyperexponential(dist="hyperexponential", mean_s=2.0, cv=3.0))
    stream = Draws(3).stream("s", transform=chosen.transform, words=chosen.words)
    samples = [stream(i) for i in range(200_000)]
    assert statistics.fmean(samples) == pytest.approx(2.0, abs=4 * 6.0 / math.sqrt(len(samples)))
    assert statistics.pstdev(samples) / statistics.fmean(samples) == pytest.approx(3.0, rel=0.03)


@given(st.floats(1e-300, 1e300))
def test_logarithm_is_within_one_unit_in_the_last_place(x):
    """Against the C library, which is itself within one unit."""
    ours = float(exact.log(np.array([x]))[0])
    assert abs(ours - math.log(x)) <= 2 * math.ulp(math.log(x))


@given(st.floats(-700, 700))
def test_exponential_is_within_one_unit_in_the_last_place(x):
    """Against the C library, which is itself within one unit."""
    ours = float(exact.exp(np.array([x]))[0])
    assert abs(ours - math.exp(x)) <= 2 * math.ulp(math.exp(x))


@given(st.floats(2.0**-54, 1 - 2.0**-53))
def test_normal_quantile_agrees_with_the_standard_library(u):
    """``statistics.NormalDist`` uses the same published approximation, AS 241."""
    ours = float(exact.normal_quantile(np.array([u]))[0])
    assert ours == pytest.approx(statistics.NormalDist().inv_cdf(u), rel=1e-12, abs=1e-15)
