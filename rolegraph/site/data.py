"""What the page in the browser knows of a graph, as plain lists for JSON.

Roles, skills and certifications are numbered in the order of their IRIs, steps in the order of
:class:`rolegraph.learning.Landscape`. The demands are those that the planner itself lays out, so
that a browser which counts as :mod:`rolegraph.learning` says comes to the figures of Python.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from rolegraph._version import __version__
from rolegraph.learning import Ask, Landscape
from rolegraph.networkdata import KINDS, TYPES
from rolegraph.sparql import select
from rolegraph.terms import IRI
from rolegraph.values import Certification, Concept, Role, Skill
from rolegraph.vocab import BASE, RG

__all__ = ["BLOCK", "SIMILAR", "STRENGTHS", "Numbers", "number", "plain_data", "slugs"]

Json: TypeAlias = dict[str, Any]
"""What goes into one data file."""

SCHEMA = 1
BLOCK = 64
"""Roles in a file of cards."""
SIMILAR = "jaccard"
_NEAREST = 10
STRENGTHS = ("", "essential", "recommended", "beneficial")
_SKILL_KINDS = ("knowledge", "management skill", "soft skill", "technical skill")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A graph's things with their numbers, read once.

    Attributes
    ----------
    roles, skills, certifications : tuple
        In the order of their IRIs; the place is the number.
    role, skill, certification : mapping of str to int
        Numbers by IRI.
    slugs : tuple of tuple of str
        What stands for each of them in an address: of roles, skills and certifications.
    bases : tuple of str
        What IRIs start with.
    sources : tuple of dict
        Where the facts are from; see :func:`sources_of`.
    source : mapping of str to int
        Numbers of the sources by name.
    land : Landscape
    asks : tuple of Ask
        What ``land`` was made of.
    makers : mapping of str to int
        Roles first, then other things that ask: transitions.
    mappings : bool
        Whether ``land`` has the steps between classifications.
    """

    roles: tuple[Role, ...]
    skills: tuple[Skill, ...]
    certifications: tuple[Certification, ...]
    role: Mapping[str, int]
    skill: Mapping[str, int]
    certification: Mapping[str, int]
    slugs: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    bases: tuple[str, ...]
    sources: tuple[Mapping[str, Any], ...]
    source: Mapping[str, int]
    land: Landscape
    asks: tuple[Ask, ...]
    makers: Mapping[str, int]
    mappings: bool

    def address(self, iri: str) -> list[Any]:
        """Give an IRI as number of its beginning and the rest."""
        base, local = _parted(iri)
        return [self.bases.index(base), local]


def _parted(iri: str) -> tuple[str, str]:
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:cut], iri[cut:]


def number(kg: Any) -> Numbers:
    """Number the things of a graph, and lay out what the planner goes by.

    Parameters
    ----------
    kg : RoleGraph
        Imports only go down, so its type stands here in words only.

    Returns
    -------
    Numbers
    """
    asking = kg.planner.asking
    stored = kg._generation is not None
    crosses = stored or kg.ask("ASK { ?a skos:exactMatch|skos:closeMatch ?b . ?a a rg:Role }")
    land: Landscape = asking.landscape(None, crosses)
    asks = tuple(asking._stored_asks() if stored else asking._read_asks())
    by_iri = {r.iri: r for r in kg.roles()}
    # what the planner knows as a role is one here too, whatever the index of names says
    roles = tuple(
        by_iri.get(iri) or Role(iri, land.labels[i], "role") for i, iri in enumerate(land.roles)
    )
    skills = _sorted(kg.skills())
    certs = _sorted(kg.certifications())
    sources = sources_of(kg)
    keys = {str(s["name"]): str(s["key"]) for s in sources}
    others = sorted(({a.maker for a in asks} | set(land.named)) - {r.iri for r in roles})
    return Numbers(
        roles,
        skills,
        certs,
        _places(roles),
        _places(skills),
        _places(certs),
        (slugs(roles, keys, "role"), slugs(skills, keys, "skill"),
         slugs(certs, keys, "certification")),
        _bases([c.iri for c in (*roles, *skills, *certs)] + [e.claim for e in land.edges
               if e.type != "suggested"] + [str(t) for (t,) in kg.query(_STEPS)]),
        sources,
        {str(s["name"]): i for i, s in enumerate(sources)},
        land,
        asks,
        {iri: i for i, iri in enumerate([*(r.iri for r in roles), *others])},
        crosses,
    )  # fmt: skip


