"""What plans look like: their tables, and their pages in a terminal."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence

import click

from rolegraph.cli.pages import head, route_steps, step_cells
from rolegraph.cli.render import Table, fields, width
from rolegraph.plans import OBJECTIVES, Bridge, Destination, Plan, Unlock, WhyNot, untold
from rolegraph.routes import Route
from rolegraph.values import Role

__all__ = [
    "bridge_page",
    "bridge_table",
    "no_route",
    "plan_page",
    "reach_page",
    "reach_table",
    "step_table",
    "tradeoff_table",
    "unlock_page",
    "unlock_table",
    "warn",
    "why_page",
    "why_table",
]

_ARROW = " → "
_NARROW = 30  # a last column of less than this goes into a line of its own
_SHOWN = 40  # roles within reach that a terminal shows; CSV and JSON have them all
_NAMES = 4  # names in a list within a line


def _way(roles: Iterable[Role]) -> str:
    return _ARROW.join(r.label for r in roles)


def _packed(text: str, room: int) -> list[str]:
    """Break a list only where one thing ends: at arrows, or at semicolons."""
    mark = _ARROW if _ARROW in text else "; "
    parts = text.split(mark)
    lines = [parts[0]]
    for part in parts[1:]:
        joined = f"{lines[-1]}{mark}{part}"
        if len(joined) + len(mark.rstrip()) <= room:
            lines[-1] = joined
        else:
            lines[-1] += mark.rstrip()
            lines.append(part)
    return lines


def _sheet(columns: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = ()) -> str:
    """Lay out a table: figures to the right, the last column over several lines where needed."""
    *heads, last = [c.replace("-", "-\n").split("\n") for c in columns]  # to take less room
    sizes = [
        max(*map(len, lines), *(len(r[i]) for r in rows)) for i, lines in enumerate(heads)
    ]  # fmt: skip
    indent = sum(sizes) + 2 * len(sizes)
    room = width() - indent
    if below := room < _NARROW:
        indent = 5

    def line(cells: Sequence[str], text: str) -> str:
        parts = [
            c.ljust(n) if i in left else c.rjust(n)
            for i, (c, n) in enumerate(zip(cells, sizes, strict=True))
        ]
        return "  ".join([*parts, text]).rstrip()

    high = max(map(len, (*heads, last)))
    padded = [[""] * (high - len(lines)) + lines for lines in (*heads, last)]
    out = [click.style(line([p[i] for p in padded[:-1]], padded[-1][i]), bold=True)
           for i in range(high)]  # fmt: skip
    for row in rows:
        if below and len(row[-1]) > room:
            first, texts = "", _packed(row[-1], max(_NARROW, width() - indent))
        else:
            first, *texts = _packed(row[-1], max(_NARROW, room))
        out += [line(row[:-1], first), *(" " * indent + t for t in texts)]
    return "".join(f"{text}\n" for text in out)


def _some(names: Iterable[object], most: int = _NAMES, mark: str = ", ") -> str:
    every = list(map(str, names))
    more = f"{mark}{len(every) - most} more" if len(every) > most else ""
    return mark.join(every[:most]) + more


def _plain(text: str) -> str:
    """Name options as they are called on the command line."""
    return text.replace("(budget=)", "(--budget)").replace("budget=", "--budget")


# --- plans


def plan_page(plan: Plan, explain: Container[int]) -> str:
    """Lay out a plan: the trade-offs, what is proved, then routes, by number, step by step."""
    person = plan.person
    held = [f"{s} (level {rank:g})" if rank is not None else f"{s}" for s, rank in person.skills]
    held += [c.label for c in person.certifications]
    known = "proved" if plan.complete else "not complete"
    about = fields([
        ("role", str(person.role) if person.name else ""),
        ("held before", _some(person.past)),
        ("holds besides", _some(held, 12)),
        ("least", ", ".join(plan.minimise)),
        ("constraints", "" if (asked := str(plan.constraints)) == "none" else asked),
        (known, _plain(plan.proof).removeprefix("proved: ")),
        ("left out", "\n".join(plan.notes)),
        *plan._legend(),
    ])  # fmt: skip
    if not plan.complete:
        about = about.replace(known, click.style(known, fg="yellow", bold=True), 1)
    rows = [(str(i), *row[1:], row[0]) for i, row in enumerate(plan.table(), 1)]
    parts = [
        head(f"{person.name or person.role} → {_some(plan.targets, mark=' or ')}"), about, "\n",
        _sheet(("", *plan.minimise, "way"), rows),
    ]  # fmt: skip
    for i, (route, row) in enumerate(zip(plan, plan.table(), strict=True), 1):
        if i not in explain:
            continue
        figures = "; ".join(f"{name} {figure}"
                            for name, figure in zip(plan.minimise, row[1:], strict=True)
                            if name != "steps")  # fmt: skip
        parts += ["\n", _route_head(i, route), route_steps(route, figures, planned=True)]
    return "".join(parts)


def _route_head(number: int, route: Route) -> str:
    texts = _packed(_way(route.roles), max(_NARROW, width() - 9))
    name = f"Route {number}: "
    return "".join(
        head((name if i == 0 else " " * len(name)) + text) for i, text in enumerate(texts)
    )


def tradeoff_table(plan: Plan) -> Table:
    """Make a table of a plan, a row a route."""
    rows = tuple(
        (str(i), *(_number(route.values[name]) for name in plan.minimise), _way(route.roles),
         "; ".join(r.label for r in (*plan.person.untold, *untold(route))))
        for i, route in enumerate(plan, 1)
    )  # fmt: skip
    return Table(("route", *map(_column, plan.minimise), "way", "skills_not_stated"), rows,
                 "Routes")  # fmt: skip


def step_table(plan: Plan, explain: Container[int]) -> Table:
    """Make a table of routes of a plan, a row a step, with the route's objectives in each."""
    names = tuple(map(_column, plan.minimise))
    columns: tuple[str, ...] = ("route", *names, "step")
    rows: list[tuple[str, ...]] = []
    for i, route in enumerate(plan, 1):
        if i not in explain:
            continue
        figures = tuple(_number(route.values[name]) for name in plan.minimise)
        for j, step in enumerate(route.steps, 1):
            cells = step_cells(step, planned=True)
            columns = ("route", *names, "step", *cells)
            rows.append((str(i), *figures, str(j), *cells.values()))
    return Table(columns, tuple(rows), "Steps")


