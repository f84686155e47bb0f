"""A page as text, laid out for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rolegraph.page import (
    Block,
    Break,
    Bullets,
    Cell,
    Details,
    Fields,
    Figure,
    Grid,
    Heading,
    Inline,
    Listing,
    Names,
    Only,
    Page,
    Para,
    clean,
    spaces,
)

__all__ = ["aligned", "flat", "to_text"]

_NARROW: Final = 12  # a column is not made narrower than this
_GAP: Final = 2
_NAME: Final = 24  # names of fields that are longer stand on a line of their own


def to_text(page: Page, width: int = 100) -> str:
    """Write a page for a terminal.

    Parameters
    ----------
    page : Page
    width : int
        No line is longer.

    Returns
    -------
    str

    Examples
    --------
    >>> from rolegraph.page import Fields, Heading, Page
    >>> print(to_text(Page((Heading("A role"), Fields((("family", "Delivery"), ("level", "")))))))
    A role
       family  Delivery
    """
    return "\n".join(_blocks_text(page.blocks, max(40, width)))


def _blocks_text(blocks: Iterable[Block], width: int) -> Iterator[str]:
    for i, block in enumerate(blocks):
        first = block.blocks[0] if isinstance(block, Only) and block.blocks else block
        shown = not isinstance(block, Only) or block.where == "text"
        if i and shown and isinstance(first, Heading):
            yield ""
        yield from _block_text(block, width)


def _block_text(block: Block, width: int) -> Iterator[str]:
    match block:
        case Heading(text, note, _):
            beside = _plain(note)
            yield from _wrap(spaces(clean(text)) + (f"   {beside}" if beside else ""), width)
        case Para(words):
            yield from _wrap(_plain(words), width)
        case Bullets(items):
            for item in items:
                for i, line in enumerate(_wrap(_plain(item), width - 5)):
                    yield ("   - " if i == 0 else "     ") + line
        case Fields():
            yield from _fields_text(block, width)
        case Grid():
            yield from _grid_text(block, width)
        case Listing(text, _):
            for line in clean(text).splitlines():
                yield from textwrap.wrap(line, width, replace_whitespace=False) or [""]
        case Details(summary, blocks):
            yield from _wrap(spaces(clean(summary)) + ":", width)
            for line in _blocks_text(blocks, width - 3):
                yield f"   {line}".rstrip()
        case Only(where, blocks):
            if where == "text":
                yield from _blocks_text(blocks, width)
        case Figure():
            return


def flat(cell: Cell) -> str:
    """Write a cell as one line of plain text, what is in its details included.

    Examples
    --------
    >>> from rolegraph.page import BREAK, Bullets, Details, Tag
    >>> flat(("a", BREAK, Tag("b"), Details("who says so", (Bullets(("c", "d")),))))
    'a; b (who says so: c; d)'
    >>> flat((Details("who says so", (Bullets(("c", "d")),)),))
    'c; d'
    """
    if isinstance(cell, tuple) and len(cell) == 1 and isinstance(cell[0], Details):
        return "; ".join(filter(None, (_flat_text(b) for b in cell[0].blocks)))
    pieces = cell if isinstance(cell, tuple) else (cell,)
    pieces = tuple("; ".join(p.names) if isinstance(p, Names) else p for p in pieces)
    return "".join(
        f" ({p.summary}: {flat((p,))})" if isinstance(p, Details) else _piece_text(p)
        for p in pieces
    ).replace("\n", "; ").strip()  # fmt: skip


def _flat_text(block: Block) -> str:
    return "; ".join(line.strip().removeprefix("- ") for line in _block_text(block, 100_000))


def _plain(cell: Cell) -> str:
    pieces = cell if isinstance(cell, tuple) else (cell,)
    return "".join(map(_piece_text, pieces)).strip()


def _piece_text(piece: Inline | Details) -> str:
    match piece:
        case str():
            return spaces(clean(piece))
        case Break():
            return "\n"
        case Details():
            return ""
        case _:
            return spaces(clean(piece.text))


def _wrap(text: str, width: int) -> list[str]:
    lines = []
    for line in text.split("\n"):
        # a dash within a word is no place to break it, a CURIE would be cut in two
        lines += textwrap.wrap(line, width, break_on_hyphens=False) or [""]
    return lines


def _fields_text(fields: Fields, width: int) -> Iterator[str]:
    kept = [(spaces(clean(name)), value) for name, value in fields.kept]
    longest = max((len(name) for name, _ in kept), default=0)
    column = 3 + min(_NAME, width // 3, longest) + _GAP
    for name, value in kept:
        lines = list(_opened(value, max(20, width - column)))
        if 3 + len(name) + _GAP > column:  # too long to stand beside its value
            yield from (f"   {line}" for line in _wrap(name, width - 3))
            name = ""
        for i, line in enumerate(lines):
            yield f"{'   ' + name if i == 0 else '':<{column}}{line}".rstrip()


def _opened(value: Cell, width: int) -> Iterator[str]:
    """Write a value; where it is nothing but details, what they hold."""
    pieces = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(p, Details) for p in pieces):
        yield from _wrap(_plain(value), width)
        return
    for block in (b for p in pieces if isinstance(p, Details) for b in p.blocks):
        if isinstance(block, Bullets):
            for item in block.items:
                yield from _wrap(_plain(item), width)
        else:
            yield from _block_text(block, width)


def _grid_text(grid: Grid, width: int) -> Iterator[str]:
    if not grid.columns:
        return
    if grid.caption:
        yield from _wrap(spaces(clean(grid.caption)), width)
    rows = [[_plain(cell) for cell in row] for row in grid.rows]
    heads = [_plain(c) for c in grid.columns]
    right = [i in grid.numeric for i in range(len(heads))]
    if hidden := {i for i in range(len(heads)) if rows and _folded(grid.rows, i)}:
        kept = [i for i in range(len(heads)) if i not in hidden]
        rows = [[row[i] for i in kept] for row in rows]
        heads, right = [heads[i] for i in kept], [right[i] for i in kept]
    sizes = _sizes([heads, *rows], width)
    if sizes is None:  # too many columns to stand side by side
        for i, row in enumerate(rows):
            if i:
                yield ""
            pairs = zip(heads, row, strict=True)
            yield from _fields_text(Fields(tuple(pairs)), width)
    else:
        body = [line for row in rows for line in _stacked(row, sizes)]
        yield from aligned(_stacked(heads, sizes), body, right)
    if grid.more:
        yield from _wrap(spaces(clean(grid.more)), width)


def _folded(rows: Sequence[Sequence[Cell]], i: int) -> bool:
    """Whether nothing but details stands in a column; then text has nothing to show of it."""
    cells = [row[i] for row in rows]
    found = [c for c in cells if isinstance(c, tuple) and any(isinstance(p, Details) for p in c)]
    return bool(found) and not any(_plain(c) for c in cells)


def _stacked(row: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
    """Wrap the cells of a row, and give the lines that it takes."""
    cells = [_wrap(text, size) for text, size in zip(row, sizes, strict=True)]
    high = max(map(len, cells))
    padded = [lines + [""] * (high - len(lines)) for lines in cells]
    return [list(line) for line in zip(*padded, strict=True)]


def _sizes(rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Share the width between columns; the widest give way first. None if there is too little."""
    sizes = [
        max(1, *(len(line) for cell in column for line in cell.split("\n")))
        for column in zip(*rows, strict=True)
    ]
    room = width - _GAP * (len(sizes) - 1)
    while sum(sizes) > room:
        widest = max(sizes)
        if widest <= _NARROW:
            return None
        others = [s for s in sizes if s < widest]
        many = sizes.count(widest)
        spare = sum(sizes) - room
        lowest = max(_NARROW, max(others, default=0), widest - -(-spare // many))
        if lowest == widest:
            return None
        sizes = [lowest if s == widest else s for s in sizes]
    return sizes


def aligned(
    heads: Sequence[Sequence[str]], rows: Sequence[Sequence[str]], right: Sequence[bool]
) -> list[str]:
    r"""Align cells of text under headings of one or more lines.

    Parameters
    ----------
    heads, rows : sequence of sequence of str
        Lines, each with a cell for each column.
    right : sequence of bool
        Which columns are set to the right.

    Returns
    -------
    list of str

    Examples
    --------
    >>> print(*aligned([["role", "n"]], [["Delivery Manager", "12"]], [False, True]), sep="\n")
    role               n
    ----------------  --
    Delivery Manager  12
    """
    widths = [max(map(len, column)) for column in zip(*heads, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        parts = zip(cells, widths, right, strict=True)
        return (" " * _GAP).join(c.rjust(w) if r else c.ljust(w) for c, w, r in parts).rstrip()

    return [*map(line, heads), line(["-" * w for w in widths]), *map(line, rows)]
