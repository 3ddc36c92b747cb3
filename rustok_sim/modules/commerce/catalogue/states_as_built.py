"""A product's life as RusToK lets it be: almost any state after any other (D28).

Publishing and taking down ask for nothing, an update writes whatever status it is given and leaves ``published_at``
as it is, and only deleting looks: not while active. States can be made by hand, as the platform's rows can.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import UnknownStatus

Status: TypeAlias = Literal["draft", "active", "archived"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    id: str
    published_at_s: float | None = None

    def publish(self, *, at_s: float) -> "Active":
        """Put it up for sale, from wherever it is."""
        return Active(id=self.id, published_at_s=at_s)

    def unpublish(self) -> "Draft":
        """Make it a draft, from wherever it is; when it was published stays."""
        return Draft(id=self.id, published_at_s=self.published_at_s)

    def update(self, status: Status) -> "Draft | Active | Archived":
        """Write the status given; when it was published stays, so an active product may never have been."""
        return _STATES[status](id=self.id, published_at_s=self.published_at_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(_Product):
    """Not for sale."""

    def delete(self) -> "Deleted":
        """Remove it for good."""
        return Deleted(id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Active(_Product):
    """For sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(_Product):
    """Put away."""

    def delete(self) -> "Deleted":
        """Remove it for good."""
        return Deleted(id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """There is no such row any more."""

    id: str


Product: TypeAlias = Draft | Active | Archived | Deleted
"""A product in any of its states."""

_STATES: dict[str, type[Draft] | type[Active] | type[Archived]] = {
    "draft": Draft,
    "active": Active,
    "archived": Archived,
}


def create(product_id: str, *, publish: bool, at_s: float) -> Draft | Active:
    """A new product, for sale at once if the flag says so."""
    return Active(id=product_id, published_at_s=at_s) if publish else Draft(id=product_id)


def restore(row: Row) -> Draft | Active | Archived:
    """The product that a row of ``products`` tells of. Raises ``UnknownStatus``."""
    state = _STATES.get(str(row["status"]))
    if state is None:
        raise UnknownStatus(f"product {row['id']}: {row['status']}")
    published_at_s = row["published_at"]
    return state(id=str(row["id"]), published_at_s=None if published_at_s is None else float(published_at_s))


def columns_of(product: Draft | Active | Archived) -> Row:
    """The columns of its row that the state decides."""
    return {"status": type(product).__name__.lower(), "published_at": product.published_at_s}
