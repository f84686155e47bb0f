"""Several routes on one map, which shows where they part and where they meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rolegraph.pictures._canvas import SMALL, TEXT, Canvas, leading
from rolegraph.pictures._data import Stop
from rolegraph.pictures._lanes import Chart, Row, Way, arrange
from rolegraph.pictures._links import (
    PAD,
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
    route_sets,
    said,
    whole,
)
from rolegraph.pictures._picture import Picture
from rolegraph.pictures._type import measure, wrap
from rolegraph.pictures.linemap import LineMap

__all__ = ["RoutesMap"]

_BESIDE: Final = 860  # from here on the list of routes stands beside the map
_WIDEST, _BADGES, _NARROWEST = 34.0, 18.0, 5.0  # distances of lanes
_END, _STATION = 8.0, 6.5
_BADGE: Final = 16.0
_TIP: Final = 9.0


def _pill(canvas: Canvas, x: float, y: float, text: str, wide: float) -> None:
    """Write a number of a route around (x, y)."""
    canvas.rect(x - wide / 2, y - _BADGE / 2, wide, _BADGE, fill="card", stroke="soft", radius=8)
    canvas.text(x, y + SMALL * 0.36, text, size=SMALL, anchor="middle")


def _pill_width(text: str) -> float:
    return max(_BADGE, measure(text, SMALL) + 7)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where things stand: the middles of rows and lanes, and the parts of the gaps below rows."""

    across: tuple[float, ...]
    down: tuple[float, ...]
    leave: tuple[float, ...]
    enter: tuple[float, ...]
    radii: tuple[float, ...]


def _once_more(row: Row) -> Stop:
    """Give the role of a row, marked where it is one that was there before."""
    stop = row.stop
    again = ", ".join(part for part in (stop.sub, "drawn again") if part.strip())
    return Stop(stop.label, again) if row.again else stop


def _path(chart: Chart, way: Way, grid: _Grid) -> tuple[str, float]:
    """Give the line of a transition, and where its arrow points to."""
    a, b = way.source, way.target
    x1, x, x2 = (grid.across[at] for at in (chart.rows[a].lane, way.lane, chart.rows[b].lane))
    top, end = grid.down[a] + grid.radii[a], grid.down[b] - grid.radii[b]
    bend1, bend2 = top + grid.leave[a], end - grid.enter[b]
    half1, half2 = (top + bend1) / 2, (bend2 + end) / 2
    d = f"M{x1:.1f} {top - 1:.1f}"
    if x1 != x:
        d += f"C{x1:.1f} {half1:.1f} {x:.1f} {half1:.1f} {x:.1f} {bend1:.1f}"
    if x == x2:
        return d + f"V{end if way.link.crossing else end - _TIP + 1:.1f}", end - 1
    d += f"V{bend2:.1f}C{x:.1f} {half2:.1f} {x2:.1f} {half2:.1f} {x2:.1f} {end + 1:.1f}"
    return d, bend2


def _crossed(chart: Chart, way: Way, grid: _Grid) -> list[tuple[float, float]]:
    """Give the stretches of a lane that the bends of others cross."""
    out = []
    for other in chart.ways:
        a, b = other.source, other.target
        for row, end, gap in ((a, a, a), (b, b, b - 1)):
            low, high = sorted((chart.rows[row].lane, other.lane))
            shares = end in (way.source, way.target)
            if shares or not way.source <= gap < way.target or not low < way.lane < high:
                continue
            level, radius = grid.down[row], grid.radii[row]
            top = level + radius if row == a else level - radius - grid.enter[row]
            high_ = grid.leave[row] if row == a else grid.enter[row]
            out.append((top, top + high_))
    return sorted(set(out))


