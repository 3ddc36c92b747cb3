"""Several relays on one table (9.3)."""

import pytest

from rustok_sim.modules.outbox import RelaySettings


def together(yard, first, second, **settings):
    """Two relays whose clocks tick as one; their passes' claims after the first."""
    yard.start(yard.relay(first, **settings))
    yard.start(yard.relay(second, **settings))
    yard.world.run_to(30.0)
    return [record for record in yard.of("outbox.claimed") if record.site == second]


def test_relays_in_step_share_no_work(yard):
    """The second update waits for the first's locks, then matches nothing (D-08): one of them does all, by turns."""
    yard.write(1_000)
    yard.start(yard.relay("one"))
    yard.start(yard.relay("two"))
    yard.world.run_to(1.0)
    assert sorted(record.value for record in yard.of("outbox.claimed")) == [0, 100]


def test_skipping_locked_rows_shares_it(yard):
    """Both have a full batch at once."""
    yard.write(1_000)
    yard.start(yard.relay("one", claim="skip_locked"))
    yard.start(yard.relay("two", claim="skip_locked"))
    yard.world.run_to(1.0)
    assert [record.value for record in yard.of("outbox.claimed")] == [100, 100]


def test_relays_out_of_step_add_up(yard):
    """Each takes its own oldest batch."""
    yard.write(1_000)
    yard.start(yard.relay("one"))
    yard.start(yard.relay("two"), 0.05)
    yard.world.run_to(1.5)
    assert [record.value for record in yard.of("outbox.claimed")] == [100, 100]
    assert len(set(yard.target.taken)) == 200


def test_one_name_for_two_relays_doubles_everything(yard):
    """Both read back the full set (D-07): 100 + 100."""
    events = yard.write(100)
    together(yard, "one", "two", worker_ids="shared")
    assert sorted(yard.target.taken) == sorted(2 * events)


def test_names_of_their_own_do_not(yard):
    """The same, with a name for each."""
    events = yard.write(100)
    together(yard, "one", "two")
    assert sorted(yard.target.taken) == sorted(events)


@pytest.mark.parametrize(("settings", "times"), [({}, 2), ({"recheck_status": True}, 1)])
def test_a_row_finished_between_select_and_update_is_claimed_again(make_yard, stall, settings, times):
    """B claims, publishes and marks while A is held up between its two statements (D-06).

    B is near to the database, and A's update reaches it 50 ms after its select.
    """
    yard = make_yard(0.001, 0.001)
    events = yard.write(3)
    slow, fast = yard.relay("slow", **settings), yard.relay("fast", **settings)
    stall(slow, "outbox.claim", lambda: yard.nodes[0].sleep(0.05))
    ends = []
    yard.nodes[0].task(slow.one_pass(yard.call()), lambda value, error: ends.append(error or value)).start()
    yard.world.run_to(0.004)
    assert yard.one_pass(fast) == 3
    assert ends == []
    yard.world.run_to(1.0)
    assert ends == [3 if times == 2 else 0]
    assert sorted(yard.target.taken) == sorted(times * events)


def test_a_second_publish_that_fails_takes_a_delivered_row_back(make_yard, stall):
    """Claimed again when it was done already, it is pending once more, and may end dead although delivered (9.3)."""
    yard = make_yard(0.001, 0.001)
    (event,) = yard.write(1)
    slow, fast = yard.relay("slow"), yard.relay("fast")
    stall(slow, "outbox.claim", lambda: yard.nodes[0].sleep(0.05))
    yard.nodes[0].task(slow.one_pass(yard.call()), lambda value, error: None).start()
    yard.world.run_to(0.004)
    yard.one_pass(fast)
    assert yard.states() == {event: "DONE"}
    yard.target.refuses = lambda _: True
    yard.world.run_to(0.5)
    assert yard.target.taken == [event]
    assert yard.states() == {event: "WAITING"}


def test_defaults_are_those_of_rustok():
    """The table of section 9, as printed."""
    settings = RelaySettings()
    assert (settings.batch_rows, settings.max_attempts, settings.interval_s) == (100, 5, 1.0)
    assert (settings.backoff_base_s, settings.backoff_max_s) == (1.0, 60.0)
