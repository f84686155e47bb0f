"""How transitions are drawn and said, in the same way in every picture that has some."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rolegraph.pictures._canvas import DASHES, KINDS, PALETTE, SMALL, Canvas, leading, legal
from rolegraph.pictures._data import Link, Stop
from rolegraph.pictures._picture import dot_text, mermaid_text
from rolegraph.pictures._type import measure

__all__ = [
    "PAD", "SAME_WORK", "chips", "connect", "count", "dot_graph", "dot_link", "dot_node", "head",
    "legend", "main_kind", "mermaid_links", "mermaid_node", "named", "route_sets", "said",
    "skills", "whole",
]  # fmt: skip

PAD: Final = 16
"""Margin of a picture in pixels."""
_PILL: Final = 14.0  # what Canvas.tags adds to the width of a word
SAME_WORK: Final = "same work in another classification"
_DOT_STYLES: Final = {
    "stated": "solid", "curated": "dashed", "imported": "dashed,bold", "observed": "dotted",
    "inferred": "dotted,bold",
}  # fmt: skip


def named(label: str) -> str:
    r"""Give a label on one line, or say that there is none.

    >>> named(" Project\nManager "), named("")
    ('Project Manager', '(no name)')
    """
    return " ".join(legal(label).split()) or "(no name)"


def whole(stop: Stop) -> str:
    """Give a role with what stands below it.

    >>> whole(Stop("Project Manager", "professional"))
    'Project Manager (professional)'
    """
    sub = " ".join(legal(stop.sub).split())
    return f"{named(stop.label)} ({sub})" if sub else named(stop.label)


def count(n: int, noun: str) -> str:
    """Count things in English.

    >>> count(1, "step"), count(2, "new skill")
    ('1 step', '2 new skills')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def main_kind(kind: str) -> str:
    """Give the kind of evidence that a line is drawn for; words beside it name them all.

    Raises
    ------
    ValueError
        If no kind of evidence is named.

    Examples
    --------
    >>> main_kind("imported, stated")
    'stated'
    """
    given = {part.strip() for part in kind.split(",")}
    found = next((known for known in KINDS if known in given), None)
    if found is None or not given <= set(KINDS):
        raise ValueError(f"{kind!r} is no kind of evidence; the kinds are {', '.join(KINDS)}")
    return found


def said(link: Link, between: str = " · ") -> str:
    """Say of what type and kind a transition is.

    >>> said(Link(0, 1, "promotion", "stated"))
    'promotion · stated'
    """
    first = SAME_WORK if link.crossing else " ".join(link.type.split())
    return between.join(part for part in (first, link.kind) if part)


def skills(link: Link) -> str:
    """Say how much is new on a transition; nothing for a crossing, where nothing need be.

    >>> skills(Link(0, 1, "promotion", "stated", ("Coaching",), raised=("Planning: 1 → 2",)))
    '1 new skill, 1 to raise'
    """
    if link.new or link.raised:
        known = " known" if link.untold else ""
        parts = [count(len(link.new), "new skill") + known] if link.new else []
        parts += [f"{len(link.raised)} to raise"] if link.raised else []
        return ", ".join(parts)
    if link.untold:
        return "no source states which skills it asks for"
    return "" if link.crossing else "no new skills"


def route_sets(numbers: Iterable[int]) -> list[str]:
    """Write numbers of routes, with runs of three and more in short.

    >>> route_sets([1, 2, 4])
    ['1', '2', '4']
    """
    runs: list[list[int]] = []
    for n in sorted(set(numbers)):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    out = []
    for run in runs:
        out += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(n) for n in run]  # noqa: RUF001
    return out


def head(canvas: Canvas, title: str, sub: str) -> float:
    """Write the title of a picture and a line about it; give the y below."""
    room = canvas.width - 2 * PAD
    y = canvas.lines(PAD, PAD - 3, named(title), room, bold=True, most=4)
    return canvas.lines(PAD, y + 1, sub, room, size=SMALL, colour="soft") if sub else y


def connect(canvas: Canvas, d: str, link: Link, *, thick: float = 3, halo: bool = False) -> None:
    """Draw a way in the colour and dash of its kind of evidence; a crossing is hollow.

    ``halo`` sets it off from what it crosses.
    """
    kind = main_kind(link.kind)
    if halo:
        canvas.path(d, stroke="card", thick=thick + 5)
    if link.crossing:
        canvas.path(d, stroke=kind, thick=thick + 4, dash=DASHES[kind])
        canvas.path(d, stroke="card", thick=thick + 0.5)
    else:
        canvas.path(d, stroke=kind, thick=thick, dash=DASHES[kind])


