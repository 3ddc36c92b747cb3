"""The settings of the blog, as a scenario writes them."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogSettings:
    """The blog's design."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    design: Literal["as_built", "repaired"] = "as_built"
    """as_built: a post created as published is never announced as published, and what names a post may be any node but
    for reading; repaired: it is, and only a post will do."""
