"""Notebooks run as batch jobs: parameters, failures, and a page that loads nothing from outside."""

import re

import nbformat
import pytest

from rustok_sim.core.errors import RunError, ScenarioError
from rustok_sim.report.html import to_html
from rustok_sim.report.notebook import notebook_for, read_parameters, run_report

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def notebook(tmp_path):
    """A notebook of a parameter cell and one more."""

    def write(code, name="small"):
        cells = [
            nbformat.v4.new_markdown_cell("# A small question"),
            nbformat.v4.new_code_cell("n: int = 1\nwhat: str = 'x'", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(code),
        ]
        made = nbformat.v4.new_notebook(cells=cells)
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(made, path)
        return path

    return write


def test_a_report_is_one_page_and_the_notebook_as_it_ran(notebook, tmp_path):
    """The page shows what the cell printed, without its code; a second report takes the next free name."""
    path = notebook("print('n is', n * 2)")
    first = run_report(path, {"n": 21}, tmp_path / "out")
    page = first.html.read_text(encoding="utf-8")
    assert "n is 42" in page
    assert "n * 2" not in page
    second = run_report(path, {"n": 1}, tmp_path / "out")
    assert second.html != first.html
    assert first.html.read_text(encoding="utf-8") == page
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {"small.html", "small.ipynb", "small-2.html", "small-2.ipynb"}


def test_a_failing_notebook_is_kept_and_named(notebook, tmp_path):
    """The message says which cell failed, why, and where the notebook lies; there is no page."""
    path = notebook("assert n > 1, 'the claim does not hold'")
    with pytest.raises(RunError, match=r"cell 2 failed: AssertionError: the claim does not hold.*small-failed\.ipynb"):
        run_report(path, {}, tmp_path / "out")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["small-failed.ipynb"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"m": 1}, "m is no parameter; it takes n: int, what: str"),
        ({"wha": "y"}, "did you mean 'what'"),
        ({"n": "three"}, "n must be int, not 'three'"),
        ({"n": True}, "n must be int, not True"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_before_anything_runs(notebook, tmp_path, parameters, message):
    """Papermill itself would only log them."""
    with pytest.raises(ScenarioError, match=message):
        run_report(notebook("1"), parameters, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("name", "content"), [("no.ipynb", None), ("bad.ipynb", "{}"), ("what.txt", "x")])
def test_what_is_no_notebook_is_refused(tmp_path, name, content):
    """Missing, broken, or something else."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ScenarioError, match=name):
        run_report(notebook_for(path)[0], {}, tmp_path / "out")


def test_words_of_the_command_line_become_typed_parameters():
    """Numbers, booleans and quoted text as in TOML; a bare word is text."""
    assert read_parameters(["n=3", "x=1.5", "on=true", "what='3'", "name=moka"]) == {
        "n": 3,
        "x": 1.5,
        "on": True,
        "what": "3",
        "name": "moka",
    }
    with pytest.raises(ScenarioError, match="NAME=VALUE"):
        read_parameters(["n"])


def page_of(*outputs):
    """The page of a notebook whose one cell has these outputs."""
    cell = nbformat.v4.new_code_cell("x", outputs=list(outputs))
    return to_html(nbformat.v4.new_notebook(cells=[cell]), title="t")


def test_a_page_holds_its_pictures_and_describes_them():
    """As data, with the text that the output gives."""
    page = page_of(
        nbformat.v4.new_output("display_data", {"image/png": PIXEL}, metadata={"image/png": {"alt": "a <dot>"}})
    )
    assert f"data:image/png;base64,{PIXEL[:20]}" in page
    assert "a &lt;dot&gt;" in page
    assert not re.search(r"<script[^>]*src=", page)


@pytest.mark.parametrize(
    "html",
    [
        "<img src='https://example.org/a.png'>",
        '<script src="//example.org/a.js"></script>',
        "<link rel=stylesheet href=https://example.org/a.css>",
        "<style>@import 'https://example.org/a.css';</style>",
        "<p style='background: url(http://example.org/a.png)'>x</p>",
    ],
)
def test_a_page_that_would_load_something_is_refused(html):
    """Whatever a cell puts out: a report loads nothing from outside."""
    with pytest.raises(RunError, match=r"would load .*example\.org"):
        page_of(nbformat.v4.new_output("display_data", {"text/html": html}))


def test_a_link_that_a_reader_may_follow_is_no_load():
    """Following it is the reader's decision."""
    assert "example.org" in page_of(
        nbformat.v4.new_output("display_data", {"text/html": "<a href='https://example.org/'>x</a>"})
    )
