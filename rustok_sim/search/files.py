"""What was found, as a scenario file that shows it again."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rustok_sim.core.promises import PROMISES
from rustok_sim.scenario import Scenario, load_scenario
from rustok_sim.scenario.overrides import Overrides
from rustok_sim.scenario.toml_text import toml_text
from rustok_sim.search.find import Finding, Search, Tell, find
from rustok_sim.search.plan import realise
from rustok_sim.search.trial import digest_of_run


def search_file(
    file: Path,
    *,
    runs: int,
    jobs: int = 1,
    overlays: Sequence[Path] = (),
    overrides: Overrides = (),
    seed: int = 0,
    out: Path,
    tell: Tell = lambda _: None,
) -> tuple[Search, list[Path]]:
    """Search the scenario of *file* and write what is found into *out*; what an interrupt leaves unshrunk, as it is."""
    base = load_scenario(file, overlays=overlays, overrides=overrides)
    done = find(base, runs=runs, jobs=jobs, seed=seed, tell=tell)
    original = load_scenario(file)
    return done, [write_found(finding, base, file, original, out) for finding in done.findings.values()]


def write_found(finding: Finding, base: Scenario, file: Path, original: Scenario, folder: Path) -> Path:
    """Write the smallest scenario of *finding* into *folder*, extending *file*; its path.

    *original* is *file* as it stands; *base* what was searched: with overlays and overrides, if there were any. What is
    written says what differs from *original*, and asks for the one promise that is broken.
    """
    found = realise(base, finding.plan, invariants=(_asked(finding),))
    slug = "_".join(part for part in (finding.violation.invariant, _slug(finding.violation.problem)) if part)
    path = folder / f"{slug}.toml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(_text(finding, found, original, os.path.relpath(file, folder), slug), encoding="utf-8")
    return path


def _asked(finding: Finding) -> str:
    name = finding.violation.invariant
    return name if name in PROMISES else "*"


def _slug(problem: str) -> str:
    words = "".join(sign if sign.isalnum() and sign.isascii() else " " for sign in problem.lower()).split()
    return "_".join(words)[:40].rstrip("_")


def _text(finding: Finding, found: Scenario, original: Scenario, extended: str, slug: str) -> str:
    named = found.model_copy(update={"name": slug[:64], "title": f"{finding.violation.invariant} is broken"})
    values, whole = _plain(original), _plain(named)
    changes = _difference(values, whole)
    if changes is not None and "load" in changes:
        shown: dict[str, Any] = {"mode": "json", "exclude_none": True, "exclude_defaults": True}
        changes["load"] = [load.model_dump(**shown) for load in found.load]
    head = [
        f"# Found by `rustok-sim find`, run {finding.number}; made smaller in {finding.trials} trials.",
        f"# Breaks {finding.violation.invariant}: {finding.violation.problem}.",
        f"# Digest of its run: {digest_of_run(named)}",
    ]
    if changes is None:
        return "\n".join([*head, named.to_toml()])
    return "\n".join([*head, f'extends = "{Path(extended).as_posix()}"', toml_text({"schema_version": 1, **changes})])


def _plain(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(mode="json", exclude_none=True)


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any] | None:
    """What must be laid over *before* to get *after*; nothing can, where a key has gone."""
    if set(before) - set(after):
        return None
    changes: dict[str, Any] = {}
    for key, value in after.items():
        old = before.get(key)
        if old == value and key in before:
            continue
        if isinstance(old, Mapping) and isinstance(value, Mapping) and not {"dist", "process"} & set(value):
            inner = _difference(old, value)
            if inner is None:
                return None
            changes[key] = inner
        else:
            changes[key] = value
    return changes
