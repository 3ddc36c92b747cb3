"""Orders: three lifecycles as values, and the service that keeps orders in rows.

``review`` is the life that the review advises, one class per state; ``as_built`` RusToK's own typed machine with its
weaknesses; ``successor`` a status in words, checked at run time. Values know no store; the service decides by its
settings which life its orders have and what guards their steps. It knows stock by a protocol, and no payment gateway.
"""
