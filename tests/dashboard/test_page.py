"""The page: whole, safe, asking nobody for anything, and the same each time."""

import json
import re

import pytest

from rustok_sim.core.errors import RunError
from rustok_sim.dashboard.page import page_of, write_page
from rustok_sim.report.html import REMOTE


@pytest.fixture(scope="module")
def page(outage_board):
    """The page's text."""
    return page_of(outage_board)


def data_of(page):
    """What its script reads off."""
    return json.loads(re.search(r'<script type="application/json" id="rd-data">(.*?)</script>', page, re.DOTALL)[1])


def test_it_loads_nothing_from_outside(page):
    """Neither by what a browser would fetch nor by its own policy."""
    assert REMOTE.findall(page) == []
    assert "default-src 'none'" in page


def test_names_of_users_stay_text(page, outage):
    """The title would end the script and begin an image."""
    assert outage.record["settings"]["title"].startswith("</script>")
    assert "<img src=x" not in page
    assert "&lt;/script&gt;&lt;img src=x" in page
    assert page.count("</script>") == page.count("<script") == 2


def test_there_is_something_to_read_off_at_every_step(page, outage_board):
    """Each row of each panel has a text for each place of the slider."""
    data, buckets = data_of(page), outage_board.clock.buckets
    assert f'max="{buckets - 1}"' in page
    assert len(data["moments"]) == len(data["shares"]) == len(data["faults"]) == buckets
    assert list(data["panels"]) == [panel.key for panel in outage_board.panels]
    for panel in outage_board.panels:
        rows = data["panels"][panel.key]
        assert len(rows) == len(panel.rows) > 0
        assert all(len(texts) == buckets for texts in rows)


def test_every_picture_is_described(page, outage_board):
    """For those who cannot see it."""
    described = re.findall(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="([^"]+)">', page)
    assert [text.split(" over time")[0] for text in described] == [panel.title for panel in outage_board.panels]


def test_the_same_run_makes_the_same_page(outage_board, page):
    """Byte by byte: no date, no random ids."""
    assert page_of(outage_board) == page


def test_a_page_that_cannot_be_written_says_where(outage, tmp_path):
    """The directory is a file."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunError, match=r"file/page\.html: "):
        write_page(outage, tmp_path / "file" / "page.html")


def test_a_run_without_records_says_so(root, tmp_path):
    """Every panel is left out, and says why."""
    import rustok_sim as rs

    changes = {"horizon_s": 5, "warmup_s": 0, "faults": [], "expect": [], "capture.enabled": False}
    run = rs.run(root / "scenarios/redis_outage.toml", set=changes, data=tmp_path)
    text = write_page(run, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "rd-plot" not in text.split("<main", 1)[1].split("</main>")[0]
    assert "traffic: no request finished" in text
    assert "No fault struck." in text
