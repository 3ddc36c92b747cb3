"""moka's frequency admission: who is let in, what a scan does, how fame fades, and that processes agree."""

import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.cache import BoundedCache
from rustok_sim.core.cache.sketch import COUNT_MAX, FrequencySketch

HOT = [f"hot-{number}" for number in range(50)]
SCAN = [f"once-{number}" for number in range(400)]


def survivors_of_a_scan(eviction):
    """How many of 50 hot keys, each used ten times, outlive 400 keys asked for once, in a cache of 100."""
    cache = BoundedCache(100, ttl_s=300.0, eviction=eviction)
    for key in HOT:
        cache.put(key, key, 0.0)
    for _ in range(10):
        for key in HOT:
            cache.get(key, 0.0)
    for key in SCAN:
        if cache.get(key, 1.0) is None:
            cache.put(key, key, 1.0)
    return sum(cache.peek_expired(key, 1.0, 0.0) is not None for key in HOT)


def test_a_scan_flushes_the_hot_keys_of_an_lru_cache():
    """400 newcomers are more than the 100 places, so nothing older than the scan is left."""
    assert survivors_of_a_scan("lru") == 0


def test_a_scan_does_not_flush_the_hot_keys_of_a_frequency_cache():
    """The first 50 newcomers fill the room; each later one, seen once, stands against a hot key seen ten times."""
    assert survivors_of_a_scan("tiny_lfu") == 50


def test_a_newcomer_is_let_in_only_if_it_is_asked_for_more_often():
    """The oldest key was asked for twice; a newcomer after two misses is refused, after a third it is let in."""
    cache = BoundedCache(2, ttl_s=300.0)
    for key in ("old", "new"):
        cache.put(key, key, 0.0)
        for _ in range(2):
            cache.get(key, 0.0)
    answers = []
    for second in (1.0, 2.0, 3.0):
        cache.get("candidate", second)
        answers.append(cache.put("candidate", "candidate", second))
    assert answers == [["candidate"], ["candidate"], ["old"]]


def test_before_the_cache_is_half_full_nothing_is_counted():
    """Of 4 places one is taken: ten look-ups of it are forgotten, and one miss outbids it when the cache is full."""
    cache = BoundedCache(4, ttl_s=300.0)
    cache.put("early", 0, 0.0)
    for _ in range(10):
        cache.get("early", 0.0)
    for key in "abc":
        cache.put(key, key, 0.0)
    cache.get("candidate", 1.0)
    assert cache.put("candidate", 1, 1.0) == ["early"]


def test_writes_are_not_counted():
    """A key written a hundred times and never asked for loses to one miss."""
    cache = BoundedCache(2, ttl_s=300.0)
    for number in range(100):
        cache.put("written", number, 0.0)
    cache.put("other", 0, 0.0)
    cache.get("other", 0.0)
    cache.get("candidate", 1.0)
    assert cache.put("candidate", 1, 1.0) == ["written"]


def test_counts_stop_at_fifteen():
    """Four bits hold no more."""
    sketch = FrequencySketch(128)
    for _ in range(40):
        sketch.increment(sketch.places("a"))
    assert (sketch.estimate(sketch.places("a")), sketch.size) == (COUNT_MAX, COUNT_MAX)


def test_after_ten_times_the_capacity_all_counts_are_halved():
    """Capacity 128, so the 1,280th increment ages: 15 becomes 7 and the sample begins near one half."""
    sketch = FrequencySketch(128)
    famous = sketch.places("famous")
    for _ in range(15):
        sketch.increment(famous)
    number = 0
    while sketch.size < 1_279:
        sketch.increment(sketch.places(f"key-{number}"))
        number += 1
    assert sketch.estimate(famous) == 15
    sketch.increment(sketch.places("the last one"))
    assert sketch.estimate(famous) == 7
    assert sketch.size <= 640


def test_odd_counts_leave_the_sample_with_their_lost_halves():
    """A count of 1 becomes 0, half a count more than its half: the sample shrinks by an eighth of all odd counters."""
    sketch = FrequencySketch(128)
    keys = [sketch.places(number) for number in range(1_279)]
    for places in keys:
        sketch.increment(places)
    before = sum(sketch._counts)
    odd = sum(count & 1 for count in sketch._counts)
    assert before == 4 * 1_279
    sketch.increment((0, 512, 1_024, 1_536))
    assert abs(sketch.size - (4 * 1_280 - odd) // 8) <= 2


@given(st.lists(st.sampled_from([f"tenant-{number}" for number in range(40)]), max_size=300))
def test_an_estimate_is_never_below_the_true_count(asked):
    """A count-min sketch errs upwards only, as long as nothing has aged (300 < 1,280) and counts fit four bits."""
    sketch = FrequencySketch(128)
    for key in asked:
        sketch.increment(sketch.places(key))
    for key in set(asked):
        assert sketch.estimate(sketch.places(key)) >= min(asked.count(key), COUNT_MAX)


def test_estimates_of_a_thousand_keys_are_nearly_all_exact():
    """1,000 keys in rows of 4,096 counters: all four of one key collide with chance (1 - e^-0.24)^4 = 0.2 %."""
    sketch = FrequencySketch(1_024)
    places = [sketch.places(("slug", f"tenant-{number}")) for number in range(1_000)]
    for one in places:
        sketch.increment(one)
    assert sum(sketch.estimate(one) != 1 for one in places) <= 10


def test_two_processes_evict_the_same_keys():
    """The hash of a string differs from process to process; the sketch must not depend on it."""
    program = (
        "from rustok_sim.core.cache import BoundedCache\n"
        "cache = BoundedCache(20, ttl_s=300.0)\n"
        "for number in range(3000):\n"
        "    key = ('slug', f'tenant-{number * number % 61}')\n"
        "    if cache.get(key, 0.0) is None: print(cache.put(key, 1, 0.0))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert b"tenant" in outputs.pop()