def chips(
    canvas: Canvas, x: float, y: float, words: Sequence[str], room: float, rows: int = 3
) -> float:  # fmt: skip
    """Write short words in pills on a few rows, and say how many more there are.

    Where one of the first is too long for a pill, they become a list of lines.
    """
    words = [named(word) for word in words]
    if any(measure(word, SMALL) + _PILL > room for word in words[:rows]):
        few = words if len(words) <= rows + 1 else words[:rows]
        for word in few:
            canvas.text(x, y + SMALL, "•", size=SMALL, colour="soft")
            y = canvas.lines(x + 12, y, word, room - 12, size=SMALL, most=2) + 2
        return _more(canvas, x, y, len(words) - len(few), room)
    wide = [min(measure(word, SMALL) + _PILL, room) for word in words]
    for fit in range(min(len(words), 12 * rows), -1, -1):
        row, at = 1, 0.0
        for width in wide[:fit]:
            if at and at + width > room:
                row, at = row + 1, 0.0
            at += width + 6
        left = len(words) - fit
        beside = at + measure(f"and {left} more", SMALL) <= room
        if row <= rows and (not left or beside or row < rows):
            break
    bottom = canvas.tags(x, y, words[:fit], room) if fit else y
    if left and fit and beside:
        level = bottom - leading(SMALL) - 4 + SMALL + 2.5
        canvas.text(x + at, level, f"and {left} more", size=SMALL, colour="soft")
        return bottom
    return _more(canvas, x, bottom + 3 * bool(fit), left, room)


def _more(canvas: Canvas, x: float, y: float, left: int, room: float) -> float:
    return canvas.lines(x, y, f"and {left} more", room, size=SMALL, colour="soft") if left else y


def legend(canvas: Canvas, y: float, room: float, links: Iterable[Link]) -> float:
    """Say what the lines mean, of those that are drawn; give the y below."""
    links = tuple(links)
    if not links:
        return y
    canvas.line(PAD, y, canvas.width - PAD, y)
    y = canvas.legend(PAD, y + 9, room, {main_kind(link.kind) for link in links})
    crossing = next((link for link in links if link.crossing), None)
    if crossing:
        level = y + SMALL * 0.65
        connect(canvas, f"M{PAD} {level:.1f}H{PAD + 28}", crossing)
        y = canvas.lines(PAD + 34, y, f"hollow: {SAME_WORK}, no career step", room - 34,
                         size=SMALL, colour="soft")  # fmt: skip
    return y


def mermaid_node(place: int, stop: Stop) -> str:
    """Write a role as a node of a Mermaid flowchart."""
    return f"    n{place}({mermaid_text(whole(stop))})"


def mermaid_links(links: Iterable[tuple[int, int, Link, str]]) -> list[str]:
    """Write transitions (from, to, transition, words) of a Mermaid flowchart, and their looks."""
    ways, looks = [], []
    for n, (source, target, link, words) in enumerate(links):
        arrow = "---" if link.crossing else "-->"
        ways.append(f"    n{source} {arrow}|{mermaid_text(named(words))}| n{target}")
        kind = main_kind(link.kind)
        dash = f",stroke-dasharray:{DASHES[kind]}" if DASHES[kind] else ""
        looks.append(f"    linkStyle {n} stroke:{PALETTE[kind][0]},stroke-width:2px{dash}")
    return [*ways, *looks]


def dot_link(source: int, target: int, link: Link, words: str) -> str:
    """Write a transition as an edge of DOT."""
    kind = main_kind(link.kind)
    arrow = " dir=none" if link.crossing else ""
    look = f"color={dot_text(PALETTE[kind][0])} style={dot_text(_DOT_STYLES[kind])}{arrow}"
    return f"  n{source} -> n{target} [label={dot_text(named(words))} {look}];"


def dot_node(place: int, stop: Stop, more: str = "") -> str:
    """Write a role as a node of DOT."""
    return f"  n{place} [label={dot_text(whole(stop))}{more}];"


def dot_graph(direction: str, title: str, lines: Iterable[str]) -> str:
    """Write a graph of DOT around its lines."""
    return "\n".join([
        "digraph {",
        f"  graph [rankdir={direction} label={dot_text(named(title))} labelloc=t fontname=sans];",
        '  node [shape=box style="rounded" fontname=sans];',
        "  edge [fontname=sans fontsize=11];",
        *lines,
        "}",
    ]) + "\n"  # fmt: skip
