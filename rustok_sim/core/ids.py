"""Identifiers as RusToK makes them: time-ordered, 128 bits (a ULID written as a UUID)."""

from functools import lru_cache
from hashlib import blake2b
from typing import Final

from rustok_sim.core.ports import Call, Runtime

NIL: Final = "00000000-0000-0000-0000-000000000000"
"""The identifier of nothing."""


class Ids:
    """Makes the identifiers of one node. The same call makes the same ones at the same time in every run."""

    __slots__ = ("_runtime",)

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def new(self, call: Call) -> str:
        """The next identifier for this call: 48 bits of milliseconds, then 80 bits that belong to the call alone."""
        key = f"{call.source}|{call.entity}|{call.attempt('id')}"
        noise = blake2b(key.encode(), digest_size=10).hexdigest()
        text = f"{max(0, int(self._runtime.clock() * 1000.0)):012x}{noise}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=1 << 16)
def named_id(*parts: object) -> str:
    """The identifier of what these parts name, the same everywhere: for what exists before a run, and its pickers."""
    # A hash by itself: uuid5 would take three times as long, and requests name what they are about by this.
    text = blake2b("|".join(map(str, parts)).encode(), digest_size=16, person=b"rustok").hexdigest()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
