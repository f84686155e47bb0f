"""The network to move about in: its data, where its roles stand, and the notebook's widget.

What draws is ``web/explore.js``, with sigma and graphology from ``web/vendor``; the explorer page
uses the same. Here is what Python does for it: the network as compact numbers
(:func:`network_data`), positions that are the same every time (:func:`layout`), the card of a role
(:func:`card`), and the widget (:func:`explore`), which asks for cards when they are opened.

References
----------
McInnes, L., Healy, J., Melville, J. (2018). UMAP: Uniform Manifold Approximation and Projection
for Dimension Reduction. arXiv:1802.03426.

Zheng, J. X., Pawar, S., Goodman, D. F. M. (2019). Graph drawing by stochastic gradient descent.
IEEE Transactions on Visualization and Computer Graphics 25, 2738-2748.
"""

from __future__ import annotations

import base64
import math
import random
import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

from rolegraph.errors import ExtraMissingError, RoleGraphError
from rolegraph.faces import counted
from rolegraph.networkdata import KINDS, TYPES
from rolegraph.values import Evidence, Role, Transition

__all__ = ["Still", "card", "explore", "layout", "network_data", "script", "style"]

Json: TypeAlias = dict[str, Any]
Position: TypeAlias = tuple[list[int], list[int]]

_WEB = Path(__file__).resolve().parent / "web"
_SMALL = 150  # roles up to which distances in steps are looked at, all of them
_EPOCHS, _AWAY = 250, 6  # rounds of the layout, and roles that each is pushed from in one
_A, _B = 0.583, 1.334  # UMAP's curve for min_dist 0.5
_STILL = 60  # roles up to which a picture shows all of them


# --- where roles stand


def layout(
    count: int, edges: Iterable[tuple[int, int]], weights: Sequence[float] | None = None
) -> Position:
    """Place the roles of a network on a square, the same way every time.

    Few roles are placed so that distances on the page are those in steps. Many are placed as UMAP
    places points: what edges join is pulled together by their weight, each role is pushed away
    from some others at random (from a fixed seed), and the start is the network's spectrum. So
    similar occupations come to stand near each other; directions and the distance of far groups
    mean nothing.

    Parameters
    ----------
    count : int
        How many roles there are.
    edges : iterable of (int, int)
        Numbers of the roles that each edge joins; its direction does not matter.
    weights : sequence of float, optional
        How strongly each edge pulls, above 0; all alike when None.

    Returns
    -------
    tuple of (list of int, list of int)
        x and y of each role, whole numbers from 0 to 1000.

    Raises
    ------
    ExtraMissingError
        If there are more than 150 roles, and numpy or scipy (extra ``store``) is missing.

    Examples
    --------
    >>> x, y = layout(3, [(0, 1), (1, 2)])
    >>> min(x), max(x)
    (0, 1000)
    >>> layout(3, [(0, 1), (1, 2)]) == (x, y)
    True
    """
    pairs = list(edges)
    pulls = [1.0] * len(pairs) if weights is None else [float(w) for w in weights]
    joined: dict[tuple[int, int], float] = {}
    for (a, b), w in zip(pairs, pulls, strict=True):
        if a != b:
            key = (min(a, b), max(a, b))
            joined[key] = max(joined.get(key, 0.0), w)
    inside = sorted({n for pair in joined for n in pair})
    number = {n: i for i, n in enumerate(inside)}
    links = {(number[a], number[b]): w for (a, b), w in joined.items()}
    if len(inside) <= _SMALL:
        points = _by_steps(len(inside), links) if links else []
    else:
        points = _by_pull(len(inside), links)
    alone = [n for n in range(count) if n not in number]
    x, y = [500] * count, [500] * count
    deep = (1000 if not alone else 930) if inside else 0
    for n, h, v in zip(
        inside,
        _spread([p[0] for p in points], 1000),
        _spread([p[1] for p in points], deep),
        strict=True,
    ):
        x[n], y[n] = h, v
    # what nothing joins stands in a row of its own
    for k, n in enumerate(alone):
        x[n], y[n] = round(1000 * (k + 0.5) / len(alone)), 1000 if inside else 500
    return x, y


