"""What each kind of answer looks like: its tables, and its page in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from rolegraph.cli.render import Table, fields
from rolegraph.comparison import Comparison, Gap
from rolegraph.faces import marked, rungs, said, short, words
from rolegraph.routing import Route, Step
from rolegraph.sparql import Rows
from rolegraph.terms import cell
from rolegraph.values import (
    Certification,
    Claim,
    Concept,
    Finding,
    Role,
    Skill,
    SkillRequirement,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = [
    "card",
    "claim_table",
    "comparison_page",
    "comparison_table",
    "gap_page",
    "gap_table",
    "head",
    "route_page",
    "route_steps",
    "route_table",
    "rows_table",
    "step_cells",
]


def rows_table(rows: Rows, title: str = "") -> Table:
    """Make a table of a query's answer."""
    return Table(rows.columns, tuple(tuple(cell(v) for v in row) for row in rows), title)


_MANY = 12  # demands from which on they are listed by how much is asked


def _skills(requirements: Iterable[SkillRequirement], brief: bool = False) -> str:
    """List demands; the brief form groups them and leaves out the end of long lists."""
    every = list(requirements)
    if not brief or len(every) <= _MANY:
        return "; ".join(map(str, every))
    groups: dict[str, list[str]] = {}
    for r in every:
        groups.setdefault(r.demand, []).append(r.skill.label)
    if len(groups) > _MANY:  # figures that are all different: nothing to group by
        return short(list(map(str, every)))
    return "\n".join(f"{much} ({len(names)}): {short(names)}" for much, names in groups.items())


def _enough(
    kept: Iterable[SkillRequirement],
    raised: Iterable[tuple[SkillRequirement, SkillRequirement]],
) -> list[SkillRequirement]:
    """Leave out the demands that are listed as to be raised."""
    more = {r.claim.iri for r, _ in raised}
    return [r for r in kept if r.claim.iri not in more]


def _labels(findings: Iterable[Finding], brief: bool = False) -> str:
    labels = [f.label for f in findings]
    return short(labels) if brief else "; ".join(labels)


def _modal(findings: Iterable[Finding]) -> str:
    return "; ".join(f"{f.label} ({words(f)})" for f in findings)


_OF_PLANS = ("of_use_there", "held")
_STEP_COLUMNS = (
    "comes_after", "duties_kept", "skills_kept", "more_of", "new_skills", "new_duties",
    "certifications", *_OF_PLANS, "activities", "helps_to_advance", "not_stated", "who_says_so",
    "note",
)  # fmt: skip


def _step_fields(step: Step, brief: bool = False) -> list[tuple[str, str]]:
    claim = step.transition.claim
    more = [r.grown_from(held) for r, held in step.raised_skills]
    learned = (*step.new_skills, *(r for r, _ in step.raised_skills))
    asked = dict.fromkeys(e for r in learned for e in r.evidence)
    help_ = (*step.certifications, *step.useful_certifications, *step.activities, *step.advancement)
    helps = dict.fromkeys(e for f in help_ for e in f.evidence)
    return [
        ("comes after", "; ".join(claim.preconditions)),
        ("duties kept", _labels(step.shared_responsibilities, brief)),
        ("skills kept", _skills(_enough(step.shared_skills, step.raised_skills), brief)),
        ("more of", short(more) if brief else "; ".join(more)),
        ("new skills", _skills(step.new_skills, brief)),
        ("new duties", _labels(step.new_responsibilities, brief)),
        ("certifications", _modal(step.certifications)),
        ("of use there", _modal(step.useful_certifications)),
        ("held", "; ".join(map(str, step.held_certifications))),
        ("activities", _modal(step.activities)),
        ("helps to advance", _modal(step.advancement)),
        ("not stated", "; ".join(step.not_stated)),
        ("who says so", "\n".join(map(str, step.evidence))),
        *(
            (("for skills", "\n".join(said(asked))), ("for what helps", "\n".join(said(helps))))
            if brief
            else ()
        ),
        ("note", "; ".join(claim.notes)),
    ]


def head(text: str, rest: str = "") -> str:
    """Make a line that stands out."""
    # click.echo takes the colours out again where there is no terminal
    return click.style(text, bold=True) + (f"   {rest}" if rest else "") + "\n"


