"""What ``rustok-sim trace --view`` opens: the offline viewer, which shows our spans and asks nobody outside."""

import sys
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait

import rustok_sim as rs
from rustok_sim.trace import write_traces

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def written(root, tmp_path_factory):
    """The traces of some seconds of a flash sale."""
    directory = tmp_path_factory.mktemp("traces")
    run = rs.run(root / "scenarios/flash_sale.toml", data=directory)
    return write_traces(run, directory / "traces").chrome


@pytest.mark.parametrize("width", [1280, 390])
def test_the_viewer_shows_the_spans_offline(written, browser, serve, free_port, tmp_path, width):
    """Processes of ours are among its tracks, its console complains of nothing, and all it asks for is on this machine."""
    viewer, address = Path(sys.executable).with_name("vizviewer"), f"http://127.0.0.1:{free_port}"
    serve([str(viewer), "--server_only", "--port", str(free_port), str(written)], f"{address}/vizviewer_info")
    browser.open(address, width=width, height=1000)
    wait = WebDriverWait(browser.driver, 120, poll_frequency=0.5)
    wait.until(lambda _: "node-1" in browser.run("return document.body.innerText"))
    browser.save(f"viewer-{width}", tmp_path)
    assert [url for url in browser.requested() if not url.startswith(address)] == []
    assert browser.complaints() == []
    assert browser.brightness() > 0.9
    assert browser.overflow() <= 0
