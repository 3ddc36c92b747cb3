"""How payments are taken, and how the provider behaves, as a scenario writes it."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Interval

from rustok_sim.core.resilience.settings import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """The payment provider as the platform deals with it, and as it is."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    timeout_s: Annotated[float, Gt(0)] = 5.0
    """How long an answer is waited for, and how long a connection; then nobody knows what became of the request."""
    idempotency_keys: bool = False
    """Each request to the provider names what it is for, and the provider does the same thing once."""
    on_uncertain: Literal["fail", "query", "retry"] = "fail"
    """When no answer came. fail: leave it to a person; query: look at the provider's books, and ask again only if it
    knows nothing; retry: ask again."""
    attempts: Annotated[int, Ge(1)] = 3
    """query and retry: how often a thing is asked in all."""
    journal: Literal["none", "operations"] = "none"
    """none: nothing is written down but in the order; operations: what is owed and what is asked is written before the
    provider is asked, and what came of it after."""
    decline_ratio: Annotated[float, Interval(ge=0, le=1)] = 0.0
    """The share of charges that the provider refuses."""
    uncertain_ratio: Annotated[float, Interval(ge=0, le=1)] = 0.0
    """The share of charges that the provider makes and whose answer does not come in time."""
    answer_late_s: Annotated[float, Gt(0)] | None = None
    """How late such an answer is; absent: it never comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSettings:
    """The inbox for the provider's messages; the defaults are the successor's."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    lease_s: Annotated[float, Interval(gt=0, le=300)] = 30.0
    """How long a worker has a message for itself."""
    attempts: Annotated[int, Interval(ge=1, le=25)] = 10
    """After so many tries a message is given up."""
    batch: Annotated[int, Interval(ge=1, le=50)] = 50
    """Messages claimed at once."""
