"""Rows, orders and places of a drawing in layers (Sugiyama's method), as plain numbers.

Our own, because the rows are given (levels of a career), lines to one target share their way, and
what is placed are boxes and lanes of known widths; the layout libraries that are kept and free do
none of the three.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rolegraph.pictures._canvas import number

__all__ = ["Layers", "bend", "fitted", "laid", "longest_paths", "placed"]


def longest_paths(count: int, links: Sequence[tuple[int, int]]) -> list[int]:
    """Give each node its row: one more than the highest of those that lead to it.

    Parameters
    ----------
    count : int
        Number of nodes.
    links : sequence of (int, int)
        From where to where. A link that closes a circle, met going through the nodes in their
        order, does not count.

    Returns
    -------
    list of int

    Examples
    --------
    >>> longest_paths(4, [(0, 1), (1, 2), (0, 2), (2, 0)])
    [0, 1, 2, 0]
    """
    out: list[list[int]] = [[] for _ in range(count)]
    for a, b in sorted(set(links)):
        if a != b:
            out[a].append(b)
    entered = {b for targets in out for b in targets}
    state, done = [0] * count, list[int]()
    kept: list[list[int]] = [[] for _ in range(count)]
    for start in sorted(range(count), key=lambda n: n in entered):
        stack = [(start, iter(out[start]))] if not state[start] else []
        state[start] = state[start] or 1
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if state[other] == 1:
                    continue  # closes a circle
                kept[node].append(other)
                if not state[other]:
                    state[other] = 1
                    stack.append((other, iter(out[other])))
                    break
            else:
                state[node] = 2
                done.append(node)
                stack.pop()
    rank = [0] * count
    for node in reversed(done):
        for other in kept[node]:
            rank[other] = max(rank[other], rank[node] + 1)
    reached = {b for targets in kept for b in targets}
    for node in range(count):  # a beginning stands right below what it leads to
        if kept[node] and node not in reached:
            rank[node] = min(rank[other] for other in kept[node]) - 1
    return rank


@dataclass(frozen=True, slots=True)
class Layers:
    """Nodes in rows and the lines between them.

    Attributes
    ----------
    rows : tuple of tuple of int
        From the first row to the last, each in its order. Numbers from `count` on are no nodes
        but the places where a line goes through a row.
    chains : tuple of tuple of int
        For each link what it passes, from its source to its target; two in one row are neighbours
        in their chain too.
    count : int
        Number of real nodes.
    """

    rows: tuple[tuple[int, ...], ...]
    chains: tuple[tuple[int, ...], ...]
    count: int

    def row_of(self) -> dict[int, int]:
        """Give each node's row."""
        return {node: r for r, row in enumerate(self.rows) for node in row}

    def pairs(self) -> list[tuple[int, int]]:
        """Give each stretch of a line once, as (lower, upper); those within a row as well."""
        row = self.row_of()
        found: dict[tuple[int, int], None] = {}
        for chain in self.chains:
            for a, b in pairwise(chain):
                found[(a, b) if row[a] <= row[b] else (b, a)] = None
        return list(found)


def laid(rows: Sequence[Sequence[int]], links: Sequence[tuple[int, int, Hashable]]) -> Layers:
    """Lead each link through the rows between its ends.

    Parameters
    ----------
    rows : sequence of sequence of int
        Nodes 0, 1, … of each row.
    links : sequence of (int, int, hashable)
        Source, target, and what it shares its way with: links with one target and an equal third
        value run together once they meet.

    Returns
    -------
    Layers
        In the given order; the places of lines stand last in their rows.
    """
    row = {node: r for r, nodes in enumerate(rows) for node in nodes}
    out = [list(nodes) for nodes in rows]
    lanes: dict[tuple[object, ...], int] = {}
    chains = []
    for source, target, share in links:
        step = 1 if row[target] > row[source] else -1
        chain = [source]
        for r in range(row[source] + step, row[target], step) if row[source] != row[target] else ():
            key = (target, share, r)
            if key not in lanes:
                lanes[key] = len(row) + len(lanes)
                out[r].append(lanes[key])
            chain.append(lanes[key])
        chains.append((*chain, target))
    return Layers(tuple(map(tuple, out)), tuple(chains), len(row))


