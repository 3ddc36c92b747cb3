"""What makes the field of an event wrong, as data that stands beside the field.

A rule is asked for a value that is there: an absent optional value breaks none. The annotated types at the end are
the field types of the catalogue.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from rustok_sim.core.events.event import Event
from rustok_sim.core.ids import NIL

Fault: TypeAlias = Literal[
    "empty_field", "too_long", "nil_uuid", "invalid_value", "missing_field", "out_of_range", "invalid_characters"
]
"""RusToK's kinds of validation errors. It never uses ``missing_field``; here, decoding does."""


class Broken(NamedTuple):
    """A rule that does not hold, and why; the message goes on after the field's name."""

    fault: Fault
    message: str


class Rule(Protocol):
    """A condition on one field of an event."""

    def broken(self, value: object, event: Event) -> Broken | None:
        """What is wrong with *value*, a field of *event*, if anything is."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """Not blank, and at most so many bytes of UTF-8: a limit of 64 admits 32 Cyrillic letters."""

    bytes_max: int

    def broken(self, value: object, event: Event) -> Broken | None:
        """Blank before too long, as RusToK asks."""
        text = str(value)
        if not text.strip():
            return Broken("empty_field", "must not be blank")
        return _too_long(text, self.bytes_max)


@dataclass(frozen=True, slots=True)
class MaxBytes:
    """At most so many bytes of UTF-8; may be blank."""

    bytes_max: int

    def broken(self, value: object, event: Event) -> Broken | None:
        """Too long, or nothing."""
        return _too_long(str(value), self.bytes_max)


def _too_long(text: str, bytes_max: int) -> Broken | None:
    # Counting bytes is only needed where characters alone do not settle it.
    if len(text) * 4 <= bytes_max:
        return None
    length = len(text.encode())
    return Broken("too_long", f"has {length} bytes, at most {bytes_max} are allowed") if length > bytes_max else None


@dataclass(frozen=True, slots=True)
class NotNil:
    """Not the identifier of nothing."""

    def broken(self, value: object, event: Event) -> Broken | None:
        """Nil, or nothing."""
        return Broken("nil_uuid", "must not be the nil UUID") if value == NIL else None


@dataclass(frozen=True, slots=True)
class Matching:
    """The whole text matches *pattern*; *wanted* says in words what that is."""

    pattern: re.Pattern[str]
    wanted: str
    fault: Fault = "invalid_value"

    def broken(self, value: object, event: Event) -> Broken | None:
        """No match, or nothing."""
        text = str(value)
        return None if self.pattern.fullmatch(text) else Broken(self.fault, f"must {self.wanted}, not {text!r}")


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number from *least* to *most*, both included."""

    least: int
    most: int

    def broken(self, value: object, event: Event) -> Broken | None:
        """Out of range, or nothing."""
        if isinstance(value, int) and self.least <= value <= self.most:
            return None
        return Broken("out_of_range", f"must be from {self.least} to {self.most}, not {value}")


Relation: TypeAlias = Literal["below", "at_most", "differs"]
RELATIONS: Final[Mapping[Relation, tuple[Callable[[Any, Any], bool], str]]] = {
    "below": (operator.lt, "be below"),
    "at_most": (operator.le, "be at most"),
    "differs": (operator.ne, "differ from"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Stands in a relation to another field of the same event."""

    relation: Relation
    other: str

    def broken(self, value: object, event: Event) -> Broken | None:
        """The relation does not hold, or nothing."""
        holds, wanted = RELATIONS[self.relation]
        other = getattr(event, self.other)
        if holds(value, other):
            return None
        return Broken("invalid_value", f"must {wanted} {self.other}, which is {other}")


@dataclass(frozen=True, slots=True)
class Under:
    """A rule of one design only: as RusToK built it, or with its contradictions repaired."""

    contradictions: Literal["as_built", "repaired"]
    rule: Rule


class Uuid:
    """Marks a field as an identifier: in the registry's data type, and in what decoding accepts."""


UUID: Final = Uuid()
I32_MAX: Final = 2**31 - 1
I64_MAX: Final = 2**63 - 1
ASCII_NAME: Final = Matching(
    re.compile(r"[A-Za-z0-9_-]+"), "have letters, digits, dashes and underscores only", "invalid_characters"
)

Id: TypeAlias = Annotated[str, UUID, NotNil()]
OptionalId: TypeAlias = Annotated[str | None, UUID, NotNil()]
Kind: TypeAlias = Annotated[str, Text(64)]
Name: TypeAlias = Annotated[str, Text(64)]
Locale: TypeAlias = Annotated[str, Text(10)]
Status: TypeAlias = Annotated[str, Text(50)]
Amount: TypeAlias = Annotated[int, Between(0, I64_MAX)]
"""Money in minor units."""
OptionalAmount: TypeAlias = Annotated[int | None, Between(0, I64_MAX)]
Currency: TypeAlias = Annotated[str, Matching(re.compile(r"[A-Z]{3}"), "be three capitals of ASCII")]
"""Checked for its shape, not against a list."""
