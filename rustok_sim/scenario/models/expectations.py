"""What must hold of the metrics of a run."""

from rustok_sim.scenario.models.base import Table


class Expectation(Table):
    """A bound, or two, on one metric."""

    metric: str
    """Its path in the metrics of a run, as in requests.storefront.availability."""
    at_least: float | None = None
    """The metric must not be below."""
    at_most: float | None = None
    """The metric must not be above."""


_LATENCY = ("mean", "p50", "p95", "p99", "max")
METRICS: dict[str, tuple[str, ...]] = {
    "requests": (
        *("count", "ok", "rejected", "failed", "timed_out", "in_flight", "availability", "throughput_per_s"),
        *(f"latency_s.{part}" for part in _LATENCY),
    ),
    "stations": (
        *("arrived", "served", "rejected", "utilisation", "wait_s_mean", "sojourn_s_mean"),
        *("queue_length_mean", "in_system_mean"),
    ),
    "database": ("queries", "transactions", "aborts", "pool_wait_s.mean", "pool_wait_s.p99"),
    "cache": ("hits", "misses", "negative_hits", "loads", "coalesced", "evictions", "stale_served", "hit_ratio"),
    "inventory": ("sold", "oversold", "lost_updates"),
    "outbox": (
        *("recorded", "dispatched", "duplicated", "dead", "stranded", "pending"),
        *(f"age_s.{part}" for part in ("p50", "p95", "p99", "max")),
    ),
    "index": ("applied", "stale_ignored", *(f"lag_s.{part}" for part in ("p50", "p95", "p99", "max")), "wrong_at_end"),
    "breaker": ("calls", "rejected", "opened", "open_s"),
}
"""The numbers in each section of a run's metrics; a name stands before them in sections that have several."""

NAMED = ("requests", "stations", "cache", "breaker")
"""Sections that hold one set of metrics for each name."""
