"""What status an error is answered with, under RusToK's contradicting maps, and what clients make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core import errors
from rustok_sim.core.errors import (
    BusinessRule,
    Conflict,
    ConstraintViolation,
    DatabaseError,
    DomainError,
    ErrorSettings,
    Forbidden,
    NotFound,
    RateLimited,
    TimedOut,
    UniqueViolation,
    Validation,
    retry_by_status,
    status_of,
)
from rustok_sim.core.operations import OPERATIONS

MAPPINGS = ("as_built", "rich", "api_response", "typed_codes", "one_vocabulary")
CLASSES = sorted(
    (
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, DomainError) and value is not DomainError
    ),
    key=lambda value: value.__name__,
)
OF_RUSTOK = {
    "product_not_found": NotFound,
    "variant_not_found": NotFound,
    "duplicate_handle": Conflict,
    "duplicate_sku": Conflict,
    "insufficient_inventory": BusinessRule,
    "validation": Validation,
    "cannot_delete_published": BusinessRule,
    "no_variants": BusinessRule,
    "invalid_price": BusinessRule,
    "invalid_option_combination": BusinessRule,
    "database": DatabaseError,
}


def made(kind, code=None):
    """An error of one class."""
    return kind("orders", "id") if issubclass(kind, ConstraintViolation) else kind("no", code=code)


def answers(error, *operations, mapping="as_built"):
    """The statuses of one error from several operations."""
    settings = ErrorSettings(mapping=mapping)
    return [status_of(error, operation, settings) for operation in operations]


@pytest.mark.parametrize(
    ("code", "rich", "api_response"),
    [
        ("product_not_found", 404, 404),
        ("variant_not_found", 404, 404),
        ("duplicate_handle", 409, 409),
        ("duplicate_sku", 409, 409),
        ("insufficient_inventory", 400, 422),
        ("validation", 400, 400),
        ("cannot_delete_published", 400, 409),
        ("no_variants", 400, 500),
        ("invalid_price", 400, 500),
        ("invalid_option_combination", 400, 500),
        ("database", 500, 500),
    ],
)
def test_two_maps_of_one_thing_contradict_each_other(code, rich, api_response):
    """RusToK's table of commerce errors, first and second column, whatever the operation."""
    error = made(OF_RUSTOK[code], code)
    for operation in ("product.create", "inventory.adjust", "node.get"):
        assert answers(error, operation, mapping="rich") == [rich]
        assert answers(error, operation, mapping="api_response") == [api_response]


@pytest.mark.parametrize(
    ("code", "products", "stock_read", "stock_write", "price_write"),
    [
        ("product_not_found", 404, 404, 400, 400),
        ("variant_not_found", 404, 404, 400, 400),
        ("duplicate_handle", 409, 409, 400, 400),
        ("duplicate_sku", 409, 409, 400, 400),
        ("insufficient_inventory", 422, 422, 400, 400),
        ("validation", 400, 400, 400, 400),
        ("cannot_delete_published", 409, 409, 400, 400),
        ("no_variants", 500, 500, 400, 400),
        ("invalid_price", 500, 500, 400, 400),
        ("invalid_option_combination", 500, 500, 400, 400),
        ("database", 500, 500, 400, 400),
    ],
)
def test_what_rest_really_sends_depends_on_the_handler(code, products, stock_read, stock_write, price_write):
    """RusToK's third column: products and stock reads use the response map, stock and price writes say 400 to all."""
    error = made(OF_RUSTOK[code], code)
    assert answers(error, "product.create", "product.publish", "search") == [products] * 3
    assert answers(error, "inventory.get", "price.get") == [stock_read] * 2
    assert answers(error, "inventory.adjust", "inventory.set", "inventory.reserve") == [stock_write] * 3
    assert answers(error, "price.set", "price.set_many", "price.discount") == [price_write] * 3


@pytest.mark.parametrize("kind", [NotFound, Forbidden, Validation, DatabaseError])
def test_content_answers_400_to_everything(kind):
    """Node, forum and page handlers, whether the caller, the content or the database is at fault."""
    assert answers(kind("no"), "node.get", "node.publish", "forum.topic", "forum.reply", "page.get") == [400] * 5


def test_blog_alone_knows_404_and_only_for_what_is_no_post():
    """A node that is not there at all is 400 there, too."""
    assert answers(NotFound("no", code="post_not_found"), "blog.get", "node.get") == [404, 400]
    assert answers(NotFound("no", code="node_not_found"), "blog.get", "blog.post") == [400, 400]


