"""Traces to a collector, over OTLP/HTTP with JSON."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from rustok_sim.core.errors import RunError
from rustok_sim.trace.otlp import exported
from rustok_sim.trace.spans import Trace

PATH: Final = "/v1/traces"
TIMEOUT_S: Final = 30.0


def send_traces(traces: Iterable[Trace], url: str) -> int:
    """Post *traces* to the collector at *url*, as http://localhost:4318; how many requests that took.

    Raises ``RunError`` for an address that is none, when nobody answers, and when the collector refuses spans.
    """
    address = _address(url)
    refused: list[int] = []
    for _ in exported(traces, lambda line: refused.append(_post(address, line))):
        pass
    return len(refused)


def _address(url: str) -> str:
    """The whole address; the protocol's own path where *url* has none."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RunError(f"--otlp: {url!r} is no address, allowed are http://HOST:PORT and https://HOST:PORT")
    return urlunsplit(parts._replace(path=PATH) if parts.path in {"", "/"} else parts)


def _post(address: str, line: str) -> int:
    """Send one request; how many of its spans were refused, which is none."""
    request = urllib.request.Request(  # noqa: S310 - its scheme has been looked at
        address, data=line.encode(), headers={"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
            body = answer.read()
    except urllib.error.HTTPError as error:
        raise RunError(f"{address}: the collector answered {error.code} {error.reason}") from error
    except OSError as error:
        raise RunError(f"{address}: {getattr(error, 'reason', None) or error}") from error
    refused, why = _refused(body)
    if refused:
        raise RunError(f"{address}: the collector refused {refused} spans: {why}")
    return refused


def _refused(body: bytes) -> tuple[int, str]:
    """How many spans a collector refuses although it took the request, and why."""
    try:
        told = json.loads(body or b"{}").get("partialSuccess") or {}
        return int(told.get("rejectedSpans", 0)), str(told.get("errorMessage", ""))
    except (ValueError, AttributeError):
        return 0, ""  # what it says beside its 200 is no OTLP; the spans are taken all the same
