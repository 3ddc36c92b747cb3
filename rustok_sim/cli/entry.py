"""The entry point: what was asked for, and what the shell is told."""

import os
import signal
import sys
from types import FrameType
from typing import Final

from rustok_sim.cli import answers, runs, scenarios
from rustok_sim.cli.shared import INTERRUPTED, WRONG, app
from rustok_sim.core.errors import RustokSimError

COMMANDS: Final = (scenarios, answers, runs)
"""The modules whose import makes their commands known."""
PIPE_BROKEN: Final = 141


def _stop(number: int, frame: FrameType | None) -> None:
    """Take a polite kill as an interrupt, so that nothing half-written stays."""
    raise KeyboardInterrupt


def main() -> None:
    """The entry point of the command ``rustok-sim``."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = app()
    except RustokSimError as error:
        print(error, file=sys.stderr)
        code = WRONG
    except KeyboardInterrupt:
        print("interrupted: nothing half-done was kept", file=sys.stderr)
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; Python would complain once more while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = PIPE_BROKEN
    sys.exit(code)
