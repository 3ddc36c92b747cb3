"""The designs of stock, each in turn."""

import pytest

DESIGNS = ["read_modify_write", "row_lock", "optimistic", "conditional_update"]


@pytest.fixture(params=DESIGNS)
def design(request) -> str:
    """Each design whose changes last."""
    return request.param


@pytest.fixture(params=DESIGNS[1:])
def protected(request) -> str:
    """Each design that loses no update."""
    return request.param


@pytest.fixture(params=[0, 1, 3], ids=["number", "one location", "three locations"])
def locations(request) -> int:
    """The one number on the variant, a level at one location, and levels at three."""
    return request.param
