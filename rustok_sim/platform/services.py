"""The modules of one node, assembled: each service with its settings, and what it is handed of the others."""

from rustok_sim.core.shared import Shared
from rustok_sim.modules.blog import BlogService
from rustok_sim.modules.commerce.catalogue import CatalogueService, open_variants
from rustok_sim.modules.commerce.checkout import Checkout
from rustok_sim.modules.commerce.orders import OrderService
from rustok_sim.modules.commerce.payments import Gateway, PaymentService, RefundService
from rustok_sim.modules.commerce.pricing import PricingService
from rustok_sim.modules.commerce.stock import StockService, open_keeper
from rustok_sim.modules.content import NodeService
from rustok_sim.modules.forum import Forum
from rustok_sim.platform.answers import Handler, Request
from rustok_sim.platform.commerce_operations import CatalogueOperations, StockOperations
from rustok_sim.platform.content_operations import ContentOperations
from rustok_sim.platform.index_reads import IndexReads, reindex_requests
from rustok_sim.platform.order_operations import OrderOperations
from rustok_sim.platform.settings import Settings


def module_handlers(shared: Shared, settings: Settings, gateway: Gateway, *, price_minor: int) -> dict[str, Handler]:
    """The handlers of commerce and content, by operation."""
    catalogue = CatalogueOperations(
        CatalogueService(shared, settings.catalogue),
        open_variants(shared, settings.catalogue),
        PricingService(shared, settings.pricing),
    )

    def record_sale(request: Request, variant_id: str, units: int) -> None:
        shared.runtime.record("stock.sold", request.context.call, site=variant_id, value=units)

    stock = StockOperations(StockService(shared, settings.stock), record_sale)
    keeper = open_keeper(shared, settings.stock)
    payments = PaymentService(shared, settings.payments, gateway)
    orders = OrderService(shared, settings.orders, keeper)
    checkout = Checkout(orders, payments, RefundService(shared, settings.payments, gateway), settings.checkout)
    order_operations = OrderOperations(orders, payments, checkout, price_minor=price_minor)
    nodes = NodeService(shared, settings.content)
    content = ContentOperations(nodes, BlogService(nodes, settings.blog), Forum(nodes, settings.forum))
    handlers = {**catalogue.handlers(), **stock.handlers(), **order_operations.handlers(), **content.handlers()}
    if settings.index.reads == "index":
        handlers |= IndexReads(shared.runtime, shared.store).handlers()
    return {**handlers, "index.reindex": reindex_requests(shared)}
