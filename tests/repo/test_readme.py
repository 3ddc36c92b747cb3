"""The README's promises: two commands, one line each, and files that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

COMMAND = r"<!-- command: {name} -->\n```sh\n(.*?)\n```"


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    """The text of README.md."""
    return (root / "README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("bash") is None, reason=".ci/run is a bash script, and there is no bash")
@pytest.mark.parametrize("name", ["demo", "test"])
def test_ci_runs_the_command_that_is_printed(root, readme, name):
    """``.ci/run`` takes each command out of the README, so what a reader pastes is what was tried."""
    [printed] = re.findall(COMMAND.format(name=name), readme, flags=re.DOTALL)
    assert "\n" not in printed
    taken = subprocess.run(
        ["bash", ".ci/run", "--show", name], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert taken.stdout == printed + "\n"


@pytest.mark.parametrize("name", ["demo", "test"])
def test_each_command_does_its_own_set_up(readme, name):
    """Either may be pasted first: it makes the environment, checks every hash and installs the project."""
    [printed] = re.findall(COMMAND.format(name=name), readme, flags=re.DOTALL)
    assert printed.startswith("python3 -m venv .venv && ")
    assert "install -q --require-hashes -r requirements.lock && " in printed
    assert "--no-deps --no-build-isolation -e . && " in printed


def test_links_lead_somewhere(root, readme):
    """Every relative link and picture of the README is a file of the repository."""
    targets = re.findall(r"\]\(([^)#:]+)\)", readme)
    assert [target for target in targets if not (root / target).exists()] == []