_STEPS = "SELECT ?t { ?t a rg:Transition }"


def _sorted(things: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(things, key=lambda c: c.iri))


def _places(things: Sequence[Concept]) -> dict[str, int]:
    return {c.iri: i for i, c in enumerate(things)}


def _bases(iris: Iterable[str]) -> tuple[str, ...]:
    counted = Counter(_parted(iri)[0] for iri in iris)
    return tuple(sorted(counted, key=lambda b: (-counted[b], b)))


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def slugs(things: Sequence[Concept], keys: Mapping[str, str], kind: str) -> tuple[str, ...]:
    """Give each thing a readable name for addresses, unique among them.

    Parameters
    ----------
    things : sequence of Concept
    keys : mapping of str to str
        Keys of sources by name.
    kind : str
        Stands for labels without a letter.

    Returns
    -------
    tuple of str
        The label; where several would have it, with the key of the source; where that does not
        part them, with the end of the IRI. So a name does not hang on what else is there, as far
        as it can be.

    Examples
    --------
    >>> from rolegraph import Role
    >>> names = ["Data Analyst", "Data analyst", "Café owner"]
    >>> slugs([Role(f"http://x/{i}", n) for i, n in enumerate(names)], {}, "role")
    ('data-analyst-0', 'data-analyst-1', 'cafe-owner')
    """
    plain = [_slug(c.label) or kind for c in things]
    shared = Counter(plain)
    wide = [
        f"{s}-{_slug(keys.get(c.source, c.source))}" if shared[s] > 1 and c.source else s
        for s, c in zip(plain, things, strict=True)
    ]
    again = Counter(wide)
    taken: set[str] = {s for s, n in again.items() if n == 1}
    out = []
    for name, c in zip(wide, things, strict=True):
        if again[name] > 1:
            name = f"{name}-{_slug(_parted(c.iri)[1]) or 'x'}"
            plain_name, n = name, 2
            while name in taken:
                name, n = f"{plain_name}-{n}", n + 1
            taken.add(name)
        out.append(name)
    return tuple(out)


def sources_of(kg: Any) -> tuple[dict[str, Any], ...]:
    """Give the sources of a graph: those of a store, or the ontologies that were loaded.

    Returns
    -------
    tuple of dict
        ``key``, ``name``, ``title``, ``version``, ``licence``, ``attribution``, ``homepage`` and
        ``triples``; what is not known is empty, a count that is not known None.
    """
    if kg._generation is not None:
        names = ("key", "name", "title", "version", "licence", "attribution", "homepage", "triples")
        return tuple({n: getattr(s, n) for n in names} for s in kg.sources())
    query = """SELECT ?o ?title ?version ?licence ?creator {
        ?o a owl:Ontology .
        OPTIONAL { ?o dcterms:title ?title } OPTIONAL { ?o owl:versionInfo ?version }
        OPTIONAL { ?o dcterms:license ?licence } OPTIONAL { ?o dcterms:creator ?creator }
    } ORDER BY ?o"""
    out: dict[str, dict[str, Any]] = {}
    for o, title, version, licence, creator in kg.query(query):
        name = _parted(str(o).rstrip("/#"))[1]
        out.setdefault(str(o), {
            "key": name, "name": name, "title": str(title or o), "version": str(version or ""),
            "licence": str(licence or ""), "attribution": str(creator or ""),
            "homepage": "" if str(o).startswith(BASE) else str(o), "triples": None,
        })  # fmt: skip
    return tuple(out.values())


def _trim(row: list[Any], usual: Sequence[Any]) -> list[Any]:
    """Leave out at the end what is as usual; ``usual`` stands for the last places of a row."""
    at = list(usual)
    while at and row[-1] == at[-1]:
        row.pop()
        at.pop()
    return row


def _digits(numbers: Iterable[int]) -> str:
    return "".join(_DIGITS[n] for n in numbers)


def _deltas(numbers: Iterable[int]) -> list[int]:
    out, last = [], 0
    for n in numbers:
        out.append(n - last)
        last = n
    return out


# --- the files


