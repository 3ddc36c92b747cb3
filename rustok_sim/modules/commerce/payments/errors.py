"""What payments refuse or fail with."""

from rustok_sim.core.errors import BusinessRule, Conflict, External, NotFound


class PaymentDeclined(BusinessRule):
    """The provider says no, and no money moves."""

    code = "payment_declined"


class PaymentUncertain(External):
    """No answer came: the money has moved, or it has not. Asking again may move it twice."""

    code = "payment_uncertain"

    @property
    def retryable(self) -> bool:
        """Never by itself: a client that goes by this does not pay twice."""
        return False


class GatewayUnavailable(External):
    """The provider could not be reached, so it was asked for nothing."""

    code = "gateway_unavailable"


class PaymentNotFound(NotFound):
    """Nothing was ever taken for this order."""

    code = "payment_not_found"


class PaymentInProgress(Conflict):
    """Another request is asking the provider for the same thing right now."""

    code = "payment_in_progress"


class RefundTooLarge(BusinessRule):
    """More would go back than was taken."""

    code = "refund_too_large"


class KeyReused(Conflict):
    """The key was used before, for something else."""

    code = "key_reused"
