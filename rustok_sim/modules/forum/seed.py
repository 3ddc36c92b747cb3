"""A forum that exists before a run, as nodes: the same for the same tenant, so that pickers know its ids."""

from collections.abc import Iterator

from rustok_sim.core.content import NewNode
from rustok_sim.core.ids import named_id
from rustok_sim.modules.forum.categories import category_node
from rustok_sim.modules.forum.records import NewCategory, NewTopic
from rustok_sim.modules.forum.topics import topic_node


def made_up_forum(
    tenant_id: str, categories: int, topics_each: int, *, moderated: bool = False, locale: str = "en"
) -> Iterator[tuple[str, NewNode]]:
    """Categories, then topics, numbered on through all of them.

    Their ids are ``named_id("forum_category", tenant_id, number)`` and ``named_id("forum_topic", tenant_id, number)``.
    """
    ids = [named_id("forum_category", tenant_id, number) for number in range(categories)]
    for number, category_id in enumerate(ids):
        name, slug = f"Category {number}", f"category-{number}"
        yield category_id, category_node(NewCategory(name=name, slug=slug, locale=locale, moderated=moderated))
    for number in range(categories * topics_each):
        category_id = ids[number // topics_each]
        new = NewTopic(category_id=category_id, title=f"Topic {number}", body=f"Question {number}?", locale=locale)
        yield named_id("forum_topic", tenant_id, number), topic_node(new, author_id=None)
