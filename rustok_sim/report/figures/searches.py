"""What a search found, by the run that found it first."""

from typing import Final

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, dress, nothing, sheet
from rustok_sim.search import Search

ROW_IN: Final = 0.27


def first_found(search: Search, *, title: str) -> Picture:
    """A mark for each way in which a promise was broken: the first run that did, and beside it in how many runs."""
    found = sorted(search.findings.values(), key=lambda one: (-one.number, one.violation.key))
    if not found:
        return nothing(title, f"Nothing was found in {search.runs} runs.")
    with style.context():
        picture = sheet(1.6 + ROW_IN * len(found))
        ax = picture.subplots()
        names = [f"{one.violation.invariant}: {one.violation.problem}"[:70] for one in found]
        ax.plot([one.number + 1 for one in found], range(len(found)), "o", color=style.INK)
        for place, one in enumerate(found):
            ax.annotate(
                f"in {one.times}", (one.number + 1, place), xytext=(8, -4), textcoords="offset points", fontsize=9
            )
        ax.set_yticks(range(len(found)), names, fontsize=9)
        ax.set_xlim(0.0, search.runs * 1.15 + 1.0)
        ax.set_xlabel("First run that found it")
        dress(picture, title=title, note=f"{search.runs} runs; beside each mark, in how many of them it was broken.")
    return picture
