"""ESCO, the European classification of occupations and skills, out of its CSV release.

Any version 1 in any language is read, from the official zips or from folders of their files. Which
columns a file has, and in which order, differs between versions; what is read goes by the headings.
Labels of several languages add up, and every fact comes once. ESCO's own IRIs are kept.

Some rows cannot become facts: they point to concepts that a version has dropped, say a thing twice
or contradict the model. They are left out and counted, each under its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from rolegraph import ntriples as nt
from rolegraph.archive import Archive
from rolegraph.errors import DataError
from rolegraph.importers.draft import Draft, FileDraft, SourceInfo
from rolegraph.vocab import BASE, RG, SKOS

__all__ = ["describe", "read"]

_LICENCE = "reuse allowed under Commission Decision 2011/833/EU"
_ATTRIBUTION = "This service uses the ESCO classification of the European Commission."
_HOMEPAGE = "https://esco.ec.europa.eu/"

# Kinds of concepts, in the words of the report.
_OCCUPATION: Final = "occupations"
_ISCO: Final = "ISCO groups"
_SKILL: Final = "skills"
_GROUP: Final = "skill groups"
_CLASS = {
    _OCCUPATION: RG.Occupation,
    _ISCO: RG.OccupationGroup,
    _SKILL: RG.Skill,
    _GROUP: RG.SkillGroup,
}
_BY_TYPE = {
    "occupation": _OCCUPATION,
    "iscogroup": _ISCO,
    "knowledgeskillcompetence": _SKILL,
    "skillgroup": _GROUP,
}
# What links a kind to a broader one; other pairs have no meaning in the model.
_UP = {
    (_OCCUPATION, _OCCUPATION): RG.broader,
    (_ISCO, _ISCO): RG.broader,
    (_SKILL, _SKILL): RG.broader,
    (_GROUP, _GROUP): RG.broader,
    (_OCCUPATION, _ISCO): RG.inGroup,
    (_SKILL, _GROUP): RG.inGroup,
}

# Files by the part of the name before the language, in the order of reading; and those columns
# that something is made of.
_CONCEPTS = {
    "ISCOGroups": _ISCO,
    "occupations": _OCCUPATION,
    "skillGroups": _GROUP,
    "skills": _SKILL,
}
_BROADER = ("broaderRelationsOccPillar", "broaderRelationsSkillPillar")
_LINKS = "occupationSkillRelations"
_SKILL_LINKS = "skillSkillRelations"
_HIERARCHY = "skillsHierarchy"
_COLLECTIONS = (
    "digCompSkillsCollection",
    "digitalSkillsCollection",
    "greenSkillsCollection",
    "languageSkillsCollection",
    "researchOccupationsCollection",
    "researchSkillsCollection",
    "transversalSkillsCollection",
)
_USUAL = (*_CONCEPTS, *_BROADER, _LINKS, _SKILL_LINKS, _HIERARCHY, *_COLLECTIONS)
_TAKEN = frozenset(
    "conceptType conceptUri code iscoGroup preferredLabel altLabels hiddenLabels status skillType "
    "reuseLevel description".split()
)
_NAME = re.compile(
    r"(?P<stem>[A-Za-z]+)(_(?P<lang>[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*))?\.(csv|tsv|txt|xlsx|ods)",
    re.I,
)
_VERSION = re.compile(r"esco[^/\\]*?(?<![\d.])v?(\d+(?:\.\d+)+)(?![\d])", re.I)
_VERSION_TEXT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_EVERY = 5_000

# Reasons for leaving a row out. Rows are counted by these words.
_NO_IRI = "no IRI"
_UNRELEASED = 'status not "released"'
_UNKNOWN_TYPE = "unknown concept type"
_DUPLICATE = "duplicate"
_TWO_KINDS = "already a concept of another kind"
_SAME_ID = "last part of the IRI is that of another concept"
_DANGLING = "dangling reference"
_REPEATED = "the same in another language's file"
_MISFIT = "kinds that do not go together"
_SELF = "points to itself"
_CIRCLE = "closes a circle"
_RELATION = "unknown relation type"
_BOTH = "essential and optional at once"
_NO_MEMBER = "neither a role nor a skill"
_NOT_NEW = "already in the other files"

# What was made, in the words of the report.
_KNOWLEDGE = "of these, knowledge"
_ESSENTIAL = "essential links"
_OPTIONAL = "optional links"
_BETWEEN = "skill\u2013skill relations"
_BROADER_LINKS = "broader links"
_GROUPED = "group memberships"
_LISTED = "collection memberships"
_MADE = (
    *(_OCCUPATION, _ISCO, _SKILL, _KNOWLEDGE, _GROUP, _ESSENTIAL, _OPTIONAL, _BETWEEN),
    *(_BROADER_LINKS, _GROUPED, "collections", _LISTED, "labels"),
)
_STRENGTH = {"essential": (RG.essential, _ESSENTIAL), "optional": (RG.beneficial, _OPTIONAL)}
_USE = {"essential": RG.needsSkill, "optional": RG.usesSkill}


def describe(archive: Archive, *, version: str | None = None) -> SourceInfo:
    """Say which ESCO an archive holds.

    Parameters
    ----------
    archive : Archive
    version : str, optional
        Needed only where no name tells it.

    Returns
    -------
    SourceInfo
        With the licence and the attribution that the European Commission asks for.

    Raises
    ------
    DataError
        If no version is given and the names of files, zips and folders tell none, or more than
        one; or if what is given could not stand in an IRI.
    """
    if version is None:
        version = _find_version(archive)
    version = version.strip().removeprefix("v")
    if not _VERSION_TEXT.fullmatch(version):
        raise DataError(f"version={version!r}: ESCO's versions look like '1.1.1'")
    return SourceInfo(
        "esco", version, "ESCO", _LICENCE, _ATTRIBUTION, kind="imported", homepage=_HOMEPAGE
    )


def _find_version(archive: Archive) -> str:
    # What stands nearest to the files counts; folders further up may be about something else.
    nearest = [archive.place(n) for n in archive.names()]
    for texts in (nearest, archive.where, [p.parent.name for p in archive.paths]):
        found: list[str] = sorted({m[1] for text in texts for m in _VERSION.finditer(text)})
        if len(found) > 1:
            raise DataError(
                f"{', '.join(archive.where)}: files of ESCO {' and '.join(found)} together; "
                "import one version at a time, or say which it is with version="
            )
        if found:
            return found[0]
    raise DataError(
        f"{', '.join(archive.where)}: no name tells ESCO's version; give it, for example "
        "version='1.1.1'"
    )


def read(draft: Draft, archive: Archive) -> None:
    """Read ESCO into a draft.

    Parameters
    ----------
    draft : Draft
        Of a source as :func:`describe` gives it.
    archive : Archive
        Files named as in the official release, ``occupations_en.csv`` and so on; without a
        language in its name, a file's labels are taken as English.

    Raises
    ------
    DataError
        If neither occupations nor skills are there, a file lacks a column that its rows make no
        sense without, a row cannot be read, or two files hold the same things in one language.
    """
    _Reader(draft, archive, _sort_files(archive)).run()


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    stem: str
    lang: str


def _sort_files(archive: Archive) -> dict[str, list[_File]]:
    """Group the files of the release by what they hold; English first, then by language."""
    stems = {s.lower(): s for s in _USUAL}
    found: dict[str, list[_File]] = {}
    for name in archive.names():
        if not (m := _NAME.fullmatch(name)):
            continue
        stem = stems.get(m["stem"].lower(), m["stem"])
        if stem not in _USUAL and not stem.lower().endswith("collection"):
            continue
        file = _File(name, stem, (m["lang"] or "en").lower())
        others = found.setdefault(stem, [])
        if twin := next((o for o in others if o.lang == file.lang), None):
            raise DataError(
                f"{twin.name} and {name} both hold {stem} in {file.lang!r}; take one away"
            )
        others.append(file)
    for files in found.values():
        files.sort(key=lambda f: (f.lang != "en", f.lang))
    return found


def _clean(text: str) -> str:
    return " ".join(text.split())


def _split(cell: str) -> list[str]:
    """Split a list of labels: by lines in most files, by upright strokes in the collections.

    Commas are left alone, since labels contain them.
    """
    parts = cell.split("\n") if "\n" in cell else cell.split(" | ")
    return [label for p in parts if (label := _clean(p))]


def _words(stem: str) -> list[str]:
    """Take a file's name apart: ``digCompSkillsCollection`` is ``DigComp skills``."""
    parts = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", stem)
    words = [p.lower() for p in parts if p.lower() != "collection"]
    if words[:2] == ["dig", "comp"]:
        words[:2] = ["DigComp"]
    return words


