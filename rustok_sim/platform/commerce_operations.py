"""Operations on products, prices, stock and orders: what a request's numbers mean to the services."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from rustok_sim.core.ids import named_id
from rustok_sim.core.operations import CURRENCIES
from rustok_sim.core.ports import Steps
from rustok_sim.modules.commerce.catalogue import (
    CatalogueService,
    NewPrice,
    NewProduct,
    NewTranslation,
    NewVariant,
    ProductChanges,
    ProductFilter,
    VariantChanges,
    Variants,
)
from rustok_sim.modules.commerce.orders import Line
from rustok_sim.modules.commerce.pricing import PriceInput, PricingService
from rustok_sim.modules.commerce.seed import product_id, variant_id
from rustok_sim.modules.commerce.stock import StockService
from rustok_sim.platform.answers import Handler, Request

TEN_PERCENT: Final = Decimal(10)
PRICE_MINOR: Final = 1999
RESTOCKED_UNITS: Final = 1000


def lines_of(request: Request, price_minor: int) -> Sequence[Line]:
    """The cart of a request: made-up products at the price that the buyer was shown."""
    tenant_id, ask = request.context.tenant_id, request.ask
    return [
        Line(
            variant_id=variant_id(tenant_id, number),
            product_id=product_id(tenant_id, number),
            title=f"Product {number}",
            quantity=quantity,
            unit_price=price_minor,
        )
        for number, quantity in zip(ask.products, ask.quantities, strict=True)
    ]


class CatalogueOperations:
    """Products, their variants and prices."""

    def __init__(self, catalogue: CatalogueService, variants: Variants, pricing: PricingService) -> None:
        self._catalogue = catalogue
        self._variants = variants
        self._pricing = pricing

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        catalogue, pricing = self._catalogue, self._pricing
        return {
            "product.create": self._create,
            "product.update": self._update,
            "product.publish": lambda request: catalogue.publish(request.context, _product(request)),
            "product.unpublish": lambda request: catalogue.unpublish(request.context, _product(request)),
            "product.delete": lambda request: catalogue.delete(request.context, _product(request)),
            "product.get": lambda request: catalogue.get(request.context, _product(request)),
            "product.list": lambda request: catalogue.list(request.context, ProductFilter(status="active")),
            "variant.update": self._change_variant,
            "search": lambda request: catalogue.search(request.context, f"product {request.ask.products[0]}"),
            "price.set": self._set_price,
            "price.set_many": self._set_prices,
            "price.discount": self._discount,
            "price.get": lambda request: pricing.get_price(request.context, _variant(request), "EUR"),
        }

    def _create(self, request: Request) -> Steps[object]:
        call = request.context.call
        title = f"New {call.source} {call.entity}"
        price = NewPrice(currency="EUR", amount=PRICE_MINOR)
        variant = NewVariant(sku=f"{call.source}-{call.entity}", prices=[price])
        new = NewProduct(translations=[NewTranslation(locale="en", title=title)], variants=[variant])
        return self._catalogue.create(request.context, new)

    def _update(self, request: Request) -> Steps[object]:
        number, entity = request.ask.products[0], request.context.call.entity
        text = NewTranslation(locale="en", title=f"Product {number}, edition {entity}")
        return self._catalogue.update(request.context, _product(request), ProductChanges(translations=[text]))

    def _change_variant(self, request: Request) -> Steps[object]:
        counted = RESTOCKED_UNITS + request.ask.number % 100
        changes = VariantChanges(inventory_quantity=counted)
        return self._variants.change(request.context, _variant(request), changes)

    def _set_price(self, request: Request) -> Steps[object]:
        price = PriceInput(currency=request.ask.currency, amount=PRICE_MINOR + request.ask.number % 100)
        return self._pricing.set_price(request.context, _variant(request), price)

    def _set_prices(self, request: Request) -> Steps[object]:
        amount = PRICE_MINOR + request.ask.number % 100
        prices = [PriceInput(currency=currency, amount=amount) for currency in CURRENCIES[:3]]
        return self._pricing.set_prices(request.context, _variant(request), prices)

    def _discount(self, request: Request) -> Steps[object]:
        return self._pricing.discount(request.context, _variant(request), "EUR", TEN_PERCENT)


class StockOperations:
    """Stock, as merchants and tills write it."""

    def __init__(self, stock: StockService, record_sale: Callable[[Request, str, int], None]) -> None:
        self._stock = stock
        self._record_sale = record_sale

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        return {
            "inventory.adjust": self._adjust,
            "inventory.set": lambda request: self._stock.set_to(request.context, _variant(request), RESTOCKED_UNITS),
            "inventory.check": lambda request: self._stock.bulk_available(request.context, _wanted(request)),
            "inventory.reserve": self._reserve,
        }

    def _adjust(self, request: Request) -> Steps[None]:
        """Change the stock; what a till takes out is sold."""
        context, variant, delta = request.context, _variant(request), request.ask.delta
        yield from self._stock.adjust(context, variant, delta)
        if delta < 0:
            self._record_sale(request, variant, -delta)

    def _reserve(self, request: Request) -> Steps[object]:
        order_id = named_id("reservation", request.context.call.id)
        return self._stock.reserve(request.context, _variant(request), request.ask.quantities[0], order_id)


def _product(request: Request) -> str:
    return product_id(request.context.tenant_id, request.ask.products[0])


def _variant(request: Request) -> str:
    return variant_id(request.context.tenant_id, request.ask.products[0])


def _wanted(request: Request) -> dict[str, int]:
    tenant_id, ask = request.context.tenant_id, request.ask
    return {variant_id(tenant_id, number): units for number, units in zip(ask.products, ask.quantities, strict=True)}
