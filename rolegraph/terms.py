"""RDF terms as plain Python values, the same whichever engine an answer comes from."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from rolegraph.vocab import RDF, XSD, curie

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = [
    "IRI",
    "BlankNode",
    "RawTerm",
    "Text",
    "TypedText",
    "Value",
    "raw_of",
    "value_of",
]


class IRI(str):
    """An IRI: a string that knows that it names something.

    Examples
    --------
    >>> IRI("https://w3id.org/rolegraph/role/delivery-manager").curie
    'role:delivery-manager'
    """

    __slots__ = ()

    @property
    def curie(self) -> str:
        """The IRI shortened with a known prefix, or whole."""
        return curie(self)


class BlankNode(str):
    """A node without a name; the string is good for one answer only."""

    __slots__ = ()


class Text(str):
    """A text with a language.

    Attributes
    ----------
    lang : str
        Language tag in lower case, for example ``"en"``.
    """

    lang: str

    def __new__(cls, value: str, lang: str) -> Text:
        """Make a text in a language."""
        text = super().__new__(cls, value)
        text.lang = lang.lower()
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.lang


class TypedText(str):
    """The lexical form of a literal of a datatype that has no Python type of its own.

    Attributes
    ----------
    datatype : str
        IRI of the datatype.
    """

    datatype: str

    def __new__(cls, value: str, datatype: str) -> TypedText:
        """Keep a lexical form with its datatype."""
        text = super().__new__(cls, value)
        text.datatype = datatype
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.datatype


Value: TypeAlias = (
    IRI | BlankNode | Text | TypedText | str | int | float | bool | Decimal | datetime | None
)
"""What a cell of an answer holds; None where a variable is unbound."""


class RawTerm(NamedTuple):
    """A term as engines exchange it: ``kind`` is ``"iri"``, ``"bnode"`` or ``"literal"``."""

    kind: str
    value: str
    datatype: str | None = None
    lang: str | None = None

    def to_rdflib(self) -> Node:
        """Give the term as rdflib has it.

        Returns
        -------
        rdflib.URIRef or rdflib.BNode or rdflib.Literal
        """
        import rdflib

        if self.kind == "iri":
            return rdflib.URIRef(self.value)
        if self.kind == "bnode":
            return rdflib.BNode(self.value)
        if self.lang:
            return rdflib.Literal(self.value, lang=self.lang)
        if self.datatype in (None, XSD + "string"):
            return rdflib.Literal(self.value)  # rdflib holds "x" and "x"^^xsd:string for two
        return rdflib.Literal(self.value, datatype=rdflib.URIRef(self.datatype))


_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger "
        "negativeInteger unsignedInt unsignedLong unsignedShort unsignedByte"
    ).split()
)


_STRING = XSD + "string"
_SPECIAL = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}
_DOUBLE = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN"
_LEXICAL: dict[str, tuple[re.Pattern[str], Callable[[str], Value]]] = {
    name: (re.compile(form, re.ASCII), make)
    for name, form, make in (
        ("integer", r"[+-]?\d+", int),
        ("boolean", r"true|false|0|1", lambda text: text in ("true", "1")),
        ("decimal", r"[+-]?(\d+(\.\d*)?|\.\d+)", Decimal),
        ("double", _DOUBLE, float),
        ("float", _DOUBLE, float),
        (
            "dateTime",
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
            datetime.fromisoformat,
        ),
    )
}


def plain(term: Any) -> RawTerm | None:
    """Turn a term of an engine's answer into a :class:`RawTerm`; None stays None."""
    return term if term is None or type(term) is RawTerm else from_oxigraph(term)


def value_of(term: Any) -> Value:
    """Turn a term into the Python value it stands for.

    Parameters
    ----------
    term : RawTerm, pyoxigraph term or None

    Returns
    -------
    Value
        An ill-formed literal comes back as :class:`TypedText`, nothing is lost.
    """
    if term is None:
        return None
    if type(term) is not RawTerm:
        # answers have them by the hundred thousand: no RawTerm in between where none is needed
        name = type(term).__name__
        if name == "NamedNode":
            return IRI(term.value)
        if name == "Literal":
            if lang := term.language:
                return Text(term.value, lang)
            if term.datatype.value == _STRING:
                text: str = term.value
                return text
        term = from_oxigraph(term)
    raw: RawTerm = term
    return _read(raw)


