"""Crosswalks: tables that say which concept of one source answers to which of another.

Two forms are read, told apart by their columns: the ESCO-O*NET crosswalk of Nesta's *Mapping Career
Causeways*, and a plain one with ``subject``, ``relation``, ``object`` and, if you like,
``confidence``. The names of SSSOM (``subject_id``, ``predicate_id``, ``object_id``) will do, too::

    subject,relation,object,confidence
    role:project-manager,closeMatch,onet:13-1082.00,0.9

Subject and object are IRIs or CURIEs with a prefix of :data:`rolegraph.PREFIXES`; a relation is one
of the five of SKOS. Rows become mappings, each with its confidence on the scale of its source.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from rolegraph import ntriples as nt
from rolegraph.archive import Archive
from rolegraph.errors import DataError
from rolegraph.importers.draft import Draft, FileDraft, SourceInfo
from rolegraph.vocab import BASE, PREFIXES, SKOS, curie, expand

__all__ = ["RELATIONS", "describe", "read"]

RELATIONS: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""Relations of SKOS between concepts of two sources."""

_BASE: Final = BASE + "crosswalk/"
_NESTA: Final = ("concept_uri", "onet_code", "confidence")
_FORMS: Final = (
    ("subject", "relation", "object"),
    ("subject_id", "predicate_id", "object_id"),
)
_SHOWN: Final = 20
_EVERY: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row: what it maps to what, and how surely."""

    row: int
    subject: str
    relation: str
    target: str
    confidence: str


def describe(archive: Archive, *, version: str | None = None) -> SourceInfo:
    """Say what the source is.

    Parameters
    ----------
    archive : Archive
        A single table.
    version : str, optional

    Returns
    -------
    SourceInfo
        For a table of your own the key is ``crosswalk-`` and the name of the file; of licence and
        attribution the table says nothing. Its facts are *curated* all the same.

    Raises
    ------
    DataError
        If there is not one table that is a crosswalk.
    """
    name, form = _table(archive)
    if form is None:
        return SourceInfo(
            key="crosswalk",
            version=version or "",
            title="ESCO-O*NET crosswalk of Mapping Career Causeways",
            licence="MIT",
            attribution="Nesta, Mapping Career Causeways",
            kind="curated",
            homepage="https://github.com/nestauk/mapping-career-causeways",
        )
    stem = name.rpartition(".")[0]
    slug = re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-")
    return SourceInfo(
        key=f"crosswalk-{slug or _digest(stem)}",
        version=version or "",
        title=f"Crosswalk {stem}",
        licence="not stated",
        attribution="",
        kind="curated",
    )


def read(draft: Draft, archive: Archive, *, known: Container[str] | None = None) -> None:
    """Read a crosswalk.

    Parameters
    ----------
    draft : Draft
        What is written into.
    archive : Archive
        A single table.
    known : container of str, optional
        IRIs of the concepts that there are. A row with an end that is not among them is left out
        as a dangling reference. Every row is taken when None.

    Raises
    ------
    DataError
        If there is not one table that is a crosswalk, or if a cell cannot be understood: the
        message then names all such cells, with row, column and the nearest right value.

    Notes
    -----
    Nesta's table names no relation. An O*NET occupation that answers to one ESCO occupation only is
    taken for a close match; one that several share, for the broader of the two. The whole table is
    counted for this, and not only the rows whose ends are known.
    """
    name, form = _table(archive)
    file = draft.file(name, digest=archive.digest(name))
    problems: list[str] = []
    if form is None:
        pairs = _nesta(draft, archive, file, problems)
    else:
        pairs = _plain(archive, file, form, problems)
    if problems:
        more = len(problems) - _SHOWN
        rest = [f"… and {more} more"] if more > 0 else []
        raise DataError("\n".join([f"{name}: nothing imported:", *problems[:_SHOWN], *rest]))
    seen: set[tuple[str, str, str]] = set()
    for n, pair in enumerate(pairs, 1):
        if n % _EVERY == 0:
            draft.progress(name, n, len(pairs))
        ends = pair.subject, pair.target
        if pair.subject == pair.target:
            file.leave(pair.row, "mapped to itself", curie(pair.subject))
            continue
        gone = [] if known is None else [curie(e) for e in ends if e not in known]
        if gone:
            file.leave(pair.row, "dangling reference", ", ".join(gone))
        elif (key := (pair.subject, pair.relation, pair.target)) in seen:
            file.leave(pair.row, "duplicate", f"{curie(ends[0])}, {curie(ends[1])}")
        else:
            file.take()
            seen.add(key)
            draft.mapping(
                _BASE + _digest(" ".join(key)),
                pair.subject,
                pair.relation,
                pair.target,
                file=file,
                row=pair.row,
                confidence=pair.confidence or None,
            )
            draft.made[f"mappings, {pair.relation}"] += 1
    draft.progress(name, len(pairs), len(pairs))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _table(archive: Archive) -> tuple[str, tuple[str, str, str] | None]:
    """Find the one table, and its form: None for Nesta's."""
    endings = (".csv", ".tsv", ".txt", ".tab", ".xlsx")
    names = [n for n in archive.names() if n.lower().endswith(endings)]
    found: list[tuple[str, tuple[str, str, str] | None]] = []
    for name in names:
        there = set(archive.columns(name))
        if there.issuperset(_NESTA):
            found.append((name, None))
        else:
            found += [(name, form) for form in _FORMS if there.issuperset(form)][:1]
    where = ", ".join(archive.where)
    if len(found) > 1:
        raise DataError(
            f"more than one crosswalk in {where}: {', '.join(n for n, _ in found)}; name one file"
        )
    if not found:
        columns = archive.columns(names[0]) if len(names) == 1 else ()
        raise DataError(
            f"no crosswalk in {where}: a table needs the columns {', '.join(_FORMS[0])} and may "
            f"have confidence{_has(columns)}"
        )
    return found[0]


