"""Random commands to stored orders, against the typed states as the model: what has no method is refused."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from rustok_sim.core.errors import DomainError
from rustok_sim.core.lifecycle import InvalidTransition
from rustok_sim.modules.commerce.orders import AS_BUILT, REVIEW, SUCCESSOR, Header, Parcel, Receipt, as_built, review
from rustok_sim.modules.commerce.orders import successor as of_successor

BEGIN: dict[str, Any] = {
    "review": review.Draft.place,
    "as_built": as_built.Pending.new,
    "successor": of_successor.Order.create,
}
PAIRS = {
    name: {(one.source.lower(), one.target.lower()) for one in lifecycle.transitions if one.source}
    for name, lifecycle in (("review", REVIEW), ("as_built", AS_BUILT), ("successor", SUCCESSOR))
}
UNITS = 12
ACTIONS = st.sampled_from(["submit", "pay", "ship", "deliver", "cancel"])
TEXTS = st.sampled_from(["x1", " ", ""])


def method_of(order: Any, action: str) -> Any:
    """The method that a request for *action* means, if this value has one."""
    names = {"submit": ("submit", "confirm"), "cancel": ("cancel", "cancel_with_refund")}.get(action, (action,))
    return next((getattr(order, name) for name in names if hasattr(order, name)), None)


def stepped(order: Any, action: str, text: str, now: float) -> Any:
    """The value after the step, or what it is refused with; a missing method is ``InvalidTransition``."""
    method = method_of(order, action)
    if method is None:
        return InvalidTransition("", action)
    arguments = {
        "submit": {"at_s": now},
        "pay": {"receipt": Receipt(payment_id=text, method="card", at_s=now)},
        "ship": {"parcel": Parcel(tracking_number=text, carrier="UPS", at_s=now)},
        "deliver": {"at_s": now, "signature": text or None},
        "cancel": {"reason": text, "at_s": now},
    }[action]
    refund = {"refund_id": "re_1"} if method.__name__ == "cancel_with_refund" else {}
    try:
        return method(**arguments, **refund)
    except DomainError as error:
        return error


def given(action: str, text: str) -> dict[str, Any]:
    """What the service is given for the same step."""
    return {
        "pay": {"payment_id": text, "method": "card"},
        "ship": {"tracking_number": text, "carrier": "UPS"},
        "deliver": {"signature": text or None},
        "cancel": {"reason": text},
    }.get(action, {})


class OrderMachine(RuleBasedStateMachine):
    """Orders of one unit each, beside the values that they should be."""

    orders = Bundle("orders")

    def __init__(self, market: Any, lifecycle: str) -> None:
        super().__init__()
        self.market = market
        self.lifecycle = lifecycle
        self.model: dict[str, Any] = {}

    @rule(target=orders, units=st.integers(1, 3))
    def place(self, units):
        """A new order."""
        market, now = self.market, self.market.runtime.now()
        order_id = market.place(market.line(units))
        row = market.row(order_id)
        header = Header(
            id=order_id,
            tenant_id=row["tenant_id"],
            customer_id=None,
            total=500 * units,
            currency="EUR",
            placed_at_s=now,
            lines=(market.line(units),),
        )
        self.model[order_id] = BEGIN[self.lifecycle](header)
        return order_id

    @rule(passed_s=st.sampled_from([0.5, 60.0]))
    def wait(self, passed_s):
        """Time goes by."""
        self.market.runtime.advance(passed_s)

    @rule(order_id=orders, action=ACTIONS, text=TEXTS)
    def step(self, order_id, action, text):
        """The service does what the value does, and refuses with the same code; or there is no stock."""
        before, now = self.model[order_id], self.market.runtime.now()
        task = self.market.start(getattr(self.market.orders, action), order_id, **given(action, text))
        [outcome] = self.market.outcomes([task])
        after = stepped(before, action, text, now)
        if isinstance(after, DomainError):
            assert outcome == after.code
            return
        if outcome == "insufficient_inventory":
            assert action == "submit"
            assert self.free() < before.header.lines[0].quantity
            return
        self.model[order_id] = after
        assert self.market.do(self.market.orders.load, order_id) == told(after)

    @rule(order_id=orders, first=ACTIONS, second=ACTIONS)
    def race(self, order_id, first, second):
        """Two steps at once: what is recorded is one history, each step legal, from where the last one ended."""
        seen = len(self.market.changed())
        self.market.race(order_id, first, second)
        version = self.market.row(order_id)["version"]
        steps = self.market.changed()[seen:]
        assert [step[2] for step in steps] == list(range(version - len(steps) + 1, version + 1))
        assert all(one[1] == other[0] for one, other in pairwise(steps))
        assert all((old.replace("_", ""), new.replace("_", "")) in PAIRS[self.lifecycle] for old, new, _ in steps)
        self.model[order_id] = self.market.do(self.market.orders.load, order_id)

    @rule(order_id=consumes(orders))
    def forget(self, order_id):
        """Leave an order as it is."""
        assert told(self.model[order_id]) == self.market.do(self.market.orders.load, order_id)

    def free(self) -> int:
        """Units that no order has put by or taken away."""
        stocked, reserved = self.market.stock()
        return stocked - reserved

    @invariant()
    def stock_is_where_the_orders_say(self):
        """Put by for those submitted and paid, gone with those shipped, free else."""
        held = gone = 0
        for order_id, order in self.model.items():
            units, status = order.header.lines[0].quantity, self.market.row(order_id)["status"]
            held += units if status in ("pending_payment", "confirmed", "paid") else 0
            parcel = self.market.row(order_id)["shipped_at"] is not None or status in ("shipped", "delivered")
            gone += units if parcel else 0
        assert self.market.stock() == (UNITS - gone, held)


def told(order: Any) -> Any:
    """The value as a row can tell of it: RusToK's claim of a refund is in no column."""
    return replace(order, refunded=False) if isinstance(order, as_built.Cancelled) else order


def test_orders_in_rows_do_what_their_types_do(open_market, lifecycle):
    """The types are the model; a compare-and-set guards the rows, so that two at once are still one history."""
    rule_ = {"database_rule": "compare_and_set"}

    def machine() -> OrderMachine:
        return OrderMachine(
            open_market(units=UNITS, latency_s=0.001, orders={"lifecycle": lifecycle, **rule_}), lifecycle
        )

    run_state_machine_as_test(machine, settings=settings(max_examples=20, stateful_step_count=15))


@pytest.mark.parametrize("guard", ["none", "service"])
def test_the_same_search_finds_what_a_missing_guard_lets_through(open_market, guard):
    """Without a guard on the write two steps from one state are both recorded, so the history breaks."""

    def machine() -> OrderMachine:
        return OrderMachine(open_market(units=UNITS, latency_s=0.001, orders={"guard": guard}), "review")

    search = settings(max_examples=40, stateful_step_count=10, print_blob=False, report_multiple_bugs=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=search)
