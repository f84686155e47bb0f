"""The person who plans: the role held, the skills, the certifications, in names or as values.

A :class:`Profile` is what somebody says of themselves, in Python or in a file. Its
:meth:`~Profile.resolve` looks the names up in a graph and gives what is :class:`Held`; nothing is
looked up before, so that one profile can be held against several graphs.

**The file.** YAML (``.yaml``, ``.yml``; needs the extra ``store``) or JSON (``.json``), in UTF-8.
All parts may be left out, but there must be a role, a skill or a past role:

``name``
    For reading only.
``role``
    The role held now.
``past``
    A list of roles held before.
``skills``
    A list of names, or of names with a level (``SQL: Working``, or ``name:`` and ``level:``); or
    all of them as ``name: level``. A level is the label of a rung of mastery that a source has, or
    a number on that source's scale; without one it is not known.
``certifications``
    A list of names.

A name is what the library takes everywhere: label, other label, CURIE or IRI, with a source in
front where several have the label (``esco:project manager``). It must be a text: what YAML reads as
a number, a date or as yes or no (``no``, ``2024``) needs quotes, and a mistake says so.

A `JSON Résumé <https://jsonresume.org>`_ is known by its shape and read as well: see
:meth:`Profile.read`.

Examples
--------
>>> import rolegraph as rg, tempfile
>>> from pathlib import Path
>>> folder = tempfile.TemporaryDirectory()
>>> file = Path(folder.name, "me.yaml")
>>> _ = file.write_text('''
... role: Project Manager
... past: [Junior Project Manager]
... skills:
...   - Leadership
...   - Negotiation: 3
...   - name: Planning
...     level:
... certifications: [PRINCE2, ITIL]
... ''')
>>> me = Profile.read(file)
>>> me.skills
(('Leadership', None), ('Negotiation', 3.0), ('Planning', None))
>>> held = me.resolve(rg.load().index)
>>> held.role.curie, [c.full_name for c in held.certifications][0]
('role:project-manager', 'Projects IN Controlled Environments')
>>> _ = file.write_text('''
... role: Projct Manager
... skills: [Leadershp, PRINCE2]
... ''')
>>> Profile.read(file).resolve(rg.load().index)
Traceback (most recent call last):
...
rolegraph.errors.ProfileError: the profile has 3 names that cannot be resolved:
  me.yaml, line 2: no role 'Projct Manager'; did you mean 'Project Manager' ...?
  me.yaml, line 3: no skill 'Leadershp'; did you mean 'Leadership'...?
  me.yaml, line 3: no skill 'PRINCE2', but a certification of that name: list it there
>>> folder.cleanup()
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, TypeVar, cast

from rolegraph.errors import (
    AmbiguousLabelError,
    DataError,
    ExtraMissingError,
    NotFoundError,
    ProfileError,
)
from rolegraph.lookup import Lookup
from rolegraph.shown import Shown
from rolegraph.values import Certification, Concept, Role, Skill

if TYPE_CHECKING:
    from rolegraph.page import Cell, Page
    from rolegraph.shown import Entry

__all__ = ["Held", "LevelRank", "Profile", "Unresolved", "profile_schema"]

_C = TypeVar("_C", bound=Concept)

Level: TypeAlias = str | float | None
LevelRank: TypeAlias = Callable[[str, Skill], float]
"""Gives the rank of a level's label for a skill; raises NotFoundError where there is none."""

