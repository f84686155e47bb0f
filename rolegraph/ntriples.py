r"""Terms and triples written as N-Triples text, for facts by the million.

Importers write text rather than objects: a bulk loader reads it faster than anything else, and
the same text is kept beside the store as the record of a source.

Examples
--------
>>> iri("https://example.org/a")
'<https://example.org/a>'
>>> print(text("Leiterin", "de"), text('say "so"'))
"Leiterin"@de "say \"so\""
>>> number(3)
'"3"^^<http://www.w3.org/2001/XMLSchema#integer>'
"""

from __future__ import annotations

import re
from functools import lru_cache

from rolegraph.errors import DataError
from rolegraph.vocab import RDF, XSD

__all__ = ["A", "boolean", "decimal", "iri", "number", "text"]

A = f"<{RDF}type>"
"""``rdf:type``."""
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+')
_LANG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_TO_ESCAPE = re.compile(r'["\\\n\r]')


@lru_cache(maxsize=65536)
def iri(value: str) -> str:
    """Write an IRI.

    Raises
    ------
    DataError
        If it is not an absolute IRI.
    """
    if not _IRI.fullmatch(value):
        raise DataError(f"not an absolute IRI: {value!r}")
    return f"<{value}>"


def text(value: str, lang: str | None = None) -> str:
    """Write a text, with a language or as a plain string.

    Raises
    ------
    DataError
        If the language is not a language tag.
    """
    if _TO_ESCAPE.search(value):
        value = _TO_ESCAPE.sub(lambda m: _ESCAPES[m[0]], value)
    if lang is None:
        return f'"{value}"'
    if not _LANG.fullmatch(lang):
        raise DataError(f"not a language tag: {lang!r}")
    return f'"{value}"@{lang.lower()}'


def number(value: int) -> str:
    """Write a whole number."""
    return f'"{int(value)}"^^<{XSD}integer>'


def decimal(value: str | float) -> str:
    """Write a decimal number; a text keeps its digits.

    Raises
    ------
    DataError
        If the text is not a decimal number.
    """
    digits = value.strip() if isinstance(value, str) else format(value, "f")
    if not _DECIMAL.fullmatch(digits):
        raise DataError(f"not a decimal number: {value!r}")
    return f'"{digits}"^^<{XSD}decimal>'


def boolean(value: bool) -> str:
    """Write true or false."""
    return f'"{"true" if value else "false"}"^^<{XSD}boolean>'
