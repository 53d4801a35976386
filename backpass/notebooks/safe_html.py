"""A stranger's Markdown as HTML that is safe to show beside one's own controls.

nbgrader's pages render Markdown with all the HTML in it, scripts too, in the session of whoever marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

import bleach
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_TAGS = frozenset(
    ["a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6"]
    + ["hr", "i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup"]
    + ["table", "tbody", "td", "th", "thead", "tr", "ul"]
)
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_PRE = re.compile(r"<pre>.*?</pre>", re.DOTALL)


def safe_html(markdown: str, attachments: Mapping[str, Any] | None = None) -> str:
    """`markdown` as one line of HTML: one block of Markdown again, which is displayed as it is.

    `attachments`: pasted pictures, by name and MIME type, as in a notebook's cell.
    """
    pictures = {
        name: {kind: data for kind, data in each.items() if kind in _PICTURES and isinstance(data, str)}
        for name, each in (attachments or {}).items()
        if isinstance(each, dict)
    }
    renderer = IPythonRenderer(escape=False, attachments=pictures, exclude_anchor_links=True)
    rendered = MarkdownWithMath(renderer=renderer).render(markdown)
    clean = bleach.clean(rendered, _TAGS, _allowed, protocols=("http", "https", "mailto", "data"))
    # A blank line would end the block, and what follows it would be read as Markdown.
    flat = _PRE.sub(lambda found: found.group().replace("\n", "&#10;"), clean)
    return f"<div>{' '.join(line.strip() for line in flat.splitlines())}</div>"


def plain_html(text: str) -> str:
    """`text` as it stands, as one line of HTML."""
    return f"<div><pre>{escape(text).replace(chr(10), '&#10;')}</pre></div>"


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img":
        return name == "alt" or (name == "src" and value.startswith(tuple(f"data:{kind};" for kind in _PICTURES)))
    if tag == "a":
        return name == "href" and value.startswith(("http://", "https://", "mailto:", "#"))
    return tag in ("td", "th") and name in ("colspan", "rowspan")
