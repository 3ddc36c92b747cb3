"""How an invariant is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rustok_sim.capture import Connection
from rustok_sim.verify.facts import Facts


def _nothing(_connection: Connection) -> dict[str, Any] | None:
    return {}


@dataclass(frozen=True, slots=True)
class Question:
    """A query for the records that break an invariant. Its columns have ``seq``, the record's place in the run."""

    sql: str
    parameters: dict[str, Any] = field(default_factory=dict)
    context: str = ""
    """The ``with`` clause that *sql* goes on from, if it is shared."""
    prepare: Callable[[Connection], dict[str, Any] | None] = _nothing
    """Finds more parameters where SQL alone would take too much room; ``None`` if that finds that all is well."""


Ask: TypeAlias = Callable[[Facts], Question | None]
"""The question for a scenario, or ``None`` where the invariant promises nothing."""
