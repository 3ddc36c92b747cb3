"""Which HTTP status an error becomes: RusToK has four vocabularies for it, and REST handlers that follow none of them.

Only errors of an operation's own handler are mapped. What stops a request before its handler (no connection for its
tenant, no token, too many requests) has the status of its kind everywhere, and so have the kinds in ``OUTSIDE``, which
no handler makes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from rustok_sim.core.errors.database import TransactionConflict
from rustok_sim.core.errors.domain import DomainError
from rustok_sim.core.errors.kinds import ErrorKind
from rustok_sim.core.errors.numbers import STATUSES, number_of
from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSettings:
    """How errors are answered."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    mapping: Literal["as_built", "rich", "api_response", "typed_codes", "one_vocabulary"] = "as_built"
    """as_built: what RusToK's REST handlers send, each group its own; rich, api_response, typed_codes: the three maps
    it defines beside them; one_vocabulary: the status of the error's kind, everywhere, and 503 for a transaction that
    lost against another one."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """How one group of handlers answers: some codes as listed, others all with one status, or with their kind's."""

    statuses: Mapping[str, int]
    others: int | None = None

    def status_of(self, error: DomainError) -> int:
        """The status of an error of these handlers."""
        status = self.statuses.get(error.code, self.others)
        return error.kind.status if status is None else status


NOT_FOUND_AND_DUPLICATES: Final = {
    "product_not_found": 404,
    "variant_not_found": 404,
    "duplicate_handle": 409,
    "duplicate_sku": 409,
}
RICH: Final = Handlers(
    {
        **NOT_FOUND_AND_DUPLICATES,
        "insufficient_inventory": 400,
        "cannot_delete_published": 400,
        "no_variants": 400,
        "invalid_price": 400,
        "invalid_option_combination": 400,
    }
)
API_RESPONSE: Final = Handlers(
    {
        **NOT_FOUND_AND_DUPLICATES,
        "insufficient_inventory": 422,
        "cannot_delete_published": 409,
        "no_variants": 500,
        "invalid_price": 500,
        "invalid_option_combination": 500,
    }
)
BY_KIND: Final = Handlers({})
ALL_400: Final = Handlers({}, 400)
AS_BUILT: Final[Mapping[str, Handlers]] = {
    "product": API_RESPONSE,
    "search": API_RESPONSE,
    "price": ALL_400,
    "price.get": API_RESPONSE,
    "inventory": ALL_400,
    "inventory.get": API_RESPONSE,
    # The bulk check turns any error into "not available", which is a right answer to those who read it.
    "inventory.check": Handlers({}, 200),
    "node": ALL_400,
    "blog": Handlers({"post_not_found": 404}, 400),
    "forum": ALL_400,
    "page": ALL_400,
}
"""By operation, else by its first word. Orders have neither map nor route in RusToK, and modules are switched over
GraphQL: they answer by kind, as tenants do."""
OUTSIDE: Final = frozenset(
    {
        ErrorKind.UNAUTHENTICATED,
        ErrorKind.RATE_LIMITED,
        ErrorKind.CIRCUIT_OPEN,
        ErrorKind.UNAVAILABLE,
        ErrorKind.TIMEOUT,
    }
)


def status_of(error: DomainError, operation: str, settings: ErrorSettings) -> int:
    """The status with which the handler of *operation* answers *error*."""
    if settings.mapping == "one_vocabulary" and isinstance(error, TransactionConflict):
        # Nothing is broken: the database has turned this one away for another's sake, and the next try may win.
        return ErrorKind.UNAVAILABLE.status
    if settings.mapping == "one_vocabulary" or error.kind in OUTSIDE:
        return error.kind.status
    if settings.mapping == "as_built":
        handlers = AS_BUILT.get(operation) or AS_BUILT.get(operation.partition(".")[0], BY_KIND)
        return handlers.status_of(error)
    if settings.mapping == "typed_codes":
        return STATUSES[number_of(error)]
    return (RICH if settings.mapping == "rich" else API_RESPONSE).status_of(error)


def retry_by_status(status: int) -> bool:
    """What a client believes that sees no more than the status: tired, busy and failing servers may do better later.

    Beside ``DomainError.retryable``, which is what the platform knows.
    """
    return status in (408, 429) or (status >= 500 and status != 501)
