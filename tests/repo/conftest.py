"""The repository as data: its tracked files, and the package as syntax trees."""

import ast
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest


class Source(NamedTuple):
    """One file of the package."""

    path: Path
    name: str
    text: str
    tree: ast.Module


@pytest.fixture(scope="session")
def sources(root: Path) -> list[Source]:
    """Every Python file of the package."""
    files = sorted((root / "rustok_sim").rglob("*.py"))
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    return [Source(path, str(path.relative_to(root)), text, ast.parse(text)) for path, text in texts.items()]


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Every file that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listing = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"not a git clone: {error}")
    return [path for name in sorted(filter(None, listing.split("\0"))) if (path := root / name).is_file()]
