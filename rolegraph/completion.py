"""What may come next in a cell of SPARQL, or behind ``%question``.

:func:`complete` knows SPARQL and the graph, and no notebook; :func:`matcher_of` makes a matcher of
it for IPython, for the terminal and for Jupyter alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from rolegraph.lookup import CLASSES, Lookup
from rolegraph.questions import Question, read_questions
from rolegraph.sparqlcell import KEYWORDS
from rolegraph.sparqlnotes import Vocabulary, prefixes_of, tokens_of
from rolegraph.values import Certification, Concept, Responsibility, Role, Skill
from rolegraph.vocab import PREFIXES

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext, SimpleMatcherResult

__all__ = ["Found", "Known", "Suggestion", "complete", "complete_question", "matcher_of"]

_MOST: Final = 50
_KINDS: Final[Mapping[str, type[Concept]]] = {
    "Role": Role,
    "Skill": Skill,
    "Certification": Certification,
    "Responsibility": Responsibility,
    "Concept": Concept,
}
_OPTIONS: Final = ("-o", "--rows", "--pandas", "--graph")
_NAME = re.compile(r"(?<![\w.?$:-])([A-Za-z][\w.-]*)?:([\w.-]*)$")
_LOCAL = re.compile(r"[\w.-]+")


class Suggestion(NamedTuple):
    """What may stand next, and what it is."""

    text: str
    type: str


class Found(NamedTuple):
    """What was typed last, and what may stand in its place, the likeliest first."""

    fragment: str
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a cell may name.

    Attributes
    ----------
    vocabulary : Vocabulary
        Classes and properties.
    index : Lookup or None
        Things by name.
    names : mapping of str to object
        Python's variables.
    """

    vocabulary: Vocabulary
    index: Lookup | None
    names: Mapping[str, Any]


def complete(query: str, position: int, known: Known) -> Found:
    """Say what may come next in SPARQL.

    Parameters
    ----------
    query : str
        The cell, finished or not.
    position : int
        Where the cursor stands.
    known : Known

    Returns
    -------
    Found
        Nothing inside texts, IRIs and comments.

    Examples
    --------
    >>> import rolegraph as rg
    >>> from rolegraph.sparqlnotes import vocabulary_of
    >>> kg = rg.load()
    >>> known = Known(vocabulary_of(kg), kg.index, {})
    >>> complete("ASK { role:head", 15, known).suggestions[0].text
    'role:head-of-delivery'
    """
    typed = query[:position]
    if _within(typed):
        return Found("", ())
    if variable := re.search(r"[?$]\w*$", typed):
        return _variables(query, variable[0], position, known)
    if name := _NAME.search(typed):
        return _terms(query, typed, name[0], known)
    word = re.search(r"[A-Za-z]\w*$", typed)
    fragment = word[0] if word else ""
    return Found(fragment, tuple(_words(query, fragment)))


def _within(typed: str) -> bool:
    """Tell whether a text, an IRI or a comment is open at the end."""
    tokens = tokens_of(typed)
    if tokens and tokens[-1].kind == "comment" and tokens[-1].end == len(typed):
        return True
    if any(t.kind == "loose" for t in tokens):
        return True
    return bool(tokens) and tokens[-1].kind in ("text", "iri") and tokens[-1].end == len(typed)


def _variables(query: str, fragment: str, position: int, known: Known) -> Found:
    sign, begun = fragment[0], fragment[1:]
    here = position - len(fragment)
    used = [t.text for t in tokens_of(query) if t.kind == "var" and t.start != here]
    out = [Suggestion(v, "variable") for v in dict.fromkeys(used) if v[0] == sign]
    if sign == "$":
        values = {n: v for n, v in known.names.items() if not n.startswith("_") and _bindable(v)}
        out += [Suggestion(f"${n}", type(v).__name__) for n, v in sorted(values.items())]
    fits = [s for s in dict(zip([s.text for s in out], out, strict=True)).values()
            if s.text[1:].lower().startswith(begun.lower()) and s.text != fragment]  # fmt: skip
    return Found(fragment, tuple(fits))


def _bindable(value: object) -> bool:
    return isinstance(value, str | int | float | bool) or isinstance(
        getattr(value, "iri", None), str
    )


