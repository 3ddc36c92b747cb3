"""The settings of the forum, as a scenario writes them."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from rustok_sim.core.strict import STRICT

Flags: TypeAlias = Literal["read_modify_write", "versioned", "row_lock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumSettings:
    """The forum's design, and one of its defects by itself. An absent value is the design's own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    design: Literal["as_built", "repaired"] = "as_built"
    """as_built: no reply can be written (F1, D24), no topic closed (F2), replies are not counted (F3) nor held back
    for a moderator (F4), lists are cut off and faked (F6), customers may not write (F7); repaired: none of these."""
    flags: Flags | None = None
    """How a moderator writes a topic's flags and a reply's status, which lie in one JSON document with all the rest.
    as_built: read_modify_write, so that of two at once one is lost (F5, D13); versioned: the later one is refused;
    row_lock (repaired): the later one waits."""

    @property
    def writes_flags(self) -> Flags:
        """How flags are written."""
        return self.flags or ("read_modify_write" if self.design == "as_built" else "row_lock")
