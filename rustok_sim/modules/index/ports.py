"""What an indexer asks of the write model."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from rustok_sim.core.data import Row, Table
from rustok_sim.core.data.statements import Where
from rustok_sim.core.events import Event
from rustok_sim.core.ports import Call, Steps


class Reader(Protocol):
    """Reads of one tenant: within a transaction, or each by itself."""

    def select(
        self, table: Table, where: Where = (), *, order_by: tuple[str, ...] = (), limit: int | None = None
    ) -> Steps[list[Row]]:
        """The rows for which all conditions hold."""
        ...

    def first(self, table: Table, where: Where) -> Steps[Row | None]:
        """The first such row by primary key, if there is one."""
        ...


class Source(Protocol):
    """One kind of entity in the write model, and how a row of the read model is made of it."""

    name: str
    """As a reindex request names it."""
    table: Table
    """The read table; unique in its entity and ``locale``."""
    entity: str
    """The column of *table* that holds the entity's id."""

    def affected(self, event: Event) -> str | None:
        """The entity whose rows *event* makes stale, if it is of this kind."""
        ...

    def build(self, reader: Reader, entity_id: str, locale: str) -> Steps[Row | None]:
        """The row as the write model is now, without ``id`` and ``indexed_at``; None: there is to be none."""
        ...

    def build_batch(self, reader: Reader, entity_ids: Sequence[str], locale: str) -> Steps[Mapping[str, Row]]:
        """The rows of many entities, each as :meth:`build` makes it, in as many reads as for one; others have none."""
        ...

    def ids(self, reader: Reader, after: str, limit: int | None) -> Steps[Sequence[str]]:
        """Ids of the tenant's entities above *after*, ascending."""
        ...


class Locales(Protocol):
    """Whoever knows a tenant's languages."""

    def enabled(self, call: Call, tenant_id: str) -> Steps[Sequence[str]]:
        """The locales that are enabled."""
        ...
