"""Commands on scenario files: check, schema, run, find, replay."""

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, validators

from rustok_sim.cli.shared import FAILED, HELD, INTERRUPTED, WRONG, Data, Overrides, app, counting, progress_of


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

    with progress_of("simulating") as progress:
        result = run_scenario(
            file,
            set=overrides,
            seed=seed,
            replication=replication,
            data=data,
            allow_code=allow_code,
            progress=progress,
        )
    given = {"overrides": overrides, "seed": seed, "replication": replication}
    verified = _repeats(result, file, **given) if verify else None
    if json:
        import json as writer

        print(writer.dumps(result.to_json() | {"verified": verified}, allow_nan=False))
    else:
        print_run(result)
        if verified:
            records = f"{result.record['events']:,} records"
            print(f"verified: run again in a fresh process, both logs are the same, {records}")
    return HELD if result.held and verified is not False else FAILED


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
    jobs: Annotated[int, Parameter(name=["--jobs", "-j"], validator=validators.Number(gte=-1))] = -1,
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

    with counting(runs) as tell:
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
