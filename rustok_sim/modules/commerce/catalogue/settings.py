"""The settings of the catalogue, as a scenario writes them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueSettings:
    """How products are written and found: each value ``as_built`` is RusToK's way, the other one its repair."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    handles: Literal["as_built", "per_tenant"] = "as_built"
    """as_built: looked up among the handles of all tenants, then inserted (D2, D9); per_tenant: a unique index."""
    skus: Literal["as_built", "per_tenant"] = "as_built"
    """as_built: looked up among the tenant's SKUs, then inserted (D9); per_tenant: a unique index."""
    titles: Literal["ascii", "transliterated"] = "ascii"
    """How a title becomes a handle. ascii: what is not ASCII falls out, down to "untitled" (D27)."""
    status_steps: Literal["as_built", "typed"] = "as_built"
    """as_built: any status from any other, read without a lock (D11, D28); typed: the legal steps, on a locked row."""
    variant_writes: Literal["as_built", "serviced"] = "as_built"
    """as_built: single statements without a test, each event sent after its commit (D16); serviced: one transaction
    with its event, SKU and options tested, the last variant stays."""
    search: Literal["as_built", "scoped"] = "as_built"
    """as_built: the matching translations of all tenants are read first; scoped: the tenant's own."""
    paging: Literal["as_built", "clamped"] = "as_built"
    """as_built: the page's size is cut to 100, its offset is not, and a size of 0 breaks; clamped: size 1 to 100."""
    locales: Literal["as_built", "language"] = "as_built"
    """as_built: en-US finds nothing that is stored as en; language: the part before the hyphen counts."""
    bind_max: Annotated[int, Ge(1)] = 65_535
    """Values that the database driver sends with one statement; a search that needs more fails."""
