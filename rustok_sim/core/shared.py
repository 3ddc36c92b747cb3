"""What all services of one node share."""

from dataclasses import dataclass

from rustok_sim.core.data import Store
from rustok_sim.core.events import Publisher
from rustok_sim.core.ids import Ids
from rustok_sim.core.ports import Runtime


@dataclass(frozen=True, slots=True)
class Shared:
    """Handed to each service when a node boots."""

    runtime: Runtime
    store: Store
    publisher: Publisher
    ids: Ids
