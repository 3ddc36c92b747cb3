"""What RusToK's relay never does: free claims that have run out, raise the dead, drop what is long done."""

from math import inf
from typing import Final

from rustok_sim.core.data import Delete, Row, Statement, Store, Update, col, same
from rustok_sim.core.events import RELAYED
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.outbox.claims import NOBODY
from rustok_sim.modules.outbox.settings import RelaySettings

GRAIN: Final = 0.01
"""How late a chore may be, as a share of the age that it waits for."""


class Chores:
    """The chores of one relay, those that its settings ask for: one round trip each.

    A relay that is woken by every commit makes many passes a second, and a row's age of a minute or a week is not worth
    a statement in each of them: a chore comes at most once in an interval of the relay, and once in a hundredth of the
    age that it waits for.
    """

    def __init__(self, store: Store, settings: RelaySettings) -> None:
        self._store = store
        ages = {_reap: settings.lease_s, _redrive: settings.redrive_after_s, _retire: settings.retention_s}
        self._ages_s = {chore: age_s for chore, age_s in ages.items() if age_s is not None}
        self._interval_s = settings.interval_s
        self._due_s = dict.fromkeys(self._ages_s, -inf)

    def do(self, call: Call, now_s: float) -> Steps[None]:
        """Do what is due. Raises ``DatabaseError``; the chore is then still due."""
        for chore, age_s in self._ages_s.items():
            if now_s >= self._due_s[chore]:
                yield from self._store.run(call, NOBODY, chore(age_s, now_s))
                self._due_s[chore] = now_s + max(self._interval_s, GRAIN * age_s)


def _reap(lease_s: float, now_s: float) -> Statement:
    run_out = (*same(status="pending"), col("claimed_at").at_most(now_s - lease_s))
    freed: Row = {"claimed_by": None, "claimed_at": None}
    return Update(RELAYED, freed, run_out, label="outbox.reap")


def _redrive(_: float, now_s: float) -> Statement:
    # The moment from which it may be sent again is written down when it fails for good.
    rested = (*same(status="failed"), col("next_attempt_at").at_most(now_s))
    again: Row = {"status": "pending", "retry_count": 0, "next_attempt_at": None}
    return Update(RELAYED, again, rested, label="outbox.redrive")


def _retire(retention_s: float, now_s: float) -> Statement:
    done = (*same(status="dispatched"), col("dispatched_at").at_most(now_s - retention_s))
    return Delete(RELAYED, done, label="outbox.retention")
