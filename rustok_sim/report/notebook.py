"""Notebooks as batch jobs: parameters in, one HTML file and the executed notebook out."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

from rustok_sim.capture.disk import disk_errors, hidden_directory
from rustok_sim.core.errors import Problem, RunError, ScenarioError
from rustok_sim.report.html import to_html
from rustok_sim.report.parameters import check_parameters
from rustok_sim.report.places import project_folder

SCENARIO_REPORT: Final = "scenario_report.ipynb"
STUDY_REPORT: Final = "study_report.ipynb"
KERNEL: Final = "python3"
"""The one kernel every installation has."""


class ReportFiles(NamedTuple):
    """What a report consists of: the page to read, and the notebook as it was run."""

    html: Path
    notebook: Path


def enter_project() -> Path:
    """Make the project's top folder the working directory, from wherever in it a notebook was started; returns it."""
    root = _root()
    os.chdir(root)
    return root


def notebook_for(target: Path) -> tuple[Path, dict[str, object]]:
    """The notebook that reports on *target*, and the parameters that it implies.

    A notebook reports on itself, a scenario is told by the scenario report, a study by the study report. Raises
    ``ScenarioError`` for a scenario or study that cannot be and for what is none of them.
    """
    if target.suffix == ".ipynb":
        return target, {}
    if target.suffix != ".toml":
        message = "is neither a notebook (.ipynb) nor a scenario or a study (.toml)"
        raise ScenarioError([Problem(str(target), 0, 0, "", message)])
    from rustok_sim.scenario import load_scenario
    from rustok_sim.studies import check_study, is_study

    if is_study(target):
        check_study(target)
        return project_folder("notebooks") / STUDY_REPORT, {"study": str(_from_root(target)), "quick": False}
    load_scenario(target)
    return project_folder("notebooks") / SCENARIO_REPORT, {"scenario": str(_from_root(target))}


def run_report(notebook: Path, parameters: Mapping[str, object], out: Path, *, overwrite: bool = False) -> ReportFiles:
    """Run *notebook* and write it to *out*: a folder, or a file that ends in ``.html``.

    In a folder it is named after what it reports on, else after the notebook. Nothing is overwritten unless
    *overwrite* says so: the next free number is added to the name. Both files appear whole or not at all. Raises
    ``ScenarioError`` for parameters that the notebook does not take, and ``RunError`` when a cell fails: it names the
    cell, and the notebook is kept beside where the report would be.
    """
    import nbformat

    check_parameters(notebook, parameters)
    folder, stem = _place(notebook, parameters, out)
    with hidden_directory(folder) as hidden:
        executed = hidden / "executed.ipynb"
        try:
            _execute(notebook, executed, parameters)
        except RunError as error:
            kept = _keep(folder, f"{stem}-failed", [executed], overwrite=overwrite)
            told = f"; it is kept as far as it ran: {kept[0]}" if kept else ""
            raise RunError(f"{notebook}: {error}{told}") from error.__cause__
        with disk_errors(folder):
            page = hidden / "report.html"
            content = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]  # nbformat is untyped
            page.write_text(to_html(content, title=stem), encoding="utf-8")
            html, kept_notebook = _keep(folder, stem, [page, executed], overwrite=overwrite)
    return ReportFiles(html, kept_notebook)


def _place(notebook: Path, parameters: Mapping[str, object], out: Path) -> tuple[Path, str]:
    if out.suffix == ".html":
        return out.parent, out.stem
    subject = parameters.get({SCENARIO_REPORT: "scenario", STUDY_REPORT: "study"}.get(notebook.name, ""))
    return out, Path(subject).stem if isinstance(subject, str) else notebook.stem


def _execute(notebook: Path, executed: Path, parameters: Mapping[str, object]) -> None:
    """Run it by papermill, with its one line of progress a cell switched off. Raises ``RunError``."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        with _quiet_bars():
            papermill.execute_notebook(
                str(notebook),
                str(executed),
                parameters=dict(parameters),
                kernel_name=KERNEL,
                progress_bar=False,
                cwd=str(_root()),
                extra_arguments=["--IPKernelApp.log_level=40"],  # it warns of loopback connections
            )
    except PapermillExecutionError as error:
        raise RunError(f"cell {error.cell_index} failed: {error.ename}: {error.evalue}") from error
    except DeadKernelError as error:
        raise RunError("the kernel died, perhaps for want of memory") from error
    except OSError as error:
        raise RunError(error.strerror or str(error)) from error


@contextmanager
def _quiet_bars() -> Iterator[None]:
    """Progress bars of a batch job would be in its report. The kernel has its parent's environment."""
    before = os.environ.get("TQDM_DISABLE")
    os.environ["TQDM_DISABLE"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TQDM_DISABLE"]
        else:
            os.environ["TQDM_DISABLE"] = before


def _keep(folder: Path, stem: str, files: Sequence[Path], *, overwrite: bool) -> list[Path]:
    """Move *files*, as far as they are there, into *folder* under one free name; their new paths."""
    there = [file for file in files if file.is_file()]
    with disk_errors(folder):
        names = [stem] if overwrite else _free_names(stem)
        for name in names:
            targets = [folder / f"{name}{file.suffix}" for file in there]
            if overwrite or _claim(targets):
                for file, target in zip(there, targets, strict=True):
                    file.replace(target)
                return targets
    raise AssertionError("numbers do not end")


def _free_names(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def _claim(targets: Sequence[Path]) -> bool:
    """Take these names, all or none, so that two reports at once do not meet."""
    claimed: list[Path] = []
    for target in targets:
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            for other in claimed:
                other.unlink()
            return False
        claimed.append(target)
    return True


def _root() -> Path:
    try:
        return project_folder("scenarios").parent.resolve()
    except RunError:
        return Path.cwd()


def _from_root(path: Path) -> Path:
    """*path* as a notebook will find it, which runs in the project's top folder."""
    whole = path.resolve()
    return whole.relative_to(_root()) if whole.is_relative_to(_root()) else whole


def read_parameters(given: Sequence[str]) -> dict[str, Any]:
    """``NAME=VALUE`` pairs of a command line, typed as in TOML; what is no TOML value is a string."""
    from rustok_sim.report.parameters import typed

    return dict(map(typed, given))
