"""Whether a tenant may be served at all."""

from rustok_sim.core.errors import Forbidden
from rustok_sim.modules.tenants.records import TenantContext
from rustok_sim.modules.tenants.settings import TenancySettings


def check_standing(tenancy: TenancySettings, context: TenantContext) -> None:
    """Let a request of this tenant pass. Raises ``Forbidden`` for a suspended one, where the settings want that.

    The context may be as old as a cache keeps it, so a suspension takes as long to bite.
    """
    if tenancy.suspended == "refused" and not context.is_active:
        raise Forbidden(f"the tenant {context.slug} is suspended", code="tenant_suspended")
