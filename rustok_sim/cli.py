"""The command line: one verb a use. Exit codes: 0 all held, 1 something did not hold, 2 wrong use or a wrong file.

Heavy packages are imported inside the commands, so that ``--help`` answers at once.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final

from cyclopts import App, Parameter, validators

from rustok_sim.core.errors import RustokSimError

HELD, FAILED, WRONG = 0, 1, 2
INTERRUPTED: Final = 130
PIPE_BROKEN: Final = 141

app = App(
    name="rustok-sim",
    help="Try an idea for RusToK before building it: simulate scenarios, compare designs, write reports.",
    help_epilogue="Exit codes: 0 all held, 1 an expectation, check or invariant failed, 2 wrong use or a wrong file.",
    result_action="return_value",
)

Overrides = Annotated[tuple[str, ...], Parameter(name="--set", negative="", consume_multiple=False)]
Parameters = Annotated[tuple[str, ...], Parameter(name=["--parameter", "-p"], negative="", consume_multiple=False)]
Data = Annotated[Path, Parameter(name="--data")]


@app.command
def check(files: Annotated[list[Path], Parameter(negative="")], /) -> int:
    """Read scenario and study files and report every mistake with file, line and column.

    Parameters
    ----------
    files
        Scenario and study files (.toml).
    """
    from rustok_sim.core.errors import ScenarioError
    from rustok_sim.scenario import load_preset_overlay, load_scenario
    from rustok_sim.studies import check_study, is_study

    wrong = False
    for file in files:
        try:
            read: Any = check_study if is_study(file) else load_scenario
            if file.parent.name == "presets":
                read = load_preset_overlay
            read(file)
        except ScenarioError as error:
            wrong = True
            print(error, file=sys.stderr)
        else:
            print(f"{file}: fine")
    return WRONG if wrong else HELD


@app.command
def schema(*, study: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Print the JSON Schema of scenario files, for editors.

    Parameters
    ----------
    study
        That of study files.
    """
    import json

    from rustok_sim.scenario import scenario_schema
    from rustok_sim.studies import study_schema

    print(json.dumps(study_schema() if study else scenario_schema(), indent=2, ensure_ascii=False))
    return HELD


@app.command
def run(
    file: Path,
    /,
    *,
    overrides: Overrides = (),
    seed: int | None = None,
    replication: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 0,
    data: Data = Path("data/runs"),
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Run one scenario, keep its event log, and judge it.

    Parameters
    ----------
    file
        The scenario.
    overrides
        PATH=VALUE, a key to override, typed as in TOML; may be given more than once.
    seed
        The root of all draws, in place of the scenario's.
    replication
        Another sample of the same scenario and seed.
    data
        Where runs are kept.
    json
        Print one JSON object and nothing else.
    """
    from rustok_sim.report.console import print_run
    from rustok_sim.studies import run as run_scenario

    with _progress("simulating") as progress:
        result = run_scenario(file, set=overrides, seed=seed, replication=replication, data=data, progress=progress)
    if json:
        import json as writer

        print(writer.dumps(result.to_json(), allow_nan=False))
    else:
        print_run(result)
    return HELD if result.held else FAILED


@app.command
def study(
    file: Path,
    /,
    *,
    quick: Annotated[bool, Parameter(negative="")] = False,
    seed: int | None = None,
    jobs: Annotated[int, Parameter(name=["--jobs", "-j"])] = -1,
    dask: str | None = None,
    data: Data = Path("data/studies"),
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Conduct a study: variants, swept factors and replications until the means are sure enough; hold its checks.

    What an interrupted study has finished is kept, and not run again; what has changed is.

    Parameters
    ----------
    file
        The study.
    quick
        Take what the table [quick] of the file says: fewer replications, a shorter horizon.
    seed
        The root of all draws, in place of the study's.
    jobs
        Worker processes; -1 for one a core.
    dask
        The address of a Dask scheduler whose workers are to run it, as tcp://HOST:8786. They write below the same DATA.
    data
        Where studies are kept.
    json
        Print one JSON object and nothing else.
    """
    from rustok_sim.report.console import print_study
    from rustok_sim.studies import study as conduct

    progress = sys.stderr.isatty()
    result = conduct(file, data=data, jobs=jobs, quick=quick, dask=dask, seed=seed, progress=progress)
    if json:
        import json as writer

        print(writer.dumps(result.to_json(), allow_nan=False))
    else:
        print_study(result)
    return HELD if result.held else FAILED


@app.command
def report(
    target: Path,
    /,
    *,
    parameters: Parameters = (),
    out: Path = Path("data/reports"),
) -> int:
    """Run a notebook, or the report of a scenario or a study, and write one self-contained HTML file.

    Parameters
    ----------
    target
        A notebook (.ipynb), a scenario or a study (.toml).
    parameters
        NAME=VALUE, a parameter of the notebook, typed as in TOML; may be given more than once.
    out
        Where the report goes.
    """
    from rustok_sim.report.notebook import notebook_for, read_parameters, run_report

    notebook, implied = notebook_for(target)
    files = run_report(notebook, {**implied, **read_parameters(parameters)}, out)
    print(files.html)
    return HELD


@app.command
def explain(target: Path, /, *, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Tell what queueing formulas say of each station of a scenario; of a run, beside what it measured.

    Parameters
    ----------
    target
        A scenario (.toml), or the directory of a run.
    json
        Print one JSON object and nothing else.
    """
    from rustok_sim.report.console import print_explanation
    from rustok_sim.studies import explain as told

    explanation = told(target)
    if json:
        import json as writer

        print(writer.dumps(explanation.to_json(), allow_nan=False))
    else:
        print_explanation(explanation)
    return HELD


@app.command
def demo(*, out: Path = Path("data/reports")) -> int:
    """Compare the tenant-cache designs while Redis is gone, print the verdict, and write the report.

    Parameters
    ----------
    out
        Where the report goes.
    """
    from rustok_sim.report.demo import run_demo

    result = run_demo(out)
    result.print()
    return HELD if result.held else FAILED


@app.command
def lab(*, browser: bool = True) -> int:
    """Open JupyterLab on the notebooks.

    Parameters
    ----------
    browser
        Open a browser window.
    """
    from rustok_sim.report.lab import open_lab

    return open_lab(browser=browser)


@contextmanager
def _progress(label: str) -> Iterator[Any]:
    """A bar on standard error, where someone may be looking at it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=100, desc=label, unit="%", leave=False, bar_format="{l_bar}{bar}| {elapsed}<{remaining}") as bar:
        yield lambda share: bar.update(share * 100 - bar.n)


def _stop(number: int, frame: FrameType | None) -> None:
    """Take a polite kill as an interrupt, so that nothing half-written stays."""
    raise KeyboardInterrupt


def main() -> None:
    """The entry point of the command ``rustok-sim``."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = app()
    except RustokSimError as error:
        print(error, file=sys.stderr)
        code = WRONG
    except KeyboardInterrupt:
        print("interrupted: nothing half-done was kept", file=sys.stderr)
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; Python would complain once more while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = PIPE_BROKEN
    sys.exit(code)
