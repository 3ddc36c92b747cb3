"""What does a transaction cost? The database in memory against SQLAlchemy Core on SQLite, interleaved, medians.

Run with ``python -m bench.transactions``. One read by key, one update, two inserts, commit, within one tenant.
Required: at most a fifth of the same through SQLAlchemy Core, whose statements are made once and bound each time.
"""

from statistics import median
from time import process_time

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from rustok_sim.adapters import DirectDatabase, MemoryServer
from rustok_sim.core.data import Row, Store, Table, integer, same, text, uuid
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.ports import Call, Steps

TRANSACTIONS = 3_000
ROUNDS = 5
ITEMS = Table("items", (uuid("id"), uuid("tenant_id"), integer("quantity"), text("title", 100)))
NOTES = Table("notes", (uuid("id"), uuid("tenant_id"), uuid("item_id"), integer("delta")))
ROWS: list[Row] = [{"id": f"i{n}", "tenant_id": "t", "quantity": 1_000_000, "title": "x"} for n in range(1_000)]


def in_memory() -> float:
    """Seconds of one transaction through the store, as services use it."""
    runtime = ManualRuntime()
    server = MemoryServer([ITEMS, NOTES])
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
    return (process_time() - begin) / TRANSACTIONS


def through_sqlalchemy() -> float:
    """Seconds of the same through SQLAlchemy Core."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    metadata = sa.MetaData()
    key = [sa.Column("id", sa.String, primary_key=True), sa.Column("tenant_id", sa.String)]
    items = sa.Table("items", metadata, *key, sa.Column("quantity", sa.Integer), sa.Column("title", sa.String))
    key = [sa.Column("id", sa.String, primary_key=True), sa.Column("tenant_id", sa.String)]
    notes = sa.Table("notes", metadata, *key, sa.Column("item_id", sa.String), sa.Column("delta", sa.Integer))
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(items.insert(), ROWS)
    mine = (items.c.tenant_id == sa.bindparam("tenant"), items.c.id == sa.bindparam("item"))
    read = sa.select(items).where(*mine)
    write = sa.update(items).where(*mine).values(quantity=sa.bindparam("left"))
    note = notes.insert()
    begin = process_time()
    for n in range(TRANSACTIONS):
        with engine.begin() as connection:
            row = connection.execute(read, {"tenant": "t", "item": f"i{n % 1_000}"}).one()
            connection.execute(write, {"tenant": "t", "item": row.id, "left": row.quantity - 1})
            for letter in "ab":
                connection.execute(note, {"id": f"{letter}{n}", "tenant_id": "t", "item_id": row.id, "delta": -1})
    seconds = (process_time() - begin) / TRANSACTIONS
    engine.dispose()
    return seconds


def main() -> None:
    """Measure and print."""
    pairs = [(in_memory(), through_sqlalchemy()) for _ in range(ROUNDS)]
    memory, core = (median(column) for column in zip(*pairs, strict=True))
    print(f"{TRANSACTIONS:,} transactions, median of {ROUNDS}, interleaved")
    print(f"  SQLAlchemy Core on SQLite  {core * 1e6:>8.1f} us")
    print(f"  the database in memory     {memory * 1e6:>8.1f} us  1/{core / memory:.1f} of it")


if __name__ == "__main__":
    main()
