"""What does a transaction cost? The database in memory against SQLAlchemy Core on SQLite, interleaved, medians.

Run with ``python -m bench.transactions``. One read by key, one update, two inserts, commit, within one tenant.
Required: at most a fifth of the same through SQLAlchemy Core, with statements made for each transaction as services
make them in memory. Beside it, for whoever would tune: Core with statements made once and bound each time, and the
very same service code on the project's own SQLite adapter.
"""

from collections.abc import Callable
from statistics import median
from time import process_time

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from rustok_sim.adapters import DirectDatabase, MemoryServer
from rustok_sim.adapters.ports import DatabaseServer
from rustok_sim.adapters.sql import SqlServer
from rustok_sim.core.data import Row, Store, Table, integer, same, text, uuid
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.ports import Call, Steps

TRANSACTIONS = 3_000
ROUNDS = 5
ITEMS = Table("items", (uuid("id"), uuid("tenant_id"), integer("quantity"), text("title", 100)))
NOTES = Table("notes", (uuid("id"), uuid("tenant_id"), uuid("item_id"), integer("delta")))
ROWS: list[Row] = [{"id": f"i{n}", "tenant_id": "t", "quantity": 1_000_000, "title": "x"} for n in range(1_000)]


def through_the_store(server: DatabaseServer) -> float:
    """Seconds of one transaction through the store, as services use it."""
    runtime = ManualRuntime()
    server.seed(ITEMS, ROWS)
    store, call = Store(DirectDatabase(runtime, server)), Call(1, "bench", 1)

    def transaction(n: int) -> Steps[None]:
        with (yield from store.transaction(call, "t")) as tx:
            row = yield from tx.first(ITEMS, same(id=f"i{n % 1_000}"))
            assert row is not None  # noqa: S101 -- it was seeded
            yield from tx.update(ITEMS, {"quantity": int(row["quantity"] or 0) - 1}, same(id=row["id"]))
            for letter in "ab":
                yield from tx.insert(NOTES, {"id": f"{letter}{n}", "item_id": row["id"], "delta": -1})
            yield from tx.commit()

    begin = process_time()
    for n in range(TRANSACTIONS):
        drive(transaction(n))
    seconds = (process_time() - begin) / TRANSACTIONS
    server.close()
    return seconds


def through_sqlalchemy(*, made_once: bool) -> float:
    """Seconds of the same through SQLAlchemy Core, its statements made once or for each transaction."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    metadata = sa.MetaData()
    key = [sa.Column("id", sa.String, primary_key=True), sa.Column("tenant_id", sa.String)]
    items = sa.Table("items", metadata, *key, sa.Column("quantity", sa.Integer), sa.Column("title", sa.String))
    key = [sa.Column("id", sa.String, primary_key=True), sa.Column("tenant_id", sa.String)]
    notes = sa.Table("notes", metadata, *key, sa.Column("item_id", sa.String), sa.Column("delta", sa.Integer))
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(items.insert(), ROWS)

    def statements() -> tuple[sa.Select[tuple[str, str, int, str]], sa.Update, sa.Insert]:
        mine = (items.c.tenant_id == sa.bindparam("tenant"), items.c.id == sa.bindparam("item"))
        write = sa.update(items).where(*mine).values(quantity=sa.bindparam("left"))
        return sa.select(*items.c).where(*mine), write, sa.insert(notes)

    once = statements()
    begin = process_time()
    for n in range(TRANSACTIONS):
        with engine.begin() as connection:
            read, write, note = once if made_once else statements()
            row = connection.execute(read, {"tenant": "t", "item": f"i{n % 1_000}"}).one()
            connection.execute(write, {"tenant": "t", "item": row.id, "left": row.quantity - 1})
            for letter in "ab":
                connection.execute(note, {"id": f"{letter}{n}", "tenant_id": "t", "item_id": row.id, "delta": -1})
    seconds = (process_time() - begin) / TRANSACTIONS
    engine.dispose()
    return seconds


def main() -> None:
    """Measure and print."""
    tables = [ITEMS, NOTES]
    measures: dict[str, Callable[[], float]] = {
        "the database in memory": lambda: through_the_store(MemoryServer(tables)),
        "SQLAlchemy Core on SQLite": lambda: through_sqlalchemy(made_once=False),
        "... with statements made once": lambda: through_sqlalchemy(made_once=True),
        "the same code on SQLite": lambda: through_the_store(SqlServer.sqlite(tables)),
    }
    rounds = [[measure() for measure in measures.values()] for _ in range(ROUNDS)]
    medians = [median(column) for column in zip(*rounds, strict=True)]
    print(f"{TRANSACTIONS:,} transactions, median of {ROUNDS}, interleaved")
    for name, each in zip(measures, medians, strict=True):
        print(f"  {name:32}{each * 1e6:>8.1f} us {each / medians[0]:>6.1f} x memory")


if __name__ == "__main__":
    main()
