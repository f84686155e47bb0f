"""How answers to cells look: in a terminal, in a notebook, and in a notebook that is not trusted.

A long answer is read page by page. The first rows stand open, more lie in closed ``details``
elements below, and what goes beyond them is counted. Nothing of this needs a script or a running
kernel, so it still works in a notebook that was saved, exported or only looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any, Final

from rolegraph.sparql import Rows
from rolegraph.terms import RawTerm, cell, raw_of

if TYPE_CHECKING:
    import rdflib

__all__ = ["MOST", "PAGE", "ROWS", "AnswerRows", "TriplesView", "YesNo", "table"]

ROWS: Final = 20
"""Rows that stand open."""
PAGE: Final = 100
"""Rows of a closed page."""
MOST: Final = 500
"""Rows that are written into a notebook at most, beside those that stand open."""
_WIDEST = 60  # characters of a cell in a terminal

_CELL = "text-align:{};padding:0.25em 0.75em;vertical-align:top"
_LINE = "border-bottom:1px solid rgba(128,128,128,0.35)"


def _count(n: int, what: str = "row") -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _html(columns: Sequence[str], rows: Sequence[Sequence[Any]], right: Sequence[bool]) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        out = []
        for text, is_right in zip(cells, right, strict=True):
            style = _CELL.format("right" if is_right else "left")
            out.append(f'<{tag} style="{style};{_LINE}">{escape(text)}</{tag}>')
        return f"<tr>{''.join(out)}</tr>"

    head = line("th", columns)
    body = "".join(line("td", [cell(v) for v in row]) for row in rows)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[Any]], right: Sequence[bool]) -> str:
    def line(cells: Sequence[str]) -> str:
        clean = (" ".join(escape(c, quote=False).split()).replace("|", "\\|") for c in cells)
        return "| " + " | ".join(clean) + " |"

    marks = "".join(" ---: |" if r else " --- |" for r in right)
    return "\n".join([line(columns), "|" + marks, *(line([cell(v) for v in r]) for r in rows)])


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Write rows as a table of text.

    Parameters
    ----------
    columns : sequence of str
    rows : sequence of sequence of object
        Long cells are cut, and end in "…" where they are.

    Returns
    -------
    str

    Examples
    --------
    >>> print(table(["role", "n"], [["Delivery Manager", 12], ["Head of Delivery", 3]]))
    role               n
    ----------------  --
    Delivery Manager  12
    Head of Delivery   3
    """
    right = _right(columns, rows)
    texts = [[" ".join(cell(v).split()) for v in row] for row in rows]
    texts = [[c if len(c) <= _WIDEST else c[: _WIDEST - 1] + "…" for c in row] for row in texts]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]

    def line(cells: Sequence[str]) -> str:
        parts = zip(cells, widths, right, strict=True)
        return "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in parts).rstrip()

    return "\n".join([line(list(columns)), line(["-" * w for w in widths]), *map(line, texts)])


