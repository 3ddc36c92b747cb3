"""A real browser, what it complains of and asks for, and a real JupyterLab."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

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
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nobody outside can be reached
]


class Browser:
    """Headless Chromium that logs its console and its network."""

    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.run = self.driver.execute_script

    def open(self, address: str, *, width: int = 1400, height: int = 1400) -> None:
        """Show a page in a window of this size, however narrow."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get(address)

    def complaints(self) -> list[str]:
        """What the console calls severe, but for an icon that the page has none of."""
        entries = self.driver.get_log("browser")
        return [e["message"] for e in entries if e["level"] == "SEVERE" and "favicon" not in e["message"]]

    def requested(self) -> list[str]:
        """The addresses that the page asked for, by the browser's own record of the network."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        # The tab that was open before is a page of the browser's own.
        return [url for url in sent if not url.startswith(("data:", "blob:", "chrome://", "chrome-untrusted://"))]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return self.run("const root = document.documentElement; return root.scrollWidth - root.clientWidth")

    def brightness(self) -> float:
        """How light most of what is shown is, from 0, black, to 1, white."""
        return float(np.median(imread(BytesIO(self.driver.get_screenshot_as_png()))[..., :3]))

    def save(self, name: str, otherwise: Path) -> None:
        """Keep a picture for whoever wants to look: in $RUSTOK_SIM_SCREENSHOTS, else in a directory of the test."""
        folder = Path(os.environ.get("RUSTOK_SIM_SCREENSHOTS", otherwise))
        folder.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(folder / f"{name}.png"))


@pytest.fixture
def browser(tmp_path):
    """See ``Browser``."""
    found = Browser(tmp_path / "profile")
    yield found
    found.driver.quit()


@pytest.fixture
def free_port():
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def serve(tmp_path):
    """Start a server and wait until it answers at an address; it is stopped at the end."""
    started = []

    def start(command, address, **environment):
        log = (tmp_path / "server.log").open("w")
        own = os.environ | {name: str(value) for name, value in environment.items()}
        server = subprocess.Popen(command, env=own, cwd=tmp_path, stdout=log, stderr=subprocess.STDOUT)
        started.append((server, log))
        deadline = time.monotonic() + 60
        while not answers(address):
            assert server.poll() is None, (tmp_path / "server.log").read_text()
            assert time.monotonic() < deadline, f"nobody answers at {address}"
            time.sleep(0.2)

    yield start
    for server, log in started:
        server.terminate()
        server.wait(timeout=30)
        log.close()


@pytest.fixture
def lab(serve, free_port, tmp_path):
    """Start a JupyterLab on a directory, with settings of its own and no news; gives its address."""

    def start(root):
        settings = tmp_path / "settings/@jupyterlab/apputils-extension"
        settings.mkdir(parents=True)
        news = {"fetchNews": "false", "checkForUpdates": False}
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(news), encoding="utf-8")
        options = ["--no-browser", "--ip=127.0.0.1", "--allow-root", f"--port={free_port}", "--IdentityProvider.token="]
        options += [f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True"]
        address = f"http://127.0.0.1:{free_port}"
        serve(
            [sys.executable, "-m", "jupyterlab", *options],
            f"{address}/api",
            JUPYTERLAB_SETTINGS_DIR=tmp_path / "settings",
            JUPYTERLAB_WORKSPACES_DIR=tmp_path / "workspaces",
        )
        return address

    return start


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own server
            return response.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False
