"""The settings of the blog, as a scenario writes them."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogSettings:
    """The blog's design, and one of its defects by itself. An absent value is the design's own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    design: Literal["as_built", "repaired"] = "as_built"
    """as_built: a post created as published is never announced as published, and what names a post may be any node but
    for reading; repaired: it is, and only a post will do."""
    guests: Literal["system", "guest"] | None = None
    """as_built: who is not logged in acts as the system (D6); repaired: as a guest."""

    @property
    def guests_are_system(self) -> bool:
        """Whether a guest is taken for the system."""
        return (self.guests or ("system" if self.design == "as_built" else "guest")) == "system"
