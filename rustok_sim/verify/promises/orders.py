"""Promises about orders and their money."""

from typing import Final

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question

MONEY: Final = """
with money as (
    select detail as "order", sum(value) filter (kind = 'payment.charged') as captured,
        coalesce(sum(value) filter (kind = 'payment.refunded'), 0) as refunded,
        count(*) filter (kind = 'payment.charged') as charges, max(seq) as seq,
        arg_max(correlation, seq) filter (kind = 'payment.charged') as correlation
    from events where kind in ('payment.charged', 'payment.refunded') group by detail
), lefts as (
    select seq, at_s, tenant, site as "order", outcome as state, value as amount
    from events where kind = 'order.left'
)
"""
"""Defines ``money``, what the provider took and sent back for each order, and ``lefts``, the orders at the end."""


def order_steps_legal(facts: Facts) -> Question:
    """Orders take legal steps only, each from where they are (I15).

    Along the commits, a step's old state is the new one of the order's last step, and the pair is a step of the
    lifecycle. An order of the beginning may be in any state first.
    """
    return Question(
        """
        with legal as (
            select unnest($olds::varchar[]) as site, unnest($news::varchar[]) as outcome
        ), steps as (
            select *, lag(outcome) over (partition by detail order by seq) as stood
            from events where kind = 'order.changed'
        )
        select seq, at_s, node, tenant, correlation, detail, stood, site as old, outcome as new,
            if(stood <> site, 'a step from where it was not', 'no step of its life') as problem
        from steps
        where stood <> site
            or (site is not null and (site, outcome) not in (select (site, outcome) from legal))
            or (site is null and stood is not null)
        """,
        {"olds": [old for old, _ in facts.order_steps], "news": [new for _, new in facts.order_steps]},
    )


def shipped_orders_are_paid(facts: Facts) -> Question | None:
    """What is shipped has been paid for (I16): before the step more was captured for the order than sent back.

    Not asked where orders of the beginning are said to be paid: nobody took money for them.
    """
    if facts.orders_begin_paid:
        return None
    return Question(
        """
        select shipped.seq, shipped.at_s, shipped.node, shipped.tenant, shipped.correlation, shipped.detail,
            'shipped unpaid' as problem
        from events as shipped
        where kind = 'order.changed' and outcome = 'shipped' and 0 >= (
            select coalesce(sum(if(money.kind = 'payment.charged', value, -value)), 0) from events as money
            where money.kind in ('payment.charged', 'payment.refunded') and money.detail = shipped.detail
                and money.seq < shipped.seq
        )
        """
    )


def paid_orders_have_their_money(facts: Facts) -> Question | None:
    """An order that is paid, shipped or delivered at the end has its money (I36): captured less refunded is above 0."""
    if facts.orders_begin_paid:
        return None
    return Question(
        """
        select lefts.seq, at_s, tenant, money.correlation, "order", state, 'has no money' as problem
        from lefts left join money using ("order")
        where state in ('paid', 'shipped', 'delivered') and coalesce(captured - refunded, 0) <= 0
        """,
        context=MONEY,
    )


def cancelled_orders_keep_no_money(_facts: Facts) -> Question:
    """A cancelled order leaves no money (I34): at the end as much was sent back as was captured for it.

    Of orders whose charge belongs to a request that came to its end: what a crash, a lost connection or a client that
    left has cut off is for whoever reconciles the books, and has to be found there (``money_leaves_a_trace``). Nor of
    orders for which the books have a refund that has still to be made.
    """
    return Question(
        """
        select lefts.seq, lefts.at_s, lefts.tenant, money.correlation, "order", captured, refunded,
            'money kept' as problem
        from lefts join money using ("order")
        where state = 'cancelled' and captured > refunded and not exists (
            select 1 from events as owed
            where owed.kind = 'payment.left' and owed.site = 'refund' and owed.outcome <> 'refunded'
                and owed.detail = money."order"
        ) and exists (
            select 1 from events
            where kind = 'request.finished' and events.correlation = money.correlation and status < 499
                and not exists (
                    select 1 from events as doubt
                    where doubt.kind = 'payment.uncertain' and doubt.detail = money."order"
                )
        )
        """,
        context=MONEY,
    )


def orders_charged_once(_facts: Facts) -> Question:
    """Nobody pays twice (I26): no more is captured for an order, less refunds, than the order's amount.

    A repeated request, by a client or by a step that was told nothing, is one effect at the provider.
    """
    return Question(
        """
        select money.seq, lefts.at_s, tenant, money.correlation, "order", captured, amount, 'paid twice' as problem
        from lefts join money using ("order") where captured - refunded > amount
        """,
        context=MONEY,
    )


def refunds_within_captures(_facts: Facts) -> Question:
    """No more goes back than came (I18): of an order, refunds are never above captures, and every amount is above 0."""
    return Question(
        """
        with sums as (
            select *, sum(if(kind = 'payment.charged', value, -value)) over (partition by detail order by seq) as held
            from events where kind in ('payment.charged', 'payment.refunded')
        )
        select seq, at_s, node, tenant, correlation, detail, value, held, 'more back than came' as problem
        from sums where held < 0 or value <= 0
        """
    )


def money_leaves_a_trace(_facts: Facts) -> Question:
    """Money that was taken is known (I41): at the end its order says so, or the platform's books have a trace of it.

    An order that is paid, shipped or delivered says so; a trace is a payment, or an operation that waits to be settled.
    """
    return Question(
        """
        , traced as (select distinct detail as "order" from events where kind = 'payment.left')
        select money.seq, lefts.at_s, tenant, money.correlation, "order", state, captured,
            'nobody here knows of it' as problem
        from money join lefts using ("order") anti join traced using ("order")
        where captured > refunded and state not in ('paid', 'shipped', 'delivered')
        """,
        context=MONEY,
    )
