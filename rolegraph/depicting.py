"""What is known of roles, made ready to be drawn: the whole map, and the corner of one role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rolegraph.comparison import RoleFacts
from rolegraph.pictures import Link, Neighbourhood, RoleMap, Stop
from rolegraph.values import Role, Transition

__all__ = ["MOST", "check", "neighbourhood", "role_map"]

MOST = 60
"""Roles of a map at most; more cannot be read as a picture."""

_OTHER = "level not stated"


def _sub(role: Role) -> str:
    return ", ".join(x for x in (role.family, role.level) if x)


def neighbourhood(
    facts: RoleFacts, before: Iterable[Transition], after: Iterable[Transition]
) -> Neighbourhood:
    """Draw a role with the roles that lead to it and those it leads to.

    Parameters
    ----------
    facts : RoleFacts
        Of the role in the middle.
    before, after : iterable of Transition
        To the role, and from it. Suggestions come last, the strongest first.

    Returns
    -------
    Neighbourhood
    """
    role = facts.role

    def ways(transitions: Iterable[Transition], into: bool) -> tuple[tuple[Stop, Link], ...]:
        # what a measure suggests comes after what somebody says
        order = sorted(transitions, key=lambda t: (t.value is not None, -(t.value or 0.0)))
        out = []
        for t in order:
            end = t.source if into else t.target
            stop = _end(t, end)
            out.append((stop, Link(0, 1, t.type, t.kind, crossing=t.type == "mapping")))
        return tuple(out)

    groups = (
        ("skills", tuple(f.label for f in facts.skills)),
        ("certifications", tuple(f.label for f in facts.findings["certifications"])),
        ("responsibilities", tuple(f.label for f in facts.findings["responsibilities"])),
    )
    told = tuple((name, labels) for name, labels in groups if labels)
    return Neighbourhood(
        f"Around {role}", Stop(role.label, _sub(role)), ways(before, True), ways(after, False), told
    )


def _end(transition: Transition, end: Role | None) -> Stop:
    if end is not None:
        return Stop(end.label, _sub(end))
    if transition.specialises_in is not None:
        return Stop(transition.specialises_in.label, "skill")
    return Stop(transition.label)


def check(roles: Sequence[Role]) -> None:
    """Refuse a map of more roles than can be read.

    Raises
    ------
    ValueError
        If there are more than :data:`MOST`.
    """
    if len(roles) > MOST:
        raise ValueError(
            f"a map of {len(roles):,} roles cannot be read (at most {MOST}): name a role or a "
            "family=, or use explore()"
        )


def role_map(
    title: str, roles: Sequence[Role], transitions: Iterable[Transition], levels: Sequence[str]
) -> RoleMap:
    """Draw roles by level, and every transition between them.

    Parameters
    ----------
    title : str
    roles : sequence of Role
        At most :data:`MOST`.
    transitions : iterable of Transition
        Those that join two of the roles are drawn.
    levels : sequence of str
        Labels from the bottom of the career to the top; roles of none stand by themselves.

    Returns
    -------
    RoleMap

    Raises
    ------
    ValueError
        If there are too many roles.
    """
    check(roles)
    place = {role.iri: n for n, role in enumerate(roles)}
    links = tuple(
        Link(place[t.source.iri], place[t.target.iri], t.type, t.kind, crossing=t.type == "mapping")
        for t in transitions
        if t.source is not None and t.target is not None
        and t.source.iri in place and t.target.iri in place
    )  # fmt: skip
    by_level: dict[str, list[int]] = {}
    for n, role in enumerate(roles):
        by_level.setdefault(role.level or _OTHER, []).append(n)
    order = [name for name in (*levels, _OTHER) if name in by_level]
    order += sorted(set(by_level) - set(order))
    rows = tuple((name, tuple(by_level[name])) for name in order) if len(by_level) > 1 else ()
    stops = tuple(Stop(role.label, role.family or "") for role in roles)
    return RoleMap(title, stops, links, rows)
