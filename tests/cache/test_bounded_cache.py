"""The bounded cache: ages, room, and every eviction against a plain model."""

from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rustok_sim.core.cache import BoundedCache


@pytest.fixture(params=["lru", "lfu", "tiny_lfu"])
def eviction(request):
    """Each of the three."""
    return request.param


def test_an_entry_lives_for_its_ttl_and_not_at_its_end(eviction):
    """Put at 10 s for 300 s: found at 309.9 s, not at 310 s, as in moka, where expired means end <= now."""
    cache = BoundedCache(10, ttl_s=300.0, eviction=eviction)
    cache.put("a", 1, 10.0)
    assert (cache.get("a", 309.9), cache.get("a", 310.0)) == (1, None)


def test_an_entry_may_have_a_life_of_its_own(eviction):
    """A remembered absence lives for 60 s among entries of 300 s."""
    cache = BoundedCache(10, ttl_s=300.0, eviction=eviction)
    cache.put("a", "absent", 0.0, ttl_s=60.0)
    assert (cache.get("a", 59.9), cache.get("a", 60.0)) == ("absent", None)


def test_each_use_puts_off_the_end_of_idleness_but_not_the_end_of_life(eviction):
    """Idle 180 s, ttl 300 s: used at 100 s it lives past 180 s, and at 300 s it is over all the same."""
    cache = BoundedCache(10, ttl_s=300.0, idle_s=180.0, eviction=eviction)
    cache.put("used", 1, 0.0)
    cache.put("idle", 2, 0.0)
    assert cache.get("used", 100.0) == 1
    assert (cache.get("used", 279.0), cache.get("idle", 180.0)) == (1, None)
    assert cache.get("used", 300.0) is None


def test_a_new_value_begins_a_new_life(eviction):
    """Put again at 200 s, it lives until 500 s."""
    cache = BoundedCache(10, ttl_s=300.0, eviction=eviction)
    cache.put("a", 1, 0.0)
    assert cache.put("a", 2, 200.0) == []
    assert (cache.get("a", 499.0), len(cache)) == (2, 1)


def test_room_is_made_by_dropping_what_has_ended_before_anything_live(eviction):
    """Of two entries one has ended; the newcomer takes its room and nothing counts as evicted."""
    cache = BoundedCache(2, ttl_s=300.0, eviction=eviction)
    cache.put("live", 1, 0.0)
    cache.put("ended", 2, 0.0, ttl_s=60.0)
    assert cache.get("ended", 1.0) == 2
    assert cache.put("new", 3, 60.0) == []
    assert (cache.get("live", 60.0), cache.get("new", 60.0), len(cache)) == (1, 3, 2)


def test_an_entry_whose_end_was_put_off_is_not_taken_for_ended(eviction):
    """Idle after 10 s, but used at 5 s: at 12 s it lives and the other one makes room; at 15 s it has ended itself."""
    cache = BoundedCache(2, ttl_s=300.0, idle_s=10.0, eviction=eviction)
    cache.put("used", 1, 0.0)
    cache.put("idle", 2, 0.0)
    cache.get("used", 5.0)
    assert cache.put("new", 3, 12.0) == []
    assert (cache.peek_expired("used", 12.0, 0.0), cache.get("idle", 12.0)) == (1, None)
    assert cache.put("newer", 4, 15.0) == []
    assert (cache.get("used", 15.0), cache.get("new", 15.0)) == (None, 3)


def test_the_end_of_a_deleted_or_renewed_entry_ends_nothing_else(eviction):
    """The old ends of both keys come at 60 s, when both are live until 301 s: one of the three must go."""
    cache = BoundedCache(2, ttl_s=300.0, eviction=eviction)
    for key in ("a", "b"):
        cache.put(key, 0, 0.0, ttl_s=60.0)
    cache.discard("a")
    cache.put("a", 1, 1.0)
    cache.put("b", 2, 1.0)
    assert len(cache.put("c", 3, 60.0)) == 1


