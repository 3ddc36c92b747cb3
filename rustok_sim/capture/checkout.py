"""Which commit of the package's own git checkout is running, if it runs from one."""

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
LONGEST_S: Final = 5.0
"""A git that hangs, as on a dead network disk, must not hold up a run."""


@cache
def code_commit() -> str | None:
    """The commit that is checked out where the package lies; changes not committed do not show in it.

    None outside a checkout, without git, and where the package is only installed inside somebody else's checkout, as
    in the ``.venv`` of a project: that commit says nothing of this code. It is asked for once a process.
    """
    return commit_of(PACKAGE)


def commit_of(package: Path) -> str | None:
    """The commit of the checkout whose top folder holds the directory *package*; none if there is none."""
    # Inside a git hook these name the repository of the hook, whatever the directory.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--show-toplevel", "HEAD"],  # noqa: S607  # wherever git is installed
            cwd=package, env=environment, capture_output=True, text=True, check=True, timeout=LONGEST_S,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    top, commit = done.stdout.splitlines()
    return commit if Path(top).resolve() == package.resolve().parent else None
