"""The data of one table: its records, and all that follows from its description alone, worked out once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain

from rustok_sim.adapters.memory.columns import Columns
from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.indexes import Index
from rustok_sim.adapters.memory.ordered import Ordered
from rustok_sim.adapters.memory.predicates import Predicates
from rustok_sim.adapters.memory.records import Record
from rustok_sim.adapters.memory.rules import Rule, filter_of, rules_of
from rustok_sim.core.data import Reference, Select, Table, Where


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A reference, from the table *child* that has it to the table *parent* that it names."""

    child: "TableData"
    parent: "TableData"
    reference: Reference
    key: Index
    """The referring columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What an update of some columns touches, whatever the values."""

    names: frozenset[str]
    indexes: list[Index | Ordered]
    """Those that are kept; one that is used for the first time joins them, whoever is about to write."""
    unique: tuple[Index, ...]
    rules: tuple[Rule, ...]
    parents: tuple[Link, ...]
    rekeys: bool
    """Somebody refers to a primary key that it may change."""


class TableData:
    """One table: what is in it, found by index, and its rules compiled."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = Columns(table)
        self.rules = rules_of(table)
        self.primary = Index(table.key, unique=True)
        self.unique = (self.primary, *(Index(columns, unique=True) for columns in table.unique))
        self._plain = _plain(table, self.unique)
        self.plain: tuple[Index, ...] = ()
        """Of the others those that somebody has looked by. Most that RusToK has no statement uses: to keep them, too,
        would cost every write."""
        self.ordered = tuple(Ordered(columns, self.primary) for columns in table.ordered)
        self.indexes: tuple[Index | Ordered, ...] = (*self.unique, *self.ordered)
        self.parents: list[Link] = []
        self.children: list[Link] = []
        self.predicates = Predicates()
        self.rekeyed = False
        """A primary key has changed once: a record may lie in two places."""
        self._changes: dict[tuple[str, ...], Change] = {}
        self._paths: dict[tuple[str, ...], Index | None] = {}

    def filter(self, where: Where) -> Filter:
        """The rows that *where* asks for. Raises ``TypeError``."""
        return filter_of(self.table, self.columns.types, where)

    def unique_on(self, names: tuple[str, ...]) -> Index:
        """The index of the unique rule on these columns. Raises ``TypeError`` if there is no such rule."""
        for index in self.unique:
            if frozenset(index.columns) == frozenset(names):
                return index
        raise TypeError(f"{self.table.name} has no unique rule on {', '.join(names)}")

    def candidates(self, sought: Filter) -> Collection[Record]:
        """Records of which some version may pass *sought*: by the best index there is, or all."""
        index = self._path(sought)
        if index is None:
            return self.everything()
        if not index.kept:
            self._keep(index)
        return index.found(sought)

    def _keep(self, index: Index) -> None:
        """Fill *index* with all versions there are, and keep it from now on."""
        index.kept = True
        for record in self.everything():
            rows = record.rows()
            for row in rows:
                index.add(record, row)
            if len({index.key(row) for row in rows}) > 1:
                record.rekeyed = self.rekeyed = True
        self.plain = tuple(one for one in self._plain if one.kept)
        self.indexes = (*self.unique, *self.plain, *self.ordered)
        for change in self._changes.values():
            if not change.names.isdisjoint(index.columns):
                change.indexes.append(index)

    def in_order(self, query: Select, sought: Filter) -> Ordered | None:
        """The index by which *query* finds the first rows it wants without a look at the rest, if there is one."""
        if query.limit is None:
            return None
        for index in self.ordered:
            if index.order_by == query.order_by and all(name in sought.exact for name in index.prefix):
                path = self._path(sought)
                return None if path is not None and path.unique else index
        return None

    def _path(self, sought: Filter) -> Index | None:
        names = tuple(sought.exact) if sought.choices is None else (*sought.exact, "", *sought.choices)
        try:
            return self._paths[names]
        except KeyError:
            index = self._paths[names] = self._best(sought)
            return index

    def _best(self, sought: Filter) -> Index | None:
        """Unique, then not by the tenant alone, by one value of each column rather than several, of many columns."""
        several = sought.choices or {}
        hashes = (*self.unique, *self._plain)
        usable = [index for index in hashes if all(n in sought.exact or n in several for n in index.columns)]
        usable.sort(
            key=lambda index: (
                not index.unique,
                index.columns == (self.table.owner,),
                any(n not in sought.exact for n in index.columns),
                -len(index.columns),
            )
        )
        return usable[0] if usable else None

    def everything(self) -> Collection[Record]:
        """All records."""
        records: Iterable[Record] = chain.from_iterable(self.primary.buckets.values())
        return dict.fromkeys(records) if self.rekeyed else list(records)

    def change(self, names: tuple[str, ...]) -> Change:
        """What an update of the columns *names* touches."""
        change = self._changes.get(names)
        if change is None:
            change = self._changes[names] = self._change(frozenset(names))
        return change

    def _change(self, names: frozenset[str]) -> Change:
        unknown = sorted(names.difference(self.table.names))
        if unknown:
            raise TypeError(f"{self.table.name} has no column {', '.join(unknown)}")
        return Change(
            names,
            [index for index in self.indexes if not names.isdisjoint(index.columns)],
            tuple(index for index in self.unique if not names.isdisjoint(index.columns)),
            tuple(rule for rule in self.rules if not names.isdisjoint(rule.columns)),
            tuple(link for link in self.parents if not names.isdisjoint(link.key.columns)),
            bool(self.children) and not names.isdisjoint(self.primary.columns),
        )


def _plain(table: Table, unique: tuple[Index, ...]) -> tuple[Index, ...]:
    """The indexes asked for, and those that references and the tenant's scope look rows up by all the time.

    A unique rule of several columns finds rows by the first alone too, as a B-tree does.
    """
    firsts = (columns[:1] for columns in table.unique if len(columns) > 1)
    wanted = [*table.indexes, *(reference.columns for reference in table.references), *firsts]
    if table.owner is not None:
        wanted.append((table.owner,))
    have = {frozenset(index.columns) for index in unique}
    plain = []
    for columns in wanted:
        if frozenset(columns) not in have:
            have.add(frozenset(columns))
            plain.append(Index(columns, unique=False))
    return tuple(plain)


def tables_of(tables: Iterable[Table]) -> dict[str, TableData]:
    """The data of *tables* by name, linked by their references. Raises ``ValueError`` for a wrong description."""
    made = {table.name: TableData(table) for table in tables}
    for data in made.values():
        table = data.table
        _known_columns(table)
        for reference in table.references:
            parent = made.get(reference.table)
            if parent is None:
                raise ValueError(f"{table.name} refers to {reference.table}, which is not among the tables")
            if len(reference.columns) != len(parent.table.key):
                raise ValueError(f"{table.name} refers to {reference.table} by {len(reference.columns)} columns")
            link = Link(data, parent, reference, Index(reference.columns, unique=False))
            data.parents.append(link)
            parent.children.append(link)
    return made


def _known_columns(table: Table) -> None:
    rules = (
        *table.unique,
        *table.indexes,
        *table.ordered,
        *(reference.columns for reference in table.references),
        table.key,
    )
    unknown = {name: None for columns in rules for name in columns if name not in table.names}
    if unknown or (table.owner is not None and table.owner not in table.names):
        raise ValueError(f"{table.name} has no column {', '.join(unknown) or table.owner}")
    optional = {column.name for column in table.columns if column.optional}
    for columns in table.ordered:
        if columns[-1] in optional:
            raise ValueError(f"{table.name} cannot be read in the order of {columns[-1]}, which takes nulls")
