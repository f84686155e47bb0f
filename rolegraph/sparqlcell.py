"""A cell of SPARQL without the notebook around it: what it binds, and where its mistakes stand.

SPARQL writes a variable with ``?`` or with ``$`` and means the same. A cell gives the second sign a
meaning: ``$role`` is a variable whose value comes from Python, ``?role`` is one that the query
finds. The text stays a query that any other tool reads.

Mistakes are looked for before the query runs, on the text as it was typed, so that the place named
is the place on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from rolegraph import sparql
from rolegraph.errors import QueryError, RoleGraphError
from rolegraph.sparql import Rows
from rolegraph.sparqltext import form_of, keywords
from rolegraph.store import OxigraphStore, RdflibEngine
from rolegraph.terms import IRI, BlankNode, Text, TypedText
from rolegraph.vocab import BASE, GRAPHS, OWL, PREFIXES, RG

if TYPE_CHECKING:
    import rdflib

    from rolegraph.lookup import Lookup

__all__ = [
    "KEYWORDS",
    "CellError",
    "Queried",
    "RdflibGraph",
    "Token",
    "Vocabulary",
    "ask_cell",
    "bindings_of",
    "check",
    "from_python",
    "nearest",
    "notes_on",
    "prefixes_of",
    "tokens_of",
    "vocabulary_of",
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

_TOKENS = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><(?![?$])[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<text>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
        | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | (?P<loose>["'] | <(?=[A-Za-z][\w+.-]*://)[^\n>]*>?)
    | (?P<var>[?$]\w+)
    | (?P<name>(?:_|[^\W\d_][\w.-]*)?:(?:[\w:-]|\.(?=[\w:-])|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>[{}()\[\]])
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)
_PAIRS = {"{": "}", "(": ")", "[": "]"}
_NOT_THINGS = (RG.NS, GRAPHS)  # names of graphs are no subjects
_OURS = tuple(n for n in PREFIXES.values() if n.startswith(BASE) and n not in _NOT_THINGS)


class CellError(QueryError):
    """What is wrong with a cell, told in lines for a reader; a notebook shows no traceback."""

    def _render_traceback_(self) -> list[str]:
        """Give the lines that IPython shows in the place of a traceback."""
        return [f"{type(self).__name__}: {line}" if i == 0 else line
                for i, line in enumerate(str(self).split("\n"))]  # fmt: skip


class Token(NamedTuple):
    """A piece of SPARQL.

    Attributes
    ----------
    kind : str
        ``"comment"``, ``"iri"``, ``"text"``, ``"var"``, ``"name"``, ``"tag"``, ``"word"``,
        ``"mark"``, or ``"loose"`` for a quote that is not closed and an IRI that is none.
    text : str
    start, end : int
        Where it stands.
    """

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=64)
def tokens_of(query: str) -> tuple[Token, ...]:
    """Take SPARQL apart as far as it can be read; what is half typed is left out.

    Examples
    --------
    >>> [t.text for t in tokens_of("ASK { $role rg:hasSkill 'a } b' }")]
    ['ASK', '{', '$role', 'rg:hasSkill', "'a } b'", '}']
    """
    return tuple(
        Token(m.lastgroup or "", m.group(), m.start(), m.end()) for m in _TOKENS.finditer(query)
    )


def from_python(query: str) -> tuple[str, ...]:
    """Give the variables that a cell takes from Python, in order of appearance.

    Examples
    --------
    >>> from_python("SELECT ?skill { $role rg:hasSkill ?skill }")
    ('role',)
    """
    named = (t.text for t in tokens_of(query) if t.kind == "var" and t.text.startswith("$"))
    return tuple(dict.fromkeys(name[1:] for name in named))


def prefixes_of(query: str) -> dict[str, str]:
    """Give the prefixes that a cell may use: those that are always known, and its own."""
    own: dict[str, str] = {}
    tokens = [t for t in tokens_of(query) if t.kind != "comment"]
    for i, t in enumerate(tokens[:-2]):
        if t.kind == "word" and t.text.upper() == "PREFIX" and tokens[i + 2].kind == "iri":
            own[tokens[i + 1].text.removesuffix(":")] = tokens[i + 2].text[1:-1]
    return {**PREFIXES, **own}


# ---------------------------------------------------------------------------- mistakes


def nearest(name: str, known: Iterable[str], limit: int = 2) -> tuple[str, ...]:
    """Give the names that one was most likely meant to be, best first; upper case is the same."""
    from rapidfuzz import process, utils
    from rapidfuzz.distance import OSA

    found = process.extract(
        name,
        list(known),
        scorer=OSA.normalized_similarity,
        processor=utils.default_process,
        score_cutoff=0.65,
        limit=limit,
    )
    best = found[0][1] if found else 0.0
    return tuple(n for n, score, _ in found if score > best - 0.1)


def _or(names: Sequence[str]) -> str:
    return f"; did you mean {' or '.join(names)}?" if names else ""


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
    known = prefixes_of(query)
    declared = False
    for t in tokens_of(query):
        if t.kind == "loose":
            what = "this is no IRI" if t.text[0] == "<" else "this quote is never closed"
            raise _pointed(query, t.start, t.end, what)
        if t.kind == "name" and not declared and (prefix := t.text.partition(":")[0]) not in known:
            if prefix == "_" or prefix.upper() in ("SERVICE", "FROM", "NAMED"):
                continue
            near = [f"{n}:" for n in nearest(prefix, [k for k in known if k])]
            what = f"no prefix {prefix}:{_or(near)}"
            if not near:
                what += f" Write PREFIX {prefix}: <…> above the query."
            raise _pointed(query, t.start, t.start + len(prefix), what)
        declared = t.kind == "word" and t.text.upper() == "PREFIX"
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
            return _pointed(query, t.start, t.end, f"{t.text} is no word of SPARQL{_or(near)}")
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
                hint = _or([f"${n}" for n in near]) or (
                    f"; write ?{name} for a variable that the query finds"
                )
                raise _pointed(query, t.start, t.end, f"no Python variable {name}{hint}")
            found[name] = names[name]
    return found


# ---------------------------------------------------------------------------- terms


class Queried(Protocol):
    """What answers a cell: a :class:`~rolegraph.RoleGraph`, or :class:`RdflibGraph`."""

    def query(self, query: str, /, **bindings: Any) -> Rows:
        """Run a SELECT."""
        ...

    def ask(self, query: str, /, **bindings: Any) -> bool:
        """Run an ASK."""
        ...

    def construct(self, query: str, /, **bindings: Any) -> rdflib.Graph:
        """Run a CONSTRUCT or DESCRIBE."""
        ...


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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that a graph declares.

    Attributes
    ----------
    classes, properties : frozenset of str
        IRIs.
    labels : mapping of str to str
        Labels of those that have one.
    """

    classes: frozenset[str]
    properties: frozenset[str]
    labels: Mapping[str, str]


