"""When enough replications have been made.

The rule is that of Hoad, Robinson and Davies ("Automated selection of the number of replications for a discrete-event
simulation", Journal of the Operational Research Society 61, 2010): the half-width of the mean's interval must be small
enough, and stay so for some replications more, so that a study does not stop by luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rustok_sim.studies.intervals import half_widths


@dataclass(frozen=True, slots=True)
class Precision:
    """How sure one wants to be of a mean."""

    least: int
    """No fewer replications."""
    most: int
    """No more, precise or not."""
    confidence: float = 0.95
    relative: float | None = None
    """Half-width over mean; this, *absolute*, or either of both."""
    absolute: float | None = None
    """Half-width."""
    look_ahead: int = 5
    """For how many replications the precision must last: above a hundred it grows with their number."""

    @property
    def asked(self) -> bool:
        """Whether any precision is asked; else exactly the least number is made."""
        return self.relative is not None or self.absolute is not None

    def enough(self, values: Sequence[float]) -> int | None:
        """How many of *values* (by replication) are enough, look-ahead included; none if more are needed."""
        if not self.asked:
            return self.least if len(values) >= self.least else None
        since: int | None = None
        for n, (mean, half) in enumerate(half_widths(values, confidence=self.confidence), start=1):
            if n < max(self.least, 2):
                continue
            if not self._meets(mean, half):
                since = None
            elif since is None:
                since = n
            if since is not None and n - since >= self.look_ahead * max(100, since) // 100:
                return n
            if n >= self.most:
                return n
        return None

    def met(self, mean: float, half_width: float) -> bool:
        """Whether an interval is as narrow as was asked."""
        return not self.asked or self._meets(mean, half_width)

    def _meets(self, mean: float, half: float) -> bool:
        relative = self.relative is not None and half <= self.relative * abs(mean)
        return relative or (self.absolute is not None and half <= self.absolute)
