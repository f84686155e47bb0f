"""A page of words, tables and pictures that knows no medium, and its text, HTML and Markdown.

A value says once what its page holds (:class:`Page`); :func:`to_html`, :func:`to_markdown` and
:func:`to_text` write it. All three are right wherever they are read:

- the HTML holds no script, no style sheet, no drawing and no identifier, only elements and inline
  styles that notebooks let through that nobody trusts; it sets no colour of text, so that it reads
  on white and on black, and nothing of it needs a running kernel;
- in HTML and in Markdown all text is escaped: a label is a label, whatever stands in it;
- the text is laid out for a terminal.
"""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal, TypeAlias

__all__ = [
    "BREAK",
    "FEW",
    "MOST",
    "OPEN",
    "PAGE",
    "Block",
    "Break",
    "Bullets",
    "Cell",
    "Code",
    "Details",
    "Fields",
    "Figure",
    "Grid",
    "Heading",
    "Inline",
    "Link",
    "Listing",
    "Names",
    "Note",
    "Only",
    "Page",
    "Para",
    "Strong",
    "Tag",
    "aligned",
    "apart",
    "count",
    "flat",
    "joined",
    "paged",
    "to_html",
    "to_markdown",
    "to_text",
]

OPEN: Final = 20
"""Rows of a long table that stand open."""
PAGE: Final = 100
"""Rows of a closed page of a long table."""
MOST: Final = 500
"""Rows of a long table that are written at most, beside those that stand open."""
FEW: Final = 6
"""Names of a long list that stand open."""
_MANY: Final = 30  # names of a long list in text


# ---------------------------------------------------------------------------- what a page is of


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Words of a machine: a CURIE, a call."""

    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A word that says of what kind something is: ``curated``, ``promotion``."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words in smaller letters."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link; anything but http, https and mailto is shown as its text.

    Attributes
    ----------
    text, href : str
    """

    text: str
    href: str

    @property
    def safe(self) -> bool:
        """Whether it may be followed."""
        return bool(re.fullmatch(r"(https?://|mailto:)[^\s\x00-\x1f\x7f]+", self.href, re.ASCII))


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line within a cell."""


BREAK: Final = Break()


@dataclass(frozen=True, slots=True)
class Names:
    """A list of short texts, of any length.

    HTML has a line for each; of many, the first few, and the rest on demand. Text and Markdown set
    them one after the other, the first thirty of them.
    """

    names: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.names)

    @property
    def text(self) -> str:
        """The beginning, and how many more."""
        more = len(self.names) - _MANY
        return "; ".join(self.names[:_MANY]) + (f"; … {more:,} more" if more > 0 else "")


Inline: TypeAlias = str | Strong | Code | Tag | Note | Link | Break | Names
Cell: TypeAlias = "Inline | tuple[Inline | Details, ...]"
"""A piece of text, or several in a row; details within a cell are left out of plain text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that says what comes.

    Attributes
    ----------
    text : str
    note : Cell
        What stands beside it, in smaller letters.
    level : int
        1 is the title of the page, 2 a part of it.
    """

    text: str
    note: Cell = ""
    level: int = 1


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph."""

    words: Cell


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with their values; pairs without a value are left out."""

    pairs: tuple[tuple[str, Cell], ...]

    @property
    def kept(self) -> tuple[tuple[str, Cell], ...]:
        """The pairs with a value."""
        return tuple((name, value) for name, value in self.pairs if value)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes
    ----------
    columns : tuple of str
    rows : tuple of tuple of Cell
        Each with a cell for each column.
    numeric : frozenset of int
        Places of the columns with figures, which are set to the right.
    caption : str
    more : str
        What follows the last row, for example "… 40 more".
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()
    caption: str = ""
    more: str = ""

    def __post_init__(self) -> None:
        if wrong := {len(r) for r in self.rows} - {len(self.columns)}:
            raise ValueError(f"a row of {min(wrong)} cells in a table of {len(self.columns)}")


@dataclass(frozen=True, slots=True)
class Listing:
    """A text of several lines for a machine, such as a query."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What a reader opens on demand; in text and Markdown it stands open.

    Attributes
    ----------
    summary : str
    blocks : tuple of Block
    """

    summary: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Only:
    """Blocks for one medium: ``"html"``, or ``"text"``, which is Markdown too."""

    where: Literal["html", "text"]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its text alternative.

    Attributes
    ----------
    svg : str
        A whole SVG document, drawn for the width.
    alt : str
    width : int
        In pixels; where there is less room, HTML lets the reader scroll sideways.
    caption : str
    """

    svg: str
    alt: str
    width: int
    caption: str = ""


Block: TypeAlias = "Heading | Para | Bullets | Fields | Grid | Listing | Details | Only | Figure"


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be shown, from top to bottom."""

    blocks: tuple[Block, ...]


# ---------------------------------------------------------------------------- putting one together


def count(number: int, what: str = "row") -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> count(1), count(1200, "role"), count(2, "certification")
    ('1 row', '1,200 roles', '2 certifications')
    """
    if number != 1:
        what = what[:-1] + "ies" if re.search("[^aeiou]y$", what) else what + "s"
    return f"{number:,} {what}"


def joined(cells: Iterable[Cell], mark: Inline = ", ") -> Cell:
    """Put cells into one, with a mark or a :data:`BREAK` between them.

    Examples
    --------
    >>> joined(["a", Strong("b")])
    ('a', ', ', Strong(text='b'))
    """
    out: list[Inline | Details] = []
    for i, cell in enumerate(cells):
        if i:
            out.append(mark)
        out.extend(cell if isinstance(cell, tuple) else (cell,))
    return tuple(out)


