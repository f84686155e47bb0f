"""A cell of SPARQL without the notebook around it: what it binds, and where its mistakes stand.

SPARQL writes a variable with ``?`` or with ``$`` and means the same. A cell gives the second sign a
meaning: ``$role`` is a variable whose value comes from Python, ``?role`` is one that the query
finds. The text stays a query that any other tool reads.

Mistakes are looked for before the query runs, on the text as it was typed, so that the place named
is the place on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from rolegraph import sparql
from rolegraph.errors import QueryError
from rolegraph.sparql import Rows
from rolegraph.sparqlnotes import (
    Queried,
    Token,
    Vocabulary,
    either,
    nearest,
    notes_for,
    tokens_of,
    unknown_prefix,
    vocabulary_of,
    without_warning,
)
from rolegraph.sparqltext import form_of, keywords
from rolegraph.store import OxigraphStore, RdflibEngine

if TYPE_CHECKING:
    import rdflib

    from rolegraph.lookup import Lookup

__all__ = [
    "KEYWORDS",
    "CellError",
    "RdflibGraph",
    "ask_cell",
    "bindings_of",
    "check",
    "from_python",
]

_FORMS: Final = "SELECT ASK CONSTRUCT DESCRIBE".split()
_CLAUSES: Final = (
    "WHERE FILTER OPTIONAL UNION MINUS BIND VALUES GRAPH SERVICE DISTINCT REDUCED GROUP ORDER BY "
    "HAVING LIMIT OFFSET ASC DESC AS PREFIX BASE FROM NAMED NOT EXISTS IN UNDEF SEPARATOR SILENT"
).split()
_FUNCTIONS: Final = (
    "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE "
    "RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS "
    "STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 "
    "SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL "
    "ISNUMERIC REGEX SUBSTR REPLACE"
).split()
KEYWORDS: Final[tuple[str, ...]] = (*_FORMS, *_CLAUSES, *_FUNCTIONS)
"""The words of SPARQL's queries: forms, clauses, functions."""
_WORDS: Final = frozenset(KEYWORDS) | {"A", "TRUE", "FALSE"}

_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)
_PAIRS = {"{": "}", "(": ")", "[": "]"}


class CellError(QueryError):
    """What is wrong with a cell, told in lines for a reader; a notebook shows no traceback."""

    def _render_traceback_(self) -> list[str]:
        """Give the lines that IPython shows in the place of a traceback."""
        return [f"{type(self).__name__}: {line}" if i == 0 else line
                for i, line in enumerate(str(self).split("\n"))]  # fmt: skip


def from_python(query: str) -> tuple[str, ...]:
    """Give the variables that a cell takes from Python, in order of appearance.

    Examples
    --------
    >>> from_python("SELECT ?skill { $role rg:hasSkill ?skill }")
    ('role',)
    """
    named = (t.text for t in tokens_of(query) if t.kind == "var" and t.text.startswith("$"))
    return tuple(dict.fromkeys(name[1:] for name in named))


# ---------------------------------------------------------------------------- mistakes


def _pointed(query: str, start: int, end: int, message: str) -> CellError:
    """Make an error that shows the line, the one before it, and marks under the place."""
    lines = query.split("\n")
    before = query[:start]
    row, column = before.count("\n"), start - (before.rfind("\n") + 1)
    line = lines[row]
    width = len(str(row + 1))
    marks = "^" * max(1, min(end - start, len(line) - column))
    shown = [f"  {n + 1:>{width}} | {lines[n]}" for n in range(max(0, row - 1), row + 1)]
    # tabs stay tabs, so that the mark stands under its place
    space = "".join(c if c == "\t" else " " for c in line[:column])
    shown.append(f"  {'':>{width}} | {space}{marks}")
    return CellError("\n".join([f"line {row + 1}: {message}", *shown]))


