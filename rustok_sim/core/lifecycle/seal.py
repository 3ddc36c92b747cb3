"""What keeps a later state from being made by hand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Seal:
    """The right to make the states of one lifecycle; the module that defines them keeps it to itself.

    Each state takes it as a keyword of its constructor and has it checked, so a state comes from a step, from the
    first state's own maker, or from the module's ``restore``, for rows. A type checker refuses a call without it, and
    ``dataclasses.replace`` cannot do without it either.

    Python forbids no more than that. Who imports the private name, or goes by ``object.__setattr__``, makes any state;
    ``copy`` copies one; and a value that took a step is still there and can take another: nothing here is moved out
    of its variable, as in Rust. Of a stored thing the database must see to that.
    """

    lifecycle: str

    def check(self, given: "Seal") -> None:
        """Raises ``TypeError`` unless *given* is this very seal."""
        if given is not self:
            raise TypeError(f"{self.lifecycle}: a state is made by a step or restored from a row, not by hand")
