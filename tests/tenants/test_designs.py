"""What every design of the tenant cache promises, and how long each remembers. Times are those of RusToK's settings."""

import pytest

from rustok_sim.core.drive import drive
from rustok_sim.core.errors import CacheError, CircuitOpen, DatabaseError, NotFound
from rustok_sim.core.resilience import BreakerSettings
from rustok_sim.modules.tenants import Identifier, made_up_tenant

ACME = made_up_tenant("acme")


def loads(bench) -> int:
    """How many loads have ended."""
    return len(bench.of("cache.load"))


def rewrite(bench, **changes) -> None:
    """Write the row behind the cache's back."""
    bench.store.write(ACME.id, changes)


def test_known_tenant_is_found_and_unknown_is_not(bench, design):
    """The right answers, the first time and from the cache."""
    bench.open(design)
    for _ in range(2):
        context = bench.get("acme")
        assert (context.id, context.slug, context.version) == (ACME.id, "acme", 1)
        with pytest.raises(NotFound):
            bench.get("nobody")
    assert loads(bench) == (4 if design == "none" else 2)


@pytest.mark.parametrize(
    ("design", "found_s", "absent_s"),
    [("naive", 300.0, 60.0), ("v1_as_wired", 300.0, 60.0), ("moka", 300.0, 300.0), ("moka_breaker", 300.0, 300.0)],
)
def test_times_to_live_are_those_of_the_design(bench, design, found_s, absent_s):
    """A found tenant lives 300 s; a remembered miss 60 s, in v2 and v3 as long as a found one."""
    bench.open(design, idle_s=1_000.0)
    for slug, life_s in (("acme", found_s), ("nobody", absent_s)):
        ask(bench, slug)
        before = loads(bench)
        bench.runtime.advance(life_s - 0.5)
        ask(bench, slug)
        assert loads(bench) == before
        bench.runtime.advance(1.0)
        ask(bench, slug)
        assert loads(bench) == before + 1


def ask(bench, slug) -> None:
    """One request; "nobody" is rightly not found."""
    try:
        bench.get(slug)
    except NotFound:
        assert slug == "nobody"


@pytest.mark.parametrize("design", ["moka", "moka_breaker"])
def test_entry_nobody_asks_for_is_dropped_after_180_s(bench, design):
    """RusToK's idle time: used after 100 s it lives on, left for 190 s it is gone, 10 s before its 300 s are over."""
    bench.open(design)
    bench.get()
    bench.runtime.advance(100.0)
    bench.get()
    assert loads(bench) == 1
    bench.runtime.advance(190.0)
    bench.get()
    assert loads(bench) == 2


def test_settings_override_the_times(bench):
    """A found tenant lives 20 s and a remembered miss 5 s: after 6 s the miss alone is loaded again."""
    bench.open("moka", positive_ttl_s=20.0, negative_ttl_s=5.0)
    for _ in range(2):
        ask(bench, "acme")
        ask(bench, "nobody")
        bench.runtime.advance(6.0)
    assert [record.outcome for record in bench.of("cache.load")] == ["found", "absent", "absent"]


@pytest.mark.parametrize("design", ["naive", "v1_as_wired", "moka", "moka_breaker"])
def test_updated_tenant_is_served_old_until_its_time_is_over(bench, design):
    """Without invalidation the old version is served for 300 s, and each hit's record says which version it was."""
    bench.open(design, idle_s=1_000.0)
    bench.get()
    rewrite(bench)
    bench.runtime.advance(299.0)
    assert bench.get().version == 1
    bench.runtime.advance(2.0)
    assert bench.get().version == 2
    assert [record.value for record in bench.of("cache.hit")] == [1]
    assert [record.value for record in bench.of("cache.load")] == [1, 2]


@pytest.mark.parametrize("design", ["naive", "v1_as_wired", "moka", "moka_breaker"])
def test_invalidated_name_is_loaded_anew(bench, design):
    """One name is forgotten; the tenant's two others stay old."""
    bench.open(design)
    names = [Identifier("uuid", ACME.id), Identifier("slug", "acme"), Identifier("host", "acme.example")]
    for name in names:
        drive(bench.resolver.resolve(bench.call(), name))
    rewrite(bench)
    drive(bench.resolver.invalidate(bench.call(), names[1]))
    assert [drive(bench.resolver.resolve(bench.call(), name)).version for name in names] == [1, 2, 1]


@pytest.mark.parametrize("design", ["v1_as_wired", "moka", "moka_breaker"])
def test_load_in_progress_stores_the_old_row_after_an_invalidation(bench, design):
    """D-35: row changed and key deleted while the store is under way, so the old row is stored for its full life."""
    bench.open(design)
    if design == "v1_as_wired":
        bench.backends["data"].set_s = 0.1
    else:
        bench.store.find = stalling(bench)
    bench.ask()
    bench.runtime.advance(0.15)
    rewrite(bench)
    drive(bench.resolver.invalidate(bench.call(), Identifier("slug", "acme")))
    bench.runtime.finish()
    assert bench.get().version == 1