def _terms(query: str, typed: str, fragment: str, known: Known) -> Found:
    prefix, _, local = fragment.partition(":")
    space = prefixes_of(query).get(prefix)
    if space is None:
        return Found(fragment, ())
    before = [t for t in tokens_of(typed[: -len(fragment)]) if t.kind != "comment"]
    after_a = bool(before) and before[-1].text in ("a", "rdf:type")
    classes = _local(known.vocabulary.classes, space)
    properties = _local(known.vocabulary.properties, space)
    standard = _standard(space)
    classes |= {n for n in standard if n[0].isupper()}
    properties |= {n for n in standard if n[0].islower()}
    pools = [(classes, "class")] if after_a else [(properties, "property"), (classes, "class")]
    out = [Suggestion(f"{prefix}:{n}", kind) for pool, kind in pools for n in _begun(pool, local)]
    if known.index is not None and not out:
        out = list(_things(known.index, prefix, space, local))
    return Found(fragment, tuple(out[:_MOST]))


def _begun(names: Iterable[str], local: str) -> list[str]:
    """Give the names that begin as typed, in any case, and then those that contain it."""
    low = local.lower()
    fits = sorted((n for n in names if low in n.lower()), key=lambda n: (n.lower(), n))
    return sorted(fits, key=lambda n: not n.lower().startswith(low))


def _local(iris: Iterable[str], space: str) -> set[str]:
    names = (iri.removeprefix(space) for iri in iris if iri.startswith(space))
    return {n for n in names if _LOCAL.fullmatch(n)}


@cache
def _standard(space: str) -> frozenset[str]:
    """Give the terms of the vocabularies that everybody uses."""
    from rdflib import namespace

    known = {"owl": "OWL", "rdf": "RDF", "rdfs": "RDFS", "skos": "SKOS", "xsd": "XSD",
             "dcterms": "DCTERMS", "prov": "PROV", "org": "ORG"}  # fmt: skip
    for prefix, name in known.items():
        if PREFIXES.get(prefix) == space:
            terms = getattr(namespace, name).__annotations__
            return frozenset(n for n in terms if not n.startswith("_") and _LOCAL.fullmatch(n))
    return frozenset()


def _things(index: Lookup, prefix: str, space: str, local: str) -> Iterator[Suggestion]:
    """Give things of a namespace, by any of their names."""
    words = local.replace("-", " ").replace(".", " ").strip()
    if words:
        # a big graph has many things so called: look among roles and among skills too
        kinds = (Concept, Role, Skill)
        hits = (c for kind in kinds for c in index.search(words, kind, _MOST * 2))
        found: Iterable[Concept] = {c.iri: c for c in hits}.values()
    else:
        found = (c for kind in CLASSES[:4] for c in index.all(kind))
    own = [c for c in found if c.iri.startswith(space)]
    own.sort(key=lambda c: not c.iri.removeprefix(space).startswith(local))
    for c in own[:_MOST]:
        name = c.iri.removeprefix(space)
        if _LOCAL.fullmatch(name):
            # a name that says nothing is told by the thing's label
            yield Suggestion(f"{prefix}:{name}", c.label)


def _words(query: str, fragment: str) -> Iterator[Suggestion]:
    low = fragment.lower()
    lower = bool(fragment) and fragment.islower()
    for prefix in sorted(prefixes_of(query)):
        if fragment and prefix.lower().startswith(low):
            yield Suggestion(f"{prefix}:", "prefix")
    for word in KEYWORDS:
        if word.lower().startswith(low) and word.lower() != low:
            yield Suggestion(word.lower() if lower else word, "keyword")


# ---------------------------------------------------------------------------- questions


def complete_question(typed: str, known: Known) -> Found:
    """Say what may come next behind ``%question``.

    Parameters
    ----------
    typed : str
        What stands behind it, up to the cursor.
    known : Known

    Returns
    -------
    Found

    Examples
    --------
    >>> import rolegraph as rg
    >>> from rolegraph.sparqlnotes import vocabulary_of
    >>> kg = rg.load()
    >>> known = Known(vocabulary_of(kg), kg.index, {})
    >>> [s.text for s in complete_question("shared-skills ", known).suggestions][:2]
    ['a=', 'b=']
    >>> complete_question('shared-skills a="Deliv', known).suggestions[0].text
    '"Delivery Manager"'
    """
    questions = {q.name: q for q in read_questions()}
    words = typed.split()
    question = next((questions[w] for w in words if w in questions), None)
    begun = re.search(r"\S*$", typed)
    last = begun[0] if begun else ""
    if question is None or (question.name == last):
        fits = _begun([n for n in questions if n != last], last)
        return Found(last, tuple(Suggestion(n, "question") for n in fits[:_MOST]))
    value = re.search(r"""(?:^|\s)(\w+)=("[^"]*|'[^']*|[^\s"']*)$""", typed)
    if value is not None:
        return _values(question, value[1], value[2], value[2].lstrip("\"'"), known)
    free = [p for p in question.parameters if f"{p.name}=" not in typed]
    out = [Suggestion(f"{p.name}=", p.kind) for p in free if p.name.startswith(last)]
    out += [Suggestion(o, "option") for o in _OPTIONS if o.startswith(last)]
    return Found(last, tuple(out))


