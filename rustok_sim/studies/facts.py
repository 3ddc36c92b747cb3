"""What a scenario tells ``verify`` about a run."""

from rustok_sim.capture import kinds_in
from rustok_sim.scenario import Fault, Scenario
from rustok_sim.verify import Facts, StationFacts


def facts_of(scenario: Scenario) -> Facts:
    """The facts of *scenario* that its metrics and invariants need."""
    return Facts(
        horizon_s=scenario.horizon_s,
        warmup_s=scenario.warmup_s,
        classes=[load.name for load in scenario.load],
        stations=_stations(scenario),
        caches=["tenant"] if scenario.needs_platform else [],
        breakers=_breakers(scenario),
        single_flight=["tenant"] if scenario.platform.tenant_cache.design in {"moka", "moka_breaker"} else [],
        faults_end_s=_ends(scenario),
        platform=scenario.needs_platform,
        inventory=scenario.touches_stock,
        index=scenario.needs_platform and scenario.platform.index.in_use,
        outbox=scenario.needs_platform and scenario.platform.outbox.relays != "none",
        kinds=kinds_in(scenario.capture.include if scenario.capture.enabled else ()),
    )


def _stations(scenario: Scenario) -> dict[str, StationFacts]:
    found = {
        name: StationFacts(
            servers=station.servers,
            queue_limit=station.queue_limit,
            shared=station.discipline == "processor_sharing",
        )
        for name, station in scenario.stations.items()
    }
    servers = scenario.deployment.database.servers
    if servers is not None and scenario.needs_platform:
        found["database"] = StationFacts(servers=servers)
    return found


def _breakers(scenario: Scenario) -> list[str]:
    """The breakers that this design has, so that an idle one has metrics too."""
    cache, redis = scenario.platform.tenant_cache, scenario.platform.redis
    if not scenario.needs_platform:
        return []
    if cache.design == "moka_breaker":
        return ["tenant_loader"] if cache.breaker.design != "none" else []
    on_redis = cache.backend == "redis" and redis.breaker.design != "none"
    back_ends = {"v1_as_wired": ["tenant_data", "tenant_negative"], "naive": ["tenant_data"]}
    return back_ends.get(cache.design, []) if on_redis else []


def _ends(scenario: Scenario) -> dict[str, float]:
    """When each fault that strikes once must be over: at once, if it does not last. At a step one may never strike."""
    ends: dict[str, float] = {}
    for i, fault in enumerate(scenario.faults):
        if fault.at_s is None or fault.at_step is not None:
            continue
        duration_s = _lasts_s(fault, scenario)
        if duration_s is not None and fault.at_s + duration_s < scenario.horizon_s:
            ends[f"{fault.kind} faults.{i}"] = fault.at_s + duration_s
    return ends


def _lasts_s(fault: Fault, scenario: Scenario) -> float | None:
    """How long it lasts; ``None``: to the horizon."""
    match fault.kind:
        case "crash" | "flush":
            return 0.0
        case "deploy":
            return fault.lasts_s(scenario.deployment.nodes if "nodes" in fault.struck else 1)
    return fault.duration_s
