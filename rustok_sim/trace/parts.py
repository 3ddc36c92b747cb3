"""What time goes to: the parts, their names for people, and the parts of one trace up to its answer."""

from typing import Final, get_args

from rustok_sim.trace.spans import Part, Span

PARTS: Final[tuple[Part, ...]] = get_args(Part)
TITLES: Final[dict[Part, str]] = {
    "connection": "wait for a connection",
    "lock": "wait for locks",
    "database": "database and way there",
    "network": "network",
    "redis": "Redis and way there",
    "gateway": "payment provider",
    "queue": "queues",
    "service": "stations",
    "log": "log",
    "backoff": "client's backoff",
    "pause": "node stands still",
    "unanswered": "no answer came",
    "other": "unexplained",
}
"""In the order in which they are shown."""
DUST_S: Final = 1e-12
"""What subtracting times from each other may leave of nothing."""
NOTE: Final = (
    "A node's own code takes no time, by assumption. The log tells a database's work from the way there only where its "
    "servers are limited, and waits for locks within transactions only."
)


def parts_of(root: Span) -> dict[Part, float]:
    """The seconds of a request's life by what they went to; together they are its duration."""
    found: dict[Part, float] = dict.fromkeys(PARTS, 0.0)
    for span in root.walk(follow=False):
        left_s = span.own_s
        for part, seconds in span.parts.items():
            taken_s = max(0.0, min(seconds, left_s))
            found[part] += taken_s
            left_s -= taken_s
        if abs(left_s) > DUST_S:
            found[span.rest] += left_s
    return found
