"""What is worth a word about a query besides its answer: why many an answer is empty.

SPARQL takes any IRI for a term and any text for a value, so a misspelt term, and a label in the
place of the thing that bears it, are no mistakes: they find nothing. The notes made here name them,
with the nearest that exists. A :class:`~rolegraph.sparql.Rows` makes them when somebody looks, and
the cells of a notebook have the same.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from rolegraph.errors import AmbiguousLabelError, EmptyAnswerWarning, RoleGraphError
from rolegraph.sparql import Rows
from rolegraph.sparqltext import assigned, unplaced
from rolegraph.terms import IRI
from rolegraph.values import Certification, Role, Skill
from rolegraph.vocab import BASE, GRAPHS, OWL, PREFIXES, RDF, RDFS, RG, SKOS

if TYPE_CHECKING:
    import rdflib

    from rolegraph.lookup import Lookup

__all__ = [
    "Queried",
    "Token",
    "Vocabulary",
    "either",
    "nearest",
    "nearest_terms",
    "notes_for",
    "notes_on",
    "notes_on_literals",
    "notes_on_texts",
    "prefixes_of",
    "tokens_of",
    "unknown_prefix",
    "vocabulary_of",
    "without_warning",
]

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
_NOT_THINGS = (RG.NS, GRAPHS)  # names of graphs are no subjects
_OURS = tuple(n for n in PREFIXES.values() if n.startswith(BASE) and n not in _NOT_THINGS)
_CLOSED = (SKOS, RDF, RDFS, OWL)  # vocabularies of which all terms are known
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_FILLERS: Final = frozenset("a an and as at be by can for from has have in is of on or to".split())
_WRITE: Final = "{name}=kg.{call}({text})"
_LANGUAGES: Final = """SELECT DISTINCT (LANG(?l) AS ?lang) {
    ?_thing skos:prefLabel|skos:altLabel ?l FILTER(STR(?l) = ?_text && LANG(?l) != "") }
    ORDER BY ?lang"""
_LABELS: Final = """SELECT DISTINCT ?l { ?_thing skos:prefLabel|skos:altLabel ?l
    FILTER(LCASE(STR(?l)) = LCASE(?_text) && LANG(?l) != "") } ORDER BY ?l"""
_PLAIN: Final = re.compile(r"\w+:[\w-]+")  # a CURIE that SPARQL reads as it is
_ALIKE: Final = 0.7  # of 1, from which on words are taken for those of a term
_CALLS: Final = ((Role, "role"), (Skill, "skill"), (Certification, "certification"))


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


def prefixes_of(query: str) -> dict[str, str]:
    """Give the prefixes that a cell may use: those that are always known, and its own."""
    own: dict[str, str] = {}
    tokens = [t for t in tokens_of(query) if t.kind != "comment"]
    for i, t in enumerate(tokens[:-2]):
        if t.kind == "word" and t.text.upper() == "PREFIX" and tokens[i + 2].kind == "iri":
            own[tokens[i + 1].text.removesuffix(":")] = tokens[i + 2].text[1:-1]
    return {**PREFIXES, **own}


def unknown_prefix(query: str) -> tuple[Token, str] | None:
    """Find the first prefix of a query that stands for nothing.

    Returns
    -------
    (Token, str) or None
        Where it stands, and what is wrong, with the nearest that is known.

    Examples
    --------
    >>> unknown_prefix("ASK { ?x skoss:prefLabel ?y }")[1]
    'no prefix skoss:; did you mean skos:?'
    """
    known = prefixes_of(query)
    declared = False
    for t in tokens_of(query):
        if t.kind == "name" and not declared and (prefix := t.text.partition(":")[0]) not in known:
            if prefix == "_" or prefix.upper() in ("SERVICE", "FROM", "NAMED"):
                continue
            near = [f"{n}:" for n in nearest(prefix, [k for k in known if k])]
            what = f"no prefix {prefix}:{either(near)}"
            if not near:
                what += f"; write PREFIX {prefix}: <…> above the query"
            return t._replace(text=f"{prefix}:", end=t.start + len(prefix)), what
        declared = t.kind == "word" and t.text.upper() == "PREFIX"
    return None


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


def either(names: Sequence[str]) -> str:
    """Ask whether one of several names was meant; nothing where there are none."""
    return f"; did you mean {' or '.join(names)}?" if names else ""


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


@contextmanager
def without_warning() -> Iterator[None]:
    """Keep an empty answer from warning, where its notes are shown in another way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyAnswerWarning)
        yield


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


