"""A platform whose round trips take 1 ms and whose statements take 10 ms, without a tenant cache."""

from collections.abc import Callable
from typing import Any

import pytest

from rustok_sim.core.journal import Record
from rustok_sim.testing import scenario_of, simulate

TRIP = {"dist": "constant", "value_s": 0.001}
SLOW_TRIP = {"dist": "constant", "value_s": 0.050}


@pytest.fixture
def records_of() -> Callable[..., list[Record]]:
    """Run the platform under a load and faults, and give the records."""

    def run(
        *, load: list[Any], faults: Any = (), nodes: int = 1, database: Any = None, platform: Any = None, **tables: Any
    ) -> list[Record]:
        statement = {"dist": "constant", "value_s": 0.010}
        deployment = {
            "nodes": nodes,
            "redis": {"round_trip": TRIP},
            "log": {"round_trip": TRIP},
            "gateway": {"round_trip": SLOW_TRIP},
            "database": {"round_trip": TRIP, "statement": statement} | (database or {}),
        }
        settings = {"tenant_cache": {"design": "none"}} | (platform or {})
        tables = {"horizon_s": 60.0} | tables
        return simulate(scenario_of(deployment=deployment, platform=settings, load=load, faults=list(faults), **tables))

    return run


@pytest.fixture
def answers_of() -> Callable[[list[Record]], list[tuple[float, int | None, str | None]]]:
    """Moment, status and code of each finished request."""
    return lambda records: [(round(r.at_s, 6), r.status, r.detail) for r in records if r.kind == "request.finished"]


@pytest.fixture
def asks() -> Callable[..., dict[str, Any]]:
    """Requests of a class at one moment."""

    def burst(name: str = "web", *, at_s: float = 1.0, count: int = 1, **more: Any) -> dict[str, Any]:
        arrivals = {"process": "burst", "at_s": at_s, "count": count}
        return {"name": name, "operation": "tenant.resolve", "arrivals": arrivals} | more

    return burst