def _crossings(pairs: Sequence[tuple[int, int]]) -> int:
    """Count the crossings of lines between two rows, given the places of their ends."""
    seen: list[int] = []
    total, last = 0, -1
    waiting: list[int] = []
    for low, high in sorted(pairs):
        if low != last:
            for value in waiting:
                insort(seen, value)
            waiting, last = [], low
        total += len(seen) - bisect_right(seen, high)
        waiting.append(high)
    return total


def fitted(layers: Layers, sweeps: int = 16) -> Layers:
    """Order every row so that few lines cross.

    Parameters
    ----------
    layers : Layers
    sweeps : int
        How often to go up and down through the rows.

    Returns
    -------
    Layers
        The best order that was met; the first of equals.

    Examples
    --------
    >>> fitted(laid([[0, 1], [2, 3]], [(0, 3, ""), (1, 2, "")])).rows in (
    ...     ((0, 1), (3, 2)), ((1, 0), (2, 3)))
    True
    """
    row = layers.row_of()
    rows = [list(r) for r in layers.rows]
    below: dict[int, list[int]] = {node: [] for node in row}
    above: dict[int, list[int]] = {node: [] for node in row}
    beside: dict[int, list[int]] = {node: [] for node in row}
    gaps: list[list[tuple[int, int]]] = [[] for _ in rows]
    level: list[list[tuple[int, int]]] = [[] for _ in rows]
    for a, b in layers.pairs():
        if row[a] == row[b]:
            beside[a].append(b)
            beside[b].append(a)
            level[row[a]].append((a, b))
        else:
            above[a].append(b)
            below[b].append(a)
            gaps[row[a]].append((a, b))
    at: dict[int, int] = {}

    def number(r: int) -> None:
        at.update({node: i for i, node in enumerate(rows[r])})

    def cost(which: range) -> int:
        near = range(max(0, which.start - 1), which.stop)
        return sum(_crossings([(at[a], at[b]) for a, b in gaps[r]]) for r in near) + sum(
            abs(at[a] - at[b]) - 1 for r in which for a, b in level[r]
        )

    def centre(node: int, near: dict[int, list[int]]) -> float:
        found = [float(at[o]) for o in near[node]]
        found += [float(at[o]) for o in beside[node]] if found else []
        return sum(found) / len(found) if found else at[node]

    for r in range(len(rows)):
        number(r)
    everything = range(len(rows))
    best, least = [list(r) for r in rows], cost(everything)
    for sweep in range(sweeps):
        near = below if sweep % 2 == 0 else above
        for r in everything if sweep % 2 == 0 else reversed(everything):
            keys = {node: centre(node, near) for node in rows[r]}
            rows[r].sort(key=lambda node: (keys[node], at[node]))
            number(r)
        found = cost(everything)
        if found < least:
            best, least = [list(r) for r in rows], found
    rows = best
    for r in everything:
        number(r)
    for _ in range(4):
        better = False
        for r in everything:
            now = cost(range(r, r + 1))
            for i in range(len(rows[r]) - 1):
                rows[r][i], rows[r][i + 1] = rows[r][i + 1], rows[r][i]
                number(r)
                then = cost(range(r, r + 1))
                if then < now:
                    now, better = then, True
                else:
                    rows[r][i], rows[r][i + 1] = rows[r][i + 1], rows[r][i]
                    number(r)
        if not better:
            break
    return Layers(tuple(map(tuple, rows)), layers.chains, layers.count)


