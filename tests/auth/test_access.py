"""Who is believed, and who may go on, as RusToK built it and with everything enforced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.auth import (
    SYSTEM,
    Actor,
    AuthSettings,
    Claims,
    Role,
    Scope,
    Token,
    actor_of,
    authorise,
    check_log_in,
    lookups_of,
    may_give_role,
    scope_of,
)
from rustok_sim.core.auth.doors import ENTRIES, Door
from rustok_sim.core.errors import Forbidden, Unauthenticated
from rustok_sim.core.operations import OPERATIONS

AS_BUILT = AuthSettings()
ENFORCED = AuthSettings(enforcement="enforced")
SOURCES = [AS_BUILT, ENFORCED]
MANAGER = Actor(Role.MANAGER, "mona")
TOKEN = Token("acme", MANAGER, 100.0)
COMMERCE = sorted(name for name in OPERATIONS if name.partition(".")[0] in {"product", "price", "inventory", "order"})
GUARDED = sorted(name for name, entry in ENTRIES.items() if entry.permission is not None)


def refusal(claims, operation, now_s=0.0, settings=AS_BUILT):
    """The code of the error that stops a request for want of a right token, or nothing."""
    try:
        actor_of(claims, operation, now_s, settings)
    except (Unauthenticated, Forbidden) as error:
        return error.code
    return None


def test_every_operation_has_a_door():
    """An operation that is added must say here who may ask for it."""
    assert set(ENTRIES) == set(OPERATIONS)


@pytest.mark.parametrize("operation", [*COMMERCE, "checkout", "search"])
def test_as_built_commerce_believes_whoever_the_headers_name(operation):
    """D5, D6: no token is looked at, not even one that says otherwise, and nobody asks for a permission."""
    for claims in (Claims("acme", "boss"), Claims("acme", "boss", TOKEN), Claims("rival", "boss", TOKEN)):
        actor = actor_of(claims, operation, 1e9, AS_BUILT)
        assert actor.user_id == "boss"
        assert authorise(actor, operation, AS_BUILT) is Scope.ALL
        assert lookups_of(claims, operation, AS_BUILT) == ()


@pytest.mark.parametrize("operation", [*COMMERCE, "checkout", "search"])
def test_enforced_commerce_wants_a_token(operation):
    """The repair of D5 and D6: headers prove nothing."""
    assert refusal(Claims("acme", "boss"), operation, settings=ENFORCED) == "unauthenticated"
    assert actor_of(Claims("acme", "boss", TOKEN), operation, 0.0, ENFORCED) is MANAGER


@pytest.mark.parametrize("operation", ["blog.post", "blog.get", "blog.list"])
def test_as_built_a_guest_of_the_blog_is_the_system_itself(operation):
    """D6: without a token the blog's resolvers fall back to the system context, which is a super admin."""
    guest = Claims("acme", "boss")
    assert actor_of(guest, operation, 0.0, AS_BUILT) is SYSTEM
    assert actor_of(Claims("acme", None, TOKEN), operation, 0.0, AS_BUILT) is MANAGER
    assert refusal(guest, operation, settings=ENFORCED) == "unauthenticated"


@pytest.mark.parametrize("operation", ["node.create", "node.get", "forum.reply", "module.enable", "tenant.suspend"])
@pytest.mark.parametrize("settings", SOURCES, ids=["as_built", "enforced"])
def test_content_and_administration_always_want_a_token(operation, settings):
    """Their handlers take the caller from the token under either design."""
    assert refusal(Claims("acme", "boss"), operation, settings=settings) == "unauthenticated"
    assert actor_of(Claims("acme", None, TOKEN), operation, 0.0, settings) is MANAGER


@pytest.mark.parametrize("operation", ["tenant.resolve", "health.live", "tenant.create"])
@pytest.mark.parametrize("settings", SOURCES, ids=["as_built", "enforced"])
def test_some_doors_stand_open_to_everybody(operation, settings):
    """Probes and sign-up ask for no token and no permission."""
    actor = actor_of(Claims("acme"), operation, 0.0, settings)
    assert actor.user_id is None
    assert authorise(actor, operation, settings) is Scope.ALL
    assert lookups_of(Claims("acme", None, TOKEN), operation, settings) == ()


@pytest.mark.parametrize(
    ("token", "now_s", "code"),
    [
        (TOKEN, 99.9, None),
        (TOKEN, 100.0, "token_expired"),
        (Token("rival", MANAGER, 100.0), 0.0, "foreign_token"),
        (Token("acme", MANAGER, 100.0, active=False), 0.0, "account_disabled"),
    ],
)
def test_token_is_good_for_its_life_its_tenant_and_an_active_user(token, now_s, code):
    """What RusToK's extractor refuses: 401 for a token past its life, 403 for a disabled user and a foreign tenant."""
    assert refusal(Claims("acme", None, token), "node.get", now_s) == code


@given(st.sampled_from(Role), st.sampled_from(GUARDED))
def test_enforced_operations_go_as_far_as_the_matrix_says(role, operation):
    """The scope is the matrix's, and None is refused with the permission that is missing; modules have a setting."""
    settings = AuthSettings(enforcement="enforced", module_gate="permissions")
    permission = ENTRIES[operation].permission
    wanted = scope_of(role, *permission)
    if wanted is Scope.NONE:
        with pytest.raises(Forbidden, match=str(permission)):
            authorise(Actor(role, "x"), operation, settings)
    else:
        assert authorise(Actor(role, "x"), operation, settings) is wanted