def check(query: str) -> None:
    r"""Refuse a query that is malformed, and show where.

    Parameters
    ----------
    query : str

    Raises
    ------
    CellError
        The message has the line, and a mark under the place.

    Examples
    --------
    >>> try:
    ...     check("SELECT ?skill {\n  ?role rgg:hasSkill ?skill }")
    ... except CellError as error:
    ...     print(error)
    line 2: no prefix rgg:; did you mean rg:?
      1 | SELECT ?skill {
      2 |   ?role rgg:hasSkill ?skill }
        |         ^^^
    """
    if not any(t.kind != "comment" for t in tokens_of(query)):
        raise CellError("there is no query")
    if form_of(query) == "UPDATE":
        raise CellError("a cell asks and changes nothing; for an update there is kg.update(…)")
    strange = unknown_prefix(query)
    for t in tokens_of(query):
        if t.kind == "loose":
            what = "this is no IRI" if t.text[0] == "<" else "this quote is never closed"
            raise _pointed(query, t.start, t.end, what)
        if strange is not None and t.start == strange[0].start:
            raise _pointed(query, t.start, strange[0].end, strange[1])
    if {"SERVICE", "FROM"} & set(keywords(query)):
        return  # trying these out may reach over the network; the engine says what it thinks
    try:
        OxigraphStore().ask(query, {})
    except QueryError as error:
        raise _malformed(query, error) from None


def _malformed(query: str, error: QueryError) -> CellError:
    """Say what is wrong in words: a misspelt word and an open bracket come before the engine's."""
    cause = getattr(error.__cause__, "msg", None) or str(error.__cause__)
    place = _PLACE.match(cause)
    tokens = [t for t in tokens_of(query) if t.kind != "comment"]
    for t in tokens:
        if t.kind == "word" and t.text.upper() not in _WORDS:
            near = nearest(t.text, KEYWORDS)
            return _pointed(query, t.start, t.end, f"{t.text} is no word of SPARQL{either(near)}")
    stack: list[Token] = []
    for t in tokens:
        if t.kind == "mark" and t.text in "{([":
            stack.append(t)
        elif t.kind == "mark":
            if not stack:
                return _pointed(query, t.start, t.end, f"{t.text} closes nothing")
            if _PAIRS[(last := stack.pop()).text] != t.text:
                return _pointed(query, last.start, last.end, f"{last.text} is never closed")
    if stack:
        return _pointed(query, stack[-1].start, stack[-1].end, f"{stack[-1].text} is never closed")
    if (odd := _odd_projection(query, tokens, cause)) is not None:
        return odd
    if place is None:
        return CellError(str(error))
    row, column = int(place[1]) - 1, int(place[2]) - 1
    lines = query.split("\n")
    at = sum(len(x) + 1 for x in lines[:row]) + column
    what = "malformed SPARQL: it cannot be read on from here"
    if re.match(r"BY\b", place[3]):
        what = "malformed SPARQL: BY is missing"
    at = min(at, len(query.rstrip()) - 1)
    while query[at].isspace():  # the engine points behind what it has read
        at += 1
    token = next((t for t in tokens if t.start <= at < t.end), None)
    start, end = (token.start, token.end) if token is not None else (at, at + 1)
    return _pointed(query, start, end, what)


def _odd_projection(query: str, tokens: Sequence[Token], cause: str) -> CellError | None:
    """Find a comma in what a SELECT gives, and a variable that it cannot give."""
    words = [t.text.upper() for t in tokens]
    if "SELECT" not in words:
        return None
    first = words.index("SELECT") + 1
    listed: list[Token] = []
    level = 0
    for t in tokens[first:]:
        if t.text == "{" or t.text.upper() == "WHERE":
            break
        level += {"(": 1, ")": -1}.get(t.text, 0)
        if t.kind == "var" and level == 0:
            listed.append(t)
    for a, b in pairwise(listed):
        if (comma := query.find(",", a.end, b.start)) >= 0:
            return _pointed(query, comma, comma + 1, "variables of a SELECT stand without commas")
    if "variable that is unbound" in cause:
        grouped = set(words[words.index("GROUP") :]) if "GROUP" in words else set()
        for t in listed:
            if t.text.upper() not in grouped:
                return _pointed(
                    query, t.start, t.end, f"{t.text} is neither counted nor named in GROUP BY"
                )
    return None


