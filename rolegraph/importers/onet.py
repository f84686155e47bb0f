"""O*NET: the database of the US Department of Labor, in its Excel and in its text release.

Both releases hold the same tables; the text release leaves out the columns that only repeat a
title, so that names are taken from the tables that define them. A folder or a zip will do, and
tables may be missing: what is missing, and what is there but not read, is said in the report.

Read are occupations with their other titles, the ratings of elements (by default skills,
knowledge, abilities and work activities), related occupations, tasks, technology skills, job zones
and the education that incumbents hold to be required. O*NET-SOC codes carry major groups in their
first two digits, but no table of the release names these groups, so none are made.

Notes
-----
Work styles are traits of character, which O*NET itself keeps apart from skills, and nearly every
occupation calls nearly all of them important. They are not read unless ``rated`` names them.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Final

from rolegraph import ntriples as nt
from rolegraph.archive import Archive
from rolegraph.errors import DataError
from rolegraph.importers.draft import Draft, FileDraft, SourceInfo
from rolegraph.vocab import BASE, RG, SKOS

__all__ = ["IMPORTANT", "RATED", "describe", "read"]

IMPORTANT: Final = 3.0
"""Importance from which on a rating counts as a demand: the middle of O*NET's scale from 1 to 5.

In O*NET's questionnaires the point 3 of that scale is labelled "Important". The release's own
tables give only the ends of the scale (Scales Reference); its Level Scale Anchors are about levels.
"""
RATED: Final = ("Skills", "Knowledge", "Abilities", "Work Activities")
"""Tables of ratings that are read by default."""

_BASE: Final = BASE + "onet/"
_CODE: Final = "O*NET-SOC Code"
_NOTHING: Final = frozenset({"", "n/a", "N/A"})
_EVERY: Final = 5_000
_USUAL: Final = ("Work Context", "Task Ratings", "Work Styles", "Work Values", "Interests")
_ENDINGS: Final = (".xlsx", ".txt", ".csv")

_Row = tuple[int, dict[str, str]]


def describe(archive: Archive, *, version: str | None = None) -> SourceInfo:
    """Say what the source is.

    Parameters
    ----------
    archive : Archive
        The release, as a folder or a zip.
    version : str, optional
        For example ``"29.2"``. When None it is looked for in ``Read Me.txt``, then in the names of
        the folders and zips that were opened (``db_29_2_excel.zip``, ``onet-29.2``).

    Returns
    -------
    SourceInfo
        The version is empty when none is given and none is found.
    """
    found = _version(archive) if version is None else version
    name = f"O*NET {found} Database" if found else "O*NET Database"
    return SourceInfo(
        key="onet",
        version=found,
        title="O*NET Database",
        licence="https://creativecommons.org/licenses/by/4.0/",
        attribution=f"{name} by the U.S. Department of Labor, "
        "Employment and Training Administration",
        homepage="https://www.onetcenter.org/database.html",
    )


def read(
    draft: Draft,
    archive: Archive,
    *,
    rated: Sequence[str] = RATED,
    min_importance: float | None = None,
    tools: bool = False,
) -> None:
    """Read a release.

    Parameters
    ----------
    draft : Draft
        What is written into.
    archive : Archive
    rated : sequence of str
        Tables of ratings to read: those of :data:`RATED`, or ``"Work Styles"``. The elements of
        them all become skills; the groups of the Content Model keep them apart.
    min_importance : float, optional
        From this importance on a rating is a demand (``rg:SkillRequirement``), below it a mere
        rating (``rg:SkillRating``). :data:`IMPORTANT` when None. A figure without an importance is
        never a demand.
    tools : bool
        Whether to read the tools and machines of "Tools Used" like technology skills.

    Raises
    ------
    DataError
        If ``rated`` names another table; if there is no table "Occupation Data"; if a table lacks
        a column that is needed or is there twice; or if ``min_importance`` is None and the release
        says that its scale of importance does not run from 1 to 5.
    """
    ratings = (*RATED, "Work Styles")
    for stem in rated:
        if stem not in ratings:
            near = get_close_matches(stem, ratings, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(ratings)}"
            raise DataError(f"no table of ratings {stem!r}; {hint}")
    run = _Run(draft, archive)
    threshold = _threshold(run, min_importance)
    _occupations(run)
    _titles(run, "Alternate Titles", ("Alternate Title", "Short Title"))
    _titles(run, "Sample of Reported Titles", ("Reported Job Title",))
    model = _content_model(run)
    elements: dict[str, _Element] = {}
    for stem in rated:
        _ratings(run, stem, threshold, model, elements)
    _elements(run, model, elements)
    _related(run)
    _tasks(run)
    _technologies(run, "Technology Skills", "technology")
    if tools:
        _technologies(run, "Tools Used", "tool")
    _job_zones(run)
    _education(run)
    _rest(run, rated)


# --- tables


@dataclass(slots=True)
class _Run:
    """What the steps of one import share.

    Attributes
    ----------
    titles : dict of str to str
        Titles of the occupations taken, by code.
    labels : dict of str to set of str
        All labels of an occupation so far, by code.
    seen : set of str
        Files that have been opened.
    rated : set of (str, str)
        Codes and elements of the ratings written.
    """

    draft: Draft
    archive: Archive
    titles: dict[str, str] = field(default_factory=dict)
    labels: dict[str, set[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    rated: set[tuple[str, str]] = field(default_factory=set)

    def find(self, stem: str) -> str | None:
        """Name of the file that holds a table, in whichever release."""
        low = stem.lower()
        fits = [n for e in _ENDINGS for n in self.archive.names() if n.lower() == low + e]
        if len(fits) > 1:
            raise DataError(
                f"the table {stem!r} is there more than once: {', '.join(fits)}; "
                "give one release, the Excel or the text one"
            )
        return fits[0] if fits else None

    def open(self, stem: str, *columns: str) -> tuple[FileDraft, Iterator[_Row]] | None:
        """Open a table: its account and its rows; None, and noted as absent, if not there."""
        name = self.find(stem)
        if name is None:
            self.draft.absent(stem)
            return None
        self.seen.add(name)
        file = self.draft.file(name, digest=self.archive.digest(name))
        return file, self._rows(name, columns)

    def _rows(self, name: str, columns: Sequence[str]) -> Iterator[_Row]:
        n = 0
        for n, (row, cells) in enumerate(self.archive.table(name), 1):
            if n == 1 and any(c not in cells for c in columns):
                self.archive.require(name, columns)
            if n % _EVERY == 0:
                self.draft.progress(name, n)
            yield row, cells
        self.draft.progress(name, n, n)

    def known(self, file: FileDraft, row: int, code: str) -> bool:
        """Whether a code stands for an occupation; if not, the row is left out."""
        if code in self.titles:
            return True
        file.leave(row, "occupation not in Occupation Data", code or "no code")
        return False


def _occupation(code: str) -> str:
    return f"{_BASE}occupation/{code}"


def _version(archive: Archive) -> str:
    for name in archive.find("read me.txt") + archive.find("readme.txt"):
        text = archive.read(name).decode("utf-8", errors="replace")
        if found := re.search(r"O\*NET(?:®)?\s+(\d+(?:\.\d+)+)", text):
            return found[1]
    for where in archive.where:
        if found := re.search(r"(?:db|onet)[-_ ]?v?(\d+)[._](\d+)", where.lower()):
            return f"{found[1]}.{found[2]}"
    return ""


def _clean(text: str) -> str:
    tidy = " ".join(text.split())
    return "" if tidy in _NOTHING else tidy


def _number(text: str) -> Decimal | None:
    """A finite number, or None."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _figure(value: Decimal) -> str:
    """A decimal literal, written alike for both releases: 3.00 in one is 3 in the other."""
    digits = format(value, "f")
    return nt.decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)