@dataclass(slots=True)
class _Reader:
    """Reads one ESCO; what was read is kept only as far as later files point to it.

    Attributes
    ----------
    kinds : dict
        Kind of every concept, by IRI.
    ids : dict
        IRI by kind and last part of the IRI: claims are named with the last parts.
    codes : dict
        ISCO groups by code.
    columns : dict
        By occupation, what its row says of its ISCO group.
    labelled, noted, unreleased : set
        Concepts that have labels, by language; that have a notation; that were left out as not
        released.
    levels : dict
        Languages of the labels of those groups that only the table of the hierarchy has.
    parents, links, grouped : dict, set, set
        Broader concepts of the same kind, all pairs that were linked, and who is in a group.
    types, missing : Counter
        Skill types; IRIs that something points to in vain, by file.
    """

    draft: Draft
    archive: Archive
    files: dict[str, list[_File]]
    kinds: dict[str, str] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    labelled: set[tuple[str, str]] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)
    unreleased: set[str] = field(default_factory=set)
    levels: dict[str, set[str]] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)
    links: set[tuple[str, str]] = field(default_factory=set)
    grouped: set[str] = field(default_factory=set)
    types: Counter[str] = field(default_factory=Counter)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)

    def run(self) -> None:
        """Read everything, concepts first."""
        if not (self.files.get("occupations") or self.files.get("skills")):
            raise DataError(
                f"{', '.join(self.archive.where)}: neither occupations_….csv nor skills_….csv; "
                "ESCO's classification files are needed"
            )
        for name in _MADE:
            self.draft.made[name] = 0
        for stem, kind in _CONCEPTS.items():
            for file in self.files.get(stem, ()):
                self._concepts(file, kind)
        steps = [s for file in self.files.get(_HIERARCHY, ()) for s in self._levels(file)]
        for stem in _BROADER:
            self._broader(self.files.get(stem, ()))
        self._groups_of_columns()
        self._steps(steps)
        self._requirements()
        self._between_skills()
        for stem in self.files:
            if stem.lower().endswith("collection"):
                self._collection(stem)
        self._notes()

    # --- files

    def _open(self, file: _File, *columns: str) -> FileDraft:
        self.archive.require(file.name, columns)
        return self.draft.file(file.name, digest=self.archive.digest(file.name))

    def _rows(self, file: _File, *, flat: bool = False) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows of a file, telling how far it is; ``flat`` says that a row of text is a line."""
        known = flat and file.name.lower().endswith(".csv")
        total = self.archive.lines(file.name) if known else None
        row = 1
        for row, cells in self.archive.table(file.name):
            yield row, cells
            if row % _EVERY == 0:
                self.draft.progress(file.name, row, total)
        self.draft.progress(file.name, row, row)

    def _dangles(self, file: FileDraft, row: int, *iris: str) -> bool:
        """Leave a row out if it points to a concept that is not there."""
        gone = [i for i in iris if i not in self.kinds]
        if gone:
            file.leave(row, _DANGLING, ", ".join(i or _NO_IRI for i in gone))
            for i in gone:
                self.missing[file.name, i or _NO_IRI] += 1
        return bool(gone)

    # --- concepts

    def _concepts(self, file: _File, kind: str) -> None:
        out = self._open(file, "conceptUri", "preferredLabel")
        for row, cells in self._rows(file):
            iri = cells["conceptUri"].strip()
            concept_type = cells.get("conceptType", "").strip()
            actual = _BY_TYPE.get(concept_type.lower()) if concept_type else kind
            if not _is_iri(iri):
                out.leave(row, _NO_IRI, iri)
            elif actual is None:
                out.leave(row, _UNKNOWN_TYPE, concept_type)
            elif status := _unreleased(cells):
                self.unreleased.add(iri)
                out.leave(row, _UNRELEASED, f"{status}: {iri}")
            elif (iri, file.lang) in self.labelled:
                out.leave(row, _DUPLICATE if self.kinds[iri] == actual else _TWO_KINDS, iri)
            elif self.kinds.get(iri, actual) != actual:
                out.leave(row, _TWO_KINDS, iri)
            elif self.ids.setdefault((actual, _last(iri)), iri) != iri:
                out.leave(row, _SAME_ID, iri)
            else:
                self.labelled.add((iri, file.lang))
                out.take()
                self._concept(iri, actual, cells, file.lang, out, row)

    def _concept(
        self, iri: str, kind: str, cells: dict[str, str], lang: str, out: FileDraft, row: int
    ) -> None:
        new = iri not in self.kinds
        classes = [_CLASS[kind]]
        notation = cells.get("code", "").strip() if iri not in self.noted else ""
        if new and kind == _SKILL:
            skill_type = cells.get("skillType", "").strip()
            self.types[skill_type] += 1
            if skill_type == "knowledge":
                classes.append(RG.Knowledge)
        if new:
            self.kinds[iri] = kind
            self.draft.made[kind] += 1
            self.draft.made[_KNOWLEDGE] += len(classes) - 1
        self._write(
            iri,
            classes if new else [],
            # A label is written once, with the best of the three ranks.
            [[_clean(cells["preferredLabel"])]]
            + [_split(cells.get(c, "")) for c in ("altLabels", "hiddenLabels")],
            lang,
            out,
            # A concept has one row: that in the first language.
            row if new else None,
            notation,
            cells.get("description", "").strip(),
        )
        reuse = cells.get("reuseLevel", "").strip()
        if new and reuse and kind == _SKILL:
            self.draft.add(nt.iri(iri), f"<{RG.reuseLevel}>", nt.text(reuse))
        if new and kind == _ISCO:
            self.codes[notation or _last(iri).removeprefix("C")] = iri
        if kind == _OCCUPATION and (group := cells.get("iscoGroup", "").strip()):
            self.columns.setdefault(iri, group)

    def _write(
        self,
        iri: str,
        classes: list[str],
        labels: list[list[str]],
        lang: str,
        out: FileDraft,
        row: int | None,
        notation: str,
        description: str,
    ) -> None:
        seen: set[str] = {""}
        ranks: list[list[tuple[str, str]]] = []
        for names in labels:
            fresh = [n for n in dict.fromkeys(names) if n not in seen]
            seen.update(fresh)
            ranks.append([(n, lang) for n in fresh])
        self.draft.made["labels"] += len(seen) - 1
        if notation:
            self.noted.add(iri)
        self.draft.concept(
            iri,
            classes,
            ranks[0],
            file=out,
            row=row,
            alt=ranks[1],
            hidden=ranks[2],
            notation=notation,
            description=(description, lang) if description else None,
        )

    # --- hierarchies

    def _levels(self, file: _File) -> list[_Step]:
        """Take groups and codes that only the table of the hierarchy has."""
        out = self._open(file, "Level 0 URI")
        steps: list[_Step] = []
        for row, cells in self._rows(file):
            chain = []
            for level in range(10):
                iri = cells.get(f"Level {level} URI", "").strip()
                if not iri or not _is_iri(iri):
                    break
                label = _clean(cells.get(f"Level {level} preferred term", ""))
                chain.append((iri, label, cells.get(f"Level {level} code", "").strip()))
            if not chain:
                out.leave(row, _NO_IRI)
                continue
            new = [
                self._level(c, cells if c is chain[-1] else {}, file.lang, out, row) for c in chain
            ]
            steps.append(_Step(out, row, tuple(c[0] for c in chain), any(new)))
        return steps

    def _level(
        self,
        level: tuple[str, str, str],
        cells: dict[str, str],
        lang: str,
        out: FileDraft,
        row: int,
    ) -> bool:
        """Write what is new of a level, and say whether anything is."""
        iri, label, code = level
        if iri in self.unreleased:
            return False
        if iri not in self.kinds or lang not in self.levels.get(iri, {lang}):
            new = iri not in self.kinds
            if new:
                self.kinds[iri] = _GROUP
                self.draft.made[_GROUP] += 1
            self.levels.setdefault(iri, set()).add(lang)
            description = cells.get("Description", "").strip()
            notation = code if iri not in self.noted else ""
            names = [[label], [], []]
            classes = [RG.SkillGroup] if new else []
            self._write(iri, classes, names, lang, out, row if new else None, notation, description)
            return True
        if code and iri not in self.noted and self.kinds[iri] == _GROUP:
            self.noted.add(iri)
            self.draft.add(nt.iri(iri), f"<{SKOS}notation>", nt.text(code))
            return True
        return False

    def _broader(self, files: Sequence[_File]) -> None:
        before: set[tuple[str, str]] = set()
        for file in files:
            out = self._open(file, "conceptUri", "broaderUri")
            here: set[tuple[str, str]] = set()
            for row, cells in self._rows(file, flat=True):
                pair = cells["conceptUri"].strip(), cells["broaderUri"].strip()
                if self._dangles(out, row, *pair):
                    continue
                reason = (
                    _DUPLICATE if pair in here else _REPEATED if pair in before else self._up(*pair)
                )
                here.add(pair)
                if reason:
                    out.leave(row, reason, f"{pair[0]} below {pair[1]}")
                else:
                    out.take()
            before |= here

    def _up(self, low: str, high: str) -> str:
        """Link two concepts, or give the reason why not."""
        kinds = self.kinds[low], self.kinds[high]
        prop = _UP.get(kinds)
        if prop is None:
            return _MISFIT
        if low == high:
            return _SELF
        if prop == RG.broader:
            if self._reaches(high, low):
                return _CIRCLE
            self.parents.setdefault(low, []).append(high)
        else:
            self.grouped.add(low)
        self.links.add((low, high))
        self.draft.made[_BROADER_LINKS if prop == RG.broader else _GROUPED] += 1
        self.draft.fact(low, prop, high)
        return ""

    def _reaches(self, start: str, goal: str) -> bool:
        todo, seen = [start], {start}
        while todo:
            for up in self.parents.get(todo.pop(), ()):
                if up == goal:
                    return True
                if up not in seen:
                    seen.add(up)
                    todo.append(up)
        return False

    def _groups_of_columns(self) -> None:
        """Put occupations into the group of their row where no relation put them into one."""
        unknown: Counter[str] = Counter()
        for iri, code in self.columns.items():
            if iri not in self.grouped:
                group = code if self.kinds.get(code) == _ISCO else self.codes.get(code)
                if group is None:
                    unknown[code] += 1
                else:
                    self._up(iri, group)
        if unknown:
            self.draft.note(
                f"{unknown.total():,} occupations name an ISCO group that is not there: "
                + _list(f"{code} ({n:,})" for code, n in sorted(unknown.items()))
            )

    def _steps(self, steps: list[_Step]) -> None:
        """Add links that only the table of the hierarchy has, and account for its rows."""
        for step in steps:
            new = step.new
            for high, low in pairwise(step.chain):
                there = low in self.kinds and high in self.kinds
                if there and (low, high) not in self.links and not self._up(low, high):
                    new = True
            if new:
                step.out.take()
            else:
                step.out.leave(step.row, _NOT_NEW)

    # --- links

    def _requirements(self) -> None:
        """Write what occupations ask for; the triples are those of ``Draft.requirement``."""
        ends = {iri: (n, k, _last(iri)) for n, (iri, k) in enumerate(self.kinds.items())}
        # What is the same in all claims, put together once. Each claim is written as seven lines
        # at a time: a call for every line would take most of the import's time.
        a = f" {nt.A} <{RG.SkillRequirement}> .\n"
        of, asks = f" <{RG.isRequirementOf}> <", f" <{RG.requiredSkill}> <"
        kind = f" <{RG.hasEvidenceKind}> <{RG.NS}{self.draft.source.kind}> .\n"
        strengths = {r: f" <{RG.hasStrength}> <{s}> .\n" for r, (s, _) in _STRENGTH.items()}
        at, start, end = f" <{RG.sourceRow}> ", f"<{BASE}esco/requirement/", "> .\n"
        block, made = self.draft.block, self.draft.made
        seen: dict[int, str] = {}
        for file in self.files.get(_LINKS, ()):
            out = self._open(file, "occupationUri", "relationType", "skillUri")
            evidence = f" <{RG.hasEvidence}> {out.iri} .\n"
            here: set[int] = set()
            for row, cells in self._rows(file, flat=True):
                role, skill = cells["occupationUri"].strip(), cells["skillUri"].strip()
                relation = cells["relationType"].strip().lower()
                if role not in ends or skill not in ends:
                    self._dangles(out, row, role, skill)
                    continue
                n, role_kind, role_id = ends[role]
                m, skill_kind, skill_id = ends[skill]
                key = n * len(ends) + m
                if role_kind != _OCCUPATION or skill_kind != _SKILL:
                    out.leave(row, _MISFIT, f"{role} and {skill}")
                elif relation not in _STRENGTH:
                    out.leave(row, _RELATION, relation or "none")
                elif key in seen:
                    reason = _DUPLICATE if key in here else _REPEATED
                    reason = reason if seen[key] == relation else _BOTH
                    out.leave(row, reason, f"{role} and {skill}")
                else:
                    seen[key] = relation
                    here.add(key)
                    s = f"{start}{role_id}.{skill_id}>"
                    block(
                        f"{s}{a}{s}{of}{role}{end}{s}{asks}{skill}{end}{s}{strengths[relation]}"
                        f"{s}{kind}{s}{evidence}{s}{at}{nt.number(row)} .\n",
                        7,
                    )
                    made[_STRENGTH[relation][1]] += 1
                    out.taken += 1

    def _between_skills(self) -> None:
        """Write which skills other skills call for: the first of a row is the one that asks."""
        before: set[tuple[str, str, str]] = set()
        for file in self.files.get(_SKILL_LINKS, ()):
            out = self._open(file, "originalSkillUri", "relationType", "relatedSkillUri")
            here: set[tuple[str, str, str]] = set()
            for row, cells in self._rows(file, flat=True):
                skill, other = cells["originalSkillUri"].strip(), cells["relatedSkillUri"].strip()
                relation = cells["relationType"].strip().lower()
                link = skill, relation, other
                if self._dangles(out, row, skill, other):
                    continue
                if {self.kinds[skill], self.kinds[other]} != {_SKILL}:
                    out.leave(row, _MISFIT, f"{skill} and {other}")
                elif relation not in _USE:
                    out.leave(row, _RELATION, relation or "none")
                elif skill == other:
                    out.leave(row, _SELF, skill)
                elif link in here or link in before:
                    out.leave(row, _DUPLICATE if link in here else _REPEATED, f"{skill}, {other}")
                else:
                    here.add(link)
                    self.draft.fact(skill, _USE[relation], other)
                    self.draft.made[_BETWEEN] += 1
                    out.take()
            before |= here

    def _collection(self, stem: str) -> None:
        """Write a thematic list and who is on it."""
        words = _words(stem)
        collection = f"{BASE}esco/collection/{'-'.join(words).lower()}"
        before: set[str] = set()
        for file in self.files[stem]:
            out = self._open(file, "conceptUri")
            if file is self.files[stem][0]:
                label = (" ".join(words), "en")
                self.draft.concept(collection, RG.ConceptCollection, [label], file=out)
                self.draft.made["collections"] += 1
            here: set[str] = set()
            for row, cells in self._rows(file):
                iri = cells["conceptUri"].strip()
                if status := _unreleased(cells):
                    out.leave(row, _UNRELEASED, f"{status}: {iri}")
                elif self._dangles(out, row, iri):
                    continue
                elif self.kinds[iri] not in (_OCCUPATION, _SKILL):
                    out.leave(row, _NO_MEMBER, iri)
                elif iri in here or iri in before:
                    out.leave(row, _DUPLICATE if iri in here else _REPEATED, iri)
                else:
                    here.add(iri)
                    self.draft.fact(iri, RG.inCollection, collection)
                    self.draft.made[_LISTED] += 1
                    out.take()
            before |= here

    # --- the account

    def _notes(self) -> None:
        note = self.draft.note
        for stem in _USUAL:
            if stem not in self.files:
                self.draft.absent(f"{stem}.csv")
        if untyped := self.types.pop("", 0):
            note(f"without a skill type, and taken as skills: {untyped:,}")
        for name, n in sorted(self.types.items()):
            if name not in ("knowledge", "skill/competence"):
                note(f"of the unknown skill type {name!r}, and taken as skills: {n:,}")
        by_file: dict[str, list[str]] = {}
        for (name, iri), n in self.missing.items():
            by_file.setdefault(name, []).append(f"{iri} ({n:,})")
        for name, gone in by_file.items():
            note(f"{name} points to what is not there: {_list(gone)}")
        read = {f.name: f for files in self.files.values() for f in files}
        if plain := sorted(n for n in read if f"_{read[n].lang}." not in n.lower()):
            labelled = [n for n in plain if "Relations" not in read[n].stem]
            if labelled:
                note(f"no language in the name, labels taken as English: {_list(labelled)}")
        if unread := [n for n in self.archive.names() if n not in read]:
            note(f"not read, nothing in the model answers to them: {_list(unread)}")
        unused = {
            c
            for f in read.values()
            if f.stem in _CONCEPTS
            for c in self.archive.columns(f.name)
            if c not in _TAKEN
        }
        if unused:
            note(f"columns not taken: {_list(sorted(unused))}")


@dataclass(frozen=True, slots=True)
class _Step:
    """A row of the table of the hierarchy: its levels from the top, and whether one was new."""

    out: FileDraft
    row: int
    chain: tuple[str, ...]
    new: bool


def _last(iri: str) -> str:
    return iri.rstrip("/").rpartition("/")[2]


def _is_iri(text: str) -> bool:
    try:
        nt.iri(text)
    except DataError:
        return False
    return True


def _unreleased(cells: dict[str, str]) -> str:
    """The status of a row that is not to be used; empty if it is, or if none is given."""
    status = cells.get("status", "").strip()
    return "" if status.lower() == "released" else status


def _list(items: Iterable[str]) -> str:
    """The first twenty, and how many more there are."""
    all_ = list(items)
    more = [f"{len(all_) - 20:,} more"] if len(all_) > 20 else []
    return ", ".join(all_[:20] + more)
