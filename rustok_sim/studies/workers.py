"""Tasks spread over processes: of this machine by joblib, or of a Dask cluster by its address."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from time import sleep
from typing import Any, Final, Self, TypeVar

from rustok_sim.core.errors import RunError

Result = TypeVar("Result")

PATIENCE: Final = 3
"""How often in a row workers may die before anything is finished."""

LOOKS_S: Final = 0.5
"""How often a worker looks whether its owner still lives."""


class WorkerDied(RunError):
    """A worker process was killed or ran out of memory. What was finished is kept."""


class Workers:
    """So many local processes (-1 or 0: one a core), or the workers of the Dask scheduler at *dask*, within a ``with``.

    They stay from one spread to the next, for they take a second or two to start. No worker of ours outlives the block:
    a kernel that ends would leak it. Dask's workers are not ours.
    """

    def __init__(self, jobs: int = -1, dask: str | None = None) -> None:
        self.jobs = jobs or -1
        self.dask = dask
        self._kept = ExitStack()

    def __enter__(self) -> Self:
        if self.dask is not None:
            self._kept.enter_context(_cluster(self.dask))
        elif self.jobs != 1:
            self._kept.callback(_end_all)
        return self

    def __exit__(self, *_error: object) -> None:
        self._kept.close()

    def spread(self, work: Callable[..., Result], calls: Iterable[tuple[Any, ...]]) -> Iterator[Result]:
        """What *work* gives for each of *calls*, in the order in which it is ready. Raises :class:`WorkerDied`."""
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import BrokenProcessPool

        own = {} if self.dask is not None else {"initializer": _leave_with, "initargs": (os.getpid(),)}
        parallel = Parallel(n_jobs=self.jobs, return_as="generator_unordered", **own)
        try:
            yield from parallel(delayed(work)(*call) for call in calls)
        except BrokenProcessPool as error:
            raise WorkerDied("a worker process was killed, perhaps for want of memory") from error


def _end_all() -> None:
    """End the local workers."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)


def _leave_with(owner: int) -> None:
    """In a worker: end when the process *owner* has been killed, in place of waiting for it for five minutes."""

    def watch() -> None:
        while os.getppid() == owner:
            sleep(LOOKS_S)
        os._exit(1)

    Thread(target=watch, name="leave-with-owner", daemon=True).start()


@contextmanager
def _cluster(address: str) -> Iterator[None]:
    """joblib's tasks go to the Dask scheduler at *address*. Raises ``RunError``."""
    try:
        from dask.distributed import Client
        from joblib import parallel_config
    except ImportError as error:
        raise RunError("a Dask cluster needs the extra 'cluster': pip install 'rustok-sim[cluster]'") from error
    try:
        client = Client(address, timeout="10s")  # type: ignore[no-untyped-call]  # distributed has no types
    except (OSError, ValueError) as error:
        raise RunError(f"no Dask scheduler answers at {address}: {error}") from error
    with client, parallel_config("dask"):
        yield
