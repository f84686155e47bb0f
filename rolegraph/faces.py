"""Words and cells that the pages of several kinds of values share.

It stands below the values and knows them by what it reads of them only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rolegraph.page import BREAK, Bullets, Cell, Details, Names, Strong, Tag, count, joined

__all__ = [
    "SHOWN",
    "counted",
    "demands",
    "lines",
    "marked",
    "one_of_many",
    "rungs",
    "said",
    "short",
    "tags",
    "who",
    "words",
]

SHOWN = 30
"""Names of a list that are shown; the values themselves have them all."""
_PLURAL = re.compile(r"(?<![is])(ies|(?<!ie)s)(?=$|, | in | of | to )")
_MANY = 12  # demands from which on they are listed by how much is asked


class Said(Protocol):
    """A piece of evidence."""

    @property
    def source(self) -> str | None: ...
    @property
    def document(self) -> str | None: ...
    @property
    def row(self) -> int | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def section(self) -> str | None: ...
    @property
    def start(self) -> int | None: ...
    @property
    def end(self) -> int | None: ...


class Claimed(Protocol):
    """A claim."""

    @property
    def modality(self) -> str: ...


class Found(Protocol):
    """A concept with the claims that bear it out."""

    @property
    def label(self) -> str: ...
    @property
    def claims(self) -> Sequence[Claimed]: ...
    @property
    def kinds(self) -> Sequence[str]: ...
    @property
    def levels(self) -> Sequence[str]: ...


class Asked(Protocol):
    """A demand for a skill."""

    @property
    def label(self) -> str: ...
    @property
    def demand(self) -> str: ...


def short(names: Sequence[str], most: int = SHOWN, mark: str = "; ") -> str:
    """Write the beginning of a list, and how many more there are.

    Examples
    --------
    >>> short(["a", "b", "c"], 2)
    'a; b; … 1 more'
    """
    more = f"{mark}… {len(names) - most:,} more" if len(names) > most else ""
    return mark.join(names[:most]) + more


def said(evidence: Iterable[Said]) -> list[str]:
    """List evidence, a line for each place; what stands in one file or section is one line."""
    places: dict[str, list[str]] = {}
    words: dict[str, tuple[str, str]] = {}
    for e in evidence:
        place, word, number = f"{e}", "", ""
        if e.source is not None and e.row is not None:
            place, word, number = f"{e.source}, {e.document}", e.unit, f"{e.row}"
        elif e.source is None and e.document is not None and e.start is not None:
            place, number = f'"{e.document}", § {e.section}', f"{e.start}-{e.end}"
            word = "characters"
        words[place] = (word, f"{word}s" if word in ("row", "line") else word)
        places.setdefault(place, []).append(number)
    out = []
    for place, numbers in places.items():
        word = words[place][len(numbers) > 1]
        out.append(f"{place}, {word} {short(numbers, mark=', ')}" if word else place)
    return out


def who(evidence: Iterable[Said], lead: str = "") -> tuple[Details, ...]:
    """Put evidence where one click opens it; nothing where there is none.

    ``lead`` says what opens, where no heading does.
    """
    places = said(evidence)
    if not places:
        return ()
    summary = lead + count(len(places), "place")
    if len(places) > SHOWN:
        places = [*places[:SHOWN], f"… {len(places) - SHOWN:,} more"]
    return (Details(summary, (Bullets(tuple(places)),)),)


def words(*found: Found) -> str:
    """Give the modalities of findings, or their kinds where no single claim says them."""
    modal = sorted({c.modality for f in found for c in f.claims})
    return " / ".join(modal) or ", ".join(sorted({k for f in found for k in f.kinds}))


def rungs(*found: Found) -> str:
    """Say at which levels each asks for a skill; nothing where no source states one.

    Two that ask for the same are said once: ``level working``, but ``level working | expert``.
    """
    sides = [" / ".join(f.levels) for f in found]
    if not any(sides):
        return ""
    differ = len(set(sides)) > 1
    return "level " + (" | ".join(s or "not stated" for s in sides) if differ else sides[0])


def marked(*found: Found) -> str:
    """Give a label with what is out of the ordinary: strength, hedge, kind, levels."""
    said = words(*found)
    usual = "" if said == "stated" else said.replace("stated, ", "")
    beside = ", ".join(filter(None, [usual, rungs(*found)]))
    return found[0].label + (f" ({beside})" if beside else "")


def tags(names: Iterable[str]) -> Cell:
    """Write kinds as tags."""
    return joined((Tag(n) for n in names), " ")


def lines(names: Iterable[str]) -> Cell:
    """Write a list."""
    every = tuple(names)
    return Names(every) if every else ""


def one_of_many(names: str) -> str:
    """Give a name in the plural as that of a single one.

    Examples
    --------
    >>> [one_of_many(n) for n in ("role families", "promotions, inferred", "stated")]
    ['role family', 'promotion, inferred', 'stated']
    """
    return _PLURAL.sub(lambda m: "y" if m[0] == "ies" else "", names, count=1)


def counted(names: Mapping[str, int]) -> str:
    """Write names, in the plural, with their numbers.

    Examples
    --------
    >>> counted({"roles": 3008, "certifications": 1})
    '3,008 roles, 1 certification'
    """
    return ", ".join(
        f"{number:,} {one_of_many(name) if number == 1 else name}" for name, number in names.items()
    )


def demands(asked: Iterable[Asked]) -> Cell:
    """List demands, each with how much is asked; many are grouped by that, long groups cut."""
    every = list(asked)
    groups: dict[str, list[str]] = {}
    for r in every:
        groups.setdefault(r.demand, []).append(r.label)
    if len(every) <= _MANY or len(groups) > _MANY:  # few; or nothing to group by
        return lines(f"{r.label} ({r.demand})" for r in every)
    parts: list[Cell] = []
    for much, names in groups.items():
        parts.append((Strong(f"{much} ({len(names)})"), ": ", BREAK, Names(tuple(names))))
    return joined(parts, BREAK)
