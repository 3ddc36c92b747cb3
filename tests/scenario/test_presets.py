"""What the presets promise: they change the design of the platform and nothing else."""

import tomllib
from dataclasses import fields, is_dataclass

import pytest
from pydantic import BaseModel

from rustok_sim.scenario import Platform, load_preset_overlay, load_scenario

PRESETS = ["as_built", "advised"]


def explicit(value, path="platform"):
    """The paths of all values below *value* that are not absent."""
    names = list(type(value).model_fields) if isinstance(value, BaseModel) else [field.name for field in fields(value)]
    for name in names:
        inner, here = getattr(value, name), f"{path}.{name}"
        if isinstance(inner, BaseModel) or is_dataclass(inner):
            yield from explicit(inner, here)
        elif inner is not None:
            yield here


def paths(value, path=""):
    """The paths of all single values of plain tables."""
    for key, inner in value.items():
        here = f"{path}.{key}" if path else key
        yield from paths(inner, here) if isinstance(inner, dict) else [here]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_sets_every_value_of_the_platform(scenarios, preset):
    """What has a default stands there with its origin; what has none is the design's own, or the review's choice."""
    overlay = load_preset_overlay(scenarios / "presets" / f"{preset}.toml")
    assert set(explicit(Platform())) <= set(paths(overlay))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_says_nothing_of_place_load_or_time(scenarios, preset):
    """Laid over a scenario it changes the design alone."""
    overlay = load_preset_overlay(scenarios / "presets" / f"{preset}.toml")
    assert set(overlay) == {"schema_version", "platform"}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_value_of_a_preset_tells_its_origin(scenarios, preset):
    """On its line, or on the line of its table for the whole of it."""
    text = (scenarios / "presets" / f"{preset}.toml").read_text(encoding="utf-8")
    said = False
    for line in text.splitlines():
        if line.startswith("["):
            said = "#" in line
        elif "=" in line and not line.startswith(("#", "schema_version")):
            said = said or "from here on" in line
            assert said or "#" in line, line


def test_as_built_is_what_the_models_take_without_it(scenarios):
    """The defaults are RusToK as it is, so that a bare scenario is not about some third platform."""
    assert load_scenario(scenarios / "redis_outage.toml").platform == Platform()


@pytest.mark.parametrize("table", sorted(name for name in Platform.model_fields if name != "request_timeout_s"))
def test_a_table_that_says_nothing_is_as_built(small, table):
    """A scenario that sets one value of a table has not asked for any other repair."""
    small.write_text(small.read_text() + f"[platform.{table}]\n")
    assert load_scenario(small).platform == Platform()


def test_laid_over_a_scenario_a_preset_takes_the_other_one_s_place(scenarios):
    """Whatever the first sets, the second sets too."""
    base = scenarios / "redis_outage.toml"
    advised = load_scenario(base, overlays=[scenarios / "presets" / "advised.toml"])
    again = load_scenario(
        base, overlays=[scenarios / "presets" / f"{preset}.toml" for preset in ("advised", "as_built")]
    )
    assert advised.platform.tenant_cache.design == "moka_breaker"
    assert advised.deployment == load_scenario(base).deployment
    assert again.platform.tenant_cache.design == "v1_as_wired"
    assert set(paths(tomllib.loads((scenarios / "presets" / "as_built.toml").read_text()))) <= set(
        paths(tomllib.loads((scenarios / "presets" / "advised.toml").read_text()))
    )
