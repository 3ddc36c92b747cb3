"""RusToK's cache back end on Redis: prefix, whole seconds, and one breaker around everything."""

import pytest

from rustok_sim.adapters.redis import RedisBackend
from rustok_sim.core.errors import CacheError
from rustok_sim.core.resilience import BreakerSettings, breaker_for


@pytest.fixture
def backend(lab):
    """A back end with RusToK's default breaker: 5 failures, 60 s."""
    return RedisBackend(
        lab.runtime,
        lab.connection(),
        lab.state,
        breaker_for(BreakerSettings()),
        name="tenant_data",
        prefix="tenant-cache:v1:data",
        ttl_s=300.0,
    )


def test_stores_and_reads_under_its_prefix(lab, backend):
    """Prefix, colon, key."""
    lab.finish(backend.set(lab.call(), "k", b"v"))
    assert lab.finish(backend.get(lab.call(), "k")) == b"v"
    assert lab.state.get("tenant-cache:v1:data:k", lab.world.now) == b"v"
    lab.finish(backend.delete(lab.call(), "k"))
    assert lab.finish(backend.get(lab.call(), "k")) is None
    assert [record.detail for record in lab.of("redis.command")] == ["SET", "GET", "DEL", "GET"]


def test_misses_are_successes_for_the_breaker(lab, backend):
    """Nothing found is an answer."""
    for _ in range(6):
        assert lab.finish(backend.get(lab.call(), "k")) is None
    assert {record.outcome for record in lab.of("breaker.call")} == {"success"}


@pytest.mark.parametrize(("ttl_s", "lives_s"), [(None, 300.0), (1.9, 1.0), (1.0, 1.0)])
def test_time_to_live_is_cut_to_whole_seconds(lab, backend, ttl_s, lives_s):
    """The back end's own 300 s, or what the call says without its fraction."""
    lab.finish(backend.set(lab.call(), "k", b"v", ttl_s=ttl_s))
    stored_s = lab.of("redis.command")[0].at_s - 0.0005
    lab.run_to(stored_s + lives_s - 0.1)
    assert lab.finish(backend.get(lab.call(), "k")) == b"v"
    lab.run_to(stored_s + lives_s + 0.1)
    assert lab.finish(backend.get(lab.call(), "k")) is None


def test_time_below_a_second_is_an_error_and_a_failure(lab, backend):
    """Redis refuses EX 0, and the breaker classifies nothing."""
    with pytest.raises(CacheError, match="0 s"):
        lab.finish(backend.set(lab.call(), "k", b"v", ttl_s=0.9))
    assert [record.outcome for record in lab.of("breaker.call")] == ["failure"]


def test_breaker_opens_after_five_failures_and_then_answers_at_once(lab, backend):
    """Five silences of 0.5 s each; the sixth command is refused unsent, and is a cache error like the others."""
    lab.redis.condition.hang()
    for _ in range(5):
        with pytest.raises(CacheError) as failure:
            lab.finish(backend.get(lab.call(), "k"))
        assert failure.value.code == "cache_timed_out"
    before_s = lab.world.now
    with pytest.raises(CacheError) as failure:
        lab.finish(backend.get(lab.call(), "k"))
    assert (failure.value.status, failure.value.code) == (500, "cache_circuit_open")
    assert lab.world.now == before_s
    assert len(lab.of("redis.command")) == 5


def test_dropped_command_tells_the_breaker_nothing(lab, backend):
    """The permit is dropped with the caller."""
    lab.redis.condition.hang()
    job = lab.start(backend.get(lab.call(), "k"))
    lab.run_to(0.1)
    lab.runtime.drop(job.task)
    assert [record.outcome for record in lab.of("breaker.call")] == ["dropped"]


def test_nothing_of_it_lies_in_memory(lab, backend):
    """A flush of the node leaves Redis alone."""
    lab.finish(backend.set(lab.call(), "k", b"v"))
    backend.flush()
    assert lab.finish(backend.get(lab.call(), "k")) == b"v"
