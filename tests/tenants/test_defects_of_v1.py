"""T1 to T5: what RusToK's coalescing does, step by step, and that the advised designs do not do it.

Every query takes 0.1 s and everything else no time, unless a test says otherwise.
"""

import pytest

from rustok_sim.core.errors import DatabaseError, NotFound


def answered(tasks):
    """Those that have ended."""
    return [task for task in tasks if task.done]


def test_t1_unknown_tenant_is_loaded_once_for_every_request(bench):
    """After "not found" the positive cache stays empty, so each of 5 leads in turn: the k-th is done at k x 0.1 s."""
    bench.open("v1_as_wired")
    tasks = bench.ask_at_once(5, "nobody")
    assert bench.ends(tasks) == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert [record.outcome for record in bench.of("cache.load")] == ["absent"] * 5
    for task in tasks:
        with pytest.raises(NotFound):
            task.result()


def test_t1_is_absent_from_the_advised_designs(advised):
    """The waiters share the leader's answer: one load, all done at 0.1 s."""
    bench = advised()
    assert bench.ends(bench.ask_at_once(5, "nobody")) == [0.1] * 5
    assert [record.outcome for record in bench.of("cache.load")] == ["absent"]
    assert len(bench.of("cache.coalesced")) == 4


def test_t1_once_over_the_negative_cache_answers(bench):
    """Each load has stored the negative entry, which the next request reads first."""
    bench.open("v1_as_wired")
    bench.ask("nobody")
    bench.runtime.finish()
    with pytest.raises(NotFound):
        bench.get("nobody")
    assert len(bench.of("cache.load")) == 1
    assert len(bench.of("cache.negative_hit")) == 1


def test_t2_errors_of_the_database_are_met_one_after_the_other(bench):
    """An error stays with the leader, and each of 5 waiters leads in turn: 5 loads, the k-th fails at k x 0.1 s."""
    bench.open("v1_as_wired")
    bench.store.failing = True
    tasks = bench.ask_at_once(5)
    assert bench.ends(tasks) == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert [record.outcome for record in bench.of("cache.load")] == ["error"] * 5
    for task in tasks:
        with pytest.raises(DatabaseError):
            task.result()


def test_t2_is_absent_from_the_advised_designs(advised):
    """The waiters share the leader's error, which is not remembered: the next request loads again."""
    bench = advised()
    bench.store.failing = True
    tasks = bench.ask_at_once(5)
    assert bench.ends(tasks) == [0.1] * 5
    assert len(bench.of("cache.load")) == 1
    for task in tasks:
        with pytest.raises(DatabaseError):
            task.result()
    bench.store.failing = False
    assert bench.get().slug == "acme"


def test_t3_waiters_wake_before_the_value_is_stored(bench):
    """Storing takes 0.05 s: woken at 0.1 s the waiters miss, and one loads again until 0.2 s.

    By then the first store is done, so 2 loads: the leader answers at 0.15 s, the other waiters at 0.2 s, the second
    leader after its own store at 0.25 s.
    """
    bench.open("v1_as_wired")
    bench.backends["data"].set_s = 0.05
    tasks = bench.ask_at_once(5)
    assert bench.ends(tasks) == [0.15, 0.2, 0.2, 0.2, 0.25]
    assert len(bench.of("cache.load")) == 2


def test_t3_needs_a_store_that_takes_time(bench):
    """In memory the leader stores in the very step in which it wakes the waiters: 1 load."""
    bench.open("v1_as_wired")
    assert bench.ends(bench.ask_at_once(5)) == [0.1] * 5
    assert len(bench.of("cache.load")) == 1


def test_t3_is_absent_from_the_advised_designs(advised):
    """The value is in the cache before anybody is woken: 1 load, and nobody reads again."""
    bench = advised()
    assert bench.ends(bench.ask_at_once(5)) == [0.1] * 5
    assert len(bench.of("cache.load")) == 1


@pytest.mark.parametrize("count_s", [0.1, 0.15])
def test_t4_waiters_that_still_count_when_the_load_ends_wait_for_ever(bench, count_s):
    """Counting takes as long as the load or longer: the wake-up finds nobody registered, and 4 of 5 hang."""
    bench.open("v1_as_wired", counted=True)
    bench.count_s = count_s
    tasks = bench.ask_at_once(5)
    bench.runtime.finish()
    assert len(answered(tasks)) == 1
    assert len(bench.of("cache.coalesced")) == 4


def test_t4_hits_only_those_inside_the_gap_when_counting_is_quick(bench):
    """Counting takes 0.02 s: a request reads both caches for 0.04 s, and the first one's load ends at 0.14 s.

    One that comes at 0.085 s looks the load up at 0.125 s and registers at 0.145 s: 5 ms late, for ever. The one that
    comes at 0.07 s registers at 0.13 s and is woken.
    """
    bench.open("v1_as_wired", counted=True)
    bench.count_s = 0.02
    first = bench.ask()
    bench.runtime.advance(0.07)
    in_time = bench.ask()
    bench.runtime.advance(0.015)
    late = bench.ask()
    bench.runtime.finish()
    assert [first.done, in_time.done, late.done] == [True, True, False]


def test_t4_is_absent_from_the_advised_designs(advised):
    """Nothing is awaited between look-up and registration: a request at any moment of the load is answered."""
    bench = advised()
    tasks = [bench.ask()]
    for _ in range(11):
        bench.runtime.advance(0.01)
        tasks.append(bench.ask())
    bench.runtime.finish()
    assert answered(tasks) == tasks
    assert len(bench.of("cache.load")) == 1


def test_t5_a_dropped_leader_makes_every_later_miss_hang(bench):
    """Nothing cleans up after a leader whose client left at 0.05 s: its waiter and all later requests wait for ever."""
    bench.open("v1_as_wired")
    leader, waiter = bench.ask_at_once(2)
    bench.runtime.advance(0.05)
    leader.drop()
    bench.runtime.advance(3_600.0)
    much_later = bench.ask()
    bench.runtime.finish()
    assert not waiter.done
    assert not much_later.done
    assert [record.outcome for record in bench.of("cache.load")] == ["dropped"]


def test_t5_spares_other_tenants(bench):
    """The entry left behind is that of one key."""
    bench.open("v1_as_wired")
    leader = bench.ask()
    bench.runtime.advance(0.05)
    leader.drop()
    with pytest.raises(NotFound):
        bench.get("nobody")


def test_t5_is_absent_from_the_advised_designs(advised):
    """A waiter takes the dropped leader's place at 0.05 s and loads until 0.15 s, for the other waiter too."""
    bench = advised()
    leader, *waiters = bench.ask_at_once(3)
    bench.runtime.advance(0.05)
    leader.drop()
    assert bench.ends(waiters) == [0.15, 0.15]
    assert [record.outcome for record in bench.of("cache.load")] == ["dropped", "found"]
