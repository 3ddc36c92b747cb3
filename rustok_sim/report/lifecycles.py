"""The pictures and tables of all lifecycles, made anew by ``python -m rustok_sim.report.lifecycles``."""

from pathlib import Path
from typing import Final

from rustok_sim.core.content_states import nodes, topics
from rustok_sim.core.lifecycle import Diagram, diagram
from rustok_sim.modules.commerce.catalogue import states, states_as_built
from rustok_sim.modules.commerce.orders import AS_BUILT, REVIEW, SUCCESSOR
from rustok_sim.modules.commerce.payments.states import collection, delivery, operation, payment, refund
from rustok_sim.report.places import project_folder

PICTURE: Final = Path("docs/order_lifecycle.svg")
PAGE: Final = Path("docs/lifecycles.md")
DIAGRAMS: Final = (
    Diagram(REVIEW),
    Diagram(AS_BUILT),
    Diagram(SUCCESSOR),
    diagram("Product", states.Product),
    diagram("Product, as built", states_as_built.Product, states_as_built.create),
    diagram("Content node", nodes.Node),
    diagram("Forum topic", topics.Topic),
    diagram("Payment collection", collection.Collection),
    diagram("Payment", payment.Payment),
    diagram("Refund", refund.Refund),
    diagram("Provider operation", operation.Operation),
    diagram("Webhook delivery", delivery.Delivery),
)
"""Every lifecycle there is; the first one is the picture."""
HEAD: Final = """# Lifecycles

Made by `python -m rustok_sim.report.lifecycles` from the types themselves: a state is a class, a step a method that
returns the class of the next state. What is not in a table here does not exist, for the type checker or at run time;
only the order of the successor looks its steps up when it runs.

![An order's life, as the review advises it](order_lifecycle.svg)
"""


def page() -> str:
    """All lifecycles as Markdown: a diagram in Mermaid's language, which code hosts draw, and the table of steps."""
    parts = [f"## {one.lifecycle.name}\n\n```mermaid\n{one.mermaid}\n```\n\n{one.markdown}\n" for one in DIAGRAMS]
    return "\n".join([HEAD, *parts])


def write(folder: Path) -> None:
    """Write the picture and the page below *folder*."""
    (folder / PICTURE).parent.mkdir(parents=True, exist_ok=True)
    (folder / PICTURE).write_text(DIAGRAMS[0].svg + "\n", encoding="utf-8")
    (folder / PAGE).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(project_folder("scenarios").parent)