def _read(term: RawTerm) -> Value:
    if term.kind == "iri":
        return IRI(term.value)
    if term.kind == "bnode":
        return BlankNode(term.value)
    if term.lang:
        return Text(term.value, term.lang)
    kind, text = term.datatype or XSD + "string", term.value
    if kind == XSD + "string":
        return text
    name = "integer" if kind in _INTEGERS else kind.removeprefix(XSD)
    form, make = _LEXICAL.get(name, (None, None))
    if form is not None and make is not None and form.fullmatch(text):
        try:
            return make(text)
        except (ValueError, ArithmeticError):
            pass  # of the right form, and still nothing: the 30th of February
    return TypedText(text, kind)


def cell(value: object) -> str:
    """Write a value of an answer as text: IRIs as CURIEs, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.curie if isinstance(value, IRI) else str(value)


def raw_of(value: Any) -> RawTerm:
    """Turn a Python, rdflib or pyoxigraph value into a term.

    Parameters
    ----------
    value : object
        Anything with an ``iri`` (a role, a skill, a transition), a value of this module, a
        Python scalar, or a term of rdflib or pyoxigraph. A plain ``str`` is a string literal.

    Returns
    -------
    RawTerm

    Raises
    ------
    TypeError
        If the value has no counterpart in RDF.
    """
    if isinstance(value, RawTerm):
        return value
    if isinstance(value, IRI):
        return RawTerm("iri", str(value))
    if isinstance(value, BlankNode):
        return RawTerm("bnode", str(value))
    if isinstance(value, Text):
        return RawTerm("literal", str(value), RDF + "langString", value.lang)
    if isinstance(value, TypedText):
        return RawTerm("literal", str(value), value.datatype)
    foreign = type(value).__module__.split(".")[0]
    if foreign == "rdflib":
        return _from_rdflib(value)
    if foreign == "pyoxigraph":
        return from_oxigraph(value)
    return _from_python(value)


def _from_python(value: Any) -> RawTerm:
    iri = getattr(value, "iri", None)
    if isinstance(iri, str):
        return RawTerm("iri", iri)
    if isinstance(value, str):
        return RawTerm("literal", value, XSD + "string")
    if isinstance(value, bool):
        return RawTerm("literal", "true" if value else "false", XSD + "boolean")
    if isinstance(value, int):
        return RawTerm("literal", str(value), XSD + "integer")
    if isinstance(value, float):
        return RawTerm("literal", _SPECIAL.get(repr(value), repr(value)), XSD + "double")
    if isinstance(value, Decimal):
        return RawTerm("literal", format(value, "f"), XSD + "decimal")
    for kind, name in ((datetime, "dateTime"), (date, "date"), (time, "time")):
        if isinstance(value, kind):
            return RawTerm("literal", value.isoformat(), XSD + name)
    raise TypeError(f"no RDF term for a {type(value).__name__}: {value!r}")


def _from_rdflib(term: Any) -> RawTerm:
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return RawTerm("iri", str(term))
    if isinstance(term, rdflib.BNode):
        return RawTerm("bnode", str(term))
    if isinstance(term, rdflib.Literal):
        if term.language:
            return RawTerm("literal", str(term), RDF + "langString", term.language.lower())
        text, kind = str(term), str(term.datatype or XSD + "string")
        if kind in (XSD + "double", XSD + "float"):  # rdflib writes them as Python does
            text = _SPECIAL.get(text, text)
        return RawTerm("literal", text, kind)
    raise TypeError(f"no RDF term for a {type(term).__name__}: {term!r}")


def from_oxigraph(term: Any) -> RawTerm:
    """Turn a pyoxigraph term into a :class:`RawTerm`."""
    name = type(term).__name__
    if name == "NamedNode":
        return RawTerm("iri", term.value)
    if name == "BlankNode":
        return RawTerm("bnode", term.value)
    if name == "Literal":
        return RawTerm("literal", term.value, term.datatype.value, term.language)
    raise TypeError(f"no plain RDF term for a {name}: {term}")
