"""One scenario out of several files: tables merge, arrays replace."""

import pytest

from rustok_sim.core.errors import ScenarioError
from rustok_sim.scenario import Constant, Erlang, load_preset_overlay, load_scenario


@pytest.fixture
def write(project):
    """Write a file of the project, in folders that come with it."""

    def written(name: str, text: str):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return written


def test_tables_merge_and_arrays_replace(small, write):
    """The file's own words win, key by key; of the extended file's classes none is left."""
    write(
        "top.toml",
        """
        extends = "small.toml"
        horizon_s = 50
        [deployment]
        nodes = 3
        [[load]]
        name = "other"
        operation = "health.live"
        arrivals = { process = "poisson", rate_per_s = 1 }
        """,
    )
    scenario = load_scenario("top.toml")
    assert (scenario.name, scenario.horizon_s, scenario.deployment.nodes) == ("small", 50, 3)
    assert [load.name for load in scenario.load] == ["other"]


def test_files_extend_each_other_to_any_depth_and_each_from_its_own_folder(small, write):
    """A hundred levels, alternating between two folders."""
    for level in range(100):
        below = "../small.toml" if level == 0 else f"../{'ab'[level % 2]}/{level - 1}.toml"
        write(f"{'ab'[(level + 1) % 2]}/{level}.toml", f'extends = "{below}"\nseed = {level}\n')
    assert load_scenario("a/99.toml").seed == 99
    assert load_scenario("a/99.toml").name == "small"


def test_another_distribution_leaves_foreign_keys_behind(small, write):
    """A constant has no mean and no cv; an erlang keeps the mean it does not change."""
    write(
        "low.toml",
        'extends = "small.toml"\n[deployment.database]\nstatement = { dist = "lognormal", mean_s = 3, cv = 1 }',
    )
    write(
        "constant.toml", 'extends = "low.toml"\n[deployment.database]\nstatement = { dist = "constant", value_s = 1 }'
    )
    write("erlang.toml", 'extends = "low.toml"\n[deployment.database.statement]\ndist = "erlang"\nk = 2')
    assert load_scenario("constant.toml").deployment.database.statement == Constant(dist="constant", value_s=1.0)
    assert load_scenario("erlang.toml").deployment.database.statement == Erlang(dist="erlang", k=2, mean_s=3.0)


def test_an_overlay_lies_above_the_file_and_below_overrides(small, write):
    """As a study lays a preset over its base."""
    write("over.toml", 'title = "over"\nseed = 5\n[deployment]\nnodes = 4\n')
    scenario = load_scenario("small.toml", overlays=["over.toml"], overrides={"deployment.nodes": 5})
    assert (scenario.title, scenario.seed, scenario.deployment.nodes) == ("over", 5, 5)


def test_a_problem_is_told_of_the_file_that_has_the_last_word(small, write):
    """The overlay's value is the wrong one; what it hides is nobody's concern."""
    write("low.toml", 'extends = "small.toml"\nseed = -1\nwarmup_s = -1')
    write("over.toml", "seed = -2\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("low.toml", overlays=["over.toml"])
    assert str(caught.value).splitlines() == [
        "over.toml:1:8: seed must be at least 0, not -2",
        "low.toml:3:12: warmup_s must be at least 0, not -1",
    ]


def test_a_preset_gives_its_values_with_those_it_extends(write):
    """Plain tables, without a word on where they come from."""
    write("low.toml", "[deployment]\nnodes = 2\n")
    write("high.toml", 'extends = "low.toml"\n[platform.tenant_cache]\ndesign = "moka"\n')
    assert load_preset_overlay("high.toml") == {
        "deployment": {"nodes": 2},
        "platform": {"tenant_cache": {"design": "moka"}},
    }


def test_a_circle_through_a_link_is_seen(project, write):
    """The two names are one file."""
    write("a.toml", 'extends = "b.toml"\n')
    (project / "b.toml").symlink_to("a.toml")
    with pytest.raises(ScenarioError, match=r"goes in a circle: a\.toml -> a\.toml"):
        load_scenario("a.toml")
