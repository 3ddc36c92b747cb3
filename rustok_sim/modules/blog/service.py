"""RusToK's PostService: posts are nodes of a kind."""

from rustok_sim.core.content import Body, NewNode, Node, NodeChanges, NodeFilter, NodePage, Nodes, Status, Translation
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Steps
from rustok_sim.modules.blog.errors import PostNotFound
from rustok_sim.modules.blog.records import KIND, NewPost
from rustok_sim.modules.blog.settings import BlogSettings


class BlogService:
    """Posts of all tenants. What the nodes raise passes through. Whom a guest is taken for was decided before (D6)."""

    __slots__ = ("_nodes", "_settings")

    def __init__(self, nodes: Nodes, settings: BlogSettings) -> None:
        self._nodes = nodes
        self._settings = settings

    def create_post(self, context: Context, new: NewPost) -> Steps[str]:
        """Write a post, whose author is who asks; its id.

        Repaired, a post that is to be published is published in the same transaction, by a step that says so.
        """
        if self._settings.design == "as_built" or not new.publish:
            status: Status = "published" if new.publish else "draft"
            return (yield from self._nodes.create(context, _node_of(context, new, status))).id
        with (yield from self._nodes.begin(context)) as work:
            post_id = yield from work.create(_node_of(context, new, "draft"))
            yield from work.publish((yield from work.read(post_id)))
            yield from work.commit()
        return post_id

    def post(self, context: Context, post_id: str) -> Steps[Node]:
        """A post, published or not. Raises ``PostNotFound`` for a node that is none."""
        node = yield from self._nodes.get(context, post_id)
        if node.kind != KIND:
            raise PostNotFound(f"node {post_id} is a {node.kind}")
        return node

    def post_by_slug(self, context: Context, slug: str) -> Steps[Node]:
        """The post with this slug in the context's language. Raises ``PostNotFound``."""
        node = yield from self._nodes.get_by_slug(context, KIND, slug)
        if node is None:
            raise PostNotFound(f"no post {slug}")
        return node

    def posts(
        self, context: Context, *, status: Status | None = None, page: int = 1, per_page: int = 20
    ) -> Steps[NodePage]:
        """One page of the tenant's posts. Raises ``Forbidden``."""
        wanted = NodeFilter(kind=KIND, status=status, locale=context.locale, page=page, per_page=per_page)
        return self._nodes.page(context, wanted)

    def update_post(self, context: Context, post_id: str, changes: NodeChanges) -> Steps[Node]:
        """Change a post. Raises ``Forbidden``; repaired, ``PostNotFound``."""
        yield from self._check_kind(context, post_id)
        return (yield from self._nodes.update(context, post_id, changes))

    def publish_post(self, context: Context, post_id: str) -> Steps[Node]:
        """Show a post to readers. Raises ``Forbidden``; repaired, ``PostNotFound``."""
        yield from self._check_kind(context, post_id)
        return (yield from self._nodes.publish(context, post_id))

    def unpublish_post(self, context: Context, post_id: str) -> Steps[Node]:
        """Make a post a draft again. Raises ``Forbidden``; repaired, ``PostNotFound``."""
        yield from self._check_kind(context, post_id)
        return (yield from self._nodes.unpublish(context, post_id))

    def delete_post(self, context: Context, post_id: str) -> Steps[None]:
        """Remove a post. Raises ``Forbidden``; repaired, ``PostNotFound``."""
        yield from self._check_kind(context, post_id)
        yield from self._nodes.delete(context, post_id)

    def _check_kind(self, context: Context, post_id: str) -> Steps[None]:
        if self._settings.design == "repaired":
            yield from self.post(context, post_id)


def _node_of(context: Context, new: NewPost, status: Status) -> NewNode:
    return NewNode(
        kind=KIND,
        status=status,
        author_id=context.actor.user_id,
        metadata={**new.metadata, "tags": list(new.tags)},
        translations=(Translation(locale=new.locale, title=new.title, slug=new.slug, excerpt=new.excerpt),),
        bodies=(Body(locale=new.locale, body=new.body),),
    )
