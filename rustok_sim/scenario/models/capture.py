"""How much of a run is written to the event log."""

from fnmatch import fnmatchcase

from rustok_sim.scenario.models.base import Table


class Capture(Table):
    """Which kinds of records are captured."""

    enabled: bool = True
    """false: none; the run has no metrics."""
    include: tuple[str, ...] = ("*",)
    """Patterns over the kinds of records: all of them (*), a family (request.*), or one (cache.hit)."""

    def wants(self, kind: str) -> bool:
        """Whether records of *kind* are captured."""
        return self.enabled and any(fnmatchcase(kind, pattern) for pattern in self.include)