def notes_for(
    query: str,
    bindings: Mapping[str, Any],
    found: bool,
    graph: Queried,
    vocabulary: Vocabulary,
    index: Lookup | None,
    write: str = _WRITE,
) -> list[str]:
    """Say all that is worth a word about a query and its answer.

    Parameters
    ----------
    query : str
    bindings : mapping of str to object
        What is bound to its variables.
    found : bool
        Whether it found anything; if not, texts in the place of things are named too.
    graph : Queried
    vocabulary : Vocabulary
        The graph's terms.
    index : Lookup, optional
        The graph's names; without them nothing is said of names.
    write : str
        How a thing is bound (see :func:`notes_on_texts`).

    Returns
    -------
    list of str

    Examples
    --------
    >>> import rolegraph as rg
    >>> kg = rg.load()
    >>> notes_for("SELECT ?skil { ?r rg:hasSkill ?skill }", {}, True, kg, kg._vocabulary, kg.index)
    ['?skil stands nowhere in the pattern; did you mean ?skill?']
    """
    notes = notes_on(query, graph, vocabulary, index)
    notes += [
        f"?{name} stands nowhere in the pattern{either([f'?{n}' for n in nearest(name, known)])}"
        for name, known in unplaced(query)
        if name not in bindings
    ]
    if not found:
        notes += notes_on_texts(bindings, graph, index, write)
        notes += notes_on_literals(query, graph, index)
    return notes


def notes_on(query: str, graph: Queried, vocabulary: Vocabulary, index: Lookup | None) -> list[str]:
    """Name the terms of a query that the graph does not know.

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
        A line for each, with the nearest that exist.

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
            if iri not in model and not _mentioned(graph, iri):
                local = iri.removeprefix(RG.NS)
                kind = "class" if local[:1].isupper() else "property"
                near = [f"rg:{n}" for n in nearest_terms(local, vocabulary)]
                notes.append(f"no {kind} rg:{local}{either(near)}")
        elif iri.startswith(_OURS):
            if iri not in index.by_iri and not _mentioned(graph, iri):
                space = next(ns for ns in _OURS if iri.startswith(ns))
                words = iri[len(space) :].replace("-", " ")
                near = [c.curie for c in index.search(words, limit=5) if c.iri.startswith(space)]
                notes.append(f"nothing is known of {IRI(iri).curie}{either(near[:1])}")
        elif iri.startswith(_CLOSED) and not _mentioned(graph, iri):
            notes += _not_in_standard(iri)
    return notes


def _mentioned(graph: Queried, iri: str) -> bool:
    term = IRI(iri)
    return any(
        graph.ask(f"ASK {{ {pattern} }}", _term=term)
        for pattern in ("?_term ?_p ?_o", "?_s ?_term ?_o", "?_s ?_p ?_term")
    )


def _not_in_standard(iri: str) -> list[str]:
    """Say of a term of SKOS, RDF, RDFS or OWL that there is none such."""
    from rdflib import namespace

    space = next(ns for ns in _CLOSED if iri.startswith(ns))
    prefix = next(p for p, ns in PREFIXES.items() if ns == space)
    known = {str(t).removeprefix(space) for t in dir(getattr(namespace, prefix.upper()))}
    local = iri.removeprefix(space)
    if not local or local in known or local.startswith("_"):
        return []
    near = [f"{prefix}:{n}" for n in nearest(local, sorted(known), 3)]
    return [f"{prefix.upper()} has no term {prefix}:{local}{either(near)}"]


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


def nearest_terms(local: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Give up to three terms of the ontology that a name was most likely meant to be.

    By spelling first; where no term is spelt like it, by the words of its name and of its label.

    Examples
    --------
    >>> import rolegraph as rg
    >>> terms = vocabulary_of(rg.load())
    >>> nearest_terms("hasSkil", terms), nearest_terms("hasFamly", terms)
    (('hasSkill',), ('inFamily',))
    """
    for known in (*vocabulary.classes, *vocabulary.properties):
        if known.removeprefix(RG.NS).lower() == local.lower():
            return (known.removeprefix(RG.NS),)
    same = vocabulary.classes if local[:1].isupper() else vocabulary.properties
    for terms in (same, vocabulary.classes | vocabulary.properties):
        ours = {t.removeprefix(RG.NS): t for t in sorted(terms) if t.startswith(RG.NS)}
        if near := nearest(local, ours, 3) or _by_words(local, ours, vocabulary.labels):
            return near
    return nearest(local, _constants(), 3)


def _by_words(local: str, terms: Mapping[str, str], labels: Mapping[str, str]) -> tuple[str, ...]:
    """Give terms whose telling words are those of a name, in any order, a slip or two apart."""
    asked = _telling(local)
    scores = {
        name: max(_alike(asked, _telling(name)), _alike(asked, _telling(labels.get(iri, ""))))
        for name, iri in terms.items()
    }
    best = max(scores.values(), default=0.0)
    found = [n for n, score in scores.items() if score >= _ALIKE and score > best - 0.1]
    return tuple(sorted(found, key=lambda n: (-scores[n], len(n), n))[:3])


def _telling(name: str) -> list[str]:
    words = [w.lower() for w in _WORDS.findall(name)]
    return [w for w in words if w not in _FILLERS] or words


