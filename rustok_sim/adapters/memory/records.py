"""A row through its versions, newest first: each version says who wrote it, and its writer says when that lasts.

Reads go by snapshot and never wait: a version is seen if its writer committed by the snapshot, or is the reader
(multiversion concurrency control: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database
Systems", 1987, chapter 5; PostgreSQL manual, "Concurrency Control").
"""

from typing import TYPE_CHECKING, Final, TypeAlias

from rustok_sim.core.data import Row

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.locks import Lock
    from rustok_sim.adapters.memory.serial import Serial
    from rustok_sim.adapters.memory.tables import TableData

NEVER: Final = 1 << 62
"""The commit number of what is not committed."""


class Writer:
    """Who wrote a version: ``number`` orders commits, and is ``NEVER`` until there is one."""

    number: int = NEVER
    serial: "Serial | None" = None
    """What serializable transactions must know of it."""


class _Frozen(Writer):
    number = 0


FROZEN: Final[Writer] = _Frozen()
"""The writer of all that every snapshot sees."""

Version: TypeAlias = "tuple[Row | None, Writer, Version | None]"
"""What was written (null: the row was removed), by whom, over which version."""


class Record:
    """One row from its insert to the end of its last version; its primary key may change on the way.

    The newest version lies in the record itself. A version is known by the identity of its row: no row is ever
    changed.
    """

    __slots__ = ("home", "lock", "older", "rekeyed", "row", "writer")

    def __init__(self, home: "TableData", row: Row, writer: Writer) -> None:
        self.home = home
        self.row: Row | None = row
        self.writer = writer
        self.older: Version | None = None
        self.lock: Lock | None = None
        self.rekeyed = False
        """Older versions may lie in indexes where the newest does not."""

    def seen(self, reader: Writer, number: int) -> Row | None:
        """The row in the snapshot of commit *number*, with what *reader* itself wrote."""
        writer = self.writer
        if writer.number <= number or writer is reader:
            return self.row
        older = self.older
        while older is not None:
            row, writer, older = older
            if writer.number <= number or writer is reader:
                return row
        return None

    def settled(self, reader: Writer) -> Row | None:
        """The newest version that is committed or *reader*'s own."""
        return self.seen(reader, NEVER - 1)

    def unseen(self, reader: Writer, number: int) -> list[tuple[Row | None, Writer]]:
        """The versions newer than what :meth:`seen` gives, oldest first."""
        versions: list[tuple[Row | None, Writer]] = []
        version: Version | None = (self.row, self.writer, self.older)
        while version is not None and version[1].number > number and version[1] is not reader:
            versions.append(version[:2])
            version = version[2]
        versions.reverse()
        return versions

    def write(self, row: Row | None, writer: Writer) -> None:
        """Put a newer version on top."""
        self.older = (self.row, self.writer, self.older)
        self.row = row
        self.writer = writer

    def rows(self) -> list[Row]:
        """The rows of all versions, without removals."""
        rows = [] if self.row is None else [self.row]
        version = self.older
        while version is not None:
            if version[0] is not None:
                rows.append(version[0])
            version = version[2]
        return rows
