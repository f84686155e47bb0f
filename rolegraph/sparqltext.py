"""Looking at SPARQL text without running it: its form, its variables, its scopes.

Oxigraph substitutes a variable only where the variable is in scope of the whole query, that is
projected; rdflib binds it everywhere. :func:`widen` brings the two together: it adds *names* of
variables to projections and groupings (never values), and the caller drops the added columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "Widened",
    "columns_of_star",
    "form_of",
    "groups_anything",
    "keywords",
    "variables",
    "widen",
]

_TOKENS = re.compile(
    r"""
      (?P<skip>\#[^\n]* | <[^<>"{}|^`\\\x00-\x20]*>
        | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
        | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | [?$](?P<var>\w+)
    | (?P<name>[\w.-]*:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>[{}()*])
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split())
_FORMS = frozenset("SELECT ASK CONSTRUCT DESCRIBE".split())
_AGGREGATES = frozenset("COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT".split())
_AFTER_GROUP = frozenset("HAVING ORDER LIMIT OFFSET VALUES".split())


class _Token(NamedTuple):
    kind: str  # "var", "word" or "mark"
    text: str  # name of the variable, keyword in upper case, or the mark
    start: int
    end: int


@lru_cache(maxsize=256)
def _tokens(query: str) -> tuple[_Token, ...]:
    out = []
    for m in _TOKENS.finditer(query):
        kind = m.lastgroup or "skip"
        if kind == "word":
            out.append(_Token(kind, m["word"].upper(), m.start(), m.end()))
        elif kind in ("var", "mark"):
            out.append(_Token(kind, m[kind], m.start(), m.end()))
    return tuple(out)


def keywords(query: str) -> list[str]:
    """Give the bare words of a query in upper case, outside strings, IRIs and comments."""
    return [t.text for t in _tokens(query) if t.kind == "word"]


def variables(query: str) -> list[str]:
    """Give the names of a query's variables, in order of first appearance."""
    return list(dict.fromkeys(t.text for t in _tokens(query) if t.kind == "var"))


def form_of(query: str) -> str:
    r"""Tell the form of a query or update.

    Parameters
    ----------
    query : str
        SPARQL text.

    Returns
    -------
    str
        ``"SELECT"``, ``"ASK"``, ``"CONSTRUCT"``, ``"DESCRIBE"``, ``"UPDATE"`` or ``""``.

    Examples
    --------
    >>> form_of("# SELECT nothing\nASK { ?s ?p 'SELECT' }")
    'ASK'
    """
    for word in keywords(query):
        if word in _FORMS:
            return word
        if word in _UPDATES:
            return "UPDATE"
    return ""


def columns_of_star(query: str) -> list[str] | None:
    """Give the variables of a ``SELECT *`` in order of appearance; None when it is no star."""
    selects = list(_selects(_tokens(query)))
    return variables(query) if selects and selects[0].star else None


class _Select(NamedTuple):
    """Where the parts of one SELECT stand, as token indexes."""

    start: int
    star: bool
    projected: frozenset[str]
    aggregated: bool
    last: int  # last token of the projection
    open: int
    close: int
    by: int | None  # the BY of GROUP BY
    grouped: frozenset[str]
    end: int  # one past its last token


def _closing(tokens: Sequence[_Token], at: int) -> int:
    depth = 0
    for i in range(at, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[i].text, 0) if tokens[i].kind == "mark" else 0
        if depth == 0:
            return i
    return len(tokens) - 1


def _selects(tokens: Sequence[_Token]) -> Iterator[_Select]:
    for start, token in enumerate(tokens):
        if token.kind != "word" or token.text != "SELECT":
            continue
        i, depth, star, aggregated = start + 1, 0, False, False
        bare: set[str] = set()
        while i < len(tokens):
            t = tokens[i]
            if t.kind == "mark" and t.text == "{":
                break
            if t.kind == "word" and t.text in ("WHERE", "FROM") and depth == 0:
                break
            depth += {"(": 1, ")": -1}.get(t.text, 0) if t.kind == "mark" else 0
            star = star or (t.kind == "mark" and t.text == "*" and depth == 0)
            aggregated = aggregated or (t.kind == "word" and t.text in _AGGREGATES)
            if t.kind == "var" and (depth == 0 or tokens[i - 1].text == "AS"):
                bare.add(t.text)
            i += 1
        last = i - 1
        while i < len(tokens) and not (tokens[i].kind == "mark" and tokens[i].text == "{"):
            i += 1
        if i == len(tokens):
            return  # malformed: the engine will say so
        close = _closing(tokens, i)
        by, grouped, end = _grouping(tokens, close + 1)
        yield _Select(
            start,
            star,
            frozenset(bare),
            aggregated,
            last,
            i,
            close,
            by,
            frozenset(grouped),
            end,
        )


