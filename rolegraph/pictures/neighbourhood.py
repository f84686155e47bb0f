"""A role with the roles that lead to it and those that it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rolegraph.pictures._canvas import SMALL, TEXT, Canvas, leading
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
from rolegraph.pictures._picture import Picture, dot_text, mermaid_text
from rolegraph.pictures._type import wrap

__all__ = ["Neighbourhood"]

_WIDE, _WIDE_FOR_MANY, _FEW = 600, 720, 5  # from here on in three columns
_MOST: Final = 8  # neighbours drawn on a side
_INSIDE: Final = 10.0  # room between a frame and its text
_APART: Final = 10.0  # room between two frames
_TIP: Final = 9.0
_BRANCH: Final = 44.0  # from the margin to the frames, where they hang on a trunk

_Line = tuple[str, float, bool, str]
_Way = tuple[Stop, Link]


@dataclass(frozen=True, slots=True)
class _Frame:
    """A neighbour with its text broken into lines: where it stands, and how high it is."""

    link: Link
    lines: tuple[_Line, ...]
    x: float
    y: float
    width: float

    @property
    def height(self) -> float:
        return sum(leading(size) for _, size, _, _ in self.lines) + 2 * _INSIDE - 4

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def draw(self, canvas: Canvas) -> None:
        canvas.rect(self.x, self.y, self.width, self.height, fill="tint", stroke="line")
        y = self.y + _INSIDE - 3
        for line, size, bold, colour in self.lines:
            y = canvas.lines(self.x + _INSIDE, y, [line], self.width, size=size, bold=bold,
                             colour=colour)  # fmt: skip


def _stop_lines(stop: Stop, room: float) -> list[_Line]:
    label, sub = named(stop.label), " ".join(stop.sub.split())
    lines: list[_Line] = [(line, TEXT, True, "ink") for line in wrap(label, room, TEXT, True, 4)]
    if sub:
        lines += [(line, SMALL, False, "soft") for line in wrap(sub, room, SMALL, most=3)]
    return lines


def _frames(ways: Sequence[_Way], x: float, y: float, width: float) -> list[_Frame]:
    """Stack the first neighbours from y downwards."""
    room = width - 2 * _INSIDE
    out = []
    for stop, link in ways[:_MOST]:
        lines = _stop_lines(stop, room)
        more = [(said(link), "ink")] + [(skills(link), "soft")] * bool(link.new)
        for text, colour in more:
            lines += [(ln, SMALL, False, colour) for ln in wrap(text, room, SMALL)]
        out.append(_Frame(link, tuple(lines), x, y, width))
        y += out[-1].height + _APART
    return out


@dataclass(frozen=True, slots=True, repr=False)
class Neighbourhood(Picture):
    """A role in the middle, what leads to it before it, and what it leads to after it.

    Parameters
    ----------
    title : str
    centre : Stop
    before, after : tuple of (Stop, Link)
        Roles with the transition from them, or to them; a specialisation has a stop that names
        the skill. The most telling ones first: a picture holds eight on a side, and says how many
        more there are. The places that the links name do not matter here.
    facts : tuple of (str, tuple of str)
        What else is told of the role: the name of a group (``"skills"``) and labels.

    Examples
    --------
    >>> around = Neighbourhood(
    ...     "Around Project Manager",
    ...     Stop("Project Manager"),
    ...     (),
    ...     ((Stop("Senior Project Manager"), Link(0, 1, "promotion", "stated")),),
    ...     (("skills", ("Leadership",)),),
    ... )
    >>> print(around.alt)
    Around Project Manager: Project Manager.
    No way here is known.
    1 way on from here:
    - to Senior Project Manager: promotion, stated.
    skills (1): Leadership.
    """

    title: str
    centre: Stop
    before: tuple[_Way, ...]
    after: tuple[_Way, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        """Refuse links that name no kind of evidence."""
        for _, link in (*self.before, *self.after):
            main_kind(link.kind)

    def _headings(self) -> tuple[str, str]:
        here, on = len(self.before), len(self.after)
        return (
            f"{count(here, 'way')} here" if here else "no way here is known",
            f"{count(on, 'way')} on from here" if on else "no way on is known",
        )

    @property
    def alt(self) -> str:
        """The neighbours in words, one a line, and the facts."""
        lines = [f"{named(self.title)}: {whole(self.centre)}."]
        sides = zip(self._headings(), ("from", "to"), (self.before, self.after), strict=True)
        for heading, to, ways in sides:
            lines.append(f"{heading[0].upper()}{heading[1:]}{':' if ways else '.'}")
            for stop, link in ways:
                new = f"; {skills(link)}: {'; '.join(map(named, link.new))}" if link.new else ""
                lines.append(f"- {to} {whole(stop)}: {said(link, ', ')}{new}.")
        lines += [
            f"{named(name)} ({len(labels)}): {'; '.join(map(named, labels))}."
            for name, labels in self.facts
            if labels
        ]
        return "\n".join(lines)

    def _draw(self, width: int) -> str:
        canvas = Canvas(width)
        y = head(canvas, self.title, "") + 14
        # lines from many to one need way to the side, or they run into each other
        many = max(len(self.before), len(self.after)) > _FEW
        wide = width >= (_WIDE_FOR_MANY if many else _WIDE)
        y = self._columns(canvas, y) if wide else self._stacked(canvas, y)
        links = [link for _, link in (*self.before[:_MOST], *self.after[:_MOST])]
        y = legend(canvas, y + 16, width - 2 * PAD, links) if links else y + 4
        return canvas.svg(y + PAD - 4, named(self.title), self.alt)

    def _centre(self, canvas: Canvas, x: float, y: float, width: float, least: float) -> float:
        """Draw the role itself with its facts; give the y below."""
        # first on a sheet of its own, to know how high the frame has to be
        low = self._about(Canvas(canvas.width), x, y, width)
        high = max(low - y + _INSIDE + 2, least)
        canvas.rect(x, y, width, high, stroke="ink", thick=2.5, radius=8)
        self._about(canvas, x, y, width)
        return y + high

    def _about(self, canvas: Canvas, x: float, y: float, width: float) -> float:
        """Write the role and its facts; give the y below."""
        x, y, room = x + _INSIDE + 2, y + _INSIDE, width - 2 * _INSIDE - 4
        for line, size, bold, colour in _stop_lines(self.centre, room):
            y = canvas.lines(x, y, [line], room, size=size, bold=bold, colour=colour)
        for name, labels in self.facts:
            if labels:
                y = canvas.lines(x, y + 8, f"{named(name)} ({len(labels)})", room, size=SMALL,
                                 bold=True, colour="soft", most=2)  # fmt: skip
                y = chips(canvas, x, y + 3, labels, room)
        return y

    def _columns(self, canvas: Canvas, y: float) -> float:
        """Draw from left to right."""
        total = canvas.width - 2 * PAD
        gutter = min(max(total * 0.09, 54.0), 110.0)
        side = min((total - 2 * gutter) * 0.32, 340.0)
        middle = min(total - 2 * gutter - 2 * side, 520.0)
        x, right = PAD + side + gutter, PAD + side + 2 * gutter + middle
        columns = []
        for heading, ways, at in zip(
            self._headings(), (self.before, self.after), (float(PAD), right), strict=True
        ):
            lines = wrap(heading, side, SMALL, True)
            frames = _frames(ways, at, len(lines) * leading(SMALL) + 6, side)
            low = frames[-1].y + frames[-1].height if frames else len(lines) * leading(SMALL)
            more = len(ways) - len(frames)
            columns.append((lines, frames, more, low + (leading(SMALL) + 6) * bool(more)))
        most = max(len(frames) for _, frames, _, _ in columns)
        least = max(24 * most + 12, 46)
        high = self._centre(Canvas(canvas.width), x, 0, middle, least)
        tall = max(high, *(column[3] for column in columns))
        top = y + (tall - high) / 2
        self._centre(canvas, x, top, middle, least)
        for n, (lines, frames, more, low) in enumerate(columns):
            at = PAD if n == 0 else right
            down = y + (tall - low) / 2
            canvas.lines(at, down, lines, side, size=SMALL, bold=True, colour="soft")
            placed = [_Frame(f.link, f.lines, f.x, f.y + down, f.width) for f in frames]
            ends = _spread([f.middle for f in placed], top + 14, top + high - 14)
            for frame, end in zip(placed, ends, strict=True):
                frame.draw(canvas)
                if n == 0:
                    _swing(canvas, PAD + side, frame.middle, x - 1.5, end, frame.link)
                else:
                    _swing(canvas, x + middle + 1, end, right - 0.5, frame.middle, frame.link)
            if more:
                canvas.lines(at, down + low - leading(SMALL), [f"and {more} more"], side,
                             size=SMALL, colour="soft")  # fmt: skip
        return y + tall

    def _stacked(self, canvas: Canvas, y: float) -> float:
        """Draw from top to bottom."""
        trunk, x = PAD + 9.0, PAD + _BRANCH
        room = canvas.width - PAD - x
        here, on = self._headings()
        y, frames = self._hung(canvas, here, self.before, x, y, room)
        y += 12
        if frames:
            canvas.line(trunk, frames[0].middle, trunk, y - _TIP, stroke="soft", thick=2)
            canvas.arrowhead(trunk, y - 0.5, "down", fill="soft", size=10)
            for frame in frames:
                connect(canvas, f"M{x:.1f} {frame.middle:.1f}H{trunk + 1:.1f}", frame.link)
        y = bottom = self._centre(canvas, PAD + 1, y, canvas.width - 2.0 * PAD - 2, 0)
        y, frames = self._hung(canvas, on, self.after, x, y + 12, room)
        if frames:
            canvas.line(trunk, bottom + 1, trunk, frames[-1].middle, stroke="soft", thick=2)
        for frame in frames:
            tip = 0 if frame.link.crossing else _TIP - 1
            connect(canvas, f"M{trunk - 1:.1f} {frame.middle:.1f}H{x - tip:.1f}", frame.link)
            if tip:
                canvas.arrowhead(x - 0.5, frame.middle, "right", fill=main_kind(frame.link.kind),
                                 size=10)  # fmt: skip
        return y

    @staticmethod
    def _hung(
        canvas: Canvas, heading: str, ways: Sequence[_Way], x: float, y: float, room: float
    ) -> tuple[float, list[_Frame]]:  # fmt: skip
        """Draw the frames of one side below its heading; give the y below them."""
        left = x if ways else PAD
        y = canvas.lines(left, y, heading, room, size=SMALL, bold=True, colour="soft") + 4
        frames = _frames(ways, x, y, room)
        for frame in frames:
            frame.draw(canvas)
            y = frame.y + frame.height
        if more := len(ways) - len(frames):
            y = canvas.lines(x, y + 6, f"and {more} more", room, size=SMALL, colour="soft")
        return y, frames

    def _parts(self) -> tuple[list[Stop], list[tuple[int, int, Link, str]]]:
        """Give all roles, the centre first, and the transitions between them."""
        stops = [self.centre, *(stop for stop, _ in self.before), *(stop for stop, _ in self.after)]
        middle = len(self.before) + 1
        links = [(n, 0, ln, said(ln, ", ")) for n, (_, ln) in enumerate(self.before, 1)]
        links += [(0, n, ln, said(ln, ", ")) for n, (_, ln) in enumerate(self.after, middle)]
        return stops, links

    def _told(self) -> list[str]:
        """Give each group of facts on a line, the first of them."""
        out = []
        for name, labels in self.facts:
            more = [f"and {len(labels) - _MOST} more"] * (len(labels) > _MOST)
            if labels:
                out.append(f"{named(name)}: {', '.join([*map(named, labels[:_MOST]), *more])}")
        return out

    def mermaid(self) -> str:
        """Give the role and its neighbours as a flowchart for Mermaid."""
        stops, links = self._parts()
        lines = [mermaid_node(n, stop) for n, stop in enumerate(stops)]
        lines.append("    style n0 stroke-width:3px")
        lines += mermaid_links(links)
        for n, fact in enumerate(self._told()):
            lines.append(f"    f{n}[{mermaid_text(fact)}]")
            lines.append(f"    n0 -.- f{n}")
        return "\n".join(["flowchart LR", *lines]) + "\n"

    def dot(self) -> str:
        """Give the role and its neighbours as a directed graph for Graphviz."""
        stops, links = self._parts()
        lines = [dot_node(n, stop, " penwidth=3" * (n == 0)) for n, stop in enumerate(stops)]
        lines += [dot_link(*link) for link in links]
        for n, fact in enumerate(self._told()):
            lines.append(f"  f{n} [label={dot_text(fact)} shape=note];")
            lines.append(f"  n0 -> f{n} [dir=none style=dotted];")
        return dot_graph("LR", self.title, lines)


def _spread(levels: Sequence[float], low: float, high: float) -> list[float]:
    """Find where lines from these levels meet a side between two others.

    Straight across where they can, else evenly.

    >>> _spread([0, 50, 100], 40, 60)
    [40.0, 50.0, 60.0]
    """
    if not levels or (low <= levels[0] and levels[-1] <= high):
        return list(levels)
    if len(levels) == 1:
        return [min(max(levels[0], low), high)]
    first, last = max(levels[0], low), min(levels[-1], high)
    need = 24.0 * (len(levels) - 1)
    if last - first < need:
        first = min(max((first + last - need) / 2, low), max(high - need, low))
        last = min(first + need, high)
    step = (last - first) / (len(levels) - 1)
    return [float(first + n * step) for n in range(len(levels))]


def _swing(canvas: Canvas, x1: float, y1: float, x2: float, y2: float, link: Link) -> None:
    """Draw a transition from left to right."""
    tip = 0 if link.crossing else _TIP
    end = x2 - tip + bool(tip)
    flat = min(10.0, (x2 - x1) * 0.2)
    d = f"M{x1:.1f} {y1:.1f}"
    if abs(y1 - y2) < 0.5:
        d += f"H{end:.1f}"
    else:
        half = (x1 + x2 - flat - tip) / 2
        bend = x2 - tip - flat
        d += f"C{half:.1f} {y1:.1f} {half:.1f} {y2:.1f} {bend:.1f} {y2:.1f}H{end:.1f}"
    connect(canvas, d, link)
    if tip:
        canvas.arrowhead(x2, y2, "right", fill=main_kind(link.kind), size=10)
