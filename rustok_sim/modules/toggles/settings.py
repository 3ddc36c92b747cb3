"""The settings of switching modules, as a scenario writes them."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Interval

from rustok_sim.core.resilience import RetrySettings
from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class ToggleSettings:
    """How modules are switched: each value ``as_built`` is RusToK's way, the others its repairs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    check: Literal["as_built", "serializable", "row_lock"] = "as_built"
    """as_built: dependencies are checked before the transaction begins (M1, D12); serializable: within it, at that
    level, and again when it lost against another; row_lock: within it, behind locks on the tenant's rows."""
    first_toggle: Literal["as_built", "upsert"] = "as_built"
    """as_built: of two who write a module's first row one gets the raw unique violation (M2); upsert: the later one
    goes on from the row of the other."""
    hook: Literal["as_built", "in_transaction"] = "as_built"
    """as_built: the module's hook runs after the commit, and not at all after a crash in between (M3, D21);
    in_transaction: before it, so that either both stand or neither."""
    restore: Literal["as_built", "exact"] = "as_built"
    """as_built: after a failed hook the opposite of what was asked for is written, which switches a module on that
    nobody had switched on (M4); exact: what was there before."""
    dependencies: Literal["as_built", "declared"] = "as_built"
    """as_built: no module declares any; declared: blog, forum and pages need content."""
    defaults: Literal["as_built", "applied"] = "as_built"
    """as_built: nobody reads the default set, content, commerce and pages (M6); applied: a new tenant has it on."""
    hook_s: Annotated[float, Ge(0)] = 0.0
    """How long a hook takes."""
    hook_failure_share: Annotated[float, Interval(ge=0, le=1)] = 0.0
    """The share of hooks that fail."""
    retry: RetrySettings = field(
        default_factory=lambda: RetrySettings(max_attempts=5, backoff="full_jitter", base_s=0.01, max_s=0.2)
    )
    """serializable: how often and when a transaction that lost is tried again."""
