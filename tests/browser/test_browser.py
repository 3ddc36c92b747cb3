"""What a person sees: the tour in a real JupyterLab, and a report in a real browser that reaches nothing else."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from rustok_sim.report.notebook import run_report

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TOUR = "notebooks/00_start_here.ipynb"
BUSY = "[...document.querySelectorAll('.jp-InputPrompt')].filter(p => p.textContent.includes('[*]')).length"
FIGURES = "document.querySelectorAll('.jp-OutputArea-output img').length"
ERRORS = "[...document.querySelectorAll('.jp-OutputArea-output[data-mime-type*=error]')].map(e => e.textContent)"


def test_the_tour_runs_from_top_to_bottom_in_jupyterlab(root, lab, browser, tmp_path):
    """Run All Cells: no cell is left busy, none shows an error, and figures are there."""
    content = (root / TOUR).read_bytes()
    browser.open(f"{lab(root)}/lab/tree/{TOUR}?reset")
    wait = WebDriverWait(browser.driver, 300, poll_frequency=0.5)
    kernel = (
        "const panel = window.jupyterapp?.shell.currentWidget;"
        "return panel?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    wait.until(lambda _: browser.run(kernel))
    browser.run("window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => window.allRan = true)")
    wait.until(lambda _: browser.run(f"return window.allRan && {BUSY} === 0"))
    assert browser.run(f"return {ERRORS}") == []
    assert browser.run(f"return {FIGURES}") >= 1
    picture = browser.driver.find_elements(By.CSS_SELECTOR, ".jp-OutputArea-output img")[0]
    browser.run("arguments[0].scrollIntoView({block: 'center'})", picture)
    browser.save("lab", tmp_path)
    assert picture.size["width"] > 300
    assert (root / TOUR).read_bytes() == content, "running is not saving"


@pytest.fixture(scope="module")
def report(root, tmp_path_factory):
    """The tour as a page."""
    return run_report(root / TOUR, {}, tmp_path_factory.mktemp("report")).html.as_uri()


@pytest.mark.parametrize("width", [1400, 390])
def test_a_report_opens_without_asking_anyone_for_anything(report, browser, tmp_path, width):
    """One page, one request: for itself. No complaint on the console, every picture drawn and described; light, and
    never wider than the window.
    """
    browser.open(report, width=width)
    assert browser.requested() == [report]
    assert browser.complaints() == []
    pictures = browser.run("return [...document.images].map(i => [i.complete, i.naturalWidth, i.alt])")
    assert pictures
    assert all(complete and drawn > 0 and alt for complete, drawn, alt in pictures)
    browser.save(f"report-{width}", tmp_path)
    assert browser.brightness() > 0.9
    assert browser.overflow() <= 0
