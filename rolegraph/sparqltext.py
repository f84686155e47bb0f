"""Looking at SPARQL text without running it: its form, its variables, its scopes.

rdflib binds a variable everywhere in a query, Oxigraph only where the whole query projects it.
:func:`substitute` brings the two together for Oxigraph: it puts a *term*, as the engine itself
writes it, in the places where the variable stands as a token. What a value says is never read as
SPARQL: it arrives escaped, between its own quotes or angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

__all__ = [
    "Substituted",
    "aggregates",
    "assigned",
    "columns_of_star",
    "depth",
    "form_of",
    "groups_anything",
    "keywords",
    "substitute",
    "unplaced",
    "variables",
]

_TOKENS = re.compile(
    r"""
      (?P<skip>\#[^\n\r]* | <(?![?$])[^<>"{}|^`\\\x00-\x20]*>
        | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
        | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | [?$](?P<var>\w+)
    | (?P<name>[\w.-]*:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>[{}()*\[\]])
    """,
    re.VERBOSE | re.DOTALL,
)
_MARK = "\x00"  # stands in no query
_ESCAPES = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CALLS = frozenset(("SERVICE", "FROM", "LOAD", "NAMED", "SILENT"))
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split())
_FORMS = frozenset("SELECT ASK CONSTRUCT DESCRIBE".split())
_AGGREGATES = frozenset("COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT".split())
_AFTER_GROUP = frozenset("HAVING ORDER LIMIT OFFSET VALUES".split())


class _Token(NamedTuple):
    kind: str  # "var", "word" or "mark"
    text: str  # name of the variable, keyword in upper case, or the mark
    start: int
    end: int


def _declared(query: str) -> set[str]:
    """Give the prefixes that a query declares."""
    return set(re.findall(r"\bPREFIX\s+([\w.-]*):", query, re.IGNORECASE))


@lru_cache(maxsize=256)
def _tokens(query: str) -> tuple[_Token, ...]:
    out = []
    for m in _TOKENS.finditer(query):
        kind = m.lastgroup or "skip"
        prefix = m["name"].partition(":")[0] if kind == "name" else ""
        if prefix.upper() in _CALLS and prefix not in _declared(query):
            # SERVICE:x is the keyword and then a name without prefix
            out.append(_Token("word", m["name"].partition(":")[0].upper(), m.start(), m.end()))
        elif kind == "word":
            out.append(_Token(kind, m["word"].upper(), m.start(), m.end()))
        elif kind in ("var", "mark"):
            out.append(_Token(kind, m[kind], m.start(), m.end()))
    return tuple(out)


@lru_cache(maxsize=256)
def keywords(query: str) -> tuple[str, ...]:
    """Give the bare words of a query in upper case, outside strings, IRIs and comments.

    Code point escapes are read first, as SPARQL does, so that none can hide a word.
    """
    plain = _ESCAPES.sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)), query)
    # a comment ends at a carriage return for one engine and goes on for another: take both
    texts = dict.fromkeys(t.replace("\r", end) for t in (query, plain) for end in ("\n", " "))
    return tuple(t.text for text in texts for t in _tokens(text) if t.kind == "word")


@lru_cache(maxsize=256)
def depth(query: str) -> int:
    """Give how deep the brackets of a query are nested."""
    level = deepest = 0
    for token in _tokens(query):
        if token.kind == "mark" and token.text in "{}()[]":
            level += 1 if token.text in "{([" else -1
            deepest = max(deepest, level)
    return deepest


@lru_cache(maxsize=256)
def variables(query: str) -> tuple[str, ...]:
    """Give the names of a query's variables, in order of first appearance."""
    return tuple(dict.fromkeys(t.text for t in _tokens(query) if t.kind == "var"))


@lru_cache(maxsize=256)
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


@lru_cache(maxsize=256)
def columns_of_star(query: str) -> tuple[str, ...] | None:
    """Give the variables of a ``SELECT *`` in order of appearance; None when it is no star."""
    selects = list(_selects(_tokens(query)))
    return variables(query) if selects and selects[0].star else None


@lru_cache(maxsize=256)
def aggregates(query: str) -> bool:
    """Tell whether a query counts or sums up anything."""
    return not _AGGREGATES.isdisjoint(keywords(query))


@lru_cache(maxsize=256)
def unplaced(query: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the variables that a SELECT asks for and that stand nowhere in its pattern.

    Returns
    -------
    tuple of (str, tuple of str)
        The variable, and those of the pattern.

    Examples
    --------
    >>> unplaced("SELECT ?skil { ?role rg:hasSkill ?skill }")
    (('skil', ('role', 'skill')),)
    """
    tokens = _tokens(query)
    out: list[tuple[str, tuple[str, ...]]] = []
    for select in _selects(tokens):
        listed = range(select.start + 1, select.last + 1)
        own = {tokens[i].text for i in listed if tokens[i - 1][:2] == ("word", "AS")}
        inside = [t.text for t in tokens[select.open : select.close] if t.kind == "var"]
        own |= _set_behind(tokens, select)
        asked = dict.fromkeys(tokens[i].text for i in listed if tokens[i].kind == "var")
        known = tuple(dict.fromkeys(inside))
        out += [(name, known) for name in asked if name not in own and name not in inside]
    return tuple(out)


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


def _set_behind(tokens: Sequence[_Token], select: _Select) -> set[str]:
    """Give the variables that are set behind the pattern: in GROUP BY (… AS ?x), and in VALUES."""
    found, values = set(), False
    for i in range(select.close + 1, select.end):
        values = values or tokens[i][:2] == ("word", "VALUES")
        if tokens[i].kind == "var" and (values or tokens[i - 1][:2] == ("word", "AS")):
            found.add(tokens[i].text)
    return found


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


class Substituted(NamedTuple):
    """A query in which terms stand for variables.

    Attributes
    ----------
    query : str
    columns : tuple of (int, str)
        Columns of the original that the query no longer gives: their place, and the variable.
    filler : bool
        Whether the query gives a column of no meaning, since it would have none otherwise.
    """

    query: str
    columns: tuple[tuple[int, str], ...] = ()
    filler: bool = False


@lru_cache(maxsize=256)
def assigned(query: str) -> frozenset[str]:
    """Give the variables that a query sets itself, with ``AS``."""
    return frozenset(
        t.text for a, t in pairwise(_tokens(query)) if t.kind == "var" and a[:2] == ("word", "AS")
    )


class _Values(NamedTuple):
    """Where a VALUES block stands, as token indexes."""

    start: int
    names: tuple[int, ...]
    close: int


def _values(tokens: Sequence[_Token], terms: Mapping[str, str]) -> Iterator[_Values]:
    """Give the VALUES blocks that name a variable to be substituted."""
    for i, token in enumerate(tokens):
        if token[:2] == ("word", "VALUES"):
            j, names = i + 1, []
            while j < len(tokens) and tokens[j].text != "{":
                if tokens[j].kind == "var" and tokens[j].text in terms:
                    names.append(j)
                j += 1
            if names and j < len(tokens):
                yield _Values(i, tuple(names), _closing(tokens, j))


def _inward(query: str, terms: Mapping[str, str]) -> str:
    """Move a VALUES block from behind a query to the end of its pattern."""
    tokens = _tokens(query)
    select = next(_selects(tokens), None)
    for block in _values(tokens, terms):
        if select is not None and block.start > select.close:
            at, start, end = (
                tokens[select.close].start, tokens[block.start].start, tokens[block.close].end,
            )  # fmt: skip
            return f"{query[:at]} {query[start:end]} {query[at:start]}{query[end:]}"
    return query


def substitute(query: str, terms: Mapping[str, str]) -> Substituted:
    r"""Put terms in the places of variables.

    Parameters
    ----------
    query : str
        Any query form, in which none of the variables is set by the query itself.
    terms : mapping of str to str
        A term in SPARQL syntax for each variable.

    Returns
    -------
    Substituted

    Examples
    --------
    >>> done = substitute("SELECT ?r ?s { ?r rg:hasSkill ?s }", {"r": "<urn:x>"})
    >>> done.query
    'SELECT  ?s { <urn:x> rg:hasSkill ?s }'
    >>> done.columns
    ((0, 'r'),)
    """
    if _MARK in query:  # malformed, as the engine will say
        return _substitute(query, terms)
    pieces, columns, filler = _template(query, tuple(terms))
    return Substituted("".join(terms[p] if i % 2 else p for i, p in enumerate(pieces)),
                       columns, filler)  # fmt: skip


@lru_cache(maxsize=256)
def _template(
    query: str, names: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...], bool]:
    """Find where the terms go, for whatever terms: texts, and names of variables in between."""
    done = _substitute(query, {name: f"{_MARK}{i}{_MARK}" for i, name in enumerate(names)})
    pieces = done.query.split(_MARK)
    return (
        tuple(names[int(p)] if i % 2 else p for i, p in enumerate(pieces)),
        done.columns,
        done.filler,
    )


def _substitute(query: str, terms: Mapping[str, str]) -> Substituted:
    query = _inward(query, terms)
    tokens = _tokens(query)
    edits: dict[int, str] = {}
    for block in _values(tokens, terms):
        tests = []
        for i in block.names:
            edits[i] = f"?_rolegraph_{tokens[i].text}"
            tests.append(f" FILTER(sameTerm({edits[i]}, {terms[tokens[i].text]}))")
        edits[block.close] = "}" + "".join(tests)
    columns: list[tuple[int, str]] = []
    filler = False
    for n, select in enumerate(_selects(tokens)):
        top = n == 0 and form_of(query) == "SELECT"
        listed = _projection(tokens, select)
        for place, (at, name) in enumerate(listed):
            if name in terms and at is not None:
                edits[at] = ""
                if top:
                    columns.append((place, name))
        if listed and all(name in terms and at is not None for at, name in listed):
            edits[listed[0][0] or 0] = f"(1 AS ?_rolegraph{n})"
            filler = filler or top
        if select.by is not None:
            _regroup(tokens, select, terms, edits)
    for i, token in enumerate(tokens):
        if token.kind != "var" or token.text not in terms or i in edits:
            continue
        before = [t.text for t in tokens[max(0, i - 2) : i]]
        if before == ["BOUND", "("]:
            edits[i - 2], edits[i - 1], edits[i], edits[i + 1] = "(", "", "true", ")"
        elif _orders(tokens, i):
            edits[i] = f"({terms[token.text]})"
        else:
            edits[i] = terms[token.text]
    for i in sorted(edits, reverse=True):
        query = query[: tokens[i].start] + edits[i] + query[tokens[i].end :]
    return Substituted(query, tuple(columns), filler)


def _projection(tokens: Sequence[_Token], select: _Select) -> list[tuple[int | None, str]]:
    """Give what a SELECT projects: the token of a bare variable, or None, and the name."""
    out: list[tuple[int | None, str]] = []
    level = 0
    for i in range(select.start + 1, select.last + 1):
        token = tokens[i]
        if token.kind == "mark":
            level += {"(": 1, ")": -1}.get(token.text, 0)
        elif token.kind == "var" and level == 0:
            out.append((i, token.text))
        elif token.kind == "var" and level == 1 and tokens[i - 1][:2] == ("word", "AS"):
            out.append((None, token.text))
    return out


def _regroup(
    tokens: Sequence[_Token], select: _Select, terms: Mapping[str, str], edits: dict[int, str]
) -> None:
    """Take constants out of a GROUP BY, and leave one where nothing else is left."""
    level, bare, other = 0, [], False
    for i in range((select.by or 0) + 1, select.end):
        token = tokens[i]
        if token.kind == "word" and level == 0 and token.text in _AFTER_GROUP:
            break
        if token.kind == "mark":
            level += {"(": 1, ")": -1}.get(token.text, 0)
            other = other or token.text == "("
        elif token.kind == "var" and level == 0:
            if token.text in terms:
                bare.append(i)
            else:
                other = True
    for i in bare:
        edits[i] = ""
    if bare and not other:
        edits[bare[0]] = "(1)"


def _orders(tokens: Sequence[_Token], i: int) -> bool:
    """Tell whether a variable stands bare in an ORDER BY or HAVING."""
    level = 0
    for token in reversed(tokens[:i]):
        if token.kind == "mark":
            level += {")": 1, "(": -1}.get(token.text, 0)
            if level < 0 or token.text in "{}":
                return False
        elif token.kind == "word" and level == 0:
            if token.text == "BY":
                return True
            if token.text not in ("ASC", "DESC"):
                return False
    return False


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
