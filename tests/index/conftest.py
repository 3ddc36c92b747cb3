"""A write model of one table, and indexers that keep the products' read table from it."""

from itertools import count

import pytest

from rustok_sim.adapters import Connections, MemoryServer
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store, Table, Update, col, same, text, uuid
from rustok_sim.core.events import ProductDeleted, ProductUpdated, wrap
from rustok_sim.core.ids import Ids, named_id
from rustok_sim.core.ports import Call
from rustok_sim.engine import Draws, NodeRuntime, World
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.network import EngineWire
from rustok_sim.engine.pool import Pool
from rustok_sim.engine.server import Server
from rustok_sim.modules.index import INDEX_PRODUCTS, INDEX_TABLES, BatchIndexer, IndexSettings
from rustok_sim.testing import ListJournal, always

TENANT, OTHER = named_id("tenant", "acme"), named_id("tenant", "globex")
TITLES = Table("titles", (uuid("id"), uuid("tenant_id"), text("title")))


class Titles:
    """Products that have a title, the same in every language; building takes the next of *build_s*."""

    name, table, entity = "product", INDEX_PRODUCTS, "product_id"

    def __init__(self):
        self.build_s = []

    def affected(self, event):
        """The product that *event* is about."""
        return event.product_id if isinstance(event, (ProductUpdated, ProductDeleted)) else None

    def build(self, reader, entity_id, locale):
        """Its row, as its title is now."""
        found = yield from reader.first(TITLES, same(id=entity_id))
        yield self.build_s.pop(0) if self.build_s else 0.0
        return None if found is None else self._row(found, locale)

    def build_batch(self, reader, entity_ids, locale):
        """Their rows, as their titles are now."""
        found = yield from reader.select(TITLES, (col("id").is_in(entity_ids),))
        yield self.build_s.pop(0) if self.build_s else 0.0
        return {row["id"]: self._row(row, locale) for row in found}

    def _row(self, found, locale):
        return {
            "status": "active",
            "is_published": True,
            "title": found["title"],
            "handle": f"{found['id']}-{locale}",
            "in_stock": False,
            "total_inventory": 0,
            "variant_count": 0,
            "created_at": 0.0,
            "updated_at": 0.0,
        }

    def ids(self, reader, after, limit):
        """Ids above *after*."""
        where = (col("id").above(after),) if after else ()
        rows = yield from reader.select(TITLES, where, order_by=("id",), limit=limit)
        return [row["id"] for row in rows]


class Languages:
    """English and French, until somebody says otherwise."""

    names = ("en", "fr")

    def enabled(self, call, tenant_id):
        """Their names."""
        yield from ()
        return self.names


class Yard:
    """A database 1 ms away, and as many indexers as are asked for."""

    def __init__(self):
        self.world = World()
        self.database = Server(self.world, "database", always(0.001))
        self.server = MemoryServer([TITLES, *INDEX_TABLES])
        self.source, self.languages = Titles(), Languages()
        self._numbers = count(1)
        self.journal = ListJournal()
        self.runtime = NodeRuntime(self.world, "node-1", Draws(1), self.journal)
        pool = Pool(self.world, "node-1", 10, 30.0)
        wire = EngineWire(self.database, Condition())
        self.store = Store(Connections(self.runtime, pool, wire, self.server, acquire_timeout_s=30.0))
        self.errors = []

    def call(self):
        """A call with a number of its own."""
        number = next(self._numbers)
        return Call(number, "test", number)

    def seed(self, *titles, tenant=TENANT):
        """Products of these titles; their ids."""
        ids = [named_id("product", title) for title in titles]
        rows = [{"id": key, "tenant_id": tenant, "title": title} for key, title in zip(ids, titles, strict=True)]
        self.server.seed(TITLES, rows)
        return ids

    def indexer(self, **settings):
        """An indexer on this database."""
        return BatchIndexer(
            self.runtime,
            self.store,
            Ids(self.runtime),
            self.source,
            locales=self.languages,
            settings=IndexSettings(**settings),
        )

    def event(self, event, tenant=TENANT):
        """*event* in its envelope."""
        context = Context(call=self.call(), tenant_id=tenant)
        return wrap(event, context, named_id("event", event.type), 0.0, "propagated")

    def start(self, steps, at_s=0.0):
        """Run *steps* from *at_s* on."""
        task = self.runtime.task(steps, lambda _, error: self.errors.append(error) if error else None)
        self.world.call_at(at_s, lambda _: task.start())

    def run(self):
        """Until nothing is left to do."""
        self.world.run()
        assert self.errors == []

    def rename(self, product_id, title, at_s):
        """Give the product another title."""
        changed = Update(TITLES, {"title": title}, same(id=product_id))
        self.start(self.store.run(self.call(), TENANT, changed), at_s)

    def remove(self, product_id):
        """Take the product away."""

        def steps():
            with (yield from self.store.transaction(self.call(), TENANT)) as tx:
                yield from tx.delete(TITLES, same(id=product_id))
                yield from tx.commit()

        self.start(steps())

    def rows(self):
        """Tenant, title and locale of the index's rows."""
        rows = self.server.rows(INDEX_PRODUCTS)
        return sorted((row["tenant_id"], row["title"], row["locale"]) for row in rows)


@pytest.fixture
def yard():
    """A yard of its own for each test."""
    return Yard()


@pytest.fixture
def make_yard():
    """Makes a yard, for tests that need several."""
    return Yard
