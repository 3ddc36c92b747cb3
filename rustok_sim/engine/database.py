"""The database of a scenario, with the rows that are there when the run begins."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from rustok_sim.adapters import DatabaseServer, MemoryServer
from rustok_sim.core.data import Row, Table
from rustok_sim.core.features import TENANT_MODULES
from rustok_sim.core.ids import named_id
from rustok_sim.core.operations import COMMERCE
from rustok_sim.engine.popularity import tenant_name
from rustok_sim.modules.commerce.orders import Line
from rustok_sim.modules.commerce.orders.seed import order_id, order_rows
from rustok_sim.modules.commerce.seed import catalogue_rows, keep_units, product_id, variant_id
from rustok_sim.modules.content import made_up_nodes, rows_of
from rustok_sim.modules.forum import made_up_forum
from rustok_sim.modules.tenants import TENANTS, Tenant, default_tenant, made_up_tenant, row_of
from rustok_sim.platform import Settings, build_index, tables_of
from rustok_sim.scenario import Scenario

MODULES = ("content", "commerce", "blog", "forum", "pages")
"""What every tenant has switched on when the run begins: all there is."""
POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
"""Where PostgreSQL is looked for, unless the environment's RUSTOK_SIM_POSTGRESQL says otherwise."""
STEPS = {"open": 0, "awaiting_payment": 1, "paid": 2, "shipped": 3}
"""How many steps an order has taken by the state that the scenario names."""


def settings_of(scenario: Scenario) -> Settings:
    """The platform's settings as the platform takes them."""
    return Settings(**{field.name: getattr(scenario.platform, field.name) for field in fields(Settings)})


def open_database(scenario: Scenario, settings: Settings) -> DatabaseServer:
    """A new database with the tenants of the scenario, and for each what its operations need."""
    server = _server(scenario, tables_of(settings))
    tenants = list(tenants_of(scenario))
    server.seed(TENANTS, [row_of(tenant) for tenant in tenants])
    if settings.features.guard == "mounted" or "module" in scenario.families:
        server.seed(TENANT_MODULES, [_enabled(tenant.id, slug) for tenant in tenants for slug in MODULES])
    for tenant in tenants:
        for table, rows in rows_for(tenant.id, scenario, settings):
            server.seed(table, rows)
    if settings.index.wiring != "as_wired" and settings.index.initial == "built":
        build_index(server, settings)
    return server


def _server(scenario: Scenario, tables: Sequence[Table]) -> DatabaseServer:
    """An empty one. Raises ``RunError`` when a real one is asked for and nobody answers."""
    match scenario.platform.database.backend:
        case "memory":
            return MemoryServer(tables, commit_latency_s=scenario.deployment.database.commit_s)
        case "sqlite":
            from rustok_sim.adapters.sql import SqlServer

            return SqlServer.sqlite(tables)
        case "postgresql":
            from rustok_sim.adapters.sql import SqlServer

            return SqlServer.postgresql(tables, os.environ.get("RUSTOK_SIM_POSTGRESQL", POSTGRESQL))


def tenants_of(scenario: Scenario) -> Iterator[Tenant]:
    """The default tenant, and as many others as the class that knows most of them asks for."""
    known = max(load.tenants.count for load in scenario.load if load.shares)
    yield default_tenant(scenario.platform.tenancy.default_id)
    for number in range(known):
        yield made_up_tenant(tenant_name(number))


def rows_for(tenant_id: str, scenario: Scenario, settings: Settings) -> Iterable[tuple[Table, list[Row]]]:
    """What one tenant has of its own: of each module that some class of the scenario asks something of."""
    there = scenario.catalogue
    asked = scenario.families
    if asked & {*COMMERCE, "index"}:
        rows = catalogue_rows(
            tenant_id,
            products=there.products,
            stock=there.stock_units,
            price=there.price_minor,
            policy="continue" if there.backorders else "deny",
            locations=settings.stock.locations,
        )
        if "order" in asked:
            lines = [_line(tenant_id, number % there.products, there.price_minor) for number in range(there.orders)]
            steps = STEPS[there.order_state]
            rows |= order_rows(tenant_id, lines, lifecycle=settings.orders.lifecycle, steps=steps)
            if _orders_keep_units(scenario):
                kept = ((order_id(tenant_id, n), line.variant_id, line.quantity) for n, line in enumerate(lines))
                keep_units(rows, tenant_id, kept)
        yield from rows.items()
    if asked & {"node", "blog"}:
        yield from rows_of(tenant_id, made_up_nodes(tenant_id, there.posts))
    if asked & {"forum"}:
        yield from rows_of(tenant_id, made_up_forum(tenant_id, 1, there.topics))


def _enabled(tenant_id: str, slug: str) -> Row:
    return {
        "id": named_id("tenant_module", tenant_id, slug),
        "tenant_id": tenant_id,
        "module_slug": slug,
        "enabled": True,
        "settings": "{}",
        "created_at": 0.0,
        "updated_at": 0.0,
    }


def _line(tenant_id: str, number: int, price_minor: int) -> Line:
    return Line(
        variant_id=variant_id(tenant_id, number),
        product_id=product_id(tenant_id, number),
        title=f"Product {number}",
        quantity=1,
        unit_price=price_minor,
    )


def stocks_of(scenario: Scenario) -> Iterator[tuple[str, str, int]]:
    """Every variant of the run, its tenant's slug before it and its units behind, as they are at the start."""
    there = scenario.catalogue
    each, more = divmod(there.orders, there.products) if _orders_keep_units(scenario) else (0, 0)
    for tenant in tenants_of(scenario):
        for number in range(there.products):
            yield tenant.slug, variant_id(tenant.id, number), there.stock_units + each + (number < more)


def _orders_keep_units(scenario: Scenario) -> bool:
    """Whether the orders of the start have units put by: those handed in and not yet shipped, if that is recorded."""
    handed_in = 1 <= STEPS[scenario.catalogue.order_state] < 3
    return handed_in and scenario.platform.stock.reserve == "recorded" and "order" in scenario.families
