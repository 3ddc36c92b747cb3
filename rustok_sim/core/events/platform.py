"""What happens to the platform's own read model."""

from typing import ClassVar

from rustok_sim.core.events.event import Event
from rustok_sim.core.events.rules import Id, Name, OptionalId
from rustok_sim.core.values import value


@value(frozen=True, slots=True)
class IndexReindexRequested(Event):
    """Someone wants one entity, or all of a type, indexed anew."""

    type: ClassVar[str] = "index.reindex_requested"
    target_type: Name
    target_id: OptionalId = None


@value(frozen=True, slots=True)
class IndexUpdated(Event):
    """An index took up the present state of an entity."""

    type: ClassVar[str] = "index.updated"
    index_name: Name
    target_id: Id
