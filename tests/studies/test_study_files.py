"""The study file: what is wrong with one, and the scenarios that a right one makes of its base."""

from pathlib import Path

import pytest

from rustok_sim.core.errors import ScenarioError
from rustok_sim.scenario import load_scenario
from rustok_sim.studies import check_study, is_study, load_study

INVALID = Path(__file__).parent / "invalid"
PRESET = """
schema_version = 1
[stations.desk]
servers = 2
"""


@pytest.mark.parametrize("expected", sorted(INVALID.glob("*.txt")), ids=lambda path: path.stem)
def test_every_problem_of_a_file_is_told_at_once_and_in_order(expected, monkeypatch):
    """The lines were checked by hand against the file: place, path, what is wrong, what is allowed."""
    monkeypatch.chdir(INVALID)
    with pytest.raises(ScenarioError) as caught:
        load_study(f"{expected.stem}.toml")
    assert str(caught.value).splitlines() == expected.read_text(encoding="utf-8").splitlines()


def test_a_study_is_told_from_a_scenario(study_file, project):
    """By its question; a scenario has none."""
    assert is_study(study_file())
    assert not is_study(project / "queue.toml")


def test_factors_are_crossed_with_each_other_and_with_the_variants(study_file):
    """Two values by three by two variants: six points of two scenarios, each with its values set."""
    sweep = """
[[sweep]]
path = "load.0.arrivals.rate_per_s"
values = [5, 7]
[[sweep]]
path = "stations.desk.servers"
values = [1, 2, 3]
"""
    plan = load_study(study_file(more=sweep))
    found = [
        (name, s.load[0].arrivals.rate_per_s, s.stations["desk"].servers, s.stations["desk"].queue_limit)
        for point in plan.points
        for name, s in point.scenarios.items()
    ]
    assert found == [
        (name, rate, servers, limit)
        for rate in (5, 7)
        for servers in (1, 2, 3)
        for name, limit in (("eight", 8), ("nine", 9))
    ]


def test_a_variant_lays_what_it_extends_below_its_own_tables(study_file, project):
    """The preset's two servers come from below; the queue limit is the variant's own, the rest the base's."""
    (project / "preset.toml").write_text(PRESET, encoding="utf-8")
    more = '\n[variants.preset]\nextends = "preset.toml"\nstations.desk.queue_limit = 3\n'
    desk = load_study(study_file(more=more)).points[0].scenarios["preset"].stations["desk"]
    assert (desk.servers, desk.queue_limit, desk.service.mean_s) == (2, 3, 0.1)


def test_what_is_set_goes_from_the_study_over_quick_and_variant_to_the_factors(study_file):
    """Each later one has its way: the study's seed and key, the quick horizon, the variant's key, the swept one."""
    text = """
question = "Who has the last word?"
base = "queue.toml"
seed = 11
metrics = ["stations.desk.served"]
set = { warmup_s = 1, "stations.desk.servers" = 2, "stations.desk.queue_limit" = 2 }
[variants.own]
set = { "stations.desk.servers" = 3, "stations.desk.queue_limit" = 3 }
[[sweep]]
path = "stations.desk.queue_limit"
values = [4, 5]
quick_values = [6]
[quick]
horizon_s = 15
set = { warmup_s = 2 }
"""
    plain, quick = (load_study(study_file(text), quick=quick) for quick in (False, True))
    scenario = plain.points[1].scenarios["own"]
    assert (scenario.seed, scenario.horizon_s, scenario.warmup_s) == (11, 20, 1)
    assert (scenario.stations["desk"].servers, scenario.stations["desk"].queue_limit) == (3, 5)
    scenario = quick.points[0].scenarios["own"]
    assert (len(quick.points), scenario.horizon_s, scenario.warmup_s) == (1, 15, 2)
    assert scenario.stations["desk"].queue_limit == 6
    assert load_study(study_file(text), seed=12).points[0].scenarios["own"].seed == 12


def test_a_study_that_is_wrong_only_when_quick_does_not_pass_the_check(study_file):
    """The warm-up of the scenario must fit the quick horizon too; the message names the line of [quick]."""
    path = study_file(more="\nset = { warmup_s = 20 }\n".replace("\nset", "\n[quick]\nhorizon_s = 10\nset", 1))
    with pytest.raises(ScenarioError, match=r"study.toml:\d+:20: quick.set.warmup_s gives warmup_s, which must be"):
        check_study(path)
    assert load_study(path).points


def test_without_variants_the_base_stands_for_itself(study_file):
    """One scenario, named base, as its file says."""
    text = 'question = "What is served?"\nbase = "queue.toml"\nmetrics = ["stations.desk.served"]\n'
    plan = load_study(study_file(text))
    assert list(plan.points[0].scenarios) == ["base"]
    assert plan.points[0].factors == {}


def test_a_scenario_is_no_study_and_told_so(root):
    """One sentence, not a list of every key that a study does not know."""
    with pytest.raises(ScenarioError) as caught:
        load_study(root / "scenarios" / "redis_outage.toml")
    [problem] = caught.value.problems
    assert "this is a scenario, not a study" in str(problem)


def test_a_study_is_no_scenario_and_told_so(root):
    """The other way round."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(root / "scenarios" / "studies" / "pool_size.toml")
    [problem] = caught.value.problems
    assert "this is a study, not a scenario" in str(problem)
