"""Requests as they reach a node."""

from rustok_sim.core.ids import named_id
from rustok_sim.core.operations import Ask
from rustok_sim.modules.commerce.orders.seed import buyer_id
from rustok_sim.modules.tenants import DEFAULT_SLUG, TenancySettings, host_of


def headers_for(tenancy: TenancySettings, tenant: str) -> dict[str, str]:
    """The headers of a request for a made-up tenant (slug or id), or for the default one ("")."""
    if tenancy.resolution == "header":
        return {"x-tenant-id": tenant} if tenant else {}
    return {"host": host_of(tenant or DEFAULT_SLUG)}


def user_of(operation: str, tenant_id: str, ask: Ask) -> str:
    """Who asks: of customers the buyer of the order that it is about, else the user that the request names."""
    if ask.role == "customer" and operation.startswith("order."):
        return buyer_id(tenant_id, ask.number)
    return named_id("user", tenant_id, ask.user)
