"""What all commands share: the application, exit codes, common parameters, progress."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

from cyclopts import App, Parameter

HELD, FAILED, WRONG = 0, 1, 2
INTERRUPTED: Final = 130

app = App(
    name="rustok-sim",
    help="Try an idea for RusToK before building it: simulate scenarios, compare designs, write reports.",
    help_epilogue="Exit codes: 0 all held, 1 an expectation, check or invariant failed, 2 wrong use or a wrong file.",
    result_action="return_value",
)

Overrides = Annotated[tuple[str, ...], Parameter(name="--set", negative="", consume_multiple=False)]
Parameters = Annotated[tuple[str, ...], Parameter(name=["--parameter", "-p"], negative="", consume_multiple=False)]
Data = Annotated[Path, Parameter(name="--data")]


@contextmanager
def progress_of(label: str) -> Iterator[Any]:
    """A bar on standard error, where someone may be looking at it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=100, desc=label, unit="%", leave=False, bar_format="{l_bar}{bar}| {elapsed}<{remaining}") as bar:
        yield lambda share: bar.update(share * 100 - bar.n)


@contextmanager
def counting(runs: int) -> Iterator[Any]:
    """A bar over the runs of a search, with what was found and which kinds of faults were met."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=runs, desc="searching", unit="run", leave=False) as bar:

        def tell(search: Any) -> None:
            bar.update(search.runs - bar.n)
            kinds = len({kind for kind, _ in search.strikes})
            bar.set_postfix_str(
                f"{search.rate_per_min:.0f}/min, {len(search.findings)} found, "
                f"{kinds} kinds of faults on {len(search.strikes)} targets and at {len(search.steps)} steps"
            )

        yield tell
