"""The database of a scenario, with the rows that are there when the run begins."""

from dataclasses import fields

from rustok_sim.adapters import DatabaseServer, MemoryServer
from rustok_sim.engine.popularity import tenant_name
from rustok_sim.modules.tenants import TENANTS, default_tenant, made_up_tenant, row_of
from rustok_sim.platform import Settings, tables_of
from rustok_sim.scenario import Scenario


def settings_of(scenario: Scenario) -> Settings:
    """The platform's settings as the platform takes them."""
    return Settings(**{field.name: getattr(scenario.platform, field.name) for field in fields(Settings)})


def open_database(scenario: Scenario, settings: Settings) -> DatabaseServer:
    """A new database: the default tenant, and as many others as the class that knows most of them asks for."""
    server = MemoryServer(tables_of(settings), commit_latency_s=scenario.deployment.database.commit_s)
    known = max(load.tenants.count for load in scenario.load if load.shares)
    tenants = [default_tenant(settings.tenancy.default_id), *(made_up_tenant(tenant_name(i)) for i in range(known))]
    server.seed(TENANTS, [row_of(tenant) for tenant in tenants])
    return server
