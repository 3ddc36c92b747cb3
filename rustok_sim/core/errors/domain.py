"""The errors the platform answers with. They are part of what is simulated, not faults of this tool."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from rustok_sim.core.errors.kinds import ErrorKind

TROUBLE: Final = "Something went wrong on our side. "
TRY_LATER: Final = "Please try again later."
DO_NOT_TRY: Final = "Trying again will not help."
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class DomainError(Exception):
    """Base of everything a service of the platform may refuse or fail with.

    ``code`` says which error it is, for a client's switch and for the event log; each class has its own, and a
    more exact one may be given. ``fields`` says what is wrong with which field of the request, if that is known.
    """

    kind: ClassVar[ErrorKind] = ErrorKind.INTERNAL
    code: str = "internal"
    fields: Mapping[str, str] = NOTHING

    def __init__(self, message: str, *, code: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        if fields is not None:
            self.fields = fields

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.kind.status

    @property
    def retryable(self) -> bool:
        """Whether the same request may well succeed later."""
        return self.kind.retryable

    @property
    def user_message(self) -> str:
        """What a user may read: the message where the request is at fault, and of the platform's troubles no detail."""
        if self.kind.status < 500:
            return str(self)
        return TROUBLE + (TRY_LATER if self.retryable else DO_NOT_TRY)


class Validation(DomainError):
    """The request itself is wrong: 400."""

    kind = ErrorKind.VALIDATION
    code = "validation"


class NotFound(DomainError):
    """There is no such thing, and the answer is right: 404."""

    kind = ErrorKind.NOT_FOUND
    code = "not_found"


class BusinessRule(DomainError):
    """The request is well formed, and a rule of the business stands against it: 400."""

    kind = ErrorKind.BUSINESS_LOGIC
    code = "business_rule"


class Unauthenticated(DomainError):
    """Nobody knows who asks: 401."""

    kind = ErrorKind.UNAUTHENTICATED
    code = "unauthenticated"


class Forbidden(DomainError):
    """Who asks is known, and may not: 403."""

    kind = ErrorKind.FORBIDDEN
    code = "forbidden"


class Conflict(DomainError):
    """The thing was changed by someone else meanwhile: 409."""

    kind = ErrorKind.CONFLICT
    code = "conflict"


class RateLimited(DomainError):
    """The client asked more often than it may: 429."""

    kind = ErrorKind.RATE_LIMITED
    code = "rate_limited"


class Internal(DomainError):
    """Something went wrong that has no name: 500."""


class DatabaseError(DomainError):
    """The database did not do what it was asked: 500."""

    kind = ErrorKind.DATABASE
    code = "database"


class NoConnection(DatabaseError):
    """The connection pool had none to give within its acquire timeout: 500."""

    code = "no_connection"


class CacheError(DomainError):
    """The cache did not do what it was asked: 500. A miss is none."""

    kind = ErrorKind.CACHE
    code = "cache"


class WireError(DomainError):
    """An exchange with a server broke, whatever the server was: 500.

    Adapters turn it into :class:`DatabaseError` or :class:`CacheError`. Worth a retry, as both of these are.
    """

    code = "wire"

    @property
    def retryable(self) -> bool:
        """Always: the next attempt may find the server up."""
        return True


class ConnectionRefused(WireError):
    """Nobody listens at the other end."""

    code = "connection_refused"


class ConnectionLost(WireError):
    """The session is gone; whether the command took effect is unknown."""

    code = "connection_lost"


class ServerFault(WireError):
    """The server answered with an error; the session lives on."""

    code = "server_fault"


class External(DomainError):
    """A system outside the platform, or a receiver of its events, did not do its part: 503."""

    kind = ErrorKind.EXTERNAL_SERVICE
    code = "external"


class TimedOut(DomainError):
    """The work was dropped where it stood when its time was up: 504."""

    kind = ErrorKind.TIMEOUT
    code = "timed_out"


class CircuitOpen(DomainError):
    """A circuit breaker refused the call, which was never begun: 503."""

    kind = ErrorKind.CIRCUIT_OPEN
    code = "circuit_open"


class BulkheadFull(DomainError):
    """A bulkhead has no room for one more call, which was never begun: 503."""

    kind = ErrorKind.UNAVAILABLE
    code = "bulkhead_full"
