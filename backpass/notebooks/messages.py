"""The kit's messages as HTML for nbgrader's pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

_INDENT = "    "


def message_html(paragraphs: Iterable[str]) -> str:
    """Paragraphs, and what is indented by four spaces as it stands; `backticks` become code, all else is text.

    Messages quote what a stranger's code says, so no Markdown is read in them.
    """
    return "".join(_block(text) for text in paragraphs if text.strip())


def _block(text: str) -> str:
    if text.startswith(_INDENT):
        lines = "\n".join(line.removeprefix(_INDENT) for line in text.splitlines())
        return f"<pre>{escape(lines)}</pre>"
    line = escape(" ".join(text.split()), quote=False)
    return "<p>" + re.sub("`([^`]+)`", r"<code>\1</code>", line) + "</p>"
