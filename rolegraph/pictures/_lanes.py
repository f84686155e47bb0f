"""Several ways laid out as one: a row for each role, and a lane for each transition.

Rows are in an order that all ways agree with, from top to bottom. A role that two ways pass in
opposite orders gets a second row. Between two rows each transition has a lane of its own, so lines
may cross where they leave and enter a role, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from rolegraph.pictures._data import Link, Stop

__all__ = ["Chart", "Row", "Way", "arrange"]

_TRIED: Final = 6  # so many tracks are tried in all orders, 720 of them
_SWAPS: Final = 4  # rounds of swapping neighbours where there are more


@dataclass(frozen=True, slots=True)
class Row:
    """A role in the chart.

    Attributes
    ----------
    stop : Stop
    again : bool
        Whether the same role stands further up already.
    lane : int
    """

    stop: Stop
    again: bool
    lane: int


@dataclass(frozen=True, slots=True)
class Way:
    """A transition in the chart.

    Attributes
    ----------
    source, target : int
        Rows; the source is the upper one.
    link : Link
    routes : tuple of int
        Numbers of the routes that take it, from 1.
    lane : int
    """

    source: int
    target: int
    link: Link
    routes: tuple[int, ...]
    lane: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows from the top downwards, the ways between them, and how many lanes these need."""

    rows: tuple[Row, ...]
    ways: tuple[Way, ...]
    lanes: int


@dataclass(slots=True)
class _Edge:
    source: int
    target: int
    link: Link
    routes: list[int]


def _merge(routes: Sequence[tuple[Sequence[Stop], Sequence[Link]]]
           ) -> tuple[list[Stop], list[_Edge]]:  # fmt: skip
    """Lay the routes over each other, without a circle."""
    nodes: list[Stop] = []
    places: dict[Stop, list[int]] = {}
    out: dict[int, list[int]] = {}
    edges: dict[tuple[object, ...], _Edge] = {}

    def leads(start: int, end: int) -> bool:
        todo, seen = [start], {start}
        while todo:
            node = todo.pop()
            if node == end:
                return True
            fresh = [n for n in out.get(node, ()) if n not in seen]
            seen.update(fresh)
            todo += fresh
        return False

    for number, (stops, links) in enumerate(routes, 1):
        last = -1
        for n, stop in enumerate(stops):
            known = places.setdefault(stop, [])
            node = next((p for p in known if last < 0 or not leads(p, last)), -1)
            if node < 0:
                node = len(nodes)
                nodes.append(stop)
                known.append(node)
            if n:
                link = links[n - 1]
                key = (last, node, link.type, link.kind, link.crossing)
                edge = edges.setdefault(key, _Edge(last, node, link, []))
                edge.routes.append(number)
                out.setdefault(last, []).append(node)
            last = node
    return nodes, list(edges.values())


def _order(size: int, edges: Sequence[_Edge]) -> list[int]:
    """Order roles so that all edges point down and a route goes on right below, if it can."""
    waiting = [0] * size
    out: list[list[int]] = [[] for _ in range(size)]
    for edge in edges:
        waiting[edge.target] += 1
        out[edge.source].append(edge.target)
    # the last one is taken next; those of the first route come last
    ready = [n for n in reversed(range(size)) if not waiting[n]]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for target in reversed(out[node]):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return order


