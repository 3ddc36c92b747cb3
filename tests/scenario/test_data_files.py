"""Files of numbers that a scenario names: inside the project, and part of what the scenario is."""

import os

import pytest

from rustok_sim.core.errors import ScenarioError
from rustok_sim.scenario import (
    DataFile,
    Empirical,
    LoadClass,
    PoissonArrivals,
    Scenario,
    Station,
    load_scenario,
)

TRACED = """
name = "traced"
horizon_s = 100
[[load]]
name = "shop"
operation = "tenant.resolve"
arrivals = { process = "trace", file = "%s", column = "at_s" }
"""


@pytest.fixture
def traced(project):
    """Write a scenario in ``what/`` that names this file."""

    def written(file: str):
        path = project / "what" / "traced.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(TRACED % file)
        return path

    return written


@pytest.fixture
def trace(project):
    """A trace in the project's data folder."""
    path = project / "data" / "trace.csv"
    path.parent.mkdir()
    path.write_text("at_s\n1\n2\n")
    return path


def said_of(path):
    """The one message, from the path of the key on."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    [problem] = caught.value.problems
    return problem.message


def test_a_file_is_found_from_the_file_that_names_it(traced, trace):
    """Its name is told from the project's top, so that it is the same on every machine."""
    scenario = load_scenario(traced("../data/trace.csv"))
    assert scenario.load[0].arrivals.file == DataFile("data/trace.csv", trace.resolve())
    assert scenario.data_files() == (scenario.load[0].arrivals.file,)


def test_a_file_named_below_is_found_from_there(project, traced, trace):
    """What another folder's file extends keeps its own folder."""
    traced("../data/trace.csv")
    top = project / "top.toml"
    top.write_text('extends = "what/traced.toml"\n')
    assert load_scenario(top).load[0].arrivals.file.path == trace.resolve()


def test_a_file_named_by_an_override_is_found_from_the_scenario(traced, trace):
    """There is no other folder it could be meant from."""
    path = traced("nowhere.csv")
    service = {"dist": "empirical", "file": "../data/trace.csv", "column": "at_s"}
    overrides = {"load.0.arrivals.file": "../data/trace.csv", "deployment.database.statement": service}
    scenario = load_scenario(path, overrides=overrides)
    assert isinstance(scenario.deployment.database.statement, Empirical)
    assert scenario.deployment.database.statement.file == scenario.load[0].arrivals.file


@pytest.mark.parametrize("name", ["../../outside.csv", "../link.csv", "../folder/outside.csv"])
def test_nothing_outside_the_project_is_read(project, traced, tmp_path_factory, name):
    """Neither by dots nor by a link to a file or folder."""
    outside = tmp_path_factory.mktemp("elsewhere") / "outside.csv"
    outside.write_text("at_s\n1\n")
    (project.parent / "outside.csv").write_text("at_s\n1\n")
    (project / "link.csv").symlink_to(outside)
    (project / "folder").symlink_to(outside.parent)
    assert "leads out of the project" in said_of(traced(name))


def test_a_link_inside_the_project_is_followed(project, traced, trace):
    """The name is that of the file it leads to."""
    (project / "what").mkdir()
    (project / "what" / "link.csv").symlink_to(trace)
    assert load_scenario(traced("link.csv")).load[0].arrivals.file.name == "data/trace.csv"


def test_without_a_project_the_folder_of_the_scenario_is_the_limit(project, traced, trace):
    """No ``pyproject.toml`` and no ``.git`` above: nothing tells how far the project reaches."""
    (project / "pyproject.toml").unlink()
    assert "leads out of the project" in said_of(traced("../data/trace.csv"))


def test_what_is_no_readable_file_is_told(project, traced, monkeypatch):
    """A folder and a pipe by the name of a data file, a forbidden one, and a name too long for the system."""
    (project / "what" / "folder.csv").mkdir(parents=True)
    os.mkfifo(project / "what" / "pipe.csv")
    (project / "what" / "secret.csv").touch(mode=0)
    assert said_of(traced("folder.csv")).endswith("which is no regular file")
    assert said_of(traced("pipe.csv")).endswith("which is no regular file")
    assert "which cannot be read: " in said_of(traced("x" * 300 + ".csv"))
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may read everything
    assert said_of(traced("secret.csv")).endswith("which cannot be read")


def test_the_hash_changes_with_the_data(traced, trace):
    """The same scenario over other numbers is another run."""
    scenario = load_scenario(traced("../data/trace.csv"))
    before = scenario.scenario_hash
    assert list(scenario.canonical()["data"]) == ["data/trace.csv"]
    trace.write_text("at_s\n1\n3\n")
    assert scenario.scenario_hash != before


def test_a_written_scenario_finds_its_data_from_where_it_is_put(project, traced, trace):
    """Relative to the folder it is written for."""
    scenario = load_scenario(traced("../data/trace.csv"))
    folder = project / "found" / "deep"
    folder.mkdir(parents=True)
    (folder / "again.toml").write_text(scenario.to_toml(folder=folder))
    assert load_scenario(folder / "again.toml") == scenario


def test_a_scenario_made_in_python_takes_a_data_file_as_it_is(project, trace):
    """There is no file it could be relative to."""
    file = DataFile("data/trace.csv", trace)
    service = Empirical(dist="empirical", file=file, column="at_s")
    arrivals = PoissonArrivals(process="poisson", rate_per_s=1.0)
    load = LoadClass(name="visits", route=("desk",), arrivals=arrivals)
    stations = {"desk": Station(servers=1, service=service)}
    assert Scenario(name="made", horizon_s=1.0, load=(load,), stations=stations).data_files() == (file,)
