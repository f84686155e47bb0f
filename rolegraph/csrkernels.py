"""Searches over compressed rows: loops over arrays that :mod:`rolegraph.jit` compiles.

What they share
---------------
Edges from node ``i`` are the positions ``indptr[i]`` up to ``indptr[i + 1]`` of ``heads`` and
``weight``. Weights are whole numbers of at least 1 in floating point, exact below 2**53, made so
that of two ways of equal weight both have equally many legs (see :mod:`rolegraph.network`). Such
ways are told apart by the ranks of the nodes that they enter, in the order of the way, and then by
their names.

A tie is settled where it comes up: when an edge leads to a node just as cheaply as the way that it
has, the two ways are followed until they meet, which is mostly at once. That is safe, since all
nodes before an end have their final ways by then: each leg weighs something.

Rows are sorted by weight, so a row is left as soon as an edge is too heavy to matter.

Work space is handed in and left as it was found, so that nothing is cleared between searches. One
search at a time may use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from rolegraph.jit import jit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.floating[Any]]
    Ints: TypeAlias = NDArray[np.integer[Any]]

__all__ = ["bounds", "meet", "spur", "tree"]

INFINITE = float("inf")


@jit
def _rise(heap: Ints, place: Ints, key: Floats, node: int) -> None:
    """Move a node of a binary heap up to where it belongs."""
    i = place[node]
    while i > 0:
        above = (i - 1) >> 1
        other = heap[above]
        if key[other] <= key[node]:
            break
        heap[i] = other
        place[other] = i
        i = above
    heap[i] = node
    place[node] = i


@jit
def _pop(heap: Ints, place: Ints, key: Floats, size: int) -> None:
    """Take the least node off a heap of ``size`` nodes."""
    place[heap[0]] = -2  # has been in the heap, and comes no more
    size -= 1
    if size == 0:
        return
    node = heap[size]
    i = 0
    while True:
        below = 2 * i + 1
        if below >= size:
            break
        least = heap[below]
        if below + 1 < size:
            other = heap[below + 1]
            if key[other] < key[least]:
                below, least = below + 1, other
        if key[node] <= key[least]:
            break
        heap[i] = least
        place[least] = i
        i = below
    heap[i] = node
    place[node] = i


@jit
def _before(parents: Ints, ranks: Ints, names: Ints, one: int, two: int) -> bool:
    """Whether the way to one node sorts before that to another, with as many legs.

    From the end back to where the ways part; the last difference seen is the first on the way.
    """
    by_label, by_name = 0, 0
    while one != two:
        if ranks[one] != ranks[two]:
            by_label = -1 if ranks[one] < ranks[two] else 1
        if names[one] != names[two]:
            by_name = -1 if names[one] < names[two] else 1
        one, two = parents[one], parents[two]
    return by_label < 0 or (by_label == 0 and by_name < 0)


@jit
def _ahead(parents: Ints, ranks: Ints, names: Ints, one: int, two: int) -> bool:
    """Whether the way on from one node sorts before that from another, with as many legs."""
    by_name = 0
    while one != two:
        if ranks[one] != ranks[two]:
            return bool(ranks[one] < ranks[two])
        if by_name == 0 and names[one] != names[two]:
            by_name = -1 if names[one] < names[two] else 1
        one, two = parents[one], parents[two]
    return by_name < 0


@jit
def _line(back: Ints, on: Ints, middle: int, a: int, b: int, out: Ints) -> int:
    """Write down the nodes of a way after ``a``, through a meeting place; give their count."""
    count, node = 0, middle
    while node != a:
        out[count] = node
        count += 1
        node = back[node]
    for i in range(count // 2):
        out[i], out[count - 1 - i] = out[count - 1 - i], out[i]
    node = middle
    while node != b:
        node = on[node]
        out[count] = node
        count += 1
    return count


@jit
def _less(ranks: Ints, names: Ints, one: Ints, two: Ints, count: int) -> bool:
    """Whether one way, written down, sorts before another."""
    for by in (ranks, names):
        for i in range(count):
            if by[one[i]] != by[two[i]]:
                return bool(by[one[i]] < by[two[i]])
    return False


@jit
def _positions(indptr: Ints, heads: Ints, a: int, nodes: Ints, count: int, out: Ints) -> None:
    """Write down the edges of a way, given by the nodes that it enters."""
    for i in range(count):
        at = indptr[a]
        while heads[at] != nodes[i]:
            at += 1
        out[i] = at
        a = nodes[i]


@jit
def meet(
    indptr: Ints,
    heads: Ints,
    weight: Floats,
    back_indptr: Ints,
    back_tails: Ints,
    back_weight: Floats,
    ranks: Ints,
    names: Ints,
    a: int,
    b: int,
    level: bool,
    far: Floats,
    space: Ints,
) -> int:
    """Find the best way from ``a`` to another node ``b``, from both ends at once.

    Two balls grow until the sum of their radii comes to the least weight of any way found. By then
    each node on any way of that weight is in one of the balls, or next to both, so that all ties
    have been seen. An edge that is too heavy for a way so light, given the other ball's radius, is
    left out; if it ends inside the other ball, that one has looked at it.

    Parameters
    ----------
    indptr, heads, weight
        Rows of edges, each sorted by weight.
    back_indptr, back_tails, back_weight
        The same edges in rows by their heads, each sorted by weight.
    ranks, names : array of int32
        Per node.
    a, b : int
    level : bool
        Whether all edges weigh the same; nodes then come up in order by themselves.
    far : array of float64, 2 by n
        Work space, infinite.
    space : array of int32, 10 by n
        Work space; the first two rows are -1.

    Returns
    -------
    int
        Count of legs, 0 if there is no way. Row 8 of ``space`` begins with their positions, row 9
        with the nodes that they enter.

    References
    ----------
    Pohl, I. (1971). Bi-directional search. Machine Intelligence 6, 127-140.
    """
    place, heap, parents = space[0:2], space[2:4], space[4:6]
    seen, meeting, draft, out = space[6], space[7], space[8], space[9]
    far[0, a] = 0.0
    far[1, b] = 0.0
    heap[0, 0] = a
    heap[1, 0] = b
    if not level:
        place[0, a] = 0
        place[1, b] = 0
    seen[0] = a
    seen[1] = b
    touched, meetings, best = 2, 0, INFINITE
    first0, first1, last0, last1 = 0, 0, 1, 1
    while first0 < last0 and first1 < last1:
        radius0, radius1 = far[0, heap[0, first0]], far[1, heap[1, first1]]
        if radius0 + radius1 >= best:
            break
        forward = last0 - first0 <= last1 - first1
        if forward:
            side, radius, first, last = 0, radius1, first0, last0
            rows, ends, weights = indptr, heads, weight
        else:
            side, radius, first, last = 1, radius0, first1, last1
            rows, ends, weights = back_indptr, back_tails, back_weight
        mine, theirs, own = far[side], far[1 - side], parents[side]
        my_heap, my_place = heap[side], place[side]
        at = my_heap[first]
        if level:
            first += 1
        else:
            _pop(my_heap, my_place, mine, last)
            last -= 1
        gone = mine[at]
        for i in range(rows[at], rows[at + 1]):
            new = gone + weights[i]
            if new + radius > best:
                break
            node = ends[i]
            old = mine[node]
            if new > old:
                continue
            if new == old:
                if forward:
                    if _before(own, ranks, names, at, own[node]):
                        own[node] = at
                elif _ahead(own, ranks, names, at, own[node]):
                    own[node] = at
                continue
            if theirs[node] == INFINITE and new + radius >= best:
                continue  # the other ball knows all nodes that are no farther than its radius
            if old == INFINITE:
                if theirs[node] == INFINITE:
                    seen[touched] = node
                    touched += 1
                my_heap[last] = node
                if not level:
                    my_place[node] = last
                last += 1
            mine[node] = new
            own[node] = at
            if not level:
                _rise(my_heap, my_place, mine, node)
            total = new + theirs[node]
            if total < best:
                best, meetings = total, 0
            if total == best and best < INFINITE:
                meeting[meetings] = node
                meetings += 1
        if forward:
            first0, last0 = first, last
        else:
            first1, last1 = first, last
    legs = 0
    for i in range(meetings):
        count = _line(parents[0], parents[1], meeting[i], a, b, draft)
        if legs == 0 or _less(ranks, names, draft, out, count):
            legs = count
            for j in range(count):
                out[j] = draft[j]
    _positions(indptr, heads, a, out, legs, draft)
    for i in range(touched):
        node = seen[i]
        far[0, node] = INFINITE
        far[1, node] = INFINITE
    if not level:
        for i in range(touched):
            node = seen[i]
            place[0, node] = -1
            place[1, node] = -1
    return legs


@jit
def _sooner(
    whole: Floats, parents: Ints, depth: Ints, ranks: Ints, names: Ints, one: int, two: int
) -> bool:
    """Whether a node comes before another: by the whole way at least, then by the way so far."""
    if whole[one] != whole[two]:
        return bool(whole[one] < whole[two])
    x, y = one, two
    while depth[x] > depth[y]:
        x = parents[x]
    while depth[y] > depth[x]:
        y = parents[y]
    by_label, by_name = 0, 0
    while x != y:
        if ranks[x] != ranks[y]:
            by_label = -1 if ranks[x] < ranks[y] else 1
        if names[x] != names[y]:
            by_name = -1 if names[x] < names[y] else 1
        x, y = parents[x], parents[y]
    if by_label == 0 and depth[one] != depth[two]:
        return bool(depth[one] < depth[two])
    return by_label < 0 or (by_label == 0 and by_name < 0)


@jit
def spur(
    indptr: Ints,
    heads: Ints,
    weight: Floats,
    ranks: Ints,
    names: Ints,
    to: Floats,
    cap: float,
    a: int,
    b: int,
    barred: Ints,
    banned: Ints,
    limit: float,
    far: Floats,
    space: Ints,
) -> int:
    """Find the best way from ``a`` to another node ``b`` that keeps off some nodes.

    The search is steered by what is left to go at least, the lesser of ``to`` and ``cap``. Nodes
    come in the order of the whole way at least and, of equal ones, of the labels so far, so it goes
    straight for the first of many ways of equal weight.

    Parameters
    ----------
    indptr, heads, weight, ranks, names, a, b
        As for :func:`meet`.
    to : array of float64
        Weight from each node to ``b``, as :func:`tree` leaves it.
    cap : float
        As :func:`tree` gives it.
    barred : array of int32
        Nodes that may not be entered.
    banned : array of int32
        Nodes that may not be entered straight from ``a``.
    limit : float
        Heavier ways are not looked for.
    far, space
        As for :func:`meet`.

    Returns
    -------
    int
        Count of legs, 0 if there is no way. Row 8 of ``space`` begins with their positions, row 9
        with the nodes that they enter.

    References
    ----------
    Hart, P. E., Nilsson, N. J., Raphael, B. (1968). A formal basis for the heuristic determination
    of minimum cost paths. IEEE Transactions on Systems Science and Cybernetics 4, 100-107.
    """
    place, off, heap, depth, parents = space[0], space[1], space[2], space[3], space[4]
    seen, draft, out = space[6], space[8], space[9]
    gone, whole = far[0], far[1]
    for i in range(len(barred)):
        off[barred[i]] = 0
    gone[a] = 0.0
    whole[a] = min(to[a], cap)
    heap[0] = a
    place[a] = 0
    depth[a] = 0
    seen[0] = a
    touched, size, legs = 1, 1, 0
    while size > 0:
        at = heap[0]
        if whole[at] > limit:
            break
        if at == b:
            legs = _line(parents, parents, b, a, b, out)
            _positions(indptr, heads, a, out, legs, draft)
            break
        # take it off the heap
        place[at] = -2
        size -= 1
        last = heap[size]
        i = 0
        while size > 0:
            below = 2 * i + 1
            if below >= size:
                heap[i] = last
                place[last] = i
                break
            if below + 1 < size and _sooner(
                whole, parents, depth, ranks, names, heap[below + 1], heap[below]
            ):
                below += 1
            if not _sooner(whole, parents, depth, ranks, names, heap[below], last):
                heap[i] = last
                place[last] = i
                break
            heap[i] = heap[below]
            place[heap[i]] = i
            i = below
        so_far = gone[at]
        for i in range(indptr[at], indptr[at + 1]):
            new = so_far + weight[i]
            if new > limit:
                break
            node = heads[i]
            old = gone[node]
            total = new + min(to[node], cap)
            if new > old or total > limit or off[node] == 0 or place[node] == -2:
                continue
            if new == old and not _before(parents, ranks, names, at, parents[node]):
                continue
            if at == a:
                free = True
                for j in range(len(banned)):
                    free = free and banned[j] != node
                if not free:
                    continue
            if old == INFINITE:
                seen[touched] = node
                touched += 1
                place[node] = size
                size += 1
            gone[node] = new
            whole[node] = total
            parents[node] = at
            depth[node] = depth[at] + 1
            # put it where it belongs in the heap
            spot = place[node]
            while spot > 0:
                above = heap[(spot - 1) >> 1]
                if not _sooner(whole, parents, depth, ranks, names, node, above):
                    break
                heap[spot] = above
                place[above] = spot
                spot = (spot - 1) >> 1
            heap[spot] = node
            place[node] = spot
            if node == b:
                limit = new
    for i in range(touched):
        node = seen[i]
        gone[node] = INFINITE
        whole[node] = INFINITE
        place[node] = -1
    for i in range(len(barred)):
        off[barred[i]] = -1
    return legs


@jit
def bounds(
    indptr: Ints,
    heads: Ints,
    weight: Floats,
    to: Floats,
    cap: float,
    a: int,
    way: Ints,
    fixed: int,
    banned: Ints,
    space: Ints,
    least: Floats,
) -> None:
    """Say how much a way at least weighs that leaves a known one, for each place where it may.

    Parameters
    ----------
    indptr, heads, weight, to, cap
        As for :func:`spur`.
    a : int
        Where the way starts.
    way : array of int32
        The positions of its edges.
    fixed : int
        Ways leave it here or later, counted in edges.
    banned : array of int32
        Nodes that may not be entered at ``fixed``, beside the one that the way enters there.
    space
        As for :func:`meet`.
    least : array of float64, as long as the way
        Filled in from ``fixed`` on; infinite where no way leaves.
    """
    off = space[1]
    gone, at = 0.0, a
    for i in range(len(way)):
        off[at] = 0
        if i == fixed:
            for j in range(len(banned)):
                off[banned[j]] = 0
        if i >= fixed:
            best = INFINITE
            for j in range(indptr[at], indptr[at + 1]):
                if weight[j] >= best:
                    break
                node = heads[j]
                if off[node] != 0 and j != way[i]:
                    best = min(best, weight[j] + min(to[node], cap))
            least[i] = gone + best
        if i == fixed:
            for j in range(len(banned)):
                off[banned[j]] = -1
        gone += weight[way[i]]
        at = heads[way[i]]
    off[a] = -1
    for i in range(len(way)):
        off[heads[way[i]]] = -1


@jit
def tree(
    indptr: Ints,
    heads: Ints,
    weight: Floats,
    ranks: Ints,
    names: Ints,
    start: int,
    limit: float,
    budget: int,
    ties: bool,
    far: Floats,
    parents: Ints,
    space: Ints,
) -> float:
    """Find the best ways from a node to all others, or to those that are near.

    Parameters
    ----------
    indptr, heads, weight, ranks, names
        As for :func:`meet`.
    start : int
    limit : float
        Nodes farther away are left out.
    budget : int
        How many edges to look at before it is enough; 0 for all.
    ties : bool
        Whether it matters which of the lightest ways a node's parent is on.
    far : array of float64
        Filled in: the least weight to each node, if it is below what is returned; a weight no
        less than the least to the others that have been seen. Infinite to begin with.
    parents : array of int32
        Filled in: the node before each. -1 to begin with.
    space : array of int32, 2 by n
        Work space.

    Returns
    -------
    float
        All nodes that are nearer than this have been passed.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik
    1, 269-271.
    """
    place, heap = space[0], space[1]
    far[start] = 0.0
    heap[0] = start
    size, looked = 1, 0
    while size > 0:
        at = heap[0]
        gone = far[at]
        if budget > 0 and looked > budget:
            return float(gone)
        _pop(heap, place, far, size)
        size -= 1
        for i in range(indptr[at], indptr[at + 1]):
            new = gone + weight[i]
            if new > limit:
                break
            looked += 1
            node = heads[i]
            old = far[node]
            if new > old:
                continue
            if new == old:
                if ties and _before(parents, ranks, names, at, parents[node]):
                    parents[node] = at
                continue
            if old == INFINITE:
                place[node] = size
                size += 1
            far[node] = new
            parents[node] = at
            _rise(heap, place, far, node)
    return limit