def _column(objective: str) -> str:
    return f"route_{objective.replace('-', '_')}"


def _number(value: float) -> str:
    return f"{value:g}" if value == int(value) else repr(float(value))


def warn(plan: Plan) -> None:
    """Say on the error stream what is not proved and what was left out."""
    lines = list(plan.notes) if plan.complete else [f"not complete: {plan.proof}", *plan.notes]
    for line in lines:
        click.echo(f"rolegraph: {_plain(line)}", err=True)


# --- why not


def no_route(error: Exception, why: WhyNot, minimise: Sequence[str]) -> str:
    """Say that there is no route, why, and what would let one through."""
    said = f"rolegraph: {_plain(str(error).removesuffix('; why_not tells what stands in the way'))}"
    if why.possible:  # what the objective cannot go over, or the budget, is in the way
        return said + "\n"
    own = [name for name in minimise if name not in OBJECTIVES]
    if own:  # what has no such number is left out of a plan, and not of what follows
        return f"{said}\n{why_page(why)}"
    return f"rolegraph: {why_page(why)}"


def why_page(why: WhyNot) -> str:
    """Lay out why there is no route, and each smallest set of constraints to give up."""
    parts = [f"{why.reason}\n"]
    for relaxation in why.relaxations:
        parts.append(fields([
            ("give up", " and ".join(relaxation.give_up)),
            ("then", "\n".join(_packed(_way(relaxation.route.roles), max(_NARROW, width() - 12)))),
        ]))  # fmt: skip
    if not why.complete:
        parts.append("   the budget ended the search, there may be less to give up (--budget)\n")
    return "".join(parts)


def why_table(why: WhyNot) -> Table:
    """Make a table of what can be given up, a row a set."""
    rows = tuple(
        (" and ".join(r.give_up), str(len(r.route)), _way(r.route.roles)) for r in why.relaxations
    )
    return Table(("give_up", "steps", "way"), rows, why.reason)


# --- reach, unlock, bridges


