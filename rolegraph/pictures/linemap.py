"""One route, as a line with its stations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rolegraph.pictures._canvas import SMALL, TEXT, Canvas
from rolegraph.pictures._data import Link, Stop
from rolegraph.pictures._links import (
    PAD,
    chips,
    connect,
    count,
    dot_graph,
    dot_link,
    dot_node,
    head,
    legend,
    main_kind,
    mermaid_links,
    mermaid_node,
    named,
    said,
    skills,
    whole,
)
from rolegraph.pictures._picture import Picture
from rolegraph.pictures._type import measure

__all__ = ["LineMap"]

_WIDE: Final = 700  # from here on what is new stands in a column of its own
_RAIL: Final = PAD + 10
_LABELS: Final = PAD + 36
_END, _STATION = 9.0, 7.0


@dataclass(frozen=True, slots=True, repr=False)
class LineMap(Picture):
    """A route as a line map: a station for each role, and between them what it takes.

    Parameters
    ----------
    title : str
    stops : tuple of Stop
        The roles in the order of the way; one alone says that there is nowhere to go.
    links : tuple of Link
        The transitions between them, one fewer than the stops.
    mark : str, optional
        ``"≤"`` or ``"≈"`` where the count of new skills may be less, since some may be held already.

    Raises
    ------
    ValueError
        If the links do not lead from each stop to the next one, or name no kind of evidence.

    Examples
    --------
    >>> way = LineMap(
    ...     "Up one level",
    ...     (Stop("Project Manager"), Stop("Senior Project Manager")),
    ...     (Link(0, 1, "promotion", "stated", untold=True),),
    ... )
    >>> print(way.alt)
    Up one level: 1 step. Which skills are new is not stated for it.
    1. Project Manager → Senior Project Manager: promotion, stated; no source states which skills it asks for.
    """  # noqa: E501

    title: str
    stops: tuple[Stop, ...]
    links: tuple[Link, ...]
    mark: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no single way."""
        for n, link in enumerate(self.links):
            if (link.source, link.target) != (n, n + 1):
                raise ValueError(
                    f"link {n} of a line map leads from stop {n} to stop {n + 1}, "
                    f"not from {link.source} to {link.target}"
                )
            main_kind(link.kind)
        if self.stops and len(self.links) != len(self.stops) - 1:
            raise ValueError(
                f"a line map of {count(len(self.stops), 'stop')} has "
                f"{count(len(self.stops) - 1, 'link')}, not {len(self.links)}"
            )
        if self.links and not self.stops:
            raise ValueError("a line map with links needs the stops that they link")

    @property
    def length(self) -> str:
        """How long the way is, in words: steps, and crossings, which are none."""
        if not self.links:
            return "already there" if self.stops else "no route"
        crossings = sum(link.crossing for link in self.links)
        steps = count(len(self.links) - crossings, "step")
        return f"{steps} and {count(crossings, 'crossing')}" if crossings else steps

    def _summary(self) -> list[str]:
        """Sum up the way: how long it is, how much is new, how much of that is not known."""
        new = {label for link in self.links for label in link.new}
        raised = {label for link in self.links for label in link.raised}
        steps = [link for link in self.links if not link.crossing]
        untold = sum(link.untold for link in steps)
        out = [self.length]
        if new:
            out.append(self.mark + count(len(new), "new skill") + " known" * bool(untold))
        if raised:
            out.append(f"{len(raised)} to raise")
        if not (new or raised) and steps and not untold:
            out.append("no new skills")
        if untold:
            which = "it" if len(steps) == 1 else f"{untold} of {len(steps)} steps"
            out.append(f"which skills are new is not stated for {which}")
        return out

    @property
    def alt(self) -> str:
        """The way in words, step by step."""
        first = ". ".join(part[0].upper() + part[1:] for part in self._summary())
        lines = [f"{named(self.title)}: {first[0].lower()}{first[1:]}."]
        if len(self.stops) == 1:
            lines.append(f"{whole(self.stops[0])}.")
        for link in self.links:
            known = skills(link)
            if link.new or link.raised:
                known += ": " + "; ".join(map(named, (*link.new, *link.raised)))
            if link.untold and link.new:
                known += "; no source states all the skills it asks for"
            ends = f"{whole(self.stops[link.source])} → {whole(self.stops[link.target])}"
            told = "; ".join(part for part in (said(link, ", "), known) if part)
            lines.append(f"{link.target}. {ends}: {told}.")
        return "\n".join(lines)

    def _draw(self, width: int) -> str:
        canvas = Canvas(width)
        y = head(canvas, self.title, " · ".join(self._summary())) + 16
        wide = width >= _WIDE
        free = width - PAD - _LABELS
        room = min(self._labels_width(), 380.0, (free - 28) * 0.42) if wide else free
        aside = _LABELS + room + 28
        aside_room = min(width - PAD - aside, 760.0)
        levels: list[float] = []
        for n, stop in enumerate(self.stops):
            level = y + TEXT * 0.68
            levels.append(level)
            y = canvas.lines(_LABELS, y, named(stop.label), room, bold=True, most=4)
            if stop.sub.strip():
                y = canvas.lines(_LABELS, y, stop.sub, room, size=SMALL, colour="soft", most=3)
            if n == len(self.links):
                break
            link = self.links[n]
            y = top = y + 9
            y = canvas.lines(_LABELS, top, said(link), room, size=SMALL)
            x, right, beside = (aside, aside_room, top) if wide else (_LABELS, room, y)
            if words := skills(link):
                told = bool(link.new or link.raised)
                beside = canvas.lines(x, beside, words, right, size=SMALL, bold=told,
                                      colour="ink" if told else "soft")  # fmt: skip
            for labels in filter(None, (link.new, link.raised)):
                beside = chips(canvas, x, beside + 4, labels, right)
            y = max(y, beside, level + 52) + 14
        self._rail(canvas, levels)
        if self.links:
            y = legend(canvas, y + 14, width - 2 * PAD, self.links)
        return canvas.svg(y + PAD - 4, named(self.title), self.alt)

    def _labels_width(self) -> float:
        """Give the width of what stands beside the line, unbroken."""
        return max((
            *(measure(named(stop.label), TEXT, bold=True) for stop in self.stops),
            *(measure(stop.sub, SMALL) for stop in self.stops),
            *(measure(said(link), SMALL) for link in self.links),
        ), default=0.0) + 1  # fmt: skip

    def _rail(self, canvas: Canvas, levels: list[float]) -> None:
        """Draw the line and its stations."""
        ends = {0, len(levels) - 1}
        radii = [_END if n in ends else _STATION for n in range(len(levels))]
        for link in self.links:
            a, b = link.source, link.target
            stop = levels[b] - radii[b] - 1.5
            # a mapping is no move, so nothing points
            tip = 0 if link.crossing else 8
            connect(canvas, f"M{_RAIL} {levels[a]:.1f}V{stop - tip + (tip == 0) * 2:.1f}", link)
            if tip:
                canvas.arrowhead(_RAIL, stop, "down", fill=main_kind(link.kind), size=11)
        for n, level in enumerate(levels):
            canvas.circle(_RAIL, level, radii[n], thick=4 if n in ends else 2.5)
            if n in ends:
                canvas.circle(_RAIL, level, 3, fill="ink", stroke="")

    def mermaid(self) -> str:
        """Give the way as a flowchart for Mermaid."""
        nodes = [mermaid_node(n, stop) for n, stop in enumerate(self.stops)]
        links = [(link.source, link.target, link, said(link, ", ")) for link in self.links]
        return "\n".join(["flowchart TD", *nodes, *mermaid_links(links)]) + "\n"

    def dot(self) -> str:
        """Give the way as a directed graph for Graphviz."""
        lines = [dot_node(n, stop) for n, stop in enumerate(self.stops)]
        lines += [dot_link(ln.source, ln.target, ln, said(ln, ", ")) for ln in self.links]
        return dot_graph("TB", self.title, lines)
