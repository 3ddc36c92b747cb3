"""Tables and sentences: numbers as people read them, names as text and never as markup."""

import io
import math

import pytest
from rich.console import Console

from rustok_sim.report import findings, tables
from rustok_sim.report.measures import interval_text, number, plain, share
from rustok_sim.studies import Estimate

AVAILABLE = share("requests.web.availability", "available")
LOAD = number("load.mean", "load", "1/s")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1234.5, "1,234"), (0.0012346, "0.001235"), (-3.0, "\N{MINUS SIGN}3"), (math.nan, "–")],
)
def test_a_plain_number_has_four_digits_that_count(value, text):
    """Thousands are parted, trailing zeros are not written, what is no number is a dash."""
    assert plain(value) == text


def test_an_interval_is_written_to_the_digit_that_leads_its_half_width():
    """Half a width of 0.03: two decimals, the bounds rounded outwards; without an interval the mean alone."""
    assert interval_text(Estimate(0.76, 0.73, 0.79, 5)) == "0.76 [0.73, 0.79]"
    assert interval_text(Estimate(0.7612, 0.7312, 0.7912, 5)) == "0.76 [0.73, 0.80]"
    assert interval_text(Estimate(0.7612, math.nan, math.nan, 1)) == "0.7612"


def test_a_verdict_has_a_row_for_each_variant_and_says_how_to_read_it(study):
    """The availability of plain is 0.6 with half width t(0.975, 2) x 0.1 / sqrt(3) = 0.248, in per cent cut at 100."""
    table = tables.verdict(study, [AVAILABLE], title="t")
    assert table.columns == ("variant", "available, %")
    assert table.rows[0] == ("plain", "60 [35, 85]")
    assert table.rows[1][1] == "90"
    assert "3 replications" in table.note


def test_differences_are_paired(study):
    """1, 2 and 3 more: the mean is 2, with half width 4.303 / sqrt(3) = 2.48."""
    table = tables.differences(study, [LOAD], against="plain", title="t")
    assert table.rows == (("moka<b>", "2 [\N{MINUS SIGN}1, 5]"),)


def test_names_are_escaped(study):
    """A variant's name is the user's text: it may not become markup in a report, nor style in a terminal."""
    table = tables.verdict(study, [AVAILABLE], title="<script>alert(1)</script>")
    html = table._repr_html_()
    assert "<script>" not in html
    assert "moka<b>" not in html
    console = Console(record=True, width=100, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    console.print(table)
    assert "moka<b>" in console.export_text()
    console.file.close()
    assert findings.Sentence("<b>")._repr_html_() == "<p>&lt;b&gt;</p>"


def test_a_narrow_terminal_folds_names_and_leaves_ids_and_times_whole():
    """29 columns of numbers and their borders fit into 40; the name of 26 letters does not, and none of it is lost."""
    row = ("abcdefghijklmnopqrstuvwxyz", "1000017", "12.345", "678.901")
    console = Console(width=40, file=io.StringIO())
    console.print(tables.Table("7", ("operation", "request", "begin, s", "end, s"), (row,)))
    lines = console.file.getvalue().splitlines()
    assert sum(all(number in line for number in row[1:]) for line in lines) == 1
    folded = "".join(line.split()[0] for line in lines if line.split() and line.split()[0] in row[0])
    assert folded == row[0]
    assert max(map(len, lines)) <= 40


def test_what_is_better_is_better_beyond_chance(study):
    """The availability differs by 0.4, 0.3 and 0.2: its interval leaves out 0; that of the load does not."""
    assert findings.better(study, AVAILABLE, against="plain") == ["moka<b>"]
    assert findings.better(study, LOAD, against="plain") == []
    assert findings.better(study, AVAILABLE, against="moka<b>", less=True) == ["plain"]


def test_claims_are_shown_with_their_verdict():
    """A claim that does not hold says so."""
    assert tables.claims({"a": True, "b": False}).rows == (("a", "holds"), ("b", "does not hold"))
