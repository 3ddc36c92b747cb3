"""What an event travels in, and how it comes back from JSON."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.auth import Actor, Role
from rustok_sim.core.context import Context
from rustok_sim.core.events import NodeCreated, OrderPlaced, ProductCreated, decode, encode, wrap
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call

ONE, TWO = named_id(1), named_id(2)
CONTEXT = Context(
    call=Call(31, "merchants", 31, "acme"), tenant_id=named_id("acme"), actor=Actor(Role.ADMIN, named_id("anna"))
)


def test_as_built_an_envelope_belongs_to_nothing_but_itself():
    """RusToK: the correlation is the id and the cause is empty, whatever the request knows."""
    context = replace(CONTEXT, causation_id=ONE, correlation=TWO)
    envelope = wrap(ProductCreated(ONE), context, named_id("event"), 1.5, "as_built")
    assert (envelope.correlation_id, envelope.causation_id) == (named_id("event"), None)


def test_propagated_correlation_ties_all_events_of_a_request_together():
    """Two events of one request, and of its retry on another node, have one correlation, which is not an event's id."""
    again = replace(CONTEXT, call=Call(31, "merchants", 31, "acme"))
    envelopes = [
        wrap(ProductCreated(ONE), context, named_id("event", number), 1.5, "propagated")
        for number, context in enumerate([CONTEXT, CONTEXT, again])
    ]
    assert len({envelope.correlation_id for envelope in envelopes}) == 1
    assert envelopes[0].correlation_id not in {envelope.id for envelope in envelopes}
    assert {envelope.causation_id for envelope in envelopes} == {None}


def test_a_chain_of_events_can_be_followed_back_to_its_request():
    """Each event names the one it came from, and all name the request the first came from."""
    placed = wrap(OrderPlaced(ONE, None, 5, "EUR"), CONTEXT, named_id("event", 1), 1.0, "propagated")
    reaction = placed.follow(Call(32, "consumer", 1, "acme"))
    second = wrap(ProductCreated(ONE), reaction, named_id("event", 2), 2.0, "propagated")
    third = wrap(ProductCreated(TWO), second.follow(reaction.call), named_id("event", 3), 3.0, "propagated")
    assert [one.causation_id for one in (placed, second, third)] == [None, placed.id, second.id]
    assert {one.correlation_id for one in (placed, second, third)} == {CONTEXT.correlation_id}
    assert reaction.tenant_id == CONTEXT.tenant_id
    assert third.actor_id is None


def test_an_envelope_is_written_as_rustok_writes_it():
    """Member by member, the payload tagged beside its data."""
    envelope = wrap(NodeCreated(ONE, "post"), CONTEXT, named_id("event"), 1.5, "as_built")
    assert json.loads(encode(envelope)) == {
        "id": named_id("event"),
        "event_type": "node.created",
        "schema_version": 1,
        "correlation_id": named_id("event"),
        "causation_id": None,
        "tenant_id": named_id("acme"),
        "trace_id": "31",
        "timestamp": 1.5,
        "actor_id": named_id("anna"),
        "event": {"type": "NodeCreated", "data": {"node_id": ONE, "kind": "post", "author_id": None}},
        "retry_count": 0,
    }


@pytest.mark.parametrize("correlation", ["as_built", "propagated"])
def test_what_is_written_is_read_back(valid, correlation):
    """Encoding and decoding are each other's inverse for every type of event."""
    moments = st.floats(0, 1e9)

    @given(valid, moments, st.none() | st.uuids().map(str))
    def holds(event, at_s, cause):
        envelope = wrap(event, replace(CONTEXT, causation_id=cause), named_id("event"), at_s, correlation)
        assert decode(encode(envelope)) == envelope

    holds()
