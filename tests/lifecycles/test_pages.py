"""The pages in docs are the types, printed."""

from rustok_sim.report import lifecycles


def test_the_pages_in_docs_are_current(root, tmp_path):
    """Whoever changes a step makes them anew: ``python -m rustok_sim.report.lifecycles``."""
    lifecycles.write(tmp_path)
    for page in (lifecycles.PICTURE, lifecycles.PAGE):
        assert (root / page).read_text(encoding="utf-8") == (tmp_path / page).read_text(encoding="utf-8")


def test_the_page_has_a_diagram_and_a_table_for_each_lifecycle():
    """Twelve lifecycles: three of orders, two of products, five of payments, nodes and topics."""
    text = lifecycles.page()
    assert [text.count(mark) for mark in ("\n## ", "```mermaid\n", "| from | step | to |")] == [12, 12, 12]
