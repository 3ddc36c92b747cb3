"""The tool's own errors: whose fault, and where."""

import pickle

from rustok_sim.core.errors import DomainError, InvariantBroken, Problem, RunError, RustokSimError, ScenarioError

PROBLEM = Problem("storm.toml", 12, 14, "faults.0.duration_s", "must be above 0, not -5")


def test_a_problem_names_the_place_the_key_and_what_is_wrong():
    """File, line and column stand first, as editors and compilers write them."""
    assert str(PROBLEM) == "storm.toml:12:14: faults.0.duration_s must be above 0, not -5"


def test_a_problem_without_a_place_names_the_file_alone():
    """A file that cannot be read has neither line nor key."""
    assert str(Problem("storm.toml", 0, 0, "", "there is no such file")) == "storm.toml: there is no such file"


def test_a_scenario_error_says_every_problem_a_line():
    """All problems are told at once."""
    error = ScenarioError([PROBLEM, PROBLEM])
    assert str(error) == f"{PROBLEM}\n{PROBLEM}"
    assert error.problems == (PROBLEM, PROBLEM)


def test_a_scenario_error_is_a_value_error():
    """Whoever knows nothing of this tool still catches it as a wrong value."""
    assert issubclass(ScenarioError, ValueError)
    assert issubclass(ScenarioError, RustokSimError)


def test_a_broken_invariant_says_how_to_see_it_again():
    """The seed and the commit make it reproducible."""
    assert str(InvariantBroken("stock below 0", seed=7, commit="ab12")) == "stock below 0 (seed 7) (commit ab12)"
    assert str(InvariantBroken("stock below 0")) == "stock below 0"


def test_the_tools_errors_cross_process_borders():
    """Replications run in other processes, and their errors come back pickled."""
    scenario, broken = pickle.loads(  # noqa: S301
        pickle.dumps((ScenarioError([PROBLEM]), InvariantBroken("stock below 0", seed=7)))
    )
    assert scenario.problems == (PROBLEM,)
    assert str(broken) == "stock below 0 (seed 7)"


def test_the_tools_errors_are_no_outcomes_of_requests():
    """A service that catches DomainError never swallows a fault of the tool."""
    assert not issubclass(RustokSimError, DomainError)
    assert not issubclass(RunError, DomainError)
