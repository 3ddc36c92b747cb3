"""The table of events that wait to be sent on."""

from dataclasses import replace
from typing import Final

from rustok_sim.core.data import Row, Table, integer, moment, text, uuid
from rustok_sim.core.events.codec import encode
from rustok_sim.core.events.envelope import Envelope

SYS_EVENTS: Final = Table(
    "sys_events",
    (
        uuid("id"),
        uuid("tenant_id"),
        text("event_type", 128),
        integer("schema_version"),
        text("payload"),
        text("status", 32),
        integer("retry_count"),
        moment("next_attempt_at", optional=True),
        text("last_error", 2048, optional=True),
        text("claimed_by", 128, optional=True),
        moment("claimed_at", optional=True),
        moment("created_at"),
        moment("dispatched_at", optional=True),
    ),
    indexes=(("status",), ("status", "next_attempt_at"), ("claimed_at",), ("event_type", "schema_version")),
    ordered=(("status", "created_at"),),
)
"""RusToK's columns and indexes, and the tenant, whom RusToK keeps in the payload alone.

By status alone a hash index finds what PostgreSQL finds by the first column of the next one: what is done and kept for
ever (D-12) does not slow down a claim. The order is a repair: RusToK has no index for it, and sorts all that waits for
each claim. In simulated time a statement takes what the scenario says, with or without it.
"""


RELAYED: Final = replace(SYS_EVENTS, owner=None)
"""The same table as a relay has it before it: the rows of all tenants, since it serves all of them."""


def row_of(envelope: Envelope) -> Row:
    """A new row: nobody has tried it yet. The store adds the tenant."""
    return {
        "id": envelope.id,
        "event_type": envelope.event_type,
        "schema_version": envelope.schema_version,
        "payload": encode(envelope),
        "status": "pending",
        "retry_count": 0,
        "created_at": envelope.timestamp,
    }
