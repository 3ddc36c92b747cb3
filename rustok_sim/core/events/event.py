"""The base of all domain events."""

from typing import ClassVar


class Event:
    """Something that happened in one tenant. Subclasses are records that nobody changes; fields are the payload."""

    __slots__: tuple[str, ...] = ()

    type: ClassVar[str]
    """The dotted name, which consumers subscribe to."""
    version: ClassVar[int] = 1
    """The version of the payload's schema."""
    affects_index: ClassVar[bool] = False
    """Whether RusToK's predicate for the read model lists it; it forgets variants that come and go."""
