"""How a node tells the others that a tenant has changed (RusToK, tenant middleware)."""

from collections.abc import Callable
from typing import Final

from rustok_sim.core.errors import CacheError
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.tenants.ports import Channel, Subscription

CHANNEL: Final = "tenant.cache.invalidate"


def message_of(positive_key: str, negative_key: str) -> str:
    """The message that makes its receivers forget this pair."""
    return f"{positive_key}|{negative_key}"


def keys_of(message: str) -> tuple[str, str] | None:
    """The pair that *message* names; ``None`` when it names none."""
    positive_key, _, rest = message.partition("|")
    negative_key = rest.partition("|")[0]
    return (positive_key, negative_key) if positive_key and negative_key else None


def listen(
    channel: Channel, forget: Callable[[Call, str, str], Steps[None]], background: Callable[[str], Call]
) -> Steps[None]:
    """Forget every pair that other nodes publish, until the stream ends.

    A failed subscription or the end of the stream ends the listener for good: nothing starts it again (D-36).
    """
    try:
        subscription = yield from channel.subscribe(background("listener"))
    except CacheError:
        return
    try:
        yield from _follow(subscription, forget, background)
    finally:
        subscription.close()


def _follow(
    subscription: Subscription, forget: Callable[[Call, str, str], Steps[None]], background: Callable[[str], Call]
) -> Steps[None]:
    while True:
        call = background("listener")
        try:
            message = yield from subscription.receive(call)
        except CacheError:
            return
        pair = keys_of(message)
        if pair is not None:
            yield from forget(call, *pair)
