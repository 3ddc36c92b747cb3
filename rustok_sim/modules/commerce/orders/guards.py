"""What stands between a step and the row it changes."""

from rustok_sim.core.data import Row, Transaction, Where, col, same
from rustok_sim.core.errors import CheckViolation, SerializationFailure
from rustok_sim.core.lifecycle import InvalidTransition
from rustok_sim.core.marks import mark
from rustok_sim.core.ports import Steps
from rustok_sim.modules.commerce.orders.commands import Command
from rustok_sim.modules.commerce.orders.errors import OrderChanged, OrderNotFound
from rustok_sim.modules.commerce.orders.machines import MACHINES
from rustok_sim.modules.commerce.orders.records import Header
from rustok_sim.modules.commerce.orders.rows import changes
from rustok_sim.modules.commerce.orders.settings import OrderSettings
from rustok_sim.modules.commerce.orders.tables import ORDERS


class Guard:
    """Works out what a step writes, and writes it, with the checks that the settings ask for."""

    def __init__(self, settings: OrderSettings) -> None:
        self._machine = MACHINES[settings.lifecycle]
        self._looks = settings.guard in ("service", "both")
        rule = settings.database_rule or ("pairs" if settings.lifecycle == "successor" else "compare_and_set")
        self._rule = rule if settings.guard in ("database", "both") else None

    def changes(self, row: Row, header: Header, command: Command) -> Row:
        """The columns to write. Raises what the step refuses with, if this guard looks at the row that was read."""
        if self._looks:
            return changes(row, self._machine.after(row, header, command))
        return {"status": self._machine.targets[command.action], **command.columns()}

    def write(self, tx: Transaction, row: Row, written: Row, command: Command, *, at_s: float) -> Steps[int]:
        """Write, if the database's rule holds for the newest committed row; the version written.

        Raises ``OrderChanged`` or ``InvalidTransition`` (compare_and_set), ``SerializationFailure`` or
        ``CheckViolation`` (pairs), ``OrderNotFound``.
        """
        values = {**written, "version": col("version").plus(1), "updated_at": at_s}
        rows = yield from tx.update_returning(ORDERS, values, self._where(row, command))
        if not rows:
            yield from self._refuse(tx, row, command)
        return int(rows[0]["version"] or 0)

    def _where(self, row: Row, command: Command) -> Where:
        this = same(id=row["id"])
        if self._rule is None:
            return this
        legal = col("status").is_in(self._machine.sources[command.action])
        return (*this, legal) if self._rule == "pairs" else (*this, legal, col("version").equals(row["version"]))

    def _refuse(self, tx: Transaction, row: Row, command: Command) -> Steps[None]:
        status, action = str(row["status"]), command.action
        if self._rule == "compare_and_set":
            if status not in self._machine.sources[action]:
                raise InvalidTransition(status, action)
            mark("order changed under a step")
            raise OrderChanged(f"order {row['id']} is no longer as it was read: {status}")
        newest = yield from tx.first(ORDERS, same(id=row["id"]))
        if newest is None:
            raise OrderNotFound(f"no order {row['id']}")
        # The successor's trigger: who repeats a step may try again and see; any other pair is against the rule.
        if newest["status"] == self._machine.targets[action]:
            raise SerializationFailure(f"order {row['id']} is {newest['status']} already")
        raise CheckViolation(ORDERS.name, "order_lifecycle")