# ---------------------------------------------------------------------------- binding


_PLAIN = (bool, int, float, str)


def bindings_of(query: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Find the values of a cell's ``$variables`` among Python's.

    Parameters
    ----------
    query : str
    names : mapping of str to object
        Python's variables.

    Returns
    -------
    dict of str to object
        Values to be bound, never to be pasted.

    Raises
    ------
    CellError
        If Python has no such variable; the place and the nearest names are shown.
    """
    found: dict[str, Any] = {}
    for t in tokens_of(query):
        if t.kind == "var" and t.text.startswith("$"):
            name = t.text[1:]
            if name not in names:
                near = nearest(name, [n for n in names if not n.startswith("_")])
                hint = either([f"${n}" for n in near]) or (
                    f"; write ?{name} for a variable that the query finds"
                )
                raise _pointed(query, t.start, t.end, f"no Python variable {name}{hint}")
            found[name] = names[name]
    return found


# ---------------------------------------------------------------------------- terms


class _Around(RdflibEngine):
    def __init__(self, graph: rdflib.Graph) -> None:
        self.dataset = graph  # type: ignore[assignment]


class RdflibGraph:
    """An rdflib graph that is asked like a :class:`~rolegraph.RoleGraph`.

    Parameters
    ----------
    graph : rdflib.Graph

    Examples
    --------
    >>> import rdflib
    >>> g = rdflib.Graph().parse(data="<urn:a> <urn:b> 1 .", format="turtle")
    >>> RdflibGraph(g).query("SELECT ?n { ?a <urn:b> ?n }").column("n")
    (1,)
    """

    def __init__(self, graph: rdflib.Graph) -> None:
        self._engine = _Around(graph)

    def query(self, query: str, /, **bindings: Any) -> Rows:
        """Run a SELECT."""
        return sparql.select(self._engine, query, bindings)

    def ask(self, query: str, /, **bindings: Any) -> bool:
        """Run an ASK."""
        return sparql.ask(self._engine, query, bindings)

    def construct(self, query: str, /, **bindings: Any) -> rdflib.Graph:
        """Run a CONSTRUCT or DESCRIBE."""
        return sparql.construct(self._engine, query, bindings)


def ask_cell(
    query: str,
    graph: Queried,
    names: Mapping[str, Any],
    vocabulary: Vocabulary | None = None,
    index: Lookup | None = None,
) -> tuple[Rows | bool | rdflib.Graph, list[str]]:
    """Run a cell.

    Parameters
    ----------
    query : str
        Any form of SPARQL query.
    graph : Queried
    names : mapping of str to object
        Python's variables; those that the query names with ``$`` are bound.
    vocabulary : Vocabulary, optional
        The graph's terms, if they are known already.
    index : Lookup, optional
        The graph's names; without them nothing is said of unknown terms.

    Returns
    -------
    (Rows or bool or rdflib.Graph, list of str)
        The answer, and what is worth a word besides.

    Raises
    ------
    CellError

    Examples
    --------
    >>> import rolegraph as rg
    >>> kg = rg.load()
    >>> me = kg.role("Project Manager")
    >>> ask_cell("ASK { $me rg:canTransitionTo ?next }", kg, {"me": me})
    (True, [])
    """
    check(query)
    bindings = bindings_of(query, names)
    ask = {"SELECT": graph.query, "ASK": graph.ask}.get(form_of(query), graph.construct)
    try:
        with without_warning():
            answer: Any = ask(query, **bindings)
    except QueryError as error:
        raise CellError(str(error)) from error
    if index is None:
        return answer, []  # a foreign graph may use our names for what it likes
    found = answer.found if isinstance(answer, Rows) else bool(answer)
    terms = vocabulary or vocabulary_of(graph)
    return answer, notes_for(query, bindings, found, graph, terms, index)
