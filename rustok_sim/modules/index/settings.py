"""The settings of the read model's indexers, as a scenario writes them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """How index rows are built. RusToK's bodies do nothing, so the defaults are those of its intended algorithm."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    locales: Literal["fixed_en", "enabled"] = "fixed_en"
    """Which locales a row is built for: "en" alone, as RusToK has it typed in, or those the tenant has enabled."""
    fence: Literal["none", "lock"] = "none"
    """none: the source is read, and the row written in a statement of its own, so that of two handlers for one entity
    the one that read first may write last (D-26); lock: both in one transaction, behind a lock on the entity."""
    reindex_rows: Annotated[int, Ge(1)] | None = None
    """Entities of one step of a tenant's reindex; None: all of them in a single read."""
