"""Who waits for whom, and what becomes of it: schedules for row locks, unique rules and references."""

from typing import Final

from rustok_sim.core.data import Delete, Insert, Reference, Select, Table, Upsert, col, integer
from rustok_sim.testing.anomalies import READ_ALL, new, put, read, steps
from rustok_sim.testing.schedules import TEST, History, Schedule

CHILD: Final = Table(
    "child", (integer("id"), integer("test_id")), references=(Reference(("test_id",), "test"),), owner=None
)
TABLES: Final = (TEST, CHILD)
FREE_ROWS: Final = Select(TEST, lock="update", skip_locked=True, label="select * for update skip locked")
NEW_OR_NONE: Final = Insert(TEST, {"id": 3, "value": 31}, or_skip=True, label="insert 3 → 31 on conflict do nothing")
NEW_OR_CHANGED: Final = Upsert(
    TEST, ({"id": 3, "value": 31},), ("id",), ("value",), label="insert 3 → 31 on conflict do update"
)
CHANGED_OR_NEW: Final = Upsert(
    TEST, ({"id": 1, "value": 13},), ("id",), ("value",), label="insert 1 → 13 on conflict do update"
)
NEW_CHILD: Final = Insert(CHILD, {"id": 1, "test_id": 1}, label="insert child of 1")
DROP_FIRST: Final = Delete(TEST, (col("id").equals(1),), label="delete where id = 1")


def _nothing(history: History) -> bool:
    return False


LOCKS: Final = (
    Schedule(
        "P4 locked",
        "lost update, prevented by a row lock",
        steps(
            ("T1", read(1, lock="update")),
            ("T2", read(1, lock="update")),
            ("T1", put(1, 11)),
            ("T1", "commit"),
            ("T2", put(1, 12)),
            ("T2", "commit"),
        ),
        lambda history: history.committed("T1", "T2") and history.saw("T1", 0) == history.saw("T2", 0) == {1: 10},
    ),
    Schedule(
        "share",
        "two may share a row, a third may not change it",
        steps(
            ("T1", read(1, lock="share")),
            ("T2", read(1, lock="share")),
            ("T3", put(1, 13)),
            ("T1", "commit"),
            ("T2", "commit"),
            ("T3", "commit"),
        ),
        _nothing,
    ),
    Schedule(
        "skip locked",
        "each takes the rows that nobody has",
        steps(
            ("T1", read(1, lock="update")),
            ("T2", FREE_ROWS),
            ("T3", FREE_ROWS),
            ("T1", "commit"),
            ("T2", "commit"),
            ("T3", FREE_ROWS),
            ("T3", "commit"),
        ),
        _nothing,
    ),
    Schedule(
        "same key",
        "the second of two new rows of one key is refused",
        steps(("T1", new(3, 30)), ("T2", new(3, 31)), ("T1", "commit"), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "same key undone",
        "the second of two new rows of one key stays when the first goes",
        steps(("T1", new(3, 30)), ("T2", new(3, 31)), ("T1", "rollback"), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "same key or none",
        "the second of two new rows of one key is left out",
        steps(("T1", new(3, 30)), ("T2", NEW_OR_NONE), ("T1", "commit"), ("T2", READ_ALL), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "upsert same key",
        "a row of the same key is written meanwhile: it is changed",
        steps(("T1", new(3, 30)), ("T2", NEW_OR_CHANGED), ("T1", "commit"), ("T2", READ_ALL), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "upsert undone",
        "a row of the same key is written meanwhile, and undone: the new one is written",
        steps(("T1", new(3, 30)), ("T2", NEW_OR_CHANGED), ("T1", "rollback"), ("T2", READ_ALL), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "upsert changed",
        "the row that is there is changed meanwhile: it is changed in its newest version",
        steps(("T1", put(1, 12)), ("T2", CHANGED_OR_NEW), ("T1", "commit"), ("T2", READ_ALL), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "upsert gone",
        "the row that is there goes meanwhile: a new one takes its place",
        steps(("T1", DROP_FIRST), ("T2", CHANGED_OR_NEW), ("T1", "commit"), ("T2", READ_ALL), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "gone meanwhile",
        "a row is deleted by one while another waits to change it",
        steps(("T1", DROP_FIRST), ("T2", put(1, 12)), ("T1", "commit"), ("T2", READ_ALL), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "parent goes",
        "a row is named while another deletes it",
        steps(("T1", DROP_FIRST), ("T2", NEW_CHILD), ("T1", "commit"), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "child comes",
        "a row is deleted while another names it",
        steps(("T1", NEW_CHILD), ("T2", DROP_FIRST), ("T1", "commit"), ("T2", READ_ALL), ("T2", "commit")),
        _nothing,
    ),
    Schedule(
        "child and change",
        "who names a row does not stop others from changing it",
        steps(("T1", NEW_CHILD), ("T2", put(1, 12)), ("T2", "commit"), ("T1", read(1)), ("T1", "commit")),
        _nothing,
    ),
    Schedule(
        "deadlock",
        "each wants what the other has; who waited first gives way",
        steps(
            ("T1", put(1, 11)),
            ("T2", put(2, 22)),
            ("T1", put(2, 21)),
            ("T2", put(1, 12)),
            ("T1", "commit"),
            ("T2", "commit"),
        ),
        _nothing,
    ),
)