def route_page(routes: Sequence[Route]) -> str:
    """Lay out routes, each step explained."""
    parts: list[str] = []
    for route in routes:
        parts.append(head(" → ".join(r.label for r in route.roles)))
        cost = route._cost
        parts += [route_steps(route, cost), "\n" if route is not routes[-1] else ""]
    return "".join(parts)


def route_steps(route: Route, figures: str = "", *, planned: bool = False) -> str:
    """Lay out what a route comes to, with figures of its own, and each step explained."""
    if not route.steps:
        return "already there\n"
    count = f"{len(route)} step" + ("" if len(route) == 1 else "s")
    if crossed := len(route.crossings):
        count += f" and {crossed} crossing" + ("" if crossed == 1 else "s")
    facts = (count, figures, f"rests on: {', '.join(route.kinds)}")
    parts = ["; ".join(f for f in facts if f) + "\n"]
    for i, step in enumerate(route.steps, 1):
        claim = step.transition.claim
        kind = f"no step: {claim.predicate}" if step.crossing else step.transition.type
        parts += ["\n", head(f"{i}. {step.source} → {step.target}",
                             f"{kind} ({claim.modality})")]  # fmt: skip
        learn = [("to learn", step._to_learn)] if planned else []
        parts.append(fields([*learn, *_step_fields(step, brief=True)]))
    return "".join(parts)


def step_cells(step: Step, *, planned: bool) -> dict[str, str]:
    """Give the cells of a step by column, nothing left out; in a plan there are more."""
    cells = {
        "from": step.source.label, "to": step.target.label, "type": step.transition.type,
        "kind": step.transition.kind, "transition": step.transition.iri,
    }  # fmt: skip
    for column, (_, text) in zip(_STEP_COLUMNS, _step_fields(step), strict=True):
        if planned or column not in _OF_PLANS:
            cells[column] = text.replace("\n", "; ")
    return cells


def route_table(routes: Sequence[Route]) -> Table:
    """Make a table of routes, a row a step."""
    columns = ("route", "step", "from", "to", "type", "kind", "transition",
               *(c for c in _STEP_COLUMNS if c not in _OF_PLANS))  # fmt: skip
    rows = tuple(
        (str(r), str(i), *step_cells(step, planned=False).values())
        for r, route in enumerate(routes, 1)
        for i, step in enumerate(route.steps, 1)
    )
    return Table(columns, rows)


def comparison_table(c: Comparison) -> Table:
    """Make a table of a comparison, a row for each thing."""
    rows: list[tuple[str, ...]] = [
        ("the pair", "both", claim.predicate, claim.modality, "")
        for finding in c.relations
        for claim in finding.claims
    ]
    for name, split in c:
        rows += [(name, "both", a.label, words(a, b), rungs(a, b)) for a, b in split.shared]
        rows += [(name, str(c.a), f.label, words(f), rungs(f)) for f in split.only_a]
        rows += [(name, str(c.b), f.label, words(f), rungs(f)) for f in split.only_b]
        rows += [(name, "near", f"{x.label} ~ {y.label}", "curated", "") for x, y in split.related]
    rows += [("direct move", str(t.source), str(t), t.claim.modality, "") for t in c.transitions]
    columns = ("aspect", "of", "what", "modality", "level")
    cells = ((*row[:4], row[4].removeprefix("level ")) for row in rows)
    return Table(columns, tuple(cells))


