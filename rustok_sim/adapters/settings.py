"""The settings of the platform's clients, as a scenario writes them."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt

from rustok_sim.core.data import Isolation
from rustok_sim.core.resilience.settings import STRICT, BreakerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Which database holds the rows, and how transactions see each other."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    backend: Literal["memory", "sqlite", "postgresql"] = "memory"
    """memory: the workbench's own, with PostgreSQL's rules; sqlite, postgresql: a real one, which takes its own time
    in this process and none in the simulation."""
    isolation: Isolation = "read_committed"
    """The level of transactions that ask for none (RusToK: PostgreSQL's default); sqlite knows serializable only."""
    statement_timeout_s: Annotated[float, Gt(0)] | None = None
    """How long a client waits for the answer to a statement; then it takes the connection for lost. None, as sqlx: for
    ever, so that one statement which a hanging database has swallowed stops a relay for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSettings:
    """The client's patience (redis-rs 1.x defaults) and the breaker around each back end (RusToK's defaults)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    response_timeout_s: Annotated[float, Gt(0)] = 0.5
    """Wait for an answer on an open connection."""
    connect_timeout_s: Annotated[float, Gt(0)] = 1.0
    """Wait for one connection attempt."""
    reconnect_retries: Annotated[int, Ge(0)] = 6
    """Attempts after the first one while a lost connection is rebuilt."""
    reconnect_first_delay_s: Annotated[float, Ge(0)] = 0.1
    """Wait before the first retry; it doubles, and up to this much jitter is added each time."""
    breaker: BreakerSettings = field(default_factory=BreakerSettings)
    """One breaker per back-end object: the positive and the negative cache have one each."""
