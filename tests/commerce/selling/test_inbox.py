"""The provider's messages: once each, in whatever order, and given up when they fit nothing."""

from dataclasses import replace
from itertools import permutations

import pytest

from rustok_sim.core.data import same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import DomainError
from rustok_sim.modules.commerce.payments import Debt
from rustok_sim.modules.commerce.payments.tables import COLLECTIONS, DELIVERIES, OPERATIONS, PAYMENTS

ORDER = "0" * 36
DEBT = Debt(order_id=ORDER, amount=1000, currency="EUR", method="card")


@pytest.fixture
def waiting(open_market):
    """A market in which money was taken and the answer was lost: two messages of the provider are on their way."""

    def opened(**named):
        market = open_market(**named)
        market.wire.faults = ["lose_answer"]
        [lost] = market.outcomes([market.start(market.payments.collect, DEBT)])
        assert lost == "payment_uncertain"
        return market, market.provider.notices

    return opened


def receive(market, *notices):
    """Receive these, a second apart: which of them are new."""
    new = []
    for notice in notices:
        new.append(market.do(market.inbox.receive, notice))
        market.runtime.advance(1.0)
    return new


def inbox(market):
    """State and tries of what was received, in order of the message's key."""
    rows = sorted(market.rows(DELIVERIES), key=lambda row: row["event_key"])
    return [(row["status"], row["attempts"]) for row in rows]


def settled(market):
    """The states of collection, operation and payments."""
    return [[row["status"] for row in market.rows(table)] for table in (COLLECTIONS, OPERATIONS, PAYMENTS)]


def test_messages_settle_a_payment_whose_answer_was_lost(waiting):
    """Authorized, then captured: the money is ours without asking anybody."""
    market, notices = waiting()
    assert receive(market, *notices) == [True, True]
    assert market.do(market.inbox.work) == [ORDER]
    assert settled(market) == [["captured"], ["committed"], ["captured"]]
    assert inbox(market) == [("processed", 1), ("processed", 1)]


def test_a_capture_that_comes_before_its_authorization_is_tried_again(waiting):
    """Received in the wrong order: the first try fails, the second one finds the collection authorized."""
    market, (authorized, captured) = waiting()
    receive(market, captured)
    assert market.do(market.inbox.work) == []
    assert inbox(market) == [("failed", 1)]
    receive(market, authorized)
    assert [market.do(market.inbox.work) for _ in range(2)] == [[], [ORDER]]
    assert settled(market) == [["captured"], ["committed"], ["captured"]]


@pytest.mark.parametrize("order", sorted(set(permutations((0, 1, 0, 1)))), ids=str)
def test_any_order_and_any_number_of_deliveries_take_effect_once(waiting, order):
    """Each message twice, in every order, with the inbox worked on after each: one payment, one order told of."""
    market, notices = waiting()
    told = []
    for number in order:
        receive(market, notices[number])
        told += market.do(market.inbox.work)
    told += market.do(market.inbox.work)
    assert told == [ORDER]
    assert settled(market) == [["captured"], ["committed"], ["captured"]]
    assert len(inbox(market)) == 2


def test_a_repetition_is_no_new_message(waiting):
    """By its delivery id; and by what it tells, should the provider send the same fact under another id."""
    market, (authorized, _) = waiting()
    again = replace(authorized, delivery_id="another")
    assert receive(market, authorized, authorized, again) == [True, False, False]
    assert len(market.rows(DELIVERIES)) == 1


def test_another_message_under_a_known_id_is_refused(waiting):
    """The payload's hash tells them apart: 409."""
    market, (authorized, _) = waiting()
    receive(market, authorized)
    with pytest.raises(DomainError) as refused:
        receive(market, replace(authorized, amount=1))
    assert refused.value.code == "key_reused"


def test_a_message_of_an_unknown_order_is_given_up_at_once(waiting):
    """No repetition makes it known."""
    market, (authorized, _) = waiting()
    receive(market, replace(authorized, order_id="9" * 36))
    market.do(market.inbox.work)
    assert inbox(market) == [("dead_letter", 1)]


