"""The provider's books: what it took and what it sent back, in order."""

from rustok_sim.core.values import value
from rustok_sim.modules.commerce.payments import Charge, Done, Request


@value(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing the provider decided; amounts in minor units."""

    request: Request
    reference: str
    accepted: bool
    at_s: float

    @property
    def answer(self) -> Done | None:
        """What the platform is told: nothing was done, for what was refused."""
        if not self.accepted:
            return None
        return Done(reference=self.reference, amount=self.request.amount, at_s=self.at_s)


class Ledger:
    """Entries by reference, by key, and by order. A key names one entry for ever, a refusal too."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._by_key: dict[str, Entry] = {}
        self._accepted: dict[tuple[type, str], Entry] = {}
        self._taken: dict[str, int] = {}
        """What is left of each charge after what was sent back of it."""

    def known(self, request: Request) -> Entry | None:
        """What was decided for the request's key before."""
        return None if request.key is None else self._by_key.get(request.key)

    def find(self, request: Request) -> Entry | None:
        """What was accepted under the request's key; without a key, the first of its kind for its order."""
        if request.key is None:
            return self._accepted.get((type(request), request.order_id))
        entry = self._by_key.get(request.key)
        return entry if entry is not None and entry.accepted else None

    def left_of(self, reference: str) -> int:
        """How much of a charge has not been sent back; nothing of a charge that is not there."""
        return self._taken.get(reference, 0)

    def enter(self, request: Request, *, accepted: bool, at_s: float) -> Entry:
        """Decide a request."""
        kind = "ch" if isinstance(request, Charge) else "re"
        entry = Entry(request=request, reference=f"{kind}_{len(self.entries) + 1}", accepted=accepted, at_s=at_s)
        self.entries.append(entry)
        if request.key is not None:
            self._by_key[request.key] = entry
        if accepted:
            self._accepted.setdefault((type(request), request.order_id), entry)
            if isinstance(request, Charge):
                self._taken[entry.reference] = request.amount
            else:
                self._taken[request.reference] -= request.amount
        return entry

    def charged(self, order_id: str) -> list[Entry]:
        """Every charge that was taken for an order: more than one is a customer who paid twice."""
        return [
            one
            for one in self.entries
            if one.accepted and isinstance(one.request, Charge) and one.request.order_id == order_id
        ]
