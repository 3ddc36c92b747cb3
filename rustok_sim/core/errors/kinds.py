"""The kinds of errors there are, and what each means to an HTTP client."""

from enum import Enum
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["ok", "rejected", "failed"]


class ErrorKind(Enum):
    """RusToK's ``ErrorKind``, and the three of its typed codes that have no kind of their own.

    ``status`` is the HTTP status; ``retryable`` follows RusToK's typed codes (1500 to 1504 and 1507 are), under
    which a rate limit is not: a client that retries by this rule alone does not add to an overload.
    """

    VALIDATION = ("validation", 400, False)
    BUSINESS_LOGIC = ("business_logic", 400, False)
    UNAUTHENTICATED = ("unauthenticated", 401, False)
    FORBIDDEN = ("forbidden", 403, False)
    NOT_FOUND = ("not_found", 404, False)
    CONFLICT = ("conflict", 409, False)
    RATE_LIMITED = ("rate_limited", 429, False)
    DATABASE = ("database", 500, True)
    CACHE = ("cache", 500, True)
    INTERNAL = ("internal", 500, False)
    EXTERNAL_SERVICE = ("external_service", 503, True)
    CIRCUIT_OPEN = ("circuit_open", 503, True)
    UNAVAILABLE = ("unavailable", 503, True)
    TIMEOUT = ("timeout", 504, True)

    def __init__(self, code: str, status: int, retryable: bool) -> None:  # noqa: FBT001 -- a member is a tuple
        self.code = code
        self.status = status
        self.retryable = retryable

    @property
    def title(self) -> str:
        """The kind in words, the same for every error of it (RFC 7807, ``title``)."""
        return self.code.replace("_", " ").capitalize()


def outcome_of(status: int) -> Outcome:
    """What an HTTP answer means for availability.

    429 and 503 turn work away on purpose; 5xx and 408 (the answer of Loco's timeout layer) fail to do it; all
    else is a right answer, 404 for what is not there included.
    """
    if status in (429, 503):
        return "rejected"
    return "failed" if status >= 500 or status == 408 else "ok"