@pytest.mark.parametrize(
    ("role", "operation", "scope"),
    [
        (Role.CUSTOMER, "checkout", Scope.OWN),
        (Role.CUSTOMER, "order.pay", Scope.OWN),
        (Role.CUSTOMER, "order.ship", Scope.NONE),
        (Role.CUSTOMER, "inventory.check", Scope.ALL),
        (Role.CUSTOMER, "inventory.adjust", Scope.NONE),
        (Role.CUSTOMER, "product.list", Scope.ALL),
        (Role.CUSTOMER, "product.create", Scope.NONE),
        (Role.CUSTOMER, "forum.topic", Scope.NONE),
        (Role.MANAGER, "order.ship", Scope.ALL),
        (Role.MANAGER, "order.place", Scope.NONE),
        (Role.MANAGER, "price.set", Scope.ALL),
        (Role.MANAGER, "price.discount", Scope.NONE),
        (Role.ADMIN, "tenant.suspend", Scope.NONE),
        (Role.SUPER_ADMIN, "tenant.suspend", Scope.ALL),
    ],
)
def test_enforcement_leaves_buyers_the_shop_and_staff_the_rest(role, operation, scope):
    """Read off RusToK's matrix by hand: managers read orders and change them, and place none."""
    if scope is Scope.NONE:
        with pytest.raises(Forbidden):
            authorise(Actor(role, "x"), operation, ENFORCED)
    else:
        assert authorise(Actor(role, "x"), operation, ENFORCED) is scope


@pytest.mark.parametrize("operation", ["node.create", "forum.topic", "blog.post"])
def test_as_built_content_is_not_asked_for_before_its_service(operation):
    """The service knows the kind and the author; before it everybody passes."""
    assert authorise(Actor(Role.CUSTOMER, "x"), operation, AS_BUILT) is Scope.ALL


@pytest.mark.parametrize("enforcement", ["as_built", "enforced"])
@pytest.mark.parametrize(
    ("gate", "role", "passes"),
    [
        ("as_built", Role.SUPER_ADMIN, True),
        ("as_built", Role.ADMIN, True),
        ("as_built", Role.MANAGER, False),
        ("permissions", Role.SUPER_ADMIN, True),
        ("permissions", Role.ADMIN, False),
        ("permissions", Role.MANAGER, False),
    ],
)
def test_an_admin_switches_modules_by_role_and_not_by_permission(enforcement, gate, role, passes):
    """R6: the toggle tests the role, though an admin may only read and list modules."""
    settings = AuthSettings(enforcement=enforcement, module_gate=gate)
    if passes:
        assert authorise(Actor(role, "x"), "module.disable", settings) is Scope.ALL
    else:
        with pytest.raises(Forbidden, match="modules:update"):
            authorise(Actor(role, "x"), "module.disable", settings)


def test_as_built_a_token_costs_five_reads_for_a_result_that_is_not_used():
    """R5: session, user, and three for permissions; the repair reads the session, which may have been revoked."""
    claims = Claims("acme", None, TOKEN)
    assert lookups_of(claims, "node.get", AS_BUILT) == (
        "sessions",
        "users",
        "user_roles",
        "role_permissions",
        "permissions",
    )
    assert lookups_of(claims, "node.get", AuthSettings(lookups="session")) == ("sessions",)
    assert len(lookups_of(claims, "product.get", ENFORCED)) == 5


def test_no_token_costs_no_read():
    """There is nothing to look up for a guest."""
    assert lookups_of(Claims("acme"), "blog.get", AS_BUILT) == ()


@pytest.mark.parametrize(
    ("giver", "given", "as_built", "own_role"),
    [
        (Role.ADMIN, Role.SUPER_ADMIN, True, False),
        (Role.ADMIN, Role.ADMIN, True, True),
        (Role.ADMIN, Role.CUSTOMER, True, True),
        (Role.SUPER_ADMIN, Role.SUPER_ADMIN, True, True),
        (Role.MANAGER, Role.CUSTOMER, False, False),
        (Role.CUSTOMER, Role.CUSTOMER, False, False),
    ],
)
def test_as_built_an_admin_makes_super_admins(giver, given, as_built, own_role):
    """R2: whoever manages users gives any role; with a ceiling none above their own."""
    assert may_give_role(giver, given, AuthSettings()) is as_built
    assert may_give_role(giver, given, AuthSettings(role_ceiling="own_role")) is own_role


def test_as_built_a_disabled_user_gets_tokens_that_are_of_no_use():
    """R3: log-in does not test the status, and each later request does: 403."""
    check_log_in("disabled", AS_BUILT)
    useless = Token("acme", Actor(Role.CUSTOMER, "anna"), 100.0, active=False)
    assert refusal(Claims("acme", None, useless), "node.get") == "account_disabled"


def test_checked_log_in_refuses_whoever_is_not_active():
    """The repair of R3: no token in the first place."""
    settings = AuthSettings(log_in="checked")
    check_log_in("active", settings)
    with pytest.raises(Forbidden, match="the user is disabled"):
        check_log_in("disabled", settings)


def test_lives_of_tokens_are_those_of_rustoks_development_file():
    """A week, two weeks, a quarter of an hour, a day."""
    lives = (AS_BUILT.access_token_s, AS_BUILT.refresh_token_s, AS_BUILT.reset_token_s, AS_BUILT.verification_token_s)
    assert lives == (7 * 86_400, 14 * 86_400, 15 * 60, 86_400)


def test_doors_are_as_many_as_rustok_has_kinds_of_guards():
    """Every kind of door has an operation behind it."""
    assert {entry.door for entry in ENTRIES.values()} == set(Door)
