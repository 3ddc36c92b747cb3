"""What the platform tells its monitoring."""

from typing import Literal

from rustok_sim.scenario.models.base import Table


class Telemetry(Table):
    """Which metrics are recorded, and whether Prometheus finds them. The event log holds everything all the same."""

    recording: Literal["as_built", "all"] = "as_built"
    """as_built: no crate calls a recording function, so of all metrics only the tenant cache's counters exist (D-41);
    all: every metric is fed."""
    scraped_path: Literal["as_built", "served"] = "as_built"
    """as_built: Prometheus asks under /api/_health/metrics, where nothing is; served: under the path that RusToK
    serves."""