def _isotonic(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Give the nearest values that never fall (pool adjacent violators)."""
    pools: list[list[float]] = []  # mean, weight, length
    for value, weight in zip(wanted, weights, strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            m, w, n = pools.pop()
            p = pools[-1]
            pools[-1] = [(p[0] * p[1] + m * w) / (p[1] + w), p[1] + w, p[2] + n]
    return [mean for mean, _, length in pools for _ in range(int(length))]


def placed(
    layers: Layers, widths: Sequence[float], between: Callable[[int, int], float],
    left: float, right: float,
) -> dict[int, float]:  # fmt: skip
    """Give each node its place from left to right, so that lines run straight where they can.

    Parameters
    ----------
    layers : Layers
    widths : sequence of float
        Of the real nodes; a line's place has none.
    between : callable
        Least distance of two neighbours in a row.
    left, right : float
        The edges. Each row must fit between them.

    Returns
    -------
    dict of int to float
        The middles.
    """

    def wide(node: int) -> float:
        return widths[node] if node < layers.count else 0.0

    row = layers.row_of()
    near: dict[int, list[tuple[int, float]]] = {node: [] for node in row}
    for a, b in layers.pairs():
        if row[a] != row[b]:
            weight = (1.0, 2.0, 8.0)[(a >= layers.count) + (b >= layers.count)]
            near[a].append((b, weight))
            near[b].append((a, weight))
    steps = []
    for nodes in layers.rows:
        step = [0.0]
        for a, b in pairwise(nodes):
            step.append(step[-1] + (wide(a) + wide(b)) / 2 + between(a, b))
        steps.append(step)
    middle = (left + right) / 2
    x: dict[int, float] = {}
    for nodes, step in zip(layers.rows, steps, strict=True):
        x.update({node: middle + s - step[-1] / 2 for node, s in zip(nodes, step, strict=True)})
    order = list(range(len(layers.rows)))
    for sweep in range(24):
        for r in order if sweep % 2 == 0 else reversed(order):
            nodes, step = layers.rows[r], steps[r]
            if not nodes:
                continue
            wanted, weights = [], []
            for node, s in zip(nodes, step, strict=True):
                total = sum(w for _, w in near[node])
                mean = sum(x[o] * w for o, w in near[node]) / total if total else x[node]
                wanted.append(mean - s)
                weights.append(total or 0.1)
            low = left + wide(nodes[0]) / 2
            high = max(low, right - wide(nodes[-1]) / 2 - step[-1])
            for node, s, value in zip(nodes, step, _isotonic(wanted, weights), strict=True):
                x[node] = min(max(value, low), high) + s
    _straighten(layers, x, wide, between, left, right)
    return x


def _straighten(
    layers: Layers, x: dict[int, float], wide: Callable[[int], float],
    between: Callable[[int, int], float], left: float, right: float,
) -> None:  # fmt: skip
    """Put the places of one line below each other wherever their neighbours leave room."""
    beside: dict[int, tuple[int | None, int | None]] = {}
    for nodes in layers.rows:
        for before, node, after in zip((None, *nodes), nodes, (*nodes[1:], None), strict=False):
            beside[node] = before, after
    for _ in range(6):
        for chain in layers.chains:
            lane = chain[1:-1]
            if len(lane) < 2:
                continue
            low, high = left, right
            for node in lane:
                before, after = beside[node]
                if before is not None:
                    low = max(low, x[before] + wide(before) / 2 + between(before, node))
                if after is not None:
                    high = min(high, x[after] - wide(after) / 2 - between(node, after))
            if low <= high:
                ends = (x[chain[0]] + x[chain[-1]]) / 2
                x.update(dict.fromkeys(lane, min(max(ends, low), high)))


def bend(corner_x: float, corner_y: float, x: float, y: float) -> str:
    """Go round a corner to (x, y), as SVG writes it in a path.

    >>> bend(5, 0, 5, 5)
    'C5 0 5 0 5 5'
    """
    corner = f"{number(corner_x)} {number(corner_y)}"
    return f"C{corner} {corner} {number(x)} {number(y)}"
