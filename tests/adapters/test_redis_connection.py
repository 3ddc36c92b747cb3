"""The shared connection's patience (redis-rs 1.x): 0.5 s for an answer, 1 s to connect, and how it is rebuilt.

A rebuild waits 0.1, 0.2, 0.4, 0.8, 1.6 and 3.2 s between its 7 attempts, 6.3 s in all, and up to 0.6 s of jitter.
"""

import pytest

from rustok_sim.core.errors import ConnectionLost, ConnectionRefused, ServerFault, TimedOut

WAITS_S = 6.3
JITTER_S = 0.6


def ping(lab, connection):
    """A command without effect."""
    return connection.command(lab.call(), "PING", lambda: "PONG")


def outcomes(lab):
    """How the commands ended, in order."""
    return [record.outcome for record in lab.of("redis.command")]


def broken(lab, connection, at_s=10.0):
    """Cut the connection at this time by an outage, and let one command learn of it."""
    lab.run_to(at_s)
    lab.redis.condition.refuse()
    with pytest.raises(ConnectionLost):
        lab.finish(ping(lab, connection))


def test_command_takes_one_round_trip(lab):
    """1 ms, and two round trips before it to connect."""
    connection = lab.connection()
    assert lab.world.now == pytest.approx(0.002)
    assert lab.finish(ping(lab, connection)) == "PONG"
    assert lab.world.now == pytest.approx(0.003)
    assert outcomes(lab) == ["ok"]


def test_effect_happens_half_way(lab):
    """The server acts after 0.5 ms, whether or not the caller is still there."""
    connection = lab.connection()
    begin_s = lab.world.now
    acted = []
    job = lab.start(connection.command(lab.call(), "SET", lambda: acted.append(lab.world.now)))
    lab.run_to(begin_s + 0.0007)
    lab.runtime.drop(job.task)
    assert acted == [pytest.approx(begin_s + 0.0005)]
    assert outcomes(lab) == ["dropped"]


def test_silence_costs_half_a_second_and_starts_no_rebuild(lab):
    """A response timeout is not a lost connection: the session serves again when the server wakes."""
    connection = lab.connection()
    lab.redis.condition.hang()
    begin_s = lab.world.now
    with pytest.raises(TimedOut):
        lab.finish(ping(lab, connection))
    assert lab.world.now == pytest.approx(begin_s + 0.5)
    lab.redis.condition.wake()
    assert lab.finish(ping(lab, connection)) == "PONG"
    assert outcomes(lab) == ["timeout", "ok"]
    assert len(lab.of("redis.reconnected")) == 1


def test_error_answer_leaves_the_session_alone(lab):
    """The server has spoken, so the connection is sound."""
    connection = lab.connection()
    lab.redis.condition.err(1, 1.0, lambda source, entity, attempt: 0.0)
    with pytest.raises(ServerFault):
        lab.finish(ping(lab, connection))
    lab.redis.condition.stop_erring(1)
    assert lab.finish(ping(lab, connection)) == "PONG"
    assert outcomes(lab) == ["error", "ok"]


def test_commands_during_a_rebuild_fail_together_and_start_the_next(lab):
    """Lost at 10 s; those who come at 10.5, 11 and 12 s wait, and all are refused when the seventh attempt is.

    The first of them starts another rebuild at that very moment.
    """
    connection = lab.connection()
    broken(lab, connection)
    jobs = []
    for at_s in (10.5, 11.0, 12.0):
        lab.run_to(at_s)
        jobs.append(lab.start(ping(lab, connection)))
    lab.run_to(20.0)
    assert all(isinstance(job.error, ConnectionRefused) for job in jobs)
    failed_s = jobs[0].at_s
    assert [job.at_s for job in jobs] == [failed_s] * 3
    assert 10.0 + WAITS_S < failed_s < 10.0 + WAITS_S + JITTER_S + 7 * 0.001 + 0.001
    assert [(record.outcome, record.value) for record in lab.of("redis.reconnected")] == [("ok", 1), ("failed", 7)]
    lab.run_to(30.0)
    assert lab.of("redis.reconnected")[2].begin_s == failed_s


def test_command_after_a_failed_rebuild_nobody_waited_for_fails_at_once(lab):
    """The first command finds the failure and starts the next rebuild; the second waits for that one."""
    connection = lab.connection()
    broken(lab, connection)
    lab.run_to(30.0)
    first, second = lab.start(ping(lab, connection)), lab.start(ping(lab, connection))
    lab.run_to(31.0)
    assert [first.done, second.done] == [True, False]
    assert first.at_s == 30.0


def test_rebuild_ends_soon_after_the_outage(lab):
    """Back at 12 s: the attempt after the third wait (0.7 s) failed by 11 s, the fifth comes by 12 + 1.7 s."""
    connection = lab.connection()
    broken(lab, connection)
    job = lab.start(ping(lab, connection))
    lab.run_to(12.0)
    lab.redis.condition.accept()
    lab.run_to(20.0)
    assert job.value == "PONG"
    assert 12.0 < job.at_s < 12.0 + 1.7
    assert lab.of("redis.reconnected")[-1].outcome == "ok"
    assert lab.finish(ping(lab, connection)) == "PONG"


def test_rebuild_against_silence_takes_up_to_14_s(lab):
    """Seven attempts of 1 s each and the waits between: 13.3 s and up to 0.6 s of jitter, while commands wait."""
    connection = lab.connection()
    broken(lab, connection)
    lab.redis.condition.hang()
    lab.redis.condition.accept()
    job = lab.start(ping(lab, connection))
    lab.run_to(40.0)
    assert isinstance(job.error, TimedOut)
    assert 10.0 + WAITS_S + 6.0 < job.at_s < 10.0 + WAITS_S + 7.0 + JITTER_S + 0.01
    assert outcomes(lab) == ["lost", "timeout"]


def test_one_rebuild_for_all_who_lose_the_session(lab):
    """Five commands in flight when the server goes: five are lost, one rebuild begins."""
    connection = lab.connection()
    lab.run_to(10.0)
    jobs = [lab.start(ping(lab, connection)) for _ in range(5)]
    lab.redis.condition.refuse()
    lab.run_to(20.0)
    assert all(isinstance(job.error, ConnectionLost) for job in jobs)
    assert len(lab.of("redis.reconnected")) == 2


def test_boot_against_a_dead_server_fails_after_seven_attempts(lab):
    """The same patience as a rebuild."""
    lab.redis.condition.refuse()
    with pytest.raises(ConnectionRefused):
        lab.connection()
    assert WAITS_S < lab.world.now < WAITS_S + JITTER_S + 7 * 0.001 + 1e-9
    assert [(record.outcome, record.value) for record in lab.of("redis.reconnected")] == [("failed", 7)]
