"""How the values of a scenario must agree with each other and with the names that the domain gives.

A rule reads the scenario as plain tables, and tolerates any other mistake in them: so that one reading of a file
finds all of its problems, those of shape and those of sense.
"""

from rustok_sim.scenario.rules.whole import violations

__all__ = ["violations"]
