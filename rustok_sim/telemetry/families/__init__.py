"""Which metrics there are, and what of the event log each of them counts."""

from rustok_sim.telemetry.families.every import FAMILIES, NOT_FED
from rustok_sim.telemetry.families.family import Family

__all__ = ["FAMILIES", "NOT_FED", "Family"]
