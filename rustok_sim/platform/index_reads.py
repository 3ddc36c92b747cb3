"""Lists and searches from the read model: published, newest first, twenty at a time, as RusToK's query builders ask."""

from typing import Final

from rustok_sim.core.data import Row, Store, Table, Where, col, same
from rustok_sim.core.events import IndexReindexRequested
from rustok_sim.core.ports import Runtime, Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.index import INDEX_CONTENT, INDEX_PRODUCTS
from rustok_sim.platform.answers import Handler, Request

LIMIT: Final = 20


class IndexReads:
    """Each answer is a single statement on one read table."""

    def __init__(self, runtime: Runtime, store: Store) -> None:
        self._runtime = runtime
        self._store = store

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        on_sale, posts = same(is_published=True), same(kind="post", status="published")
        return {
            "product.list": lambda request: self._read(request, INDEX_PRODUCTS, on_sale),
            "search": lambda request: self._read(
                request, INDEX_PRODUCTS, (*on_sale, col("title").contains(f"product {request.ask.products[0]}"))
            ),
            "node.list": lambda request: self._read(request, INDEX_CONTENT, posts),
            "blog.list": lambda request: self._read(request, INDEX_CONTENT, posts),
        }

    def _read(self, request: Request, table: Table, where: Where) -> Steps[list[Row]]:
        context = request.context
        where = (*same(locale=context.locale), *where)
        rows = yield from self._store.select(
            context.call, context.tenant_id, table, where, order_by=("-published_at", "-id"), limit=LIMIT
        )
        self._runtime.record("index.read", context.call, site=table.name, value=len(rows))
        return rows


def reindex_requests(shared: Shared) -> Handler:
    """Whoever administers a tenant wants all its products indexed anew."""

    def ask(request: Request) -> Steps[None]:
        context = request.context
        with (yield from shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from shared.publisher.publish_in(tx, context, IndexReindexRequested("product", None))
            yield from tx.commit()

    return ask
