"""One vocabulary of errors: what the platform answers with, and what this tool complains of.

Every error a service raises is a :class:`DomainError`: its kind gives the HTTP status and whether a retry is worth
while. Errors of the tool are :class:`RustokSimError`, sorted by whose fault they are. The two never mix: a
``RustokSimError`` is never an outcome of a simulated request, a ``DomainError`` never leaves the simulation.
"""

from rustok_sim.core.errors.database import (
    CheckViolation,
    ConstraintViolation,
    DeadlockDetected,
    ForeignKeyViolation,
    NotNullViolation,
    SerializationFailure,
    TransactionAborted,
    TransactionConflict,
    UniqueViolation,
    ValueTooLong,
)
from rustok_sim.core.errors.domain import (
    BulkheadFull,
    BusinessRule,
    CacheError,
    CircuitOpen,
    Conflict,
    ConnectionLost,
    ConnectionRefused,
    DatabaseError,
    DomainError,
    External,
    Forbidden,
    Internal,
    NoConnection,
    NotFound,
    RateLimited,
    ServerFault,
    TimedOut,
    Unauthenticated,
    Validation,
    WireError,
)
from rustok_sim.core.errors.kinds import ErrorKind, Outcome, outcome_of
from rustok_sim.core.errors.mapping import ErrorSettings, retry_by_status, status_of
from rustok_sim.core.errors.numbers import number_of
from rustok_sim.core.errors.problem import PROBLEM_JSON, problem
from rustok_sim.core.errors.tool import (
    InvariantBroken,
    Problem,
    ReplayDiverged,
    RuleError,
    RunError,
    RustokSimError,
    ScenarioError,
)

__all__ = [
    "PROBLEM_JSON",
    "BulkheadFull",
    "BusinessRule",
    "CacheError",
    "CheckViolation",
    "CircuitOpen",
    "Conflict",
    "ConnectionLost",
    "ConnectionRefused",
    "ConstraintViolation",
    "DatabaseError",
    "DeadlockDetected",
    "DomainError",
    "ErrorKind",
    "ErrorSettings",
    "External",
    "Forbidden",
    "ForeignKeyViolation",
    "Internal",
    "InvariantBroken",
    "NoConnection",
    "NotFound",
    "NotNullViolation",
    "Outcome",
    "Problem",
    "RateLimited",
    "ReplayDiverged",
    "RuleError",
    "RunError",
    "RustokSimError",
    "ScenarioError",
    "SerializationFailure",
    "ServerFault",
    "TimedOut",
    "TransactionAborted",
    "TransactionConflict",
    "Unauthenticated",
    "UniqueViolation",
    "Validation",
    "ValueTooLong",
    "WireError",
    "number_of",
    "outcome_of",
    "problem",
    "retry_by_status",
    "status_of",
]
