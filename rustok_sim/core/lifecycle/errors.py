"""What goes wrong where states come from outside the type checker's sight: from a row, or from a request."""

from rustok_sim.core.errors import BusinessRule, Internal


class InvalidTransition(BusinessRule):
    """The thing is in a state from which this step does not lead: 400."""

    code = "invalid_transition"

    def __init__(self, state: str, action: str) -> None:
        super().__init__(f"{state}: no step {action}")
        self.state = state
        self.action = action


class UnknownStatus(Internal):
    """A row says it is in a state that its lifecycle does not have: 500."""

    code = "unknown_status"
