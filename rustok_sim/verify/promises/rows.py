"""Promises about rows: nothing written over unseen, nothing twice, nothing by halves."""

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question
from rustok_sim.verify.promises.events import RECORDED


def no_lost_content_update(_facts: Facts) -> Question:
    """Who writes a node has read what is there (I10): each version that is written follows the one that was read.

    A request that writes a node more than once in one transaction is judged by its first write.
    """
    return Question(
        """
        select seq, at_s, node, tenant, correlation, site, status as read, value as written,
            'written over what was not read' as problem
        from (
            select *, row_number() over (partition by correlation, site order by seq) as nth
            from events where kind = 'content.changed'
        ) where nth = 1 and value > status + 1
        """
    )


def rows_are_unique(_facts: Facts) -> Question:
    """What should be one row is one, at the end: a price by variant and currency, a SKU and a handle by tenant."""
    return Question(
        """
        select seq, at_s, tenant, null::bigint as correlation, site, value, detail, site as problem
        from events where kind = 'rows.alike'
        """
    )


def prices_all_or_nothing(_facts: Facts) -> Question:
    """Prices that are set at once are set together (D18): none of them is told, or as many as there are currencies.

    Of each request of ``price.set_many`` that was sent once: three events of prices were committed, or none. A request
    whose answer is not known by the horizon, or a commit of which nobody heard, is not asked.
    """
    return Question(
        """
        , asked as (
            select correlation from events where kind = 'request.sent'
            group by correlation having count(*) = 1 and any_value(detail) = 'price.set_many'
        ), told as (
            select correlation, max(seq) as seq, max(at_s) as at_s, max(node) as node, max(tenant) as tenant,
                count(*) as prices
            from recorded where type = 'price.updated' and fate = 'committed' group by correlation
        )
        select seq, told.at_s, told.node, told.tenant, correlation, prices, 'half of them' as problem
        from told join asked using (correlation)
        where prices not in (0, 3) and not exists (
            select 1 from ends where ends.correlation = told.correlation and ends.outcome = 'unknown'
        ) and exists (
            select 1 from events where events.correlation = told.correlation and kind = 'request.finished'
        )
        """,
        context=RECORDED,
    )
