"""What there is of a variant at one place, and how a change is reckoned."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rustok_sim.core.data import Value
from rustok_sim.core.ids import named_id
from rustok_sim.modules.commerce.catalogue.records import CONTINUE, DENY
from rustok_sim.modules.commerce.errors import InsufficientInventory
from rustok_sim.modules.commerce.stock.settings import StockSettings

MayGoBelow: TypeAlias = Callable[[str], bool]
"""Whether a policy lets less than nothing be free."""


@dataclass(frozen=True, slots=True)
class Level:
    """Units of a variant at one location, of which *reserved* are kept for orders."""

    variant_id: str
    product_id: str
    policy: str
    location_id: str
    stocked: int
    reserved: int
    version: int

    @property
    def free(self) -> int:
        """Units that are there and kept for nobody."""
        return self.stocked - self.reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of one level: so many units more or less, or *to* so many."""

    variant_id: str
    location_id: str | None = None
    """Where; else where most is free."""
    stocked: int = 0
    reserved: int = 0
    to: int | None = None
    may_go_below: MayGoBelow | None = None
    """Given, the change is refused when less than nothing would be free and the variant's policy does not allow it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A level as a change left it, and the units in stock before."""

    old: int
    level: Level


def changed(level: Level, change: Change) -> Level:
    """What the change makes of the level. Raises ``InsufficientInventory``."""
    stocked = level.stocked + change.stocked if change.to is None else change.to
    reserved = level.reserved + change.reserved
    may_go_below = change.may_go_below
    if may_go_below is not None and stocked < reserved and not may_go_below(level.policy):
        if change.to is not None:
            raise InsufficientInventory(level.variant_id, reserved, stocked)
        raise InsufficientInventory(level.variant_id, change.reserved - change.stocked, level.free)
    return Level(
        level.variant_id, level.product_id, level.policy, level.location_id, stocked, reserved, level.version + 1
    )


def takes_backorders(policy: str) -> bool:
    """RusToK's test where it asks for availability."""
    return policy == CONTINUE


def is_not_denied(policy: str) -> bool:
    """RusToK's test where it adjusts: any third text passes here and not there (D29)."""
    return policy != DENY


def may_adjust_below(settings: StockSettings) -> MayGoBelow:
    """The test for adjustments that the settings ask for."""
    return is_not_denied if settings.policies == "as_built" else takes_backorders


def whole(value: Value) -> int:
    """The number in a column of whole numbers."""
    return value if isinstance(value, int) else 0


@lru_cache(maxsize=65_536)
def location_of(tenant_id: str, number: int = 1) -> str:
    """The identifier of a tenant's location; numbers count from 1."""
    return named_id("location", tenant_id, number)
