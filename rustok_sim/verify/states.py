"""The states of breakers over time: what metrics and invariants of breakers have in common."""

from typing import Final

CHANGES: Final = """
with changes as materialized (
    select seq, at_s, node, site, correlation, outcome as state, detail as before
    from events where kind = 'breaker.changed'
    union all
    select crash.seq, crash.at_s, crash.node, known.site, null, 'closed', null
    from events as crash
    join (select distinct node, site from events where kind = 'breaker.changed') as known using (node)
    where crash.kind = 'node.crashed'
)
"""
"""Defines ``changes``: each change of a breaker, that is of a name on a node.

A crash makes a node's breakers anew, closed; its ``before`` is null.
"""
