"""A page of words, tables and pictures that knows no medium.

A value says once what its page holds (:class:`Page`); :func:`rolegraph.pagehtml.to_html`,
:func:`rolegraph.pagemarkdown.to_markdown` and :func:`rolegraph.pagetext.to_text` write it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
    "clean",
    "count",
    "joined",
    "paged",
    "spaces",
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
    >>> from rolegraph.pagehtml import to_html
    >>> from rolegraph.pagetext import to_text
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


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Show what no page may hold (control characters, halves of characters) as a mark."""
    return _CONTROL.sub("\ufffd", text)


def spaces(text: str) -> str:
    """Make one blank of each run of white space, also of those at the ends."""
    return re.sub(r"\s+", " ", text)
