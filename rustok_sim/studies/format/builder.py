"""The scenarios that a study file makes of its base."""

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple

from rustok_sim.core.errors import Problem, ScenarioError
from rustok_sim.scenario import Scenario
from rustok_sim.scenario.datafiles import project_root
from rustok_sim.scenario.findings import Finding, KeyPath, escaped, table
from rustok_sim.scenario.layers import Layer, extended, parse, read_text
from rustok_sim.scenario.loader import located
from rustok_sim.scenario.overrides import Override
from rustok_sim.scenario.stack import Stack
from rustok_sim.scenario.validation import validated
from rustok_sim.studies.format.models import StudyFile
from rustok_sim.studies.format.parts import Part, Placed, placed


class Varied(NamedTuple):
    """A value that a key takes beyond those of the sweep."""

    path: str
    value: object
    at: KeyPath
    """Where in the study file that is asked for."""


class Builder:
    """What a variant's scenario at a point of the sweep is made of.

    The base lies below, then what a variant extends, then its tables; upon them are set the study's own keys, those of
    --quick, those of the variant, the factors, and what is varied beyond them. Raises ``ScenarioError`` for a base that
    cannot be read.
    """

    def __init__(self, file: Layer, study: StudyFile, *, quick: bool, seed: int | None) -> None:
        self._file = file
        self._study = study
        self._quick = quick
        self._seed = seed
        self._base = _base(file, study)
        self._root = project_root(file.path)
        self._layers: dict[str, list[Layer]] = {}

    def build(
        self, variant: str, factors: Mapping[str, object], varied: Iterable[Varied] = ()
    ) -> tuple[Scenario | None, list[Problem]]:
        """The scenario of *variant* with *factors* and what is *varied* set, or all that is wrong with it."""
        try:
            stack = Stack([*self._base, *self._of(variant)])
            overrides = [
                *self._overrides(variant, factors),
                *(placed(self._file, one.at, one.path, one.value) for one in varied),
            ]
            problems = [found for one in overrides if (found := stack.set(one)) is not None]
        except ScenarioError as error:
            return None, list(error.problems)
        scenario, findings = validated(stack.values, self._root)
        problems += located(stack, findings)
        return (None if problems else scenario), problems

    def points(self) -> list[dict[str, object]]:
        """Every combination of the factors' values; one without factors where nothing is swept."""
        lists = [
            factor.quick_values if self._quick and factor.quick_values is not None else factor.values
            for factor in self._study.sweep
        ]
        paths = [factor.path for factor in self._study.sweep]
        return [dict(zip(paths, values, strict=True)) for values in product(*lists)]

    def _of(self, variant: str) -> list[Layer]:
        """The layers that a variant lays over the base."""
        if variant not in self._layers:
            own = table(table(self._file.values.get("variants")).get(variant))
            values = {key: value for key, value in own.items() if key != "set"}
            part = Part(self._file.path, self._file.text, values, prefix=("variants", variant))
            self._layers[variant] = extended(part) if own else []
        return self._layers[variant]

    def _overrides(self, variant: str, factors: Mapping[str, object]) -> Iterator[Override]:
        study, values = self._study, self._file.values
        yield from self._set(("set",), study.set)
        if self._quick:
            if study.quick.horizon_s is not None:
                yield placed(self._file, ("quick", "horizon_s"), "horizon_s", study.quick.horizon_s)
            yield from self._set(("quick", "set"), study.quick.set)
        own = table(table(table(values.get("variants")).get(variant)).get("set"))
        yield from self._set(("variants", variant, "set"), own)
        if study.seed is not None:
            yield placed(self._file, ("seed",), "seed", study.seed)
        if self._seed is not None:
            yield Override(("seed",), self._seed, "--seed")
        for path, value in factors.items():
            yield placed(self._file, self._factor(path, value), path, value)

    def _set(self, at: KeyPath, values: Mapping[str, object]) -> Iterator[Placed]:
        for path, value in values.items():
            yield placed(self._file, (*at, path), path, value)

    def _factor(self, path: str, value: object) -> KeyPath:
        """Where the value of a factor stands."""
        index, factor = next((i, one) for i, one in enumerate(self._study.sweep) if one.path == path)
        key = "quick_values" if self._quick and factor.quick_values is not None else "values"
        return ("sweep", index, key, list(getattr(factor, key)).index(value))


def _base(file: Layer, study: StudyFile) -> list[Layer]:
    """The base and what it extends."""
    if Path(study.base).is_absolute():
        raise _at_base(file, "must be the path of a scenario file, relative to this one")
    path = Path(os.path.normpath(file.path.parent / study.base))
    try:
        text = read_text(path)
    except ScenarioError as error:
        raise _at_base(file, f"names {escaped(str(path))}, which {error.problems[0].message}") from None
    return extended(parse(text, path))


def _at_base(file: Layer, message: str) -> ScenarioError:
    return ScenarioError([file.problem(Finding(("base",), message))])
