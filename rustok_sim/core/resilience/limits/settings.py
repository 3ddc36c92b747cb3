"""The settings of rate limiters, as a scenario writes them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class LimiterSettings:
    """How often a client may ask, who counts as one client, and where it is counted."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    design: Literal["none", "fixed_window", "sliding_window", "token_bucket"] = "none"
    """none: as built, where no limiter is mounted on any route (D32); fixed_window: RusToK's for HTTP; sliding_window:
    what its documents promise; token_bucket: that of its security layer, which nobody uses either."""
    limit: Annotated[int, Ge(1)] = 100
    """Requests of one key in a window."""
    window_s: Annotated[float, Gt(0)] = 60.0
    """Length of a window."""
    profile: Literal["window", "default", "login", "api_key"] = "default"
    """token_bucket: what is refilled: the limit in each window, or RusToK's 60, 5 or 1,000 a minute."""
    depth: Annotated[int, Ge(1)] | None = None
    """token_bucket: requests that may come at once; absent: 10 whatever the profile, as built."""
    key: Literal["as_built", "tenant", "actor"] = "as_built"
    """Who counts as one. as_built: whoever the client says it is, by headers it can change with every request; tenant:
    the tenant that was resolved; actor: the user who was authenticated, guests as their tenant."""
    store: Literal["local", "shared"] = "local"
    """local: each process counts for itself, so n of them let n times the limit pass; shared: one round trip to
    counters that all share."""
    on_store_error: Literal["admit", "refuse"] = "admit"
    """shared: what becomes of a request that could not be counted."""
    retry_after: Literal["as_built", "rest"] = "as_built"
    """fixed_window: what a refused client is told: a whole window, as built, or what is left of it."""
    cleanup: Literal["as_built", "started"] = "as_built"
    """local: whether the task that forgets old keys is ever started; as built nobody does, so the table only grows."""
    cleanup_s: Annotated[float, Gt(0)] = 300.0
    """How often that task runs."""