def test_an_ended_value_may_be_served_for_a_grace(eviction):
    """Ended at 300 s with a grace of 30 s: still seen at 329.9 s and not at 330 s; a live one is seen as well."""
    cache = BoundedCache(10, ttl_s=300.0, eviction=eviction)
    cache.put("a", 1, 0.0)
    assert cache.get("a", 300.0) is None
    seen = [cache.peek_expired("a", now, 30.0) for now in (0.0, 300.0, 329.9, 330.0)]
    assert seen == [1, 1, 1, None]
    assert cache.peek_expired("b", 0.0, 30.0) is None


def test_an_idle_value_may_be_served_for_a_grace_too(eviction):
    """Its life ended when it had been idle for 10 s; looking at it is no use and does not wake it."""
    cache = BoundedCache(10, ttl_s=300.0, idle_s=10.0, eviction=eviction)
    cache.put("a", 1, 0.0)
    assert [cache.peek_expired("a", now, 5.0) for now in (9.0, 14.9, 15.0)] == [1, 1, None]


def test_deleting_tells_whether_there_was_something(eviction):
    """The second time there is nothing left."""
    cache = BoundedCache(10, ttl_s=300.0, eviction=eviction)
    cache.put("a", 1, 0.0)
    assert (cache.discard("a"), cache.discard("a"), cache.get("a", 0.0), len(cache)) == (True, False, None, 0)


def test_clearing_leaves_an_empty_cache_that_works(eviction):
    """All room is free again."""
    cache = BoundedCache(2, ttl_s=300.0, eviction=eviction)
    for key in "ab":
        cache.put(key, key, 0.0)
    cache.clear()
    assert (len(cache), cache.get("a", 0.0)) == (0, None)
    assert [cache.put(key, key, 0.0) for key in "cd"] == [[], []]


def test_a_cache_without_room_is_a_mistake():
    """A capacity below 1 would keep nothing."""
    with pytest.raises(ValueError, match="at least 1, not 0"):
        BoundedCache(0, ttl_s=300.0)


def test_renewing_one_key_for_ever_takes_no_more_memory(eviction):
    """The queue of ends stays below twice the capacity and 64, and forgets no end: at 2,000 s both make room."""
    cache = BoundedCache(2, ttl_s=300.0, eviction=eviction)
    cache.put("b", 0, 0.0, ttl_s=2_000.0)
    for second in range(1_000):
        cache.put("a", second, float(second))
    assert len(cache._ends) <= 2 * 2 + 64
    assert [cache.put(key, key, 2_000.0) for key in "cd"] == [[], []]


def test_least_recently_used_goes():
    """a is used after b was put, so b goes."""
    cache = BoundedCache(2, ttl_s=300.0, eviction="lru")
    cache.put("a", 1, 0.0)
    cache.put("b", 2, 0.0)
    cache.get("a", 1.0)
    assert cache.put("c", 3, 2.0) == ["b"]


def test_least_often_used_goes_even_if_used_last():
    """a was used three times and b twice, the last; b goes, and the newcomer with its one use is next."""
    cache = BoundedCache(2, ttl_s=300.0, eviction="lfu")
    for key, uses in (("a", 2), ("b", 1)):
        cache.put(key, key, 0.0)
        for _ in range(uses):
            cache.get(key, 1.0)
    assert cache.put("c", "c", 2.0) == ["b"]
    assert cache.put("d", "d", 3.0) == ["c"]


def test_among_equally_often_used_the_one_used_longest_ago_goes():
    """Both have two uses, and b's second came first."""
    cache = BoundedCache(2, ttl_s=300.0, eviction="lfu")
    cache.put("a", 1, 0.0)
    cache.put("b", 2, 0.0)
    cache.get("b", 1.0)
    cache.get("a", 2.0)
    assert cache.put("c", 3, 3.0) == ["b"]


def test_deleting_the_least_used_leaves_the_next_to_go():
    """With the only single-use key deleted the fewest uses are two; the keys with two and three stay in that order."""
    cache = BoundedCache(2, ttl_s=300.0, eviction="lfu")
    for key, uses in (("a", 2), ("b", 1)):
        cache.put(key, key, 0.0)
        for _ in range(uses):
            cache.get(key, 1.0)
    cache.put("c", "c", 2.0)
    cache.discard("c")
    cache.put("d", "d", 3.0)
    for _ in range(4):
        cache.get("d", 4.0)
    assert cache.put("e", "e", 5.0) == ["a"]


