"""A tenant as the table has it, and as a request carries it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final
from uuid import NAMESPACE_DNS, uuid5

DEFAULT_SLUG: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A row of the table ``tenants``, as far as the resolver reads it. ``version`` counts its writes, from 1."""

    id: str
    slug: str
    name: str
    domain: str | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    is_active: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantContext:
    """What a request knows of its tenant: a copy of the row at one version.

    ``is_active`` is copied and read by nobody, so a disabled tenant keeps working, as in RusToK.
    """

    id: str
    slug: str
    name: str
    domain: str | None
    settings: Mapping[str, object]
    is_active: bool
    version: int

    @classmethod
    def of(cls, row: Tenant) -> "TenantContext":
        """The context that *row* gives."""
        return cls(
            id=row.id,
            slug=row.slug,
            name=row.name,
            domain=row.domain,
            settings=row.settings,
            is_active=row.is_active,
            version=row.version,
        )

    def to_json(self) -> bytes:
        """The form in which caches keep it."""
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, stored: bytes) -> "TenantContext":
        """The context that was stored. Raises ``ValueError`` for bytes that hold none."""
        try:
            return cls(**json.loads(stored))
        except TypeError as error:
            raise ValueError(f"no tenant context: {error}") from None


def host_of(slug: str) -> str:
    """The host name under which a made-up tenant is reached."""
    return f"{slug}.example"


def made_up_tenant(slug: str) -> Tenant:
    """The row of a tenant of which only the slug matters; the same in every run."""
    return Tenant(id=str(uuid5(NAMESPACE_DNS, host_of(slug))), slug=slug, name=slug, domain=host_of(slug))


def default_tenant(tenant_id: str) -> Tenant:
    """The row of the tenant of requests that name none."""
    return replace(made_up_tenant(DEFAULT_SLUG), id=tenant_id)
