"""How a request names its tenant, and which names may be names at all (RusToK, tenant middleware)."""

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from rustok_sim.core.errors import Validation
from rustok_sim.core.values import value
from rustok_sim.modules.tenants.settings import TenancySettings

Kind: TypeAlias = Literal["uuid", "slug", "host"]

RESERVED_SLUGS: Final = frozenset(
    "api admin www app cdn assets static health metrics docs swagger "  # noqa: SIM905 - read by rows
    "mail smtp pop imap ftp sftp ssh vpn "
    "auth login logout register signup signin "
    "dev test staging prod production localhost "
    "db database cache redis postgres "
    "root system internal private public".split()
)
"""The 41 words that no tenant may be called."""

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_HOST_LENGTH: Final = 253


@value(frozen=True, slots=True)
class Identifier:
    """One name of a tenant. The uuid, slug and host of one tenant are three identifiers and three cache entries."""

    kind: Kind
    value: str

    def key(self, prefix: str) -> str:
        """The name's place in a cache whose keys begin with *prefix*."""
        return f"{prefix}:{self.kind}:{self.value}"


def slug(raw: str) -> str:
    """*raw* trimmed and in lower case. Raises ``Validation`` for what is no slug, and for reserved words."""
    value = raw.strip().lower()
    if not _SLUG.fullmatch(value):
        raise Validation(f"{raw!r} is no tenant slug: a letter or digit, then up to 62 letters, digits or hyphens")
    if value in RESERVED_SLUGS:
        raise Validation(f"{raw!r} is a reserved word")
    return value


def uuid(raw: str) -> str:
    """*raw* trimmed and in lower case. Raises ``Validation`` unless it is in the dashed form."""
    value = raw.strip().lower()
    if not _UUID.fullmatch(value):
        raise Validation(f"{raw!r} is no UUID in the dashed form")
    return value


def host(raw: str) -> str:
    """*raw* trimmed and in lower case. Raises ``Validation`` for what is no host name (RFC 1035 lengths)."""
    value = raw.strip().lower()
    if len(value) > _HOST_LENGTH or not all(map(_LABEL.fullmatch, value.split("."))):
        raise Validation(f"{raw!r} is no host name")
    return value


def identify(tenancy: TenancySettings, headers: Mapping[str, str]) -> Identifier:
    """The tenant that a request names; *headers* have lower-case names. Raises ``Validation`` for an impossible name.

    A request without the header belongs to the default tenant (T1), unless ``unnamed`` refuses it; one without a host
    is refused.
    """
    if not tenancy.enabled:
        return Identifier("uuid", tenancy.default_id)
    if tenancy.resolution == "header":
        name = headers.get("x-tenant-id", "").strip()
        if not name and tenancy.unnamed == "refuse":
            raise Validation("the request names no tenant", code="tenant_required")
        return _classify(name or tenancy.default_id)
    named = _host_of(headers)
    if named is None:
        raise Validation("the request names no host")
    return Identifier("host", host(named.split(":")[0]))


def _classify(name: str) -> Identifier:
    if _UUID.fullmatch(name.lower()):
        return Identifier("uuid", uuid(name))
    return Identifier("slug", slug(name))


def _host_of(headers: Mapping[str, str]) -> str | None:
    """The host a proxy says it was asked for, else the one it asks for itself."""
    if "x-forwarded-host" in headers:
        return headers["x-forwarded-host"].split(",")[0].strip()
    for part in headers.get("forwarded", "").split(",")[0].split(";"):
        name, found, value = part.strip().partition("host=")
        if found and not name:
            return value.strip('"').strip()
    return headers.get("host")
