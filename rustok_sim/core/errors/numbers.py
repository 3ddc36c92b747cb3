"""RusToK's numbers for errors, 1000 to 1507: a vocabulary it defines and never uses."""

from collections.abc import Mapping
from typing import Final

from rustok_sim.core.errors.domain import DomainError
from rustok_sim.core.errors.kinds import ErrorKind

OF_CODES: Final[Mapping[str, int]] = {
    "invalid_credentials": 1000,
    "token_expired": 1001,
    "second_factor_required": 1004,
    "account_locked": 1005,
    "duplicate_handle": 1201,
    "duplicate_sku": 1201,
    "duplicate_slug": 1201,
    "unique_violation": 1201,
    "gone": 1202,
    "payment_declined": 1300,
    "insufficient_inventory": 1301,
    "already_processed": 1302,
    "payment_failed": 1303,
    "quota_exceeded": 1305,
    "not_implemented": 1506,
}
"""Codes with a number of their own, where the kind's would say less."""
OF_KINDS: Final[Mapping[ErrorKind, int]] = {
    # RusToK tells six sorts of wrong input apart, 1100 to 1105; the code and the fields say more than they do.
    ErrorKind.VALIDATION: 1100,
    ErrorKind.BUSINESS_LOGIC: 1304,
    ErrorKind.UNAUTHENTICATED: 1002,
    ErrorKind.FORBIDDEN: 1003,
    ErrorKind.NOT_FOUND: 1200,
    ErrorKind.CONFLICT: 1203,
    ErrorKind.RATE_LIMITED: 1306,
    ErrorKind.DATABASE: 1500,
    ErrorKind.CACHE: 1501,
    ErrorKind.INTERNAL: 1505,
    ErrorKind.EXTERNAL_SERVICE: 1502,
    ErrorKind.CIRCUIT_OPEN: 1504,
    ErrorKind.UNAVAILABLE: 1507,
    ErrorKind.TIMEOUT: 1503,
}
STATUSES: Final[Mapping[int, int]] = {
    **dict.fromkeys((1000, 1001, 1002, 1004), 401),
    **dict.fromkeys((1003, 1005, 1304), 403),
    **dict.fromkeys(range(1100, 1106), 400),
    **dict.fromkeys((1200, 1202), 404),
    **dict.fromkeys((1201, 1203), 409),
    **dict.fromkeys((1300, 1301, 1302, 1303, 1305), 422),
    1306: 429,
    **dict.fromkeys((1500, 1501, 1505, 1506), 500),
    **dict.fromkeys((1502, 1503, 1504, 1507), 503),
}
"""The status each number answers with; what is gone is 404, not 410."""


def number_of(error: DomainError) -> int:
    """The number of an error: its code's own, else its kind's."""
    return OF_CODES.get(error.code) or OF_KINDS[error.kind]
