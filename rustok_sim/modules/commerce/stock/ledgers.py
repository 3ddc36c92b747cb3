"""Where the numbers stand: one on each variant, as RusToK uses it, or a level at each location, as in its tables."""

from collections.abc import Sequence
from typing import Final, Literal, Protocol

from rustok_sim.core.data import Row, Table, Transaction, Where, col
from rustok_sim.core.ports import Runtime, Steps
from rustok_sim.modules.commerce.catalogue.tables import VARIANTS
from rustok_sim.modules.commerce.errors import VariantNotFound
from rustok_sim.modules.commerce.stock.levels import Change, Level, location_of, whole
from rustok_sim.modules.commerce.stock.settings import StockSettings
from rustok_sim.modules.commerce.stock.tables import LEVELS, LOCATIONS

ID: Final = col("id")
VARIANT_ID: Final = col("variant_id")
LOCATION_ID: Final = col("location_id")


class Selects(Protocol):
    """Reads rows, within a transaction or outside of any."""

    def __call__(self, table: Table, where: Where) -> Steps[list[Row]]:
        """The rows for which all conditions hold."""
        ...


class Ledger(Protocol):
    """One place to keep levels in. All levels are rows of *table*, told apart by :meth:`where`."""

    table: Table
    stocked: str
    """The column of the units in stock."""
    reads_first: bool
    """Whether one must read to know which row a change is about."""

    def read(self, tx: Transaction, change: Change, lock: Literal["update"] | None = None) -> Steps[Level]:
        """The level that the change is about. Raises ``VariantNotFound``."""
        ...

    def where(self, change: Change, level: Level | None) -> Where:
        """The condition for the row of the level; without a level, the one row it can be."""
        ...

    def level(self, row: Row, before: Level | None) -> Level:
        """The level that a row as written tells of, given what was read before it was."""
        ...

    def peek(self, select: Selects, variant_ids: Sequence[str]) -> Steps[dict[str, list[Level]]]:
        """The levels of each of these variants that there is."""
        ...


def open_ledger(runtime: Runtime, settings: StockSettings) -> Ledger:
    """The ledger that the settings ask for."""
    return LocationLevels(runtime) if settings.locations else VariantNumbers()


class VariantNumbers:
    """RusToK's one number, on the row of the variant; it stands for the tenant's one location."""

    table: Table = VARIANTS
    stocked: str = "inventory_quantity"
    reads_first: bool = False

    def read(self, tx: Transaction, change: Change, lock: Literal["update"] | None = None) -> Steps[Level]:
        """One statement."""
        row = yield from tx.first(VARIANTS, (ID.equals(change.variant_id),), lock=lock)
        if row is None:
            raise VariantNotFound(f"no variant {change.variant_id}")
        return self.level(row)

    def where(self, change: Change, level: Level | None = None) -> Where:
        """By the variant alone."""
        return (ID.equals(change.variant_id),)

    def level(self, row: Row, before: Level | None = None) -> Level:
        """All of it stands on the row."""
        return Level(
            str(row["id"]),
            str(row["product_id"]),
            str(row["inventory_policy"]),
            location_of(str(row["tenant_id"])),
            whole(row["inventory_quantity"]),
            whole(row["reserved_quantity"]),
            whole(row["version"]),
        )

    def peek(self, select: Selects, variant_ids: Sequence[str]) -> Steps[dict[str, list[Level]]]:
        """One statement."""
        rows = yield from select(VARIANTS, _one_of(variant_ids))
        return {str(row["id"]): [self.level(row)] for row in rows}


class LocationLevels:
    """A row for each variant and location. A change without a location goes where most is free.

    A variant that has no level yet has its own number at the first location; the first change writes that down.
    """

    table: Table = LEVELS
    stocked: str = "stocked_quantity"
    reads_first: bool = True

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def read(self, tx: Transaction, change: Change, lock: Literal["update"] | None = None) -> Steps[Level]:
        """Two statements; more for the first change at a location. With *lock*, all levels of the variant are held."""
        variant = yield from tx.first(VARIANTS, (ID.equals(change.variant_id),))
        if variant is None:
            raise VariantNotFound(f"no variant {change.variant_id}")
        found = yield from self._levels(tx, variant, change, lock)
        if not found:
            yield from self._begin(tx, variant, change)
            found = yield from self._levels(tx, variant, change, lock)
        return max(found, key=lambda level: level.free)

    def _levels(
        self, tx: Transaction, variant: Row, change: Change, lock: Literal["update"] | None
    ) -> Steps[list[Level]]:
        rows = yield from tx.select(LEVELS, (VARIANT_ID.equals(change.variant_id),), lock=lock)
        wanted = change.location_id
        return [_level(variant, row) for row in rows if wanted in (None, row["location_id"])]

    def _begin(self, tx: Transaction, variant: Row, change: Change) -> Steps[None]:
        first = location_of(str(variant["tenant_id"]))
        yield from self._make(tx, variant, first, whole(variant["inventory_quantity"]))
        if change.location_id not in (None, first):
            yield from self._make(tx, variant, str(change.location_id), 0)

    def _make(self, tx: Transaction, variant: Row, location_id: str, units: int) -> Steps[None]:
        yield from tx.insert(LOCATIONS, {"id": location_id, "name": f"Location {location_id[:8]}"}, or_skip=True)
        level: Row = {
            "variant_id": variant["id"],
            "location_id": location_id,
            "stocked_quantity": units,
            "reserved_quantity": 0,
            "version": 1,
            "updated_at": self._runtime.clock(),
        }
        yield from tx.insert(LEVELS, level, or_skip=True)

    def where(self, change: Change, level: Level | None) -> Where:
        """By the variant and the location that was read, or that the change names."""
        location_id = change.location_id if level is None else level.location_id
        return (VARIANT_ID.equals(change.variant_id), LOCATION_ID.equals(location_id))

    def level(self, row: Row, before: Level | None) -> Level:
        """The numbers from the row, the rest from before."""
        if before is None:
            raise ValueError("a level at a location is read before it is written")
        numbers = (whole(row[name]) for name in ("stocked_quantity", "reserved_quantity", "version"))
        return Level(before.variant_id, before.product_id, before.policy, before.location_id, *numbers)

    def peek(self, select: Selects, variant_ids: Sequence[str]) -> Steps[dict[str, list[Level]]]:
        """Two statements."""
        variants = {str(row["id"]): row for row in (yield from select(VARIANTS, _one_of(variant_ids)))}
        rows = yield from select(LEVELS, (VARIANT_ID.is_in(list(variants)),))
        found: dict[str, list[Level]] = {}
        for row in rows:
            variant_id = str(row["variant_id"])
            found.setdefault(variant_id, []).append(_level(variants[variant_id], row))
        for variant_id, variant in variants.items():
            found.setdefault(variant_id, [VariantNumbers().level(variant)])
        return found


def _one_of(variant_ids: Sequence[str]) -> Where:
    return (ID.equals(variant_ids[0]),) if len(variant_ids) == 1 else (ID.is_in(variant_ids),)


def _level(variant: Row, row: Row) -> Level:
    return Level(
        str(variant["id"]),
        str(variant["product_id"]),
        str(variant["inventory_policy"]),
        str(row["location_id"]),
        whole(row["stocked_quantity"]),
        whole(row["reserved_quantity"]),
        whole(row["version"]),
    )
