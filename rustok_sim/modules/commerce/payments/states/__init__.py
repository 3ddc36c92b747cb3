"""The lives of what payments are made of, as the successor has them: one class per state, its methods the legal steps.

A collection is what an order owes; a payment, money at the provider; a refund, money on its way back; an operation,
one thing asked of the provider; a delivery, one message of the provider. Pure values: no rows, no gateway.
"""

from rustok_sim.modules.commerce.payments.states import collection, delivery, operation, payment, refund

__all__ = ["collection", "delivery", "operation", "payment", "refund"]
