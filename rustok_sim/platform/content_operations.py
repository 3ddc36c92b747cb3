"""Operations on posts and on the forum."""

from rustok_sim.core.content import NewNode, NodeChanges, NodeFilter, Translation
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Steps
from rustok_sim.modules.blog import BlogService, NewPost
from rustok_sim.modules.content import NodeService
from rustok_sim.modules.forum import Forum, NewReply, NewTopic, TopicStep
from rustok_sim.platform.answers import Handler, Request


class ContentOperations:
    """Nodes, blog and forum. Posts and topics of a request are those of its products' numbers."""

    def __init__(self, nodes: NodeService, blog: BlogService, forum: Forum) -> None:
        self._nodes = nodes
        self._blog = blog
        self._forum = forum

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        nodes, blog = self._nodes, self._blog
        return {
            "node.create": self._create,
            "node.update": self._update,
            "node.publish": lambda request: nodes.publish(request.context, _post(request)),
            "node.unpublish": lambda request: nodes.unpublish(request.context, _post(request)),
            "node.delete": lambda request: nodes.delete(request.context, _post(request)),
            "node.get": lambda request: nodes.get(request.context, _post(request)),
            "node.list": lambda request: nodes.page(request.context, NodeFilter(kind="post", status="published")),
            "blog.post": self._post,
            "blog.get": lambda request: blog.post(request.context, _post(request)),
            "blog.list": lambda request: blog.posts(request.context, status="published"),
            "forum.topic": self._topic,
            "forum.reply": self._reply,
            "forum.moderate": self._moderate,
            "forum.list": lambda request: self._forum.replies.list(request.context, _topic(request)),
        }

    def _create(self, request: Request) -> Steps[object]:
        text = Translation(locale="en", title=_title(request))
        return self._nodes.create(request.context, NewNode(kind="post", translations=[text]))

    def _update(self, request: Request) -> Steps[object]:
        text = Translation(locale="en", title=_title(request))
        return self._nodes.update(request.context, _post(request), NodeChanges(translations=[text]))

    def _post(self, request: Request) -> Steps[object]:
        title = _title(request)
        return self._blog.create_post(request.context, NewPost(title=title, body=f"About {title}.", publish=True))

    def _topic(self, request: Request) -> Steps[object]:
        title = _title(request)
        category = named_id("forum_category", request.context.tenant_id, 0)
        return self._forum.topics.create(
            request.context, NewTopic(category_id=category, title=title, body="Who knows?")
        )

    def _reply(self, request: Request) -> Steps[object]:
        return self._forum.replies.create(request.context, NewReply(topic_id=_topic(request), content="I do."))

    def _moderate(self, request: Request) -> Steps[object]:
        step: TopicStep = "pin" if request.ask.number % 2 == 0 else "lock"
        return self._forum.moderation.topic(request.context, _topic(request), step)


def _title(request: Request) -> str:
    return f"{request.context.call.source} {request.context.call.entity}"


def _post(request: Request) -> str:
    return named_id("node", request.context.tenant_id, request.ask.products[0])


def _topic(request: Request) -> str:
    return named_id("forum_topic", request.context.tenant_id, request.ask.products[0])
