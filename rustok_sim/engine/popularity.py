"""Whom and what requests ask for: tenants and products by Zipf's law, carts, buyers."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any, Final

import numpy as np

from rustok_sim.core.operations import CARRIERS, CURRENCIES, METHODS, NOTHING, PLAIN, REASONS, Ask
from rustok_sim.engine import exact
from rustok_sim.engine.draws import Draws, Stream

THINGS: Final = {"node": "post", "blog": "post", "forum": "topic"}
"""What requests are about, by the first word of their operation; all others are about products."""
ZIPF_MAX: Final = 1e4
"""From here on the first one gets everything anyway."""


class Zipf:
    """Numbers from 0 to *count* - 1; the weight of the i-th, counted from 1, is i to the power of -*zipf*."""

    __slots__ = ("_bounds",)

    def __init__(self, count: int, zipf: float) -> None:
        ranks = np.arange(1, count + 1, dtype=np.float64)
        # Below exp(-700) a weight is nothing beside the first one's 1, and exact.exp ends there.
        logs = np.maximum(-min(zipf, ZIPF_MAX) * exact.log(ranks), -700.0)
        self._bounds = list(accumulate(exact.exp(logs).tolist() if count else []))

    def of(self, u: float) -> int:
        """The number at the quantile *u* in [0, 1)."""
        bounds = self._bounds
        return min(bisect_right(bounds, u * bounds[-1]), len(bounds) - 1)


class Tenants:
    """Whom a class asks for: known tenants by Zipf's law (the first one most), and names nobody knows, all alike.

    A request draws one of ``count + unknown`` names; the known ones keep their share ``count / (count + unknown)``.
    """

    def __init__(self, draws: Draws, source: str, *, count: int, zipf: float, unknown: int) -> None:
        self._luck = draws.stream("tenant", source)
        self._known = [tenant_name(i) for i in range(count)]
        self._unknown = [f"nobody-{i + 1:04d}" for i in range(unknown)]
        self._known_share = count / (count + unknown)
        self._zipf = Zipf(count, zipf)

    def of(self, entity: int) -> str:
        """The tenant name that request number *entity* asks for."""
        u = self._luck(entity)
        if u < self._known_share:
            return self._known[self._zipf.of(u / self._known_share)]
        rest = (u - self._known_share) / (1.0 - self._known_share)
        return self._unknown[int(rest * len(self._unknown))]


def tenant_name(number: int) -> str:
    """The slug of known tenant *number*, counted from 0."""
    return f"tenant-{number + 1:04d}"


class Asks:
    """What the requests of one class ask for: drawn for each request on its own, whatever the others do."""

    def __init__(self, draws: Draws, source: str, spec: Any, there: Any) -> None:
        self._draws = draws
        self._source = source
        self._spec = spec
        self._first_new = there.orders
        self._zipfs = {
            kind: Zipf(max(1, min(count, spec.products or count)), spec.zipf)
            for kind, count in (("product", there.products), ("post", there.posts), ("topic", there.topics))
        }
        self._streams: dict[tuple[str, int], Stream] = {}

    def of(self, operation: str, entity: int) -> Ask:
        """What request number *entity* says beside its tenant."""
        if operation in PLAIN:
            return NOTHING
        spec = self._spec
        cart = self._cart(self._zipfs[THINGS.get(operation.partition(".")[0], "product")], entity)
        return Ask(
            # New orders are numbered on from those that were there.
            number=entity + self._first_new if operation == "order.place" else entity,
            user=self._pick("user", entity, spec.users),
            role=spec.role,
            products=tuple(cart),
            quantities=tuple(cart.values()),
            delta=spec.delta,
            forged=spec.forged,
            module=spec.module,
            currency=CURRENCIES[self._pick("currency", entity, len(CURRENCIES))] if spec.currencies else "EUR",
            method=METHODS[self._pick("method", entity, len(METHODS))],
            carrier=CARRIERS[self._pick("carrier", entity, len(CARRIERS))],
            reason=REASONS[self._pick("reason", entity, len(REASONS))],
        )

    def _cart(self, things: Zipf, entity: int) -> dict[int, int]:
        spec = self._spec
        cart: dict[int, int] = {}
        for line in range(1 + self._pick("lines", entity, spec.lines_max)):
            product = things.of(self._luck("product", line)(entity))
            cart[product] = cart.get(product, 0) + 1 + self._pick("quantity", entity, spec.quantity_max, line)
        return cart

    def _pick(self, site: str, entity: int, count: int, attempt: int = 0) -> int:
        return int(self._luck(site, attempt)(entity) * count) if count > 1 else 0

    def _luck(self, site: str, attempt: int = 0) -> Stream:
        stream = self._streams.get((site, attempt))
        if stream is None:
            made = self._draws.stream(f"ask.{site}", self._source, attempt)
            stream = self._streams[site, attempt] = made
        return stream
