"""What stands in the database when a run is over, as far as no record of the run can tell it."""

from rustok_sim.adapters import DatabaseServer
from rustok_sim.core.events import SYS_EVENTS
from rustok_sim.core.journal import Journal
from rustok_sim.platform import Settings, wrongs


def record_outbox(server: DatabaseServer, journal: Journal, at_s: float) -> None:
    """The rows that are not dispatched.

    Only the table knows: a relay that crashed between the effect of its mark and the answer recorded nothing.
    """
    if not journal.wants("outbox.left"):
        return
    left = (row for row in server.rows(SYS_EVENTS) if row["status"] != "dispatched")
    for row in sorted(left, key=lambda row: (row["created_at"], row["id"])):
        worker = None if row["claimed_by"] is None else str(row["claimed_by"])
        claimed_s = None if row["claimed_at"] is None else float(row["claimed_at"])
        failures, event = float(row["retry_count"] or 0), str(row["id"])
        status = str(row["status"])
        journal.append(
            (at_s, "outbox.left", None, None, None, None, worker, status, None, claimed_s, None, failures, event)
        )


def record_index(server: DatabaseServer, settings: Settings, journal: Journal, at_s: float) -> None:
    """The rows of the read model that are not as the write model has them."""
    if not journal.wants("index.wrong"):
        return
    for table, verdict, (entity_id, locale) in wrongs(server, settings):
        detail = f"{entity_id} {locale}"
        journal.append((at_s, "index.wrong", None, None, None, None, table, verdict, None, None, None, None, detail))