def _figures(d: Destination, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(d._mark(name) + f"{d.values[name]:.6g}" for name in names)


def _measures(found: Sequence[Destination]) -> list[str]:
    """Name the figures, the objective that was asked for first."""
    return list(found[0].values) if found else ["steps", "new-skills", "hardest-step"]


_VAGUE = {
    "≥": "of some role on the way no source states which skills it asks for",
    "≤": "of a role that is held no source states which skills it asks for",
    "≈": "neither a least nor a most, for no source states what some roles ask for",
}


def reach_page(found: Sequence[Destination], limit: int | None = None) -> str:
    """Lay out the roles within reach; of long lists the beginning."""
    if not found:
        return ""
    names = [n for n in _measures(found) if n != "certifications" or n == _measures(found)[0]]
    shown = found[: limit or _SHOWN]
    rows = [
        (d.role.label, *_figures(d, names), _way(d.via[1:-1]) or "directly")
        for d in shown
    ]  # fmt: skip
    count = f"{len(found):,} role" + ("" if len(found) == 1 else "s")
    parts = [f"{count} within reach, the least {names[0]} first\n\n",
             _sheet(("role", *names, "via"), rows, left=(0,))]  # fmt: skip
    if more := len(found) - len(shown):
        parts.append(f"… {more:,} more (--limit; --json and --format csv have all)\n")
    used = {d._mark(n) for d in shown for n in names}
    parts += [f"{mark}: {why}\n" for mark, why in _VAGUE.items() if mark in used]
    if notes := getattr(found, "notes", ()):
        parts.append(fields([("left out", "\n".join(notes))]))
    return "".join(parts)


def reach_table(found: Sequence[Destination]) -> Table:
    """Make a table of the roles within reach."""
    names = _measures(found)
    rows = tuple(
        (d.role.label, d.role.curie, *(_number(d.values[n]) for n in names), _way(d.via),
         "; ".join(r.label for r in (*d.held_untold, *d.untold)))
        for d in found
    )  # fmt: skip
    columns = ("role", "curie", *(n.replace("-", "_") for n in names), "way", "skills_not_stated")
    return Table(columns, rows)


def _learn(u: Unlock) -> str:
    return " and ".join(c.label for c in u.learn)


def _saved(value: float) -> str:
    return "opens the way" if value == math.inf else f"{value:.6g}"


def unlock_page(found: Sequence[Unlock], objective: str | None) -> str:
    """Lay out what to learn; with an objective by how much less of it there is on the way."""
    if objective is not None:
        rows = [(_saved(u.saves), _learn(u)) for u in found]
        unit = f"saves: by how much less the best way comes to, in {objective}\n"
        return _sheet(("saves", "learn"), rows) + unit
    texts = [
        (str(len(u.opens)), _learn(u), "; ".join(r.label for r in u.opens[:12])
         + (f"; … {len(u.opens) - 12} more" if len(u.opens) > 12 else ""))
        for u in found
    ]  # fmt: skip
    return _sheet(("opens", "learn", "roles"), texts, left=(1,))


def unlock_table(found: Sequence[Unlock]) -> Table:
    """Make a table of what to learn."""
    rows = tuple(
        ("; ".join(c.label for c in u.learn), "; ".join(c.curie for c in u.learn),
         str(len(u.opens)), "INF" if u.saves == math.inf else _number(u.saves),
         "; ".join(r.label for r in u.opens))
        for u in found
    )  # fmt: skip
    return Table(("learn", "curie", "opens", "saves", "roles"), rows)


def bridge_page(found: Sequence[Bridge], *, aimed: bool) -> str:
    """Lay out the roles that many good routes pass, to a target or to every role."""
    shown = found[:_SHOWN]
    page = _sheet(("share", "routes", "role"),
                  [(f"{b.share:.0%}", f"{b.routes:.4g}", b.role.label) for b in shown])  # fmt: skip
    more = len(found) - len(shown)
    page += f"… {more:,} more (--json and --format csv have all)\n" if more else ""
    of = "best routes to the target" if aimed else "shortest routes to every role"
    return f"{page}share: of the {of}, how many pass through it\n"


def bridge_table(found: Sequence[Bridge]) -> Table:
    """Make a table of the roles that many good routes pass."""
    rows = tuple(
        (b.role.label, b.role.curie, repr(b.share), _number(b.routes)) for b in found
    )  # fmt: skip
    return Table(("role", "curie", "share", "routes"), rows)