def _values(question: Question, name: str, fragment: str, text: str, known: Known) -> Found:
    parameter = next((p for p in question.parameters if p.name == name), None)
    if parameter is None:
        return Found("", ())
    if fragment.startswith("$"):
        names = (n for n, v in known.names.items() if n[0] != "_" and _bindable(v))
        fits = sorted(n for n in names if n.startswith(fragment[1:]))
        return Found(fragment, tuple(Suggestion(f"${n}", "variable") for n in fits))
    kind = _KINDS.get(parameter.kind)
    if kind is None or known.index is None:
        return Found("", ())
    if text.strip():
        found: Iterable[Concept] = known.index.search(text, kind, _MOST)
    else:
        found = known.index.all(kind)[:_MOST]
    quote = fragment[:1] if fragment[:1] in ("'", '"') else '"'
    texts = dict.fromkeys(c.label for c in found if quote not in c.label)
    return Found(fragment, tuple(Suggestion(f"{quote}{t}{quote}", parameter.kind) for t in texts))


# ---------------------------------------------------------------------------- IPython


class _Session(Protocol):
    """What the magics know of their session."""

    def known(self, graph: str | None) -> Known:
        """Give what a cell may name."""
        ...


_CELL = re.compile(r"\s*%%sparql\b([^\n]*)\n?")
_LINE = re.compile(r"(?:^|=)\s*%(sparql|question)[ \t](.*)$")
_GRAPH = re.compile(r"--graph[\s=]+(\w+)")


def matcher_of(session: _Session) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """Make a matcher for IPython's completer (its second interface).

    Parameters
    ----------
    session : object
        Its ``known`` gives what a cell may name.

    Returns
    -------
    callable
        To be put among the completer's ``custom_matchers``.
    """
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier="rolegraph")  # type: ignore[untyped-decorator]
    def rolegraph_matcher(context: CompletionContext) -> SimpleMatcherResult:
        found = _at(session, context)
        if found is None:
            return {"completions": []}
        fragment, suggestions = found
        if not suggestions:  # only a matcher that finds something keeps Python's names out
            fragment = context.token if context.text_until_cursor.endswith(context.token) else ""
            suggestions = (Suggestion(fragment, "text"),)
        return {
            "completions": [SimpleCompletion(text, type=kind) for text, kind in suggestions],
            "matched_fragment": fragment,
            "suppress": True,  # Python's own names mean nothing here
            "ordered": True,
        }

    matcher: Callable[[CompletionContext], SimpleMatcherResult] = rolegraph_matcher
    return matcher


def _at(session: _Session, context: CompletionContext) -> Found | None:
    line = context.text_until_cursor
    if (cell := _CELL.match(context.full_text)) is not None:
        head = _GRAPH.search(cell[1])
        known = session.known(head[1] if head else None)
        lines = context.full_text.split("\n")
        before = sum(len(x) + 1 for x in lines[: context.cursor_line]) + len(line)
        if before < cell.end() or context.cursor_line == 0:
            return _option(line, known)
        return complete(context.full_text[cell.end() :], before - cell.end(), known)
    if (magic := _LINE.search(line)) is None:
        return None
    head = _GRAPH.search(magic[2])
    known = session.known(head[1] if head else None)
    if magic[1] == "question":
        return complete_question(magic[2], known)
    if re.search(r"(^|\s)-[\w-]*$|--graph\s+\w*$", magic[2]):
        return _option(magic[2], known)
    return complete(magic[2], len(magic[2]), known)


def _option(typed: str, known: Known) -> Found | None:
    begun = re.search(r"\S*$", typed)
    last = begun[0] if begun else ""
    if re.search(r"--graph\s+\w*$", typed):
        graphs = sorted(n for n, v in known.names.items() if n[0] != "_" and _is_graph(v))
        fits = tuple(Suggestion(n, "graph") for n in graphs if n.startswith(last))
        return Found(last, fits)
    if re.search(r"(?:-o|--rows)\s+\w*$", typed) or last.startswith("%"):
        return None
    return Found(last, tuple(Suggestion(o, "option") for o in _OPTIONS if o.startswith(last)))


def _is_graph(value: object) -> bool:
    names = {f"{c.__module__}.{c.__qualname__}" for c in type(value).__mro__}
    return bool(names & {"rolegraph.graph.RoleGraph", "rdflib.graph.Graph"})
