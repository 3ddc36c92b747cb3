"""JupyterLab on the project's notebooks."""

import subprocess
import sys

from rustok_sim.report.places import project_folder


def open_lab(*, browser: bool = True) -> int:
    """Run JupyterLab until it is stopped; returns its exit code. Raises ``RunError`` where there are no notebooks."""
    notebooks = project_folder("notebooks")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={notebooks.parent}"]
    command += [f"--LabApp.default_url=/lab/tree/{notebooks.name}/00_start_here.ipynb"]
    if not browser:
        command.append("--no-browser")
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own interpreter and module