def _alike(asked: Sequence[str], given: Sequence[str]) -> float:
    from rapidfuzz.distance import OSA

    def covered(some: Sequence[str], by: Sequence[str]) -> float:
        best = [max(OSA.normalized_similarity(w, x) for x in by) * len(w) for w in some]
        return sum(best) / sum(map(len, some))

    return (covered(asked, given) + covered(given, asked)) / 2 if asked and given else 0.0


def notes_on_texts(
    bindings: Mapping[str, Any], graph: Queried, index: Lookup | None, write: str = _WRITE
) -> list[str]:
    """Say of texts that are bound that they are texts, where they are also the name of a thing.

    Parameters
    ----------
    bindings : mapping of str to object
        What is bound to the variables of a query that found nothing.
    graph : Queried
    index : Lookup, optional
        The graph's names; without them nothing is said.
    write : str
        How a thing is bound, for ``name``, ``call`` (``"role"``) and the ``text`` that was given.

    Returns
    -------
    list of str
        A line for each, with the call that gives the thing itself; and with its label as the
        graph has it, if that bears a language.

    Examples
    --------
    >>> import rolegraph as rg
    >>> kg = rg.load()
    >>> for note in notes_on_texts({"me": "Project Manager"}, kg, kg.index):
    ...     print(note)
    me is bound to a text, not to role:project-manager; for the thing itself write
    me=kg.role("Project Manager"); its label is "Project Manager"@en,
    rg.Text("Project Manager", "en")
    """
    if index is None:
        return []
    notes = []
    for name, value in bindings.items():
        if type(value) is not str:
            continue
        text = json.dumps(value, ensure_ascii=False)
        try:
            thing = index.find(value)
        except AmbiguousLabelError as error:
            curie = error.candidates[0].rpartition(" ")[2].strip("();")
            one = write.format(name=name, call="find", text=f'"{curie}"')
            notes.append(
                f"{name} is bound to a text that names {len(error.candidates)} things: "
                f"{', '.join(error.candidates[:3])}; for the first of them write {one}"
            )
            continue
        except RoleGraphError:
            continue
        call = next((call for kind, call in _CALLS if isinstance(thing, kind)), "find")
        # by the name that was given: others of the thing may have several meanings
        one = write.format(name=name, call=call, text=text)
        tags = graph.query(_LANGUAGES, _thing=thing, _text=value).column("lang")
        label = f'; its label is {text}@{tags[0]}, rg.Text({text}, "{tags[0]}")' if tags else ""
        notes.append(
            f"{name} is bound to a text, not to {thing.curie}; for the thing itself write "
            f"{one}{label}"
        )
    return notes


def notes_on_literals(query: str, graph: Queried, index: Lookup | None) -> list[str]:
    """Say of the texts in a query that found nothing which of them only lack their language.

    Parameters
    ----------
    query : str
    graph : Queried
    index : Lookup, optional
        The graph's names; without them nothing is said.

    Returns
    -------
    list of str
        A line for each text that is the label of a thing but for the language.

    Examples
    --------
    >>> import rolegraph as rg
    >>> kg = rg.load()
    >>> notes_on_literals('ASK { ?r skos:prefLabel "Delivery Manager" }', kg, kg.index)
    ['"Delivery Manager" has no language, and labels have one; write "Delivery Manager"@en, or the
    thing itself, role:delivery-manager']
    """
    notes: list[str] = []
    if index is None:
        return notes
    for text in dict.fromkeys(_plain_texts(query)):
        try:
            thing = index.find(text)
        except RoleGraphError:
            continue
        for label in graph.query(_LABELS, _thing=thing, _text=text).column("l")[:1]:
            tag = getattr(label, "lang", None)
            written = json.dumps(str(label), ensure_ascii=False)
            itself = thing.curie if _PLAIN.fullmatch(thing.curie) else f"<{thing.iri}>"
            notes.append(
                f"{json.dumps(text, ensure_ascii=False)} has no language, and labels have one; "
                f"write {written}@{tag}, or the thing itself, {itself}"
            )
    return notes


def _plain_texts(query: str) -> Iterator[str]:
    """Give the texts without language that stand for a whole value: ``?x skos:prefLabel "…"``.

    Those that a function reads, and what is compared with its answer, bear none for a reason.
    """
    tokens = [t for t in tokens_of(query) if t.kind != "comment"]
    made = assigned(query)
    listed = False  # in a block of VALUES
    for n, t in enumerate(tokens):
        if t.kind == "mark":
            block = [x.text.upper() for x in tokens[max(0, n - 2) : n]]
            listed = t.text == "{" and block[:1] == ["VALUES"]
        if t.kind != "text" or n == 0:
            continue
        before = tokens[n - 1]
        tagged = n + 1 < len(tokens) and tokens[n + 1].kind == "tag"
        gap = query[before.end : t.start].strip()
        behind = query[t.end : t.end + 2]
        if tagged or behind == "^^" or t.text.startswith(('"""', "'''")):
            continue
        value = before.kind in ("name", "iri", "var") and not gap
        equal = before.kind == "var" and gap == "=" and before.text[1:] not in made
        if value or equal or listed:
            yield _unescaped(t.text[1:-1])


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)
