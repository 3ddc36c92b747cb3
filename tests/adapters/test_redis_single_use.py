"""Connections for one use: counters, and the publish/subscribe channel."""

import pytest

from rustok_sim.core.errors import CacheError


def test_increment_costs_three_round_trips(lab):
    """Two to connect, one for INCR (D-37)."""
    lab.finish(lab.counters().count(lab.call(), "hits"))
    assert lab.world.now == pytest.approx(0.003)
    assert lab.state.get("tenant_metrics:v1:hits", 0.0) == b"1"
    assert [record.detail for record in lab.of("redis.command")] == ["CONNECT", "INCR"]


def test_increment_that_is_refused_is_forgotten(lab):
    """No error reaches the request; a refusal costs one round trip."""
    lab.redis.condition.refuse()
    lab.finish(lab.counters().count(lab.call(), "hits"))
    assert lab.world.now == pytest.approx(0.001)
    assert [record.outcome for record in lab.of("redis.command")] == ["refused"]


def test_increment_against_silence_costs_the_connect_timeout(lab):
    """1 s, and then the request goes on."""
    lab.redis.condition.hang()
    lab.finish(lab.counters().count(lab.call(), "hits"))
    assert lab.world.now == pytest.approx(1.0)
    assert [record.outcome for record in lab.of("redis.command")] == ["timeout"]


def test_message_arrives_half_a_round_trip_after_it_is_published(lab):
    """Published at the server at 1.0025 s (two round trips and a half), heard 0.5 ms later."""
    subscription = lab.finish(lab.channel().subscribe(lab.call()))
    heard = lab.start(subscription.receive(lab.call()))
    lab.run_to(1.0)
    lab.finish(lab.channel().publish(lab.call(), "hello"))
    lab.run_to(2.0)
    assert heard.value == "hello"
    assert heard.at_s == pytest.approx(1.003)


def test_stream_waits_without_limit(lab):
    """No response timeout applies to a subscription."""
    subscription = lab.finish(lab.channel().subscribe(lab.call()))
    heard = lab.start(subscription.receive(lab.call()))
    lab.run_to(3_600.0)
    assert not heard.done


def test_stream_ends_with_the_connection(lab):
    """An outage of an instant ends the wait, and every later one."""
    subscription = lab.finish(lab.channel().subscribe(lab.call()))
    heard = lab.start(subscription.receive(lab.call()))
    lab.run_to(1.0)
    lab.redis.condition.refuse()
    lab.redis.condition.accept()
    lab.run_to(2.0)
    assert isinstance(heard.error, CacheError)
    assert heard.at_s == 1.0
    with pytest.raises(CacheError):
        lab.finish(subscription.receive(lab.call()))


def test_closed_subscription_hears_nothing(lab):
    """The server forgets it."""
    subscription = lab.finish(lab.channel().subscribe(lab.call()))
    subscription.close()
    assert lab.state.publish("news", "hello") == 0


def test_subscriber_who_leaves_half_way_hears_nothing(lab):
    """Redis has subscribed it after 2.5 ms; dropped before the answer came, it is forgotten."""
    job = lab.start(lab.channel().subscribe(lab.call()))
    lab.run_to(0.0027)
    assert lab.state.publish("news", "hello") == 1
    lab.runtime.drop(job.task)
    assert lab.state.publish("news", "hello") == 0


@pytest.mark.parametrize("fault", ["refuse", "hang"])
def test_channel_that_cannot_be_reached_is_an_error(lab, fault):
    """For the publisher as for the subscriber."""
    getattr(lab.redis.condition, fault)()
    with pytest.raises(CacheError):
        lab.finish(lab.channel().publish(lab.call(), "hello"))
    with pytest.raises(CacheError):
        lab.finish(lab.channel().subscribe(lab.call()))