def _grouping(tokens: Sequence[_Token], i: int) -> tuple[int | None, set[str], int]:
    by: int | None = None
    grouped: set[str] = set()
    inside, depth = False, 0
    while i < len(tokens):
        t = tokens[i]
        if t.kind == "mark" and t.text in "{}":
            depth += 1 if t.text == "{" else -1
            if depth < 0:
                break
        if t.kind == "word" and t.text == "BY" and tokens[i - 1].text == "GROUP":
            by, inside = i, True
        elif t.kind == "word" and t.text in _AFTER_GROUP:
            inside = False
        elif t.kind == "var" and inside:
            grouped.add(t.text)
        i += 1
    return by, grouped, i


@dataclass(frozen=True, slots=True)
class Widened:
    """A query in which chosen variables are in scope at the top.

    Attributes
    ----------
    query : str
    added : frozenset of str
        Columns that the original query does not have.
    empty : str or None
        Query for the one row of an ungrouped aggregate over nothing, which grouping would lose.
    """

    query: str
    added: frozenset[str]
    empty: str | None


def widen(query: str, names: Collection[str]) -> Widened:
    """Bring variables into scope at the top of a query, by adding their names where needed.

    Parameters
    ----------
    query : str
        Any query form.
    names : collection of str
        Variables that will be substituted.

    Returns
    -------
    Widened

    Examples
    --------
    >>> w = widen("SELECT (COUNT(?s) AS ?n) { ?role rg:hasSkill ?s }", ["role"])
    >>> w.query
    'SELECT (COUNT(?s) AS ?n) ?role { ?role rg:hasSkill ?s } GROUP BY ?role'
    >>> w.empty
    'SELECT (COUNT(?s) AS ?n) { FILTER(false) }'
    """
    tokens = _tokens(query)
    form = form_of(query)
    inserts: list[tuple[int, str]] = []
    added: set[str] = set()
    empty: str | None = None
    undef = "".join(f" VALUES ?{n} {{ UNDEF }}" for n in sorted(names))
    for select in _selects(tokens):
        top = form == "SELECT" and not inserts and select.start == _first(tokens, "SELECT")
        inside = {t.text for t in tokens[select.start : select.end] if t.kind == "var"}
        wanted = [n for n in sorted(names) if top or n in inside]
        if select.star:
            if top:
                inserts.append((tokens[select.open].end, undef))
            continue
        missing = [n for n in wanted if n not in select.projected]
        text = "".join(f" ?{n}" for n in missing)
        inserts.append((tokens[select.last].end, text))
        grouping = "".join(f" ?{n}" for n in wanted if n not in select.grouped)
        if select.by is not None:
            inserts.append((tokens[select.by].end, grouping))
        elif select.aggregated and wanted:
            inserts.append((tokens[select.close].end, f" GROUP BY{grouping}"))
            if top:
                opening, closing = tokens[select.open], tokens[select.close]
                empty = query[: opening.end] + " FILTER(false) " + query[closing.start :]
        if top:
            added.update(missing)
    if form in ("ASK", "CONSTRUCT", "DESCRIBE") and (at := _where(tokens, form)) is not None:
        inserts.append((at, undef))
    for at, text in sorted(inserts, key=lambda x: -x[0]):
        query = query[:at] + text + query[at:]
    return Widened(query, frozenset(added), empty)


def _first(tokens: Sequence[_Token], word: str) -> int:
    return next(i for i, t in enumerate(tokens) if t.kind == "word" and t.text == word)


def _where(tokens: Sequence[_Token], form: str) -> int | None:
    """Give the place just inside the WHERE group of a query that is no SELECT."""
    start = _first(tokens, form)
    i = start + 1
    if form == "CONSTRUCT":
        if tokens[i].text == "WHERE":
            return None  # short form: all its variables are in scope, and VALUES not allowed
        i = _closing(tokens, i) + 1
    for token in tokens[i:]:
        if token.kind == "mark" and token.text == "{":
            return token.end
    return None


def groups_anything(query: str) -> str | None:
    """Give an ASK for whether a grouped SELECT has anything to group; None for other queries.

    Examples
    --------
    >>> groups_anything("SELECT ?k (COUNT(?s) AS ?n) { ?s a ?k } GROUP BY ?k")
    'ASK { ?s a ?k }'
    """
    tokens = _tokens(query)
    select = next(_selects(tokens), None)
    if select is None or select.by is None:
        return None
    opening, closing = tokens[select.open], tokens[select.close]
    return query[: tokens[select.start].start] + "ASK " + query[opening.start : closing.end]
