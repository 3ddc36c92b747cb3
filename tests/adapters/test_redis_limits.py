"""Rate limits counted in Redis, a millisecond away."""

import pytest

from rustok_sim.adapters.redis import RedisLimits
from rustok_sim.core.errors import CacheError
from rustok_sim.core.resilience.limits import LimiterSettings, SharedCounting

KEY = "tenant:acme"


def limits(lab, design, name="limits"):
    """The counters of one node."""
    settings = LimiterSettings(design=design, limit=3, profile="window", depth=3, store="shared")
    return RedisLimits(lab.runtime, lab.connection(name), lab.state, settings)


@pytest.mark.parametrize(
    ("design", "command"),
    [("fixed_window", "INCR"), ("sliding_window", "EVALSHA"), ("token_bucket", "EVALSHA")],
)
def test_a_decision_is_one_command_and_the_limit_holds_for_all_nodes(lab, design, command):
    """Two connections take turns: three requests pass in all, each for one round trip of a millisecond."""
    nodes = [limits(lab, design), limits(lab, design)]
    begin_s = lab.world.now
    allowed = [lab.finish(nodes[turn % 2].admit(lab.call(), KEY)).allowed for turn in range(5)]
    assert allowed == [True, True, True, False, False]
    assert lab.world.now == pytest.approx(begin_s + 0.005)
    assert [record.detail for record in lab.of("redis.command") if record.detail in ("INCR", "EVALSHA")] == [
        command
    ] * 5


def test_counts_are_lost_with_the_keys(lab):
    """FLUSHALL, or a restart without persistence: everybody has the whole limit again."""
    node = limits(lab, "fixed_window")
    before = [lab.finish(node.admit(lab.call(), KEY)).allowed for _ in range(4)]
    lab.state.flush()
    after = [lab.finish(node.admit(lab.call(), KEY)).allowed for _ in range(4)]
    assert before == after == [True, True, True, False]


def test_an_unreachable_redis_is_an_error_of_the_store(lab):
    """The counters raise; whether the request passes is up to the settings."""
    node = limits(lab, "fixed_window")
    lab.redis.condition.refuse()
    with pytest.raises(CacheError):
        lab.finish(node.admit(lab.call(), KEY))
    for on_store_error, allowed in (("admit", True), ("refuse", False)):
        settings = LimiterSettings(design="fixed_window", store="shared", on_store_error=on_store_error)
        assert lab.finish(SharedCounting(node, settings).admit(lab.call(), KEY)).allowed is allowed
