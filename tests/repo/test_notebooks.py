"""Notebooks as files: stripped, on the common kernel, with one parameters cell of plain literals."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXTRA_KEYS = "metadata.language_info metadata.widgets cell.metadata.execution"

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    """Cells of one type, in order."""
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def test_notebooks_are_stripped():
    """Outputs are made by running, so a diff shows what a person changed."""
    command = [sys.executable, "-m", "nbstripout", "--keep-count", "--extra-keys", EXTRA_KEYS, "--verify"]
    done = subprocess.run([*command, *map(str, NOTEBOOKS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@each_notebook
def test_notebook_runs_on_the_common_kernel(path):
    """A kernel of a private name would be missing on every other machine."""
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"]["kernelspec"]["name"] == "python3"


@each_notebook
def test_notebook_has_one_cell_of_parameters(path):
    """The first code cell is tagged ``parameters`` and holds annotated literals, for papermill to replace."""
    tagged = [cell for cell in cells(path, "code") if "parameters" in cell["metadata"].get("tags", [])]
    assert tagged == cells(path, "code")[:1]
    for node in ast.parse("".join(tagged[0]["source"])).body:
        assert isinstance(node, ast.AnnAssign)
        ast.literal_eval(ast.unparse(node.value))
