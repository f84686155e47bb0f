"""A page as HTML that is right wherever it is read.

It holds no script, no style sheet, no drawing and no identifier, only elements and inline styles
that notebooks let through that nobody trusts. It sets no colour of text, so that it reads on white
and on black; nothing of it needs a running kernel; all text is escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from rolegraph.bidi import apart
from rolegraph.page import (
    FEW,
    Block,
    Break,
    Bullets,
    Cell,
    Code,
    Details,
    Fields,
    Figure,
    Grid,
    Heading,
    Inline,
    Link,
    Listing,
    Names,
    Note,
    Only,
    Page,
    Para,
    Strong,
    Tag,
    clean,
    spaces,
)

__all__ = ["to_html"]

_RULE: Final = "border-bottom:1px solid rgba(128,128,128,0.35)"
_NO_MATHS: Final = "mathjax_ignore tex2jax_ignore"  # a dollar in a label is a dollar
_TD: Final = "text-align:{};padding:0.25em 0.75em;vertical-align:top;" + _RULE
_TAG: Final = "border:1px solid rgba(128,128,128,0.6);border-radius:8px;padding:0 0.4em"
_TIGHT: Final = "margin:0.4em 0"
_IMG: Final = "min-width:{}px;height:auto"  # never smaller: its letters would be too


def to_html(page: Page) -> str:
    """Write a page as HTML for a notebook.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
        One ``div``.

    Examples
    --------
    >>> from rolegraph.page import Page, Para, Strong
    >>> to_html(Page((Para(("a < b, ", Strong("so it is"))),)))
    '<div class="...ignore"><p style="margin:0.4em 0">a &lt; b, <strong>so it is</strong></p></div>'
    """
    return f'<div class="{_NO_MATHS}">{_blocks_html(page.blocks)}</div>'


def _blocks_html(blocks: Iterable[Block]) -> str:
    return "".join(map(_block_html, blocks))


def _block_html(block: Block) -> str:
    match block:
        case Heading(text, note, _):
            beside = f" <small>{_html(note)}</small>" if note else ""
            return f'<p style="{_TIGHT}"><strong>{_said(text)}</strong>{beside}</p>'
        case Para(words):
            return f'<p style="{_TIGHT}">{_html(words)}</p>'
        case Bullets(items):
            return f"<ul>{''.join(f'<li>{_html(i)}</li>' for i in items)}</ul>" if items else ""
        case Fields():
            return _fields_html(block)
        case Grid():
            return _grid_html(block)
        case Listing(text, _):
            return f'<pre style="white-space:pre-wrap">{_esc(text, lines=True)}</pre>'
        case Details(summary, blocks):
            inner = _blocks_html(blocks)
            return f"<details><summary>{_said(summary)}</summary>{inner}</details>"
        case Only(where, blocks):
            return _blocks_html(blocks) if where == "html" else ""
        case Figure():
            return _figure_html(block)


def _fields_html(fields: Fields) -> str:
    if not fields.kept:
        return ""
    style = _TD.format("left")
    rows = "".join(
        f'<tr><th scope="row" style="{style};font-weight:normal"><em>{_said(name)}</em></th>'
        f'<td style="{style};overflow-wrap:break-word">{_html(value)}</td></tr>'
        for name, value in fields.kept
    )
    return f'<div style="overflow-x:auto"><table><tbody>{rows}</tbody></table></div>'


def _grid_html(grid: Grid) -> str:
    if not grid.columns:
        return ""

    def style(i: int) -> str:
        return _TD.format("right" if i in grid.numeric else "left")

    head = "".join(
        f'<th scope="col" style="{style(i)}">{_said(c)}</th>' for i, c in enumerate(grid.columns)
    )
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{style(i)}">{_html(cell)}</td>' for i, cell in enumerate(row))
        + "</tr>"
        for row in grid.rows
    )
    caption = ""
    if grid.caption:
        caption = f'<caption style="text-align:left">{_said(grid.caption)}</caption>'
    more = f'<p style="{_TIGHT}"><small>{_said(grid.more)}</small></p>' if grid.more else ""
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div style="overflow-x:auto">{table}</div>{more}'


def _figure_html(figure: Figure) -> str:
    data = base64.b64encode(figure.svg.encode()).decode("ascii")
    caption = f"<br><small>{_said(figure.caption)}</small>" if figure.caption else ""
    return (
        f'<div style="{_TIGHT};overflow-x:auto"><img alt="{_esc(figure.alt)}" '
        f'width="{figure.width}" style="{_IMG.format(figure.width)}" '
        f'src="data:image/svg+xml;base64,{data}">{caption}</div>'
    )


def _html(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return "".join(map(_piece_html, cell))
    return _piece_html(cell)


def _piece_html(piece: Inline | Details) -> str:
    match piece:
        case Strong(text):
            return f"<strong>{_said(text)}</strong>"
        case Code(text):
            return f"<code>{_esc(text)}</code>"
        case Tag(text):
            return f'<small style="{_TAG}">{_said(text)}</small>'
        case Note(text):
            return f"<small>{_said(text)}</small>"
        case Link(text, href):
            return f'<a href="{_esc(href)}">{_said(text)}</a>' if piece.safe else _said(text)
        case Break():
            return "<br>"
        case Names(names):
            return _names_html(names)
        case Details(summary, blocks):
            head = f'<summary style="white-space:nowrap">{_said(summary)}</summary>'
            return f"<details>{head}{_blocks_html(blocks)}</details>"
        case _:
            return _said(piece)


def _names_html(names: Sequence[str]) -> str:
    if len(names) <= FEW + 2:  # nothing is won by hiding one or two
        return "<br>".join(map(_said, names))
    first, rest = "<br>".join(map(_said, names[:FEW])), "<br>".join(map(_said, names[FEW:]))
    return f"{first}<details><summary>… {len(names) - FEW:,} more</summary>{rest}</details>"


def _esc(text: str, *, lines: bool = False) -> str:
    told = clean(text)
    return escape(told if lines else spaces(told))


def _said(text: str) -> str:
    return apart(text, _esc)
