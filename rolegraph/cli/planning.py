"""The commands that plan for a person: plan, why-not, reach, unlock, bridges."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rolegraph.cli.options import (
    PATH,
    busy,
    common_options,
    complete_role,
    completion,
    filter_options,
    from_store,
    load,
    stack,
    warm,
)
from rolegraph.cli.render import Format, emit
from rolegraph.errors import NoRouteError, NotFoundError, ProfileError

if TYPE_CHECKING:
    from rolegraph.graph import RoleGraph
    from rolegraph.plans import Goal
    from rolegraph.profile import Held, Profile

__all__ = ["COMMANDS"]

_F = TypeVar("_F", bound=Callable[..., Any])
_PLACE = re.compile(r"(role|past|skills|certifications)(?:\[(\d+)\])?")
_OPTIONS = {"past": "--past", "skills": "--skill", "certifications": "--certification"}

# --- options


def _complete_objective(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    from rolegraph.plans import OBJECTIVES

    before, comma, last = start.rpartition(",")
    return [f"{before}{comma}{name}" for name in OBJECTIVES if name.startswith(last)]


_complete_skill = completion(lambda kg: [s.label for s in kg.skills()])
_complete_certification = completion(lambda kg: [c.label for c in kg.certifications()])


def _roles(*names: str, text: str) -> Callable[[_F], _F]:
    return click.option(*names, multiple=True, metavar="ROLE", shell_complete=complete_role,
                        help=text)  # fmt: skip


def _skills(*names: str, metavar: str, text: str) -> Callable[[_F], _F]:
    return click.option(*names, multiple=True, metavar=metavar, shell_complete=_complete_skill,
                        help=text)  # fmt: skip


def _certifications(*names: str, text: str) -> Callable[[_F], _F]:
    return click.option(*names, multiple=True, metavar="NAME",
                        shell_complete=_complete_certification, help=text)  # fmt: skip


_person = stack(
    click.option("--profile", "-p", "file", type=PATH, metavar="FILE",
                 help="Who plans: YAML, JSON or a JSON Résumé."),
    click.option("--from", "start", metavar="ROLE", shell_complete=complete_role,
                 help="Role held now; it takes the place of the profile's."),
    _skills("--skill", "skills", metavar="NAME[=LEVEL]",
            text="Skill held besides; may be repeated."),
    _certifications("--certification", "certifications",
                    text="Certification held besides; may be repeated."),
    _roles("--past", text="Role held before, with all that it asks for; may be repeated."),
    click.option("--drop-unknown", is_flag=True,
                 help="Leave out what the graph does not know of the person, and list it."),
)  # fmt: skip
_target = stack(
    _roles("--to", text="Where to; of several, any will do."),
    click.option("--to-family", metavar="NAME", help="To any role of this family."),
    click.option("--to-level", metavar="NAME", help="To any role on this level."),
    _skills("--to-skill", metavar="NAME", text="To any role that asks for this; may be repeated."),
    click.option("--to-certification", metavar="NAME", shell_complete=_complete_certification,
                 help="To any role for which this certification is named."),
)  # fmt: skip
_limits = stack(
    _roles("--avoid", text="Role not to pass; may be repeated."),
    _roles("--via", text="Role to pass; may be repeated."),
    click.option("--max-steps", type=click.IntRange(min=0), help="Steps at most."),
    click.option("--max-new", type=click.IntRange(min=0),
                 help="Skills to learn or to raise in one step at most."),
    _certifications("--needs", text="Certification that has to be named for the way."),
    _certifications("--without", text="Certification that must not be named for the way."),
    click.option("--strength", "strengths", multiple=True,
                 help="Let only skills count that are asked for so (essential, recommended, "
                 "beneficial); may be repeated."),
    filter_options,
)  # fmt: skip
_PERSON = ("file", "start", "skills", "certifications", "past", "drop_unknown")
_TARGET = ("to", "to_family", "to_level", "to_skill", "to_certification")


def _minimise(default: str, *, several: bool = True) -> Callable[[_F], _F]:
    what = "What to keep small, with commas between" if several else "What to keep small"
    return click.option(
        "--minimise", "--minimize", "-m", multiple=several, default=None,
        metavar="OBJECTIVES" if several else "OBJECTIVE", shell_complete=_complete_objective,
        help=f"{what}: steps, new-skills, hardest-step, effort, effort-importance, certifications, "
        f"or a number that the transitions bear (months, cost).  [default: {default}]",
    )  # fmt: skip


_budget = click.option("--budget", type=click.IntRange(min=1),
                       help="Branches to look at before giving up a proof.")  # fmt: skip
_THREE = "steps,new-skills,hardest-step"


def _objectives(given: Sequence[str]) -> tuple[str, ...]:
    parts = tuple(part.strip() for text in given for part in text.split(","))
    if not all(parts):
        raise click.UsageError("--minimise has an objective without a name between its commas")
    return parts


def _given(**options: Any) -> dict[str, Any]:
    """Leave out the options that were not given, so that the library's own defaults hold."""
    return {name: value for name, value in options.items() if value not in (None, ())}


