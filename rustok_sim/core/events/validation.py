"""Whether an event may be published: each field against its rules, in order, up to the first that is broken."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, get_args

from rustok_sim.core.errors import Validation
from rustok_sim.core.events.event import Event
from rustok_sim.core.events.fields import PayloadField
from rustok_sim.core.events.rules import Broken, Fault, Under
from rustok_sim.core.events.schema import SCHEMAS
from rustok_sim.core.events.settings import Contradictions

Check: TypeAlias = Callable[[object, Event], Broken | None]


def validate(event: Event, contradictions: Contradictions = "as_built") -> None:
    """Raise ``Validation`` for the first field that breaks a rule, with the kind of fault as its code."""
    for name, optional, checks in CHECKS[contradictions][event.type]:
        value = getattr(event, name)
        if value is not None:
            for check in checks:
                if broken := check(value, event):
                    raise invalid(event.type, name, *broken)
        elif not optional:
            raise invalid(event.type, name, "missing_field", "is missing")


def invalid(event_type: str, name: str, fault: Fault, message: str) -> Validation:
    """The error that tells a caller which field is wrong, and how."""
    return Validation(f"{event_type}: {name} {message}", code=fault, fields={name: message})


def _checks(field: PayloadField, contradictions: Contradictions) -> tuple[Check, ...]:
    kept = (
        rule.rule if isinstance(rule, Under) else rule
        for rule in field.rules
        if not isinstance(rule, Under) or rule.contradictions == contradictions
    )
    return tuple(rule.broken for rule in kept)


CHECKS: Final[Mapping[Contradictions, Mapping[str, tuple[tuple[str, bool, tuple[Check, ...]], ...]]]] = {
    design: {
        schema.event_type: tuple((field.name, field.optional, _checks(field, design)) for field in schema.fields)
        for schema in SCHEMAS.values()
    }
    for design in get_args(Contradictions)
}
