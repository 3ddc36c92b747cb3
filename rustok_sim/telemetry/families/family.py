"""What a family of metrics is."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["counter", "gauge", "level", "histogram"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Metrics of one name, told apart by their labels.

    ``observed`` is a query over a run's ``events``, with a row for each observation: ``at_s``, ``instance`` (the node
    that would have counted it, or null for what is known of the whole), ``value``, and a column for each label. It may
    ask for ``$pool_connections``, ``$interval_s`` (of the scrapes) and ``$horizon_s``.
    """

    name: str
    help: str
    """What it counts, in words."""
    kind: Kind
    """counter: values add up; gauge: the last value stands; level: values are changes up and down of a gauge;
    histogram: each value falls into a bucket."""
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    """The upper bounds of a histogram, without the last one, infinity."""
    observed: str
    served: bool = False
    """Whether RusToK as it is has this number under ``/metrics/``, where nobody scrapes it."""
    proposed: bool = False
    """Whether it is none of RusToK's, but a proposal of this workbench."""

    @property
    def exposed_as(self) -> Literal["counter", "gauge", "histogram"]:
        """Its type in the exposition."""
        return "gauge" if self.kind == "level" else self.kind
