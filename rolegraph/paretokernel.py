"""The passes of :mod:`rolegraph.pareto` as loops over arrays, to be compiled.

The same search, branch for branch, over bits that are packed anew: only those that the corridor
asks for and that are not held. Graphs with crossings are left to the plain form.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rolegraph.jit import jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Done", "distances", "run"]

_FAR = 1 << 60
_STEPS, _LEARN, _HARDEST, _SUM = range(4)
_KINDS = {"steps": _STEPS, "learn": _LEARN, "hardest": _HARDEST, "sum": _SUM}
_ROOM = 2048  # routes that a front may have here; a larger one goes to the plain form


class Done(NamedTuple):
    """What a pass came to.

    Attributes
    ----------
    finished : bool
        False where the limit ended it.
    examined : int
    still_open : bool
    found : list of (tuple of int, int, list of int)
        The front: values; place among the routes of before, or -1; edges of the pass if it is new.
    """

    finished: bool
    examined: int
    still_open: bool
    found: list[tuple[tuple[int, ...], int, list[int]]]


@jit
def _count(x: Any) -> Any:
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@jit
def _worse(front: Any, m: Any, values: Any, aims: Any, ties: Any, k: Any) -> Any:
    if k > 0:
        return m >= k and values[0] >= front[m - 1, 0]
    for i in range(m):
        dominated = True
        less = not ties
        for j in range(aims):
            if front[i, j] > values[j]:
                dominated = False
                break
            if front[i, j] < values[j]:
                less = True
        if dominated and less:
            return True
    return False


@jit
def _tables(
    steps: Any, ends: Any, dist: Any, indptr: Any, heads: Any, alone: Any, pick: Any, extra: Any,
    sums: Any,
) -> Any:  # fmt: skip
    far = np.int64(1) << np.int64(60)
    n = len(indptr) - 1
    nx, ns = extra.shape[0], sums.shape[0]
    a = np.full((steps, n), far, np.int64)
    p = np.full((steps, n), -far, np.int64)
    x = np.full((nx, steps, n), far, np.int64)
    y = np.full((ns, steps, n), far, np.int64)
    for v in range(n):
        if ends[v]:
            a[0, v] = 0
            p[0, v] = 0
            x[:, 0, v] = 0
            y[:, 0, v] = 0
    for r in range(1, steps):
        for v in range(n):
            if dist[v] > r:
                continue
            for e in range(indptr[v], indptr[v + 1]):
                w = heads[e]
                if a[r - 1, w] >= far:
                    continue
                a[r, v] = min(a[r, v], max(alone[e], a[r - 1, w]))
                gain = pick[e] if r > 1 else 0
                p[r, v] = max(p[r, v], gain + p[r - 1, w])
                for i in range(nx):
                    x[i, r, v] = min(x[i, r, v], max(extra[i, v], x[i, r - 1, w]))
                for i in range(ns):
                    y[i, r, v] = min(y[i, r, v], sums[i, e] + y[i, r - 1, w])
    return a, p, x, y


@jit
def _search(
    steps: Any, source: Any, ends: Any, dist: Any, indptr: Any, heads: Any, rows: Any, need: Any,
    top: Any, sure: Any, sure_top: Any, tokens: Any, all_tokens: Any, kinds: Any, weights: Any,
    sums: Any, least: Any, rest0: Any, max_load: Any, alone: Any, pick: Any, extra: Any, summed:
    Any, front: Any, m: Any, ways: Any, refs: Any, ties: Any, k: Any, examined: Any, limit: Any,
    still_open: Any, room_kept: Any,
) -> Any:  # fmt: skip
    far = np.int64(1) << np.int64(60)
    naims, words = len(kinds), need.shape[1]
    room = front.shape[0]
    have = np.zeros((steps + 1, words), np.uint64)
    node = np.zeros(steps + 1, np.int64)
    pointer = np.zeros(steps + 1, np.int64)
    way = np.zeros(steps + 1, np.int64)
    hard = np.zeros(steps + 1, np.int64)
    wants = np.zeros(steps + 1, np.int64)
    costs = np.zeros((steps + 1, naims), np.int64)
    rest = np.zeros((steps + 1, naims), np.int64)
    todo = np.zeros(steps + 1, np.int64)
    on_way = np.zeros(len(indptr) - 1, np.uint8)
    some = len(indptr) - 1 if room_kept > 0 else 1
    kept = np.zeros(some, np.int64)
    kept_steps = np.zeros((some, max(1, room_kept)), np.int64)
    kept_costs = np.zeros((some, max(1, room_kept), naims), np.int64)
    kept_have = np.zeros((some, max(1, room_kept), words), np.uint64)
    lower = np.zeros(naims, np.int64)
    later = np.zeros(naims, np.int64)
    d = 0
    node[0] = source
    pointer[0] = indptr[source]
    wants[0] = all_tokens
    on_way[source] = 1
    for i in range(naims):
        rest[0, i] = rest0[i]
    for j in range(words):
        todo[0] += _count(sure_top[j])
    while d >= 0:
        at = node[d]
        e = pointer[d]
        if e == indptr[at + 1]:
            on_way[at] = 0
            d -= 1
            continue
        pointer[d] = e + 1
        w = heads[e]
        if on_way[w]:
            continue
        left = steps - d - 1
        missing = wants[d] & ~tokens[e]
        end = ends[w] and missing == 0
        if end and left > 0:
            continue
        if left < 0 or dist[w] > left or (not end and left == 0):
            if not still_open:
                for i in range(naims):
                    if kinds[i] == 0:
                        later[i] = steps + 1
                    elif kinds[i] == 1:
                        later[i] = costs[d, i] + rest[d, i]
                    elif kinds[i] == 2:
                        later[i] = hard[d]
                    else:
                        later[i] = costs[d, i] + least[i, at]
                still_open = not _worse(front, m, later, naims, ties, k)
            continue
        examined += 1
        if examined > limit:
            return m, examined, still_open, 1
        row = rows[e]
        load = 0
        picked = 0
        b = d + 1
        for i in range(naims):
            costs[b, i] = costs[d, i]
            rest[b, i] = rest[d, i]
        for j in range(words):
            new = need[row, j] & ~have[d, j]
            have[b, j] = have[d, j] | new
            if new:
                load += _count(new & top[row, j])
                picked += _count(new & sure_top[j])
                for i in range(naims):
                    if kinds[i] != 1:
                        continue
                    bits = new
                    while bits:
                        low = bits & (~bits + np.uint64(1))
                        value = weights[i, 64 * j + _count(low - np.uint64(1))]
                        costs[b, i] += value
                        if low & sure[j]:
                            rest[b, i] -= value
                        bits ^= low
        if max_load >= 0 and load > max_load:
            continue
        hard[b] = max(hard[d], load)
        todo[b] = todo[d] - picked
        learn = 0
        added = 0
        for i in range(naims):
            if kinds[i] == 0:
                lower[i] = steps
                later[i] = steps + 1
            elif kinds[i] == 1:
                value = costs[b, i] + rest[b, i]
                later[i] = value
                come = extra[learn, left, w]
                lower[i] = (
                    far if come >= far
                    else value + max(0, come - (costs[b, i] - rest0[i] + rest[b, i]))
                )  # fmt: skip
                learn += 1
            elif kinds[i] == 2:
                later[i] = max(hard[b], min(todo[b], 1))
                value = hard[b]
                if left:
                    value = max(value, (todo[b] + left - 1) // left)
                    value = max(value, todo[b] - pick[left, w])
                    value = max(value, alone[left, w])
                lower[i] = value
            else:
                costs[b, i] += sums[i, e]
                later[i] = costs[b, i] + least[i, w]
                lower[i] = costs[b, i] + summed[added, left, w]
                added += 1
        if alone[left, w] >= far or _worse(front, m, lower, naims, ties, k):
            if not still_open:
                still_open = not _worse(front, m, later, naims, ties, k)
            continue
        if end:
            z = 0
            if k > 0:
                z = min(m, k - 1)  # the last makes room
                while z > 0 and front[z - 1, 0] > lower[0]:
                    front[z] = front[z - 1]
                    ways[z] = ways[z - 1]
                    refs[z] = refs[z - 1]
                    z -= 1
                place = z
                m = min(m + 1, k)
            else:
                for i in range(m):
                    same = True
                    better = False
                    for j in range(naims):
                        if front[i, j] != lower[j]:
                            same = False
                        if front[i, j] < lower[j]:
                            better = True
                    if better or (ties and same):
                        front[z] = front[i]
                        ways[z] = ways[i]
                        refs[z] = refs[i]
                        z += 1
                if z == room:
                    return m, examined, still_open, 2
                place = z
                m = z + 1
            for i in range(naims):
                front[place, i] = lower[i]
            refs[place] = -1
            for i in range(d):
                ways[place, i] = way[i]
            ways[place, d] = e
            continue
        if room_kept > 0:
            outdone = False
            for i in range(min(kept[w], room_kept)):
                if kept_steps[w, i] > b:
                    continue
                outdone = True
                for j in range(naims):
                    spent = kept_costs[w, i, j]
                    if kinds[j] == 1:
                        for x in range(words):
                            bits = have[b, x] & ~kept_have[w, i, x]
                            while bits and spent <= costs[b, j]:
                                low = bits & (~bits + np.uint64(1))
                                spent += weights[j, 64 * x + _count(low - np.uint64(1))]
                                bits ^= low
                            if spent > costs[b, j]:
                                break
                    if spent > costs[b, j]:
                        outdone = False
                        break
                if outdone:
                    break
            if outdone:
                continue
            place = kept[w] % room_kept
            kept[w] += 1
            kept_steps[w, place] = b
            for j in range(naims):
                kept_costs[w, place, j] = costs[b, j]
            for x in range(words):
                kept_have[w, place, x] = have[b, x]
        way[d] = e
        d = b
        node[d] = w
        pointer[d] = indptr[w]
        wants[d] = missing
        on_way[w] = 1
    return m, examined, still_open, 0


@jit
def _spread(indptr: Any, heads: Any, far: Any, queue: Any, filled: Any) -> Any:
    at = 0
    while at < filled:
        u = queue[at]
        at += 1
        d = far[u] + 1
        for e in range(indptr[u], indptr[u + 1]):
            w = heads[e]
            if far[w] > d:
                far[w] = d
                queue[filled] = w
                filled += 1
    return at


def distances(graph: Any, question: Any, starts: Iterable[int], back: bool) -> list[int]:
    """Do what :func:`rolegraph.pareto.distances` does, without crossings and shut edges."""
    if not graph._arrays:
        indptr, heads = (np.array(x, np.int64) for x in (graph.indptr, graph.heads))
        tails = np.repeat(np.arange(graph.size), np.diff(indptr))
        order = np.argsort(heads, kind="stable")
        into = np.zeros(graph.size + 1, np.int64)
        np.cumsum(np.bincount(heads, minlength=graph.size), out=into[1:])
        graph._arrays.append(((indptr, heads), (into, tails[order])))
    far = np.full(graph.size, _FAR, np.int64)
    closed = question.blocked - {question.source} if back else question.blocked
    far[list(closed)] = -1
    first = [s for s in dict.fromkeys(starts) if not (back and s in question.blocked)]
    far[first] = 0
    queue = np.zeros(graph.size + 1, np.int64)
    queue[: len(first)] = first
    spread: Any = _spread
    spread(*graph._arrays[0][back], far, queue, len(first))
    far[far < 0] = _FAR
    found: list[int] = far.tolist()
    return found


def _packed(
    numbers: list[int], columns: NDArray[np.int64], words: int, size: int
) -> NDArray[np.uint64]:
    """Pack some columns of bits, given as whole numbers, into rows of 64-bit words."""
    out = np.zeros((len(numbers), words * 64), np.uint8)
    for start in range(0, len(numbers), 256):
        some = numbers[start : start + 256]
        block = np.frombuffer(b"".join(x.to_bytes(size, "little") for x in some), np.uint8)
        bits = np.unpackbits(block.reshape(len(some), size), axis=1, bitorder="little")
        out[start : start + len(some), : len(columns)] = bits[:, columns]
    return np.packbits(out, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def _basis(
    heads: NDArray[np.int64],
    rows: NDArray[np.int64],
    need: NDArray[np.uint64],
    top: NDArray[np.uint64],
    sure: NDArray[np.uint64],
    sure_top: NDArray[np.uint64],
    weights: NDArray[np.int64],
    n: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Do what :meth:`rolegraph.pareto._Pass.basis` does, on arrays."""
    pairs = np.unique(np.stack([heads, rows], 1), axis=0)
    own = np.zeros((n, need.shape[1]), np.uint64)
    np.bitwise_or.at(own, pairs[:, 0], need[pairs[:, 1]])
    once = np.zeros(need.shape[1], np.uint64)
    twice = np.zeros(need.shape[1], np.uint64)
    for bits in own:
        twice |= once & bits
        once |= bits
    alone, pick = (
        np.bitwise_count(x).sum(axis=1, dtype=np.int64)
        for x in (top & (once & ~twice), need & sure_top)
    )
    far = np.int64(_FAR)
    extra = np.full((len(weights), n), far, np.int64)
    for start in range(0, len(need), 256):
        each = np.unpackbits(
            np.ascontiguousarray(need[start : start + 256] & ~sure).view(np.uint8), axis=1,
            bitorder="little",
        )  # fmt: skip
        some = (pairs[:, 1] >= start) & (pairs[:, 1] < start + 256)
        for i, weight in enumerate(weights):
            # whole numbers as floats: exact, and a product that BLAS does
            worth = (each.astype(np.float64) @ weight.astype(np.float64)).astype(np.int64)
            np.minimum.at(extra[i], pairs[some, 0], worth[pairs[some, 1] - start])
    extra[extra >= far] = 0
    return alone[rows], pick[rows], extra