def _constants() -> dict[str, str]:
    return {n: v for n, v in vars(RG).items() if isinstance(v, str) and v.startswith(RG.NS)}


def vocabulary_of(graph: Queried) -> Vocabulary:
    """Read the classes and properties that a graph declares.

    Parameters
    ----------
    graph : Queried

    Returns
    -------
    Vocabulary

    Examples
    --------
    >>> import rolegraph as rg
    >>> rg.RG.hasSkill in vocabulary_of(rg.load()).properties
    True
    """
    labels: dict[str, str] = {}

    def read(*kinds: str) -> frozenset[str]:
        found = set()
        for kind in kinds:
            rows = graph.query(
                "SELECT ?t ?l { ?t a ?kind FILTER(isIRI(?t)) OPTIONAL { ?t rdfs:label ?l } }",
                kind=IRI(OWL + kind),
            )
            for row in rows:
                found.add(str(row["t"]))
                if row["l"] is not None:
                    labels[str(row["t"])] = str(row["l"])
        return frozenset(found)

    classes = read("Class")
    properties = read("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    return Vocabulary(classes, properties, labels)


def notes_on(query: str, graph: Queried, vocabulary: Vocabulary, index: Lookup | None) -> list[str]:
    """Name the terms of a query that the graph does not know: why many an answer is empty.

    Parameters
    ----------
    query : str
    graph : Queried
    vocabulary : Vocabulary
        The graph's terms.
    index : Lookup, optional
        The graph's names.

    Returns
    -------
    list of str
        A line for each, with the nearest that exists.

    Examples
    --------
    >>> import rolegraph as rg
    >>> kg = rg.load()
    >>> notes_on("ASK { role:project-manger rg:hasSkil ?s }", kg, vocabulary_of(kg), kg.index)
    ['nothing is known of role:project-manger; did you mean role:project-manager?',
     'no property rg:hasSkil; did you mean rg:hasSkill?']
    """
    if index is None:
        return []  # a foreign graph may use our names for what it likes
    model = vocabulary.classes | vocabulary.properties | set(_constants().values())
    notes = []
    for iri in _iris(query):
        if iri.startswith(RG.NS):
            if iri not in model:
                notes.append(_no_term(iri, vocabulary))
        elif iri.startswith(_OURS) and iri not in index.by_iri:
            short = IRI(iri).curie
            if not graph.ask("ASK { ?_thing ?_p ?_o }", _thing=IRI(iri)):
                space = next(ns for ns in _OURS if iri.startswith(ns))
                words = iri[len(space) :].replace("-", " ")
                near = [c.curie for c in index.search(words, limit=5) if c.iri.startswith(space)]
                notes.append(f"nothing is known of {short}{_or(near[:1])}")
    return notes


def _iris(query: str) -> Iterator[str]:
    prefixes = prefixes_of(query)
    seen = set()
    for t in tokens_of(query):
        iri = None
        if t.kind == "iri":
            iri = t.text[1:-1]
        elif t.kind == "name":
            prefix, _, local = t.text.partition(":")
            iri = prefixes[prefix] + local if prefix in prefixes and local else None
        if iri is not None and iri not in seen:
            seen.add(iri)
            yield iri


def _no_term(iri: str, vocabulary: Vocabulary) -> str:
    local = iri.removeprefix(RG.NS)
    is_class = local[:1].isupper()
    pool = vocabulary.classes if is_class else vocabulary.properties
    ours = [t.removeprefix(RG.NS) for t in pool if t.startswith(RG.NS)]
    near = nearest(local, ours) or nearest(local, _constants())
    kind = "class" if is_class else "property"
    return f"no {kind} rg:{local}{_or([f'rg:{n}' for n in near])}"


def _on_texts(bindings: Mapping[str, Any], index: Lookup | None) -> Iterator[str]:
    """Say of texts that are bound that they are texts, where they are also the name of a thing."""
    for name, value in bindings.items():
        is_text = isinstance(value, str) and not isinstance(
            value, IRI | Text | TypedText | BlankNode
        )
        if not is_text or index is None:
            continue
        try:
            thing = index.find(value)
        except (RoleGraphError, ValueError):
            continue
        yield (
            f"${name} is a text, not {thing.curie}: for the thing itself write "
            f'{name} = kg.find("{thing.label}")'
        )


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
    notes: list[str] = []
    if index is not None:
        notes += notes_on(query, graph, vocabulary or vocabulary_of(graph), index)
    ask = {"SELECT": graph.query, "ASK": graph.ask}.get(form_of(query), graph.construct)
    try:
        answer: Any = ask(query, **bindings)
    except QueryError as error:
        raise CellError(str(error)) from error
    if not answer:
        notes += _on_texts(bindings, index)
    return answer, notes
