"""What the library hands out about the world of work: small values that do not change.

Every value that comes from the graph keeps its IRI, so that any of them can go back into a SPARQL
query as a binding, and what is claimed keeps the claims and the evidence that bear it out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from rolegraph.shown import Shown
from rolegraph.vocab import curie

if TYPE_CHECKING:
    from rolegraph.page import Cell, Page
    from rolegraph.shown import Entry

__all__ = [
    "Certification",
    "Claim",
    "Concept",
    "Evidence",
    "Finding",
    "Responsibility",
    "Role",
    "Skill",
    "SkillRequirement",
    "Transition",
    "silence_on_skills",
    "to_json",
]


@dataclass(frozen=True, slots=True)
class Concept(Shown):
    """A thing of the world of work: a role, a skill, a topic and so on.

    Attributes
    ----------
    iri : str
    label : str
        Preferred label.
    kind : str
        Label of its class, for example ``"responsibility"``.
    alt_labels : tuple of str
        Other names it is found by.
    source : str or None
        Name of the imported source it comes from, for example ``"esco-1.1.1"``; None for what
        no importer brought.
    """

    _called = "thing"
    _heads: ClassVar[tuple[str, ...]] = ("name", "kind", "source", "also called", "iri")

    iri: str
    label: str
    kind: str = field(default="concept", compare=False)
    alt_labels: tuple[str, ...] = field(default=(), compare=False, repr=False)
    source: str | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def curie(self) -> str:
        """The IRI shortened with a known prefix."""
        return curie(self.iri)

    def __str__(self) -> str:
        """The label."""
        return self.label

    def _about(self) -> tuple[tuple[str, Cell], ...]:
        """Give what its class has beside names and source."""
        return ()

    def _page(self) -> Page:
        from rolegraph.page import Code, Fields, Heading, Names, Page

        known = dict(self._about()).values()
        pairs: tuple[tuple[str, Cell], ...] = (
            ("also called", Names(tuple(n for n in self.alt_labels if n not in known))),
            *self._about(),
            ("source", self.source or ""),
            ("who says what", Code(f'kg.claims("{self.curie}")')),
        )
        note = (f"{self.kind} · ", Code(self.curie))
        return Page((Heading(self.label, note), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        from rolegraph.faces import short

        about: dict[str, Entry] = {"kind": self.kind} if mixed else dict(self._about())
        return {
            "name" if mixed else self._called: self.label,
            **{name: "" if value == "not stated" else value for name, value in about.items()},
            "source": self.source,
            "also called": short([n for n in self.alt_labels if n not in about.values()], 3, ", "),
        }


@dataclass(frozen=True, slots=True)
class Role(Concept):
    """A role.

    Attributes
    ----------
    family, level : str or None
        Labels of the role family and the level (both *curated*); None where nobody set one.
    """

    _called = "role"
    _heads = ("role", "family", "level", "source", "also called", "iri")

    family: str | None = field(default=None, compare=False)
    level: str | None = field(default=None, compare=False)

    def _about(self) -> tuple[tuple[str, Cell], ...]:
        return (("family", self.family or "not stated"), ("level", self.level or "not stated"))


@dataclass(frozen=True, slots=True)
class Skill(Concept):
    """A skill.

    Attributes
    ----------
    kinds : tuple of str
        Labels of its kinds, for example ``("soft skill",)``.
    """

    _called = "skill"
    _heads = ("skill", "kinds", "source", "also called", "iri")

    kinds: tuple[str, ...] = field(default=(), compare=False)

    def _about(self) -> tuple[tuple[str, Cell], ...]:
        return (("kinds", ", ".join(self.kinds) or "not stated"),)


@dataclass(frozen=True, slots=True)
class Responsibility(Concept):
    """A responsibility."""

    _called = "responsibility"
    _heads = ("responsibility", "source", "also called", "iri")


@dataclass(frozen=True, slots=True)
class Certification(Concept):
    """A certification.

    Attributes
    ----------
    full_name : str or None
        Name written out, where a source gives it.
    advanced : bool
        Whether a source calls it advanced.
    scheme : str or None
        Label of the scheme it is issued under (*curated*).
    """

    _called = "certification"
    _heads = ("certification", "full name", "advanced", "scheme", "source", "also called", "iri")

    full_name: str | None = field(default=None, compare=False)
    advanced: bool = field(default=False, compare=False)
    scheme: str | None = field(default=None, compare=False)

    def _about(self) -> tuple[tuple[str, Cell], ...]:
        return (
            ("full name", self.full_name or "not stated"),
            ("advanced", "yes" if self.advanced else ""),
            ("scheme", self.scheme or "not stated"),
        )


@dataclass(frozen=True, slots=True)
class Evidence(Shown):
    """What bears a claim out: a place in a document or a file, or a curator's reasoning.

    Attributes
    ----------
    iri : str
    document, section : str or None
        Title and heading, for a passage.
    start, end : int or None
        Offsets in characters (Unicode code points) from the start of the document, end exclusive.
    sha256 : str or None
        Digest of the passage's UTF-8 bytes.
    rationale : str or None
        A curator's reasoning.
    source : str or None
        Title and version of an imported source; ``document`` is then the name of its file.
    row : int or None
        Row of that file, the heading being row 1; of a YAML file the line.
    derivation : str or None
        The measure that was applied, with its value and threshold.
    """

    _called = "piece of evidence"

    iri: str
    document: str | None = None
    section: str | None = None
    start: int | None = None
    end: int | None = None
    sha256: str | None = field(default=None, repr=False)
    rationale: str | None = None
    source: str | None = field(default=None, kw_only=True)
    row: int | None = field(default=None, kw_only=True)
    derivation: str | None = field(default=None, kw_only=True)

    @property
    def unit(self) -> str:
        """What ``row`` counts: a YAML file, which has a sheet as ``file, sheet``, has lines."""
        name = (self.document or "").partition(",")[0]
        return "line" if name.lower().endswith((".yaml", ".yml")) else "row"

    def __str__(self) -> str:
        """Say the place, the reasoning or the computation, in a line."""
        if self.derivation is not None:
            return self.derivation
        if self.source is not None:
            place = f"{self.source}, {self.document}" if self.document else self.source
            return place + (f", {self.unit} {self.row}" if self.row is not None else "")
        if self.document is not None:
            return f'"{self.document}", § {self.section}, characters {self.start}-{self.end}'
        return f"curators: {self.rationale}" if self.rationale else curie(self.iri)

    def _page(self) -> Page:
        from rolegraph.page import Code, Fields, Heading, Page

        span = "" if self.start is None else f"{self.start:,} to {self.end:,}"
        pairs: tuple[tuple[str, Cell], ...] = (
            ("source", self.source or ""),
            ("file" if self.source else "document", self.document or ""),
            (self.unit, "" if self.row is None else f"{self.row:,}"),
            ("section", self.section or ""),
            ("characters", span),
            ("digest", Code(self.sha256) if self.sha256 else ""),
            ("curators' reasons", self.rationale or ""),
            ("computed", self.derivation or ""),
        )
        return Page((Heading("Evidence", Code(curie(self.iri))), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {"who says so": str(self)}


@dataclass(frozen=True, slots=True)
class Claim(Shown):
    """Something said of a subject, with who says so and with what reservation.

    Attributes
    ----------
    iri : str
    subject, predicate, object : str
        Labels, for reading.
    kind : str
        ``"stated"``, ``"curated"``, ``"imported"``, ``"observed"`` or ``"inferred"``.
    strength : str or None
        ``"essential"``, ``"recommended"``, ``"beneficial"``; None where none is stated.
    hedge : str or None
        ``"may"``, ``"can"``, ``"often"``, ``"typical"``, ``"some"``; ``"stated"`` for none.
    evidence : tuple of Evidence
    notes : tuple of str
        Editorial notes, for example the other way to read a passage.
    applies_in, preconditions : tuple of str
        Labels of the settings it is limited to, and of what has to come first.
    """

    _called = "claim"
    _heads = (
        "subject", "property", "value", "kind", "modality", "limits and notes", "who says so",
        "iri",
    )  # fmt: skip

    iri: str
    subject: str
    predicate: str
    object: str
    kind: str
    strength: str | None = None
    hedge: str | None = None
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    applies_in: tuple[str, ...] = ()
    preconditions: tuple[str, ...] = ()

    @property
    def modality(self) -> str:
        """Kind, strength and hedge in a few words, for example ``"stated, essential, can"``."""
        hedge = None if self.hedge == "stated" else self.hedge
        return ", ".join(x for x in (self.kind, self.strength, hedge) if x)

    def __str__(self) -> str:
        """The claim as a sentence, with its modality."""
        return f"{self.subject} {self.predicate} {self.object} ({self.modality})"

    def _page(self) -> Page:
        from rolegraph.faces import lines
        from rolegraph.page import Code, Fields, Heading, Page, Tag

        said = f"{self.subject} {self.predicate} {self.object}"
        pairs: tuple[tuple[str, Cell], ...] = (
            ("kind", Tag(self.kind)),
            ("strength", self.strength or ""),
            ("hedge", "" if self.hedge in (None, "stated") else f'"{self.hedge}"'),
            ("applies in", "; ".join(self.applies_in)),
            ("comes after", "; ".join(self.preconditions)),
            ("who says so", lines(map(str, self.evidence)) or "no evidence is given"),
            ("note", lines(self.notes)),
        )
        return Page((Heading(said, Code(curie(self.iri))), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        from rolegraph.faces import who
        from rolegraph.page import Tag

        return {
            "subject": self.subject,
            "property": self.predicate,
            "value": self.object,
            "kind": Tag(self.kind),
            "modality": self.modality.removeprefix(self.kind).removeprefix(", "),
            "limits and notes": "; ".join((*self.applies_in, *self.preconditions, *self.notes)),
            "who says so": who(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Finding(Shown):
    """A concept that stands in some relation, with the claims that say so.

    Attributes
    ----------
    concept : Concept
    claims : tuple of Claim
        Empty when no single claim says it.
    rules : tuple of str
        Names of the rules that infer it; empty when it is asserted.
    levels : tuple of str
        Of a skill that is asked for: the levels, lowest first; empty where none is stated.
    """

    _called = "finding"

    concept: Concept
    claims: tuple[Claim, ...] = field(default=(), compare=False)
    rules: tuple[str, ...] = field(default=(), compare=False)
    levels: tuple[str, ...] = field(default=(), compare=False, repr=False, kw_only=True)

    @property
    def label(self) -> str:
        """Label of the concept."""
        return self.concept.label

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of evidence, sorted; without a claim ``"inferred"``, or ``"unsourced"``."""
        if self.claims:
            return tuple(sorted({c.kind for c in self.claims}))
        return ("inferred",) if self.rules else ("unsourced",)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence of all the claims, each piece once."""
        return tuple(dict.fromkeys(e for c in self.claims for e in c.evidence))

    def __str__(self) -> str:
        """The label."""
        return self.concept.label

    def to_dict(self) -> dict[str, Any]:
        """Give the finding as plain data for JSON; levels only where there are some."""
        names = ("concept", "claims", "rules", *(("levels",) if self.levels else ()))
        return {name: to_json(getattr(self, name)) for name in names}

    def _page(self) -> Page:
        from rolegraph.faces import lines, tags
        from rolegraph.page import Fields, Heading, Page

        pairs: tuple[tuple[str, Cell], ...] = (
            ("level", " / ".join(self.levels)),
            ("kind", tags(self.kinds)),
            ("claims", lines(map(str, self.claims)) or "no single claim says it"),
            ("inferred by", ", ".join(self.rules)),
            ("who says so", lines(map(str, self.evidence))),
        )
        return Page((Heading(self.label, self.concept.kind), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        from rolegraph.faces import tags, who, words

        return {
            "finding": self.label,
            "what it is": self.concept.kind,
            "level": " / ".join(self.levels) or None,
            "kind": tags(self.kinds),
            "modality": words(self),
            "who says so": who(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class SkillRequirement(Shown):
    """A role's or a transition's demand for a skill.

    Attributes
    ----------
    skill : Skill
    claim : Claim
        The demand itself, with strength, hedge and evidence.
    purposes : tuple of str
        What the skill is asked for, as labels.
    level : str or None
        Label of the rung of mastery asked for, where a source names one.
    level_rank : float or None
        Its place on the scale, or the source's own figure for the level; the higher, the more.
    importance : float or None
        How important the skill is, on the source's own scale.
    """

    _called = "demand"
    _heads = (
        "skill", "strength", "hedge", "level", "importance", "kind", "what for", "asked by",
        "who says so",
    )  # fmt: skip

    skill: Skill
    claim: Claim
    purposes: tuple[str, ...] = field(default=(), compare=False)
    level: str | None = field(default=None, compare=False)
    level_rank: float | None = field(default=None, compare=False)
    importance: float | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """Label of the skill."""
        return self.skill.label

    @property
    def strength(self) -> str | None:
        """Strength of the demand, if any is stated."""
        return self.claim.strength

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence of the demand."""
        return self.claim.evidence

    @property
    def demand(self) -> str:
        """How much is asked, in a few words; that no strength is stated, where nothing is."""
        words = [self.claim.strength or ""]
        words.append(f"level {self.level}" if self.level else "")
        if self.importance is not None:
            words.append(f"importance {self.importance:g}")
        if self.level is None and self.level_rank is not None:
            words.append(f"level {self.level_rank:g}")
        return ", ".join(w for w in words if w) or "strength not stated"

    def exceeds(self, other: SkillRequirement) -> bool:
        """Whether this asks for more of a skill than another demand does; False where unknown."""
        if self.level_rank is None or other.level_rank is None:
            return False
        return self.level_rank > other.level_rank

    def grown_from(self, held: SkillRequirement) -> str:
        """Say in words from which level to which a skill has to grow."""
        return f"{self.skill}: {held.rung} → {self.rung}"

    @property
    def rung(self) -> str:
        """The level asked for, in words or as a figure; that none is stated, where none is."""
        if self.level is None and self.level_rank is None:
            return "level not stated"
        return self.level or f"{self.level_rank:g}"

    def __str__(self) -> str:
        """The skill and how much of it is asked."""
        return f"{self.skill.label} ({self.demand})"

    def _page(self) -> Page:
        from rolegraph.faces import lines
        from rolegraph.page import Fields, Heading, Page, Tag

        importance = None if self.importance is None else f"{self.importance:g}"
        pairs: tuple[tuple[str, Cell], ...] = (
            ("asked by", self.claim.subject),
            ("kind", Tag(self.claim.kind)),
            ("strength", self.strength or "not stated"),
            ("hedge", "" if self.claim.hedge in (None, "stated") else f'"{self.claim.hedge}"'),
            ("level", self.rung.replace("level not stated", "not stated")),
            ("importance", importance or "not stated"),
            ("what for", "; ".join(self.purposes)),
            ("applies in", "; ".join(self.claim.applies_in)),
            ("who says so", lines(map(str, self.evidence)) or "no evidence is given"),
            ("note", lines(self.claim.notes)),
        )
        return Page((Heading(self.skill.label, "skill that is asked for"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        from rolegraph.faces import who
        from rolegraph.page import Tag

        return {
            "skill": self.skill.label,
            "strength": self.strength or "not stated",
            "hedge": "" if self.claim.hedge == "stated" else self.claim.hedge,
            "level": None if self.level is None and self.level_rank is None else self.rung,
            "importance": self.importance,
            "kind": Tag(self.claim.kind),
            "what for": "; ".join(self.purposes),
            "asked by": self.claim.subject,
            "who says so": who(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Transition(Shown):
    """One career step that somebody says can be taken.

    Attributes
    ----------
    iri, label : str
    type : str
        ``"promotion"``, ``"lateral move"``, ``"specialisation"``, ``"entry"`` or ``"transition"``;
        ``"suggested"`` for what a measure suggests; ``"mapping"`` for a role of one
        classification that answers to one of another, which is no career step.
    source, target : Role or None
        Where it starts and ends; a specialisation has no target role, an entry no source.
    specialises_in : Skill or None
    claim : Claim
        The step as a claim: kind of evidence, hedge, preconditions, evidence.
    value : float or None
        Value of the measure that suggests it.
    figures : mapping of str to float
        Numbers of its own that an expert's table gives it, by name: ``"months"``, ``"cost"``. In
        the unit of that table; a number that nobody gives is not there. Not compared.
    type_rules : tuple of str
        Where no source says the type: the rules by which it is *inferred*, whatever the kind of
        the step. A move is lateral because both roles are on one level, for example.
    """

    _called = "transition"
    _heads = (
        "from", "to", "type", "type inferred from", "kind", "hedge", "comes after", "value",
        "who says so", "iri",
    )  # fmt: skip

    iri: str
    label: str
    type: str
    source: Role | None
    target: Role | None
    claim: Claim
    specialises_in: Skill | None = None
    value: float | None = field(default=None, kw_only=True)
    figures: Mapping[str, float] = field(default_factory=dict, kw_only=True, compare=False)
    type_rules: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def kind(self) -> str:
        """Kind of evidence."""
        return self.claim.kind

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence of the step."""
        return self.claim.evidence

    @property
    def _why_type(self) -> str:
        """Say by what the type is inferred, if it is."""
        if not self.type_rules:
            return ""
        rules = f"rule {', '.join(self.type_rules)}"
        a, b = self.source, self.target
        if self.type == "lateral move" and a and b and a.level and a.level == b.level:
            return f'both roles are on the level "{a.level}" ({rules})'
        return rules

    @property
    def _typed(self) -> str:
        return f"{self.type}, inferred: {why}" if (why := self._why_type) else self.type

    def __str__(self) -> str:
        """Ends and type."""
        return f"{self.label} ({self.type}; {self.claim.modality})"

    @property
    def _ends(self) -> tuple[str, str]:
        """What stands before and after the arrow; both ends are named, also where there is none."""
        target = self.target or self.specialises_in
        return str(self.source or "(entry)"), str(target or "(not stated)")

    def _page(self) -> Page:
        from rolegraph.faces import lines
        from rolegraph.page import Code, Fields, Heading, Page, Tag

        hedge = None if self.claim.hedge == "stated" else self.claim.hedge
        pairs: tuple[tuple[str, Cell], ...] = (
            ("type", self._typed),
            ("kind", Tag(self.kind)),
            ("hedge", f'"{hedge}"' if hedge else ""),
            ("specialises in", str(self.specialises_in or "")),
            ("value", "" if self.value is None else f"{self.value:.3f}"),
            *((name, f"{number:,.10g}") for name, number in self.figures.items()),
            ("comes after", "; ".join(self.claim.preconditions)),
            ("applies in", "; ".join(self.claim.applies_in)),
            ("who says so", lines(map(str, self.evidence)) or "no evidence is given"),
            ("note", lines(self.claim.notes)),
        )
        return Page((Heading(" → ".join(self._ends), Code(curie(self.iri))), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        from rolegraph.faces import who
        from rolegraph.page import Tag

        source, target = self._ends
        return {
            "from": source,
            "to": target,
            "type": self.type,
            "type inferred from": self._why_type,
            "kind": Tag(self.kind),
            "hedge": "" if self.claim.hedge == "stated" else self.claim.hedge,
            "comes after": "; ".join(self.claim.preconditions),
            "value": self.value,
            "who says so": who(self.evidence),
        }


def silence_on_skills(role: Role) -> str:
    """Say in words that no source states which skills a role asks for, as ``not_stated`` does."""
    return f"which skills {role.label} asks for"


def to_json(value: Any) -> Any:
    """Turn values into what :mod:`json` can write.

    Parameters
    ----------
    value : object
        A value of the library, or a container of some.

    Returns
    -------
    dict, list, str, int, float, bool or None
        Dataclasses become dictionaries by field name; a ``to_dict`` method wins.
    """
    if hasattr(value, "to_dict"):
        return to_json(value.to_dict())
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, Iterable):
        return [to_json(v) for v in value]
    return str(value)
