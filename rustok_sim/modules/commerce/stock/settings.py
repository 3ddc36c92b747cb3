"""The settings of stock, as a scenario writes them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from annotated_types import Ge, Interval

from rustok_sim.core.strict import STRICT

Design: TypeAlias = Literal["frozen_as_built", "read_modify_write", "row_lock", "optimistic", "conditional_update"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockSettings:
    """How the number of units changes, and what a reservation is."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    design: Design = "frozen_as_built"
    """frozen_as_built: RusToK's own, which names no location, so that its own event check refuses every change (S1,
    D23), whatever else is set; read_modify_write: the same with a real location (D8); row_lock: SELECT FOR UPDATE
    first; optimistic: a version that must not have changed; conditional_update: one UPDATE that tests what it
    changes."""
    low_stock_threshold: Annotated[int, Ge(0)] = 5
    """Units at or below which an adjustment raises the low-stock event."""
    retries: Annotated[int, Ge(0)] = 3
    """optimistic and conditional_update: how often a lost race is tried again before it is a conflict."""
    policies: Literal["as_built", "strict"] = "as_built"
    """Which variants take back-orders. as_built: to adjust, all that are not "deny", to reserve, those that are
    "continue" (D29); strict: to both, those that are "continue"."""
    reserve: Literal["as_built", "recorded"] = "as_built"
    """as_built: a test of availability that leaves nothing behind (D7); recorded: the units are kept for the order."""
    bulk: Literal["as_built", "one_query"] = "as_built"
    """How many variants are checked at once. as_built: one by one, any error counting as not available."""
    locations: Annotated[int, Interval(ge=0, le=64)] = 0
    """Stock locations of a tenant. 0: the one number on the variant, as RusToK has it; else a level at each."""