def _tracks(rows: int, edges: Sequence[_Edge]) -> list[int]:
    """Join roles and edges into tracks that can be drawn as one upright line.

    Gives the track of each row and then of each edge.
    """
    parent = list(range(rows + len(edges)))

    def find(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    below, above = [False] * rows, [False] * rows
    short_first = sorted(
        range(len(edges)),
        key=lambda e: (edges[e].target - edges[e].source, -len(edges[e].routes), edges[e].source),
    )
    for both in (True, False):  # first what links two roles, then what is bound to one of them
        for e in short_first:
            edge = edges[e]
            free_below, free_above = not below[edge.source], not above[edge.target]
            if find(rows + e) != rows + e or (both and not (free_below and free_above)):
                continue
            if free_below and (both or not free_above):
                parent[rows + e] = find(edge.source)
                below[edge.source] = True
            if free_above:
                above[edge.target] = True
                if both:
                    parent[find(edge.target)] = find(edge.source)
                elif parent[rows + e] == rows + e:
                    parent[rows + e] = find(edge.target)
    return [find(x) for x in range(rows + len(edges))]


def _fit(order: Sequence[int], spans: dict[int, list[tuple[float, float]]]) -> dict[int, int]:
    """Put each track into the first lane where it has room."""
    lanes: list[list[tuple[float, float]]] = []
    found = {}
    for track in order:
        first, last = min(a for a, _ in spans[track]), max(b for _, b in spans[track])
        for lane, taken in enumerate(lanes):  # noqa: B007 - the lane is used below
            if all(last < a or b < first for a, b in taken):
                break
        else:
            lane = len(lanes)
            lanes.append([])
        lanes[lane].append((first, last))
        found[track] = lane
    return found


def _cost(lane: Sequence[int], rows: int, edges: Sequence[_Edge]) -> float:
    """Weigh a layout: crossings, then ways to the side, then roles far from their labels."""
    cost = 0.5 * sum(lane[:rows]) + 2.0 * max(lane, default=0)
    for e, edge in enumerate(edges):
        own = lane[rows + e]
        for end, row in ((edge.source, edge.source), (edge.target, edge.target - 1)):
            low, high = sorted((lane[end], own))
            cost += high - low
            for f, other in enumerate(edges):
                shares = other.source == end or other.target == end
                if not shares and other.source <= row < other.target:
                    cost += 10.0 * (low < lane[rows + f] < high)
    return cost


def arrange(routes: Sequence[tuple[Sequence[Stop], Sequence[Link]]]) -> Chart:
    """Lay out routes as one chart.

    Parameters
    ----------
    routes : sequence of (stops, links)
        The links lead from each stop to the next one.

    Returns
    -------
    Chart
        The same for the same routes. Lane 0 is the one beside the labels.

    Examples
    --------
    >>> a, b, c = Stop("A"), Stop("B"), Stop("C")
    >>> step = Link(0, 1, "promotion", "stated")
    >>> chart = arrange([([a, c], [step]), ([a, b, c], [step, step])])
    >>> [row.stop.label for row in chart.rows], chart.lanes
    (['A', 'B', 'C'], 2)
    """
    nodes, edges = _merge(routes)
    order = _order(len(nodes), edges)
    row_of = {node: row for row, node in enumerate(order)}
    for edge in edges:
        edge.source, edge.target = row_of[edge.source], row_of[edge.target]
    rows = len(order)
    tracks = _tracks(rows, edges)
    spans: dict[int, list[tuple[float, float]]] = {}
    for row in range(rows):
        spans.setdefault(tracks[row], []).append((row, row))
    for e, edge in enumerate(edges):
        spans.setdefault(tracks[rows + e], []).append((edge.source + 0.4, edge.target - 0.6))

    def long(track: int) -> tuple[float, float]:
        first = min(a for a, _ in spans[track])
        return max(b for _, b in spans[track]) - first, first

    def lanes(order: Sequence[int]) -> list[int]:
        found = _fit(order, spans)
        return [found[track] for track in tracks]

    def weigh(order: Sequence[int]) -> float:
        return _cost(lanes(order), rows, edges)

    best = sorted(spans, key=long)
    if len(best) <= _TRIED:
        best = list(min(permutations(best), key=lambda order: weigh(list(order))))
    else:
        least = weigh(best)
        for _ in range(_SWAPS):
            before = least
            for n in range(len(best) - 1):
                tried = [*best[:n], best[n + 1], best[n], *best[n + 2 :]]
                cost = weigh(tried)
                if cost < least:
                    best, least = tried, cost
            if least == before:
                break
    lane = lanes(best)
    seen: set[Stop] = set()
    made = []
    for row, node in enumerate(order):
        made.append(Row(nodes[node], nodes[node] in seen, lane[row]))
        seen.add(nodes[node])
    ways = [
        Way(edge.source, edge.target, edge.link, tuple(edge.routes), lane[rows + e])
        for e, edge in enumerate(edges)
    ]
    ways.sort(key=lambda way: (way.source, way.target, way.routes))
    return Chart(tuple(made), tuple(ways), max(lane, default=-1) + 1)