def _whole(text: str) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value == value.to_integral_value() else None


def _safe(text: str) -> bool:
    """Whether a code can be part of an IRI as it is."""
    return re.fullmatch(r"[A-Za-z0-9._-]+", text) is not None


# --- occupations and their titles


def _threshold(run: _Run, given: float | None) -> Decimal:
    table = run.open("Scales Reference", "Scale ID", "Minimum", "Maximum")
    if table is not None:
        file, rows = table
        for row, cells in rows:
            if cells["Scale ID"] != "IM":
                file.leave(row, "scale not imported", cells["Scale ID"])
                continue
            file.take()
            ends = _number(cells["Minimum"]), _number(cells["Maximum"])
            if given is None and ends != (Decimal(1), Decimal(5)):
                raise DataError(
                    f"{file.name}, row {row}: importance runs from {cells['Minimum']} to "
                    f"{cells['Maximum']} here, and {IMPORTANT} means something on a scale from 1 "
                    "to 5 only; say min_importance=…"
                )
    return Decimal(str(IMPORTANT if given is None else given))


def _occupations(run: _Run) -> None:
    table = run.open("Occupation Data", _CODE, "Title", "Description")
    if table is None:
        raise DataError(
            f"no table 'Occupation Data' in {', '.join(run.archive.where)}: not an O*NET release"
        )
    file, rows = table
    for row, cells in rows:
        code, title = cells[_CODE].strip(), _clean(cells["Title"])
        if not _safe(code):
            file.leave(row, "not an O*NET-SOC code", repr(code))
        elif not title:
            file.leave(row, "no title", code)
        elif code in run.titles:
            file.leave(row, "duplicate", code)
        else:
            file.take()
            run.titles[code] = title
            run.labels[code] = {title}
            run.draft.concept(
                _occupation(code),
                RG.Occupation,
                [(title, "en")],
                file=file,
                row=row,
                notation=code,
                description=(cells["Description"], "en"),
            )
    run.draft.made["occupations"] = len(run.titles)