def _spread(values: list[float], size: int) -> list[int]:
    """Stretch values to whole numbers from 0 to a size."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if high - low < 1e-9:
        return [size // 2] * len(values)
    return [round(size * (v - low) / (high - low)) for v in values]


def _by_steps(count: int, joined: Mapping[tuple[int, int], float]) -> list[tuple[float, float]]:
    """Minimise the stress of all distances in steps, one pair after the other."""
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in joined:
        near[a].append(b)
        near[b].append(a)
    far = [_steps(near, i) for i in range(count)]
    most = max((d for row in far for d in row.values()), default=1)
    # parts that nothing joins stand side by side
    pairs = [(i, j, float(far[i].get(j, most * 0.75 + 1))) for i in range(count) for j in range(i)]
    chance = random.Random(0)
    x = [chance.random() for _ in range(count)]
    y = [chance.random() for _ in range(count)]
    longest = max(d for *_, d in pairs)
    rounds = 40
    fall = math.log(0.1 / longest**2) / (rounds - 1)
    for k in range(rounds):
        step = longest**2 * math.exp(fall * k)
        chance.shuffle(pairs)
        for i, j, d in pairs:
            dx, dy = x[i] - x[j], y[i] - y[j]
            now = math.hypot(dx, dy) or 1e-9
            move = min(step / d**2, 1.0) * (now - d) / (2 * now)
            x[i] -= move * dx
            y[i] -= move * dy
            x[j] += move * dx
            y[j] += move * dy
    return list(zip(x, y, strict=True))


def _steps(near: Sequence[Sequence[int]], start: int) -> dict[int, int]:
    """Count the steps from one role to all that can be reached."""
    far, queue = {start: 0}, deque([start])
    while queue:
        i = queue.popleft()
        for j in near[i]:
            if j not in far:
                far[j] = far[i] + 1
                queue.append(j)
    return far


def _by_pull(count: int, joined: Mapping[tuple[int, int], float]) -> list[tuple[float, float]]:
    """Pull together what edges join, push the rest apart, beginning with the spectrum."""
    try:
        import numpy as np
        from scipy.sparse import coo_array, diags_array
        from scipy.sparse.linalg import eigsh
    except ImportError as error:
        raise ExtraMissingError(error.name or "numpy", "store") from None

    ends = np.array(list(joined), np.int64)
    i, j = ends[:, 0], ends[:, 1]
    pull = np.array(list(joined.values()))
    pull = pull / pull.max()
    both = (np.r_[i, j], np.r_[j, i])
    matrix = coo_array((np.r_[pull, pull], both), shape=(count, count)).tocsr()
    root = 1 / np.sqrt(np.maximum(matrix.sum(axis=1), 1e-9))
    scale = diags_array(root)
    start = np.full(count, 1 / np.sqrt(count))
    values, vectors = eigsh(scale @ matrix @ scale, k=6, which="LA", v0=start)
    ordered = vectors[:, np.argsort(-values)][:, 1:3] * root[:, None]
    # only the order is taken: values lump together where parts are loosely joined
    rank = np.argsort(np.argsort(ordered, axis=0, kind="stable"), axis=0, kind="stable")
    chance = np.random.default_rng(0)
    at = rank * (20 / count) - 10 + chance.normal(scale=0.05, size=(count, 2))
    degree = np.maximum(np.bincount(np.r_[i, j], minlength=count), 1)[:, None]
    for epoch in range(_EPOCHS):
        apart = at[i] - at[j]
        square = np.maximum((apart**2).sum(axis=1), 1e-12)
        force = -2 * _A * _B * square ** (_B - 1) / (1 + _A * square**_B)
        drawn = np.clip((force * pull)[:, None] * apart, -4, 4)
        pulled = np.zeros_like(at)
        for c in (0, 1):
            pulled[:, c] = np.bincount(i, drawn[:, c], count) - np.bincount(j, drawn[:, c], count)
        pushed = np.zeros_like(at)
        for _ in range(_AWAY):
            apart = at - at[chance.integers(0, count, count)]
            square = (apart**2).sum(axis=1)
            force = np.where(square > 0, 2 * _B / ((0.001 + square) * (1 + _A * square**_B)), 0)
            pushed += np.clip(force[:, None] * apart, -4, 4)
        at += (1 - epoch / _EPOCHS) * 0.5 * (2.5 * pulled / degree + 2.5 / _AWAY * pushed)
    # the long side lies flat; the signs of the axes are fixed, as they would be chance
    at -= at.mean(axis=0)
    _, axes = np.linalg.eigh(at.T @ at)
    at = at @ axes[:, ::-1]
    at *= np.where(at[np.abs(at).argmax(axis=0), [0, 1]] < 0, -1, 1)
    # a few that fly off must not press the rest into a corner, nor crowds lie on each other: half
    # of what counts is the place in the order from side to side
    low, high = np.quantile(at, 0.002, axis=0), np.quantile(at, 0.998, axis=0)
    flat = np.clip((at - low) / (high - low), -0.02, 1.02)
    order = np.argsort(np.argsort(at, axis=0, kind="stable"), axis=0, kind="stable") / count
    return [(float(x), float(y)) for x, y in (flat + order) / 2]


# --- the network as numbers


def network_data(
    graph: Any,
    roles: Iterable[str | Role] | None = None,
    *,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
) -> Json:
    """Put a graph's roles and transitions into the compact form that ``explore.js`` draws.

    Parameters
    ----------
    graph : RoleGraph
    roles : iterable of str or Role, or one of them, optional
        The roles to take; all when None. Transitions are taken if both ends are.
    kinds, types : sequence of str, optional
        Kinds of evidence and types of transition to take; all when None. Mappings between
        classifications are no career steps and never taken.

    Returns
    -------
    dict
        ``roles`` has a row for each: label, IRI, and the places of family, level and source in
        ``families``, ``levels`` and ``sources`` (-1 where none is stated). ``out`` counts the
        transitions that leave each role; ``target``, ``type``, ``kind`` (one digit each) and
        ``value`` (in millionths, -1 for none) are in that order. ``x`` and ``y`` place the roles.

    Raises
    ------
    NotFoundError, AmbiguousLabelError
        If one of ``roles`` is not known or not clear; the message has the nearest labels.
    ValueError
        If a kind or a type is not known, or there is no role.

    Examples
    --------
    >>> import rolegraph as rg
    >>> data = network_data(rg.load())
    >>> len(data["roles"]) == len(data["x"]), sum(data["out"]) == len(data["target"])
    (True, True)
    """
    if isinstance(roles, str | Role):
        roles = (roles,)
    chosen = list(dict.fromkeys(graph.roles() if roles is None else map(graph.role, roles)))
    if not chosen:
        raise ValueError("there is no role to show: `roles` is empty")
    chosen.sort(key=lambda r: (r.label.casefold(), r.iri))
    place = {r.iri: n for n, r in enumerate(chosen)}
    rows = _edges(graph, place, kinds, types)
    weights = [1.0 if v < 0 else max(v / 1e6, 0.01) for *_, v in rows]
    x, y = layout(len(chosen), [(a, b) for a, b, *_ in rows], weights)
    out = [0] * len(chosen)
    for a, *_ in rows:
        out[a] += 1
    families, levels, sources = (_Names() for _ in range(3))
    titles = _titles(graph)
    listed = [
        [r.label, r.iri, families.place(r.family), levels.place(r.level),
         sources.place(titles.get(r.source or "", r.source))]
        for r in chosen
    ]  # fmt: skip
    few = len(chosen) <= 500
    return {
        "title": "roles and transitions",
        "kinds": list(KINDS),
        "types": list(TYPES),
        "families": list(families),
        "levels": list(levels),
        "sources": list(sources),
        "roles": listed,
        "alts": {i: list(r.alt_labels) for i, r in enumerate(chosen) if few and r.alt_labels},
        "out": out,
        "target": [b for _, b, *_ in rows],
        "type": "".join(_digit(t) for _, _, t, *_ in rows),
        "kind": "".join(_digit(k) for _, _, _, k, _ in rows),
        "value": [v for *_, v in rows],
        "x": x,
        "y": y,
    }


class _Names(dict[str, int]):
    """Numbers names in the order in which they come."""

    def place(self, name: str | None) -> int:
        return -1 if not name else self.setdefault(name, len(self))


def _digit(n: int) -> str:
    return "0123456789abcdefghijklmnopqrstuvwxyz"[n]


def _titles(graph: Any) -> dict[str, str]:
    if graph._generation is None:
        return {}
    return {s.name: f"{s.title} {s.version}".strip() for s in graph.sources()}


_Row: TypeAlias = tuple[int, int, int, int, int]


def _edges(
    graph: Any,
    place: Mapping[str, int],
    kinds: Sequence[str] | None,
    types: Sequence[str] | None,
) -> list[_Row]:
    """Give the edges between some roles: source, target, type, kind, value in millionths."""
    known = tuple(t for t in TYPES if t != "mapping")
    wanted_kinds = _wanted(kinds, KINDS, KINDS, "kind of evidence")
    wanted_types = _wanted(types, TYPES, known, "type")
    net = graph._network()
    if net is None:
        rows = [
            (place[t.source.iri], place[t.target.iri], TYPES.index(t.type), KINDS.index(t.kind),
             -1 if t.value is None else round(t.value * 1e6))
            for t in graph.transitions()
            if t.source and t.target and t.source.iri in place and t.target.iri in place
        ]  # fmt: skip
        return sorted(r for r in rows if r[2] in wanted_types and r[3] in wanted_kinds)
    number = [place.get(net.roles[i], -1) for i in range(len(net.roles))]
    ends, targets = net.indptr.tolist(), net.indices.tolist()
    marks = zip(net.type.tolist(), net.kind.tolist(), net.value.tolist(), strict=True)
    rows, source = [], 0
    for e, (b, (t, k, v)) in enumerate(zip(targets, marks, strict=True)):
        while ends[source + 1] <= e:
            source += 1
        a, b = number[source], number[b]
        if a >= 0 and b >= 0 and t in wanted_types and k in wanted_kinds:
            rows.append((a, b, t, k, -1 if v != v else round(v * 1e6)))
    return sorted(rows)


def _wanted(
    given: Sequence[str] | None, names: Sequence[str], known: Sequence[str], what: str
) -> set[int]:
    """Turn names into places; all that are known when None."""
    chosen = known if given is None else (given,) if isinstance(given, str) else given
    for name in chosen:
        if name not in known:
            raise ValueError(f"no {what} {name!r}; known are {', '.join(known)}")
    return {names.index(name) for name in chosen}


# --- the card of a role


def card(graph: Any, role: str | Role) -> Json:
    """Give what the card of a role shows, with who says so.

    Parameters
    ----------
    graph : RoleGraph
    role : str or Role

    Returns
    -------
    dict
        ``asks``: the skills, with how much of each; ``aspects``: pairs of a title and what is
        stated under it; ``steps``: the transitions from and to the role, by the IRIs of their
        ends. Each thing has its ``kind`` of evidence and, under ``says``, the evidence in words.

    Raises
    ------
    NotFoundError, AmbiguousLabelError
        If the role is not known or not clear.

    Examples
    --------
    >>> import rolegraph as rg
    >>> shown = card(rg.load(), "Delivery Manager")
    >>> shown["asks"][0]["kind"], shown["asks"][0]["note"]
    ('stated', 'essential')
    """
    facts = graph.facts(role)
    near = (*graph.transitions(facts.role), *graph.transitions(target=facts.role))
    return {
        "asks": [
            {"label": r.label, "note": r.demand, "kind": r.claim.kind, "says": _says(r.evidence)}
            for r in facts.requirements
        ],
        "aspects": [
            [
                name.capitalize(),
                [
                    {"label": f.label, "kind": ", ".join(f.kinds), "says": _says(f.evidence)}
                    for f in found
                ],
            ]
            for name, found in facts.findings.items()
            if found
        ],
        "steps": [_step(t) for t in near if t.source is not None and t.target is not None],
    }


def _says(evidence: Iterable[Evidence]) -> list[str]:
    return [str(e) for e in evidence]


def _step(t: Transition) -> Json:
    assert t.source is not None and t.target is not None  # noqa: PT018
    return {
        "from": t.source.iri,
        "to": t.target.iri,
        "type": t.type,
        "kind": t.kind,
        "hedge": "" if t.claim.hedge in (None, "stated") else t.claim.hedge,
        "before": list(t.claim.preconditions),
        "says": _says(t.evidence),
    }


# --- the widget


@lru_cache(maxsize=1)
def script() -> str:
    """Put the vendored libraries, ``explore.js`` and the widget's own part into one module.

    Returns
    -------
    str
        An ECMAScript module that imports nothing, so that it works with no network.
    """

    def read(name: str) -> str:
        # what follows the last line would look for a file of the package
        text = (_WEB / name).read_text("utf-8")
        return "\n".join(x for x in text.splitlines() if not x.startswith("//# sourceMappingURL"))

    def library(name: str) -> str:
        # a function of its own for each, in which it finds a CommonJS module to fill
        return (
            "(function () {\n"
            "const module = { exports: {} }; const exports = module.exports; let define;\n"
            # sigma asks for WebGL while it is read; without it the rest is to work all the same
            f"try {{\n{read(name)}\n}} catch {{ return undefined; }}\n"
            "return module.exports; }).call(globalThis)"
        )

    return (
        "const scope = {};\n"
        f"scope.graphology = {library('vendor/graphology.umd.min.js')};\n"
        f"scope.Sigma = {library('vendor/sigma.min.js')};\n"
        f"(function (globalThis) {{\n{read('explore.js')}\n}})(scope);\n{_FRONT}"
    )


@lru_cache(maxsize=1)
def style() -> str:
    """Give the style sheet of the widget, with the colours of tokens.css before it.

    They go by the theme of the notebook, which explore.js writes on the widget: it need not be that
    of the system.
    """
    light, dark = re.findall(r":root \{([^}]*)\}", (_WEB / "tokens.css").read_text("utf-8"))
    colours = f'.rgx {{{light}}}\n.rgx[data-theme="dark"] {{{dark}}}\n'
    return colours + (_WEB / "explore.css").read_text("utf-8")


_FRONT = """
function render({ model, el }) {
  let serial = 0;
  const open = new Map();
  const ask = (message) => new Promise((resolve, reject) => {
    open.set(++serial, [resolve, reject]);
    model.send({ ...message, serial });
  });
  const answered = (message) => {
    const [resolve, reject] = open.get(message.serial) || [];
    open.delete(message.serial);
    if (resolve) "error" in message ? reject(new Error(message.error)) : resolve(message.answer);
  };
  model.on("msg:custom", answered);
  const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const data = model.get("data");
  const route = model.get("route");
  const view = scope.RolegraphExplore(el, data, {
    height: model.get("height"), wheel: "focus",
    card: (id) => ask({ ask: "card", id }),
    search: data.roles.length > 500 ? (text) => ask({ ask: "search", text }) : undefined,
    select: model.get("selected") || null,
    route: route.length ? [route[0], route[route.length - 1]] : null,
    onSelect: (id) => set("selected", id || ""),
    onRoute: (ids) => set("route", ids),
  });
  const selected = () => view.select(model.get("selected") || null, true);
  const routed = () => {
    const ids = model.get("route");
    if (!ids.length) return view.clear();
    const drawn = view.route(ids[0], ids[ids.length - 1], true) || [];
    if (!same(drawn, ids)) set("route", drawn);
  };
  let mine = JSON.stringify(route);
  const changed = () => { if (JSON.stringify(model.get("route")) !== mine) routed(); };
  model.on("change:selected", selected);
  model.on("change:route", changed);
  return () => {
    model.off("msg:custom", answered);
    model.off("change:selected", selected);
    model.off("change:route", changed);
    view.destroy();
  };
}
export default { render };
"""


class Still:
    """What stands in for the widget where there is none: a picture, and how to get the widget."""

    def __init__(self, picture: Mapping[str, str], note: str) -> None:
        self.picture = dict(picture)
        self.note = note

    def __repr__(self) -> str:
        """The picture in words, and the note."""
        return f"{self.picture['text/plain']}\n{self.note}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        html = self.picture["text/html"] + f"<p><small>{escape(self.note)}</small></p>"
        return {"text/plain": repr(self), "text/html": html}


def explore(
    graph: Any,
    roles: Iterable[str | Role] | None = None,
    *,
    centre: str | Role | None = None,
    route: tuple[str | Role, str | Role] | None = None,
    height: int = 480,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
) -> Any:
    """Show a graph as a network to move about in: search, zoom, cards, routes.

    Parameters
    ----------
    graph : RoleGraph
    roles : iterable of str or Role, or one of them, optional
        The roles to show; all when None.
    centre : str or Role, optional
        The role to begin with.
    route : pair of str or Role, optional
        Draw the shortest route between two roles.
    height : int
        Height of the map in pixels.
    kinds, types : sequence of str, optional
        Kinds of evidence and types of transition to show; all when None.

    Returns
    -------
    anywidget.AnyWidget or Still
        The widget's ``selected`` is the IRI of the role that was clicked (``""`` for none), its
        ``route`` the IRIs on the route that is drawn; both can be watched and set, with any name
        of a role. ``selected_role`` and ``route_roles`` give them as roles. Without the package
        anywidget (extra ``notebook``) it is a static picture that says so.

    Raises
    ------
    NotFoundError, AmbiguousLabelError
        If a role is not known or not clear.
    ValueError
        If a role to begin with is not among those shown, or the height makes no sense.
    """
    if not 200 <= height <= 4000:
        raise ValueError(f"a height of {height} pixels; it can be from 200 to 4000")
    data = network_data(graph, roles, kinds=kinds, types=types)
    shown = {row[1] for row in data["roles"]}

    def among(name: str | Role) -> str:
        role: Role = graph.role(name)
        if role.iri not in shown:
            raise ValueError(f"{role.label!r} is not among the {len(shown)} roles shown")
        return role.iri

    first = among(centre) if centre is not None else ""
    way = [among(r) for r in route] if route is not None else []
    if route is not None and len(way) != 2:
        raise ValueError(f"a route has two ends, and {len(way)} were given")
    still = _still(graph, data, first, roles is None)
    try:
        kind = _widget()
    except ModuleNotFoundError as error:
        missing = ExtraMissingError(error.name or "anywidget", "notebook")
        return Still(still, f"A picture only: to move about in it, {missing}")
    return kind(graph, among, still, data=data, height=height, selected=first, route=way)


def _still(graph: Any, data: Json, centre: str, whole: bool) -> dict[str, str]:
    """Give the picture for a notebook that is not live, as plain text and HTML."""
    count = len(data["roles"])
    drawn = getattr(graph, "picture", None)
    picture = None
    if drawn is not None and centre:
        picture = drawn(centre)
    elif drawn is not None and whole and count <= _STILL:
        picture = drawn()
    if picture is not None:
        bundle = picture._repr_mimebundle_()
        return {"text/plain": bundle["text/plain"], "text/html": bundle["text/html"]}
    links = counted({"transitions": len(data["target"])})
    words = f"Network of {counted({'roles': count})} and {links} between them."
    image = base64.b64encode(_dots(data).encode()).decode()
    html = (
        f'<img alt="{escape(words)}" width="640" style="max-width:100%;height:auto" '
        f'src="data:image/svg+xml;base64,{image}">'
    )
    return {"text/plain": words, "text/html": html}


def _dots(data: Json) -> str:
    """Draw roles as dots and, of each, the strongest step: a network too large for labels."""
    x, y, best, at = data["x"], data["y"], [], 0
    for a, out in enumerate(data["out"]):
        mine = range(at, at + out)
        if mine:
            b = data["target"][max(mine, key=lambda e: (data["value"][e], -e))]
            best.append(f"M{x[a]} {y[a]}L{x[b]} {y[b]}")
        at += out
    dots = "".join(f"M{a} {b}h0" for a, b in zip(x, y, strict=True))
    size = 9 if len(x) > 400 else 18
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-30 -30 1060 1060" width="640">'
        "<style>path{fill:none;stroke-linecap:round}.e{stroke:#c9d1d9;stroke-width:1.5}"
        ".d{stroke:#5b6b7c}.b{fill:#fff}@media(prefers-color-scheme:dark)"
        "{.b{fill:#14181d}.e{stroke:#39424d}.d{stroke:#9fb0c2}}</style>"
        '<rect class="b" x="-30" y="-30" width="1060" height="1060" rx="20"/>'
        f'<path class="e" d="{"".join(best)}"/>'
        f'<path class="d" stroke-width="{size}" d="{dots}"/></svg>'
    )


@lru_cache(maxsize=1)
def _widget() -> Any:
    """Make the widget's class; only here, since anywidget is an extra."""
    import anywidget
    import traitlets

    class RoleExplorer(anywidget.AnyWidget):
        """A network of roles in a notebook; made by :func:`explore`."""

        _esm = script()
        _css = style()
        data = traitlets.Dict().tag(sync=True)
        height = traitlets.Int(480).tag(sync=True)
        selected = traitlets.Unicode("").tag(sync=True)
        route = traitlets.List(traitlets.Unicode()).tag(sync=True)

        def __init__(self, graph: Any, among: Any, still: dict[str, str], **traits: Any) -> None:
            self._graph, self._among, self._picture = graph, among, still
            super().__init__(**traits)
            self.on_msg(self._asked)

        @traitlets.validate("selected")
        def _known_role(self, proposal: Any) -> str:
            name = proposal["value"]
            return self._among(name) if name else ""

        @traitlets.validate("route")
        def _known_roles(self, proposal: Any) -> list[str]:
            return [self._among(name) for name in proposal["value"]]

        @property
        def selected_role(self) -> Role | None:
            """The role that was chosen."""
            return self._graph.role(self.selected) if self.selected else None

        @property
        def route_roles(self) -> tuple[Role, ...]:
            """The roles on the route that is drawn."""
            return tuple(self._graph.role(iri) for iri in self.route)

        def _asked(self, _: Any, message: Any, __: Any) -> None:
            # what the page asks for: a card, or roles by name
            if not isinstance(message, dict) or message.get("ask") not in ("card", "search"):
                return
            reply: Json = {"serial": message.get("serial")}
            try:
                if message["ask"] == "card":
                    reply["answer"] = card(self._graph, str(message.get("id")))
                else:
                    found = self._graph.search(str(message.get("text")), 24, kind=Role)
                    reply["answer"] = [r.iri for r in found]
            except RoleGraphError as error:
                reply["error"] = str(error)
            self.send(reply)

        def __repr__(self) -> str:
            data: Any = self.data
            held = counted({"roles": len(data["roles"]), "transitions": len(data["target"])})
            return f"<RoleExplorer: {held}>"

        def _repr_mimebundle_(self, **_: Any) -> Any:
            made: Any = super()._repr_mimebundle_()
            bundle, about = made if isinstance(made, tuple) else (made, {})
            return {**bundle, **self._picture, "text/plain": repr(self)}, about

    return RoleExplorer