def comparison_page(c: Comparison) -> RenderableType:
    """Lay out two roles side by side."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Group
    from rich.table import Table as Sheet
    from rich.text import Text

    parts: list[RenderableType] = [Text(f"{c.a} and {c.b}", style="bold")]
    for finding in c.relations:
        for claim in finding.claims:
            parts.append(Text(f"{claim}"))
    for name, split in c:
        sheet = Sheet(title=name, title_justify="left", title_style="bold cyan", box=SIMPLE_HEAD)
        for title in (f"only {c.a}", "both", f"only {c.b}"):
            sheet.add_column(title, ratio=1, overflow="fold")
        columns = (
            [marked(f) for f in split.only_a],
            [marked(a, b) for a, b in split.shared],
            [marked(f) for f in split.only_b],
        )
        for i in range(max(map(len, columns))):
            sheet.add_row(*(Text(col[i]) if i < len(col) else Text("") for col in columns))
        parts.append(sheet)
        if split.related:
            near = "; ".join(f"{x.label} ~ {y.label}" for x, y in split.related)
            parts.append(Text(fields([("near each other", near)])))
    parts += [Text(f"direct move: {t}") for t in c.transitions]
    parts.append(Text('"only" means: not stated of the other role by any source.', style="dim"))
    return Group(*parts)


def gap_table(gap: Gap) -> Table:
    """Make a table of a gap, a row for each demand."""
    rows: list[tuple[str, ...]] = []
    for what, demands in (("shared skill", gap.shared_skills), ("new skill", gap.new_skills)):
        for r in demands:
            said = "; ".join(map(str, r.evidence))
            strength = r.strength or "not stated"
            rows.append((what, r.label, r.claim.subject, strength, r.claim.kind, said))
    rows += [
        ("more of", r.grown_from(held), r.claim.subject, r.strength or "not stated", r.claim.kind,
         "; ".join(map(str, r.evidence)))
        for r, held in gap.raised_skills
    ]  # fmt: skip
    for what, found in (
        ("new certification", gap.new_certifications),
        ("new duty", gap.new_responsibilities),
    ):
        for f in found:
            said = "; ".join(map(str, f.evidence))
            rows.append((what, f.label, gap.target.label, "", ", ".join(f.kinds), said))
    rows += [("not stated", text, "", "", "", "") for text in gap.not_stated]
    columns = ("what", "name", "asked by", "strength", "kind", "who says so")
    return Table(columns, tuple(rows))


def gap_page(gap: Gap) -> str:
    """Lay out a gap."""
    pairs = [
        ("skills kept", _skills(_enough(gap.shared_skills, gap.raised_skills), brief=True)),
        ("more of", "; ".join(r.grown_from(held) for r, held in gap.raised_skills)),
        ("new skills", _skills(gap.new_skills, brief=True)),
        ("near", "; ".join(f"{s.label} comes near {r.label}" for r, s in gap.near_skills)),
        ("new certifications", _modal(gap.new_certifications)),
        ("new duties", _labels(gap.new_responsibilities, brief=True)),
        ("direct step", "; ".join(map(str, gap.transitions))),
        ("not stated", "; ".join(gap.not_stated)),
        ("who says so", "\n".join(said(gap.evidence))),
    ]
    return head(f"{gap.source} → {gap.target}") + fields(pairs)


def claim_table(claims: Sequence[Claim]) -> Table:
    """Make a table of claims with their evidence."""
    rows = tuple(
        (c.subject, c.predicate, c.object, c.modality, "; ".join(map(str, c.evidence)),
         "; ".join((*c.applies_in, *c.preconditions, *c.notes)))
        for c in claims
    )  # fmt: skip
    columns = ("subject", "property", "value", "modality", "who says so", "limits and notes")
    return Table(columns, rows)


def card(concept: Concept, claims: Sequence[Claim]) -> str:
    """Lay out everything that is claimed about a thing."""
    about = [("also called", ", ".join(concept.alt_labels))]
    if isinstance(concept, Role):
        about += [("family", concept.family or ""), ("level", concept.level or "")]
    if isinstance(concept, Skill):
        about.append(("kinds", ", ".join(concept.kinds)))
    if isinstance(concept, Certification):
        about += [("full name", concept.full_name or ""), ("scheme", concept.scheme or "")]
    pairs: list[tuple[str, str]] = []
    own = [c for c in claims if c.subject == concept.label]
    other = [c for c in claims if c.subject != concept.label]
    for name, group in groupby(own, key=lambda c: c.predicate):
        pairs.append((name, "\n".join(f"{c.object} ({c.modality})" for c in group)))
    for name, group in groupby(other, key=lambda c: c.predicate):
        pairs.append((f"{name} this", "\n".join(f"{c.subject} ({c.modality})" for c in group)))
    parts = [head(concept.label, f"{concept.kind} · {concept.curie}"), fields(about)]
    for name, text in pairs:
        if text:
            parts += ["\n", click.style(name, dim=True), "\n", fields([("", text)], indent=1)]
    return "".join(parts)
