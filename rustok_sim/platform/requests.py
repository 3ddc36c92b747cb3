"""Requests as they reach a node."""

from rustok_sim.modules.tenants import DEFAULT_SLUG, TenancySettings, host_of


def headers_for(tenancy: TenancySettings, tenant: str) -> dict[str, str]:
    """The headers of a request for a made-up tenant (slug or id), or for the default one ("")."""
    if tenancy.resolution == "header":
        return {"x-tenant-id": tenant} if tenant else {}
    return {"host": host_of(tenant or DEFAULT_SLUG)}