def paged(
    columns: Sequence[str],
    number: int,
    rows: Callable[[int, int], Sequence[Sequence[Cell]]],
    *,
    numeric: frozenset[int] = frozenset(),
    open_rows: int = OPEN,
    most: int = MOST,
    what: str = "row",
    beyond: Callable[[int], str] | None = None,
) -> tuple[Block, ...]:
    """Lay out a table that may be long, page by page.

    The first rows stand open. In HTML more lie in closed details below it, at most `most`, and what
    goes beyond them is counted; text and Markdown count all that is left.

    Parameters
    ----------
    columns : sequence of str
    number : int
        How many rows there are.
    rows : callable
        Gives the rows from a place up to another one; only those that are shown are asked for.
    numeric : frozenset of int
    open_rows : int
    most : int
    what : str
        What a row is, in the singular.
    beyond : callable, optional
        Says how to get at the rows from a place on.

    Returns
    -------
    tuple of Block

    Examples
    --------
    >>> blocks = paged(["n"], 300, lambda a, b: [[str(n)] for n in range(a, b)], open_rows=2)
    >>> print(to_text(Page(blocks)))
    n
    -
    0
    1
    … 298 more rows
    >>> to_html(Page(blocks)).count("<details>")
    3
    """

    def grid(start: int, end: int, more: str = "") -> Grid:
        return Grid(tuple(columns), tuple(map(tuple, rows(start, end))), numeric, more=more)

    shown = min(number, max(0, open_rows))
    end = min(number, shown + most)
    left = f"… {count(number - shown, f'more {what}')}" if number > shown else ""
    pages: list[Block] = [Para(Note(count(number, what)))]
    for start in range(shown, end, PAGE):
        last = min(start + PAGE, end)
        head = f"{count(2, what).split(' ', 1)[1]} {start + 1:,} to {last:,}"
        pages.append(Details(head, (grid(start, last),)))
    if number > end:
        rest = count(number - end, f"more {what}")
        pages.append(Para(Note(f"{rest}: {beyond(end)}" if beyond is not None else f"… {rest}")))
    return (
        grid(0, shown),
        *((Only("text", (Para(left),)),) if left else ()),
        Only("html", tuple(pages)),
    )


# ---------------------------------------------------------------------------- HTML

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


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _clean(text: str) -> str:
    """Show what no page may hold (control characters, halves of characters) as a mark."""
    return _CONTROL.sub("\ufffd", text)


def _esc(text: str, *, lines: bool = False) -> str:
    clean = _clean(text)
    return escape(clean if lines else _spaces(clean))


# Letters that are written from right to left, and a stretch of them, with the numbers that stand
# between and after them, and brackets around such letters and numbers.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_GROUP = rf"\([{_RTL}\d\s.%+\u2013-]*\)"
_BETWEEN = r"[\s.'\"\u2019/%+_\u2013-]"
_STRETCH = re.compile(rf"[{_RTL}](?:[{_RTL}\d]|{_BETWEEN}+(?=[{_RTL}\d]|{_GROUP})|{_GROUP})*")


_SPAN = ('<span dir="auto">', "</span>")


def apart(text: str, esc: Callable[[str], str] = escape, marks: tuple[str, str] = _SPAN) -> str:
    """Escape a text for HTML, and set what is written from right to left apart.

    A name in Arabic or Hebrew would otherwise change places with the arrow, the number or the name
    beside it. JupyterLab and GitHub let ``span`` with ``dir`` through, only the first also ``bdi``.

    Parameters
    ----------
    text : str
    esc : callable
        Escapes a part of it.
    marks : tuple of str
        What is put before and after such a stretch.

    Returns
    -------
    str

    Examples
    --------
    >>> apart("R&D \u2192 \u05de\u05e0\u05d4\u05dc 2")
    'R&amp;D \u2192 <span dir="auto">\u05de\u05e0\u05d4\u05dc 2</span>'
    """
    parts, at = [], 0
    for found in _STRETCH.finditer(text):
        parts += [esc(text[at : found.start()]), esc(found[0]).join(marks)]
        at = found.end()
    return "".join((*parts, esc(text[at:])))


def _said(text: str) -> str:
    return apart(text, _esc)


def _spaces(text: str) -> str:
    """Make one blank of each run of white space, also of those at the ends."""
    return re.sub(r"\s+", " ", text)


# ---------------------------------------------------------------------------- Markdown


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
    clean = _clean(text).replace("\r\n", "\n").replace("\r", "\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", clean)), default=0))
    return f"{fence}{re.sub(r'[^a-z0-9-]', '', language)}\n{clean}\n{fence}"


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
    plain = _SPECIAL.sub(r"\\\g<0>", _spaces(_clean(text)))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ---------------------------------------------------------------------------- text

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
            yield from _wrap(_spaces(_clean(text)) + (f"   {beside}" if beside else ""), width)
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
            for line in _clean(text).splitlines():
                yield from textwrap.wrap(line, width, replace_whitespace=False) or [""]
        case Details(summary, blocks):
            yield from _wrap(_spaces(_clean(summary)) + ":", width)
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
            return _spaces(_clean(piece))
        case Break():
            return "\n"
        case Details():
            return ""
        case _:
            return _spaces(_clean(piece.text))


def _wrap(text: str, width: int) -> list[str]:
    lines = []
    for line in text.split("\n"):
        # a dash within a word is no place to break it, a CURIE would be cut in two
        lines += textwrap.wrap(line, width, break_on_hyphens=False) or [""]
    return lines


def _fields_text(fields: Fields, width: int) -> Iterator[str]:
    kept = [(_spaces(_clean(name)), value) for name, value in fields.kept]
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
        yield from _wrap(_spaces(_clean(grid.caption)), width)
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
        yield from _wrap(_spaces(_clean(grid.more)), width)


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