def _has(columns: tuple[str, ...]) -> str:
    """Say what a table has instead, and which column comes nearest to one that is missing."""
    if not columns:
        return ""
    if columns[0].startswith("#"):
        return "; this one begins with comments: take out the lines that start with #"
    lower = {c.lower(): c for c in columns}
    for wanted in _FORMS[0]:
        near = get_close_matches(wanted, lower, 1, 0.6)
        if near and lower[near[0]] != wanted:
            return f"; it has {', '.join(columns)}; did you mean {lower[near[0]]!r} as {wanted}?"
    return f"; it has {', '.join(columns)}"


# --- the two forms


def _nesta(draft: Draft, archive: Archive, file: FileDraft, problems: list[str]) -> list[_Pair]:
    rows = []
    for row, cells in archive.table(file.name):
        esco, code = cells["concept_uri"].strip(), cells["onet_code"].strip()
        confidence = cells["confidence"].strip()
        if not _is_iri(esco):
            problems.append(f"row {row}, column concept_uri: {esco!r} is not an IRI")
        if not re.fullmatch(r"\d\d-\d{4}\.\d\d", code):
            problems.append(
                f"row {row}, column onet_code: {code!r} is not an O*NET-SOC code such as 11-1021.00"
            )
        _check_confidence(confidence, row, problems)
        rows.append((row, esco, f"{BASE}onet/occupation/{code}", confidence))
    sharing = Counter(onet for onet, _ in {(onet, esco) for _, esco, onet, _ in rows})
    pairs = [
        _Pair(row, esco, "closeMatch" if sharing[onet] == 1 else "broadMatch", onet, confidence)
        for row, esco, onet, confidence in rows
    ]
    draft.note(
        f"{file.name} names no relation: an O*NET occupation that answers to one ESCO occupation "
        "is taken as skos:closeMatch, one that several share as skos:broadMatch"
    )
    return pairs


def _plain(
    archive: Archive, file: FileDraft, form: tuple[str, str, str], problems: list[str]
) -> list[_Pair]:
    pairs = []
    for row, cells in archive.table(file.name):
        iris = []
        for column in (form[0], form[2]):
            text = cells[column].strip()
            iri = expand(text) or ""
            if not _is_iri(iri):
                problems.append(f"row {row}, column {column}: {_hint(text)}")
            iris.append(iri)
        relation = _relation(cells[form[1]])
        if not relation:
            text = cells[form[1]].strip()
            near = get_close_matches(text.rpartition(":")[2], RELATIONS, 1, 0.5)
            right = f"did you mean {near[0]}?" if near else f"use one of {', '.join(RELATIONS)}"
            problems.append(f"row {row}, column {form[1]}: no relation {text!r}; {right}")
        confidence = cells.get("confidence", "").strip()
        _check_confidence(confidence, row, problems)
        pairs.append(_Pair(row, iris[0], relation, iris[1], confidence))
    return pairs


def _is_iri(text: str) -> bool:
    try:
        nt.iri(text)
    except DataError:
        return False
    return True


def _hint(text: str) -> str:
    if not text:
        return "empty; give an IRI or a CURIE"
    prefix, colon, _ = text.partition(":")
    near = get_close_matches(prefix, PREFIXES, 1, 0.6) if colon else []
    return f"{text!r} is neither an IRI nor a CURIE with a known prefix" + (
        f"; did you mean the prefix {near[0]}:?" if near and near[0] != prefix else ""
    )


def _relation(text: str) -> str:
    """The name of a relation, however it is written; empty if it is none."""
    iri = expand(text) or SKOS + text.strip()
    name = iri.removeprefix(SKOS)
    return name if name in RELATIONS and iri.startswith(SKOS) else ""


def _check_confidence(text: str, row: int, problems: list[str]) -> None:
    if text:
        try:
            nt.decimal(text)
        except DataError:
            problems.append(f"row {row}, column confidence: {text!r} is not a decimal number")