def stalling(bench):
    """A query whose answer is 0.1 s on its way after the row was read."""
    find = bench.store.find

    def find_slowly(call, identifier):
        row = yield from find(call, identifier)
        yield from bench.runtime.sleep(0.1)
        return row

    return find_slowly


def test_uncached_design_forgets_nothing(bench):
    """It has nothing to forget."""
    bench.open("none")
    drive(bench.resolver.invalidate(bench.call(), Identifier("slug", "acme")))
    bench.resolver.flush()
    assert bench.runtime.records == []


@pytest.mark.parametrize("design", ["naive", "v1_as_wired", "moka", "moka_breaker"])
def test_flush_empties_the_nodes_memory(bench, design):
    """What was cached is loaded anew."""
    bench.open(design)
    ask(bench, "acme")
    ask(bench, "nobody")
    bench.resolver.flush()
    ask(bench, "acme")
    ask(bench, "nobody")
    assert loads(bench) == 4


def test_naive_loads_once_for_each_request_that_misses(bench):
    """No coalescing: 5 at once are 5 loads, side by side."""
    bench.open("naive")
    assert bench.ends(bench.ask_at_once(5)) == [0.1] * 5
    assert loads(bench) == 5


@pytest.mark.parametrize("design", ["naive", "v1_as_wired"])
@pytest.mark.parametrize("command", ["get", "set"])
def test_failing_cache_fails_the_request(bench, design, command):
    """D-28: RusToK answers 500 although the database could be asked, or even has been."""
    bench.open(design)
    bench.backends["data"].failing.add(command)
    with pytest.raises(CacheError) as failure:
        bench.get()
    assert failure.value.status == 500


@pytest.mark.parametrize("design", ["naive", "v1_as_wired"])
@pytest.mark.parametrize("slug", ["acme", "nobody"])
def test_failing_cache_may_count_as_a_miss(bench, design, slug):
    """With on_cache_error = "load" the database answers instead, every time."""
    bench.open(design, on_cache_error="load")
    for backend in bench.backends.values():
        backend.failing |= {"get", "set"}
    ask(bench, slug)
    ask(bench, slug)
    assert loads(bench) == 2


def test_v1_fails_when_the_negative_cache_fails(bench):
    """It is asked first, so a known tenant is lost with it; and an unknown one cannot be remembered."""
    bench.open("v1_as_wired")
    bench.backends["negative"].failing.add("set")
    bench.get("acme")
    with pytest.raises(CacheError):
        bench.get("nobody")
    bench.backends["negative"].failing.add("get")
    with pytest.raises(CacheError):
        bench.get("acme")


@pytest.mark.parametrize(
    ("slug", "counts"),
    [
        ("acme", ["negative_misses", "misses"]),
        ("nobody", ["negative_misses", "misses", "negative_inserts"]),
    ],
)
def test_v1_counts_in_order(bench, slug, counts):
    """One awaited increment after each look-up, and after a negative store."""
    bench.open("v1_as_wired", counted=True)
    ask(bench, slug)
    assert bench.counts == counts
    bench.counts.clear()
    ask(bench, slug)
    assert bench.counts == (["negative_misses", "hits"] if slug == "acme" else ["negative_hits"])


@pytest.mark.parametrize("stored", [b"{", b"[]", b'{"id": 1}', b"\xff"])
def test_v1_deletes_what_it_cannot_read(bench, stored):
    """Undecodable bytes are a miss, though RusToK's counter calls them a hit; the row replaces them."""
    bench.open("v1_as_wired", counted=True)
    drive(bench.backends["data"].set(bench.call(), "tenant:v1:slug:acme", stored))
    assert bench.get().version == 1
    assert bench.counts == ["negative_misses", "hits"]
    assert len(bench.of("cache.miss")) == 1
    assert bench.get().version == 1
    assert loads(bench) == 1


def test_v1_goes_on_when_the_unreadable_cannot_be_deleted(bench):
    """RusToK ignores the outcome of that deletion."""
    bench.open("v1_as_wired")
    drive(bench.backends["data"].set(bench.call(), "tenant:v1:slug:acme", b"{"))
    bench.backends["data"].failing.add("delete")
    assert bench.get().version == 1


@pytest.mark.parametrize("design", ["naive", "v1_as_wired"])
def test_invalidation_that_fails_is_ignored(bench, design):
    """The entry stays, and no record says that it was deleted."""
    bench.open(design)
    bench.get()
    for backend in bench.backends.values():
        backend.failing.add("delete")
    drive(bench.resolver.invalidate(bench.call(), Identifier("slug", "acme")))
    assert bench.of("cache.invalidated") == []
    bench.get()
    assert loads(bench) == 1


