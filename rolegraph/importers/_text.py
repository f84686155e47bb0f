"""Names and texts of a table: made alike, shown in messages, and the nearest one found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256

from rolegraph import ntriples as nt

__all__ = [
    "_brief",
    "_digest",
    "_heading",
    "_near",
    "_nearest",
    "_no_text",
    "_same",
    "_slug",
    "_tidy",
    "_valid_iri",
]


def _tidy(text: str) -> str:
    """Blanks made single, and one way of writing letters with accents."""
    text = text.replace("\u200b", "").replace("\ufeff", "")
    return " ".join(unicodedata.normalize("NFC", text).split())


def _same(text: str) -> str:
    """What two spellings of one name have in common: letter case and blanks do not count."""
    return _tidy(unicodedata.normalize("NFC", text.casefold()))


def _heading(text: str) -> str:
    """What two spellings of a heading or of a sheet's name have in common."""
    return _same(re.sub(r"[\s_*-]+", " ", text))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _slug(label: str) -> str:
    """Make the last part of an IRI from a label, from the label alone.

    Letters of any script, digits and hyphens stay. Where other signs are lost (``C++``, ``C#``) or
    the label is long, a digest keeps labels apart.
    """
    text = _same(label)
    slug = "-".join("".join(c if c.isalnum() else " " for c in text).split())
    lost = any(not c.isalnum() and c not in " -" for c in text)
    if lost or not slug or len(slug) > 80:
        slug = f"{slug[:60].strip('-') or 'x'}-{_digest(text)}"
    return slug


def _valid_iri(text: str) -> bool:
    """Tell whether the store will take an IRI: the store's own parser decides."""
    from pyoxigraph import NamedNode

    try:
        nt.iri(text)
        NamedNode(text)
    except ValueError:
        return False
    return True


def _no_text(text: str) -> str:
    """Describe the first sign that is no text: a control character or half a character."""
    for c in text:
        if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r":
            return f"a sign that is no text (U+{ord(c):04X})"
    return ""


def _brief(text: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 80 else text[:79] + "…"


def _near(text: str, options: Iterable[str], cutoff: float = 65) -> str:
    """Give the option that comes nearest, or nothing."""
    return _nearest(text, {_same(o): o for o in sorted(options, reverse=True)}, cutoff)


def _nearest(text: str, options: Mapping[str, str], cutoff: float = 65) -> str:
    """Give the option that comes nearest; the keys are made alike by :func:`_same`."""
    from rapidfuzz import fuzz, process

    # a list without a processor keeps the comparison out of Python, for tables full of mistakes
    found = process.extractOne(
        _same(text[:200]), list(options), scorer=fuzz.ratio, score_cutoff=cutoff
    )
    return options[found[0]] if found else ""