def run(one: Any, limit: int) -> Done | None:
    """Do a pass.

    Parameters
    ----------
    one : rolegraph.pareto._Pass
    limit : int
        Branches to look at, those of earlier passes included.

    Returns
    -------
    Done or None
        None where the front is too large for the arrays.
    """
    s, q, g = one.search, one.search.question, one.search.graph
    aims, steps = q.aims, one.steps
    # by identity, which the edges of a role share: hashing long numbers takes its time
    row_of: dict[tuple[int, int], int] = {}
    asked: list[tuple[int, int]] = []
    rows = []
    every = 0
    for a, t in zip(one.need, one.top, strict=True):
        key = id(a), id(t)
        if key not in row_of:
            row_of[key] = len(asked)
            asked.append((a, t))
            every |= a
        rows.append(row_of[key])
    every &= ~q.held
    size = max(1, (every.bit_length() + 7) // 8)
    flat = np.unpackbits(np.frombuffer(every.to_bytes(size, "little"), np.uint8), bitorder="little")
    columns = np.flatnonzero(flat)
    words = max(1, -(-len(columns) // 64))
    keep = [a & every for a, _ in asked], [t & every for _, t in asked]
    need, top = (_packed(x, columns, words, size) for x in keep)
    sure = _packed([s.sure & every, one.sure_top & every], columns, words, size)
    sure_top_row = sure[1]
    learns = [i for i, a in enumerate(aims) if a.kind == "learn"]
    n = len(one.nodes)
    weights = np.zeros((len(aims), words * 64), np.int64)
    sums = np.zeros((len(aims), max(1, len(one.edges))), np.int64)
    least = np.zeros((len(aims), n), np.int64)
    for i, aim in enumerate(aims):
        if aim.kind == "learn":
            for j, bit in enumerate(columns.tolist()):
                counts = aim.mask >> bit & 1
                weights[i, j] = counts if aim.weights is None or not counts else aim.weights[bit]
        elif aim.kind == "sum":
            assert aim.weights is not None
            sums[i, : len(one.edges)] = [aim.weights[e] for e in one.edges]
            least[i] = [min(s.least[i][v], _FAR) for v in one.nodes]
    indptr, heads, dist = (np.array(x, np.int64) for x in (one.indptr, one.heads, one.dist))
    row_ids = np.array(rows, np.int64)
    alone, pick, extra = _basis(
        heads, row_ids, need, top, sure[0], sure_top_row, weights[learns], n
    )
    added = sums[[i for i, a in enumerate(aims) if a.kind == "sum"], : len(one.edges)]
    ends = np.zeros(n, np.bool_)
    ends[list(one.targets)] = True
    tables = _tables(steps, ends, dist, indptr, heads, alone, pick, extra, added)
    room = q.k if q.k is not None else _ROOM
    if len(s.found) > room or room > _ROOM:
        return None
    front = np.zeros((room, len(aims)), np.int64)
    refs = np.full(room, -1, np.int64)
    ways = np.zeros((room, steps + 1), np.int64)
    for i, way in enumerate(s.found):
        front[i], refs[i] = way.values, i
    search: Any = _search
    # written out, without numba, numpy would warn of the product that is meant to overflow
    with np.errstate(over="ignore"):
        m, examined, still_open, code = search(
            steps, one.source, ends, dist, indptr, heads, row_ids, need, top, sure[0],
            sure_top_row, np.array([g.tokens[e] for e in one.edges], np.int64), q.tokens,
            np.array([_KINDS[a.kind] for a in aims], np.int64), weights, sums, least,
            np.array(s.rest, np.int64),
            -1 if q.max_load is None else q.max_load, *tables, front, len(s.found), ways, refs,
            q.ties, q.k or 0, s.examined, limit, s.open, one.room_kept,
        )  # fmt: skip
    if code == 2:
        return None
    found = [(tuple(front[i].tolist()), int(refs[i]), ways[i, :steps].tolist()) for i in range(m)]
    return Done(code == 0, int(examined), bool(still_open), found)
