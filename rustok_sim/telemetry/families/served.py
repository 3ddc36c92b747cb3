"""The tenant cache's own counters: the only metrics that RusToK counts as it is, under a path that nobody scrapes."""

from typing import Final

from rustok_sim.telemetry.families.family import Family


def _counted(name: str, what: str, condition: str) -> Family:
    return Family(
        name=f"rustok_tenant_cache_{name}",
        help=f"tenant cache: {what}",
        kind="counter",
        observed=f"select at_s, node as instance, 1.0 as value from events where {condition}",  # noqa: S608
        served=True,
    )


SERVED: Final = (
    _counted("hits", "tenants found", "kind = 'cache.hit'"),
    _counted("misses", "look-ups that found nothing", "kind = 'cache.miss'"),
    _counted("evictions", "always 0: nothing counts them", "false"),
    _counted("negative_hits", "tenants known not to exist", "kind = 'cache.negative_hit'"),
    _counted("negative_misses", "look-ups that found no such note", "kind in ('cache.hit', 'cache.miss')"),
    _counted("negative_evictions", "always 0: nothing counts them", "false"),
    _counted("negative_inserts", "tenants noted as absent", "kind = 'cache.load' and outcome = 'absent'"),
)
