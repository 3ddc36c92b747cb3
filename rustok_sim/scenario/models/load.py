"""The classes of requests that come to the platform, or travel through stations."""

from typing import Annotated, Literal

from annotated_types import Ge, Interval, Len
from pydantic import Field

from rustok_sim.core.operations import OPERATIONS
from rustok_sim.scenario.models.arrivals import Arrivals
from rustok_sim.scenario.models.base import NotNegative, Positive, Table
from rustok_sim.scenario.models.distributions import Distribution
from rustok_sim.scenario.models.names import PartName


def _known_count(values: dict[str, object]) -> int:
    return 0 if values.get("unknown") else 1


class Tenants(Table):
    """Which tenants a class asks for."""

    unknown: Annotated[int, Interval(ge=0, le=1_000_000)] = 0
    """How many names nobody knows; they share the class with the known ones."""
    count: Annotated[int, Interval(ge=0, le=1_000_000)] = Field(default_factory=_known_count)
    """How many known tenants; absent: one, or none if unknown is given."""
    zipf: NotNegative = 0.0
    """How unevenly they share: the weight of the i-th is i to the power of -zipf; 0: evenly."""


class Users(Table):
    """A closed class: so many clients, each of which thinks, asks, waits for the answer, and thinks again."""

    count: Annotated[int, Interval(ge=1, le=10_000_000)]
    """How many clients."""
    think: Distribution
    """The pause of a client before each request, the first one included."""


class Ask(Table):
    """What the requests of a class say, beyond their tenant: carts, buyers, the thing they are about."""

    users: Annotated[int, Interval(ge=1, le=10_000_000)] = 1000
    """How many different people ask, all alike; a customer who asks for a step of an order is its buyer."""
    role: Literal["super_admin", "admin", "manager", "customer", "guest"] = "admin"
    """In which role they do."""
    products: Annotated[int, Ge(0)] = 0
    """Of how many products of the catalogue (posts and topics likewise), the first ones; 0: of all."""
    zipf: NotNegative = 0.0
    """How unevenly products are wanted: the weight of the i-th is i to the power of -zipf; 0: evenly."""
    lines_max: Annotated[int, Interval(ge=1, le=20)] = 1
    """A cart has 1 to so many lines, all numbers alike."""
    quantity_max: Annotated[int, Interval(ge=1, le=1000)] = 1
    """A line has 1 to so many units, all numbers alike."""
    delta: Annotated[int, Interval(ge=-1000, le=1000)] = -1
    """inventory.adjust: the change of stock."""
    module: Literal["content", "commerce", "blog", "forum", "pages"] = "forum"
    """module.enable and module.disable: which one."""
    forged: bool = False
    """Whether clients name a new user in their headers with every request, to get past a limit by user."""
    currencies: bool = False
    """Orders in the six currencies of RusToK's own tests, all alike; else in EUR."""


class Retry(Table):
    """When a client asks again, and after how long. A client that gave up does not."""

    on: Literal["status", "retryable", "every_error"] = "status"
    """status: after 408, 429 and 5xx; retryable: when the body of the answer says so; every_error: after any status
    from 400."""
    max_attempts: Annotated[int, Interval(ge=1, le=100)] = 3
    """Attempts in all, the first included."""
    base_s: Positive = 0.1
    """The wait after the first attempt."""
    growth: Annotated[float, Interval(ge=1, le=10)] = 2.0
    """How many times as long each further wait is; 1: all are alike, so that clients that fail together come back
    together."""
    max_s: Positive = 5.0
    """No wait is longer."""
    jitter: Annotated[float, Interval(ge=0, le=1)] = 0.0
    """The share of each wait that is left to chance: it is between 1 - jitter times its length and its whole length."""
    attempt_timeout_s: Positive | None = None
    """The patience for one attempt: then it is cancelled where it stands, and asked again; absent: endless."""

    def wants(self, status: int, retryable: bool) -> bool:  # noqa: FBT001 -- what an answer says, in its order
        """Whether a client asks again after this answer."""
        match self.on:
            case "status":
                return status in (408, 429) or status >= 500
            case "retryable":
                return retryable
            case "every_error":
                return status >= 400

    def delay_s(self, attempts: int, u: float) -> float:
        """The wait after so many attempts, with a draw *u* from [0, 1)."""
        whole_s = min(self.base_s * self.growth ** (attempts - 1), self.max_s)
        return whole_s * (1.0 - self.jitter * u) if self.jitter else whole_s


class LoadClass(Table):
    """One class of requests: an operation of the platform or a route through stations, open or closed."""

    name: PartName
    """Its name in metrics."""
    operation: Annotated[str, Field(json_schema_extra={"enum": sorted(OPERATIONS)})] | None = None
    """What it asks of the platform; this, mix or route."""
    mix: Annotated[dict[str, Positive], Len(1)] | None = None
    """Several operations and their shares; this, operation or route."""
    ask: Ask = Field(default_factory=Ask)
    """What its requests say."""
    retry: Retry | None = None
    """When its clients ask again; absent: never."""
    route: Annotated[tuple[str, ...], Len(1)] | None = None
    """The stations it visits, in order; this, operation or mix."""
    arrivals: Arrivals | None = None
    """An open class: when its requests arrive; this or users."""
    users: Users | None = None
    """A closed class: its clients; this or arrivals."""
    tenants: Tenants = Field(default_factory=Tenants)
    """Which tenants it asks for."""
    timeout_s: Positive | None = None
    """The client's patience: then the work at the server is cancelled where it stands; absent: endless."""
    priority: int = 0
    """At stations with discipline priority: the lower goes first."""

    @property
    def shares(self) -> dict[str, float]:
        """What it asks of the platform, by shares; empty for a route."""
        if self.mix is not None:
            return self.mix
        return {} if self.operation is None else {self.operation: 1.0}
