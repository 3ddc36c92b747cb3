"""The dashboard as a person sees and uses it: the page of a run, and the widget of a run that goes on."""

import nbformat
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import rustok_sim as rs
from rustok_sim.dashboard import write_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CHANGES = {"horizon_s": 60, "warmup_s": 0, "faults.0.at_s": 20, "faults.0.duration_s": 10}
READINGS = "return [...document.querySelectorAll('.rd-readings b')].map(b => b.textContent)"
PICTURES = "return [...document.images].map(i => [i.complete, i.naturalWidth, i.alt.length > 0])"
CURSORS = """
return [...document.querySelectorAll('.rd-cursor')].map(c => {
    const plot = c.parentElement.getBoundingClientRect();
    return (c.getBoundingClientRect().left - plot.left) / plot.width;
})
"""
LAB_NOW = "return document.querySelector('.rd-now')?.textContent"


@pytest.fixture(scope="module")
def page(root, tmp_path_factory):
    """The page of a minute of which Redis is gone for ten seconds, under a title that would be a script."""
    directory = tmp_path_factory.mktemp("dashboard")
    changes = CHANGES | {"title": "<script>alert('no')</script>"}
    run = rs.run(root / "scenarios/redis_outage.toml", set=changes, data=directory)
    return write_page(run, directory / "page.html").as_uri()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_whole_at_any_width(page, browser, tmp_path, width):
    """It asks for itself alone, complains of nothing, is light, and no wider than its window; pictures are drawn."""
    browser.open(page, width=width)
    assert browser.requested() == [page]
    assert browser.complaints() == []
    assert browser.driver.find_element(By.TAG_NAME, "h1").text == "<script>alert('no')</script>"
    pictures = browser.run(PICTURES)
    assert len(pictures) >= 6
    assert all(complete and drawn > 0 and described for complete, drawn, described in pictures)
    assert browser.overflow() <= 0
    assert browser.brightness() > 0.9
    columns = len({browser.run("return arguments[0].getBoundingClientRect().left", one) for one in panels(browser)})
    assert columns == (2 if width == 1280 else 1)
    browser.save(f"dashboard-{width}", tmp_path)


def panels(browser):
    """The panels of the page."""
    return browser.driver.find_elements(By.CSS_SELECTOR, ".rd-panel")


def test_the_slider_obeys_the_keyboard(page, browser):
    """Home, arrows and End move it: cursors on every panel, values, moment and faults follow."""
    browser.open(page)
    slider = browser.driver.find_element(By.ID, "rd-time")
    moment, faults = (browser.driver.find_element(By.ID, name) for name in ("rd-moment", "rd-faults"))
    assert (moment.text, faults.text) == ("20 to 20.5 s", "outage of redis")
    during = browser.run(READINGS)
    slider.send_keys(Keys.HOME)
    assert (moment.text, faults.text) == ("0 to 0.5 s", "no fault at work")
    first, at_first = browser.run(CURSORS), browser.run(READINGS)
    assert len(first) == len(panels(browser))
    assert max(first) - min(first) < 0.01, "all cursors stand at the same moment"
    slider.send_keys(Keys.ARROW_RIGHT)
    assert moment.text == "0.5 to 1 s"
    assert slider.get_attribute("aria-valuetext") == "0.5 to 1 s"
    slider.send_keys(Keys.END)
    assert moment.text == "59.5 to 60 s"
    assert min(browser.run(CURSORS)) > max(first) + 0.8
    assert len({tuple(at_first), tuple(during), tuple(browser.run(READINGS))}) == 3
    assert browser.complaints() == []


def test_play_goes_on_until_it_is_paused(page, browser):
    """By the keyboard again: the button says what it would do."""
    browser.open(page)
    slider, play = (browser.driver.find_element(By.ID, name) for name in ("rd-time", "rd-play"))
    begin = int(slider.get_property("value"))
    play.send_keys(Keys.SPACE)
    assert play.text == "Pause"
    WebDriverWait(browser.driver, 20).until(lambda _: int(slider.get_property("value")) >= begin + 3)
    play.send_keys(Keys.SPACE)
    stopped = slider.get_property("value")
    assert play.text == "Play"
    assert browser.run("return new Promise(done => setTimeout(done, 600, true))")
    assert slider.get_property("value") == stopped


def test_a_live_run_in_jupyterlab_is_seen_while_it_goes_on(root, lab, browser, tmp_path):
    """Its head counts the seconds while the kernel is busy; afterwards the slider goes back to the outage."""
    place = tmp_path / "place"
    place.mkdir()
    code = f"""import rustok_sim as rs
run = rs.live({str(root / "scenarios/redis_outage.toml")!r}, set={CHANGES!r}, every_s=5)"""
    cells = [nbformat.v4.new_code_cell(code)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), place / "live.ipynb")
    browser.open(f"{lab(place)}/lab/tree/live.ipynb?reset", height=1800)
    wait = WebDriverWait(browser.driver, 120, poll_frequency=0.1)
    status = "return window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
    wait.until(lambda _: browser.run(status) == "idle")
    browser.run("window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => window.allRan = true)")
    seen = set()

    def over(_):
        seen.add(browser.run("return document.querySelector('.rd-facts')?.textContent"))
        return browser.run("return window.allRan")

    wait.until(over)
    assert len({text for text in seen if text and "s simulated" in text}) >= 2, seen
    wait.until(lambda _: browser.run("return document.querySelectorAll('.rd-plot img').length") >= 6)
    assert browser.run(LAB_NOW).startswith("59.5 to 60 s")
    handle = browser.driver.find_element(By.CSS_SELECTOR, ".rd-root .noUi-handle")
    last = browser.run(READINGS)
    handle.send_keys(Keys.HOME)
    wait.until(lambda _: browser.run(LAB_NOW).startswith("0 to 0.5 s"))
    assert browser.run(READINGS) != last
    for _ in range(3):
        handle.send_keys(Keys.PAGE_UP)
    wait.until(lambda _: not browser.run(LAB_NOW).startswith("0 to"))
    browser.save("live", tmp_path)
