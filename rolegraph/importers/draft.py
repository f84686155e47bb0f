"""What an importer writes into: facts as text, and an account of every row.

An importer is a function that reads files and fills a :class:`Draft`. The draft knows nothing of
stores: it writes N-Triples to one file and counts. Whoever called the importer puts the facts into
a store, all of them or none.

Every row of every file is either taken or left out for a reason that is named; :meth:`Draft.report`
checks that the counts add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from rolegraph import ntriples as nt
from rolegraph.errors import DataError
from rolegraph.faces import counted, one_of_many
from rolegraph.progress import Progress
from rolegraph.shown import Told
from rolegraph.store import graph_name
from rolegraph.values import to_json
from rolegraph.vocab import BASE, RG, SKOS

__all__ = ["Draft", "FileDraft", "FileReport", "LeftOut", "Progress", "Report", "SourceInfo"]

DCTERMS = "http://purl.org/dc/terms/"
_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A body of data in one version.

    Attributes
    ----------
    key : str
        Short name, the same in all versions: lower-case letters, digits and hyphens.
    version : str
        In the source's own words; may be empty.
    title, licence, attribution : str
        ``licence`` is an IRI or a text; ``attribution`` is how the source wants to be named.
    kind : str
        Kind of evidence of its facts: ``"imported"``, or ``"curated"`` for an expert's table.
    homepage : str
        Empty where there is none.
    """

    key: str
    version: str
    title: str
    licence: str
    attribution: str
    kind: str = "imported"
    homepage: str = ""

    @property
    def name(self) -> str:
        """Key and version, for example ``"esco-1.1.1"``."""
        return f"{self.key}-{self.version}" if self.version else self.key

    @property
    def graph(self) -> str:
        """IRI of the named graph."""
        return graph_name(self.name)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of a file that were left out for one reason.

    Attributes
    ----------
    reason : str
    count : int
    examples : tuple of str
        Some of them, at most ten: ``"row 17: …"``.
    """

    reason: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file: ``rows == taken + sum of what was left out``.

    Attributes
    ----------
    name : str
    rows, taken : int
    left_out : tuple of LeftOut
    """

    name: str
    rows: int
    taken: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Report(Told):
    """What an import took, and what it left out and why.

    Attributes
    ----------
    source : SourceInfo
    files : tuple of FileReport
    made : mapping of str to int
        What was made, by name: ``{"occupations": 3007, …}``.
    absent : tuple of str
        Files that the source usually has and that were not there.
    notes : tuple of str
        Whatever else a reader should know.
    triples : int
        Lines of facts written; a fact written twice counts twice.
    """

    source: SourceInfo
    files: tuple[FileReport, ...]
    made: MappingProxyType[str, int]
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    triples: int = 0

    def __str__(self) -> str:
        """The account as text."""
        s = self.source
        lines = [f"{s.title} {s.version}".strip() + f" ({s.kind}; {s.licence})"]
        lines += [
            f"   {n:>9,} {one_of_many(what) if n == 1 else what}" for what, n in self.made.items()
        ]
        for f in self.files:
            lines.append(f"   {f.name}: {f.taken:,} of {counted({'rows': f.rows})} taken")
            for gone in f.left_out:
                lines.append(f"      left out, {gone.reason}: {gone.count:,}")
                told = [e for e in gone.examples if ": " in e][
                    :3
                ]  # a bare row number tells nothing
                lines += [f"         {e}" for e in told]
                if told and gone.count > len(told):
                    lines.append(f"         … {gone.count - len(told):,} more")
        if self.absent:
            lines.append(f"   not there: {', '.join(self.absent)}")
        lines += [f"   {note}" for note in self.notes]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Give the account as plain data for JSON."""
        return {
            name: to_json(getattr(self, name))
            for name in ("source", "made", "files", "absent", "notes", "triples")
        }


@dataclass(slots=True)
class FileDraft:
    """The account of one file while it is read; made by :meth:`Draft.file`.

    Attributes
    ----------
    name : str
    iri : str
        The file as evidence, written as an N-Triples term.
    """

    name: str
    iri: str
    taken: int = 0
    _left: dict[str, tuple[list[str], list[int]]] = field(default_factory=dict)

    def take(self, rows: int = 1) -> None:
        """Count rows as taken."""
        self.taken += rows

    def leave(self, row: int, reason: str, detail: str = "") -> None:
        """Count a row as left out.

        Parameters
        ----------
        row : int
            Its number, the heading being row 1.
        reason : str
            The same words for the same reason: it is what rows are counted by.
        detail : str
            What is special about this one, for example the IRI that dangles.
        """
        examples, count = self._left.setdefault(reason, ([], [0]))
        count[0] += 1
        if len(examples) < _EXAMPLES:
            examples.append(f"row {row}" + (f": {detail}" if detail else ""))

    def report(self) -> FileReport:
        """Give the account."""
        left = tuple(LeftOut(r, n[0], tuple(e)) for r, (e, n) in self._left.items())
        return FileReport(self.name, self.taken + sum(x.count for x in left), self.taken, left)


class Draft:
    """Facts of one source, on their way into a store.

    Parameters
    ----------
    source : SourceInfo
    path : pathlib.Path
        File to write the facts to, as N-Triples; it must not exist yet.
    progress : Progress, optional

    Notes
    -----
    Terms are given as N-Triples text (:mod:`rolegraph.ntriples`) to :meth:`add`, and as plain
    strings to all other methods. Use it as a context manager, so that the file is closed.
    """

    def __init__(self, source: SourceInfo, path: Path, progress: Progress | None = None) -> None:
        self.source = source
        self.path = path
        self.made: Counter[str] = Counter()
        self.triples = 0
        self._progress = progress
        self._files: dict[str, FileDraft] = {}
        self._absent: list[str] = []
        self._notes: list[str] = []
        self._lines: list[str] = []
        self._out: IO[str] = path.open("x", encoding="utf-8", newline="\n")
        self._kind = f"<{RG.NS}{source.kind}>"
        self._describe()

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what is left and close the file."""
        if not self._out.closed:
            self._flush()
            self._out.close()

    def _flush(self) -> None:
        self._out.write("".join(self._lines))
        self._lines.clear()

    def _describe(self) -> None:
        s = self.source
        g = nt.iri(s.graph)
        self.add(g, nt.A, f"<{RG.Source}>")
        self.add(g, f"<{RG.sourceKey}>", nt.text(s.key))
        self.add(g, f"<{RG.sourceVersion}>", nt.text(s.version))
        self.add(g, f"<{RG.attribution}>", nt.text(s.attribution))
        self.add(g, f"<{RG.factsAre}>", self._kind)
        self.add(g, f"<{DCTERMS}title>", nt.text(s.title, "en"))
        licence = nt.iri(s.licence) if s.licence.startswith("http") else nt.text(s.licence)
        self.add(g, f"<{DCTERMS}license>", licence)

    # --- facts

    def add(self, s: str, p: str, o: str) -> None:
        """Write a triple of N-Triples terms."""
        self._lines.append(f"{s} {p} {o} .\n")
        self.triples += 1
        if len(self._lines) >= 20_000:
            self._flush()

    def block(self, lines: str, triples: int) -> None:
        """Write triples that are N-Triples text already; quicker than :meth:`add`, and unchecked.

        Parameters
        ----------
        lines : str
            Whole lines, each with its line end.
        triples : int
            How many lines there are.
        """
        self._lines.append(lines)
        self.triples += triples
        if len(self._lines) >= 20_000:
            self._flush()

    def fact(self, subject: str, predicate: str, value: str) -> None:
        """Write a triple of three IRIs."""
        self.add(nt.iri(subject), f"<{predicate}>", nt.iri(value))

    def concept(
        self,
        iri: str,
        classes: str | Iterable[str],
        labels: Iterable[tuple[str, str]],
        *,
        file: FileDraft | None = None,
        row: int | None = None,
        alt: Iterable[tuple[str, str]] = (),
        hidden: Iterable[tuple[str, str]] = (),
        notation: str | None = None,
        description: tuple[str, str] | None = None,
    ) -> None:
        """Write a concept: a role, a skill, a group and so on.

        Parameters
        ----------
        iri : str
        classes : str or iterable of str
            IRIs of classes, for example ``RG.Occupation``.
        labels, alt, hidden : iterable of (str, str)
            Text and language.
        file, row
            Where it was read; the file becomes ``dcterms:source``, the row ``rg:sourceRow``.
        notation : str, optional
            Its code in the source.
        description : (str, str), optional
        """
        s = nt.iri(iri)
        for cls in (classes,) if isinstance(classes, str) else classes:
            self.add(s, nt.A, f"<{cls}>")
        seen: set[tuple[str, str]] = set()
        for prop, names in (("prefLabel", labels), ("altLabel", alt), ("hiddenLabel", hidden)):
            for name, lang in names:
                clean = " ".join(name.split())
                if clean and (clean, lang) not in seen:
                    seen.add((clean, lang))
                    self.add(s, f"<{SKOS}{prop}>", nt.text(clean, lang))
        if notation:
            self.add(s, f"<{SKOS}notation>", nt.text(notation))
        if description and description[0].strip():
            self.add(s, f"<{DCTERMS}description>", nt.text(description[0].strip(), description[1]))
        if file is not None:
            self.add(s, f"<{DCTERMS}source>", file.iri)
            if row is not None:
                self.add(s, f"<{RG.sourceRow}>", nt.number(row))

    def claim(
        self,
        iri: str,
        cls: str,
        links: Iterable[tuple[str, str]],
        *,
        file: FileDraft,
        row: int | None,
        kind: str | None = None,
        values: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Write a claim: a thing that carries kind and evidence.

        Parameters
        ----------
        iri : str
        cls : str
            IRI of its class, for example ``RG.SkillRequirement`` or ``RG.Promotion``.
        links : iterable of (str, str)
            IRIs of a property and of its value.
        file, row
            Where it was read.
        kind : str, optional
            Kind of evidence; that of the source when None.
        values : iterable of (str, str)
            IRI of a property, and a literal written as an N-Triples term.
        """
        s = nt.iri(iri)
        self.add(s, nt.A, f"<{cls}>")
        for p, o in links:
            self.add(s, f"<{p}>", nt.iri(o))
        for p, o in values:
            self.add(s, f"<{p}>", o)
        self.add(s, f"<{RG.hasEvidenceKind}>", f"<{RG.NS}{kind}>" if kind else self._kind)
        self.add(s, f"<{RG.hasEvidence}>", file.iri)
        if row is not None:
            self.add(s, f"<{RG.sourceRow}>", nt.number(row))

    def requirement(
        self,
        iri: str,
        of: str,
        skill: str,
        *,
        file: FileDraft,
        row: int | None,
        strength: str | None = None,
        level: str | None = None,
        kind: str | None = None,
        values: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Write a role's (or a transition's) demand for a skill.

        Parameters
        ----------
        iri, of, skill : str
            IRIs of the demand, of who makes it, and of the skill.
        file, row, kind, values
            As for :meth:`claim`.
        strength : str, optional
            ``"essential"``, ``"recommended"`` or ``"beneficial"``.
        level : str, optional
            IRI of a proficiency level.
        """
        links = [(RG.isRequirementOf, of), (RG.requiredSkill, skill)]
        if strength:
            links.append((RG.hasStrength, RG.NS + strength))
        if level:
            links.append((RG.requiredLevel, level))
        self.claim(iri, RG.SkillRequirement, links, file=file, row=row, kind=kind, values=values)

    def transition(
        self,
        iri: str,
        source: str,
        target: str,
        label: tuple[str, str],
        *,
        file: FileDraft,
        row: int | None,
        cls: str = RG.RoleTransition,
        kind: str | None = None,
        hedge: str | None = None,
        values: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Write a career step from one role to another.

        Parameters
        ----------
        iri, source, target : str
            IRIs of the step, and of the roles it starts and ends in.
        label : (str, str)
            Text and language.
        cls : str
            IRI of its class: ``RG.RoleTransition``, ``RG.Promotion`` or ``RG.LateralTransition``.
        file, row, kind, values
            As for :meth:`claim`.
        hedge : str, optional
            ``"may"``, ``"can"``, ``"often"``, ``"typical"`` or ``"some"``.
        """
        links = [(RG.fromRole, source), (RG.toRole, target)]
        if hedge:
            links.append((RG.hasHedge, RG.NS + hedge))
        named = [(SKOS + "prefLabel", nt.text(*label)), *values]
        self.claim(iri, cls, links, file=file, row=row, kind=kind, values=named)

    def mapping(
        self,
        iri: str,
        subject: str,
        relation: str,
        target: str,
        *,
        file: FileDraft,
        row: int | None,
        confidence: str | None = None,
        kind: str | None = None,
    ) -> None:
        """Write that two concepts of different sources answer to each other.

        Parameters
        ----------
        iri : str
            IRI of the claim.
        subject, target : str
        relation : str
            ``"exactMatch"``, ``"closeMatch"``, ``"broadMatch"``, ``"narrowMatch"`` or
            ``"relatedMatch"`` of SKOS.
        confidence : str, optional
            A decimal number on the source's own scale.
        file, row, kind
            As for :meth:`claim`.
        """
        prop = SKOS + relation
        self.fact(subject, prop, target)
        links = [(RG.subject, subject), (RG.predicate, prop), (RG.object, target)]
        values = [(RG.confidence, nt.decimal(confidence))] if confidence else []
        self.claim(iri, RG.Assertion, links, file=file, row=row, kind=kind, values=values)

    # --- the account

    def file(self, name: str, *, digest: str | None = None, total: int | None = None) -> FileDraft:
        """Open the account of a file.

        Parameters
        ----------
        name : str
            Its name, without folders of this machine.
        digest : str, optional
            SHA-256 of its bytes, in hexadecimal digits.
        total : int, optional
            Rows to expect, for the progress bar.

        Returns
        -------
        FileDraft
        """
        if name not in self._files:
            safe = "".join(c if c.isalnum() or c in "-._" else "-" for c in name)
            iri = nt.iri(f"{BASE}file/{self.source.name}/{safe}")
            self._files[name] = FileDraft(name, iri)
            self.add(iri, nt.A, f"<{RG.SourceFile}>")
            self.add(iri, f"<{SKOS}prefLabel>", nt.text(name, "en"))
            self.add(iri, f"<{RG.partOfSource}>", nt.iri(self.source.graph))
            if digest:
                self.add(iri, f"<{RG.fileDigest}>", nt.text(digest))
        return self._files[name]

    def absent(self, name: str) -> None:
        """Note that a file which the source usually has is not there."""
        self._absent.append(name)

    def note(self, text: str) -> None:
        """Note something else that a reader should know."""
        self._notes.append(text)

    def progress(self, stage: str, done: int, total: int | None = None) -> None:
        """Say how far the work has got, if anybody listens."""
        if self._progress is not None:
            self._progress(stage, done, total)

    def report(self, rows: Callable[[str], int | None] = lambda _: None) -> Report:
        """Give the account, and check that it adds up.

        Parameters
        ----------
        rows : callable
            Gives the count of rows of a file by name, counted apart from the importer, or None
            where nobody counted.

        Raises
        ------
        DataError
            If a row of a file was neither taken nor left out.
        """
        files = tuple(f.report() for f in self._files.values())
        for f in files:
            if (count := rows(f.name)) is not None and count != f.rows:
                raise DataError(
                    f"{f.name} has {count} rows, and the import accounts for {f.rows} of them"
                )
        made = MappingProxyType(dict(self.made))
        absent, notes = tuple(self._absent), tuple(self._notes)
        return Report(self.source, files, made, absent, notes, self.triples)
