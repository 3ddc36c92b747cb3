"""All tables of the platform."""

from rustok_sim.core.data import Table
from rustok_sim.core.events import SYS_EVENTS
from rustok_sim.modules import content, tenants
from rustok_sim.modules.commerce import catalogue, pricing, stock
from rustok_sim.modules.commerce.orders import ORDER_TABLES
from rustok_sim.modules.commerce.payments import PAYMENT_TABLES
from rustok_sim.modules.index import INDEX_TABLES
from rustok_sim.platform.accounts import LOOKUP_TABLES
from rustok_sim.platform.settings import Settings


def tables_of(settings: Settings) -> tuple[Table, ...]:
    """The tables that the designs in *settings* want, what is referred to before what refers to it."""
    return (
        *tenants.tables(settings.tenant_admin),
        *catalogue.tables(settings.catalogue),
        *pricing.tables(settings.pricing),
        *stock.tables(settings.stock),
        *ORDER_TABLES,
        *PAYMENT_TABLES,
        *content.tables(settings.content),
        *LOOKUP_TABLES.values(),
        SYS_EVENTS,
        *INDEX_TABLES,
    )
