"""The study files of the repository, and the schema made from their models."""

import json
from pathlib import Path

import pytest

import rustok_sim as rs
from rustok_sim.studies import check_study, load_study, study_schema

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "scenarios" / "studies").glob("*.toml"))

each_study = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_schema_file_is_current():
    """Editors complete from ``scenarios/studies/_schema.json``; ``just schema`` makes it anew."""
    written = (ROOT / "scenarios" / "studies" / "_schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == study_schema()


@each_study
def test_study_is_right_and_claims_something(path):
    """As it stands and quick: a question ends with its mark, and each claim says in words what its check says."""
    check_study(path)
    file = load_study(path).file
    assert file.question.endswith("?")
    assert file.checks
    assert all(check.claim for check in file.checks)


@pytest.mark.long
@pytest.mark.timeout(900)
@each_study
def test_what_a_study_claims_holds_when_it_is_quick(path, tmp_path):
    """Every check, held against the far end of its interval."""
    study = rs.study(path, quick=True, data=tmp_path, jobs=1, progress=False)
    assert [check.texts() for check in study.checks if not check.held] == []
    assert study.held