def _titles(run: _Run, stem: str, columns: Sequence[str]) -> None:
    if (table := run.open(stem, _CODE, columns[0])) is None:
        return
    file, rows = table
    for row, cells in rows:
        code = cells[_CODE].strip()
        if not run.known(file, row, code):
            continue
        there = run.labels[code]
        titles = [t for c in columns if (t := _clean(cells.get(c, "")))]
        new = [t for t in dict.fromkeys(titles) if t not in there]
        if not titles:
            file.leave(row, "no title", code)
        elif not new:
            file.leave(row, "label already there", f"{titles[0]} ({code})")
        else:
            file.take()
            there.update(new)
            for title in new:
                run.draft.add(nt.iri(_occupation(code)), f"<{SKOS}altLabel>", nt.text(title, "en"))
            run.draft.made["alternative titles"] += len(new)


# --- elements and their ratings


@dataclass(frozen=True, slots=True)
class _Entry:
    """An element of the Content Model."""

    row: int
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class _Element:
    """An element that some rating speaks of, and where it was first met."""

    name: str
    table: str
    file: FileDraft
    row: int


@dataclass(slots=True)
class _Rating:
    """What the rows of one occupation and one element say."""

    importance: Decimal | None = None
    level: Decimal | None = None
    row: int = 0
    sample: str = ""
    suppress: bool = False
    irrelevant: bool = False

    def put(self, scale: str, value: Decimal, row: int, cells: dict[str, str]) -> bool:
        """Take in a row; False when the scale is there already."""
        if (self.importance if scale == "IM" else self.level) is not None:
            return False
        if scale == "IM":
            self.importance = value
        else:
            self.level = value
        if scale == "IM" or not self.row:
            self.row, self.sample = row, cells.get("N", "")
        self.suppress |= cells.get("Recommend Suppress", "") == "Y"
        self.irrelevant |= cells.get("Not Relevant", "") == "Y"
        return True


def _content_model(run: _Run) -> dict[str, _Entry]:
    table = run.open("Content Model Reference", "Element ID", "Element Name")
    model: dict[str, _Entry] = {}
    if table is not None:
        file, rows = table
        for row, cells in rows:
            ident = cells["Element ID"].strip()
            name = _clean(cells["Element Name"])
            if not _safe(ident) or not name:
                file.leave(row, "no identifier or no name", repr(ident))
            elif ident in model:
                file.leave(row, "duplicate", ident)
            else:
                model[ident] = _Entry(row, name, cells.get("Description", ""))
    return model


