"""The settings of the read model's indexers, as a scenario writes them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """How index rows are built. RusToK's bodies do nothing, so the defaults are those of its intended algorithm."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    wiring: Literal["as_wired", "bus", "log"] = "as_wired"
    """Who tells the indexers of events. as_wired: nobody, as RusToK's server is put together; bus: a dispatcher on the
    bus of the node; log: a group of consumers behind the partitioned log, each node with its share of partitions."""
    reads: Literal["source", "index"] = "source"
    """Where lists and searches are answered from. source: the normalised tables, as RusToK does; index: the read
    tables."""
    initial: Literal["built", "empty"] = "built"
    """Whether the read tables hold the data of the start when the run begins. As wired they are always empty."""
    locales: Literal["fixed_en", "enabled"] = "fixed_en"
    """Which locales a row is built for: "en" alone, as RusToK has it typed in, or those the tenant has enabled."""
    fence: Literal["none", "lock", "version"] = "none"
    """none: the source is read, and the row written in a statement of its own, so that of two handlers for one entity
    the one that read first may write last (D-26); lock: both in one transaction, behind a lock on the entity; version:
    a row is only written if nobody has written one since the source was read, else it is built anew."""
    reactions: Literal["as_built", "complete"] = "as_built"
    """as_built: events of products and nodes alone; complete: a language that is switched on or off rebuilds its
    tenant, too (D-27)."""
    inbox: Literal["none", "dedupe"] = "none"
    """dedupe: each indexer notes the events it has handled, and passes over those that come again."""
    reindex_rows: Annotated[int, Ge(1)] | None = None
    """Entities of one step of a tenant's reindex; None: all of them in a single read."""

    @property
    def in_use(self) -> bool:
        """Whether anybody writes the read model or reads it."""
        return self.wiring != "as_wired" or self.reads == "index"