@dataclass(frozen=True, slots=True, repr=False)
class RoutesMap(Picture):
    """Several routes as one map: each role once, each transition in a lane of its own.

    The numbers on the lanes are those of the routes. Where there is no room for them, because
    many lanes run beside each other, they stand below the names of the roles only.

    Parameters
    ----------
    title : str
    routes : tuple of LineMap

    Examples
    --------
    >>> from rolegraph.pictures._data import Link
    >>> pm, spm, head = Stop("Project Manager"), Stop("Senior Project Manager"), Stop("Director")
    >>> up = [Link(n, n + 1, "promotion", "stated") for n in range(2)]
    >>> both = RoutesMap("To Director", (
    ...     LineMap("straight", (pm, head), (up[0],)),
    ...     LineMap("in two steps", (pm, spm, head), tuple(up)),
    ... ))
    >>> print(both.alt)
    To Director: 2 routes.
    1. straight: 1 step. Project Manager → Director (promotion, stated).
    2. in two steps: 2 steps. Project Manager → Senior Project Manager (promotion, stated) → Director (promotion, stated).
    Routes part at Project Manager. Routes meet at Director.
    """  # noqa: E501

    title: str
    routes: tuple[LineMap, ...]

    def _chart(self) -> Chart:
        return arrange([(route.stops, route.links) for route in self.routes])

    def _names(self) -> tuple[str, ...]:
        """Give the routes' titles where they tell them apart; else none."""
        titles = [named(route.title) for route in self.routes]
        apart = len(set(titles)) == len(titles) > 1
        return tuple(titles) if apart else ("",) * len(titles)

    def _forks(self, chart: Chart) -> tuple[list[str], list[str]]:
        """Give the labels of the roles where routes part, and of those where they meet."""
        after: dict[int, set[int]] = {}
        before: dict[int, set[int]] = {}
        for way in chart.ways:
            after.setdefault(way.source, set()).add(way.target)
            before.setdefault(way.target, set()).add(way.source)

        def labels(ways: Mapping[int, set[int]]) -> list[str]:
            found = [r for r in range(len(chart.rows)) if len(ways.get(r, ())) > 1]
            return list(dict.fromkeys(named(chart.rows[r].stop.label) for r in found))

        return labels(after), labels(before)

    @property
    def alt(self) -> str:
        """The routes in words, one a line, and where they part and meet."""
        lines = [f"{named(self.title)}: {count(len(self.routes), 'route')}."]
        for n, (route, name) in enumerate(zip(self.routes, self._names(), strict=True), 1):
            way = [whole(stop) for stop in route.stops]
            way[1:] = [
                f"{stop} ({said(link, ', ')})"
                for stop, link in zip(way[1:], route.links, strict=True)
            ]
            first = f"{name}: {route.length}" if name else route.length
            lines.append(f"{n}. {first}. {' → '.join(way)}".rstrip(" .") + ".")
        chart = self._chart()
        part, meet = self._forks(chart)
        told = [f"Routes part at {', '.join(part)}."] if part else []
        told += [f"Routes meet at {', '.join(meet)}."] if meet else []
        if told:
            lines.append(" ".join(told))
        again = list(dict.fromkeys(named(row.stop.label) for row in chart.rows if row.again))
        if again:
            lines.append(f"Drawn more than once, since routes pass it in other orders: "
                         f"{', '.join(again)}.")  # fmt: skip
        return "\n".join(lines)

    def _of(self, routes: Iterable[int]) -> str:
        """Write which routes are meant; nothing where it is all of them."""
        routes = set(routes)
        return "" if len(routes) == len(self.routes) else ", ".join(route_sets(routes))

    def _arrivals(self, chart: Chart, row: int) -> list[str]:
        """Say how a role is reached, and on which routes."""
        found: dict[str, set[int]] = {}
        for way in chart.ways:
            if way.target == row:
                found.setdefault(said(way.link), set()).update(way.routes)
        return [f"{self._of(routes)}: {words}" if self._of(routes) else words
                for words, routes in found.items()]  # fmt: skip

    def _draw(self, width: int) -> str:
        canvas = Canvas(width)
        chart = self._chart()
        y = top = head(canvas, self.title, self._summary(chart)) + 16
        beside = width >= _BESIDE
        room = min((width - 2 * PAD) * 0.56, 720.0) if beside else width - 2.0 * PAD
        y, room = self._map(canvas, chart, y, room)
        if self.routes:
            key = PAD + room + 48 if beside else PAD
            key_y = top - 4 if beside else y + 16
            y = max(y, self._key(canvas, key, key_y, min(width - PAD - key, 640.0)))
        links = [way.link for way in chart.ways]
        y = legend(canvas, y + 14, width - 2 * PAD, links) if links else y
        return canvas.svg(y + PAD - 4, named(self.title), self.alt)

    def _summary(self, chart: Chart) -> str:
        roles = len({row.stop for row in chart.rows})
        return f"{count(len(self.routes), 'route')} · {count(roles, 'role')} · read downwards"

    def _map(self, canvas: Canvas, chart: Chart, y: float, room: float
             ) -> tuple[float, float]:  # fmt: skip
        """Draw the map and write the labels; give the y below, and the width that is used."""
        gaps = max(chart.lanes - 1, 1)
        least = max(150.0, room * 0.46)
        space = max(_NARROWEST, min(_WIDEST, (room - least - 2 * _END - 14) / gaps))
        tokens = [self._tokens(way, space) for way in chart.ways]
        if space < _BADGES or any(_pill_width(t) > space - 1 for ts in tokens for t in ts):
            tokens = [[] for _ in tokens]  # no room; they stand in the text
        right = PAD + _END + 1 + (chart.lanes - 1) * space
        text = right + _END + 14
        across = tuple(right - lane * space for lane in range(max(chart.lanes, 1)))
        texts = [self._text(chart, row, PAD + room - text) for row in range(len(chart.rows))]
        grid, y = self._levels(chart, across, tokens, [self._high(t) for t in texts], y)
        for row, lines in enumerate(texts):
            start = grid.down[row] - TEXT * 0.68
            canvas.line(across[chart.rows[row].lane] + grid.radii[row], grid.down[row], text - 7,
                        grid.down[row], stroke="line")  # fmt: skip
            for line, size, bold in lines:
                start = canvas.lines(text, start, [line], room, size=size, bold=bold,
                                     colour="ink" if bold else "soft")  # fmt: skip
        self._ways(canvas, chart, grid)
        for way, words in zip(chart.ways, tokens, strict=True):
            at = grid.down[way.source] + grid.radii[way.source] + grid.leave[way.source]
            for n, word in enumerate(words):
                _pill(canvas, across[way.lane], at + (n + 0.5) * (_BADGE + 2), word,
                      _pill_width(word))  # fmt: skip
        longest = max((measure(line, size, bold) for lines in texts for line, size, bold in lines),
                      default=0.0)  # fmt: skip
        return y, text - PAD + longest

    def _tokens(self, way: Way, space: float) -> list[str]:
        """Give the numbers on a lane."""
        if len(self.routes) < 2:
            return []
        if len(way.routes) == len(self.routes) and space - 1 >= _pill_width("all"):
            return ["all"]
        short = route_sets(way.routes)
        fits = all(_pill_width(text) <= space - 1 for text in short)
        return short if fits else [str(n) for n in way.routes]

    def _text(self, chart: Chart, row: int, room: float) -> list[tuple[str, float, bool]]:
        """Break what stands beside a role: (line, size, bold)."""
        at = chart.rows[row]
        out: list[tuple[str, float, bool]] = [
            (line, TEXT, True) for line in wrap(named(at.stop.label), room, TEXT, True, 4)
        ]
        sub = " ".join(at.stop.sub.split())
        small = wrap(sub, room, SMALL, most=3) if sub else []
        for text in (*["the same role as above"] * at.again, *self._arrivals(chart, row)):
            small += wrap(text, room, SMALL)
        out += [(line, SMALL, False) for line in small]
        return out

    @staticmethod
    def _high(lines: Sequence[tuple[str, float, bool]]) -> float:
        return sum(leading(size) for _, size, _ in lines)

    @staticmethod
    def _levels(
        chart: Chart, across: Sequence[float], tokens: Sequence[Sequence[str]],
        high: Sequence[float], y: float,
    ) -> tuple[_Grid, float]:  # fmt: skip
        """Find the levels of the rows: as near as text, numbers and bends allow."""
        rows = len(chart.rows)
        sources = {way.source for way in chart.ways}
        targets = {way.target for way in chart.ways}
        ends = [r not in sources or r not in targets for r in range(rows)]
        radii = [_END if end else _STATION for end in ends]
        leave, enter, stack = [6.0] * rows, [_TIP + 4.0] * rows, [0.0] * rows
        for way, words in zip(chart.ways, tokens, strict=True):
            own, row = across[way.lane], way.source
            if aside := abs(across[chart.rows[row].lane] - own):
                leave[row] = max(leave[row], 14 + aside * 0.22)
            if aside := abs(across[chart.rows[way.target].lane] - own):
                enter[way.target] = max(enter[way.target], 16 + aside * 0.22)
            stack[row] = max(stack[row], len(words) * (_BADGE + 2) + 3)
        down: list[float] = []
        for row in range(rows):
            if row:
                above = row - 1
                need = radii[above] + leave[above] + max(stack[above], 8) + _TIP + enter[row]
                y = max(y, down[-1] - TEXT * 0.68 + need + radii[row])
            down.append(y + TEXT * 0.68)
            y += high[row] + 14
        grid = _Grid(tuple(across), tuple(down), tuple(leave), tuple(enter), tuple(radii))
        return grid, y - 14

    @staticmethod
    def _ways(canvas: Canvas, chart: Chart, grid: _Grid) -> None:
        """Draw the transitions and then the stations."""
        drawn = [_path(chart, way, grid) for way in chart.ways]
        for way, (d, _) in zip(chart.ways, drawn, strict=True):
            connect(canvas, d, way.link)
        # what runs straight lies above what crosses it, and is set off from it
        for way, (d, _) in zip(chart.ways, drawn, strict=True):
            x = grid.across[way.lane]
            if bends := _crossed(chart, way, grid):
                for top, end in bends:
                    canvas.line(x, top, x, end, stroke="card", thick=9)
                connect(canvas, d, way.link)
        for way, (_, tip) in zip(chart.ways, drawn, strict=True):
            if not way.link.crossing:
                canvas.arrowhead(grid.across[way.lane], tip, "down",
                                 fill=main_kind(way.link.kind), size=_TIP + 1)  # fmt: skip
        for row, at in enumerate(chart.rows):
            end_row = grid.radii[row] == _END
            x, y = grid.across[at.lane], grid.down[row]
            canvas.circle(x, y, grid.radii[row], thick=3.5 if end_row else 2.5)
            if end_row:
                canvas.circle(x, y, 2.5, fill="ink", stroke="")

    def _key(self, canvas: Canvas, x: float, y: float, room: float) -> float:
        """List the routes: number, length, roles; give the y below."""
        numbers = max(_pill_width(str(n)) for n in range(1, len(self.routes) + 1))
        ends = {(r.stops[0], r.stops[-1]) for r in self.routes if r.stops}
        same = len(ends) == 1 and all(r.stops for r in self.routes)
        for n, (route, name) in enumerate(zip(self.routes, self._names(), strict=True), 1):
            _pill(canvas, x + numbers / 2, y + 9, str(n), _pill_width(str(n)))
            at, wide = x + numbers + 8, room - numbers - 8
            first = f"{name} · {route.length}" if name else route.length
            y = canvas.lines(at, y + 1, first, wide, size=SMALL, bold=True, most=3)
            if words := self._said_way(route, same):
                y = canvas.lines(at, y, words, wide, size=SMALL, colour="soft", most=8)
            y += 8
        return y - 8

    @staticmethod
    def _said_way(route: LineMap, same: bool) -> str:
        """Name the roles of a route; only those between where all start and end alike."""
        labels: list[str] = [named(stop.label) for stop in route.stops]
        if not same or len(labels) < 2:
            return " → ".join(labels)
        return f"by way of {' → '.join(labels[1:-1])}" if labels[2:] else "directly"

    def _words(self, way: Way) -> str:
        numbers = self._of(way.routes)
        return f"{numbers}: {said(way.link, ', ')}" if numbers else said(way.link, ", ")

    def mermaid(self) -> str:
        """Give the map as a flowchart for Mermaid."""
        chart = self._chart()
        nodes = [mermaid_node(n, _once_more(row)) for n, row in enumerate(chart.rows)]
        links = [(way.source, way.target, way.link, self._words(way)) for way in chart.ways]
        return "\n".join(["flowchart TD", *nodes, *mermaid_links(links)]) + "\n"

    def dot(self) -> str:
        """Give the map as a directed graph for Graphviz."""
        chart = self._chart()
        lines = [dot_node(n, _once_more(row)) for n, row in enumerate(chart.rows)]
        lines += [dot_link(w.source, w.target, w.link, self._words(w)) for w in chart.ways]
        return dot_graph("TB", self.title, lines)
