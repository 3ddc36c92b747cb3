"""The settings of features, as a scenario writes them."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFlags:
    """RusToK's block of feature flags, one for all tenants, read when a node starts."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    registration_enabled: bool = True
    """Whether anybody may sign up."""
    email_verification: bool = False
    """Whether who signs up must prove the address."""
    multi_tenant: bool = True
    """Whether there is more than one tenant."""
    search_indexing: bool = True
    """Whether what is written goes into the search index."""
    oauth_enabled: bool = False
    """Whether one may log in with an account held elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureSettings:
    """How a node learns what a tenant has switched on, and what it makes of it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    guard: Literal["as_built", "mounted"] = "as_built"
    """as_built: the guard that answers 404 for a module that is off is mounted on no route (M5, D32)."""
    cache_ttl_s: Annotated[float, Ge(0)] = 30.0
    """How long a node believes what it has read of a tenant; 0: it reads for every request."""
    cache_capacity: Annotated[int, Ge(1)] = 1_000
    """Tenants that a node remembers."""
    invalidation: Literal["none", "own_node"] = "none"
    """Who forgets what it remembers of a tenant when one of its modules is switched. none: nobody; own_node: the node
    that switched it. The others are not told."""
    flags: StaticFlags = field(default_factory=StaticFlags)
    """The static flags."""
    consulted: Literal["as_built", "all"] = "as_built"
    """as_built: of the static flags only email_verification is asked for (D34); the others might as well be at their
    defaults."""