# --- who plans, and where to


def _read(asked: dict[str, Any]) -> Callable[[RoleGraph], Held]:
    """Take the person out of the options, and read the file.

    Returns
    -------
    callable
        What looks all names up in a graph, as soon as there is one.

    Raises
    ------
    click.UsageError
        If nobody is named.
    """
    from rolegraph.profile import Profile

    file, start, skills, certifications, past, drop = (asked.pop(name) for name in _PERSON)
    if file is None and start is None:
        raise click.UsageError("say who plans: --profile me.yaml, or --from ROLE")
    read = None if file is None else Profile.read(file)
    more = {"skills": skills, "certifications": certifications, "past": past}

    def held(kg: RoleGraph) -> Held:
        for note in () if read is None else read.notes:
            click.echo(f"rolegraph: {file.name}: {note}", err=True)
        found = _held(kg, read, start, more, file and file.name, drop)
        if found.dropped:
            click.echo("rolegraph: left out of the profile:", err=True)
            for missing in found.dropped:
                click.echo(f"  {missing}", err=True)
        if found.role is None:
            raise click.UsageError(
                "a plan starts in a role: name it with --from (rolegraph similar finds near ones)"
            )
        return found

    return held


def _held(
    kg: RoleGraph, read: Profile | None, start: str | None, more: Mapping[str, Sequence[str]],
    file: str | None, drop: bool,
) -> Held:  # fmt: skip
    """Look up all that a person has, from the file and from the command line."""
    from rolegraph.profile import Held, Profile

    rank = kg.planner.asking.level_rank
    added = any(more.values())
    if read is None and start is not None and not added:
        return Held(role=kg.role(start))
    if read is not None and start is None and not added:
        return read.resolve(kg.index, rank, unknown="drop" if drop else "error")
    own: dict[str, tuple[Any, ...]] = {
        part: () if read is None else getattr(read, part) for part in more
    }
    joined = Profile(
        role=start if start is not None or read is None else read.role,
        skills=[*own["skills"], *(_level(kg, text) for text in more["skills"])],
        certifications=[*own["certifications"], *more["certifications"]],
        past=[*own["past"], *more["past"]],
        name=None if read is None else read.name,
    )

    def said(place: str) -> str:
        """Say where a name stands: in an option, or in a part of the file."""
        match = _PLACE.fullmatch(place)
        if match is None:
            return place
        part, number = match[1], int(match[2] or 0)
        if part == "role":
            return "--from" if start is not None else f"{file}, role"
        return f"{file}, {place}" if number < len(own[part]) else _OPTIONS[part]

    try:
        held = joined.resolve(kg.index, rank, unknown="drop")
    except ProfileError as error:  # nothing is left to start from
        parted = (problem.partition(": ") for problem in error.problems)
        raise ProfileError([f"{said(place)}: {text}" for place, _, text in parted]) from None
    held = replace(held, dropped=tuple(replace(u, place=said(u.place)) for u in held.dropped))
    if held.dropped and not drop:
        raise ProfileError([str(u) for u in held.dropped])
    return held


def _level(kg: RoleGraph, text: str) -> tuple[str, str | float | None]:
    """Part NAME=LEVEL, where that is not a name as a whole."""
    name, equals, level = text.rpartition("=")
    if not (equals and name and level):
        return text, None
    try:
        kg.skill(text)
    except NotFoundError:
        pass
    else:
        return text, None
    try:
        return name.strip(), float(level)
    except ValueError:
        return name.strip(), level.strip()


