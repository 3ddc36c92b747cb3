"""The cache back end in a node's memory."""

from rustok_sim.adapters import LocalBackend
from rustok_sim.core.cache import BoundedCache
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.ports import Call

CALL = Call(1, "test", 1)


def test_keeps_its_own_time_or_the_calls():
    """10 s by default; 1 s for the entry that says so."""
    runtime = ManualRuntime()
    backend = LocalBackend(runtime, BoundedCache(10, ttl_s=10.0), site="tenant")
    drive(backend.set(CALL, "long", b"1"))
    drive(backend.set(CALL, "short", b"2", ttl_s=1.0))
    runtime.advance(5.0)
    assert drive(backend.get(CALL, "long")) == b"1"
    assert drive(backend.get(CALL, "short")) is None


def test_forgets_on_demand():
    """One key, or all."""
    backend = LocalBackend(ManualRuntime(), BoundedCache(10, ttl_s=10.0), site="tenant")
    for key in "abc":
        drive(backend.set(CALL, key, b""))
    drive(backend.delete(CALL, "a"))
    assert [drive(backend.get(CALL, key)) for key in "abc"] == [None, b"", b""]
    backend.flush()
    assert [drive(backend.get(CALL, key)) for key in "abc"] == [None] * 3


def test_records_what_must_go():
    """Two places: the third entry drives out the least recently used."""
    runtime = ManualRuntime()
    backend = LocalBackend(runtime, BoundedCache(2, ttl_s=10.0, eviction="lru"), site="tenant")
    for key in "abc":
        drive(backend.set(CALL, key, b""))
    assert [(record.kind, record.site, record.detail) for record in runtime.records] == [
        ("cache.evicted", "tenant", "a")
    ]