def _ratings(
    run: _Run,
    stem: str,
    threshold: Decimal,
    model: dict[str, _Entry],
    elements: dict[str, _Element],
) -> None:
    if (table := run.open(stem, _CODE, "Element ID", "Scale ID", "Data Value")) is None:
        return
    file, rows = table
    # The two rows of a pair stand side by side in the releases known; the order is not relied on.
    waiting: dict[tuple[str, str], _Rating] = {}
    levels = False
    for row, cells in rows:
        key = code, ident = cells[_CODE].strip(), cells["Element ID"].strip()
        scale, value = cells["Scale ID"].strip(), _number(cells["Data Value"])
        if not run.known(file, row, code):
            continue
        if scale not in ("IM", "LV"):
            file.leave(row, "scale not imported", scale)
        elif value is None:
            file.leave(row, "no figure", f"{cells['Data Value']!r} ({code}, {ident}, {scale})")
        elif not _named(ident, cells, model, elements, stem, file, row):
            file.leave(row, "element without a name", repr(ident))
        elif key in run.rated or not (rating := waiting.setdefault(key, _Rating())).put(
            scale, value, row, cells
        ):
            file.leave(row, "duplicate", f"{code}, {ident}, {scale}")
        else:
            file.take()
            levels |= scale == "LV"
            if rating.importance is not None and rating.level is not None:
                _rating(run, file, key, waiting.pop(key), threshold)
    alone: Counter[str] = Counter()
    for key, rating in waiting.items():
        halves = "importance without level", "level without importance"
        alone[halves[rating.importance is None]] += 1
        _rating(run, file, key, rating, threshold)
    # A table without levels, like that of work styles, has no pairs to be incomplete.
    for half, count in sorted(alone.items()) if levels else ():
        run.draft.note(f"{file.name}: {half} in {count:,} rating{'s' if count > 1 else ''}")


def _named(
    ident: str,
    cells: dict[str, str],
    model: dict[str, _Entry],
    elements: dict[str, _Element],
    stem: str,
    file: FileDraft,
    row: int,
) -> bool:
    """Note an element when it is first met; False if nothing says what it is called."""
    if ident in elements:
        return True
    name = model[ident].name if ident in model else _clean(cells.get("Element Name", ""))
    if not name or not _safe(ident):
        return False
    elements[ident] = _Element(name, stem, file, row)
    return True


def _rating(
    run: _Run, file: FileDraft, key: tuple[str, str], rating: _Rating, threshold: Decimal
) -> None:
    run.rated.add(key)
    code, ident = key
    iri = f"{_BASE}rating/{code}.{ident}"
    role, skill = _occupation(code), _element(ident)
    values: list[tuple[str, str]] = []
    if rating.importance is not None:
        values.append((RG.importance, _figure(rating.importance)))
    if rating.level is not None:
        values.append((RG.levelValue, _figure(rating.level)))
    if (sample := _whole(rating.sample)) is not None:
        values.append((RG.sampleSize, nt.number(sample)))
    if rating.suppress:
        values.append((RG.recommendSuppress, nt.boolean(True)))
    if rating.irrelevant:
        values.append((RG.notRelevant, nt.boolean(True)))
    if rating.importance is not None and rating.importance >= threshold:
        run.draft.requirement(iri, role, skill, file=file, row=rating.row, values=values)
        run.draft.made["skill requirements"] += 1
    else:
        links = [(RG.ratesRole, role), (RG.ratesSkill, skill)]
        run.draft.claim(iri, RG.SkillRating, links, file=file, row=rating.row, values=values)
        run.draft.made["skill ratings"] += 1


def _element(ident: str) -> str:
    return f"{_BASE}element/{ident}"


