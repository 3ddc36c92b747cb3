"""Coverage marks: a branch says that it was taken, and a test that means to reach it asserts that it was.

Unlike a percentage this is traceable: the test names the branch, and fails when the code no longer goes there. Nobody
listens in a run, and then a mark costs a look at one name.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listener: Callable[[str], None] | None = None


def mark(branch: str) -> None:
    """Say that *branch* was taken."""
    if _listener is not None:
        _listener(branch)


@contextmanager
def marked() -> Iterator[set[str]]:
    """The branches that say so while this lasts. One listener at a time: an inner one hides the outer."""
    global _listener  # noqa: PLW0603  # one place, so that a mark is one look-up
    seen: set[str] = set()
    before, _listener = _listener, seen.add
    try:
        yield seen
    finally:
        _listener = before
