"""How a database refuses: the errors of PostgreSQL that the platform can meet, each with its SQLSTATE."""

from typing import ClassVar, Self

from rustok_sim.core.errors.domain import DatabaseError


class ConstraintViolation(DatabaseError):
    """A statement would break a rule of the schema; the transaction can only be rolled back."""

    sqlstate: ClassVar[str] = "23000"
    code = "constraint_violation"

    def __init__(self, table: str, rule: str) -> None:
        super().__init__(f"{table}: {rule}")
        self.table = table
        self.rule = rule

    def __reduce__(self) -> tuple[type[Self], tuple[str, str], dict[str, object]]:
        """As pickle asks: by the two arguments, not by the message made of them."""
        return type(self), (self.table, self.rule), self.__dict__

    @property
    def retryable(self) -> bool:
        """Never: the same statement breaks the same rule again."""
        return False


class UniqueViolation(ConstraintViolation):
    """Another row has the same values where they must be unique; *rule* lists the columns, comma-separated."""

    sqlstate = "23505"
    code = "unique_violation"


class CheckViolation(ConstraintViolation):
    """A value fails a check; *rule* is the check's name."""

    sqlstate = "23514"
    code = "check_violation"


class ForeignKeyViolation(ConstraintViolation):
    """A row is named that is not there, or a row that others name would go; *rule* lists the columns."""

    sqlstate = "23503"
    code = "foreign_key_violation"


class NotNullViolation(ConstraintViolation):
    """A column that must have a value got none; *rule* is the column."""

    sqlstate = "23502"
    code = "not_null_violation"


class ValueTooLong(ConstraintViolation):
    """A text has more characters than its column takes; *rule* is the column."""

    sqlstate = "22001"
    code = "value_too_long"


class TransactionConflict(DatabaseError):
    """The transaction lost against another one: all of it may be tried again from the start."""

    sqlstate: ClassVar[str] = "40000"
    code = "transaction_conflict"


class SerializationFailure(TransactionConflict):
    """What this transaction did fits no order in which the transactions could have run one by one."""

    sqlstate = "40001"
    code = "serialization_failure"


class DeadlockDetected(TransactionConflict):
    """Transactions wait for each other in a circle, and this one was chosen to give way."""

    sqlstate = "40P01"
    code = "deadlock_detected"


class TransactionAborted(DatabaseError):
    """A statement of this transaction has failed, so it takes no more statements: it must be rolled back."""

    sqlstate: ClassVar[str] = "25P02"
    code = "transaction_aborted"

    @property
    def retryable(self) -> bool:
        """Never: the statement that failed before says whether a retry is worth while."""
        return False
