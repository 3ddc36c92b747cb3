"""The permission sets of RusToK's four roles, written down here a second time, and the scopes that follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.auth import (
    PERMISSIONS,
    SYSTEM,
    Action,
    Actor,
    Permission,
    Resource,
    Role,
    Scope,
    allows,
    permitted,
    scope_of,
)

TABLE = """
users       M     M     -      -
tenants     M     -     -      -
modules     M     RL    -      -
settings    M     M     -      -
products    M     M     CRUDL  RL
categories  M     M     CRUDL  RL
orders      M     M     RUL    CRL
customers   M     M     RL     -
inventory   M     M     CRUL   -
discounts   M     M     -      -
posts       M     M     CRUDL  RL
pages       M     M     -      -
nodes       M     M     CRUDL  RL
media       M     M     CRUDL  -
comments    M     M     -      CRL
analytics   M     M     R      -
logs        M     -     -      -
webhooks    M     M     -      -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
STAFF = [Role.SUPER_ADMIN, Role.ADMIN, Role.MANAGER]
PLAIN = [action for action in Action if action is not Action.MANAGE]


@pytest.mark.parametrize(
    ("role", "size"), [(Role.SUPER_ADMIN, 18), (Role.ADMIN, 17), (Role.MANAGER, 35), (Role.CUSTOMER, 14)]
)
def test_sets_have_the_sizes_of_rustoks(role, size):
    """RusToK's counts; managing a resource is one permission."""
    assert len(PERMISSIONS[role]) == size


def test_there_are_18_resources_8_actions_and_4_roles():
    """RusToK's vocabulary, and the table above names each resource once."""
    assert (len(Resource), len(Action), len(Role)) == (18, 8, 4)
    assert [row[0] for row in ROWS] == [resource.value for resource in Resource]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_role_may_do_what_its_letters_say_and_nothing_else(row):
    """Letter by letter; M stands for all eight actions, - for none."""
    resource = Resource(row[0])
    for role, letters in zip(Role, row[1:], strict=True):
        wanted = {action for action in Action if action.value[0].upper() in letters or letters == "M"}
        if letters != "M":
            wanted.discard(Action.MANAGE)
        assert {action for action in Action if permitted(role, resource, action)} == wanted


@given(st.sampled_from(Role), st.sampled_from(Resource), st.sampled_from(PLAIN))
def test_who_manages_a_resource_may_do_anything_to_it(role, resource, action):
    """manage implies every action on the same resource, and on no other."""
    if Permission(resource, Action.MANAGE) in PERMISSIONS[role]:
        assert permitted(role, resource, action)
    else:
        assert permitted(role, resource, action) is (Permission(resource, action) in PERMISSIONS[role])


@given(
    st.sampled_from([Role.SUPER_ADMIN, Role.ADMIN, Role.MANAGER]), st.sampled_from(Resource), st.sampled_from(Action)
)
def test_staff_may_do_a_thing_everywhere_or_nowhere(role, resource, action):
    """No staff role is bound to what it owns."""
    assert scope_of(role, resource, action) is (Scope.ALL if permitted(role, resource, action) else Scope.NONE)


@pytest.mark.parametrize(
    ("resource", "action", "scope"),
    [
        (Resource.ORDERS, Action.CREATE, Scope.OWN),
        (Resource.ORDERS, Action.READ, Scope.OWN),
        (Resource.ORDERS, Action.LIST, Scope.OWN),
        (Resource.ORDERS, Action.UPDATE, Scope.NONE),
        (Resource.ORDERS, Action.DELETE, Scope.NONE),
        (Resource.COMMENTS, Action.CREATE, Scope.ALL),
        (Resource.COMMENTS, Action.READ, Scope.ALL),
        (Resource.COMMENTS, Action.UPDATE, Scope.OWN),
        (Resource.COMMENTS, Action.DELETE, Scope.OWN),
        (Resource.COMMENTS, Action.MANAGE, Scope.NONE),
        (Resource.PRODUCTS, Action.READ, Scope.ALL),
        (Resource.PRODUCTS, Action.CREATE, Scope.NONE),
        (Resource.POSTS, Action.CREATE, Scope.NONE),
        (Resource.USERS, Action.READ, Scope.NONE),
    ],
)
def test_customers_are_bound_to_their_own_orders_and_comments(resource, action, scope):
    """RusToK's rule, with its oddity: own comments may be changed although the set does not have it (F7: no posts)."""
    assert scope_of(Actor(Role.CUSTOMER, "anna"), resource, action) is scope


def test_changing_own_comments_is_not_in_the_customers_set():
    """The oddity is one of the scopes alone."""
    assert not permitted(Role.CUSTOMER, Resource.COMMENTS, Action.UPDATE)
    assert not permitted(Role.CUSTOMER, Resource.COMMENTS, Action.DELETE)


def test_a_permission_reads_as_rustok_writes_it():
    """Resource and action with a colon."""
    assert str(Permission(Resource.USERS, Action.MANAGE)) == "users:manage"


@pytest.mark.parametrize(
    ("scope", "owner", "as_built", "named"),
    [
        (Scope.ALL, "bob", True, True),
        (Scope.ALL, None, True, True),
        (Scope.NONE, "anna", False, False),
        (Scope.OWN, "anna", True, True),
        (Scope.OWN, "bob", False, False),
        (Scope.OWN, None, False, False),
    ],
)
def test_own_reaches_what_the_actor_owns(scope, owner, as_built, named):
    """All reaches everything, None nothing, Own what has the actor's name on it."""
    actor = Actor(Role.CUSTOMER, "anna")
    assert (allows(scope, actor, owner), allows(scope, actor, owner, named=True)) == (as_built, named)


@pytest.mark.parametrize("actor", [SYSTEM, Actor(Role.CUSTOMER)])
def test_as_built_who_has_no_name_owns_what_has_no_owner(actor):
    """RusToK compares two absent values, which are equal; the repair wants a name on both sides."""
    assert allows(Scope.OWN, actor, None)
    assert not allows(Scope.OWN, actor, None, named=True)
    assert not allows(Scope.OWN, actor, "anna")
