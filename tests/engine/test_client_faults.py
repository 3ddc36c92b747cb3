"""What clients do: send twice, lose messages, lose patience with one attempt, come back together."""

from math import sqrt

import pytest

from rustok_sim.scenario.models.load import Retry


def of(records, kind):
    """The records of one kind."""
    return [r for r in records if r.kind == kind]


def steady(**more):
    """Forty requests a second."""
    return {
        "name": "web",
        "operation": "tenant.resolve",
        "arrivals": {"process": "constant", "rate_per_s": 40.0},
    } | more


def test_a_client_that_sends_twice_asks_for_the_same_order_twice(records_of, asks):
    """The same number: the second finds that there is such an order. A number of its own: there are two orders."""
    ends = {}
    for key in ("same", "new"):
        fault = {"kind": "duplicate", "target": "web", "ratio": 1.0, "key": key, "after_s": 0.5, "at_s": 0.0}
        records = records_of(load=[asks(operation="order.place")], faults=[fault])
        ends[key] = len(of(records, "order.changed"))
        assert len(of(records, "request.finished")) == 2
    assert ends == {"same": 1, "new": 2}


def test_a_payment_sent_twice_takes_money_twice_without_keys(records_of, asks):
    """The second is sent while the first is at the provider: both find the order unpaid. With keys it is one charge."""
    load = [asks(operation="order.pay")]
    there = {"orders": 1, "order_state": "awaiting_payment"}
    fault = {"kind": "duplicate", "target": "web", "ratio": 1.0, "at_s": 0.0, "after_s": 0.02}
    charges = {}
    for keys in (False, True):
        platform = {"payments": {"idempotency_keys": keys}}
        records = records_of(load=load, faults=[fault], platform=platform, catalogue=there)
        charges[keys] = len(of(records, "payment.charged"))
    assert charges == {False: 2, True: 1}


def test_copies_are_sent_at_the_stated_ratio_and_move_no_luck(records_of):
    """A quarter of 2,000, within four standard deviations; the originals are answered as without them."""
    fault = {"kind": "duplicate", "target": "web", "ratio": 0.25, "at_s": 0.0}
    tables = {"database": {"pool_connections": 50}, "horizon_s": 50.02}
    calm, struck = (records_of(load=[steady()], faults=faults, **tables) for faults in ([], [fault]))
    originals = {r.correlation for r in of(calm, "request.finished")}
    copies = [r for r in of(struck, "request.finished") if r.correlation not in originals]
    assert abs(len(copies) - 500) < 4 * sqrt(2_000 * 0.25 * 0.75)


@pytest.mark.parametrize(("lost", "queries"), [("request", 0), ("reply", 1)])
def test_a_clients_message_may_be_lost(records_of, answers_of, asks, lost, queries):
    """The request lost: no node hears of it. The reply lost: the work is done. The client leaves after its 2 s."""
    fault = {"kind": "loss", "target": "web", "ratio": 1.0, "lost": lost, "at_s": 0.0}
    records = records_of(load=[asks(timeout_s=2.0)], faults=[fault])
    assert answers_of(records) == [(3.0, 499, "client_timeout")]
    assert len(of(records, "db.query")) == queries


def test_an_attempt_that_takes_too_long_is_cancelled_and_asked_again(records_of, answers_of, asks):
    """The database hangs until 2.5 s. Attempts at 1, 1.6 and 2.4 s (waits 0.1 and 0.3 s), the last one of 13 ms later.

    With ``growth`` 3: 1.0 + 0.5 patience + 0.1, + 0.5 + 0.3, + 0.5 + 0.9 s.
    """
    fault = {"kind": "hang", "target": "database", "at_s": 0.5, "duration_s": 2.0}
    retry = {"max_attempts": 4, "base_s": 0.1, "growth": 3.0, "attempt_timeout_s": 0.5}
    records = records_of(load=[asks(retry=retry)], faults=[fault])
    assert [round(r.at_s, 6) for r in of(records, "request.retried")] == [1.5, 2.1, 2.9]
    assert {r.detail for r in of(records, "request.retried")} == {"attempt_timeout"}
    # The connection of the first attempt is dropped with it, and so on: the last opens one, 2 + 1 ms and 10 ms.
    assert answers_of(records) == [(3.813, 200, None)]


def test_attempts_come_to_an_end(records_of, answers_of, asks):
    """Three attempts of 0.5 s with waits of 0.1 s between: the client leaves at 1 + 1.5 + 0.2 s."""
    fault = {"kind": "hang", "target": "database", "at_s": 0.5}
    retry = {"max_attempts": 3, "base_s": 0.1, "growth": 1.0, "attempt_timeout_s": 0.5}
    assert answers_of(records_of(load=[asks(retry=retry)], faults=[fault])) == [(2.7, 499, "client_timeout")]


def test_clients_that_fail_together_come_back_together_unless_their_waits_differ(records_of, asks):
    """Without growth and jitter all 20 ask again in the same two moments; with jitter each has a time of its own."""
    fault = {"kind": "outage", "target": "database", "at_s": 0.5, "duration_s": 5.0}
    tables = {"database": {"pool_connections": 20, "acquire_timeout_s": 0.5}, "faults": [fault]}
    plain = {"max_attempts": 3, "base_s": 1.0, "growth": 1.0}
    moments = {}
    for jitter in (0.0, 0.5):
        records = records_of(load=[asks(count=20, retry=plain | {"jitter": jitter})], **tables)
        moments[jitter] = {round(r.at_s, 6) for r in of(records, "request.retried")}
    assert moments[0.0] == {1.5, 3.0}
    assert len(moments[0.5]) == 21


@pytest.mark.parametrize(("attempts", "u", "delay_s"), [(1, 0.0, 2.0), (1, 0.5, 1.5), (2, 0.5, 4.5), (5, 1.0, 5.0)])
def test_a_wait_grows_to_its_bound_and_half_of_it_is_chance(attempts, u, delay_s):
    """2 s, times 3 for each further attempt, at most 10 s; jitter 0.5 takes off up to half."""
    retry = Retry(base_s=2.0, growth=3.0, max_s=10.0, jitter=0.5)
    assert retry.delay_s(attempts, u) == delay_s


def test_an_attempt_that_finds_no_node_is_at_none(records_of, asks):
    """The first dies with the only node at 1.005 s; the second, half a second later, is turned away, and by nobody."""
    crash = {"kind": "crash", "target": "node-1", "restart_s": 10.0, "at_s": 1.005}
    retry = {"max_attempts": 2, "base_s": 0.5}
    records = records_of(load=[asks(retry=retry)], faults=[crash])
    [retried] = of(records, "request.retried")
    [ended] = of(records, "request.finished")
    assert (retried.node, retried.detail) == ("node-1", "node_crashed")
    assert (ended.node, ended.detail) == (None, "no_node")