def _aim(asked: dict[str, Any], *, needed: bool) -> list[str] | Goal | None:
    """Take the target out of the options.

    Raises
    ------
    click.UsageError
        If there is none and one is needed, or there are two of different kinds.
    """
    from rolegraph.plans import Goal

    to, family, level, skills, certification = (asked.pop(name) for name in _TARGET)
    described = any((family, level, skills, certification))
    if to and described:
        raise click.UsageError("name the target with --to, or describe it with --to-…, not both")
    if described:
        return Goal(family, level, skills, certification)
    if not to and needed:
        raise click.UsageError(
            "say where to: --to ROLE, or --to-family, --to-level, --to-skill, --to-certification"
        )
    return list(to) or None


def _wants(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give the constraints as the library takes them."""
    return {name: value if value != () else None if name in ("kinds", "types", "strengths") else ()
            for name, value in asked.items()}  # fmt: skip


@contextmanager
def _graph(data: tuple[Path, ...], engine: str, file: Path | None) -> Iterator[RoleGraph]:
    warm("rolegraph.planner")
    if file is not None and file.suffix.lower() != ".json":
        warm("yaml")
    with busy("planning") if from_store() else nullcontext():  # what ships takes no time
        yield load(data, engine)


# --- commands


@click.command()
@_person
@_target
@_minimise(f"{_THREE}; steps with -k")
@_limits
@click.option(
    "-k", type=click.IntRange(min=1),
    help="So many best routes by a single objective, instead of the Pareto set.",
)  # fmt: skip
@click.option("--ties", is_flag=True, help="Keep all routes of equal values.")
@_budget
@click.option("--explain", multiple=True, type=click.IntRange(min=1), metavar="NUMBER",
              help="Route to explain step by step, instead of all; may be repeated.")  # fmt: skip
@click.option("--brief", is_flag=True, help="Only the trade-offs, without the steps.")
@common_options
def plan(
    minimise: tuple[str, ...], k: int | None, ties: bool, budget: int | None,
    explain: tuple[int, ...], brief: bool, data: tuple[Path, ...], engine: str, form: Format,
    **asked: Any,
) -> None:  # fmt: skip
    """Find every good way for a person, each step explained.

    With several objectives these are all the routes of which none is better in one without being
    worse in another. If there is no route, the exit code is 1, and what stands in the way and the
    least that has to be given up are written to the error stream.
    """
    from rolegraph.cli import planpages

    file = asked["file"]
    person = _read(asked)
    to = _aim(asked, needed=True)
    assert to is not None
    wants = _wants(asked)
    goals = _objectives(minimise) or (("steps",) if k else ())
    limits = _given(budget=budget)
    try:
        with _graph(data, engine, file) as kg:
            held = person(kg)
            found = kg.plan(held, to, k=k, ties=ties, **_given(minimise=goals), **limits, **wants)
    except NoRouteError as error:
        with busy("looking for what stands in the way") if from_store() else nullcontext():
            why = kg.why_not(held, to, **_given(minimise=goals), **limits, **wants)
        click.echo(planpages.no_route(error, why, goals), nl=False, err=True)
        sys.exit(1)
    numbers = range(1, len(found) + 1)
    if unknown := [n for n in explain if n not in numbers]:
        raise click.UsageError(f"--explain {unknown[0]}: there are {len(found)} routes")
    shown = () if brief else explain or numbers
    if form == "table":
        click.echo(planpages.plan_page(found, shown), nl=False)
        return
    if form != "json":  # where there is no other place to say it
        planpages.warn(found)
    tables = [planpages.tradeoff_table(found)] if brief or form == "md" else []
    tables += [] if brief else [planpages.step_table(found, shown)]
    emit(form, found, tables)


@click.command("why-not")
@_person
@_target
@_minimise("steps")
@_limits
@_budget
@common_options
def why_not(
    minimise: tuple[str, ...], budget: int | None, data: tuple[Path, ...], engine: str,
    form: Format, **asked: Any,
) -> None:  # fmt: skip
    """Say why there is no route, and the least to give up.

    With --minimise months, steps that bear no months are no way.
    """
    from rolegraph.cli import planpages

    file = asked["file"]
    person = _read(asked)
    to = _aim(asked, needed=True)
    assert to is not None
    with _graph(data, engine, file) as kg:
        given = _given(minimise=_objectives(minimise), budget=budget)
        found = kg.why_not(person(kg), to, **given, **_wants(asked))
    if form == "table":
        click.echo(planpages.why_page(found), nl=False)
        return
    emit(form, found, [planpages.why_table(found)])


@click.command()
@_person
@_minimise("steps", several=False)
@_limits
@_budget
@click.option("--limit", type=click.IntRange(min=1),
              help="How many roles at most.  [default: all; 40 in a terminal]")  # fmt: skip
@common_options
def reach(
    minimise: str | None, budget: int | None, limit: int | None, data: tuple[Path, ...],
    engine: str, form: Format, **asked: Any,
) -> None:  # fmt: skip
    """List the roles within reach, with the best way to each.

    Exit code 1 when there is none.
    """
    from rolegraph.cli import planpages

    file = asked["file"]
    person = _read(asked)
    options = _given(minimise=minimise, budget=budget)
    with _graph(data, engine, file) as kg:
        found = kg.reach(person(kg), **options, **_wants(asked))
    shown = found if limit is None else found[:limit]
    if form == "table":
        click.echo(planpages.reach_page(found, limit), nl=False)
    else:
        emit(form, shown, [planpages.reach_table(shown)])
    if not found:
        _nothing("no role can be reached")


@click.command()
@_person
@_target
@_minimise("effort", several=False)
@_limits
@click.option("--pairs/--no-pairs", default=True, show_default=True,
              help="Look at pairs of skills too.")  # fmt: skip
@click.option("-k", type=click.IntRange(min=1), default=10, show_default=True,
              help="How many at most, single ones and pairs each.")  # fmt: skip
@_budget
@common_options
def unlock(
    minimise: str | None, pairs: bool, k: int, budget: int | None, data: tuple[Path, ...],
    engine: str, form: Format, **asked: Any,
) -> None:  # fmt: skip
    """Find the skill, certification or pair that opens most.

    Without a target, what counts is how many roles come within reach, and --max-new has to keep
    them out; with one, by how much the best way there gets better. Exit code 1 when there is none.
    """
    from rolegraph.cli import planpages

    file = asked["file"]
    person = _read(asked)
    to = _aim(asked, needed=False)
    if to is None and asked["max_new"] is None:
        raise click.UsageError(
            "say where to (--to), or how much may be new in a step (--max-new): without either, "
            "nothing keeps a role out of reach"
        )
    options = _given(minimise=minimise, budget=budget)
    with _graph(data, engine, file) as kg:
        found = kg.unlock(person(kg), to, pairs=pairs, k=k, **options, **_wants(asked))
    aim = (minimise or "effort") if to is not None else None
    if form != "table":
        emit(form, found, [planpages.unlock_table(found)])
    elif found:
        click.echo(planpages.unlock_page(found, aim), nl=False)
    if not found:
        _nothing("no skill or certification opens or shortens anything")


@click.command()
@_person
@_target
@_minimise(_THREE)
@_limits
@_budget
@common_options
def bridges(
    minimise: tuple[str, ...], budget: int | None, data: tuple[Path, ...], engine: str,
    form: Format, **asked: Any,
) -> None:  # fmt: skip
    """List the roles through which most good routes pass.

    Good are the best routes to the target, with all ties; without one, the shortest to every role.
    Exit code 1 when there is none.
    """
    from rolegraph.cli import planpages

    file = asked["file"]
    person = _read(asked)
    to = _aim(asked, needed=False)
    options = _given(minimise=_objectives(minimise), budget=budget)
    with _graph(data, engine, file) as kg:
        found = kg.bridges(person(kg), to, **options, **_wants(asked))
    if form != "table":
        emit(form, found, [planpages.bridge_table(found)])
    elif found:
        click.echo(planpages.bridge_page(found, aimed=to is not None), nl=False)
    if not found:
        _nothing("no role lies between")


def _nothing(text: str) -> None:
    click.echo(f"rolegraph: {text}", err=True)
    sys.exit(1)


COMMANDS = (plan, why_not, reach, unlock, bridges)
