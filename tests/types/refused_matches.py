"""A ``match`` that forgets a state must be refused where it says it has them all. Never executed."""

from typing import assert_never

from rustok_sim.modules.commerce.orders import review


def may_still_cancel(order: review.Order) -> bool:
    """Whoever adds a state is told of every place that has not heard of it."""
    match order:
        case review.Draft() | review.PendingPayment():
            return True
        case review.Paid() | review.Shipped() | review.Delivered():
            return False
        case _:
            assert_never(order)  # E: arg-type
