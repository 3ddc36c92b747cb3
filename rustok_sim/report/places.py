"""Where the project's own notebooks and scenarios lie."""

from pathlib import Path

from rustok_sim.core.errors import RunError


def project_folder(name: str) -> Path:
    """The project's folder of this name: below the working directory, else in the clone the package runs from.

    Raises ``RunError`` where neither has it: an installed package alone carries no notebooks and scenarios.
    """
    for root in (Path.cwd(), Path(__file__).parents[2]):
        if (root / name).is_dir():
            return root / name
    raise RunError(f"there is no folder {name} here: run this in a clone of rustok-sim")