def plain_data(kg: Any, n: Numbers, title: str, kinds: Mapping[tuple[str, str, str], int]) -> (
    dict[str, Json]
):  # fmt: skip
    """Make all files but the cards, by name.

    Parameters
    ----------
    kg : RoleGraph
    n : Numbers
    title : str
    kinds : mapping of (str, str, str) to int
        Kind of evidence by who asks, skill and strength.

    Returns
    -------
    dict of str to dict
    """
    measure, similar = _similar(kg, n)
    network = _network(kg, n)
    return {
        "core": _core(kg, n, title, measure, network["figures"]),
        "rolenames": {"roles": [list(r.alt_labels) for r in n.roles]},
        "skills": _skills(n),
        "skillnames": {"skills": [list(s.alt_labels) for s in n.skills]},
        "certs": _certs(n),
        "asks": _asks(kg, n, kinds),
        "network": network,
        "similar": similar,
        "broader": _broader(kg, n),
    }


def _core(kg: Any, n: Numbers, title: str, measure: str, figures: list[Json]) -> Json:
    families = sorted({r.family for r in n.roles if r.family})
    levels = _levels(kg, {r.level for r in n.roles if r.level})
    types = Counter(e.type for e in n.land.edges)
    real = kg.query("SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t a rg:Transition }")
    return {
        "schema": SCHEMA,
        "title": title,
        "generated": date.today().isoformat(),
        "version": __version__,
        "sizes": {
            "roles": len(n.roles), "skills": len(n.skills),
            "certifications": len(n.certifications), "transitions": int(real[0][0]),
            "suggested": types["suggested"],
            "mappings": len({e.claim for e in n.land.edges if e.type == "mapping"}),
        },
        "sources": [{k: v for k, v in s.items() if v not in ("", None)} for s in n.sources],
        "kinds": list(KINDS),
        "types": list(TYPES),
        "strengths": list(STRENGTHS),
        "families": families,
        "levels": levels,
        "bases": list(n.bases),
        "block": BLOCK,
        "blocks": -(-len(n.roles) // BLOCK),
        "similar": measure,
        "figures": [{"key": f["key"], "label": f["label"]} for f in figures],
        "derivations": _derivations(kg),
        "examples": _examples(n),
        "roles": [
            _trim([
                r.label, n.slugs[0][i], *n.address(r.iri), n.source.get(r.source or "", -1),
                families.index(r.family) if r.family else -1,
                levels.index(r.level) if r.level else -1,
            ], (-1, -1, -1))
            for i, r in enumerate(n.roles)
        ],
    }  # fmt: skip


def _levels(kg: Any, used: set[str]) -> list[str]:
    """Give labels of levels by rank, those without one last."""
    ranks = {
        str(label): float(rank)
        for label, rank in kg.query(
            "SELECT ?label ?rank { ?l a rg:Level ; skos:prefLabel ?label ; rg:levelRank ?rank }"
        )
    }
    return sorted(used, key=lambda x: (ranks.get(x, float("inf")), x))


def _derivations(kg: Any) -> list[str]:
    found = kg.query(
        """SELECT DISTINCT ?m ?t { ?e a rg:Derivation ; rg:measureName ?m
           OPTIONAL { ?e rg:threshold ?t } } ORDER BY ?m ?t"""
    )
    return [f"measure {m}" + ("" if t is None else f", threshold {t}") for m, t in found]


def _skills(n: Numbers) -> Json:
    return {
        "kinds": list(_SKILL_KINDS),
        "skills": [
            _trim([
                s.label, n.slugs[1][i], *n.address(s.iri), n.source.get(s.source or "", -1),
                sum(1 << k for k, name in enumerate(_SKILL_KINDS) if name in s.kinds),
            ], (-1, 0))
            for i, s in enumerate(n.skills)
        ],
    }  # fmt: skip


def _certs(n: Numbers) -> Json:
    pairs = []
    for iri, bits in n.land.named.items():
        pairs += [
            [n.makers[iri], n.certification[c]]
            for c, bit in n.land.certifications.items()
            if bits >> bit & 1
        ]
    return {
        "certifications": [
            _trim([
                c.label, n.slugs[2][i], *n.address(c.iri), n.source.get(c.source or "", -1),
                c.full_name or "", int(c.advanced), c.scheme or "", list(c.alt_labels),
            ], (-1, "", 0, "", []))
            for i, c in enumerate(n.certifications)
        ],
        "named": sorted(pairs),
    }  # fmt: skip


def _asks(kg: Any, n: Numbers, kinds: Mapping[tuple[str, str, str], int]) -> Json:
    rungs: dict[str, list[float]] = {
        skill: list(levels) for skill, (_, levels) in n.land.skills.items() if levels
    }
    rows: list[set[tuple[int, int, int, int]]] = [set() for _ in n.makers]
    for a in n.asks:
        strength = a.strength or ""
        up = -1 if a.level is None else rungs[a.skill].index(a.level)
        kind = kinds.get((a.maker, a.skill, strength), len(KINDS) - 1)
        rows[n.makers[a.maker]].add((n.skill[a.skill], STRENGTHS.index(strength), up, kind))
    listed = [sorted(r) for r in rows]
    flat = [x for r in listed for x in r]
    known = [i for i, x in enumerate(flat) if x[2] >= 0]
    named = _rung_names(kg, rungs) if rungs else {}
    return {
        "count": [len(r) for r in listed],
        "skill": [d for r in listed for d in _deltas(x[0] for x in r)],
        "strength": _digits(x[1] for x in flat),
        "kind": _digits(x[3] for x in flat),
        "levelAt": _deltas(known),
        "levelUp": [flat[i][2] for i in known],
        "rungs": [
            [n.skill[iri], levels, [named.get((iri, x), "") for x in levels]]
            for iri, levels in sorted(rungs.items())
        ],
        "effort": list(n.land.idf[: n.land.skill_bits]),
        "importance": (
            list(n.land.importance[: n.land.skill_bits])
            if any(x >= 0 for x in n.land.importance)
            else None
        ),
    }


def _rung_names(kg: Any, rungs: Mapping[str, Sequence[float]]) -> dict[tuple[str, float], str]:
    """Give labels of levels by skill and rank, where one rank has one label."""
    found: dict[tuple[str, float], set[str]] = defaultdict(set)
    query = """SELECT DISTINCT ?s ?name ?rank { ?r rg:requiredLevel ?l ; rg:requiredSkill ?s .
        ?l skos:prefLabel ?name ; rg:rank ?rank }"""
    for skill, name, rank in kg.query(query):
        if str(skill) in rungs:
            found[str(skill), float(rank)].add(str(name))
    return {key: names.pop() for key, names in found.items() if len(names) == 1}


def _network(kg: Any, n: Numbers) -> Json:
    edges = n.land.edges
    out = [0] * len(n.roles)
    for e in edges:
        out[e.source] += 1
    kinds = {k: i for i, k in enumerate(KINDS)}
    types = {t: i for i, t in enumerate(TYPES)}
    return {
        "out": out,
        "target": [e.target for e in edges],
        "type": _digits(types[e.type] for e in edges),
        "kind": _digits(kinds.get(e.kind, len(KINDS) - 1) for e in edges),
        "value": (
            [-1 if e.value is None else round(e.value * 1_000_000) for e in edges]
            if any(e.value is not None for e in edges)
            else []
        ),
        "maker": [[i, n.makers[e.claim]] for i, e in enumerate(edges) if e.claim in n.makers],
        "figures": _figures(kg, n),
    }


def _figures(kg: Any, n: Numbers) -> list[Json]:
    """Give the numbers that transitions bear beside what the model knows: months, cost."""
    query = f"""SELECT ?p ?label ?t ?v {{ ?p a owl:DatatypeProperty ; rdfs:label ?label .
        FILTER(!STRSTARTS(STR(?p), "{RG.NS}")) ?t ?p ?v . ?t a rg:Transition }}"""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    labels: dict[str, str] = {}
    for p, label, t, v in kg.query(query):
        try:
            value = float(str(v))
        except ValueError:
            continue  # a text is no objective
        if not 0 <= value < float("inf"):
            continue
        claims = found[str(p)]
        labels[str(p)] = min(str(label), labels.get(str(p), str(label)))
        claims[str(t)] = min(value, claims.get(str(t), value))
    out = []
    for p in sorted(found):
        at = [i for i, e in enumerate(n.land.edges) if e.claim in found[p]]
        values = [found[p][n.land.edges[i].claim] for i in at]
        out.append({
            "key": _parted(p.rstrip("/#"))[1], "label": labels[p], "iri": p,
            "at": _deltas(at), "value": [int(v) if v.is_integer() else v for v in values],
        })  # fmt: skip
    return out


def _similar(kg: Any, n: Numbers) -> tuple[str, Json]:
    """Give the nearest roles of each, as ``kg.similar`` has them."""
    from rolegraph import similarity

    to: list[list[int]] = [[] for _ in n.roles]
    value: list[list[float]] = [[] for _ in n.roles]
    by_source: dict[str | None, list[int]] = defaultdict(list)
    for i, r in enumerate(n.roles):
        by_source[r.source].append(i)
    for source, members in by_source.items():
        demands = kg.demands(source)
        place = {iri: i for i, iri in enumerate(demands.roles)}
        rows = [i for i in members if n.roles[i].iri in place]
        if not rows:
            continue
        best = similarity.top_k(
            demands, SIMILAR, min(_NEAREST, max(1, len(demands.roles) - 1)),
            rows=[place[n.roles[i].iri] for i in rows],
        )  # fmt: skip
        for i, targets, values in zip(rows, best.target.tolist(), best.value.tolist(), strict=True):
            pairs = [(t, v) for t, v in zip(targets, values, strict=True) if t >= 0]
            to[i] = [n.role[demands.roles[t]] for t, _ in pairs]
            value[i] = [round(v, 4) for _, v in pairs]
    measure = SIMILAR if any(to) else ""
    return measure, {"measure": measure, "to": to, "value": value}


def _broader(kg: Any, n: Numbers) -> Json:
    """Give pairs of a narrower and a broader thing: those that come near."""
    skills: list[int] = []
    concepts: list[list[str]] = []
    for a, b in select(kg.engine, "SELECT DISTINCT ?a ?b { ?a rg:broader ?b }", {}):
        if str(a) in n.skill and str(b) in n.skill:
            skills += [n.skill[str(a)], n.skill[str(b)]]
        elif isinstance(a, IRI) and isinstance(b, IRI) and str(a) not in n.role:
            concepts.append([a.curie, b.curie])
    paired = sorted(zip(skills[::2], skills[1::2], strict=True))
    return {"skills": [x for pair in paired for x in pair], "concepts": sorted(concepts)}


def layout(n: Numbers) -> Json:
    """Place the roles for the network view (:func:`rolegraph.explorer.layout`).

    What is stated pulls fully, what a measure suggests by its value; mappings do not pull.
    """
    from rolegraph import explorer

    edges = [e for e in n.land.edges if e.type != "mapping"]
    pulls = [max(e.value, 1e-6) if e.type == "suggested" and e.value else 1.0 for e in edges]
    x, y = explorer.layout(len(n.roles), [(e.source, e.target) for e in edges], pulls)
    return {"x": x, "y": y}


# --- what to begin with

_STARTS = 200  # roles from which routes are looked for
_FAR = 4  # most steps of such a route


def _examples(n: Numbers) -> Json:
    """Choose questions that have a good answer, for a visitor who does not know what to ask.

    A route of several steps that nobody only suggests, two roles to compare, and a skill that
    several roles ask for. What the graph does not have is left out.
    """
    out: dict[int, list[int]] = defaultdict(list)
    lateral = []
    for e in n.land.edges:
        if e.type not in ("suggested", "mapping"):
            out[e.source].append(e.target)
        if e.type == "lateral move":
            lateral.append([e.source, e.target])
    told = [bool(n.land.asked.get(r.iri)) for r in n.roles]
    found: Json = {}
    plan = _longest(n, out, told)
    if plan is not None:
        found["plan"] = plan
    pairs = [p for p in lateral if all(told[i] for i in p)] or lateral
    if pairs:
        found["compare"] = pairs[0]
    elif plan is not None:
        found["compare"] = [plan[0], out[plan[0]][0]]
    asked = Counter(a.skill for a in n.asks if a.maker in n.role)
    own = [a.skill for a in n.asks if plan and a.maker == n.roles[plan[0]].iri]
    if asked:
        best = max(own or asked, key=lambda iri: (asked[iri], iri))
        found["skill"] = [n.skills[n.skill[best]].label, n.slugs[1][n.skill[best]]]
    return found


def _longest(
    n: Numbers, out: Mapping[int, Sequence[int]], told: Sequence[bool]
) -> list[int] | None:
    """Give the ends of a way of three or four steps, best where both say what they ask for."""
    into = {w for heads in out.values() for w in heads}
    starts = sorted(out, key=lambda i: (not told[i], i in into, n.roles[i].label, i))
    best: tuple[bool, int, bool, int] = (False, 0, False, 0)
    ends = None
    for start in starts[:_STARTS]:
        far, queue = {start: 0}, [start]
        for u in queue:
            for w in out.get(u, ()):
                if w not in far and far[u] < _FAR:
                    far[w] = far[u] + 1
                    queue.append(w)
        for w in queue[1:]:
            good = told[start], min(far[w], _FAR - 1), told[w], far[w]
            if good > best:
                best, ends = good, [start, w]
    return ends