def test_a_message_that_never_fits_is_given_up_after_so_many_tries(waiting):
    """A capture whose authorization never comes: three tries by the settings, then no more."""
    market, (_, captured) = waiting(inbox={"attempts": 3})
    receive(market, captured)
    for _ in range(5):
        market.do(market.inbox.work)
    assert inbox(market) == [("dead_letter", 3)]


def test_a_second_charge_for_an_order_is_given_to_a_person(open_market):
    """Without keys a retry took the money twice: the message of the second charge fits nothing of ours."""
    market = open_market(gateway={"on_uncertain": "retry", "idempotency_keys": False})
    market.wire.faults = ["lose_answer"]
    market.do(market.payments.collect, DEBT)
    receive(market, *market.provider.notices)
    assert market.do(market.inbox.work) == []
    assert sorted(inbox(market)) == [("dead_letter", 1), ("processed", 1), ("processed", 1), ("processed", 1)]


@pytest.mark.parametrize("kind", [0, 1])
def test_a_message_about_what_is_cancelled_is_given_up(waiting, kind):
    """Neither authorized nor captured follows cancelled."""
    market, notices = waiting()
    market.spoil_all(COLLECTIONS, status="cancelled", cancelled_at=1.0)
    receive(market, notices[kind])
    market.do(market.inbox.work)
    assert inbox(market) == [("dead_letter", 1)]


def test_a_message_of_what_is_written_down_already_changes_nothing(open_market):
    """The answer came, and the messages too: processed, with no order to tell of."""
    market = open_market()
    market.do(market.payments.collect, DEBT)
    receive(market, *market.provider.notices)
    assert market.do(market.inbox.work) == []
    assert inbox(market) == [("processed", 1), ("processed", 1)]


def test_a_message_that_overtakes_the_answer_and_the_answer_agree(open_market):
    """The inbox books the capture while the request still waits for its answer: one payment, both satisfied."""
    market = open_market(wire_s=10.0, gateway={"timeout_s": 60.0})
    task = market.start(market.payments.collect, DEBT)
    market.runtime.advance(26.0)
    receive(market, *market.provider.notices)
    assert market.do(market.inbox.work) == [ORDER]
    [taken] = market.outcomes([task])
    [payment] = market.rows(PAYMENTS)
    assert taken.payment_id == payment["id"]
    assert settled(market) == [["captured"], ["committed"], ["captured"]]


def test_a_worker_that_died_loses_its_claim_when_the_lease_is_over(waiting):
    """30 s by the settings: before, the message is left alone; after, the second try works."""
    market, (authorized, _) = waiting()
    receive(market, authorized)
    market.spoil_all(DELIVERIES, status="processing", attempts=1, lease_until=market.runtime.now() + 30.0)
    market.runtime.advance(29.0)
    market.do(market.inbox.work)
    assert inbox(market) == [("processing", 1)]
    market.runtime.advance(1.0)
    market.do(market.inbox.work)
    assert inbox(market) == [("processed", 2)]


def test_what_another_worker_holds_is_passed_over(waiting):
    """The lock on the first message is never let go of: nobody waits for it, and the second one is worked on."""
    market, (authorized, captured) = waiting()
    receive(market, captured, authorized)
    context = market.shop.context()
    with drive(market.shop.shared.store.transaction(context.call, context.tenant_id)) as held:
        drive(held.first(DELIVERIES, same(delivery_id=captured.delivery_id), lock="update"))
        market.do(market.inbox.work)
    assert inbox(market) == [("processed", 1), ("received", 0)]


@pytest.mark.parametrize("backend", ["memory", pytest.param("postgresql", marks=pytest.mark.server)])
def test_two_workers_claim_one_message_each(waiting, backend):
    """One at a time by the settings, both at once: each message is tried once."""
    market, notices = waiting(latency_s=0.001, backend=backend, inbox={"batch": 1})
    receive(market, *notices)
    market.outcomes([market.start(market.inbox.work) for _ in range(2)])
    assert [attempts for _, attempts in inbox(market)] == [1, 1]


def test_a_batch_is_no_larger_than_the_settings_say(waiting):
    """One at a time, the oldest first."""
    market, notices = waiting(inbox={"batch": 1})
    receive(market, *notices)
    market.do(market.inbox.work)
    assert inbox(market) == [("processed", 1), ("received", 0)]
