"""The anomalies of weak isolation as schedules, in the manner of Martin Kleppmann's hermitage.

The names are Adya's (``Weak Consistency``, 1999) and Berenson's; the schedules follow hermitage's for PostgreSQL, with
``value >= 30`` where hermitage asks for multiples of three.
"""

from typing import Final, Literal

from rustok_sim.core.data import Delete, Insert, Select, Update, Where, col
from rustok_sim.testing.schedules import TEST, Action, History, Schedule, Step

READ_ALL: Final = Select(TEST, label="select *")
READ_BIG: Final = Select(TEST, (col("value").at_least(30),), label="select * where value >= 30")


def read(key: int, *, lock: Literal["share", "update"] | None = None) -> Select:
    """Read one row."""
    locking = f" for {lock}" if lock else ""
    return Select(TEST, (col("id").equals(key),), lock=lock, label=f"select * where id = {key}{locking}")


def read_value(value: int) -> Select:
    """Read the rows that hold *value*."""
    return Select(TEST, (col("value").equals(value),), label=f"select * where value = {value}")


def put(key: int, value: int) -> Update:
    """Write one row."""
    return Update(TEST, {"value": value}, (col("id").equals(key),), label=f"update value = {value} where id = {key}")


def add(amount: int, where: Where = (), text: str = "") -> Update:
    """Add to each row, or to those named."""
    return Update(TEST, {"value": col("value").plus(amount)}, where, label=f"update value = value + {amount}{text}")


def new(key: int, value: int) -> Insert:
    """Write a new row."""
    return Insert(TEST, {"id": key, "value": value}, label=f"insert {key} → {value}")


def remove(value: int) -> Delete:
    """Remove the rows that hold *value*."""
    return Delete(TEST, (col("value").equals(value),), label=f"delete where value = {value}")


def steps(*pairs: tuple[str, Action]) -> tuple[Step, ...]:
    """Steps from pairs of session and action."""
    return tuple(Step(session, action) for session, action in pairs)


def _vanished(history: History) -> bool:
    # T3 reads row 1, row 2, row 2, row 1: after a value of T2 (12, 18) it must see none of T1 (11, 19) any more.
    seen = [value for number in range(4) for value in (history.saw("T3", number) or {}).values()]
    return any(early in (12, 18) and late in (11, 19) for place, early in enumerate(seen) for late in seen[place:])


def _both_read_what_was(history: History, first: object, second: object) -> bool:
    both = history.committed("T1", "T2")
    return both and history.saw("T1", 0) == first and history.saw("T2", 0) == second