_PARTS: Final = ("name", "role", "past", "skills", "certifications")
_KINDS: Final[tuple[type[Concept], ...]] = (Role, Skill, Certification)
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Unresolved(Shown):
    """A name of a profile that stands for nothing in the graph, or for several things.

    Attributes
    ----------
    place : str
        Where it stands: file and line or JSON pointer, else the part (``"skills[2]"``).
    name : str
    kind : str
        ``"role"``, ``"skill"``, ``"certification"``; or ``"level"``: then the skill is known, and
        held at a level that is not.
    message : str
    suggestions : tuple of str
        Labels that come near, best first; of a name with several meanings, each with its CURIE.
    """

    _called = "name"

    place: str
    name: str
    kind: str
    message: str
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Place and message in a line."""
        return f"{self.place}: {self.message}"

    def _page(self) -> Page:
        from rolegraph.page import Fields, Heading, Page

        pairs = (("where", self.place), ("what is wrong", self.message),
                 ("near", "; ".join(self.suggestions)))  # fmt: skip
        return Page((Heading(self.name, f"a {self.kind} that is not known"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {"where": self.place, "name": self.name, "kind": self.kind,
                "what is wrong": self.message, "near": "; ".join(self.suggestions)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held(Shown):
    """What a person has, as things of a graph; each once.

    Attributes
    ----------
    role : Role or None
    past : tuple of Role
        Roles held before. The person is taken to hold what they ask for: that is an assumption.
    skills : tuple of (Skill, float or None)
        With the level's rank on the scale of the source; None where it is not known.
    certifications : tuple of Certification
    name : str or None
    dropped : tuple of Unresolved
        What was left out, if that was asked for.
    untold : tuple of Role
        In an answer: roles held, of which no source says which skills they ask for. What such a
        person has to learn is a most.
    """

    _called = "person"

    role: Role | None = None
    past: tuple[Role, ...] = ()
    skills: tuple[tuple[Skill, float | None], ...] = ()
    certifications: tuple[Certification, ...] = ()
    name: str | None = None
    dropped: tuple[Unresolved, ...] = ()
    untold: tuple[Role, ...] = field(default=(), compare=False)

    def _extras(self) -> tuple[tuple[str, Cell], ...]:
        """What is held beside the role."""
        from rolegraph.faces import lines

        return (
            ("held before", lines(map(str, self.past))),
            ("skills", lines(f"{s} (level {rank:g})" if rank is not None else f"{s}"
                             for s, rank in self.skills)),
            ("certifications", lines(map(str, self.certifications))),
        )  # fmt: skip

    def _page(self) -> Page:
        from rolegraph.faces import lines
        from rolegraph.page import Fields, Heading, Page

        pairs: tuple[tuple[str, Cell], ...] = (
            ("role", str(self.role) if self.role is not None else "none"),
            *self._extras(),
            ("left out", lines(map(str, self.dropped))),
        )
        note = "what a person has; taken to hold what the role asks for"
        return Page((Heading(self.name or "A person", note), Fields(pairs)))


@dataclass(frozen=True, slots=True, init=False)
class Profile(Shown):
    """What a person says of themselves; it does not change, and no graph is needed to make it.

    Parameters
    ----------
    role : str or Role, optional
        The role held now. The person is taken to hold what it asks for.
    skills : iterable or mapping, optional
        Names or skills, each alone or with a level, ``("SQL", "Working")``; or a mapping of them to
        levels. A level is a label, a number on the source's scale, or None for not known.
    certifications : iterable of (str or Certification), optional
    past : iterable of (str or Role), optional
        Roles held before. What they ask for counts as held: that is an assumption, leave out
        those for which it does not hold.
    name : str, optional
        For reading only.
    notes : iterable of str, optional
        What a reader of files did not take over; for reading only.

    Attributes
    ----------
    role : str or Role or None
    skills : tuple of (str or Skill, str or float or None)
    certifications : tuple of (str or Certification)
    past : tuple of (str or Role)
    name : str or None
    notes : tuple of str
        Not compared.

    Raises
    ------
    DataError
        If there is neither a role, nor a skill, nor a past role; or something has the wrong type.
        One text in place of a list is a mistake: it may be several names in a row. All mistakes
        are named.

    Examples
    --------
    >>> Profile(role="Project Manager", skills={"Planning": "Working", "Leadership": None}).skills
    (('Planning', 'Working'), ('Leadership', None))
    >>> Profile(role="Project Manager", skills="Planning")
    Traceback (most recent call last):
    ...
    rolegraph.errors.DataError: skills: there must be a list here, and this is the text 'Planning'
    """

    _called = "profile"

    role: str | Role | None
    skills: tuple[tuple[str | Skill, Level], ...]
    certifications: tuple[str | Certification, ...]
    past: tuple[str | Role, ...]
    name: str | None
    notes: tuple[str, ...] = field(compare=False)
    # where the names stand in what they were read from, by part ("skills[2]")
    _places: tuple[tuple[str, str], ...] = field(init=False, compare=False, repr=False)

    def __init__(
        self,
        role: str | Role | None = None,
        skills: (
            Iterable[str | Skill | tuple[str | Skill, Level]]
            | Mapping[str, Level]
            | Mapping[Skill, Level]
            | Mapping[str | Skill, Level]
        ) = (),
        certifications: Iterable[str | Certification] = (),
        past: Iterable[str | Role] = (),
        name: str | None = None,
        *,
        notes: Iterable[str] = (),
    ) -> None:
        given = {
            "role": role, "skills": skills, "certifications": certifications, "past": past,
            "name": name,
        }  # fmt: skip
        found = _read(_Data(given))
        if isinstance(notes, str):
            raise DataError(f"notes: there must be a list here, and this is the text {notes!r}")
        found.notes.extend(notes)
        self._set(found)

    def _set(self, found: _Found) -> None:
        put = object.__setattr__
        put(self, "role", found.role)
        put(self, "skills", tuple(found.skills))
        put(self, "certifications", tuple(found.certifications))
        put(self, "past", tuple(found.past))
        put(self, "name", found.name)
        put(self, "notes", tuple(found.notes))
        put(self, "_places", tuple(found.places.items()))

    @classmethod
    def _made(cls, found: _Found) -> Profile:
        profile = cls.__new__(cls)
        profile._set(found)
        return profile

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """Make a profile of plain data: what a file of the format holds (:mod:`rolegraph.profile`).

        Parameters
        ----------
        data : mapping
            For example what :meth:`to_dict` gave; a JSON Résumé too.

        Returns
        -------
        Profile

        Raises
        ------
        DataError
            If something is unknown or of the wrong type; all mistakes are named.

        Examples
        --------
        >>> Profile.from_dict({"rol": "Project Manager"})
        Traceback (most recent call last):
        ...
        rolegraph.errors.DataError: rol: a profile has no part 'rol'; did you mean 'role'?
        """
        return cls._made(_read(_Data(data)))

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Profile:
        """Read a profile from a file: YAML, JSON or a JSON Résumé.

        Of a résumé, the role is the position of the ``work`` entry that has no ``endDate`` (of
        several, or where there is none, the one that began last; ``notes`` say which), earlier
        positions are past roles, ``skills`` and their ``keywords`` are skills, and ``certificates``
        certifications. Its levels ("Master") are on no scale that a source has: they are left
        unknown. What is not read, ``notes`` say. Most of its names will be free text that no graph
        knows: see the argument ``unknown`` of :meth:`resolve`.

        Parameters
        ----------
        path : str or path
            A file that ends in ``.yaml``, ``.yml`` or ``.json``.

        Returns
        -------
        Profile
            Its names are not looked up yet.

        Raises
        ------
        DataError
            If the file is missing, malformed or empty, a part is unknown or a value has the wrong
            type: with line (YAML) or JSON pointer, all mistakes at once.
        ExtraMissingError
            If the file is YAML, and PyYAML is not installed.
        """
        return cls._made(_read(_open(Path(path))))

    def to_dict(self) -> dict[str, Any]:
        """Give plain data that :meth:`from_dict`, and a file of YAML or JSON, take back.

        Returns
        -------
        dict
            Values of the library stand there by their IRI. Parts that are empty, and ``notes``,
            are left out.

        Examples
        --------
        >>> Profile(role="Project Manager", skills=["Planning", ("Negotiation", 2)]).to_dict()
        {'role': 'Project Manager', 'skills': ['Planning', {'name': 'Negotiation', 'level': 2.0}]}
        """
        out: dict[str, Any] = {
            "name": self.name,
            "role": _plain(self.role),
            "past": [_plain(p) for p in self.past],
            "skills": [
                _plain(s) if level is None else {"name": _plain(s), "level": level}
                for s, level in self.skills
            ],
            "certifications": [_plain(c) for c in self.certifications],
        }
        return {key: value for key, value in out.items() if value not in (None, [])}

    def _page(self) -> Page:
        from rolegraph.faces import lines
        from rolegraph.page import Fields, Heading, Page

        def skill(name: object, level: Level) -> str:
            return f"{name}" if level is None else f"{name} (level {level})"

        pairs: tuple[tuple[str, Cell], ...] = (
            ("role", str(self.role) if self.role is not None else "none"),
            ("held before", lines(map(str, self.past))),
            ("skills", lines(skill(name, level) for name, level in self.skills)),
            ("certifications", lines(map(str, self.certifications))),
            ("notes", lines(self.notes)),
        )
        note = "a profile; its names are looked up by kg.person(…)"
        return Page((Heading(self.name or "A person", note), Fields(pairs)))

    def resolve(
        self, lookup: Lookup, level_rank: LevelRank | None = None, *, unknown: str = "error"
    ) -> Held:
        """Look all names up in a graph.

        Parameters
        ----------
        lookup : Lookup
            Of the graph (:attr:`RoleGraph.index`).
        level_rank : callable, optional
            Gives the rank of a level's label for a skill, for example 2.0 for "Working"; raises
            NotFoundError where the skill has no such level. Without it labels are unknown. Levels
            given as numbers are taken as they are.
        unknown : str
            ``"error"``, or ``"drop"``: names that are unknown or have several meanings are left
            out and listed in :attr:`Held.dropped`. A level that is unknown is left out, and its
            skill kept.

        Returns
        -------
        Held
            In the order of the profile. Of a skill named twice, the highest level counts. A past
            role that is the role held now is not repeated.

        Raises
        ------
        ProfileError
            If names are unknown or have several meanings, all of them; or if nothing to start
            from is left.
        ValueError
            If ``unknown`` is something else.
        """
        if unknown not in ("error", "drop"):
            raise ValueError(f"no way {unknown!r} with unknown names; there are 'error' and 'drop'")
        finder = _Finder(lookup, level_rank, dict(self._places))
        role = None if self.role is None else finder.find("role", self.role, Role)
        past = finder.several("past", self.past, Role)
        skills: dict[str, tuple[Skill, float | None]] = {}
        for i, (name, level) in enumerate(self.skills):
            skill = finder.find(f"skills[{i}]", name, Skill)
            if skill is None:
                continue
            rank = finder.level(f"skills[{i}]", level, skill)
            known = skills.get(skill.iri, (skill, None))[1]
            ranks = [r for r in (known, rank) if r is not None]
            skills[skill.iri] = (skill, max(ranks, default=None))
        certifications = finder.several("certifications", self.certifications, Certification)
        missed = finder.missed
        if missed and (unknown == "error" or not (role or past or skills)):
            raise ProfileError([str(m) for m in missed])
        if role is not None:
            past.pop(role.iri, None)
        return Held(
            role,
            tuple(past.values()),
            tuple(skills.values()),
            tuple(certifications.values()),
            self.name,
            tuple(missed),
        )


def _plain(name: str | Concept | None) -> str | None:
    return name.iri if isinstance(name, Concept) else name


class _Finder:
    """Looks names up, and keeps those that it does not find."""

    def __init__(
        self, lookup: Lookup, level_rank: LevelRank | None, places: Mapping[str, str]
    ) -> None:
        self.lookup = lookup
        self.level_rank = level_rank
        self.places = places
        self.missed: list[Unresolved] = []

    def find(self, part: str, name: str | Concept, kind: type[_C]) -> _C | None:
        """Find the one thing of a kind that bears a name, or keep the name as missed."""
        if isinstance(name, Concept):
            if isinstance(found := self.lookup.by_iri.get(name.iri), kind):
                return found
            # of another graph: its label says more than its IRI
            text = f"{name.label} ({name.curie})"
            called = kind.__name__.lower()
            missing = NotFoundError(text, called, self.lookup.suggest(name.label, kind))
            self._miss(part, text, called, str(missing), missing.suggestions)
            return None
        try:
            return cast(_C, self.lookup.find(name, kind))
        except AmbiguousLabelError as error:
            self._miss(part, name, error.kind, str(error), error.candidates)
        except NotFoundError as error:
            message = str(error)
            for other in _KINDS:
                if other is not kind and self._names(name, other):
                    called = other.__name__.lower()
                    message = (
                        f"no {error.kind} {name!r}, but a {called} of that name: list it there"
                    )
                    break
            self._miss(part, name, error.kind, message, error.suggestions)
        return None

    def several(self, part: str, names: Iterable[str | Concept], kind: type[_C]) -> dict[str, _C]:
        """Find things by IRI, each once."""
        found = (self.find(f"{part}[{i}]", name, kind) for i, name in enumerate(names))
        return {c.iri: c for c in found if c is not None}

    def level(self, part: str, level: Level, skill: Skill) -> float | None:
        """Find the rank of a level, or keep its label as missed."""
        if not isinstance(level, str):
            return level
        if self.level_rank is None:
            message = f"no scale is known that the level {level!r} of {skill.label!r} is on"
            self._miss(part, level, "level", f"{message}; give a number", ())
            return None
        try:
            return float(self.level_rank(level, skill))
        except NotFoundError as error:
            self._miss(part, level, "level", str(error), error.suggestions)
        except AmbiguousLabelError as error:
            self._miss(part, level, "level", str(error), error.candidates)
        return None

    def _names(self, text: str, kind: type[Concept]) -> bool:
        try:
            self.lookup.find(text, kind)
        except NotFoundError:
            return False
        except AmbiguousLabelError:
            pass
        return True

    def _miss(
        self, part: str, name: str, kind: str, message: str, suggestions: Sequence[str]
    ) -> None:
        place = self.places.get(part, part)
        self.missed.append(Unresolved(place, name, kind, message, tuple(suggestions)))


# --- data as it stands, and where


class _Odd(NamedTuple):
    """A value that can be neither a name nor a level."""

    text: str
    what: str


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with all its keys, also those given twice."""


