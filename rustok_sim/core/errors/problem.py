"""Errors as clients of the platform read them."""

from typing import Final

from rustok_sim.core.errors.domain import DomainError

PROBLEM_JSON: Final = "application/problem+json"
"""The media type of :func:`problem`."""


def problem(error: DomainError, *, status: int | None = None, instance: str | None = None) -> dict[str, object]:
    """The body of an error response (RFC 7807).

    ``code``, ``retryable`` and, where there are any, ``fields`` are extension members: with them a client need not
    guess from the status, which is the error's own unless the answer went out with another. *instance* is the URI of
    this one occurrence.
    """
    body: dict[str, object] = {
        "type": f"urn:rustok:problem:{error.code}",
        "title": error.kind.title,
        "status": error.status if status is None else status,
        "detail": error.user_message,
        "code": error.code,
        "retryable": error.retryable,
    }
    if instance is not None:
        body["instance"] = instance
    if error.fields:
        body["fields"] = dict(error.fields)
    return body
