"""What the databases say of a failed statement, as the errors of ``core.errors``."""

from typing import Final

from rustok_sim.adapters.sql.tables import Schema
from rustok_sim.core.errors import DatabaseError, NotNullViolation, SerializationFailure, UniqueViolation

UNIQUE: Final = "UNIQUE constraint failed: "
NOT_NULL: Final = "NOT NULL constraint failed: "
CHECK: Final = "CHECK constraint failed: "


def of_sqlite(error: BaseException | None, schema: Schema) -> Exception:
    """By extended error code, and by the message where the code does not tell enough."""
    message = str(error)
    if message.startswith(UNIQUE):
        columns = [name.rpartition(".") for name in message.removeprefix(UNIQUE).split(", ")]
        return UniqueViolation(columns[0][0], ",".join(column for _, _, column in columns))
    if message.startswith(NOT_NULL):
        table, _, column = message.removeprefix(NOT_NULL).rpartition(".")
        return NotNullViolation(table, column)
    if message.startswith(CHECK):
        return schema.broken(message.removeprefix(CHECK)) or DatabaseError(message)
    if getattr(error, "sqlite_errorname", None) == "SQLITE_BUSY_SNAPSHOT":
        return SerializationFailure(message)
    return DatabaseError(message)