class _Data:
    """Data of Python or JSON, opened step by step; ``file`` is empty for the former."""

    def __init__(self, raw: Any, file: str = "", path: tuple[str | int, ...] = ()) -> None:
        self.raw = raw
        self.file = file
        self.path = path
        self.quoted = ""  # how YAML has to write it, to be a text

    @property
    def at(self) -> str:
        """Where it stands."""
        if not self.file:
            parts = (f"[{p!r}]" if isinstance(p, int) or i else p for i, p in enumerate(self.path))
            return "".join(map(str, parts)) or "profile"
        if not self.path:
            return self.file
        steps = (str(p).replace("~", "~0").replace("/", "~1") for p in self.path)
        return f"{self.file}, /{'/'.join(steps)}"

    @property
    def kind(self) -> str:
        """``"map"``, ``"list"`` or ``"value"``."""
        if isinstance(self.raw, Mapping | _Pairs):
            return "map"
        plain = isinstance(self.raw, str | bytes | Concept | _Odd)
        return "list" if isinstance(self.raw, Iterable) and not plain else "value"

    @property
    def pair(self) -> bool:
        """Whether it may be a name with its level, as Python has it."""
        return isinstance(self.raw, tuple) and len(self.raw) == 2 and self.kind == "list"

    def pairs(self) -> list[tuple[_Data, _Data]]:
        """Keys and values of a map."""
        items = self.raw if isinstance(self.raw, _Pairs) else self.raw.items()
        out = []
        for key, value in items:
            path = (*self.path, key if isinstance(key, str) else str(key))
            out.append((_Data(key, self.file, path), _Data(value, self.file, path)))
        return out

    def items(self) -> list[_Data]:
        """Entries of a list."""
        # a set has no order of its own, and answers must not depend on chance
        raw = sorted(self.raw, key=str) if isinstance(self.raw, set | frozenset) else self.raw
        return [_Data(item, self.file, (*self.path, i)) for i, item in enumerate(raw)]

    def value(self) -> Any:
        """What stands there."""
        return self.raw