def test_full_moka_cache_evicts(bench):
    """Two places, three tenants: one entry goes, and the record names its key."""
    bench.open("moka", capacity=2, eviction="lru")
    for slug in ("acme", "default", "nobody"):
        ask(bench, slug)
    assert [record.detail for record in bench.of("cache.evicted")] == ["tenant_v2:slug:acme"]


def test_disabled_tenant_keeps_working(bench, design):
    """D-44: the flag is copied into the context and looked at by nobody."""
    bench.open(design)
    rewrite(bench, is_active=False)
    assert bench.get().is_active is False


class TestBreakerOfV3:
    """The breaker around the loader: 5 failures, 2 successes, 30 s, as RusToK's v3 sets it."""

    def test_opens_after_five_failures_and_then_fails_fast(self, bench):
        """Five misses fail with the database's error; the sixth is refused as 503 without a load and without delay."""
        bench.open("moka_breaker")
        bench.store.failing = True
        for _ in range(5):
            with pytest.raises(DatabaseError):
                bench.get()
        before_s = bench.runtime.now()
        with pytest.raises(CircuitOpen) as refusal:
            bench.get()
        assert refusal.value.status == 503
        assert bench.runtime.now() == before_s
        assert loads(bench) == 5
        assert [record.site for record in bench.of("breaker.rejected")] == ["tenant_loader"]

    def test_asks_again_after_30_s(self, bench):
        """The next miss after the recovery time is the probe."""
        bench.open("moka_breaker")
        bench.store.failing = True
        for _ in range(5):
            with pytest.raises(DatabaseError):
                bench.get()
        bench.store.failing = False
        bench.runtime.advance(29.0)
        with pytest.raises(CircuitOpen):
            bench.get()
        bench.runtime.advance(2.0)
        assert bench.get().slug == "acme"

    def test_wave_of_misses_on_one_key_is_one_call(self, bench):
        """The breaker stands inside the single flight: 20 requests, one failure, still closed."""
        bench.open("moka_breaker")
        bench.store.failing = True
        bench.ask_at_once(20)
        bench.runtime.finish()
        assert [record.outcome for record in bench.of("breaker.call")] == ["failure"]

    def test_unknown_tenant_is_no_failure(self, bench):
        """The database has answered: six unknown names leave the breaker closed."""
        bench.open("moka_breaker")
        for number in range(6):
            with pytest.raises(NotFound):
                bench.get(f"nobody-{number}")
        assert bench.of("breaker.changed") == []

    def test_settings_set_the_breaker(self, bench):
        """With a threshold of 1 the second miss is refused."""
        bench.open("moka_breaker", breaker=BreakerSettings(failure_threshold=1))
        bench.store.failing = True
        with pytest.raises(DatabaseError):
            bench.get()
        with pytest.raises(CircuitOpen):
            bench.get()


class TestStaleServing:
    """moka_breaker with serve_stale_s: an entry may outlive its end while the database does not answer."""

    def test_serves_the_expired_entry_while_the_load_fails(self, bench):
        """Loaded for 10 s; after that the old version and the old "not found" are served instead of the error."""
        bench.open("moka_breaker", positive_ttl_s=10.0, negative_ttl_s=10.0, serve_stale_s=60.0)
        ask(bench, "acme")
        ask(bench, "nobody")
        bench.store.failing = True
        bench.runtime.advance(20.0)
        assert bench.get().version == 1
        with pytest.raises(NotFound):
            bench.get("nobody")
        assert [record.outcome for record in bench.of("cache.hit")] == ["expired"]
        assert [record.outcome for record in bench.of("cache.negative_hit")] == ["expired"]

    def test_serves_it_while_the_breaker_is_open(self, bench):
        """No load is tried, and the answer comes at once."""
        bench.open(
            "moka_breaker", positive_ttl_s=10.0, serve_stale_s=60.0, breaker=BreakerSettings(failure_threshold=1)
        )
        bench.get()
        bench.store.failing = True
        bench.runtime.advance(20.0)
        bench.get()
        before_s = bench.runtime.now()
        assert bench.get().version == 1
        assert bench.runtime.now() == before_s

    def test_fails_when_the_grace_is_over(self, bench):
        """10 s of life and 60 s of grace: at 71 s the error is the answer."""
        bench.open("moka_breaker", positive_ttl_s=10.0, serve_stale_s=60.0)
        bench.get()
        bench.store.failing = True
        bench.runtime.advance(71.0)
        with pytest.raises(DatabaseError):
            bench.get()

    def test_asks_the_database_first(self, bench):
        """Once it answers again the new version is served."""
        bench.open("moka_breaker", positive_ttl_s=10.0, serve_stale_s=60.0)
        bench.get()
        rewrite(bench)
        bench.runtime.advance(20.0)
        assert bench.get().version == 2
