"""The settings of pages, as a scenario writes them."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSettings:
    """The design of pages, and one of its defects by itself. An absent value is the design's own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    design: Literal["as_built", "repaired"] = "as_built"
    """as_built: blocks as below, menus in a language that their column refuses (P2), blocks deleted one by one (P3),
    managers locked out (P4), three more reads for each row of a list (P5); repaired: none of these."""
    blocks: Literal["as_built", "one_transaction"] | None = None
    """as_built: no block can be written (P1, D25), and a page that has some is there without them when the call fails
    (D19); one_transaction (repaired): the page and its blocks, or nothing."""

    @property
    def one_transaction(self) -> bool:
        """Whether a page and its blocks are written together."""
        return (self.blocks or ("as_built" if self.design == "as_built" else "one_transaction")) == "one_transaction"
