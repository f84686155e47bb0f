"""How answers to cells look: in a terminal, in a notebook, and in a notebook that is not trusted.

A long answer is read page by page. The first rows stand open, more lie in closed ``details``
elements below, and what goes beyond them is counted. Nothing of this needs a script or a running
kernel, so it still works in a notebook that was saved, exported or only looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rolegraph.page import MOST, PAGE, Page, Para, Strong, count
from rolegraph.page import OPEN as ROWS
from rolegraph.pagetext import aligned, to_text
from rolegraph.shown import Shown
from rolegraph.sparql import Rows
from rolegraph.terms import RawTerm, cell, raw_of

if TYPE_CHECKING:
    import rdflib

    from rolegraph.pictures.triples import Triples

__all__ = ["MOST", "PAGE", "ROWS", "AnswerRows", "TriplesView", "YesNo", "table"]

_WIDEST = 60  # characters of a cell in a terminal


def _number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


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
    texts = [[_cut(cell(v)) for v in row] for row in rows]
    return "\n".join(aligned([list(columns)], texts, right))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"


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
        super().__init__(rows.columns, rows._raw, rows._noted, rows.found)
        self._open = max(0, open_rows)
        self._name = name

    def _beyond(self, end: int) -> str:
        how = f"{self._name or 'rows'}[{end}:]"
        return how if self._name else f"{how}, after -o rows"

    def _page(self) -> Page:
        return Page(self._blocks(self._open, self._beyond))

    def _plain(self) -> str:
        if not self.columns or not len(self):
            return to_text(self._page())
        # many columns stay side by side, however wide that gets
        left = len(self) - self._open
        first: list[list[Any]] = [list(r) for r in self[: self._open]]
        more = f"… {count(left, 'more row')}" if left > 0 else ""
        return "\n".join(filter(None, [table(self.columns, first), more]))


class YesNo(Shown):
    """The answer to an ASK, for a reader."""

    def __init__(self, answer: bool) -> None:
        self._word = "yes" if answer else "no"

    def __repr__(self) -> str:
        """Give the word."""
        return self._word

    def _page(self) -> Page:
        return Page((Para(Strong(self._word)),))


class TriplesView(Shown):
    """What a CONSTRUCT or DESCRIBE gave, as a table of triples in a fixed order.

    Parameters
    ----------
    graph : rdflib.Graph
    open_rows : int
        How many triples the text shows.
    """

    def __init__(self, graph: rdflib.Graph, open_rows: int = ROWS) -> None:
        rows = Rows(("subject", "property", "object"), _sorted(graph))
        self._rows = AnswerRows(rows, open_rows)

    def __repr__(self) -> str:
        """Give the triples as a table of text."""
        return f"{count(len(self._rows), 'triple')}\n{self._rows._plain()}".rstrip()

    def _plain(self) -> str:
        return repr(self)

    def _page(self) -> Page:
        return Page((Para(count(len(self._rows), "triple")), *self._rows._page().blocks))

    def _picture(self) -> Triples | None:
        """Draw the triples above their table, unless there are too many to be read at once."""
        from rolegraph.pictures import triples

        if not 0 < len(self._rows) <= triples.MOST:
            return None
        told = tuple((cell(s), cell(p), cell(o)) for s, p, o in self._rows)
        literals = (n for n, row in enumerate(self._rows._raw) if row[2].kind == "literal")
        return triples.Triples("The answer as a graph", told, frozenset(literals))


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
