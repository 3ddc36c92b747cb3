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


PAGE: Final = """
{%- extends 'index.html.j2' -%}
{%- block html_head_js_requirejs -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block html_head_css -%}
<style>
main { max-width: 1040px; margin: 0 auto; padding: 0 20px 60px; }
body.jp-Notebook { overflow: auto; }
.jp-RenderedHTMLCommon table { margin-left: 0; }
.jp-RenderedHTMLCommon tr > th:first-child { text-align: left; }
.jp-RenderedHTMLCommon caption { text-align: left; font-weight: bold; padding: 6px 0; white-space: nowrap; }
.jp-RenderedImage img { max-width: 100%; height: auto; }
</style>
{%- endblock -%}
{%- block data_png -%}
<div class="jp-RenderedImage jp-OutputArea-output">
<img src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}"
{%- for size in ('width', 'height') if output | get_metadata(size, 'image/png') %}
 {{ size }}="{{ output | get_metadata(size, 'image/png') | escape_html }}"
{%- endfor %} alt="{{ (output | get_metadata('alt', 'image/png') or 'a figure') | escape_html }}">
</div>
{%- endblock -%}
"""
"""JupyterLab's page without its scripts, and with the text that stands for a picture."""


def to_html(notebook: Any, *, title: str) -> str:
    """*notebook* (nbformat) without its code, with its pictures inside.

    Widgets, progress bars among them, need a kernel and a script from outside: they are left out. Raises ``RunError``
    should anything be left that a browser would fetch.
    """
    from jinja2 import DictLoader
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter(  # type: ignore[no-untyped-call]  # nbconvert is untyped
        extra_loaders=[DictLoader({"page.html.j2": PAGE})],
        template_file="page.html.j2",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        embed_images=True,
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
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
    return notebook
