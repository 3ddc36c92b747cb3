"""The settings that cost least at which all bounds hold.

Where there are no more choices than trials, all are tried; else Optuna's tree-structured Parzen estimator, seeded by
the study, asks for one after the other, told of each by how far the unfavourable ends of its intervals lie beyond the
bounds. It sees results alone, so that a study taken up again asks for the same choices, finds their runs done, and goes
on. Bounds are held as a search holds them, with intervals wide enough for all trials together.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import isfinite, nan, prod
from typing import TYPE_CHECKING, Final, TypeAlias

from rustok_sim.scenario import Expectation
from rustok_sim.studies.bounds import Judge
from rustok_sim.studies.format import Cost, Optimisation, Plan, Point, Setting, Varied
from rustok_sim.studies.gather import Gatherer
from rustok_sim.studies.intervals import Estimate, estimate
from rustok_sim.studies.optimum import Optimum, Trial
from rustok_sim.studies.tasks import Summary

if TYPE_CHECKING:
    import optuna

Choice: TypeAlias = tuple[object, ...]
"""A value of each setting, in their order."""

FAR: Final = 1e6
"""How far beyond a bound something lies that has no interval, in units of the bound."""


def optimise(plan: Plan, gatherer: Gatherer) -> list[Optimum]:
    """Optimise in every variant at every point; nothing where the study asks for no optimisation."""
    asked = plan.file.optimisation
    if asked is None:
        return []
    return [
        _Quest(plan, asked, gatherer, variant, point).result() for point in plan.points for variant in plan.variants
    ]


def needs_optuna(plan: Plan) -> bool:
    """Whether there are more choices than may be tried."""
    asked = plan.file.optimisation
    return asked is not None and _every(asked, _trials(plan, asked)) is None


class _Quest:
    """One optimisation."""

    def __init__(self, plan: Plan, asked: Optimisation, gatherer: Gatherer, variant: str, point: Point) -> None:
        self._plan = plan
        self._asked = asked
        self._gatherer = gatherer
        self._variant = variant
        self._point = point
        self._most = _trials(plan, asked)
        self._judge = Judge(plan, gatherer, asked.subject_to, scenarios=self._most)
        self._tried: dict[Choice, Trial] = {}

    def result(self) -> Optimum:
        every = _every(self._asked, self._most)
        if every is None:
            self._by_optuna()
        else:
            for choice in every:
                self._try(choice)
        return Optimum(self._variant, self._point.factors, self._asked.subject_to, tuple(self._tried.values()))

    def _by_optuna(self) -> None:
        """Ask and tell, one by one: a choice asked for twice costs nothing."""
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        seed = self._point.scenarios[self._variant].seed % 2**32
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
        for _ in range(self._most):
            asked = study.ask()
            trial = self._try(tuple(_suggested(asked, one) for one in self._asked.settings))
            for place, beyond in enumerate(_beyond(self._asked.subject_to, trial.estimates)):
                asked.set_constraint(str(place), beyond)
            known = isfinite(trial.cost.mean)
            study.tell(asked, trial.cost.mean if known else None, None if known else optuna.trial.TrialState.FAIL)

    def _try(self, choice: Choice) -> Trial:
        if choice not in self._tried:
            settings = dict(zip((one.path for one in self._asked.settings), choice, strict=True))
            varied = [
                Varied(path, value, ("optimisation", "settings", place))
                for place, (path, value) in enumerate(settings.items())
            ]
            scenario = self._plan.scenario(self._variant, self._point.factors, *varied)
            ruling = self._judge.rule(scenario)
            cost = self._cost(settings, self._gatherer.summaries(scenario, ruling.replications))
            self._tried[choice] = Trial(settings, cost, ruling.verdict, ruling.estimates)
        return self._tried[choice]

    def _cost(self, settings: Mapping[str, object], runs: Sequence[Summary]) -> Estimate:
        """The mean cost; none where a metric in it has no value in some run."""
        values = [sum(part.weight * _amount(part, settings, run) for part in self._asked.cost) for run in runs]
        return estimate(values, confidence=self._plan.file.replications.confidence)


def _amount(part: Cost, settings: Mapping[str, object], run: Summary) -> float:
    if part.metric is None:
        return float(str(settings[part.setting or ""]))
    value = run.value(part.metric)
    return nan if value is None else value


def _trials(plan: Plan, asked: Optimisation) -> int:
    return asked.quick_trials if plan.quick else asked.trials


def _every(asked: Optimisation, most: int) -> list[Choice] | None:
    """All choices there are; none where they are more than *most*."""
    lists = [_values(one) for one in asked.settings]
    if any(values is None for values in lists):
        return None
    known = [values for values in lists if values is not None]
    return list(product(*known)) if prod(map(len, known)) <= most else None


def _values(one: Setting) -> Sequence[object] | None:
    """All values of a setting; none where they cannot be counted."""
    if one.values is not None:
        return one.values
    return range(int(one.low or 0), int(one.high or 0) + 1) if one.whole else None


def _suggested(asked: "optuna.Trial", one: Setting) -> object:
    """What Optuna wants to know of next."""
    if one.values is not None:
        return one.values[asked.suggest_categorical(one.path, list(range(len(one.values))))]
    low, high = one.low or 0.0, one.high or 0.0
    return asked.suggest_int(one.path, int(low), int(high)) if one.whole else asked.suggest_float(one.path, low, high)


def _beyond(bounds: Sequence[Expectation], estimates: Sequence[Estimate]) -> Iterator[float]:
    """By how much the unfavourable end of each interval lies beyond its bound, in units of the bound; 0 holds."""
    for bound, found in zip(bounds, estimates, strict=True):
        gaps = [
            gap / (abs(limit) or 1.0)
            for limit, gap in (
                (bound.at_most, found.high - (bound.at_most or 0.0)),
                (bound.at_least, (bound.at_least or 0.0) - found.low),
            )
            if limit is not None
        ]
        yield max(gap if isfinite(gap) else FAR for gap in gaps)
