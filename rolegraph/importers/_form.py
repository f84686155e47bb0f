"""The form of a company's own framework: its sheets, its columns and the words they allow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rolegraph.vocab import BASE, RG

__all__ = [
    "FORM",
    "MEASURES",
    "_CLASSES",
    "_FOREIGN",
    "_FORM",
    "_KINDS",
    "_LANGUAGE",
    "_LEVELS",
    "_MAPPED",
    "_PLURALS",
    "_README",
    "_RESERVED",
    "Column",
    "Sheet",
]

MEASURES: Final = f"{BASE}measure/"
"""What the IRIs of ``months`` and ``cost`` start with, the same in all tables."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    name : str
        Its heading.
    doc : str
        What belongs there, for whoever fills it in.
    needed : bool
        Every row must have it.
    values : tuple of str
        The only values allowed; empty where any are.
    many : bool
        Several values may be given, parted by semicolons.
    """

    name: str
    doc: str
    needed: bool = False
    values: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the form: a sheet of a workbook, a CSV file, or a key of a YAML file.

    Attributes
    ----------
    name : str
    doc : str
        What it is for.
    columns : tuple of Column
    """

    name: str
    doc: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """Give the column of a name, or None."""
        return next((c for c in self.columns if c.name == name), None)


_LEVELS = {
    "junior": RG.juniorLevel,
    "professional": RG.professionalLevel,
    "senior": RG.seniorLevel,
    "lead": RG.leadLevel,
    "director": RG.directorLevel,
    "executive": RG.executiveLevel,
}
_KINDS = {
    "soft": RG.SoftSkill,
    "technical": RG.TechnicalSkill,
    "management": RG.ManagementSkill,
    "knowledge": RG.Knowledge,
}
_STRENGTHS = ("essential", "recommended", "beneficial")
_TYPES = ("promotion", "lateral move", "move")
_RELATIONS = ("exact", "close", "broad", "narrow", "related")
_CLASSES = {
    "role": RG.Role,
    "family": RG.RoleFamily,
    "ladder": RG.RoleLadder,
    "level": RG.ProficiencyLevel,
    "skill": RG.Skill,
    "certification": RG.Certification,
    "scheme": RG.CertificationScheme,
    "responsibility": RG.Responsibility,
}
_PLURALS = {"family": "families", "responsibility": "responsibilities"}

_ALSO = Column("also called", "Other names for it, parted by semicolons.", many=True)
_DESCRIPTION = Column("description", "In a sentence or two of your own.")
_OWN_IRI = Column(
    "iri", "The IRI it has already, if you want to keep it; otherwise leave it empty."
)
_NOTE = Column("note", "Whatever a reader should know: the reason, a condition, who decided.")

FORM: Final = (
    Sheet(
        "about",
        "Whose framework this is. One line each; all may be left out.",
        (
            Column("key", "Short name, the same in all versions: small letters, digits, hyphens."),
            Column("version", "Letters, digits, dots and hyphens, for example 2025.1."),
            Column("title", "What the framework is called."),
            Column("licence", "Who may use it, in words or as the address of a licence."),
            Column("attribution", "How you want to be named as its source."),
            Column("language", "Language of the names: en, de, fr …; en if left out."),
            Column("homepage", "Where more about it is to be found."),
            Column("namespace", "What IRIs made for it start with; leave it out if unsure."),
        ),
    ),
    Sheet(
        "families",
        "Lines of work. Leave it empty to take them from the roles.",
        (Column("family", "Its name.", needed=True), _DESCRIPTION, _ALSO, _OWN_IRI),
    ),
    Sheet(
        "levels",
        "Your scale for how well a skill is mastered, from the lowest to the highest.",
        (
            Column("name", "What the level is called.", needed=True),
            Column("rank", "1 for the lowest. Left out everywhere: the order of the rows."),
            _DESCRIPTION,
        ),
    ),
    Sheet(
        "roles",
        "The roles people hold.",
        (
            Column("role", "Its name; used in the other sheets to refer to it.", needed=True),
            Column("family", "The line of work it belongs to."),
            Column("level", "Its rung of seniority.", values=tuple(_LEVELS)),
            Column("ladder", "The ladder it is a rung of, where you have several."),
            Column("rung", "Its place on that ladder, 1 for the lowest."),
            _DESCRIPTION,
            _ALSO,
            _OWN_IRI,
        ),
    ),
    Sheet(
        "skills",
        "The skills that roles ask for. Leave it empty to take them from the requirements.",
        (
            Column("skill", "Its name.", needed=True),
            Column("kind", "What sort of skill it is.", values=tuple(_KINDS)),
            _DESCRIPTION,
            _ALSO,
            _OWN_IRI,
        ),
    ),
    Sheet(
        "certifications",
        "Leave it empty to take them from the role certifications.",
        (
            Column("certification", "Its usual name.", needed=True),
            Column("full name", "Its name written out, where the usual one is short."),
            Column("scheme", "The body or programme that issues it."),
            _DESCRIPTION,
            _ALSO,
            _OWN_IRI,
        ),
    ),
    Sheet(
        "requirements",
        "Which skills a role asks for, one row for each.",
        (
            Column("role", "A role of the sheet roles.", needed=True),
            Column("skill", "A skill of the sheet skills.", needed=True),
            Column("strength", "How much it is asked for.", values=_STRENGTHS),
            Column("level", "How well: a name of the sheet levels."),
            _NOTE,
        ),
    ),
    Sheet(
        "role certifications",
        "Which certifications are of use in a role.",
        (
            Column("role", "A role of the sheet roles.", needed=True),
            Column("certification", "A certification of that sheet.", needed=True),
            _NOTE,
        ),
    ),
    Sheet(
        "responsibilities",
        "What the holder of a role is to do or to see done, one row for each.",
        (
            Column("role", "A role of the sheet roles.", needed=True),
            Column("responsibility", "Begin with a verb.", needed=True),
            _NOTE,
        ),
    ),
    Sheet(
        "transitions",
        "Steps from one role to another. Columns of numbers that you add are kept.",
        (
            Column("from", "A role of the sheet roles.", needed=True),
            Column("to", "A role of the sheet roles.", needed=True),
            Column("type", "What sort of step; a move if left out.", values=_TYPES),
            Column("months", "How many months it usually takes, if you know."),
            Column("cost", "What it costs, in the unit that you use everywhere."),
            _NOTE,
        ),
    ),
    Sheet(
        "mappings",
        "What your roles, skills and certifications are called in ESCO, O*NET or elsewhere.",
        (
            Column("name", "A role, skill or certification of yours.", needed=True),
            Column("kind", "Which of the three, where a name is used twice."),
            Column(
                "relation",
                "How well the two agree. broad: the other one is the broader.",
                needed=True,
                values=_RELATIONS,
            ),
            Column("target", "IRI or CURIE of the other one.", needed=True),
            Column("confidence", "How sure the mapping is, as a number on a scale of yours."),
            _NOTE,
        ),
    ),
)
"""The sheets of the form and their columns, in their order."""

_FORM = {s.name: s for s in FORM}
_MAPPED = ("role", "skill", "certification")
_README = "read me"
_RESERVED = ("article", "crosswalk", "curated", "esco", "gdad", "onet", "rolegraph")
_FOREIGN = {
    "esco": ("http://data.europa.eu/esco/",),
    "onet": (f"{BASE}onet/",),
    "gdad": (f"{BASE}gdad/",),
    "article": tuple(f"{BASE}{kind}/" for kind in _MAPPED),
}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
