"""What a Redis server holds, command by command (Redis' documentation of each)."""

import pytest

from rustok_sim.adapters.redis.server import RedisServer, ServerSubscription
from rustok_sim.core.drive import ManualRuntime, drive


@pytest.fixture
def server():
    """An empty server."""
    return RedisServer()


def subscribed(server, channel):
    """A new subscription to the channel."""
    subscription = ServerSubscription(ManualRuntime().signal())
    server.subscribe(channel, subscription)
    return subscription


def test_key_lives_its_seconds(server):
    """Set at 10 s for 5 s: there at 14.9 s, gone at 15 s."""
    assert server.set("k", b"v", 10.0, ttl_s=5)
    assert server.get("k", 14.9) == b"v"
    assert server.get("k", 15.0) is None
    assert server.get("k", 10.0) is None


def test_time_below_a_second_is_refused(server):
    """SET with EX 0 is an error and changes nothing."""
    server.set("k", b"old", 0.0, ttl_s=9)
    assert not server.set("k", b"new", 0.0, ttl_s=0)
    assert server.get("k", 1.0) == b"old"


def test_deleted_key_is_gone(server):
    """DEL says whether there was one."""
    server.set("k", b"v", 0.0, ttl_s=9)
    assert server.delete("k")
    assert not server.delete("k")
    assert server.get("k", 0.0) is None


def test_counter_counts_from_nothing_and_never_ends(server):
    """INCR of no key is 1."""
    assert [server.increment("n"), server.increment("n")] == [1, 2]
    assert server.get("n", 1e9) == b"2"


def test_flush_forgets_keys_and_keeps_listeners(server):
    """FLUSHALL knows nothing of channels."""
    subscribed(server, "c")
    server.set("k", b"v", 0.0, ttl_s=9)
    server.increment("n")
    server.flush()
    assert server.get("k", 0.0) is None
    assert server.increment("n") == 1
    assert server.publish("c", "hello") == 1


def test_message_reaches_who_is_subscribed_now(server):
    """Two listeners of the channel hear it in order; one of another channel, one gone and one late do not."""
    first, second, gone = (subscribed(server, "c") for _ in range(3))
    subscribed(server, "other")
    server.unsubscribe("c", gone)
    server.unsubscribe("c", gone)
    assert server.publish("c", "one") == 2
    subscribed(server, "c")
    assert server.publish("c", "two") == 3
    assert [drive(first.next()), drive(first.next())] == ["one", "two"]
    assert drive(second.next()) == "one"
    assert server.publish("nobody's", "hello") == 0
