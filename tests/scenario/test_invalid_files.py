"""Each file in ``invalid/`` has beside it what is said of it, line by line."""

from pathlib import Path

import pytest

from rustok_sim.core.errors import ScenarioError
from rustok_sim.scenario import load_scenario

INVALID = Path(__file__).parent / "invalid"


@pytest.mark.parametrize("expected", sorted(INVALID.glob("*.txt")), ids=lambda path: path.stem)
def test_every_problem_of_a_file_is_told_at_once_and_in_order(expected, monkeypatch):
    """The lines were checked by hand against the file: place, path, what is wrong, what is allowed."""
    monkeypatch.chdir(INVALID)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(f"{expected.stem}.toml")
    assert str(caught.value).splitlines() == expected.read_text(encoding="utf-8").splitlines()


def test_base_of_the_invalid_files_is_right():
    """What they extend adds no problem of its own."""
    assert load_scenario(INVALID / "base.toml").name == "base"


def test_no_expectation_is_without_its_file():
    """A renamed file would be tested no longer."""
    files = {path.stem for path in INVALID.glob("*.toml")}
    assert files - {path.stem for path in INVALID.glob("*.txt")} == {"base", "parent"}
