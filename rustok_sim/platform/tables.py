"""All tables of the platform."""

from rustok_sim.core.data import Table
from rustok_sim.core.events import SYS_EVENTS
from rustok_sim.modules import tenants
from rustok_sim.platform.settings import Settings


def tables_of(settings: Settings) -> tuple[Table, ...]:
    """The tables that the designs in *settings* want, what is referred to before what refers to it."""
    return (*tenants.tables(settings.tenant_admin), SYS_EVENTS)
