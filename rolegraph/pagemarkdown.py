"""A page as Markdown; all text is escaped, so that a label is a label, whatever stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rolegraph.page import (
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

__all__ = ["to_markdown"]


def to_markdown(page: Page) -> str:
    r"""Write a page as Markdown with GitHub's tables, without HTML in it.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str

    Examples
    --------
    >>> from rolegraph.page import Page, Para, Strong
    >>> print(to_markdown(Page((Para(("1. a|b, ", Strong("so it is"))),))))
    1\. a\|b, **so it is**
    """
    return "\n\n".join(_blocks_markdown(page.blocks))


def _blocks_markdown(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from _block_markdown(block)


def _block_markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, note, _):
            beside = _md(note)
            yield f"**{_md(text)}**" + (f" {beside}" if beside else "")
        case Para(words):
            if text := _line(words):
                yield text
        case Bullets(items):
            if items:
                yield "\n".join(f"- {_line(i)}" for i in items)
        case Fields():
            if block.kept:
                yield "\n".join(f"- *{_md(n)}*: {_md(v)}" for n, v in block.kept)
        case Grid():
            yield from _grid_markdown(block)
        case Listing(text, language):
            yield _fenced(text, language)
        case Details(summary, blocks):
            yield f"*{_md(summary)}*"
            yield from _blocks_markdown(blocks)
        case Only(where, blocks):
            if where == "text":
                yield from _blocks_markdown(blocks)
        case Figure():
            # the first line says what it shows; the rest stands on the page in its own words
            yield f"*{_md(block.alt.split(chr(10), 1)[0])}*"
            if block.caption:
                yield _line(block.caption)


def _grid_markdown(grid: Grid) -> Iterator[str]:
    if not grid.columns:
        return
    if grid.caption:
        yield _line(grid.caption)

    def line(cells: Iterable[Cell]) -> str:
        return "| " + " | ".join(map(_md, cells)) + " |"

    marks = "".join(" ---: |" if i in grid.numeric else " --- |" for i in range(len(grid.columns)))
    yield "\n".join([line(grid.columns), "|" + marks, *map(line, grid.rows)])
    if grid.more:
        yield _line(grid.more)


def _fenced(text: str, language: str) -> str:
    told = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", told)), default=0))
    return f"{fence}{re.sub(r'[^a-z0-9-]', '', language)}\n{told}\n{fence}"


def _md(cell: Cell) -> str:
    pieces = cell if isinstance(cell, tuple) else (cell,)
    if len(pieces) == 1 and isinstance(pieces[0], Details):  # the column says what it is
        return _flat(pieces[0])
    return "".join(map(_piece_md, pieces)).strip()


def _line(cell: Cell) -> str:
    """Write a cell as a line of its own, which is no heading, no list and no code."""
    text = _md(cell)
    if text[:1] in tuple("#+-=%:"):
        return "\\" + text
    return re.sub(r"^(\d{1,9})([.)])", r"\1\\\2", text)


def _piece_md(piece: Inline | Details) -> str:
    match piece:
        case Strong(text):
            return _wrapped("**", text)
        case Code(text):
            plain = re.fullmatch(r"[\w.:/#?=,()'\"+ -]*[\w.:/#?=,()'\"+-]", text, re.ASCII)
            return f"`{text}`" if plain and not text.startswith(" ") else _mark(text)
        case Tag(text):
            return _wrapped("*", text)
        case Note(text):
            return _mark(text)
        case Link(text, href):
            plain = re.fullmatch(r"[\w.:/#?=&%@,+~-]+", href, re.ASCII)
            return f"[{_mark(text)}](<{href}>)" if piece.safe and plain else _mark(text)
        case Break():
            return "; "
        case Names():
            return _mark(piece.text)
        case Details(summary, blocks):
            inner = "; ".join(filter(None, map(_flat, blocks)))
            return f" ({_mark(summary)}: {inner})"
        case _:
            return _mark(piece)


def _wrapped(mark: str, text: str) -> str:
    inner = _mark(text).strip()
    return f"{mark}{inner}{mark}" if inner else ""


def _flat(block: Block) -> str:
    """Write a block within a line."""
    match block:
        case Heading(text, note, _):
            return " ".join(filter(None, [_md(text), _md(note)]))
        case Para(words):
            return _md(words)
        case Bullets(items):
            return "; ".join(map(_md, items))
        case Fields():
            return "; ".join(f"{_md(name)}: {_md(value)}" for name, value in block.kept)
        case Grid():
            return "; ".join(", ".join(map(_md, row)) for row in block.rows)
        case Details(_, blocks):
            return "; ".join(filter(None, map(_flat, blocks)))
        case _:
            return ""


_SPECIAL = re.compile(r"[\\`*_\[\]|~$^{}]")


def _mark(text: str) -> str:
    """Escape a text for Markdown, wherever it stands in a line but at its start."""
    plain = _SPECIAL.sub(r"\\\g<0>", spaces(clean(text)))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