def _elements(run: _Run, model: dict[str, _Entry], elements: dict[str, _Element]) -> None:
    """Write the elements that were rated, and the groups of the Content Model above them."""
    name = run.find("Content Model Reference")
    file = None if name is None else run.draft.file(name)
    groups: set[str] = set()
    for ident, element in elements.items():
        entry = model.get(ident)
        classes = [RG.Skill, RG.Knowledge] if element.table == "Knowledge" else [RG.Skill]
        run.draft.concept(
            _element(ident),
            classes,
            [(element.name, "en")],
            file=element.file if entry is None else file,
            row=element.row if entry is None else entry.row,
            notation=ident,
            description=None if entry is None else (entry.description, "en"),
        )
        run.draft.made[element.table.lower()] += 1
        above = _parent(ident, model, elements)
        if above is not None:
            run.draft.fact(_element(ident), RG.inGroup, _element(above))
        while above is not None and above not in groups:
            groups.add(above)
            above = _parent(above, model, elements)
    for ident in sorted(groups):
        entry = model[ident]
        run.draft.concept(
            _element(ident),
            RG.SkillGroup,
            [(entry.name, "en")],
            file=file,
            row=entry.row,
            notation=ident,
            description=(entry.description, "en"),
        )
        if (above := _parent(ident, model, elements)) is not None:
            run.draft.fact(_element(ident), RG.broader, _element(above))
    run.draft.made["skill groups"] += len(groups)
    if file is not None:
        for ident, entry in model.items():
            if ident in elements or ident in groups:
                file.take()
            else:
                file.leave(entry.row, "not an element of a table that was read", ident)


def _parent(ident: str, model: dict[str, _Entry], elements: dict[str, _Element]) -> str | None:
    """The group above an element; the domains at the top, such as "2", group more than skills."""
    above = ident.rpartition(".")[0]
    return above if "." in above and above in model and above not in elements else None


# --- related occupations and tasks


def _related(run: _Run) -> None:
    target = "Related O*NET-SOC Code"
    if (table := run.open("Related Occupations", _CODE, target)) is None:
        return
    file, rows = table
    pairs: set[tuple[str, str]] = set()
    for row, cells in rows:
        a, b = cells[_CODE].strip(), cells[target].strip()
        if not (run.known(file, row, a) and run.known(file, row, b)):
            continue
        if a == b:
            file.leave(row, "related to itself", a)
        elif (a, b) in pairs:
            file.leave(row, "duplicate", f"{a}, {b}")
        else:
            file.take()
            pairs.add((a, b))
            values: list[tuple[str, str]] = []
            if tier := _clean(cells.get("Relatedness Tier", "")):
                values.append((RG.relatednessTier, nt.text(tier)))
            if (index := _whole(cells.get("Index", ""))) is not None:
                values.append((RG.relatednessRank, nt.number(index)))
            run.draft.transition(
                f"{_BASE}move/{a}.{b}",
                _occupation(a),
                _occupation(b),
                (f"{run.titles[a]} to {run.titles[b]}", "en"),
                file=file,
                row=row,
                kind="curated",
                values=values,
            )
    run.draft.made["related occupations"] = len(pairs)


def _tasks(run: _Run) -> None:
    if (table := run.open("Task Statements", _CODE, "Task ID", "Task")) is None:
        return
    file, rows = table
    tasks: dict[str, str] = {}
    links: set[tuple[str, str]] = set()
    for row, cells in rows:
        code, ident, task = cells[_CODE].strip(), cells["Task ID"].strip(), _clean(cells["Task"])
        if not run.known(file, row, code):
            continue
        if not task or not _safe(ident):
            file.leave(row, "no text or no identifier", f"{ident!r} ({code})")
        elif tasks.get(ident, task) != task:
            file.leave(row, "identifier of another task", ident)
        elif (code, ident) in links:
            file.leave(row, "duplicate", f"{code}, {ident}")
        else:
            file.take()
            iri = f"{_BASE}task/{ident}"
            if ident not in tasks:
                tasks[ident] = task
                run.draft.concept(iri, RG.Responsibility, [(task, "en")], file=file, row=row)
            links.add((code, ident))
            core = cells.get("Task Type", "").strip() == "Core"
            prop = RG.hasCoreResponsibility if core else RG.hasResponsibility
            run.draft.fact(_occupation(code), prop, iri)
            run.draft.made["core responsibilities" if core else "other responsibilities"] += 1


# --- technologies and tools


