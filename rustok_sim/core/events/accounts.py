"""What happens to users and tenants."""

import re
from typing import Annotated, ClassVar, Final

from rustok_sim.core.events.event import Event
from rustok_sim.core.events.rules import Id, Locale, Matching, Text
from rustok_sim.core.values import value

HAS_AT_AND_DOT: Final = Matching(re.compile(r"(?=.*@)(?=.*\.).*", re.DOTALL), "have an @ and a dot")


@value(frozen=True, slots=True)
class UserRegistered(Event):
    """Someone signed up."""

    type: ClassVar[str] = "user.registered"
    user_id: Id
    email: Annotated[str, Text(255), HAS_AT_AND_DOT]


@value(frozen=True, slots=True)
class UserLoggedIn(Event):
    """A user began a session."""

    type: ClassVar[str] = "user.logged_in"
    user_id: Id


@value(frozen=True, slots=True)
class UserUpdated(Event):
    """A user's record changed."""

    type: ClassVar[str] = "user.updated"
    user_id: Id


@value(frozen=True, slots=True)
class UserDeleted(Event):
    """A user is gone."""

    type: ClassVar[str] = "user.deleted"
    user_id: Id


@value(frozen=True, slots=True)
class TenantCreated(Event):
    """There is one more tenant."""

    type: ClassVar[str] = "tenant.created"
    tenant_id: Id


@value(frozen=True, slots=True)
class TenantUpdated(Event):
    """A tenant's record changed."""

    type: ClassVar[str] = "tenant.updated"
    tenant_id: Id


@value(frozen=True, slots=True)
class LocaleEnabled(Event):
    """A tenant speaks one more language. Ten bytes are allowed here and five characters in the tables (D31)."""

    type: ClassVar[str] = "locale.enabled"
    tenant_id: Id
    locale: Locale


@value(frozen=True, slots=True)
class LocaleDisabled(Event):
    """A tenant speaks one language less."""

    type: ClassVar[str] = "locale.disabled"
    tenant_id: Id
    locale: Locale