@dataclass
class Held:
    """One entry of the model."""

    value: int
    expires: int
    idles: int
    used: int
    uses: int = 1

    def live(self, now):
        """Neither too old nor too long unused."""
        return now < self.expires and now < self.idles


class CacheMachine(RuleBasedStateMachine):
    """A cache and a plain dictionary that is searched anew for every answer agree at every step."""

    keys = st.sampled_from("abcdefgh")

    @initialize(
        capacity=st.integers(1, 4),
        ttl=st.integers(1, 12),
        idle=st.none() | st.integers(1, 6),
        eviction=st.sampled_from(["lru", "lfu", "tiny_lfu"]),
    )
    def begin(self, capacity, ttl, idle, eviction):
        """Draw the settings."""
        self.capacity, self.ttl, self.eviction = capacity, ttl, eviction
        self.idle = 10**9 if idle is None else idle
        self.now = self.tick = 0
        self.model = {}
        self.cache = BoundedCache(
            capacity, ttl_s=float(ttl), idle_s=None if idle is None else float(idle), eviction=eviction
        )

    def use(self, key):
        """Note a use in the model."""
        self.tick += 1
        self.model[key].used = self.tick

    @rule(seconds=st.integers(0, 3))
    def wait(self, seconds):
        """Time goes by, and nothing else happens."""
        self.now += seconds

    @rule(key=keys)
    def get(self, key):
        """Exactly the live are found."""
        held = self.model.get(key)
        found = self.cache.get(key, float(self.now))
        if held is None or not held.live(self.now):
            assert found is None
            return
        assert found == held.value
        held.idles = self.now + self.idle
        held.uses += 1
        self.use(key)

    @rule(key=keys, value=st.integers(), own=st.none() | st.integers(1, 12))
    def put(self, key, value, own):
        """The ended make room first; else the policy's victim goes, and it alone."""
        evicted = self.cache.put(key, value, float(self.now), ttl_s=own)
        uses = self.model[key].uses + 1 if key in self.model else 1
        if key in self.model or len(self.model) < self.capacity:
            assert evicted == []
        elif ended := [other for other, held in self.model.items() if not held.live(self.now)]:
            assert evicted == []
            gone = [other for other in ended if self.cache.peek_expired(other, float(self.now), 1e9) is None]
            assert len(gone) == 1
            del self.model[gone[0]]
        else:
            self.check_victim(key, evicted)
            if evicted == [key]:
                return
            del self.model[evicted[0]]
        self.model[key] = Held(value, self.now + (own or self.ttl), self.now + self.idle, 0, uses)
        self.use(key)

    def check_victim(self, key, evicted):
        """Everything held is live, and one must go."""
        oldest = min(self.model, key=lambda other: self.model[other].used)
        rarest = min(self.model, key=lambda other: (self.model[other].uses, self.model[other].used))
        allowed = {"lru": [[oldest]], "lfu": [[rarest]], "tiny_lfu": [[oldest], [key]]}
        assert evicted in allowed[self.eviction]

    @rule(key=keys)
    def discard(self, key):
        """What is deleted was held."""
        assert self.cache.discard(key) == (self.model.pop(key, None) is not None)

    @rule()
    def clear(self):
        """Nothing is left."""
        self.cache.clear()
        self.model.clear()

    @rule(key=keys, grace=st.integers(0, 4))
    def peek(self, key, grace):
        """What is held is seen until its grace is over."""
        held = self.model.get(key)
        end = min(held.expires, held.idles) + grace if held else -1
        assert self.cache.peek_expired(key, float(self.now), float(grace)) == (held.value if self.now < end else None)

    @invariant()
    def holds_no_more_than_its_capacity(self):
        """It holds what the model holds."""
        if hasattr(self, "cache"):
            assert len(self.cache) == len(self.model) <= self.capacity


TestCacheMachine = CacheMachine.TestCase