def _right(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[bool]:
    return [bool(rows) and all(_number(r[i]) or r[i] is None for r in rows)
            for i in range(len(columns))]  # fmt: skip


class AnswerRows(Rows):
    """Rows that know how many of them a reader wants to see at once.

    Parameters
    ----------
    rows : Rows
    open_rows : int
        How many rows stand open.
    name : str
        Python's variable that holds the answer; empty where there is none.

    Examples
    --------
    >>> import rolegraph as rg
    >>> rows = rg.load().query("SELECT ?l { ?r a rg:Role ; skos:prefLabel ?l } ORDER BY ?l")
    >>> print(AnswerRows(rows, 2)._repr_mimebundle_()["text/plain"])
    l
    ------------------------
    Chief Operations Officer
    Delivery Director
    … 9 more rows
    """

    __slots__ = ("_name", "_open")

    def __init__(self, rows: Rows, open_rows: int = ROWS, name: str = "") -> None:
        super().__init__(rows.columns, rows._raw)
        self._open = max(0, open_rows)
        self._name = name

    def _pages(self) -> Iterator[tuple[int, int]]:
        end = min(len(self), self._open + MOST)
        for start in range(self._open, end, PAGE):
            yield start, min(start + PAGE, end)

    def _beyond(self) -> str:
        left = len(self) - self._open - MOST
        if left <= 0:
            return ""
        where = self._name or "rows"
        how = f"{where}[{self._open + MOST}:]"
        return f"{_count(left, 'more row')}: {how}" + ("" if self._name else ", after -o rows")

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> Mapping[str, str]:
        """Give the answer as text, HTML and Markdown."""
        first: list[list[Any]] = [list(r) for r in self[: self._open]]
        left = len(self) - len(first)
        if not self.columns or not len(self):
            named = f" ({', '.join(self.columns)})" if self.columns else ""
            text = f"{_count(len(self)) if len(self) else 'no rows'}{named}"
            return {"text/plain": text, "text/html": f"<p>{escape(text)}</p>",
                    "text/markdown": escape(text, quote=False)}  # fmt: skip
        more = f"… {_count(left, 'more row')}" if left else ""
        right = _right(self.columns, first)
        html = _html(self.columns, first, right)
        html += f"<p>{_count(len(self))}</p>"
        for start, end in self._pages():
            page = [list(r) for r in self[start:end]]
            inner = _html(self.columns, page, right)
            html += f"<details><summary>rows {start + 1:,} to {end:,}</summary>{inner}</details>"
        if beyond := self._beyond():
            html += f"<p>{escape(beyond)}</p>"
        return {
            "text/plain": "\n".join(filter(None, [table(self.columns, first), more])),
            "text/html": f"<div>{html}</div>",
            "text/markdown": "\n\n".join(
                filter(None, [_markdown(self.columns, first, right), more])
            ),
        }


class YesNo:
    """The answer to an ASK, for a reader."""

    def __init__(self, answer: bool) -> None:
        self._word = "yes" if answer else "no"

    def __repr__(self) -> str:
        """Give the word."""
        return self._word

    def _repr_html_(self) -> str:
        return f"<p><strong>{self._word}</strong></p>"


class TriplesView:
    """What a CONSTRUCT or DESCRIBE gave, as a table of triples in a fixed order.

    Parameters
    ----------
    graph : rdflib.Graph
    open_rows : int
        How many triples the text shows.
    """

    def __init__(self, graph: rdflib.Graph, open_rows: int = ROWS) -> None:
        self._rows = Rows(("subject", "property", "object"), _sorted(graph))
        self._open = open_rows

    def __repr__(self) -> str:
        """Give the triples as a table of text."""
        return f"{_count(len(self._rows), 'triple')}\n{self._bundle()['text/plain']}".rstrip()

    def _bundle(self) -> Mapping[str, str]:
        return AnswerRows(self._rows, self._open)._repr_mimebundle_()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> Mapping[str, str]:
        """Give the triples as text, HTML and Markdown."""
        found = self._bundle()
        count = _count(len(self._rows), "triple")
        return {
            "text/plain": repr(self),
            "text/html": f"<p>{count}</p>{found['text/html']}",
            "text/markdown": f"{count}\n\n{found['text/markdown']}",
        }


def _sorted(graph: rdflib.Graph) -> list[tuple[RawTerm, ...]]:
    """Order triples by what is read, and number blank nodes, whose names differ every time."""
    from rdflib import BNode
    from rdflib.compare import to_canonical_graph

    if any(isinstance(t, BNode) for triple in graph for t in triple):
        graph = to_canonical_graph(graph)  # names that come from what is said of the nodes

    def key(triple: tuple[RawTerm, ...]) -> tuple[tuple[str, ...], ...]:
        return tuple(("~" if t.kind == "bnode" else "", t.value, t.lang or "") for t in triple)

    triples = sorted((tuple(map(raw_of, t)) for t in graph), key=key)
    named = dict.fromkeys(t.value for triple in triples for t in triple if t.kind == "bnode")
    number = {name: f"_:{n}" for n, name in enumerate(named, 1)}
    return [
        tuple(t._replace(value=number[t.value]) if t.kind == "bnode" else t for t in triple)
        for triple in triples
    ]
