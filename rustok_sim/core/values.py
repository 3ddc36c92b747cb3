"""Values: dataclasses that nobody changes, made by the dozen for each request."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:

    def value(*, frozen: bool, **options: Any) -> Any:
        """As ``dataclass``; the type checker keeps it frozen, since at run time that takes three times as long."""
        return dataclass(unsafe_hash=frozen, **options)


__all__ = ["value"]
