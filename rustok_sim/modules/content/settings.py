"""The settings of content, as a scenario writes them."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentSettings:
    """How nodes are written and found: each value ``as_built`` is RusToK's way, the other one its repair."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    isolation_of_tenants: Literal["as_built", "scoped"] = "as_built"
    """as_built: who has a node's id reaches it from any tenant, and its events are stamped with the caller's tenant
    (D1), parents and categories may be anybody's; scoped: all of them are the tenant's own."""
    states: Literal["as_built", "typed"] = "as_built"
    """as_built: any status from any other, created in any; typed: the legal steps of the typed machine."""
    rules: Literal["as_built", "checked"] = "as_built"
    """as_built: the rules of the input are never invoked, and a locale of more than 5 characters fails in its column
    (D31); checked: they are, and the column takes the 10 characters that the rule does."""
    slugs: Literal["as_built", "unique"] = "as_built"
    """as_built: two nodes may have one slug, and the reader gets either; unique: no two of a tenant in a language."""
    edits: Literal["as_built", "versioned"] = "as_built"
    """as_built: the last writer wins and replaces all languages (D15); versioned: who read an older version is refused,
    and languages that an edit does not name stay."""
    ownership: Literal["as_built", "named"] = "as_built"
    """Whose is a node without author? as_built: that of a user without identity, for two absent values are equal;
    named: nobody's."""
