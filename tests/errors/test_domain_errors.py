"""The platform's error vocabulary against RusToK's tables of statuses and of retryable codes."""

import pickle

import pytest

from rustok_sim.core import errors
from rustok_sim.core.errors import (
    PROBLEM_JSON,
    BusinessRule,
    CacheError,
    CircuitOpen,
    ConnectionLost,
    ConstraintViolation,
    DatabaseError,
    DomainError,
    ErrorKind,
    Internal,
    NoConnection,
    NotFound,
    UniqueViolation,
    Validation,
    outcome_of,
    problem,
)

STATUSES = {
    "Validation": 400,
    "NotFound": 404,
    "Conflict": 409,
    "RateLimited": 429,
    "Internal": 500,
    "DatabaseError": 500,
    "NoConnection": 500,
    "CacheError": 500,
    "WireError": 500,
    "ConnectionRefused": 500,
    "ConnectionLost": 500,
    "ServerFault": 500,
    "CircuitOpen": 503,
    "BulkheadFull": 503,
    "TimedOut": 504,
    "BusinessRule": 400,
    "Unauthenticated": 401,
    "Forbidden": 403,
    "External": 503,
    "ConstraintViolation": 500,
    "UniqueViolation": 500,
    "CheckViolation": 500,
    "ForeignKeyViolation": 500,
    "NotNullViolation": 500,
    "ValueTooLong": 500,
    "TransactionConflict": 500,
    "SerializationFailure": 500,
    "DeadlockDetected": 500,
    "TransactionAborted": 500,
}
"""RusToK's ErrorKind table, and its typed codes 1501, 1504 and 1507 for cache, open circuit and unavailable."""

RETRYABLE = {name for name, status in STATUSES.items() if status >= 500} - {
    "Internal",
    "ConstraintViolation",
    "UniqueViolation",
    "CheckViolation",
    "ForeignKeyViolation",
    "NotNullViolation",
    "ValueTooLong",
    "TransactionAborted",
}
"""RusToK's typed codes 1500 to 1504 and 1507 are retryable; a rate limit (1306) and an internal error (1505) not. A
statement that broke a rule of the schema breaks it again, and in PostgreSQL what follows in its transaction fails."""


def made(name):
    """An error of the class of this name."""
    kind = getattr(errors, name)
    return kind("orders", "id") if issubclass(kind, ConstraintViolation) else kind("no")


@pytest.mark.parametrize("name", STATUSES)
def test_an_error_has_the_status_and_the_retryability_of_rustoks_tables(name):
    """Each class answers with its kind's status, and is retryable exactly where RusToK's codes say so."""
    error = made(name)
    assert (error.status, error.retryable) == (STATUSES[name], name in RETRYABLE)


def test_no_error_of_the_platform_is_left_out_of_the_tables():
    """Every exported DomainError is in the table above, so a new one must be given its status here."""
    exported = {
        name
        for name in errors.__all__
        if isinstance(getattr(errors, name), type) and issubclass(getattr(errors, name), DomainError)
    }
    assert exported - {"DomainError"} == set(STATUSES)


def test_every_error_of_the_platform_has_a_code_of_its_own():
    """Codes tell errors apart in the event log."""
    assert len({getattr(errors, name).code for name in STATUSES}) == len(STATUSES)


def test_kinds_are_told_apart_even_where_statuses_are_equal():
    """An enum makes members of equal value one; the kinds that share a status must not collapse."""
    assert len(ErrorKind) == 14
    assert ErrorKind.DATABASE is not ErrorKind.CACHE


def test_a_more_exact_code_stays_with_the_one_error():
    """A code given to one error does not change its class."""
    assert NotFound("no tenant", code="tenant_not_found").code == "tenant_not_found"
    assert NotFound("no page").code == "not_found"


def test_an_exhausted_pool_is_a_database_error():
    """RusToK sees an acquire timeout as any other database error."""
    assert isinstance(NoConnection("none left"), DatabaseError)


def test_a_broken_wire_is_neither_a_database_nor_a_cache_error():
    """Which of the two it becomes is for the adapter to say."""
    assert not isinstance(ConnectionLost("gone"), DatabaseError | CacheError)


def test_a_problem_says_what_rfc_7807_asks_and_whether_to_retry():
    """The body has the members of RFC 7807 and the two extensions."""
    assert problem(NotFound("there is no tenant acme", code="tenant_not_found")) == {
        "type": "urn:rustok:problem:tenant_not_found",
        "title": "Not found",
        "status": 404,
        "detail": "there is no tenant acme",
        "code": "tenant_not_found",
        "retryable": False,
    }
    assert PROBLEM_JSON == "application/problem+json"


def test_a_problem_names_the_fields_and_the_occurrence_where_they_are_known():
    """Both are extension or optional members of RFC 7807, left out where there is nothing to say."""
    error = Validation("node.created: kind must not be blank", fields={"kind": "must not be blank"})
    body = problem(error, instance="urn:uuid:6b1f3c2e-6d1c-5f0e-9a55-2d1a0c9b7e11")
    assert body["fields"] == {"kind": "must not be blank"}
    assert body["instance"] == "urn:uuid:6b1f3c2e-6d1c-5f0e-9a55-2d1a0c9b7e11"
    assert {"fields", "instance"} & problem(Validation("no")).keys() == set()


def test_a_problem_goes_out_with_the_status_of_its_answer():
    """A handler that answers 400 to everything says so in the body, too."""
    assert problem(DatabaseError("gone"), status=400)["status"] == 400


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (BusinessRule("only 3 are left"), "only 3 are left"),
        (DatabaseError("orders: id"), "Something went wrong on our side. Please try again later."),
        (Internal("index out of range"), "Something went wrong on our side. Trying again will not help."),
    ],
)
def test_a_user_reads_no_inner_workings(error, message):
    """Faults of the request are told as they are, the platform's troubles without their details."""
    assert error.user_message == problem(error)["detail"] == message


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "ok"),
        (400, "ok"),
        (404, "ok"),
        (408, "failed"),
        (429, "rejected"),
        (500, "failed"),
        (503, "rejected"),
        (504, "failed"),
    ],
)
def test_availability_counts_right_answers_refusals_and_failures(status, outcome):
    """A 404 is a right answer, 429 and 503 refuse, and 408 is a server that gave up."""
    assert outcome_of(status) == outcome


def test_errors_cross_process_borders():
    """Replications run in other processes, and their errors come back pickled."""
    copy = pickle.loads(pickle.dumps(CircuitOpen("the circuit is open", code="redis_open")))  # noqa: S301
    assert (type(copy), str(copy), copy.code) == (CircuitOpen, "the circuit is open", "redis_open")


def test_a_broken_rule_of_the_schema_crosses_process_borders_with_its_table():
    """Its message is made of two arguments, which pickle has to be given again."""
    copy = pickle.loads(pickle.dumps(UniqueViolation("products", "tenant_id,handle")))  # noqa: S301
    assert (copy.table, copy.rule, str(copy)) == ("products", "tenant_id,handle", "products: tenant_id,handle")
