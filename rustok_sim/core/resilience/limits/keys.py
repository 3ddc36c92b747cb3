"""Who counts as one client."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from rustok_sim.core.auth import Actor
from rustok_sim.core.resilience.limits.settings import LimiterSettings

UNKNOWN: Final = "unknown"
"""All who say nothing of themselves are one client."""


def client_key(settings: LimiterSettings, headers: Mapping[str, str], *, tenant_id: str, actor: Actor) -> str:
    """The key a request is counted under; *headers* have lower-case names.

    ``as_built`` believes the client: ``X-User-ID`` if it is a UUID, else the first address of ``X-Forwarded-For``, else
    ``X-Real-IP``, else one key for all. A client that changes the header has a new limit with every request.
    """
    if settings.key == "as_built":
        return _as_the_client_says(headers)
    if settings.key == "actor" and actor.user_id is not None:
        return f"user:{tenant_id}:{actor.user_id}"
    return f"tenant:{tenant_id}"


def _as_the_client_says(headers: Mapping[str, str]) -> str:
    user = headers.get("x-user-id")
    if user is not None:
        try:
            return f"user:{UUID(user)}"
        except ValueError:
            pass
    address = headers.get("x-forwarded-for", "").partition(",")[0].strip() or headers.get("x-real-ip", "").strip()
    return f"ip:{address}" if address else UNKNOWN
