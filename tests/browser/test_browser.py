"""What a person sees: the tour in a real JupyterLab, and a report in a real browser that reaches nothing else."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from rustok_sim.report.notebook import run_report

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TOUR = "notebooks/00_start_here.ipynb"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1400,1400",
]
BUSY = "[...document.querySelectorAll('.jp-InputPrompt')].filter(p => p.textContent.includes('[*]')).length"
FIGURES = "document.querySelectorAll('.jp-OutputArea-output img').length"
ERRORS = "[...document.querySelectorAll('.jp-OutputArea-output[data-mime-type*=error]')].map(e => e.textContent)"


@pytest.fixture
def browser(tmp_path):
    """Headless Chromium that logs its console and its network."""
    options = webdriver.ChromeOptions()
    for flag in [*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


def complaints(driver):
    """What the console calls severe, but for an icon that the page has none of."""
    return [e["message"] for e in driver.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]]


def requested(driver):
    """The addresses that the page asked for, by the browser's own record of the network."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    # The tab that was open before is a page of the browser's own.
    return [url for url in sent if not url.startswith(("data:", "blob:", "chrome://", "chrome-untrusted://"))]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def lab(root, tmp_path):
    """The address of a JupyterLab on the project, with settings of its own and no news."""
    settings = tmp_path / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    news = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(news), encoding="utf-8")
    port = free_port()
    own = {"JUPYTERLAB_SETTINGS_DIR": tmp_path / "settings", "JUPYTERLAB_WORKSPACES_DIR": tmp_path / "workspaces"}
    options = ["--no-browser", "--ip=127.0.0.1", "--allow-root", f"--port={port}", "--IdentityProvider.token="]
    options += [f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True"]
    log = (tmp_path / "lab.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        env=os.environ | {name: str(path) for name, path in own.items()},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while not answers(f"{address}/api"):
        assert server.poll() is None, (tmp_path / "lab.log").read_text()
        assert time.monotonic() < deadline, "JupyterLab does not answer"
        time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(timeout=30)
    log.close()


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own server
            return response.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def test_the_tour_runs_from_top_to_bottom_in_jupyterlab(root, lab, browser, tmp_path):
    """Run All Cells: no cell is left busy, none shows an error, and figures are there."""
    content = (root / TOUR).read_bytes()
    browser.get(f"{lab}/lab/tree/{TOUR}?reset")
    wait = WebDriverWait(browser, 300, poll_frequency=0.5)
    kernel = (
        "const panel = window.jupyterapp?.shell.currentWidget;"
        "return panel?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    wait.until(lambda driver: driver.execute_script(kernel))
    browser.execute_script(
        "window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => window.allRan = true)"
    )
    wait.until(lambda driver: driver.execute_script(f"return window.allRan && {BUSY} === 0"))
    assert browser.execute_script(f"return {ERRORS}") == []
    assert browser.execute_script(f"return {FIGURES}") >= 1
    picture = browser.find_elements(By.CSS_SELECTOR, ".jp-OutputArea-output img")[0]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", picture)
    save_screenshot(browser, "lab", tmp_path)
    assert picture.size["width"] > 300
    assert (root / TOUR).read_bytes() == content, "running is not saving"


@pytest.mark.parametrize("width", [1400, 480])
def test_a_report_opens_without_asking_anyone_for_anything(root, browser, tmp_path, width):
    """One page, one request: for itself. No complaint on the console, every picture drawn and described."""
    files = run_report(root / TOUR, {}, tmp_path)
    page = files.html.as_uri()
    browser.set_window_size(width, 1400)
    browser.get(page)
    assert requested(browser) == [page]
    assert complaints(browser) == []
    pictures = browser.execute_script("return [...document.images].map(i => [i.complete, i.naturalWidth, i.alt])")
    assert pictures
    assert all(complete and drawn > 0 and alt for complete, drawn, alt in pictures)
    save_screenshot(browser, f"report-{width}", tmp_path)


def save_screenshot(driver, name: str, tmp_path: Path) -> None:
    """Keep a picture for whoever wants to look: in $RUSTOK_SIM_SCREENSHOTS, else with the test's own files."""
    folder = Path(os.environ.get("RUSTOK_SIM_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    driver.save_screenshot(str(folder / f"{name}.png"))
