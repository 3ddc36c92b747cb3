"""Commands that give answers: study, report, explain, demo, lab."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from rustok_sim.cli.shared import FAILED, HELD, Data, Parameters, app


@app.command
def study(
    file: Path,
    /,
    *,
    quick: Annotated[bool, Parameter(negative="")] = False,
    seed: int | None = None,
    jobs: Annotated[int, Parameter(name=["--jobs", "-j"], validator=validators.Number(gte=-1))] = -1,
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
        A scenario (.toml), or a run's directory, or its name below data/runs.
    json
        Print one JSON object and nothing else.
    """
    from rustok_sim.report.console import print_explanation
    from rustok_sim.studies import explain as told

    if target.suffix != ".toml" and not target.is_file():
        from rustok_sim.trace import find_run

        target = find_run(target).directory
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