_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_TAG = "tag:yaml.org,2002:"
_READ_AS = {"timestamp": "a date", "binary": "binary data", "merge": "<<", "value": "="}


class _Yaml(_Data):
    """A node of YAML, which knows its line."""

    def __init__(self, node: Any, file: str) -> None:
        super().__init__(node, file)
        value = str(node.value) if node.id == "scalar" else ""
        if node.id == "scalar" and node.tag not in (_TAG + "str", _TAG + "null"):
            self.quoted = json.dumps(value, ensure_ascii=False)

    @property
    def at(self) -> str:
        return f"{self.file}, line {self.raw.start_mark.line + 1}"

    @property
    def kind(self) -> str:
        return {"mapping": "map", "sequence": "list"}.get(self.raw.id, "value")

    @property
    def pair(self) -> bool:
        return False

    def pairs(self) -> list[tuple[_Data, _Data]]:
        return [(_Yaml(key, self.file), _Yaml(value, self.file)) for key, value in self.raw.value]

    def items(self) -> list[_Data]:
        return [_Yaml(item, self.file) for item in self.raw.value]

    def value(self) -> Any:
        text, tag = str(self.raw.value), str(self.raw.tag).removeprefix(_TAG)
        if tag == "str":
            return text
        if tag == "null":
            return None
        if tag == "bool":
            return _Odd(text, "as yes or no")
        if tag in ("int", "float"):
            # YAML takes 012 for ten, and 1:30 for ninety
            plain = _NUMBER.fullmatch(text)
            return float(text) if plain else _Odd(text, "as a number of another notation")
        return _Odd(text, f"as {_READ_AS.get(tag, tag)}")


