"""The tables that a token is checked against, as far as a check costs anything.

Users and their roles are carried by requests, so these tables hold no rows: what RusToK reads of them on each
authenticated request is a round trip each, and its answer is not used (R5).
"""

from collections.abc import Mapping
from typing import Final

from rustok_sim.core.auth.access import LOOKUPS
from rustok_sim.core.data import Table, uuid

LOOKUP_TABLES: Final[Mapping[str, Table]] = {
    name: Table(name, (uuid("id"), uuid("tenant_id"), uuid("user_id"))) for name in LOOKUPS
}
"""By name."""
