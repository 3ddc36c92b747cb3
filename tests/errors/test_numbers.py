"""RusToK's numbers for errors against the statuses and the retryability it lists for them."""

import pytest

from rustok_sim.core.errors import (
    BusinessRule,
    CacheError,
    CircuitOpen,
    Conflict,
    DatabaseError,
    ErrorKind,
    NotFound,
    Unauthenticated,
    UniqueViolation,
    Validation,
    number_of,
)
from rustok_sim.core.errors.numbers import OF_CODES, OF_KINDS, STATUSES

RANGES = {
    401: [1000, 1001, 1002, 1004],
    403: [1003, 1005, 1304],
    400: [1100, 1101, 1102, 1103, 1104, 1105],
    404: [1200, 1202],
    409: [1201, 1203],
    422: [1300, 1301, 1302, 1303, 1305],
    429: [1306],
    500: [1500, 1501, 1505, 1506],
    503: [1502, 1503, 1504, 1507],
}
"""RusToK's table, by status."""


def test_there_are_31_numbers_with_the_statuses_of_rustoks_table():
    """Six for access, six for input, four for things, seven for business, eight for the system make 31."""
    assert {number: status for status, numbers in RANGES.items() for number in numbers} == STATUSES
    assert len(STATUSES) == 6 + 6 + 4 + 7 + 8


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (Unauthenticated("who?", code="token_expired"), 1001),
        (Unauthenticated("who?"), 1002),
        (Validation("no", code="too_long"), 1100),
        (NotFound("no", code="product_not_found"), 1200),
        (Conflict("no", code="duplicate_sku"), 1201),
        (UniqueViolation("products", "handle"), 1201),
        (Conflict("no"), 1203),
        (BusinessRule("no", code="insufficient_inventory"), 1301),
        (BusinessRule("no", code="cannot_delete_published"), 1304),
        (DatabaseError("no"), 1500),
        (CacheError("no"), 1501),
        (CircuitOpen("no"), 1504),
    ],
)
def test_an_error_has_the_number_of_its_code_or_else_of_its_kind(error, number):
    """RusToK's names of the numbers, read by hand."""
    assert number_of(error) == number


def test_kinds_are_retryable_where_their_numbers_are():
    """RusToK lists 1500 to 1504 and 1507 as retryable."""
    assert set(OF_KINDS) == set(ErrorKind)
    for kind, number in OF_KINDS.items():
        assert kind.retryable is (number in {1500, 1501, 1502, 1503, 1504, 1507})


def test_no_number_is_made_up():
    """Codes and kinds point into the table."""
    assert {*OF_CODES.values(), *OF_KINDS.values()} <= set(STATUSES)
