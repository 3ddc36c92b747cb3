"""A shop on a manual clock: the services of commerce over a database whose statements are written down as they come."""

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import pytest

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.adapters.sql import SqlServer
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store, label_of
from rustok_sim.core.drive import ManualRuntime, Task, drive
from rustok_sim.core.errors import DomainError, RunError
from rustok_sim.core.events import SYS_EVENTS, EventSettings, Publisher
from rustok_sim.core.ids import Ids, named_id
from rustok_sim.core.ports import Call
from rustok_sim.core.shared import Shared
from rustok_sim.engine.database import POSTGRESQL
from rustok_sim.modules.commerce import catalogue, pricing, seed, stock
from rustok_sim.modules.commerce.catalogue.tables import VARIANTS

ACME = named_id("tenant", "acme")
ZEN = named_id("tenant", "zen")


class Wire:
    """A database to which every round trip takes *latency_s* on the way there, and is written down."""

    def __init__(self, runtime: ManualRuntime, database: Any, latency_s: float) -> None:
        self.runtime = runtime
        self.database = database
        self.latency_s = latency_s
        self.trips: list[str] = []

    def trip(self, label: str):
        """One way there."""
        self.trips.append(label)
        if self.latency_s:
            yield from self.runtime.sleep(self.latency_s)

    def begin(self, call, isolation):
        """One round trip."""
        yield from self.trip("begin")
        return Held(self, (yield from self.database.begin(call, isolation)))

    def run(self, call, statement, then=None):
        """One round trip."""
        yield from self.trip(label_of(statement))
        return (yield from self.database.run(call, statement, then))


class Held:
    """One transaction over the wire."""

    def __init__(self, wire: Wire, session: Any) -> None:
        self.wire = wire
        self.session = session

    def __enter__(self):
        self.session.__enter__()
        return self

    def __exit__(self, *error):
        self.session.__exit__(*error)

    def run(self, statement):
        """One round trip."""
        yield from self.wire.trip(label_of(statement))
        return (yield from self.session.run(statement))

    def commit(self, then=None):
        """One round trip."""
        yield from self.wire.trip("commit")
        yield from self.session.commit(then)


class Shop:
    """One node's commerce, and what a test asks of it."""

    def __init__(
        self,
        *,
        catalogue_settings: Any,
        pricing_settings: Any,
        stock_settings: Any,
        contradictions: str,
        transport: str,
        isolation: Any,
        latency_s: float,
        backend: str,
        more_tables: Sequence[Any] = (),
    ) -> None:
        tables = [
            *more_tables,
            *catalogue.tables(catalogue_settings),
            *pricing.tables(pricing_settings),
            *stock.tables(stock_settings),
            SYS_EVENTS,
        ]
        self.runtime = ManualRuntime()
        self.server = open_server(backend, tables)
        self.wire = Wire(self.runtime, DirectDatabase(self.runtime, self.server), latency_s)
        ids = Ids(self.runtime)
        events = EventSettings(contradictions=contradictions, transport=transport)
        publisher = Publisher(self.runtime, ids, events)
        self.shared = Shared(self.runtime, Store(self.wire, isolation=isolation), publisher, ids)
        self.products = catalogue.CatalogueService(self.shared, catalogue_settings)
        self.variants = catalogue.open_variants(self.shared, catalogue_settings)
        self.prices = pricing.PricingService(self.shared, pricing_settings)
        self.stock = stock.StockService(self.shared, stock_settings)
        self.keeper = stock.open_keeper(self.shared, stock_settings)
        self._calls = count(1)

    def context(self, tenant: str = ACME, locale: str = "en") -> Context:
        """A new request."""
        number = next(self._calls)
        return Context(call=Call(number, "test", number, tenant), tenant_id=tenant, locale=locale)

    def do(self, operation: Callable[..., Any], *values: Any, tenant: str = ACME, locale: str = "en", **named: Any):
        """One request alone, run to its end."""
        return drive(operation(self.context(tenant, locale), *values, **named))

    def start(self, operation: Callable[..., Any], *values: Any, tenant: str = ACME, **named: Any) -> Task[Any]:
        """One request beside others."""
        return self.runtime.start(operation(self.context(tenant), *values, **named))

    def outcomes(self, tasks: list[Task[Any]]) -> list[Any]:
        """Run to the end: what each returned, or the code of what it was refused with."""
        self.runtime.finish()
        return [outcome(task) for task in tasks]

    def cost(self, operation: Callable[..., Any], *values: Any, **named: Any) -> dict[str, int]:
        """The round trips of one request, by RusToK's own headings: transaction, reads, writes, outbox."""
        self.wire.trips.clear()
        self.do(operation, *values, **named)
        totals = dict.fromkeys(("transaction", "reads", "writes", "outbox"), 0)
        for trip in self.wire.trips:
            totals[heading(trip)] += 1
        return totals

    def seed(self, *, tenant: str = ACME, products: int = 1, **made: Any) -> list[str]:
        """Put a made-up catalogue there; the identifiers of its variants."""
        for table, rows in seed.catalogue_rows(tenant, products=products, **made).items():
            self.server.seed(table, rows)
        return [seed.variant_id(tenant, number) for number in range(products * made.get("variants_per_product", 1))]

    def rows(self, table: Any) -> list[Any]:
        """What is committed."""
        return self.server.rows(table)

    def variant(self, variant_id: str) -> Any:
        """The row of one variant."""
        return next(row for row in self.rows(VARIANTS) if row["id"] == variant_id)

    def events(self) -> list[str]:
        """The types of the events that are committed, by name."""
        return sorted(row["event_type"] for row in self.rows(SYS_EVENTS))

    def of(self, kind: str) -> list[Any]:
        """The records of this kind so far."""
        return [record for record in self.runtime.records if record.kind == kind]

    def close(self) -> None:
        """Give the database back."""
        if not isinstance(self.server, MemoryServer):
            self.server.close()


