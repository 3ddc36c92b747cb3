"""Which steps a product's status may take: as RusToK lets it, or by the types of its states."""

from typing import Literal, Protocol

from rustok_sim.core.data import Row
from rustok_sim.core.errors import Validation
from rustok_sim.core.lifecycle import InvalidTransition
from rustok_sim.modules.commerce.catalogue import states, states_as_built
from rustok_sim.modules.commerce.catalogue.settings import CatalogueSettings
from rustok_sim.modules.commerce.errors import CannotDeletePublished


class StatusSteps(Protocol):
    """One design of the steps. Each gives the columns to write, from the row of ``products`` as it was read."""

    lock: Literal["update"] | None
    """How that row is read."""

    def created(self, product_id: str, *, publish: bool, at_s: float) -> Row:
        """A new product."""
        ...

    def published(self, row: Row, *, at_s: float) -> Row:
        """For sale. Raises ``InvalidTransition``."""
        ...

    def unpublished(self, row: Row) -> Row:
        """A draft again. Raises ``InvalidTransition``."""
        ...

    def updated(self, row: Row, status: str, *, at_s: float) -> Row:
        """In the status that an update names. Raises ``InvalidTransition``, and ``Validation`` if there is no such."""
        ...

    def check_deletable(self, row: Row) -> None:
        """Raises ``CannotDeletePublished``."""
        ...


def steps_for(settings: CatalogueSettings) -> StatusSteps:
    """The design that the settings ask for."""
    return TypedSteps() if settings.status_steps == "typed" else AsBuiltSteps()


class AsBuiltSteps:
    """Any status from any other, from a row that nobody holds (D11, D28)."""

    lock: Literal["update"] | None = None

    def created(self, product_id: str, *, publish: bool, at_s: float) -> Row:
        """Active with its moment, or a draft."""
        return states_as_built.columns_of(states_as_built.create(product_id, publish=publish, at_s=at_s))

    def published(self, row: Row, *, at_s: float) -> Row:
        """Even from archived."""
        return states_as_built.columns_of(states_as_built.restore(row).publish(at_s=at_s))

    def unpublished(self, row: Row) -> Row:
        """Even from archived."""
        return states_as_built.columns_of(states_as_built.restore(row).unpublish())

    def updated(self, row: Row, status: str, *, at_s: float) -> Row:
        """Whatever is given; when it was published stays as it is."""
        match status:
            case "draft" | "active" | "archived":
                return states_as_built.columns_of(states_as_built.restore(row).update(status))
        raise _no_status(status)

    def check_deletable(self, row: Row) -> None:
        """By the status as it was read, whatever it is by now."""
        if isinstance(states_as_built.restore(row), states_as_built.Active):
            raise _active(row)


class TypedSteps:
    """The steps that the types of the states have, on a row that the transaction holds."""

    lock: Literal["update"] | None = "update"

    def created(self, product_id: str, *, publish: bool, at_s: float) -> Row:
        """Active with its moment, or a draft."""
        return states.columns_of(
            states.Active.create(product_id, at_s=at_s) if publish else states.Draft.create(product_id)
        )

    def published(self, row: Row, *, at_s: float) -> Row:
        """From draft alone."""
        match states.restore(row):
            case states.Draft() as draft:
                return states.columns_of(draft.publish(at_s=at_s))
            case other:
                raise _illegal(other, "publish")

    def unpublished(self, row: Row) -> Row:
        """From active alone."""
        match states.restore(row):
            case states.Active() as active:
                return states.columns_of(active.unpublish())
            case other:
                raise _illegal(other, "unpublish")

    def updated(self, row: Row, status: str, *, at_s: float) -> Row:
        """By the step that leads there, if there is one; the status it has already is none."""
        if status == row["status"]:
            return {}
        match (states.restore(row), status):
            case (states.Draft(), "active"):
                return self.published(row, at_s=at_s)
            case (states.Active(), "draft"):
                return self.unpublished(row)
            case (states.Archived() as archived, "draft"):
                return states.columns_of(archived.restore())
            case ((states.Draft() | states.Active()) as shown, "archived"):
                return states.columns_of(shown.archive())
            case (states.Archived() as archived, "active"):
                raise _illegal(archived, "publish")
        raise _no_status(status)

    def check_deletable(self, row: Row) -> None:
        """By the state, which stays as it is until the transaction ends."""
        if isinstance(states.restore(row), states.Active):
            raise _active(row)


def _no_status(status: str) -> Validation:
    return Validation(f"status must be draft, active or archived, not {status!r}")


def _active(row: Row) -> CannotDeletePublished:
    return CannotDeletePublished(f"product {row['id']} is active: unpublish it first")


def _illegal(state: object, action: str) -> InvalidTransition:
    return InvalidTransition(type(state).__name__, action)