def _open(path: Path) -> _Data:
    """Read a file into data that know where they stand."""
    file = path.name
    ending = path.suffix.lower()
    if ending not in (".yaml", ".yml", ".json"):
        raise DataError(f"{file}: a profile is a file that ends in .yaml, .yml or .json")
    if not path.is_file():
        raise DataError(f"no profile {file}: there is no file at {path}")
    yaml = _yaml() if ending != ".json" else None
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        form = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "not UTF-8"
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{file}, line {line}: the file is {form} (byte {error.start + 1} is "
            f"0x{data[error.start]:02X}): save it as UTF-8"
        ) from error
    empty = f"{file}: the file is empty; it needs at least a line such as role: Project Manager"
    if not text.strip():
        raise DataError(empty)
    if yaml is None:
        return _json(text, file)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError as error:
        raise DataError(f"{file}: lists are nested too deeply to be read") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        place = "" if mark is None else f", line {mark.line + 1}, column {mark.column + 1}"
        raise DataError(f"{file}{place}: not YAML: {why}") from error
    except (ValueError, OverflowError) as error:  # an escape beyond the last character there is
        raise DataError(f"{file}: not YAML: {error}") from error
    if node is None or (node.id == "scalar" and node.tag == _TAG + "null"):
        raise DataError(empty)
    return _Yaml(node, file)


def _yaml() -> Any:
    try:
        import yaml
    except ImportError as error:
        raise ExtraMissingError("pyyaml", "store") from error
    return yaml


