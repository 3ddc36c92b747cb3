"""The settings of prices, as a scenario writes them."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingSettings:
    """How prices are written and read: each value ``as_built`` is RusToK's way, the other one its repair."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    reads: Literal["as_built", "scoped"] = "as_built"
    """as_built: whoever knows a variant's id reads its prices, of whichever tenant (D3)."""
    first_insert: Literal["as_built", "unique"] = "as_built"
    """as_built: looked up, then inserted, so that two may be (D10); unique: an index, and insert or update."""
    set_many: Literal["as_built", "one_transaction"] = "as_built"
    """as_built: one transaction for each currency, so that a failure leaves the earlier ones changed (D18)."""
    currencies: Literal["as_built", "checked"] = "as_built"
    """When what is not three capitals is refused. as_built: by its event, after the write; checked: before."""
    discounts: Literal["as_built", "locked"] = "as_built"
    """as_built: computed from a price read before the transaction; locked: from the row that the transaction holds."""
