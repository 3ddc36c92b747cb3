"""``study``, ``explain``, ``check`` and ``schema`` as a user meets them."""

import json
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-c", "from rustok_sim.cli import main; main()"]

QUEUE = """
name = "queue"
horizon_s = 10
[[load]]
name = "customers"
route = ["desk"]
arrivals = { process = "poisson", rate_per_s = 9 }
[stations.desk]
servers = 1
service = { dist = "exponential", mean_s = 0.1 }
"""
STUDY = """
question = "Is anybody served?"
base = "queue.toml"
replications = {{ min = 2 }}
[[checks]]
metric = "stations.desk.served"
at_least = {bound}
"""


@pytest.fixture
def files(tmp_path):
    """A scenario and a study that asks for so many served."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "queue.toml").write_text(QUEUE, encoding="utf-8")

    def write(bound):
        (tmp_path / "study.toml").write_text(STUDY.format(bound=bound), encoding="utf-8")
        return tmp_path

    return write


def call(folder, *arguments):
    """The command, run to its end."""
    return subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_a_study_prints_one_json_object_and_exits_by_its_checks(files):
    """0 when all claims hold, 1 when one does not; the runs of the first are not made again."""
    done = call(files(1), "study", "study.toml", "--json", "--data", "kept", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["study"] == "study"
    assert found["runs"] == {"ran": 2, "reused": 0}
    done = call(files(1_000_000), "study", "study.toml", "--json", "--data", "kept", "--jobs", "1")
    assert done.returncode == 1
    assert json.loads(done.stdout)["runs"] == {"ran": 0, "reused": 2}


def test_a_wrong_study_is_told_line_by_line(files):
    """Exit code 2, the place of the mistake on standard error, no traceback."""
    done = call(files('"many"'), "study", "study.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'study.toml:7:12: checks.0.at_least must be a number, not "many"\n'


def test_check_takes_studies_beside_scenarios(files):
    """Each by its own rules."""
    done = call(files(1), "check", "queue.toml", "study.toml")
    assert (done.returncode, done.stdout) == (0, "queue.toml: fine\nstudy.toml: fine\n")


def test_a_query_that_is_no_sql_is_told_in_a_sentence(files):
    """With its place, by ``check`` already, and before anything runs."""
    folder = files(1)
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8") + '[queries]\nodd = "select nothing"\n'
    path.write_text(text, encoding="utf-8")
    for command in (("check", "study.toml"), ("study", "study.toml", "--data", "kept", "--jobs", "1")):
        done = call(folder, *command)
        assert done.returncode == 2
        told = (done.stdout + done.stderr).splitlines()[-1]
        assert told.startswith(f"study.toml:{text.count(chr(10))}:7: queries.odd is no SQL over events: ")
    assert not (folder / "kept").exists()


def test_no_such_cluster_is_told_in_a_sentence(files):
    """Nobody listens there."""
    done = call(files(1), "study", "study.toml", "--data", "kept", "--dask", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("no Dask scheduler answers at tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    ("library", "extra", "table"),
    [
        ("SALib", "sensitivity", 'method = "morris"\nranges = [{ path = "horizon_s", low = 5, high = 10 }]'),
        (
            "optuna",
            "optimisation",
            """settings = [{ path = "horizon_s", low = 5, high = 10 }]
            cost = [{ setting = "horizon_s" }]
            subject_to = [{ metric = "stations.desk.served", at_least = 1 }]""",
        ),
    ],
)
def test_an_extra_that_is_missing_is_named_before_any_run(files, library, extra, table):
    """Exit code 2 and one line; the command says how to get it."""
    folder = files(1)
    path = folder / "study.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}[{extra}]\n{table}\n", encoding="utf-8")
    without = ["-c", f"import sys; sys.modules[{library!r}] = None; from rustok_sim.cli import main; main()"]
    done = subprocess.run(
        [sys.executable, *without, "study", "study.toml", "--data", "kept", "--jobs", "1"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"[{extra}] needs the extra '{extra}': pip install 'rustok-sim[{extra}]'\n"
    assert not (folder / "kept").exists()


def test_explain_tells_the_station_in_words_and_in_json(files):
    """M/G/1 at 90 %."""
    folder = files(1)
    assert "bottleneck: desk" in call(folder, "explain", "queue.toml").stdout
    found = json.loads(call(folder, "explain", "queue.toml", "--json").stdout)
    assert found["stations"][0]["expected"]["utilisation"] == pytest.approx(0.9)
    assert found["stations"][0]["exact"] is True


def test_explain_takes_a_run_by_its_name_as_other_commands_do(files):
    """Beside what is expected stands what that run has measured; a name of no run is told with where it was sought."""
    folder = files(1)
    assert call(folder, "run", "queue.toml", "--seed", "3").returncode == 0
    found = json.loads(call(folder, "explain", "queue-s3-1", "--json").stdout)
    assert found == json.loads(call(folder, "explain", "data/runs/queue-s3-1", "--json").stdout)
    assert found["stations"][0]["measured"] is not None
    done = call(folder, "explain", "queue-s3-2")
    assert (done.returncode, done.stdout) == (2, "")
    assert "neither queue-s3-2 nor data/runs/queue-s3-2" in done.stderr
    assert "absent.toml" in call(folder, "explain", "absent.toml").stderr


def test_a_table_in_a_pipe_is_wider_than_a_terminal_need_be(files, monkeypatch):
    """A long name, formula and numbers on one line: no terminal says that there are only 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    name = "desk_" + "x" * 55
    folder = files(1)
    (folder / "queue.toml").write_text(QUEUE.replace("desk", name), encoding="utf-8")
    done = call(folder, "explain", "queue.toml")
    assert done.returncode == 0, done.stderr
    [row] = [line for line in done.stdout.splitlines() if "expected" in line]
    # 9 a second at one server that needs 0.1 s: 90 % busy; the wait is 0.9 / (10 - 9), the sojourn 1 / (10 - 9).
    assert " ".join(row.split()) == f"{name} 1 9 M/G/1, Pollaczek and Khinchine expected 0.9 0.9 1 0"


def test_the_schema_of_studies_is_printed(tmp_path):
    """Of studies where asked for, else of scenarios."""
    assert "question" in json.loads(call(tmp_path, "schema", "--study").stdout)["properties"]
    assert "question" not in json.loads(call(tmp_path, "schema").stdout)["properties"]