def _slugs(names: Iterable[str]) -> dict[str, str]:
    """Give every name a part of an IRI that is its own, whatever their order.

    Names that differ only in marks get the start of their own digest behind the slug, all but one
    that the slug spells in full.
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        spoken = name.casefold().replace("+", " plus ").replace("#", " sharp ")
        groups[re.sub(r"[^a-z0-9]+", "-", spoken).strip("-")].append(name)
    slugs: dict[str, str] = {}
    for slug, same in groups.items():
        plain = [n for n in same if n.casefold().replace(" ", "-") == slug]
        keeps = same[0] if len(same) == 1 and slug else plain[0] if len(plain) == 1 else None
        for name in same:
            digest = hashlib.sha256(name.encode()).hexdigest()[:8]
            slugs[name] = slug if name == keeps else f"{slug}-{digest}".lstrip("-")
    return slugs


def _technologies(run: _Run, stem: str, kind: str) -> None:
    if (table := run.open(stem, _CODE, "Example", "Commodity Code", "Commodity Title")) is None:
        return
    file, rows = table
    read = list(rows)
    slugs = _slugs(_clean(cells["Example"]) for _, cells in read)
    skills: set[str] = set()
    asked: set[tuple[str, str]] = set()
    placed: set[tuple[str, str]] = set()
    commodities: dict[str, str] = {}
    for row, cells in read:
        code, name = cells[_CODE].strip(), _clean(cells["Example"])
        if not run.known(file, row, code):
            continue
        if not name:
            file.leave(row, "no example", code)
            continue
        slug = slugs[name]
        iri = f"{_BASE}{kind}/{slug}"
        group = cells["Commodity Code"].strip()
        title = _clean(cells["Commodity Title"])
        grouped = bool(title) and _safe(group)
        if (code, slug) in asked and not (grouped and (slug, group) not in placed):
            file.leave(row, "duplicate", f"{code}, {name}")
            continue
        file.take()
        if slug not in skills:
            skills.add(slug)
            classes = [RG.Skill, RG.TechnicalSkill]
            run.draft.concept(iri, classes, [(name, "en")], file=file, row=row)
        if grouped:
            above = f"{_BASE}commodity/{group}"
            if group not in commodities:
                commodities[group] = title
                run.draft.concept(
                    above, RG.SkillGroup, [(title, "en")], file=file, row=row, notation=group
                )
            if (slug, group) not in placed:
                placed.add((slug, group))
                run.draft.fact(iri, RG.inGroup, above)
        if (code, slug) not in asked:
            asked.add((code, slug))
            values = [
                (prop, nt.boolean(True))
                for prop, column in (
                    (RG.hotTechnology, "Hot Technology"),
                    (RG.inDemand, "In Demand"),
                )
                if cells.get(column, "").strip() == "Y"
            ]
            run.draft.requirement(
                f"{_BASE}{kind}-use/{code}.{slug}",
                _occupation(code),
                iri,
                file=file,
                row=row,
                values=values,
            )
    plural = {"technology": "technologies", "tool": "tools"}[kind]
    run.draft.made[plural] += len(skills)
    run.draft.made[f"{kind} requirements"] += len(asked)
    run.draft.made[f"{kind} groups"] += len(commodities)


# --- job zones and education


def _job_zones(run: _Run) -> None:
    names: dict[int, str] = {}
    places: dict[int, tuple[FileDraft, int]] = {}
    if (table := run.open("Job Zone Reference", "Job Zone", "Name")) is not None:
        file, rows = table
        for row, cells in rows:
            zone, name = _whole(cells["Job Zone"]), _clean(cells["Name"])
            if zone is None or not name:
                file.leave(row, "no number or no name", repr(cells["Job Zone"]))
            elif zone in names:
                file.leave(row, "duplicate", str(zone))
            else:
                file.take()
                names[zone], places[zone] = name, (file, row)
    if (table := run.open("Job Zones", _CODE, "Job Zone")) is not None:
        file, rows = table
        zones: dict[str, int] = {}
        for row, cells in rows:
            code, zone = cells[_CODE].strip(), _whole(cells["Job Zone"])
            if not run.known(file, row, code):
                continue
            if zone is None:
                file.leave(row, "no figure", f"{cells['Job Zone']!r} ({code})")
            elif code in zones:
                same = "duplicate" if zones[code] == zone else "second job zone"
                file.leave(row, same, f"{code}, {zone}")
            else:
                file.take()
                zones[code] = zone
                places.setdefault(zone, (file, row))
                run.draft.fact(_occupation(code), RG.inJobZone, f"{_BASE}job-zone/{zone}")
        run.draft.made["occupations in a job zone"] = len(zones)
    for zone, (file, row) in sorted(places.items()):
        _rung(run, f"job-zone/{zone}", RG.JobZone, names.get(zone, f"Job Zone {zone}"), zone,
              file, row)  # fmt: skip
    run.draft.made["job zones"] = len(places)


def _rung(run: _Run, path: str, cls: str, label: str, rank: int, file: FileDraft, row: int) -> None:
    iri = _BASE + path
    run.draft.concept(iri, cls, [(label, "en")], file=file, row=row, notation=str(rank))
    run.draft.add(nt.iri(iri), f"<{RG.rank}>", nt.number(rank))


def _education(run: _Run) -> None:
    stem = "Education, Training, and Experience"
    names: dict[int, str] = {}
    places: dict[int, tuple[FileDraft, int]] = {}
    columns = ("Scale ID", "Category", "Category Description")
    if (table := run.open(f"{stem} Categories", *columns)) is not None:
        file, rows = table
        for row, cells in rows:
            category = _whole(cells["Category"])
            name = _clean(cells["Category Description"])
            if cells["Scale ID"] != "RL":
                file.leave(row, "scale not imported", cells["Scale ID"])
            elif category is None or not name:
                file.leave(row, "no number or no name", repr(cells["Category"]))
            elif category in names:
                file.leave(row, "duplicate", str(category))
            else:
                file.take()
                names[category], places[category] = name, (file, row)
    if (table := run.open(stem, _CODE, "Scale ID", "Category", "Data Value")) is not None:
        file, rows = table
        done: set[tuple[str, int]] = set()
        for row, cells in rows:
            code, value = cells[_CODE].strip(), _number(cells["Data Value"])
            category = _whole(cells["Category"])
            if not run.known(file, row, code):
                continue
            if cells["Scale ID"] != "RL":
                file.leave(row, "scale not imported", cells["Scale ID"])
            elif value is None or category is None:
                file.leave(row, "no figure", f"{cells['Data Value']!r} ({code})")
            elif value <= 0:
                file.leave(row, "named by nobody", f"{code}, category {category}")
            elif (code, category) in done:
                file.leave(row, "duplicate", f"{code}, category {category}")
            else:
                file.take()
                done.add((code, category))
                places.setdefault(category, (file, row))
                _schooling(run, file, row, code, category, value, cells)
        run.draft.made["education requirements"] = len(done)
    for category, (file, row) in sorted(places.items()):
        label = names.get(category, f"Required level of education, category {category}")
        _rung(run, f"education/{category}", RG.EducationLevel, label, category, file, row)
    run.draft.made["education levels"] = len(places)


def _schooling(
    run: _Run,
    file: FileDraft,
    row: int,
    code: str,
    category: int,
    share: Decimal,
    cells: dict[str, str],
) -> None:
    values = [(RG.share, _figure(share))]
    if (sample := _whole(cells.get("N", ""))) is not None:
        values.append((RG.sampleSize, nt.number(sample)))
    if cells.get("Recommend Suppress", "").strip() == "Y":
        values.append((RG.recommendSuppress, nt.boolean(True)))
    run.draft.claim(
        f"{_BASE}education-requirement/{code}.{category}",
        RG.EducationRequirement,
        [
            (RG.educationFor, _occupation(code)),
            (RG.requiredEducation, f"{_BASE}education/{category}"),
        ],
        file=file,
        row=row,
        values=values,
    )


def _rest(run: _Run, rated: Sequence[str]) -> None:
    """Say which tables are there and were not read, and which usual ones are not there."""
    for stem in (*_USUAL, *(t for t in RATED if t not in rated)):
        if stem not in rated and run.find(stem) is None:
            run.draft.absent(stem)
    unused = [
        n.rpartition(".")[0]
        for n in run.archive.names()
        if n.lower().endswith(_ENDINGS)
        and n not in run.seen
        and n.lower() not in ("read me.txt", "readme.txt")
    ]
    if unused:
        run.draft.note(f"there and not read: {'; '.join(unused)}")
