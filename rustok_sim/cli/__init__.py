"""The command line: one verb a use. Exit codes: 0 all held, 1 something did not hold, 2 wrong use or a wrong file.

Lives here: what a verb takes and prints. What it does is done below. Heavy packages are imported inside the commands,
so that ``--help`` answers at once.
"""

from rustok_sim.cli.entry import main
from rustok_sim.cli.shared import app

__all__ = ["app", "main"]
