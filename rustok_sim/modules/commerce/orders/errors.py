"""What orders refuse with: RusToK's order errors, each with its code, and the one of an order changed meanwhile."""

from rustok_sim.core.errors import BusinessRule, Conflict, Forbidden, NotFound


class OrderNotFound(NotFound):
    """The tenant has no such order."""

    code = "order_not_found"


class NotTheBuyer(Forbidden):
    """The order is another customer's, and who asks may go no further than to their own."""

    code = "not_the_buyer"


class PaymentFailed(BusinessRule):
    """What is said to be the payment names none."""

    code = "payment_failed"


class InvalidTrackingNumber(BusinessRule):
    """The parcel cannot be followed: its number, or its carrier, is blank."""

    code = "invalid_tracking_number"


class OrderChanged(Conflict):
    """Someone else took a step with the order since it was read; read again, and see whether the step still fits."""

    code = "order_changed"
