"""An executed notebook as one HTML file that loads nothing from anywhere."""

import re
from typing import Any, Final

from rustok_sim.core.errors import RunError

WIDGET: Final = "application/vnd.jupyter.widget-view+json"
REMOTE: Final = re.compile(
    r"""(?ix)
    (?: <(?:script|img|iframe|source|embed|audio|video|input|use|image)\b[^>]*?\s(?:src|srcset|href|xlink:href)
      | <object\b[^>]*?\sdata
      | <link\b[^>]*?\shref
    ) \s*=\s* ["']? \s* (?:https?:)?// [^"'\s>]*
    | (?:url|import|importScripts|fetch)\s*\(\s*["']?\s*(?:https?:)?//[^"')\s]*
    | @import\s+["']\s*(?:https?:)?//[^"']*
    """
)
"""What a browser would load by itself; a link that a reader may follow is none of it."""


def to_html(notebook: Any, *, title: str) -> str:
    """*notebook* (nbformat) without its code, with its pictures inside.

    Widgets need a kernel and a script from outside: their plain text stands in for them. Raises ``RunError`` should
    anything be left that a browser would fetch.
    """
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter(
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        embed_images=True,
        mathjax_url="",
        require_js_url="",
        jquery_url="",
        mermaid_js_url="",
        theme="light",
    )
    html, _ = exporter.from_notebook_node(_without_widgets(notebook), resources={"metadata": {"name": title}})
    remote = sorted({match[0] for match in REMOTE.finditer(html)})
    if remote:
        raise RunError(f"{title}: the report would load {', '.join(remote)}; a report may load nothing from outside")
    return str(html)


def _without_widgets(notebook: Any) -> Any:
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    return notebook
