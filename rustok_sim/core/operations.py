"""The operations a load class may ask of the platform, and what one request of them says."""

from typing import Final

from rustok_sim.core.values import value

OPERATIONS: Final = {
    "tenant.resolve": "a request that only needs its tenant's context: the tenant middleware and an empty handler",
    "health.live": "the liveness probe: the tenant middleware for the default tenant, as wired, and an empty handler",
    "tenant.update": "an administrator writes the tenant's row, and invalidates what the settings say",
    "tenant.create": "somebody signs up: a new tenant with a name of its own",
    "tenant.suspend": "an administrator suspends the tenant",
    "tenant.reactivate": "an administrator lets a suspended tenant work again",
    "tenant.enable_locale": "an administrator switches a language on",
    "tenant.disable_locale": "an administrator switches a language off",
    "module.enable": "an administrator switches the module that ask.module names on",
    "module.disable": "an administrator switches the module that ask.module names off",
    "product.create": "a merchant adds a product with one translation, one variant and one price",
    "product.update": "a merchant changes a product's translation",
    "product.publish": "a merchant publishes a product",
    "product.unpublish": "a merchant takes a product back",
    "product.delete": "a merchant removes a product",
    "product.get": "a buyer looks at a product",
    "product.list": "a buyer looks at the first page of products",
    "search": "a buyer searches the titles of products",
    "variant.update": "a merchant changes a variant: its stock, as the merchant has counted it",
    "index.reindex": "an administrator has all the tenant's products indexed anew",
    "price.set": "a merchant sets the price of a variant in one currency",
    "price.set_many": "a merchant sets the price of a variant in three currencies",
    "price.discount": "a merchant takes ten percent off a variant's price",
    "price.get": "a buyer asks for a variant's price",
    "inventory.adjust": "a merchant, or a till, changes a variant's stock by ask.delta units",
    "inventory.set": "a merchant writes a variant's stock",
    "inventory.check": "a buyer asks whether ask.quantity_max units are there",
    "inventory.reserve": "somebody reserves units of a variant",
    "order.place": "a buyer places an order with the cart that ask describes",
    "order.submit": "the order of the request's number is handed in: its stock is reserved",
    "order.pay": "the order of the request's number is paid through the gateway",
    "order.ship": "the order of the request's number is shipped",
    "order.deliver": "the order of the request's number is delivered",
    "order.cancel": "the order of the request's number is cancelled",
    "checkout": "one buyer's whole way: place, submit, pay",
    "node.create": "an author writes a post",
    "node.update": "an author changes a post",
    "node.publish": "an author publishes a post",
    "node.unpublish": "an author takes a post back",
    "node.delete": "an author removes a post",
    "node.get": "a reader opens a post",
    "node.list": "a reader looks at the first page of posts",
    "blog.post": "an author writes and publishes a blog post",
    "blog.get": "a reader opens a blog post",
    "blog.list": "a reader looks at the blog's first page",
    "forum.topic": "a member opens a topic",
    "forum.reply": "a member replies to a topic",
    "forum.moderate": "a moderator pins a topic, or locks it, by turns",
    "forum.list": "a member looks at the replies of a topic",
}
"""Each operation, in words. The module an operation belongs to is that of its first word."""

PLAIN: Final = frozenset({"tenant.resolve", "health.live", "tenant.update"})
"""Operations whose requests say nothing beyond their tenant."""

CURRENCIES: Final = ("USD", "EUR", "GBP", "JPY", "CAD", "AUD")
METHODS: Final = ("credit_card", "paypal", "bank_transfer", "crypto")
CARRIERS: Final = ("FedEx", "UPS", "USPS", "DHL", "Amazon Logistics")
REASONS: Final = (
    "changed my mind",
    "found it cheaper",
    "ordered by mistake",
    "takes too long",
    "payment problem",
)
"""What RusToK's own property tests draw orders from; the reasons are this workbench's words for its five."""


COMMERCE: Final = frozenset({"product", "price", "inventory", "order", "checkout", "search", "variant"})
"""The first words of operations that commerce serves."""


def is_about_stock(operation: str) -> bool:
    """Whether requests of this operation may read or write stock."""
    return operation == "checkout" or operation.partition(".")[0] in {"inventory", "order", "variant"}


@value(frozen=True, slots=True, kw_only=True)
class Ask:
    """What one request asks for. Numbers count from 0 within the request's tenant."""

    number: int = 0
    """The number of the request in its class: which order it is about."""
    user: int = 0
    """Who asks."""
    role: str = "admin"
    """In which role."""
    products: tuple[int, ...] = (0,)
    """The products it is about, each once; the first one where one is enough. Posts and topics by the same numbers."""
    quantities: tuple[int, ...] = (1,)
    """Units of each of these products."""
    delta: int = -1
    """Change of stock."""
    module: str = "forum"
    forged: bool = False
    """Whether the client names a new user in its headers each time."""
    currency: str = "EUR"
    method: str = "credit_card"
    carrier: str = "DHL"
    reason: str = "changed my mind"


NOTHING: Final = Ask()
"""What plain operations ask for."""
