"""What ``rustok-sim trace --view`` opens: the offline viewer, which shows our spans and asks nobody outside."""

import sys
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait

import rustok_sim as rs
from rustok_sim.trace import write_traces

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LOOKED_FOR = ("https://storage.cloud.google.com/perfetto-ui-internal/", "http://127.0.0.1:9001/status")
"""What the viewer, which is not ours, looks for and does without: its makers' network, a quicker processor."""
OPEN = """
const leaves = [...document.querySelectorAll('*')].filter(element => !element.children.length);
leaves.find(element => element.textContent.startsWith('node-1')).click()
"""
HABITS = ("'navigate-to'", "/live_reload", "LiveReload")
"""What it complains of by itself: a directive of its own policy, and a server for its developers that is not there."""


@pytest.fixture(scope="module")
def written(root, tmp_path_factory):
    """The traces of some seconds of a flash sale."""
    directory = tmp_path_factory.mktemp("traces")
    run = rs.run(root / "scenarios/flash_sale.toml", data=directory)
    return write_traces(run, directory / "traces").chrome


@pytest.fixture
def viewer(written, serve, free_port):
    """The address of the viewer that has the traces."""
    address = f"http://127.0.0.1:{free_port}"
    command = [
        str(Path(sys.executable).with_name("vizviewer")),
        "--server_only",
        "--port",
        str(free_port),
        str(written),
    ]
    serve(command, f"{address}/vizviewer_info")
    return address


@pytest.mark.parametrize("width", [1280, 390])
def test_the_viewer_shows_the_spans_offline(viewer, browser, tmp_path, width):
    """Our nodes are its processes, and spans their tracks, though nobody outside can be reached. What it looks for
    elsewhere is known, and of nothing else does it complain.
    """
    browser.open(viewer, width=width, height=1000)
    wait = WebDriverWait(browser.driver, 60, poll_frequency=0.5)
    wait.until(lambda _: "node-1" in browser.run("return document.body.innerText"))
    browser.run(OPEN)
    wait.until(lambda _: "inventory.adjust attempt 1" in browser.run("return document.body.textContent"))
    browser.save(f"viewer-{width}", tmp_path)
    others = [url for url in browser.requested() if not url.startswith(viewer)]
    assert [url for url in others if not url.startswith(LOOKED_FOR)] == []
    assert [text for text in browser.complaints() if not any(known in text for known in (*LOOKED_FOR, *HABITS))] == []
    assert browser.brightness() > 0.9
    assert browser.overflow() <= 0