def _json(text: str, file: str) -> _Data:
    def constant(name: str) -> _Odd:
        return _Odd(name, "as no number that JSON has")

    try:
        raw = json.loads(text, object_pairs_hook=_Pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DataError(f"{file}, {place}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise DataError(f"{file}: lists are nested too deeply to be read") from error
    except ValueError as error:  # a number of thousands of digits
        raise DataError(f"{file}: not JSON: {error}") from error
    return _Data(raw, file)


# --- what the data say


@dataclass(slots=True)
class _Found:
    """The parts of a profile while it is read."""

    role: str | Role | None = None
    skills: list[tuple[str | Skill, Level]] = field(default_factory=list)
    certifications: list[str | Certification] = field(default_factory=list)
    past: list[str | Role] = field(default_factory=list)
    name: str | None = None
    notes: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def bad(self, at: _Data, message: str) -> None:
        """Note a mistake."""
        self.problems.append(f"{at.at}: {message}")

    def entries(self, data: _Data, what: str) -> dict[str, _Data]:
        """Give the parts of a map by their names."""
        if data.kind != "map":
            self.bad(data, f"{what} has the form name: value, and this is {_shown(data)}")
            return {}
        out: dict[str, _Data] = {}
        for key, value in data.pairs():
            name = key.value() if key.kind == "value" else None
            if not isinstance(name, str):
                self.bad(key, f"the name of a part must be a text, and this is {_shown(key)}")
            elif name in out:
                self.bad(key, f"{name!r} is given twice")
            else:
                out[name] = value
        return out

    def items(self, data: _Data | None) -> list[_Data]:
        """Give the entries of a list; none where nothing stands."""
        if data is None or _nothing(data):
            return []
        if data.kind != "list":
            self.bad(data, f"there must be a list here, and this is {_shown(data)}")
            return []
        return data.items()

    def text(self, data: _Data, what: str) -> str | None:
        """Give a text that is not empty."""
        value = data.value() if data.kind == "value" else None
        if not isinstance(value, str):
            quotes = f"; in quotes it is one: {data.quoted}" if data.quoted else ""
            self.bad(data, f"{what} must be a text, and this is {_shown(data)}{quotes}")
            return None
        if not value.strip():
            self.bad(data, f"{what} must be a text, and this is empty")
            return None
        try:
            value.encode()
        except UnicodeEncodeError:
            self.bad(data, f"{what} must be a text, and this holds half a character: {value!r}")
            return None
        return value.strip()

    def named(self, data: _Data, kind: type[_C]) -> str | _C | None:
        """Give the name of a thing, or the thing."""
        called = kind.__name__.lower()
        value = data.value() if data.kind == "value" else None
        if isinstance(value, kind):
            return value
        if isinstance(value, Concept):
            self.bad(data, f"there must be a {called} here, and {value.label!r} is a {value.kind}")
            return None
        return self.text(data, f"the name of a {called}")

    def several(self, part: str, data: _Data | None, kind: type[_C]) -> list[str | _C]:
        """Give a list of names or things."""
        out: list[str | _C] = []
        for item in self.items(data):
            if (name := self.named(item, kind)) is not None:
                self.places[f"{part}[{len(out)}]"] = item.at
                out.append(name)
        return out

    def skill(self, name: _Data, level: _Data | None, at: _Data | None = None) -> None:
        """Take a skill; ``at`` is where it stands, if not where its name does."""
        skill = self.named(name, Skill)
        rank = None if level is None else self.level(level)
        if skill is not None:
            self.places[f"skills[{len(self.skills)}]"] = (at or name).at
            self.skills.append((skill, rank))

    def level(self, data: _Data) -> Level:
        """Give a level."""
        value = data.value() if data.kind == "value" else None
        if isinstance(value, str):
            return self.text(data, "a level")
        if isinstance(value, Real) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return number
        elif _nothing(data):
            return None
        quotes = f"; in quotes it is a label: {data.quoted}" if data.quoted else ""
        self.bad(data, f"a level is a label or a number, and this is {_shown(data)}{quotes}")
        return None


def _nothing(data: _Data) -> bool:
    return data.kind == "value" and data.value() is None


def _shown(data: _Data) -> str:
    """What stands there, in few words."""
    if data.kind != "value":
        return "a list" if data.kind == "list" else "a set of name: value"
    value = data.value()
    if value is None:
        return "empty"
    if isinstance(value, _Odd):
        return f"{_brief(value.text)}, read {value.what}"
    if isinstance(value, bool):
        return str(value).lower() if data.file else str(value)
    if isinstance(value, str):
        return f"the text {_brief(repr(value))}"
    if isinstance(value, Real):
        # as it is written: YAML gives 2024 as 2024.0
        number = data.raw.value if isinstance(data, _Yaml) else value
        return f"the number {_brief(str(number))}" if _fits(value) else "a number too large"
    return f"a {type(value).__name__}"


def _fits(value: Real) -> bool:
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _brief(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _near(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(name.lower(), list(known), 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _read(root: _Data) -> _Found:
    """Read a profile or a résumé.

    Raises
    ------
    DataError
        With all mistakes.
    """
    found = _Found()
    parts = found.entries(root, "a profile")
    resume = _is_resume(parts)
    if resume:
        _read_resume(found, root, parts)
    else:
        _read_profile(found, parts)
    if not found.problems and not (found.role or found.skills or found.past):
        where = "work or skills" if resume else "role, skills or past"
        found.bad(root, f"there is nothing to start from: give {where}")
    if found.problems:
        count = len(found.problems)
        if count == 1:
            raise DataError(found.problems[0])
        lines = [f"{count} mistakes in a profile:", *(f"  {p}" for p in found.problems[:_SHOWN])]
        if count > _SHOWN:
            lines.append(f"  … and {count - _SHOWN} more")
        raise DataError("\n".join(lines))
    return found


def _read_profile(found: _Found, parts: Mapping[str, _Data]) -> None:
    for part, data in parts.items():
        if part not in (*_PARTS, "$schema"):
            found.bad(data, f"a profile has no part {part!r}{_near(part, _PARTS)}")
    if (name := parts.get("name")) is not None and not _nothing(name):
        found.name = found.text(name, "the name of a person")
    if (role := parts.get("role")) is not None and not _nothing(role):
        found.role = found.named(role, Role)
        found.places["role"] = role.at
    found.past = found.several("past", parts.get("past"), Role)
    found.certifications = found.several(
        "certifications", parts.get("certifications"), Certification
    )
    skills = parts.get("skills")
    if skills is not None and skills.kind == "map":
        seen: set[str | Skill] = set()
        for key, level in skills.pairs():
            key_value = key.value() if key.kind == "value" else None
            if isinstance(key_value, str | Skill):
                if key_value in seen:
                    found.bad(key, f"{str(key_value)!r} is given twice")
                    continue
                seen.add(key_value)
            found.skill(key, level)
        return
    for item in found.items(skills):
        if item.pair:
            name, level = item.items()
            found.skill(name, level, item)
        elif item.kind == "map":
            _read_skill(found, item)
        else:
            found.skill(item, None)


def _read_skill(found: _Found, item: _Data) -> None:
    """Read ``SQL: Working``, or ``name: SQL`` with ``level: Working``."""
    pairs = item.pairs()
    keys = [key.value() if key.kind == "value" else None for key, _ in pairs]
    if len(pairs) == 1 and keys[0] not in ("name", "level"):
        found.skill(*pairs[0])
        return
    parts = found.entries(item, "a skill")
    for part, data in parts.items():
        if part not in ("name", "level"):
            near = _near(part, ("name", "level"))
            found.bad(data, f"a skill has a name and a level, and no part {part!r}{near}")
    if "name" in parts:
        found.skill(parts["name"], parts.get("level"))
    elif parts.keys() <= {"level"}:
        found.bad(item, "a skill needs a name")


# --- JSON Résumé

_OURS = frozenset({"role", "past", "certifications"})
_READ = ("basics", "work", "skills", "certificates")
_RESUME = (
    "basics", "work", "volunteer", "education", "awards", "certificates", "publications", "skills",
    "languages", "interests", "references", "projects", "meta", "$schema",
)  # fmt: skip
_DATE = re.compile(r"([12][0-9]{3})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01])(?:[T ].*)?)?)?")
_NOW = frozenset({"", "present", "current", "now", "today"})


def _is_resume(parts: Mapping[str, _Data]) -> bool:
    """Whether the shape is that of a JSON Résumé, and not that of a profile."""
    schema = parts.get("$schema")
    if schema is not None and schema.kind == "value" and "resume" in str(schema.value()).lower():
        return True
    if "basics" in parts and parts["basics"].kind == "map":
        return True
    if _OURS & parts.keys():
        return False
    if any(p in parts and parts[p].kind == "list" for p in ("work", "education", "certificates")):
        return True
    skills = parts.get("skills")
    if skills is None or skills.kind != "list" or isinstance(skills.raw, set | frozenset):
        return False
    # an iterator would be used up by looking
    looked = skills.items() if isinstance(skills, _Yaml) or isinstance(skills.raw, list) else []
    return any(
        s.kind == "map" and any(k.kind == "value" and k.value() == "keywords" for k, _ in s.pairs())
        for s in looked
    )


class _Post(NamedTuple):
    """A position of a résumé."""

    position: str
    start: tuple[int, ...]
    current: bool
    at: str


def _read_resume(found: _Found, root: _Data, parts: Mapping[str, _Data]) -> None:
    for part, data in parts.items():
        # a résumé may have parts of its own, but hardly one that is called much like one we read
        if part not in _RESUME and (near := _near(part, _READ)):
            found.bad(data, f"a résumé has no part {part!r}{near}")
    unread = sorted(parts.keys() - {"$schema", *_READ})
    basics = parts.get("basics")
    if basics is not None and not _nothing(basics):
        about = found.entries(basics, "basics")
        found.name = _words(found, about.get("name"), "the name of a person")
        label = _words(found, about.get("label"), "basics.label")
        if label:
            found.notes.append(f"not read as a role: basics.label, {label!r}")
    _read_work(found, parts.get("work"))
    _read_resume_skills(found, parts.get("skills"))
    for i, item in enumerate(found.items(parts.get("certificates"))):
        name_at = found.entries(item, "a certificate").get("name")
        if name := _words(found, name_at, "the name of a certificate"):
            found.places[f"certifications[{len(found.certifications)}]"] = cast(_Data, name_at).at
            found.certifications.append(name)
        else:
            found.notes.append(f"certificates[{i}] has no name")
    if unread:
        found.notes.append(f"not read: {', '.join(unread)}")


def _words(found: _Found, data: _Data | None, what: str) -> str | None:
    """Give a text; None where nothing or an empty one stands, as in many résumés."""
    if data is None or _nothing(data) or (data.kind == "value" and data.value() == ""):
        return None
    return found.text(data, what)


def _read_work(found: _Found, work: _Data | None) -> None:
    posts: list[_Post] = []
    for i, item in enumerate(found.items(work)):
        entry = found.entries(item, "an entry of work")
        start = _date(found, entry.get("startDate"))
        end = _date(found, entry.get("endDate"))
        position = _words(found, entry.get("position"), "a position")
        if position:
            posts.append(_Post(position, start or (), not end, entry["position"].at))
        else:
            found.notes.append(f"work[{i}] has no position")
    # the latest first; those that began together, or nobody knows when, as in the file
    posts.sort(key=lambda post: post.start, reverse=True)
    now = [p for p in posts if p.current]
    if not posts:
        return
    role = (now or posts)[0]
    if not now:
        found.notes.append(f"no position is without an end: {role.position!r} began last")
    elif len(now) > 1:
        found.notes.append(
            f"{len(now)} positions are without an end: {role.position!r} began last and is the "
            f"role, {', '.join(repr(p.position) for p in now[1:])} taken as held before"
        )
    found.role = role.position
    found.places["role"] = role.at
    for post in posts:
        if post is not role:
            found.places[f"past[{len(found.past)}]"] = post.at
            found.past.append(post.position)


def _date(found: _Found, data: _Data | None) -> tuple[int, ...] | None:
    """Give year, month and day, as far as they are there; None for no date, and for now."""
    if data is None or _nothing(data):
        return None
    value = data.value() if data.kind == "value" else None
    # YAML takes a date for a date, and a year for a number
    text = str(data.raw.value) if isinstance(data, _Yaml) and value is not None else value
    if isinstance(text, str):
        if text.strip().lower() in _NOW:
            return None
        if match := _DATE.fullmatch(text.strip()):
            return tuple(int(g) for g in match.groups() if g is not None)
    found.bad(data, f"a date has the form 2024-03-01, 2024-03 or 2024, and this is {_shown(data)}")
    return None


def _read_resume_skills(found: _Found, skills: _Data | None) -> None:
    for i, item in enumerate(found.items(skills)):
        entry = found.entries(item, "a skill")
        name = _words(found, entry.get("name"), "the name of a skill")
        words = [(w, _words(found, w, "a keyword")) for w in found.items(entry.get("keywords"))]
        names = [(entry["name"], name)] if name else []
        names += [(at, word) for at, word in words if word]
        if not names:
            found.notes.append(f"skills[{i}] has neither a name nor keywords")
        for at, word in names:
            found.places[f"skills[{len(found.skills)}]"] = at.at
            found.skills.append((word, None))
        level = _words(found, entry.get("level"), "a level")
        if level and names:
            found.notes.append(
                f"the level {level!r} of {names[0][1]!r} is on no scale of a source: "
                "left as not known"
            )


# --- the schema


def profile_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of the profile's file, for editors that check it.

    A file may name a schema as ``$schema``. The schema does not cover JSON Résumé, which has its
    own.

    Returns
    -------
    dict
        Made anew each time.

    Examples
    --------
    >>> sorted(profile_schema()["properties"])
    ['$schema', 'certifications', 'name', 'past', 'role', 'skills']
    """
    name = {"type": "string", "pattern": r"\S"}
    level = {"anyOf": [name, {"type": ["number", "null"]}]}
    names = {"type": ["array", "null"], "items": {"$ref": "#/$defs/name"}}
    of_level = {"$ref": "#/$defs/level"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A person's profile for rolegraph",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "$schema": {},
            "name": {"anyOf": [{"$ref": "#/$defs/name"}, {"type": "null"}]},
            "role": {"anyOf": [{"$ref": "#/$defs/name"}, {"type": "null"}]},
            "past": names,
            "certifications": names,
            "skills": {
                "anyOf": [
                    {"type": "null"},
                    {"type": "array", "items": {"$ref": "#/$defs/skill"}},
                    {"$ref": "#/$defs/levels"},
                ]
            },
        },
        "anyOf": [
            {"required": ["role"], "properties": {"role": {"type": "string"}}},
            {"required": ["past"], "properties": {"past": {"type": "array", "minItems": 1}}},
            {
                "required": ["skills"],
                "properties": {
                    "skills": {"type": ["array", "object"], "minItems": 1, "minProperties": 1}
                },
            },
        ],
        "$defs": {
            "name": name,
            "level": level,
            "levels": {
                "type": "object",
                "propertyNames": {"$ref": "#/$defs/name"},
                "additionalProperties": of_level,
            },
            "skill": {
                "anyOf": [
                    {"$ref": "#/$defs/name"},
                    {
                        "type": "object",
                        "required": ["name"],
                        "additionalProperties": False,
                        "properties": {"name": {"$ref": "#/$defs/name"}, "level": of_level},
                    },
                    {
                        "allOf": [{"$ref": "#/$defs/levels"}],
                        "minProperties": 1,
                        "maxProperties": 1,
                        "propertyNames": {"not": {"enum": ["name", "level"]}},
                    },
                ]
            },
        },
    }
