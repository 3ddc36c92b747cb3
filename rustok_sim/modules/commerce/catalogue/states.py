"""A product's life, repaired: draft, active, archived, and gone.

Against RusToK as built, an archived product goes back to draft before it is published again, no update changes the
status behind the steps' back, and who becomes active always gets the moment (D28).
"""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias, assert_never

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Seal, UnknownStatus

_SEAL: Final = Seal("product")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    id: str
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(_Product):
    """Not for sale; ``published_at_s`` is when it last was, if ever."""

    published_at_s: float | None = None

    @classmethod
    def create(cls, product_id: str) -> "Draft":
        """A new product that nobody sees yet."""
        return cls(id=product_id, seal=_SEAL)

    def publish(self, *, at_s: float) -> "Active":
        """Put it up for sale."""
        return Active(id=self.id, published_at_s=at_s, seal=_SEAL)

    def archive(self) -> "Archived":
        """Put it away."""
        return Archived(id=self.id, published_at_s=self.published_at_s, seal=_SEAL)

    def delete(self) -> "Deleted":
        """Remove it for good."""
        return Deleted(id=self.id, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Active(_Product):
    """For sale since ``published_at_s``. It has no ``delete``: what is for sale is taken down first."""

    published_at_s: float

    @classmethod
    def create(cls, product_id: str, *, at_s: float) -> "Active":
        """A new product that is for sale from the start."""
        return cls(id=product_id, published_at_s=at_s, seal=_SEAL)

    def unpublish(self) -> Draft:
        """Take it down."""
        return Draft(id=self.id, published_at_s=self.published_at_s, seal=_SEAL)

    def archive(self) -> "Archived":
        """Take it down and put it away."""
        return Archived(id=self.id, published_at_s=self.published_at_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(_Product):
    """Put away. It has no ``publish``: it goes through draft."""

    published_at_s: float | None

    def restore(self) -> Draft:
        """Take it out again, to work on it."""
        return Draft(id=self.id, published_at_s=self.published_at_s, seal=_SEAL)

    def delete(self) -> "Deleted":
        """Remove it for good."""
        return Deleted(id=self.id, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted(_Product):
    """There is no such row any more."""


Product: TypeAlias = Draft | Active | Archived | Deleted
"""A product in any of its states."""


def restore(row: Row) -> Draft | Active | Archived:
    """The product that a row of ``products`` tells of. Raises ``UnknownStatus``.

    An active row without ``published_at``, which RusToK as built can write, counts as published at the start.
    """
    product_id, published_at_s = str(row["id"]), row["published_at"]
    moment_s = None if published_at_s is None else float(published_at_s)
    match row["status"]:
        case "draft":
            return Draft(id=product_id, published_at_s=moment_s, seal=_SEAL)
        case "active":
            return Active(id=product_id, published_at_s=moment_s or 0.0, seal=_SEAL)
        case "archived":
            return Archived(id=product_id, published_at_s=moment_s, seal=_SEAL)
    raise UnknownStatus(f"product {product_id}: {row['status']}")


def columns_of(product: Draft | Active | Archived) -> Row:
    """The columns of its row that the state decides."""
    match product:
        case Draft():
            return {"status": "draft", "published_at": product.published_at_s}
        case Active():
            return {"status": "active", "published_at": product.published_at_s}
        case Archived():
            return {"status": "archived", "published_at": product.published_at_s}
    assert_never(product)
