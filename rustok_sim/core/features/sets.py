"""What one tenant has switched on."""

from dataclasses import dataclass

from rustok_sim.core.features.needs import Needs


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """The modules and features that are on, among those that exist. A value: a change is another set."""

    needs: Needs
    on: frozenset[str] = frozenset()

    def __contains__(self, name: object) -> bool:
        return name in self.on

    def missing(self, name: str) -> tuple[str, ...]:
        """What must be switched on before *name* may."""
        return self.needs.missing(name, self.on)

    def dependents(self, name: str) -> tuple[str, ...]:
        """What must be switched off before *name* may."""
        return self.needs.dependents(name, self.on)

    def unmet(self) -> tuple[tuple[str, str], ...]:
        """Every one that is on beside a need of it that is off."""
        return self.needs.unmet(self.on)

    def works(self, name: str) -> bool:
        """Whether *name* is on and so is all it needs, however far down."""
        return name in self.on and all(map(self.works, self.needs.of(name)))

    def switched(self, name: str, *, on: bool) -> "FeatureSet":
        """The set with *name* on, or off. Asks no rule: what a rule would refuse, a race may do."""
        return FeatureSet(self.needs, self.on | {name} if on else self.on - {name})
