"""What a scenario tells ``verify`` about a run."""

from fnmatch import fnmatchcase
from typing import Any

from rustok_sim.capture import kinds_in
from rustok_sim.core.promises import PROMISES
from rustok_sim.modules.commerce.orders.machines import MACHINES
from rustok_sim.scenario import Fault, Scenario
from rustok_sim.verify import Facts, LimitFacts, RelayFacts, StationFacts


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
        kinds=kinds_of(scenario),
        **_promised(scenario),
    )


def kinds_of(scenario: Scenario) -> frozenset[str]:
    """The kinds of record that a run of *scenario* captures."""
    include = scenario.capture.include if scenario.capture.enabled else ()
    return kinds_in(include, watched=scenario.verify is not None)


def _promised(scenario: Scenario) -> dict[str, Any]:
    """What only promises need to know."""
    verify, platform = scenario.verify, scenario.platform
    if verify is None or not scenario.needs_platform:
        return {}
    relay, cache = platform.outbox.relay, platform.tenant_cache
    sources, targets = MACHINES[platform.orders.lifecycle].sources, MACHINES[platform.orders.lifecycle].targets
    return {
        "promises": frozenset(n for n in PROMISES if any(fnmatchcase(n, pattern) for pattern in verify.invariants)),
        "timeouts_s": {load.name: load.timeout_s for load in scenario.load if load.timeout_s is not None},
        "elsewhere": ["variant.update"] if platform.catalogue.variant_writes == "serviced" else [],
        "heal_s": None if verify.heal is None else verify.heal.at_s,
        "relay": RelayFacts(
            runs=platform.outbox.relays != "none",
            lease_s=relay.lease_s,
            max_attempts=relay.max_attempts,
            redrive_after_s=relay.redrive_after_s,
            ordered=relay.order == "per_aggregate" and scenario.deployment.nodes == 1,
        ),
        "inbox": platform.index.inbox == "dedupe",
        "indexed": platform.index.wiring != "as_wired",
        "by_log": platform.index.wiring == "log" and platform.outbox.target == "log",
        "backorders": scenario.catalogue.backorders,
        "order_steps": [(old, targets[action]) for action, olds in sources.items() for old in olds],
        "orders_begin_paid": scenario.catalogue.orders > 0 and scenario.catalogue.order_state in {"paid", "shipped"},
        "stale_s": (cache.positive_ttl_s or 300.0) + cache.serve_stale_s,
        "permits": _permits(scenario),
        "limit": _limit(scenario),
    }


def _permits(scenario: Scenario) -> dict[str, int]:
    platform = scenario.platform
    loader, redis = platform.tenant_cache.breaker, platform.redis.breaker
    return {name: (loader if name == "tenant_loader" else redis).half_open_max_requests for name in _breakers(scenario)}


def _limit(scenario: Scenario) -> LimitFacts | None:
    """The bound that the limiter's design gives; as built, a fixed window lets twice its limit pass around its end."""
    limit = scenario.platform.rate_limit
    shared = limit.store == "shared"
    match limit.design:
        case "fixed_window" | "sliding_window":
            return LimitFacts(burst=limit.limit, per_s=0.0, window_s=limit.window_s, shared=shared)
        case "token_bucket":
            per_minute = {"default": 60, "login": 5, "api_key": 1000}.get(limit.profile)
            per_s = limit.limit / limit.window_s if per_minute is None else per_minute / 60.0
            return LimitFacts(burst=limit.depth or 10, per_s=per_s, window_s=float("inf"), shared=shared)
        case "none":
            return None


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
