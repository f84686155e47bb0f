"""Routes that cannot all be best at once, as a plot of what each of them costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from rolegraph.pictures._canvas import SMALL, TEXT, Canvas, leading, number
from rolegraph.pictures._marks import HIGH, shown
from rolegraph.pictures._picture import Picture, dot_text, mermaid_text
from rolegraph.pictures._type import cut, measure, wrap

__all__ = ["Point", "TradeOff"]

_MOST: Final = 12
"""Routes with a number of their own."""
_LINES: Final = 8
"""Lines of a way."""
_DISC: Final = 11
_BESIDE: Final = 860
"""From this width on the list stands beside the plot."""
_NAMES: Final = {
    "steps": ("steps", "steps"),
    "new-skills": ("new skills", "new skills on the whole way"),
    "hardest-step": ("hardest step", "hardest step, in new skills"),
    "effort": ("effort", "effort, in new skills that weigh more the rarer they are"),
    "effort-importance": ("effort by importance", "effort, in new skills weighed by importance"),
    "certifications": ("certifications", "certifications named and not held"),
}
"""Objectives in short, and as the name of an axis."""
_NOTES: Final = {
    "≥": "it may be more, since no source states which skills some role on the way asks for.",
    "≤": "it may be less, since no source states which skills the role to start from asks for.",
    "≈": "it may be more or less, since no source states which skills some roles ask for.",
}

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A route among others.

    Attributes
    ----------
    label : str
        The way: its roles joined by arrows.
    values : tuple of float
        A figure for each objective.
    marks : tuple of str
        For each figure ``"≥"``, ``"≤"`` or ``"≈"`` if it is a least, a most or neither, because
        no source states which skills some role asks for; ``""`` if it is exact. None at all if
        all are.
    """

    label: str
    values: tuple[float, ...]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class TradeOff(Picture):
    """Routes side by side in what is to be kept low.

    Two objectives make a plane, in which a line parts what some route reaches from what none does;
    any other number, or a single route, makes a table with a scale in each column. Lower is better
    everywhere.

    Attributes
    ----------
    title : str
    objectives : tuple of str
        Names as in :data:`rolegraph.plans.OBJECTIVES`, or names of an own number (``"months"``).
    points : tuple of Point
        They are numbered from 1, in this order.
    note : str
        A sentence more, for example what is proved.

    Raises
    ------
    ValueError
        If a point has not one figure for each objective.

    Examples
    --------
    >>> plot = TradeOff("Tester → Team Lead", ("steps", "new-skills"), (
    ...     Point("Tester → Team Lead", (1, 9)),
    ...     Point("Tester → Senior Tester → Team Lead", (2, 6)),
    ... ))
    >>> print(plot.alt)
    Tester → Team Lead
    2 routes; lower is better. Objectives: steps; new skills on the whole way.
    1. Tester → Team Lead: steps 1 (lowest), new skills 9.
    2. Tester → Senior Tester → Team Lead: steps 2, new skills 6 (lowest).
    """

    title: str
    objectives: tuple[str, ...]
    points: tuple[Point, ...]
    note: str = ""

    def __post_init__(self) -> None:
        for place, point in enumerate(self.points, 1):
            if len(point.values) != len(self.objectives):
                raise ValueError(
                    f"route {place} ({point.label!r}) has {len(point.values)} figures for "
                    f"{len(self.objectives)} objectives"
                )
            if len(point.marks) not in (0, len(self.objectives)):
                raise ValueError(
                    f"route {place} ({point.label!r}) has {len(point.marks)} marks for "
                    f"{len(self.objectives)} objectives: one for each, or none"
                )

    @property
    def alt(self) -> str:
        """All routes with all their figures, a line each."""
        names = "; ".join(_axis(name) for name in self.objectives)
        lines = [self.title, f"{self._count}. Objectives: {names or 'none'}."]
        for place, point in enumerate(self.points, 1):
            figures = ", ".join(
                f"{_short(name)} {self._figure(point, i)}"
                + (" (lowest)" if self._lowest(point, i) else "")
                for i, name in enumerate(self.objectives)
            )
            lines.append(f"{place}. {point.label}: {figures}.")
        return "\n".join([*lines, *self._notes])

    @property
    def _count(self) -> str:
        if len(self.points) == 1:
            return "1 route"
        return f"{len(self.points)} routes; lower is better"

    @property
    def _notes(self) -> list[str]:
        marks = {mark for p in self.points for mark in p.marks}
        dot = ", a hollow dot" if len(self.points) > 1 else ""
        notes = [f"{m}{dot}: {why}" for m, why in _NOTES.items() if m in marks]
        return [*notes, *([self.note] if self.note else [])]

    def _mark(self, point: Point, i: int) -> str:
        return point.marks[i] if point.marks else ""

    def _figure(self, point: Point, i: int) -> str:
        return self._mark(point, i) + _written(point.values[i])

    def _lowest(self, point: Point, i: int) -> bool:
        """Whether no figure is lower and some are higher, whatever those are that are not exact."""
        column = [p.values[i] for p in self.points]
        sure = self._mark(point, i) in ("", "≤") and all(
            self._mark(p, i) in ("", "≥") for p in self.points if p is not point
        )
        return sure and point.values[i] == min(column) < max(column)

    def _figures(self, point: Point) -> str:
        return " · ".join(f"{_short(o)} {self._figure(point, i)}"
                          for i, o in enumerate(self.objectives))  # fmt: skip

    def mermaid(self) -> str:
        """Give the routes and their figures as a flowchart: Mermaid has no honest plot for them."""
        lines = ["flowchart LR", f"  o[{mermaid_text(self.title or '…')}]"]
        for place, point in enumerate(self.points, 1):
            lines.append(f"  o -- {mermaid_text(self._figures(point) or '…')} --> "
                         f"r{place}[{mermaid_text(f'{place}. {point.label}')}]")  # fmt: skip
        return "\n".join(lines) + "\n"

    def dot(self) -> str:
        """Give the routes and their figures as boxes."""
        lines = ["digraph tradeoff {", "  rankdir=LR;", "  node [shape=box, style=rounded];",
                 f"  o [label={dot_text(self.title)}];"]  # fmt: skip
        for place, point in enumerate(self.points, 1):
            lines.append(f"  r{place} [label={dot_text(f'{place}. {point.label}')}];")
            lines.append(f"  o -> r{place} [label={dot_text(self._figures(point))}];")
        return "\n".join([*lines, "}", ""])

    # ------------------------------------------------------------------ drawing

    def _draw(self, width: int) -> str:
        canvas, pad = Canvas(width), 16 if width < 560 else 24
        room = width - 2 * pad
        y = canvas.lines(pad, pad, self.title, min(room, 900), bold=True)
        y = canvas.lines(pad, y + 2, self._count, room, size=SMALL, colour="soft") + 12
        if not self.points:
            pass
        elif len(self.objectives) == 2 and len(self.points) > 1:
            y = self._plane(canvas, pad, y, room)
        else:
            y = self._table(canvas, pad, y, room)
        for line in self._notes:
            y = canvas.lines(pad, y + 4, line, min(room, 720), size=SMALL, colour="soft")
        return canvas.svg(y + pad - 4, self.title, self.alt)

    # A plane for two objectives.

    def _plane(self, canvas: Canvas, x: float, y: float, room: float) -> float:
        if room + 48 < _BESIDE:
            below = self._scatter(canvas, x, y, min(room, 620))
            return self._key(canvas, x, below + 14, room)
        wide = min(620, room * 0.52)
        below = self._scatter(canvas, x, y, wide)
        return max(below, self._key(canvas, x + wide + 36, y, min(room - wide - 36, 620)))

    def _key(self, canvas: Canvas, x: float, y: float, room: float) -> float:
        """List the numbers, the ways and their figures."""
        listed, more = shown(self.points, _MOST)
        for place, point in enumerate(listed, 1):
            _disc(canvas, x + _DISC, y + HIGH / 2, place)
            left = x + 2 * _DISC + 9
            y = canvas.lines(left, y, _way(point.label, room - left + x), room)
            y = self._small_figures(canvas, left, y, room - left + x, point) + 7
        if more:
            y = canvas.lines(x + 2 * _DISC + 9, y, f"and {more} more", room, colour="soft") + 4
        return self._bold(canvas, x, y, room, scales=False)

    def _small_figures(
        self, canvas: Canvas, x: float, y: float, room: float, point: Point
    ) -> float:
        """Write the figures of a route in small letters, the lowest ones bold."""
        at = x
        for i, name in enumerate(self.objectives):
            low = self._lowest(point, i)
            text = f"{_short(name)} {self._figure(point, i)}"
            wide = measure(text, SMALL, low)
            if at > x and at + wide > x + room:
                at, y = x, y + leading(SMALL)
            if wide > room:
                y = canvas.lines(at, y, text, room, size=SMALL, bold=low) - leading(SMALL)
            else:
                canvas.text(at, y + SMALL, text, size=SMALL, bold=low,
                            colour="ink" if low else "soft")  # fmt: skip
            at += wide + 14
        return y + leading(SMALL)

    def _scatter(self, canvas: Canvas, x: float, y: float, room: float) -> float:
        xs, ys = ([p.values[i] for p in self.points] for i in (0, 1))
        high = max(190.0, min(360.0, room * 0.62))
        y_ticks = _ticks(min(ys), max(ys), int(high // 56))
        y_ends, inner = (y_ticks[0], y_ticks[-1]), 26
        y_labels = [f"{t:.10g}" for t in y_ticks]
        left = x + max(measure(t, SMALL) for t in y_labels) + 8
        right = x + room
        x_ticks = _ticks(min(xs), max(xs), 8)
        for most in (7, 6, 5, 4, 3, 2, 1):
            if max(measure(f"{t:.10g}", SMALL) for t in x_ticks) + 12 <= (
                right - left - 2 * inner
            ) / max(1, len(x_ticks) - 1):
                break
            x_ticks = _ticks(min(xs), max(xs), most)
        x_ends = (x_ticks[0], x_ticks[-1])

        def across(value: float) -> float:
            return left + inner + (right - left - 2 * inner) * _share(value, x_ends)

        y = canvas.lines(x, y, f"↑ {_axis(self.objectives[1])}", room, size=SMALL, bold=True) + 6
        top, bottom = y, y + high

        def down(value: float) -> float:
            return bottom - inner - (high - 2 * inner) * _share(value, y_ends)

        # what is no better than some route
        front = _front(self.points)
        corners = [(across(front[0].values[0]), top)]
        for point in front:
            corners.append((across(point.values[0]), corners[-1][1]))
            corners.append((across(point.values[0]), down(point.values[1])))
        corners.append((right, corners[-1][1]))
        line = "L".join(f"{number(a)} {number(b)}" for a, b in corners)
        canvas.path(f"M{line}L{number(right)} {number(top)}Z", fill="tint")
        for value, words in zip(y_ticks, y_labels, strict=True):
            canvas.line(left, down(value), right, down(value))
            canvas.text(left - 8, down(value) + 4, words, size=SMALL, colour="soft", anchor="end")
        for value in x_ticks:
            canvas.line(across(value), top, across(value), bottom)
            canvas.text(across(value), bottom + 16, f"{value:.10g}", size=SMALL, colour="soft",
                        anchor="middle")  # fmt: skip
        canvas.path(f"M{line}", stroke="soft", thick=1.5)

        # the routes, where several have the same figures as one dot
        places: dict[tuple[float, float], list[int]] = {}
        for place, point in enumerate(self.points):
            at = round(across(point.values[0]), 1), round(down(point.values[1]), 1)
            places.setdefault(at, []).append(place)
        listed = len(shown(self.points, _MOST)[0])
        taken: list[Box] = []
        for (a, b), routes in places.items():
            taken.append((a - 6, b - 6, a + 6, b + 6))
            for i, (dx, dy) in enumerate(((1, 0), (0, -1))):
                if any(self._mark(self.points[r], i) == "≥" for r in routes):
                    canvas.line(a, b, a + 18 * dx, b + 18 * dy, stroke="ink", thick=1.5)
                    canvas.arrowhead(a + 20 * dx, b + 20 * dy, "right" if dx else "up",
                                     fill="ink", size=6)  # fmt: skip
                    taken.append((a - 4, b - 4, a + 22, b + 4) if dx else
                                 (a - 4, b - 22, a + 4, b + 4))  # fmt: skip
        for (a, b), routes in places.items():
            hollow = any(any(self.points[r].marks) for r in routes)
            numbered = routes[0] < listed
            colour = "ink" if numbered else "soft"
            canvas.circle(a, b, 5 if numbered else 3.5, fill="card" if hollow else colour,
                          stroke=colour)  # fmt: skip
        walls = [(min(p, r) - 1, min(q, s) - 1, max(p, r) + 1, max(q, s) + 1)
                 for (p, q), (r, s) in pairwise(corners)]  # fmt: skip
        frame = (left + 2, top + 2, right - 2, bottom - 2)
        for (a, b), routes in places.items():
            words = ", ".join(str(r + 1) for r in routes if r < listed)
            if words:
                _beside(canvas, a, b, wrap(words, 96, SMALL, bold=True), frame, taken, walls)
        y = bottom + 16 + 8
        name = f"{_axis(self.objectives[0])} →"
        lines = wrap(name, right - left, SMALL, bold=True)
        canvas.lines(right, y, lines, room, size=SMALL, bold=True, anchor="end")
        y += leading(SMALL) * len(lines) + 6
        canvas.line(x, y + 8, x + 22, y + 8, stroke="soft", thick=1.5)
        said = "No route shown lies left of this line or below it."
        return canvas.lines(x + 30, y, said, room - 30, size=SMALL, colour="soft")

    # A table with a scale in each column, for any other number of objectives.

    def _table(self, canvas: Canvas, x: float, y: float, room: float) -> float:
        figures = [max(measure(self._figure(p, i), TEXT, True) for p in self.points)
                   for i in range(len(self.objectives))]  # fmt: skip
        indent = 2 * _DISC + 9
        least = max((f + 76 for f in figures), default=0)
        least = max(104, least)
        columns = len(self.objectives)
        order = sorted(range(len(self.points)), key=lambda i: self.points[i].values) if (
            columns == 1) else list(range(len(self.points)))  # fmt: skip
        if room >= indent + 190 + least * columns:
            # the ways take what they need of their share, and the scales the rest
            most, part = (640.0, 0.4) if columns == 1 else (250.0, 0.56)
            lane = max(least, min(most, (room - indent) * part / max(columns, 1)))
            needed = max(190.0, *(measure(p.label) + 2 for p in self.points))
            way = min(600.0, needed, room - indent - lane * columns)
            lane = max(lane, min(most, (room - indent - way) / max(columns, 1)))
            return self._wide(canvas, x, y, way, order, figures, lane)
        return self._narrow(canvas, x, y, room, order, figures)

    def _wide(
        self, canvas: Canvas, x: float, y: float, way: float, order: Sequence[int],
        figures: Sequence[float], lane: float,
    ) -> float:  # fmt: skip
        indent = 2 * _DISC + 9
        lefts = [x + indent + way + 28 + i * lane for i in range(len(figures))]
        heads = [wrap(_short(o), lane - 28, SMALL, bold=True) for o in self.objectives]
        below = y + leading(SMALL) * max(map(len, heads), default=0)
        for left, lines in zip(lefts, heads, strict=True):
            canvas.lines(left, below - leading(SMALL) * len(lines), lines, lane, size=SMALL,
                         bold=True)  # fmt: skip
        edge = x + indent + way + lane * len(figures)
        y = below + 6
        rows, more = shown(order, _MOST)
        for place in rows:
            point = self.points[place]
            canvas.line(x, y, edge, y)
            y += 8
            _disc(canvas, x + _DISC, y + HIGH / 2, place + 1)
            for i, left in enumerate(lefts):
                self._lane(canvas, left, y + HIGH / 2, lane - 36 - figures[i], i, [point])
                low = self._lowest(point, i)
                canvas.text(left + lane - 28, y + TEXT, self._figure(point, i), bold=low,
                            colour="ink" if low else "soft", anchor="end")  # fmt: skip
            y = canvas.lines(x + indent, y, _way(point.label, way), way) + 7
        if more:
            canvas.line(x, y, edge, y)
            y += 8
            for i, left in enumerate(lefts):
                rest = [self.points[place] for place in order[len(rows) :]]
                self._lane(canvas, left, y + HIGH / 2, lane - 36 - figures[i], i, rest)
            y = canvas.lines(x + indent, y, f"and {more} more", way, colour="soft") + 7
        canvas.line(x, y, edge, y)
        return self._bold(canvas, x, y + 6, edge - x)

    def _narrow(
        self, canvas: Canvas, x: float, y: float, room: float, order: Sequence[int],
        figures: Sequence[float],
    ) -> float:  # fmt: skip
        indent = 2 * _DISC + 9
        left, room_in = x + indent, room - indent
        name = min(max(measure(_short(o), SMALL) for o in self.objectives) + 10,
                   max(90.0, room_in * 0.42)) if self.objectives else 0.0  # fmt: skip
        end = max(figures, default=0.0)
        lane = max(0.0, min(480.0, room_in - name - end - 12))
        rows, more = shown(order, _MOST)

        def lanes(y: float, points: Sequence[Point], one: bool) -> float:
            for i, objective in enumerate(self.objectives):
                lines = wrap(_short(objective), name - 8, SMALL, most=3)
                middle = y + leading(SMALL) / 2
                canvas.lines(left, y, lines, name, size=SMALL, colour="soft")
                if lane > 20:
                    self._lane(canvas, left + name, middle, lane, i, points)
                if one:
                    low = self._lowest(points[0], i)
                    canvas.text(left + name + lane + 12 + end, middle + 5,
                                self._figure(points[0], i), bold=low,
                                colour="ink" if low else "soft", anchor="end")  # fmt: skip
                y += max(leading(SMALL) * len(lines), HIGH) + 1
            return y

        for place in rows:
            canvas.line(x, y, x + indent + name + lane + 12 + end, y)
            _disc(canvas, x + _DISC, y + 8 + HIGH / 2, place + 1)
            way = _way(self.points[place].label, room_in)
            y = canvas.lines(left, y + 8, way, room_in) + 3
            y = lanes(y, [self.points[place]], True) + 7
        if more:
            canvas.line(x, y, x + indent + name + lane + 12 + end, y)
            y = canvas.lines(left, y + 8, f"and {more} more", room_in, colour="soft") + 3
            y = lanes(y, [self.points[place] for place in order[len(rows) :]], False) + 7
        return self._bold(canvas, x, y, room)

    def _lane(
        self, canvas: Canvas, x: float, y: float, wide: float, i: int, points: Sequence[Point]
    ) -> None:
        """Draw the figures of an objective on its scale, which begins at nothing."""
        if len(self.points) == 1:  # a scale of one figure says nothing
            return
        values = [p.values[i] for p in self.points]
        ends = (min(0.0, *values), max(0.0, *values)) if values else (0.0, 0.0)
        x, wide = x + 5, wide - 10
        canvas.line(x, y, x + wide, y)
        for point in points:
            at = x + wide * (_share(point.values[i], ends) if ends[0] < ends[1] else 0.0)
            low = self._lowest(point, i)
            colour = "ink" if low else "soft"
            if len(points) > 1:
                canvas.circle(at, y, 3, fill="", stroke=colour, thick=1)
                continue
            canvas.line(x + wide * (_share(0.0, ends) if ends[0] < ends[1] else 0.0), y,
                        at, y, stroke=colour, thick=2.5)  # fmt: skip
            fill = "card" if self._mark(point, i) else colour
            canvas.circle(at, y, 5, fill=fill, stroke=colour)

    def _bold(self, canvas: Canvas, x: float, y: float, room: float, scales: bool = True) -> float:
        """Say what is bold, where anything is, and where the scales of a table begin."""
        if not any(self._lowest(p, i) for p in self.points for i in range(len(self.objectives))):
            return y
        zero = scales and all(v >= 0 for p in self.points for v in p.values)
        words = "Bold: lowest figure." + (" Every scale begins at 0." if zero else "")
        return canvas.lines(x, y, words, room, size=SMALL, colour="soft")


def _written(value: float) -> str:
    """Write a figure: three digits of a fraction are enough beside others.

    >>> _written(12.0), _written(204.987), _written(1.2345), _written(1234567.0)
    ('12', '205', '1.23', '1234567')
    """
    return f"{value:.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.3g}"


def _way(label: str, room: float) -> list[str]:
    """Break a way into lines, if it can be, where a role ends."""
    *before, last = label.split(" → ")
    lines, line = [], ""
    for role in (*(f"{role} →" for role in before), last):
        if line and measure(f"{line} {role}") <= room:
            line += f" {role}"
            continue
        if line:
            lines.append(line)
        *full, line = wrap(role, room)
        lines += full
    lines.append(line)
    return lines if len(lines) <= _LINES else [
        *lines[: _LINES - 1], cut(" ".join(lines[_LINES - 1 :]), room)
    ]  # fmt: skip


def _short(objective: str) -> str:
    return _NAMES.get(objective, (objective, ""))[0]


def _axis(objective: str) -> str:
    return _NAMES.get(objective, ("", objective))[1]


def _disc(canvas: Canvas, x: float, y: float, place: int) -> None:
    """Draw a number in a disc."""
    canvas.circle(x, y, _DISC, fill="ink", stroke="")
    canvas.text(x, y + 4.3, str(place), size=SMALL, bold=True, colour="card", anchor="middle")


def _share(value: float, ends: tuple[float, float]) -> float:
    return (value - ends[0]) / (ends[1] - ends[0])


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Give round figures from below the lowest value to above the highest; at least two."""
    span = high - low
    if span < 1e-6 * max(1.0, abs(high)):
        span = max(1.0, abs(high) * 0.1)
    rough = span / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999)
    if float(low).is_integer() and float(high).is_integer():
        step = max(1.0, step)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        first, last = first - 1, last + 1
    return [round(i * step, 10) + 0.0 for i in range(first, last + 1)]


def _front(points: Sequence[Point]) -> list[Point]:
    """Give those that no other is better than, from left to right."""
    out: list[Point] = []
    for point in sorted(points, key=lambda p: p.values):
        if not out or point.values[1] < out[-1].values[1]:
            out.append(point)
    return out


def _around() -> Iterator[tuple[float, float, bool]]:
    """Give places for a label, the nearest and those up to the right first; whether it is far."""
    for far in (8, 15, 24, 36, 50, 68, 90, 120):
        for turn in (45, 0, 90, 135, 315, 225, 270, 180, 20, 70, 110, 160, 200, 250, 290, 340):
            angle = math.radians(turn)
            yield far * math.cos(angle), -far * math.sin(angle), far > 8


def _beside(
    canvas: Canvas, x: float, y: float, lines: Sequence[str], frame: Box, taken: list[Box],
    walls: Sequence[Box],
) -> None:  # fmt: skip
    """Write numbers near a dot where there is room for them, with a line to it if they are far."""
    wide = max(measure(line, SMALL, True) for line in lines)
    high = leading(SMALL) * len(lines)
    for shy in (True, False):
        for dx, dy, far in _around():
            left = x + dx + (0 if dx > 1 else -wide if dx < -1 else -wide / 2)
            top = y + dy + (0 if dy > 1 else -high if dy < -1 else -high / 2)
            box = (left - 1, top, left + wide + 1, top + high)
            inside = (box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2]
                      and box[3] <= frame[3])  # fmt: skip
            if inside and not any(
                box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3]
                for b in (*taken, *(walls if shy else ()))
            ):
                if far:
                    canvas.line(x, y, x + dx, y + dy, stroke="soft")
                canvas.lines(left, top, lines, wide, size=SMALL, bold=True)
                taken.append(box)
                return
