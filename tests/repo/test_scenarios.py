"""The scenario files of the repository, and the schema made from the models."""

import json
from pathlib import Path

import pytest

import rustok_sim.scenario as scenarios

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "scenarios").glob("*.toml"))
PRESETS = sorted((ROOT / "scenarios" / "presets").glob("*.toml"))


def test_schema_file_is_current():
    """Editors complete from ``scenarios/_schema.json``; ``just schema`` makes it anew."""
    written = (ROOT / "scenarios" / "_schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == scenarios.scenario_schema()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario_loads_and_is_named_after_its_file(path):
    """Every shipped scenario is right as it stands, and a run carries the name one looks for."""
    assert scenarios.load_scenario(path).name == path.stem


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_preset_lies_over_any_scenario(path):
    """A preset says how RusToK is built and nothing of load or faults."""
    assert scenarios.load_preset_overlay(path)
