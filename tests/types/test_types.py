"""The types say no where a mistake is cheap to make, and say what a reader expects elsewhere."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REFUSED = sorted(HERE.glob("refused*.py"))
REVEALED = HERE / "revealed.py"
MARK = re.compile(r"# E: (?P<code>[\w-]+)$")


class Finding(NamedTuple):
    """One error of a checker, or one expected of it."""

    file: str
    line: int
    code: str


def marked() -> set[Finding]:
    """Every expected error."""
    lines = [
        (path, number, line)
        for path in REFUSED
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]
    return {Finding(path.name, number, match["code"]) for path, number, line in lines if (match := MARK.search(line))}


def check(*command: str) -> str:
    """What a checker prints for all files, under the project's own settings."""
    line = [sys.executable, "-m", *command, *map(str, [*REFUSED, REVEALED])]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_mypy_refuses_the_marked_lines_and_no_other():
    """Line by line and code by code, as the comments say; every ``assert_type`` of the table holds."""
    errors = [json.loads(line) for line in check("mypy", "--output=json").splitlines()]
    found = {Finding(Path(one["file"]).name, one["line"], one["code"]) for one in errors if one["severity"] == "error"}
    assert found == marked()


@pytest.mark.skipif(shutil.which("node") is None, reason="pyright runs on node, which is not installed")
def test_pyright_refuses_the_marked_lines_and_no_other():
    """The lines agree with mypy's; each checker has its own names for the errors."""
    errors = json.loads(check("pyright", "--outputjson", "--pythonpath", sys.executable))["generalDiagnostics"]
    found = {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in errors if one["severity"] == "error"
    }
    assert found == {(one.file, one.line) for one in marked()}