def open_server(backend: str, tables: list[Any]) -> Any:
    """A database in memory, ours or SQLite's; or a real PostgreSQL."""
    match backend:
        case "memory":
            return MemoryServer(tables)
        case "sqlite":
            return SqlServer.sqlite(tables)
        case "postgresql":
            try:
                return SqlServer.postgresql(tables, os.environ.get("RUSTOK_SIM_POSTGRESQL", POSTGRESQL))
            except RunError as error:
                pytest.skip(str(error))
    raise ValueError(backend)


def outcome(task: Task[Any]) -> Any:
    """What a task returned, or the code of what it was refused with."""
    try:
        return task.result()
    except DomainError as error:
        return error.code


def heading(trip: str) -> str:
    """Under what RusToK's table of costs has a round trip."""
    if trip in ("begin", "commit"):
        return "transaction"
    if trip == "sys_events.insert":
        return "outbox"
    writes = trip.endswith((".insert", ".update", ".delete"))
    return "writes" if writes else "reads"


@pytest.fixture
def open_shop() -> Iterator[Callable[..., Shop]]:
    """Opens a shop with the settings given, as built where none are; its events are as repaired unless asked for."""
    shops: list[Shop] = []

    def opened(
        *,
        contradictions: str = "repaired",
        transport: str = "outbox",
        isolation: str = "read_committed",
        latency_s: float = 0.0,
        backend: str = "memory",
        more_tables: Sequence[Any] = (),
        **settings: Any,
    ) -> Shop:
        classes = {
            "catalogue": catalogue.CatalogueSettings,
            "pricing": pricing.PricingSettings,
            "stock": stock.StockSettings,
        }
        assert settings.keys() <= classes.keys()
        made = {f"{name}_settings": kind(**settings.get(name, {})) for name, kind in classes.items()}
        shop = Shop(
            contradictions=contradictions,
            transport=transport,
            isolation=isolation,
            latency_s=latency_s,
            backend=backend,
            more_tables=more_tables,
            **made,
        )
        shops.append(shop)
        return shop

    yield opened
    for shop in shops:
        shop.close()


@pytest.fixture
def acme() -> str:
    """The tenant that tests are about."""
    return ACME


@pytest.fixture
def zen() -> str:
    """Another tenant."""
    return ZEN
