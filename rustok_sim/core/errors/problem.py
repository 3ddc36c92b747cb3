"""Errors as clients of the platform read them."""

from rustok_sim.core.errors.domain import DomainError


def problem(error: DomainError) -> dict[str, str | int | bool]:
    """The body of an error response (RFC 7807, media type ``application/problem+json``).

    ``code`` and ``retryable`` are extension members: with them a client need not guess from the status.
    """
    return {
        "type": f"urn:rustok:problem:{error.code}",
        "title": error.kind.title,
        "status": error.status,
        "detail": str(error),
        "code": error.code,
        "retryable": error.retryable,
    }
