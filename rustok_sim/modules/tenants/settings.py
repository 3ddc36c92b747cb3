"""The settings of tenant resolution and of its cache, as a scenario writes them."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from annotated_types import Ge, Gt

from rustok_sim.core.resilience.settings import BreakerSettings
from rustok_sim.core.strict import STRICT

Design: TypeAlias = Literal["none", "naive", "v1_as_wired", "moka", "moka_breaker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenancySettings:
    """How a request names its tenant (RusToK's ``settings.rustok.tenant``)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    enabled: bool = True
    """false: every request belongs to the default tenant."""
    resolution: Literal["header", "host", "domain", "subdomain"] = "header"
    """Where the name stands; host, domain and subdomain are one rule: a full match of the host."""
    default_id: str = "00000000-0000-0000-0000-000000000001"
    """The tenant of requests that name none."""
    unnamed: Literal["default", "refuse"] = "default"
    """header: a request without the header belongs to the default tenant, as built (T1), or is answered 400."""
    suspended: Literal["as_built", "refused"] = "as_built"
    """as_built: a suspended tenant keeps working, since nobody reads is_active (T2, D33); refused: it is answered
    403, once the caches have heard of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantAdminSettings:
    """How tenants and their languages are written."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    events: Literal["as_built", "published"] = "as_built"
    """as_built: tenant and locale events exist and are never sent (T8); published: in the transaction of the change."""
    locale_characters: Literal[5, 10] = 5
    """Characters a locale's code may have: 5 as built, where the event allows 10 (D31)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantCacheSettings:
    """The tenant cache: its design and what the designs share. An absent value is the design's own default."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    design: Design = "v1_as_wired"
    """none: every request asks the database; naive: look, load, store; v1_as_wired: RusToK's own with T1 to T5;
    moka: v2, one in-process cache with single flight; moka_breaker: v3, moka with a breaker around the loader."""
    backend: Literal["redis", "memory"] = "redis"
    """naive and v1_as_wired: where entries live."""
    positive_ttl_s: Annotated[float, Gt(0)] | None = None
    """Life of a found tenant (300)."""
    negative_ttl_s: Annotated[float, Gt(0)] | None = None
    """Life of a remembered miss (60; moka and moka_breaker: 300)."""
    idle_s: Annotated[float, Gt(0)] | None = None
    """moka and moka_breaker: an entry nobody asks for is dropped after this (180)."""
    capacity: Annotated[int, Ge(1)] | None = None
    """Entries of one in-process cache (1,000; moka and moka_breaker: 10,000)."""
    eviction: Literal["lru", "lfu", "tiny_lfu"] = "tiny_lfu"
    """Which entry of a full in-process cache goes."""
    count_in_redis: bool = True
    """v1_as_wired on Redis: each counter increment opens a connection of its own and is awaited."""
    on_cache_error: Literal["fail", "load"] = "fail"
    """naive and v1_as_wired: a cache that fails answers 500, or counts as a miss."""
    invalidation: Literal["none", "one_key", "all_keys"] = "none"
    """What a tenant's update deletes: nothing (as wired), the slug's entries, or those of id, slug and host."""
    breaker: BreakerSettings = field(default_factory=lambda: BreakerSettings(timeout_s=30.0))
    """moka_breaker: the breaker around the loader."""
    serve_stale_s: Annotated[float, Ge(0)] = 0.0
    """moka_breaker: how long after its end an entry may be served while the loader fails or the breaker is open."""
