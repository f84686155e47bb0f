"""The whole map: roles in the bands of a career, and all transitions between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from rolegraph.pictures._canvas import DASHES, SMALL, TEXT, Canvas, leading, number
from rolegraph.pictures._data import Link, Stop
from rolegraph.pictures._layers import Layers, bend, fitted, laid, longest_paths, placed
from rolegraph.pictures._links import (
    PAD,
    SAME_WORK,
    dot_graph,
    dot_link,
    dot_node,
    legend,
    main_kind,
    mermaid_links,
    mermaid_node,
    named,
    said,
    whole,
)
from rolegraph.pictures._picture import Picture, dot_text, mermaid_text
from rolegraph.pictures._type import measure, wrap

__all__ = ["RoleMap"]

_INSET: Final = 8  # pixels between a box and its text
_WIDEST: Final = 236  # pixels of a box in layers
_MOST: Final = 4  # lines of a label in a box
_LANE: Final = 10  # pixels between lines that run side by side


class _Arrow(NamedTuple):
    """Links that are drawn as one: alike, or there and back."""

    source: int
    target: int
    type: str
    kind: str
    both: bool

    @property
    def look(self) -> tuple[str, str]:
        return self.type, self.kind

    @property
    def way(self) -> tuple[object, ...]:
        """What it shares its way with."""
        return (*self.look, self.source) if self.both else self.look


class _Port(NamedTuple):
    """Where lines of one look leave a box or come to it."""

    node: int
    side: str
    coming: bool
    look: tuple[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class RoleMap(Picture):
    """Roles by level, and every transition between them.

    Where there is room, roles stand in rows, from the bottom of the career to the top, and lines
    go from box to box. In a narrow picture roles are a list with lines at its left. A map of so
    many transitions that no line could be followed tells them in words.

    Attributes
    ----------
    title : str
    stops : tuple of Stop
        The roles.
    links : tuple of Link
        The transitions. Their types are told by the tips of the arrows.
    rows : tuple of (str, tuple of int)
        Name and roles of each level, from the bottom of the career to the top. Roles that are in
        none stand below them. Without rows the transitions themselves say what stands above what.

    Examples
    --------
    >>> picture = RoleMap(
    ...     "Two roles",
    ...     (Stop("Delivery Manager"), Stop("Senior Delivery Manager")),
    ...     (Link(0, 1, "promotion", "stated"),),
    ...     (("professional", (0,)), ("senior", (1,))),
    ... )
    >>> print(picture.alt)
    Two roles
    senior: Senior Delivery Manager
    professional: Delivery Manager
    Delivery Manager → Senior Delivery Manager: promotion, stated
    """

    title: str
    stops: tuple[Stop, ...]
    links: tuple[Link, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def alt(self) -> str:
        """All roles by level from the top, and all transitions, one a line."""
        lines = [self.title] if self.title else []
        for name, nodes in reversed(self._bands()):
            names = "; ".join(whole(self.stops[n]) for n in nodes)
            lines.append(f"{name}: {names}" if name else names)
        for link in self.links:
            told = said(link, ", ")
            if link.untold:
                told += "; no source says which skills are new"
            elif link.new:
                told += f"; new: {', '.join(link.new)}"
            source, target = (named(self.stops[n].label) for n in (link.source, link.target))
            lines.append(f"{source} {'—' if link.crossing else '→'} {target}: {told}")
        return "\n".join(lines)

    def mermaid(self) -> str:
        """Give the picture as a flowchart, with a subgraph for each level."""
        lines = ["flowchart BT"]
        for i, (name, nodes) in enumerate(self._bands()):
            told = [mermaid_node(n, self.stops[n]) for n in nodes]
            band = bool(name.strip())
            lines += [f"    subgraph b{i}[{mermaid_text(named(name))}]"] * band + told
            lines += ["    end"] * band
        lines += mermaid_links((k.source, k.target, k, said(k, ", ")) for k in self.links)
        return "\n".join(lines) + "\n"

    def dot(self) -> str:
        """Give the picture as a digraph, with a frame for each level."""
        lines = []
        for i, (name, nodes) in enumerate(self._bands()):
            told = [dot_node(n, self.stops[n]) for n in nodes]
            if name.strip():  # not rank=same, at which Graphviz fails for some large maps
                level = f"  subgraph cluster{i} {{ label={dot_text(named(name))} color=gray"
                told = [level, *told, "  }"]
            lines += told
        lines += [dot_link(k.source, k.target, k, said(k, ", ")) for k in self.links]
        return dot_graph("BT", self.title, lines)

    def _bands(self) -> list[tuple[str, tuple[int, ...]]]:
        """Levels from the bottom, each role in one; roles that are in none come first."""
        seen: set[int] = set()
        bands = []
        for name, nodes in self.rows:
            here = tuple(dict.fromkeys(n for n in nodes if n not in seen))
            seen.update(here)
            if here:
                bands.append((name, here))
        left = tuple(n for n in range(len(self.stops)) if n not in seen)
        if self.rows:
            return [("", left), *bands] if left else bands
        rank = longest_paths(len(self.stops), _climbs(self._arrows()))
        low = min(rank, default=0)
        return [("", tuple(n for n in left if rank[n] == r))
                for r in range(low, max(rank, default=-1) + 1)]  # fmt: skip

    def _arrows(self) -> list[_Arrow]:
        """Join links that are alike, and those that go there and back."""
        found: dict[tuple[int, int, str, str], bool] = {}
        for link in self.links:
            type_ = SAME_WORK if link.crossing else " ".join(link.type.split())
            kind = main_kind(link.kind)
            here = (link.source, link.target, type_, kind)
            back = (link.target, link.source, type_, kind)
            if link.source == link.target or here in found:
                continue
            if back in found:
                found[back] = True
            else:
                found[here] = False
        return [_Arrow(*key, both) for key, both in found.items()]

    def _draw(self, width: int) -> str:
        c = Canvas(width)
        y = float(PAD)
        if self.title:
            y = c.lines(PAD, y - 2, self.title, width - 2 * PAD, bold=True, most=3) + 8
        arrows = self._arrows()
        bands = self._bands()
        plan = _Plan.best(bands, self.stops, arrows, width)
        if plan is not None:
            y = _Rows(self.stops, arrows, plan, width).draw(c, y)
        else:
            listed = _List(self.stops, arrows, bands, width)
            y = listed.draw(c, y) if listed.fits() else _words(c, self, bands, y)
        if arrows:
            drawn = (link for link in self.links if link.source != link.target)
            y = legend(c, y + 10, width - 2 * PAD, drawn)
            y = _types(c, PAD, y + 4, width - 2 * PAD, (a.type for a in arrows))
        alone = sum(link.source == link.target for link in self.links)
        if alone:
            words = f"{alone} more, from a role to itself, cannot be drawn"
            y = c.lines(PAD, y + 6, words, width - 2 * PAD, size=SMALL, colour="soft")
        return c.svg(y + PAD - 4, self.title, self.alt)


# ------------------------------------------------------------------------------ tips


_DEPTHS: Final = {
    "promotion": 8, "lateral move": 1, "specialisation": 11, "entry": 10, "transition": 10,
    "suggested": 1, SAME_WORK: 0,
}  # fmt: skip
_OTHER: Final = 12  # depth of the tip of any other type
_AXES: Final = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}


def _depth(type_: str) -> int:
    """How far before its end a line has to stop, in pixels."""
    return _DEPTHS.get(type_, _OTHER)


def _tip(c: Canvas, x: float, y: float, towards: str, type_: str, kind: str) -> None:
    """Draw the end of an arrow: each type of transition has its own."""
    ux, uy = _AXES[towards]
    if type_ == SAME_WORK:
        return
    colour = kind or "soft"

    def d(*points: tuple[float, float], end: str = "Z") -> str:
        """Points as (along the arrow, across it)."""
        placed_ = ((x + a * ux - b * uy, y + a * uy + b * ux) for a, b in points)
        return "M" + "L".join(f"{number(px)} {number(py)}" for px, py in placed_) + end

    if type_ == "promotion":
        c.path(d((0, 0), (-10, -5.5), (-10, 5.5)), fill=colour)
    elif type_ == "lateral move":
        c.path(d((-8, -5.5), (0, 0), (-8, 5.5), end=""), stroke=colour)
    elif type_ == "suggested":
        c.path(d((-6, -5), (0, 0), (-6, 5), end=""), stroke=colour)
        c.path(d((-12, -5), (-6, 0), (-12, 5), end=""), stroke=colour)
    elif type_ == "transition":
        c.path(d((-1, 0), (-10, -5), (-10, 5)), stroke=colour, fill="card", thick=1.6)
    elif type_ == "entry":
        c.circle(x - 5.5 * ux, y - 5.5 * uy, 4.5, stroke=colour, thick=2)
    else:
        fill = colour if type_ == "specialisation" else "card"
        c.path(d((-1, 0), (-6.5, -5), (-12, 0), (-6.5, 5)), stroke=colour, fill=fill, thick=1.6)


def _stroke(c: Canvas, d: str, arrow: _Arrow) -> None:
    """Draw the way of an arrow; what is no career step is hollow."""
    hollow = arrow.type == SAME_WORK
    c.path(d, stroke=arrow.kind, thick=5 if hollow else 2, dash=DASHES[arrow.kind])
    if hollow:
        c.path(d, stroke="card", thick=2)


def _types(c: Canvas, x: float, y: float, room: float, types: Iterable[str]) -> float:
    """Say what the tips mean; only of those that are used."""
    at, low = x, y
    known = list(_DEPTHS)
    used = sorted(
        set(types) - {SAME_WORK}, key=lambda t: (known.index(t) if t in known else len(known), t)
    )
    for i, type_ in enumerate(used):
        told = wrap(type_ or "of no type", room - 34, SMALL, most=1)[0]
        wide = 34 + measure(told, SMALL)
        if i and at + wide > x + room:
            at, y = x, y + leading(SMALL) + 2
        middle = y + SMALL * 0.65
        c.line(at, middle, at + 28 - _depth(type_), middle, stroke="soft", thick=2)
        _tip(c, at + 28, middle, "right", type_, "")
        c.text(at + 34, y + SMALL, told, size=SMALL, colour="soft")
        at, low = at + wide + 16, y + leading(SMALL)
    return low


# ------------------------------------------------------------------------------ boxes


def _box_lines(stop: Stop, room: float) -> tuple[list[str], list[str]]:
    label = wrap(named(stop.label), room - 2 * _INSET, TEXT, most=_MOST)
    return label, wrap(stop.sub, room - 2 * _INSET, SMALL, most=2) if stop.sub.strip() else []


def _box_height(stop: Stop, room: float) -> float:
    label, sub = _box_lines(stop, room)
    return len(label) * leading(TEXT) + len(sub) * leading(SMALL) + 12


def _box(
    c: Canvas, stop: Stop, x: float, y: float, wide: float, high: float, anchor: str = "middle"
) -> None:
    """Draw a role in its box, with its text in the middle of the height."""
    label, sub = _box_lines(stop, wide)
    c.rect(x, y, wide, high, fill="card", stroke="soft", thick=1.2)
    at = x + wide / 2 if anchor == "middle" else x + _INSET
    top = y + (high - _box_height(stop, wide)) / 2 + 6
    top = c.lines(at, top, label, wide, anchor=anchor)
    c.lines(at, top, sub, wide, size=SMALL, colour="soft", anchor=anchor)


# ------------------------------------------------------------------------------ in layers


class _Plan(NamedTuple):
    """How roles are put into rows, before they have an order."""

    bands: list[tuple[str, int]]  # name and number of rows
    layers: Layers
    left: float
    wide: float  # of each box

    @staticmethod
    def best(
        bands: list[tuple[str, tuple[int, ...]]], stops: tuple[Stop, ...],
        arrows: list[_Arrow], width: int,
    ) -> _Plan | None:  # fmt: skip
        """Give the plan with the fewest rows in which all boxes are wide enough, if there is one.

        The words of the labels say what is wide enough.
        """
        names = [name for name, _ in bands if name.strip()]
        longest = max((measure(w, SMALL, bold=True) for n in names for w in n.split()), default=0)
        left = PAD + (min(longest + 18, 110) if names else 0)
        words = [w for stop in stops for w in named(stop.label).replace("-", "- ").split()]
        need = max((measure(w) for w in words), default=0) + 2 * _INSET + 1
        need = min(max(need, 96), 136)
        label = max((measure(named(stop.label)) for stop in stops), default=0) + 2 * _INSET + 1
        widest = min(max(label, need), _WIDEST)
        rank = longest_paths(len(stops), _climbs(arrows))
        groups = [nodes for _, nodes in bands]
        if len(bands) == 1:  # levels say nothing, so the transitions do
            groups = _ranked(groups[0], rank)
        most = max(map(len, groups), default=0)
        tried: set[int] = set()
        for cap in range(most, min(most, 2) - 1, -1):
            rows: list[list[int]] = []
            counts = []
            for nodes in groups:
                parts = -(-len(nodes) // cap)
                ordered = sorted(nodes, key=lambda n: rank[n]) if parts > 1 else list(nodes)
                cuts = [round(i * len(nodes) / parts) for i in range(parts + 1)]
                rows += [ordered[a:b] for a, b in pairwise(cuts)]
                counts.append(parts)
            if len(rows) > len(groups) + max(3, len(groups)):
                break  # most lines would run beside boxes they have nothing to do with
            if len(rows) in tried:
                continue
            tried.add(len(rows))
            layers = laid(rows, [(a.source, a.target, a.way) for a in arrows])
            wide = _room(layers, arrows, width - PAD - left)
            if wide >= need:
                counts = [len(rows)] if len(bands) == 1 else counts
                counted = [(name, n) for (name, _), n in zip(bands, counts, strict=True)]
                return _Plan(counted, layers, left, min(wide, widest))
        return None


def _climbs(arrows: list[_Arrow]) -> list[tuple[int, int]]:
    """Give from where to where a step leads up: lateral moves and mappings do not."""
    level = ("lateral move", SAME_WORK)
    return [(a.source, a.target) for a in arrows if a.type not in level and not a.both]


def _ranked(nodes: Iterable[int], rank: list[int]) -> list[tuple[int, ...]]:
    """Part roles by what leads to them, from the bottom."""
    out: dict[int, list[int]] = {}
    for node in sorted(nodes, key=lambda n: rank[n]):
        out.setdefault(rank[node], []).append(node)
    return [tuple(found) for found in out.values()]


def _room(layers: Layers, arrows: list[_Arrow], room: float) -> float:
    """How wide the boxes can be, all alike, so that every row has room for them and its lines."""
    row = layers.row_of()
    beside = {frozenset(a[:2]) for a in arrows if row[a.source] == row[a.target]}
    found: float = _WIDEST
    for nodes in layers.rows:
        boxes = sum(n < layers.count for n in nodes)
        lanes = len(nodes) - boxes
        level = sum(next(iter(pair)) in nodes for pair in beside)
        taken = 16 * max(boxes - 1, 0) + 24 * min(level, max(boxes - 1, 0)) + 15 * lanes
        if boxes:
            found = min(found, (room - taken) / boxes)
        elif taken > room:
            return 0
    return found


class _Rows:
    """The map in layers, laid out for a width."""

    def __init__(
        self, stops: tuple[Stop, ...], arrows: list[_Arrow], plan: _Plan, width: int
    ) -> None:
        self.stops, self.arrows, self.plan, self.width = stops, arrows, plan, width
        self.layers = fitted(plan.layers)
        self.row = self.layers.row_of()
        self.beside = {frozenset(a[:2]) for a in arrows}
        count = self.layers.count
        self.x = placed(self.layers, [plan.wide] * count, self._between, plan.left, width - PAD)

    def _between(self, a: int, b: int) -> float:
        """Distance of neighbours: room for an arrow where there is one."""
        if a >= self.layers.count and b >= self.layers.count:
            return 10
        if a >= self.layers.count or b >= self.layers.count:
            return 15
        return 40 if frozenset((a, b)) in self.beside else 16

    def _side(self, chain: tuple[int, ...], end: int) -> str:
        """On which side of a box a line begins or ends."""
        node, other = (chain[0], chain[1]) if end == 0 else (chain[-1], chain[-2])
        if self.row[node] != self.row[other]:
            return "top" if self.row[other] > self.row[node] else "bottom"
        nodes = self.layers.rows[self.row[node]]
        low, high = sorted((nodes.index(node), nodes.index(other)))
        boxes = [n for n in nodes[low : high + 1] if n < self.layers.count]
        if len(boxes) > 2:
            return "top"
        return "right" if self.x[other] > self.x[node] else "left"

    def _ports(self) -> dict[_Port, float]:
        """Spread the ends of lines over the sides of the boxes, those of one look together."""
        ends: dict[tuple[int, str], dict[_Port, list[float]]] = {}
        for arrow, chain in zip(self.arrows, self.layers.chains, strict=True):
            for end in (0, 1):
                node, other = (chain[0], chain[1]) if end == 0 else (chain[-1], chain[-2])
                side = self._side(chain, end)
                port = _Port(node, side, bool(end) or arrow.both, arrow.look)
                at = self.x[other] if side in ("top", "bottom") else 0.0
                ends.setdefault((node, side), {}).setdefault(port, []).append(at)
        out: dict[_Port, float] = {}
        for (_, side), ports in ends.items():
            ordered = sorted(ports, key=lambda p: (sum(ports[p]) / len(ports[p]), p.look, p.coming))
            if side in ("left", "right"):  # both ends must have the same height
                ordered.sort(key=lambda p: p.look)
            room = self.plan.wide - 24 if side in ("top", "bottom") else 24
            pitch = min(16.0, room / max(len(ordered) - 1, 1))
            for i, port in enumerate(ordered):
                out[port] = (i - (len(ordered) - 1) / 2) * pitch
        return out

    def _rises(self, a: float, b: float) -> float:
        """How far a line between two boxes of one row goes above them, at its control points."""
        return min(34 + 0.12 * abs(a - b), 110)

    def _gap(self, r: int) -> float:
        """Height between row r and the one above it: the more lines, the more."""
        reach, lines = 0.0, 0
        for a, b in self.layers.pairs():
            if self.row[a] == r and self.row[b] == r + 1:
                reach, lines = max(reach, abs(self.x[a] - self.x[b])), lines + 1
        arcs = [
            0.75 * self._rises(self.x[k[0]], self.x[k[-1]]) + 8
            for k in self.layers.chains
            if self.row[k[0]] == r == self.row[k[-1]] and self._side(k, 0) == "top"
        ]
        last = r + 1 == len(self.layers.rows)
        plain = 10 if last else 40 + min(0.14 * reach, 60) + min(1.5 * lines, 40)
        return max(plain, 10 + max(arcs, default=0))

    def draw(self, c: Canvas, y: float) -> float:
        layers, wide = self.layers, self.plan.wide
        heights = [max((_box_height(self.stops[n], wide) for n in row if n < layers.count),
                       default=20) for row in layers.rows]  # fmt: skip
        tops = [0.0] * len(heights)
        gaps = [self._gap(r) for r in range(len(heights))]
        start = y
        for r in range(len(heights) - 1, -1, -1):
            tops[r] = y + gaps[r]
            y = tops[r] + heights[r]
        y += 10
        lows = [t + h for t, h in zip(tops, heights, strict=True)]
        self._bands(c, tops, lows, gaps, start, y)
        ports = self._ports()
        tips: dict[tuple[float, float, str], tuple[str, str]] = {}
        drawn: set[tuple[object, ...]] = set()
        for arrow, chain in zip(self.arrows, layers.chains, strict=True):
            self._line(c, arrow, chain, ports, tops, lows, tips, drawn)
        for n in range(layers.count):
            r = self.row[n]
            _box(c, self.stops[n], self.x[n] - wide / 2, tops[r], wide, heights[r])
        for (tx, ty, towards), look in tips.items():
            _tip(c, tx, ty, towards, *look)
        return y

    def _bands(
        self, c: Canvas, tops: list[float], lows: list[float], gaps: list[float],
        start: float, end: float,
    ) -> None:  # fmt: skip
        if not any(name.strip() for name, _ in self.plan.bands):
            return
        r = 0
        for i, (name, parts) in enumerate(self.plan.bands):
            last = r + parts - 1
            low = end if r == 0 else lows[r] + gaps[r - 1] / 2
            high = start if last + 1 == len(tops) else tops[last] - gaps[last] / 2
            if i % 2 == 0:
                c.rect(6, high, self.width - 12, low - high, fill="tint", radius=4)
            room = self.plan.left - PAD - 8
            told = wrap(name, room, SMALL, bold=True, most=3) if name.strip() else []
            middle = (tops[last] + lows[r]) / 2 - len(told) * leading(SMALL) / 2
            c.lines(PAD, middle, told, room, size=SMALL, bold=True, colour="soft")
            r += parts

    def _line(
        self, c: Canvas, arrow: _Arrow, chain: tuple[int, ...], ports: dict[_Port, float],
        tops: list[float], lows: list[float],
        tips: dict[tuple[float, float, str], tuple[str, str]], drawn: set[tuple[object, ...]],
    ) -> None:  # fmt: skip
        sides = self._side(chain, 0), self._side(chain, 1)
        first = ports[_Port(chain[0], sides[0], arrow.both, arrow.look)]
        last = ports[_Port(chain[-1], sides[1], True, arrow.look)]
        r, back = self.row[chain[0]], _depth(arrow.type)
        start = back if arrow.both else 0
        if sides[0] in ("left", "right"):
            step = 1 if sides[0] == "right" else -1
            half = step * self.plan.wide / 2
            x1, x2 = self.x[chain[0]] + half, self.x[chain[-1]] - half
            y = (tops[r] + lows[r]) / 2 + last
            _stroke(
                c,
                f"M{number(x1 + step * start)} {number(y)}L{number(x2 - step * back)} {number(y)}",
                arrow,
            )
            tips[x2, y, "right" if step > 0 else "left"] = arrow.look
            if arrow.both:
                tips[x1, y, "left" if step > 0 else "right"] = arrow.look
            return
        x1, x2 = self.x[chain[0]] + first, self.x[chain[-1]] + last
        if r == self.row[chain[-1]]:
            y, rise = tops[r], self._rises(self.x[chain[0]], self.x[chain[-1]])
            d = (f"M{number(x1)} {number(y - start)}C{number(x1)} {number(y - rise)} "
                 f"{number(x2)} {number(y - rise)} {number(x2)} {number(y - back)}")  # fmt: skip
            _stroke(c, d, arrow)
            tips[x2, y, "down"] = arrow.look
            if arrow.both:
                tips[x1, y, "down"] = arrow.look
            return
        up = sides[0] == "top"
        leave, come, sign = (tops, lows, 1) if up else (lows, tops, -1)
        x, y = x1, leave[r]
        way = [f"M{number(x)} {number(y - sign * start)}"]
        for i, node in enumerate(chain[1:], 1):
            end = i == len(chain) - 1
            nx = x2 if end else self.x[node]
            stop = come[self.row[node]]
            ny = stop + sign * back if end else stop
            bend = (y + stop) / 2
            way.append(f"C{number(x)} {number(bend)} {number(nx)} {number(bend)} "
                     f"{number(nx)} {number(ny)}")  # fmt: skip
            if not end:
                key = (node, arrow.target, arrow.way)
                if key in drawn:
                    break
                drawn.add(key)
                y = leave[self.row[node]]
                way.append(f"L{number(nx)} {number(y)}")
                x = nx
        _stroke(c, "".join(way), arrow)
        tips[x2, come[self.row[chain[-1]]], "up" if up else "down"] = arrow.look
        if arrow.both:
            tips[x1, leave[r], "down" if up else "up"] = arrow.look


# ------------------------------------------------------------------------------ as a list


class _Stub(NamedTuple):
    """A short line at the left of a box: the beginning of an arrow, or the end of some."""

    node: int
    coming: bool
    arrow: int  # the first of those it stands for


def _wholes(count: int, arrows: list[_Arrow]) -> list[int]:
    """Give each role the least of those it hangs together with."""
    out = list(range(count))
    changed = True
    while changed:
        changed = False
        for a in arrows:
            least = min(out[a.source], out[a.target])
            if out[a.source] != out[a.target]:
                out[a.source] = out[a.target] = least
                changed = True
    return out


class _List:
    """The map as a list of roles from the top of the career, with lines at its left."""

    def __init__(
        self, stops: tuple[Stop, ...], arrows: list[_Arrow],
        bands: list[tuple[str, tuple[int, ...]]], width: int,
    ) -> None:  # fmt: skip
        self.stops, self.arrows, self.width = stops, arrows, width
        if not any(name.strip() for name, _ in bands):
            bands = [("", tuple(n for _, nodes in bands for n in nodes))]
        rank = longest_paths(len(stops), _climbs(arrows))
        self.whole = _wholes(len(stops), arrows)  # what hangs together stands together
        self.bands = [
            (name, tuple(sorted(nodes, key=lambda n: (self.whole[n], -rank[n]))))
            for name, nodes in reversed(bands)
        ]
        self.place = {n: i for i, n in enumerate(n for _, nodes in self.bands for n in nodes)}
        # arrows of one look that come to a role from one side share their way
        ways: dict[tuple[object, ...], list[int]] = {}
        for i, a in enumerate(arrows):
            above = self.place[a.source] < self.place[a.target]
            ways.setdefault((a.target, above, a.way), []).append(i)
        self.ways = list(ways.values())
        self.lane = self._lanes()
        self.lanes = max(self.lane, default=-1) + 1
        self.left = PAD + self.lanes * _LANE + (24 if arrows else 0)
        self.wide = min(width - PAD - self.left, 340)

    def fits(self) -> bool:
        """Whether the lines leave enough room for the roles."""
        return self.left - PAD <= min(0.42 * self.width, 200)

    def _lanes(self) -> list[int]:
        """Give each way a lane, short ones next to the boxes."""
        spans = []
        for way in self.ways:
            at = [self.place[self.arrows[i].source] for i in way]
            at.append(self.place[self.arrows[way[0]].target])
            spans.append((min(at), max(at)))
        lanes: list[list[tuple[int, int]]] = []
        out = [0] * len(spans)
        for i in sorted(range(len(spans)), key=lambda i: (spans[i][1] - spans[i][0], spans[i])):
            low, high = spans[i]
            free = (
                n for n, lane in enumerate(lanes) if all(high <= a or low >= b for a, b in lane)
            )
            out[i] = next(free, len(lanes))
            if out[i] == len(lanes):
                lanes.append([])
            lanes[out[i]].append((low, high))
        return out

    def _stubs(self) -> dict[int, list[_Stub]]:
        """For each role its stubs from above to below: those that go up stand above."""
        out: dict[int, list[tuple[tuple[int, int], _Stub]]] = {n: [] for n in self.place}
        for way, lane in zip(self.ways, self.lane, strict=True):
            target = self.arrows[way[0]].target
            down = self.place[self.arrows[way[0]].source] < self.place[target]
            # nested, so that lines to one side do not cross: the farther lane stands outside
            order = -lane if down else lane
            side = -1 if down else 1
            out[target].append(((side, order), _Stub(target, True, way[0])))
            for i in way:
                source = self.arrows[i].source
                out[source].append(((-side, -order), _Stub(source, False, i)))
        return {n: [stub for _, stub in sorted(stubs)] for n, stubs in out.items()}

    def draw(self, c: Canvas, y: float) -> float:
        stubs = self._stubs()
        ends: dict[tuple[bool, int], float] = {}
        boxes: list[tuple[int, float, float]] = []
        for b, (name, nodes) in enumerate(self.bands):
            start = y
            marks = len(c._parts)
            if name.strip():
                y = c.lines(self.left, y + 6, name, self.wide, size=SMALL, bold=True,
                            colour="soft", most=2) + 4  # fmt: skip
            else:
                y += 8
            for before, n in zip((None, *nodes), nodes, strict=False):
                if before is not None and len(self.bands) == 1:
                    y += 8 * (self.whole[before] != self.whole[n])
                here = stubs[n]
                high = max(_box_height(self.stops[n], self.wide), 9 * len(here) + 8)
                pitch = min(11.0, (high - 14) / max(len(here) - 1, 1))
                for i, stub in enumerate(here):
                    at = y + high / 2 + (i - (len(here) - 1) / 2) * pitch
                    ends[stub.coming, stub.arrow] = at
                boxes.append((n, y, high))
                y += high + 8
            if b % 2 == 0 and any(name.strip() for name, _ in self.bands):
                after = c._parts[marks:]
                del c._parts[marks:]
                c.rect(6, start, self.width - 12, y - start, fill="tint", radius=4)
                c._parts += after
        tips = []
        for way, lane in zip(self.ways, self.lane, strict=True):
            lead = self.arrows[way[0]]
            back = _depth(lead.type)
            x = self.left - 24 - lane * _LANE
            come = ends[True, way[0]]
            leaves = {i: ends[False, i] for i in way}
            far = max(leaves, key=lambda i: abs(leaves[i] - come))
            turn = 5 if come < leaves[far] else -5
            start = self.left - (back if lead.both else 0)
            for i in way:
                d = f"M{number(start)} {number(leaves[i])}L{number(x + 5)} {number(leaves[i])}"
                d += bend(x, leaves[i], x, leaves[i] - turn)
                if i == far:
                    d += f"L{number(x)} {number(come + turn)}" + bend(x, come, x + 5, come)
                    d += f"L{number(self.left - back)} {number(come)}"
                _stroke(c, d, lead)
            tips.append((come, lead))
            if lead.both:
                tips.append((leaves[way[0]], lead))
        for n, top, high in boxes:
            _box(c, self.stops[n], self.left, top, self.wide, high, anchor="start")
        for at, lead in tips:
            _tip(c, self.left, at, "right", *lead.look)
        return y


# ------------------------------------------------------------------------------ in words


def _words(c: Canvas, picture: RoleMap, bands: list[tuple[str, tuple[int, ...]]], y: float
           ) -> float:  # fmt: skip
    """Draw a card for each role that says where it leads to: for too many lines to follow."""
    room = c.width - 2 * PAD
    columns = max(1, int((room + 12) // 262))
    wide = (room - 12 * (columns - 1)) / columns
    out: dict[int, list[Link]] = {}
    for link in picture.links:
        out.setdefault(link.source, []).append(link)
    for name, nodes in reversed(bands):
        if name.strip():
            y = c.lines(PAD, y + 6, name, room, size=SMALL, bold=True, colour="soft", most=2) + 4
        bottoms = [y] * columns
        for n in nodes:
            i = bottoms.index(min(bottoms))
            x = PAD + i * (wide + 12)
            bottoms[i] = _card(c, picture, n, out.get(n, []), x, bottoms[i], wide) + 8
        y = max(bottoms) + 2
    return y


def _card(
    c: Canvas, picture: RoleMap, node: int, links: list[Link], x: float, y: float, wide: float
) -> float:
    """Draw a role and where it leads to; give the lower edge."""
    stop = picture.stops[node]
    top = y
    marks = len(c._parts)
    y = c.lines(x + _INSET, y + 4, named(stop.label), wide - 2 * _INSET, bold=True, most=_MOST)
    if stop.sub.strip():
        y = c.lines(x + _INSET, y, stop.sub, wide - 2 * _INSET, size=SMALL, colour="soft", most=2)
    for link in links:
        middle = y + 4 + TEXT * 0.65
        type_ = SAME_WORK if link.crossing else " ".join(link.type.split())
        arrow = _Arrow(node, link.target, type_, main_kind(link.kind), both=False)
        left, end = number(x + _INSET), number(x + _INSET + 28 - _depth(type_))
        _stroke(c, f"M{left} {number(middle)}H{end}", arrow)
        _tip(c, x + _INSET + 28, middle, "right", *arrow.look)
        there = named(picture.stops[link.target].label)
        y = c.lines(x + _INSET + 36, y + 3, there, wide - 2 * _INSET - 36, most=3)
    after = c._parts[marks:]
    del c._parts[marks:]
    c.rect(x, top, wide, y + 6 - top, fill="card", stroke="soft", thick=1.2)
    c._parts += after
    return y + 6