G0: Final = Schedule(
    "G0",
    "dirty write",
    steps(
        ("T1", put(1, 11)),
        ("T2", put(1, 12)),
        ("T1", put(2, 21)),
        ("T1", "commit"),
        ("T2", put(2, 22)),
        ("T2", "commit"),
    ),
    lambda history: history.final not in ({1: 11, 2: 21}, {1: 12, 2: 22}),
)
G1A: Final = Schedule(
    "G1a",
    "aborted read",
    steps(
        ("T1", put(1, 101)),
        ("T2", READ_ALL),
        ("T1", "rollback"),
        ("T2", READ_ALL),
        ("T2", "commit"),
    ),
    lambda history: any((history.saw("T2", number) or {}).get(1) == 101 for number in (0, 1)),
)
G1B: Final = Schedule(
    "G1b",
    "intermediate read",
    steps(
        ("T1", put(1, 101)),
        ("T2", READ_ALL),
        ("T1", put(1, 11)),
        ("T1", "commit"),
        ("T2", READ_ALL),
        ("T2", "commit"),
    ),
    lambda history: any((history.saw("T2", number) or {}).get(1) == 101 for number in (0, 1)),
)
G1C: Final = Schedule(
    "G1c",
    "circular information flow",
    steps(
        ("T1", put(1, 11)),
        ("T2", put(2, 22)),
        ("T1", read(2)),
        ("T2", read(1)),
        ("T1", "commit"),
        ("T2", "commit"),
    ),
    lambda history: history.saw("T1", 0) == {2: 22} and history.saw("T2", 0) == {1: 11},
)
OTV: Final = Schedule(
    "OTV",
    "observed transaction vanishes",
    steps(
        ("T1", put(1, 11)),
        ("T1", put(2, 19)),
        ("T2", put(1, 12)),
        ("T1", "commit"),
        ("T3", read(1)),
        ("T2", put(2, 18)),
        ("T3", read(2)),
        ("T2", "commit"),
        ("T3", read(2)),
        ("T3", read(1)),
        ("T3", "commit"),
    ),
    _vanished,
)
PMP: Final = Schedule(
    "PMP",
    "predicate-many-preceders",
    steps(
        ("T1", READ_BIG),
        ("T2", new(3, 30)),
        ("T2", "commit"),
        ("T1", READ_BIG),
        ("T1", "commit"),
    ),
    lambda history: history.saw("T1", 0) == {} and history.saw("T1", 1) == {3: 30},
)
PMP_WRITE: Final = Schedule(
    "PMP write",
    "predicate-many-preceders, on a write",
    steps(
        ("T1", add(10)),
        ("T2", remove(20)),
        ("T1", "commit"),
        ("T2", read_value(20)),
        ("T2", "commit"),
    ),
    lambda history: bool(history.saw("T2", 0)),
)
P4: Final = Schedule(
    "P4",
    "lost update",
    steps(
        ("T1", read(1)),
        ("T2", read(1)),
        ("T1", put(1, 11)),
        ("T2", put(1, 12)),
        ("T1", "commit"),
        ("T2", "commit"),
    ),
    lambda history: _both_read_what_was(history, {1: 10}, {1: 10}),
)
G_SINGLE: Final = Schedule(
    "G-single",
    "read skew",
    steps(
        ("T1", read(1)),
        ("T2", read(1)),
        ("T2", read(2)),
        ("T2", put(1, 12)),
        ("T2", put(2, 18)),
        ("T2", "commit"),
        ("T1", read(2)),
        ("T1", "commit"),
    ),
    lambda history: history.saw("T1", 0) == {1: 10} and history.saw("T1", 1) == {2: 18},
)
G_SINGLE_PREDICATE: Final = Schedule(
    "G-single predicate",
    "read skew, by conditions",
    steps(
        ("T1", read_value(20)),
        ("T2", Update(TEST, {"value": 12}, (col("value").equals(10),), label="update value = 12 where value = 10")),
        ("T2", "commit"),
        ("T1", read_value(12)),
        ("T1", "commit"),
    ),
    lambda history: history.saw("T1", 0) == {2: 20} and history.saw("T1", 1) == {1: 12},
)
G_SINGLE_WRITE: Final = Schedule(
    "G-single write",
    "read skew, seen by a write",
    steps(
        ("T1", read(1)),
        ("T2", READ_ALL),
        ("T2", put(1, 12)),
        ("T2", put(2, 18)),
        ("T2", "commit"),
        ("T1", remove(20)),
        ("T1", "commit"),
    ),
    # T1 read row 1 as it was before T2, yet its delete did not find row 2 as it was before T2.
    lambda history: history.committed("T1", "T2") and history.saw("T1", 0) == {1: 10} and 2 in history.final,
)
G2_ITEM: Final = Schedule(
    "G2-item",
    "write skew",
    steps(
        ("T1", READ_ALL),
        ("T2", READ_ALL),
        ("T1", put(1, 11)),
        ("T2", put(2, 21)),
        ("T1", "commit"),
        ("T2", "commit"),
    ),
    lambda history: _both_read_what_was(history, {1: 10, 2: 20}, {1: 10, 2: 20}),
)
G2: Final = Schedule(
    "G2",
    "write skew, by a condition",
    steps(
        ("T1", READ_BIG),
        ("T2", READ_BIG),
        ("T1", new(3, 30)),
        ("T2", new(4, 42)),
        ("T1", "commit"),
        ("T2", "commit"),
    ),
    lambda history: _both_read_what_was(history, {}, {}),
)
G2_TWO_EDGES: Final = Schedule(
    "G2 two edges",
    "a read-only transaction completes the circle",
    steps(
        ("T1", READ_ALL),
        ("T2", add(5, (col("id").equals(2),), " where id = 2")),
        ("T2", "commit"),
        ("T3", READ_ALL),
        ("T3", "commit"),
        ("T1", put(1, 0)),
        ("T1", "commit"),
    ),
    lambda history: (
        history.committed("T1", "T2", "T3")
        and history.saw("T1", 0) == {1: 10, 2: 20}
        and history.saw("T3", 0) == {1: 10, 2: 25}
    ),
)
ANOMALIES: Final = (
    *(G0, G1A, G1B, G1C, OTV, PMP, PMP_WRITE, P4),
    *(G_SINGLE, G_SINGLE_PREDICATE, G_SINGLE_WRITE, G2_ITEM, G2, G2_TWO_EDGES),
)
