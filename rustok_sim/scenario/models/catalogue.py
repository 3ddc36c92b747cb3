"""What every tenant has when the run begins."""

from typing import Annotated, Literal

from annotated_types import Ge, Interval

from rustok_sim.scenario.models.base import Table


class Catalogue(Table):
    """Products, orders and posts of each known tenant, all made up; they cost no time and are there at the start."""

    products: Annotated[int, Interval(ge=1, le=100_000)] = 100
    """Active products, each with one variant and one price."""
    stock_units: Annotated[int, Interval(ge=0, le=1_000_000_000)] = 1000
    """Units of each variant that anybody may buy; those put by for *orders*, where that is recorded, come on top."""
    price_minor: Annotated[int, Interval(ge=0, le=10**12)] = 1999
    """The price of each, in minor units."""
    backorders: bool = False
    """Whether stock may go below zero (RusToK's policy "continue" in place of "deny")."""
    orders: Annotated[int, Interval(ge=0, le=1_000_000)] = 0
    """Orders, numbered from 0; order.pay and its kin are about the order of the request's number."""
    order_state: Literal["open", "awaiting_payment", "paid", "shipped"] = "awaiting_payment"
    """How far these orders are: just placed, handed in, paid, or on their way."""
    posts: Annotated[int, Ge(0)] = 100
    """Published blog posts."""
    topics: Annotated[int, Ge(0)] = 20
    """Open topics of the forum, in one category."""
