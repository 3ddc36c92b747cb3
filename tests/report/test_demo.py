"""The demo and the README's picture: both conduct a study, and leave none behind."""

from pathlib import Path

import pytest

from rustok_sim.report import demo, notebook, picture


def runs(folder: str | Path) -> set[tuple[str, int]]:
    """The finished runs below *folder*, and when each was written."""
    files = Path(folder).glob("*/tasks/*/summary.json")
    return {(path.parent.name, path.stat().st_mtime_ns) for path in files}


@pytest.mark.slow
def test_the_demos_report_finds_every_run_done(tmp_path, monkeypatch):
    """It asks the very study that the demo has conducted: not one run is made for the report, and none stays."""
    seen, report = [], notebook.run_report

    def watched(path, parameters, out):
        before = runs(parameters["data"])
        files = report(path, parameters, out)
        seen.append((parameters["data"], before, runs(parameters["data"])))
        return files

    monkeypatch.setattr(demo, "DESIGNS", {"v1_as_wired": "v1_as_wired", "moka": "moka", "moka_breaker": "moka_breaker"})
    monkeypatch.setattr(demo, "REPLICATIONS", 2)
    monkeypatch.setattr(notebook, "run_report", watched)
    found = demo.run_demo(tmp_path, progress=False)
    [(data, before, after)] = seen
    assert len(before) == 6
    assert after == before
    assert not Path(data).exists()
    assert found.held
    assert found.html.is_file()


@pytest.mark.slow
def test_the_picture_is_drawn(tmp_path):
    """One replication of each design is enough for that."""
    picture.draw(tmp_path / "docs" / "picture.png", replications=1)
    assert (tmp_path / "docs" / "picture.png").stat().st_size > 10_000