@pytest.mark.parametrize("kind", [DatabaseError, NotFound])
def test_availability_check_turns_trouble_into_a_right_answer(kind):
    """The bulk check answers "not available" with 200 when it could not find out; under other maps it tells."""
    assert answers(kind("no"), "inventory.check") == [200]
    assert answers(kind("no"), "inventory.check", mapping="one_vocabulary") == [kind("no").status]


@pytest.mark.parametrize("operation", ["order.place", "checkout", "tenant.create", "module.enable"])
def test_where_rustok_has_no_rest_handler_the_kind_answers(operation):
    """Orders have no map and no route, modules are switched over GraphQL."""
    assert answers(made(BusinessRule, "payment_declined"), operation) == [400]
    assert answers(DatabaseError("no"), operation) == [500]


@pytest.mark.parametrize("kind", [RateLimited, TimedOut, errors.CircuitOpen, errors.BulkheadFull])
def test_what_no_handler_makes_keeps_its_status(kind):
    """Limiters, breakers and deadlines stand before the handlers, or around them."""
    assert answers(kind("no"), "inventory.adjust", "node.get", "product.get") == [kind("no").status] * 3


@given(
    st.sampled_from(CLASSES),
    st.sampled_from([*OPERATIONS, "page.get", "unheard.of", ""]),
    st.sampled_from(MAPPINGS),
    st.sampled_from([None, *OF_RUSTOK, "post_not_found"]),
)
def test_every_error_of_every_operation_has_a_status_under_every_map(kind, operation, mapping, code):
    """Totality: nobody meets an error that a map forgot; no error is a success, but where the bulk check says so."""
    status = status_of(made(kind, code), operation, ErrorSettings(mapping=mapping))
    assert 400 <= status <= 599 or (status, operation, mapping) == (200, "inventory.check", "as_built")


@given(st.sampled_from(CLASSES), st.sampled_from(sorted(OPERATIONS)))
def test_one_vocabulary_depends_on_nothing_but_the_error(kind, operation):
    """The repair: the same error is the same status from every handler; its kind's, unless it lost against another."""
    lost = issubclass(kind, errors.TransactionConflict)
    assert answers(made(kind), operation, mapping="one_vocabulary") == [503 if lost else made(kind).kind.status]


@pytest.mark.parametrize("kind", [errors.SerializationFailure, errors.DeadlockDetected])
def test_a_transaction_that_lost_is_told_to_come_again(kind):
    """Repaired: 503, worth a retry and no failure of the server; RusToK's maps know 500, or the handler's 400."""
    lost = kind("no")
    [repaired] = answers(lost, "order.pay", mapping="one_vocabulary")
    assert (repaired, retry_by_status(repaired), lost.retryable, errors.outcome_of(repaired)) == (
        503,
        True,
        True,
        "rejected",
    )
    assert [answers(lost, "order.pay", mapping=mapping) for mapping in MAPPINGS[:-1]] == [[500]] * 4
    assert answers(lost, "inventory.adjust", "product.get") == [400, 500]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_client_retries_by_status_what_sounds_like_trouble(status):
    """Tired, busy and failing servers."""
    assert retry_by_status(status)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 422, 501])
def test_a_client_does_not_retry_by_status_what_sounds_like_its_own_fault(status):
    """Right answers, and requests that are wrong as they stand."""
    assert not retry_by_status(status)


def test_as_built_a_client_cannot_tell_later_from_never_by_status():
    """Database trouble in a stock write and a missing variant are the same 400, and no variants are 500."""
    trouble, missing = DatabaseError("gone"), NotFound("no", code="variant_not_found")
    assert answers(trouble, "inventory.adjust") == answers(missing, "inventory.adjust") == [400]
    assert (trouble.retryable, retry_by_status(400)) == (True, False)
    wrong = made(BusinessRule, "no_variants")
    assert (wrong.retryable, retry_by_status(*answers(wrong, "product.create"))) == (False, True)


@pytest.mark.parametrize("kind", CLASSES)
def test_under_one_vocabulary_status_and_retryability_agree_but_for_four(kind):
    """What status alone still gets wrong: rate limits, internal errors and broken rules of the database."""
    error = made(kind)
    status = status_of(error, "inventory.adjust", ErrorSettings(mapping="one_vocabulary"))
    told_wrong = (RateLimited, errors.Internal, ConstraintViolation, errors.TransactionAborted)
    assert (retry_by_status(status) != error.retryable) is isinstance(error, told_wrong)


def test_a_duplicate_the_database_found_is_no_trouble_of_the_database():
    """RusToK's numbers know it as 1201, something exists; its kinds call it a database error."""
    error = UniqueViolation("orders", "number")
    assert answers(error, "order.place", mapping="typed_codes") == [409]
    assert answers(error, "order.place", mapping="one_vocabulary") == [500]
