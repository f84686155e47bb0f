"""The cards of all roles, with the evidence of every claim, read in bulk.

:mod:`rolegraph.catalogue` reads what is asked of one thing at a time. A site needs all of them, of
three thousand roles too, so claims for skills are read here property by property and joined in
memory; what only a few roles have is left to the catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from rolegraph import catalogue
from rolegraph.comparison import ASPECTS
from rolegraph.networkdata import KINDS, TYPES
from rolegraph.site.data import BLOCK, STRENGTHS, Numbers
from rolegraph.sparql import select
from rolegraph.values import Claim, Concept, Evidence, Finding, Transition
from rolegraph.vocab import RG, SKOS

__all__ = ["Claimed", "cards", "demands", "keys_of", "kinds_of"]

Json: TypeAlias = dict[str, Any]
Say: TypeAlias = Callable[[str, int, int | None], None]
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Claimed:
    """A demand for a skill, as :class:`rolegraph.SkillRequirement` has it.

    Attributes
    ----------
    maker, skill : str
        IRIs.
    claim : Claim
        With kind, strength, hedge and evidence; subject and object are left empty.
    purposes : tuple of str
    level : str or None
    rank, importance : float or None
    """

    maker: str
    skill: str
    claim: Claim
    purposes: tuple[str, ...] = ()
    level: str | None = None
    rank: float | None = None
    importance: float | None = None


# --- bulk reading


def _lines(kg: Any, query: str) -> Iterator[tuple[str, str]]:
    """Ask and give pairs of plain text: no Python object for each term, which is what costs.

    For IRIs and numbers only: nothing in them needs to be unescaped.
    """
    import pyoxigraph as ox

    answer: bytes = kg._store.raw.query(query).serialize(format=ox.QueryResultsFormat.TSV)
    for line in answer.decode().split("\n")[1:-1]:
        claim, value = line.split("\t")
        yield _plain(claim), _plain(value)


def _plain(cell: str) -> str:
    if cell[:1] == "<":
        return cell[1:-1]
    return cell.split("^^")[0].strip('"')


def _pairs(kg: Any, prop: str, keep: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for claim, value in _lines(kg, f"SELECT ?c ?v {{ ?c <{prop}> ?v }}"):
        if claim in keep:
            yield claim, value


def _labels(kg: Any, kind: str) -> dict[str, str]:
    found = kg.query(f"SELECT ?x ?l {{ ?x a rg:{kind} ; skos:prefLabel ?l }} ORDER BY ?x ?l")
    out: dict[str, str] = {}
    for x, label in found:
        out.setdefault(str(x), str(label))
    return out


def _texts(kg: Any, pattern: str, keep: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = defaultdict(list)
    for claim, text in kg.query(f"SELECT DISTINCT ?claim ?text {{ {pattern} }} ORDER BY ?text"):
        if str(claim) in keep:
            out[str(claim)].append(str(text))
    return {claim: tuple(texts) for claim, texts in out.items()}


def demands(kg: Any) -> tuple[Claimed, ...]:
    """Read every demand for a skill, of roles and of transitions, with its evidence.

    Parameters
    ----------
    kg : RoleGraph
        Imports only go down, so its type stands here in words only.

    Returns
    -------
    tuple of Claimed
        In no order that means anything.
    """
    # property by property: the engine would join them one claim at a time
    skill = dict(_lines(kg, f"SELECT ?c ?s {{ ?c <{RG.requiredSkill}> ?s }}"))
    ends = {c: (x, skill[c]) for c, x in _pairs(kg, RG.isRequirementOf, skill)}
    kind = dict(_pairs(kg, RG.hasEvidenceKind, ends))
    strength = dict(_pairs(kg, RG.hasStrength, ends))
    hedge = dict(_pairs(kg, RG.hasHedge, ends))
    row = {c: int(v) for c, v in _pairs(kg, RG.sourceRow, ends)}
    borne: dict[str, list[str]] = defaultdict(list)
    for c, v in _pairs(kg, RG.hasEvidence, ends):
        borne[c].append(v)
    known = evidence(kg, {e for es in borne.values() for e in es})
    words = {k: _labels(kg, k) for k in ("EvidenceKind", "Strength", "Hedge")}
    notes = _texts(kg, "?claim skos:editorialNote ?text", ends)
    places = _texts(kg, "?claim rg:appliesIn/skos:prefLabel ?text", ends)
    first = _texts(kg, "?claim rg:hasPrecondition/skos:prefLabel ?text", ends)
    aims = _texts(kg, "?claim rg:hasPurpose|rg:hasOutcome ?a . ?a skos:prefLabel ?text", ends)
    level: dict[str, tuple[str, float]] = {
        str(c): (str(name), float(rank))
        for c, name, rank in kg.query(
            """SELECT ?c ?name ?rank { ?c rg:requiredLevel ?l .
               ?l skos:prefLabel ?name ; rg:rank ?rank }"""
        )
    }
    value = {c: float(v) for c, v in _pairs(kg, RG.levelValue, ends)}
    weight = {c: float(v) for c, v in _pairs(kg, RG.importance, ends)}

    def word(which: str, found: Mapping[str, str], claim: str) -> str | None:
        return words[which].get(found[claim]) if claim in found else None

    out = []
    for c, (x, s) in ends.items():
        name, rank = level.get(c, (None, value.get(c)))
        told = Claim(
            c, "", "asks for", "", word("EvidenceKind", kind, c) or "unsourced",
            word("Strength", strength, c), word("Hedge", hedge, c),
            _placed([known[e] for e in borne.get(c, ())], row.get(c)),
            notes.get(c, ()), places.get(c, ()), first.get(c, ()),
        )  # fmt: skip
        out.append(Claimed(x, s, told, aims.get(c, ()), name, rank, weight.get(c)))
    return tuple(out)


def evidence(kg: Any, iris: Iterable[str]) -> dict[str, Evidence]:
    """Read pieces of evidence as :mod:`rolegraph.catalogue` does, but for the row of a claim."""
    wanted = sorted(iris)
    out = {iri: Evidence(iri) for iri in wanted}
    for start in range(0, len(wanted), _BATCH):
        these = " ".join(f"<{iri}>" for iri in wanted[start : start + _BATCH])
        values = f"VALUES ?e {{ {these} }}"
        passages = f"""SELECT DISTINCT ?e ?d ?s ?a ?b ?h ?r {{ {values}
            OPTIONAL {{ ?e rg:inDocument/skos:prefLabel ?d }}
            OPTIONAL {{ ?e rg:inSection/skos:prefLabel ?s }}
            OPTIONAL {{ ?e rg:startOffset ?a ; rg:endOffset ?b ; rg:sha256 ?h }}
            OPTIONAL {{ ?e rg:rationale ?r }} }} ORDER BY DESC(?e) DESC(?d) DESC(?s) DESC(?r)"""
        for e, d, s, a, b, h, r in kg.query(passages):
            out[str(e)] = Evidence(
                str(e), _text(d), _text(s), a if isinstance(a, int) else None,
                b if isinstance(b, int) else None, _text(h), _text(r),
            )  # fmt: skip
        files = f"""SELECT DISTINCT ?e ?file ?title ?version {{ {values}
            ?e rg:partOfSource ?g ; skos:prefLabel ?file .
            ?g dcterms:title ?title ; rg:sourceVersion ?version }} ORDER BY ?e ?file"""
        for e, file, title, version in kg.query(files):
            if _bare(out[str(e)]):
                out[str(e)] = Evidence(
                    str(e), str(file), source=f"{title} {version}".strip()
                )  # fmt: skip
        runs = f"SELECT DISTINCT ?e ?m {{ {values} ?e rg:measureName ?m }} ORDER BY ?e ?m"
        for e, name in kg.query(runs):
            if _bare(out[str(e)]):
                out[str(e)] = Evidence(str(e), derivation=f"inferred: {name}")
    return out


def _bare(e: Evidence) -> bool:
    return e.document is None and e.rationale is None and e.derivation is None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _placed(found: Sequence[Evidence], row: int | None) -> tuple[Evidence, ...]:
    listed = sorted(found, key=lambda e: (e.document or "", -1 if e.start is None else e.start,
                                          e.iri))  # fmt: skip
    return tuple(e if e.source is None or row is None else replace(e, row=row) for e in listed)


def kinds_of(asked: Iterable[Claimed]) -> dict[tuple[str, str, str], int]:
    """Give the kind of evidence of each demand, by who asks, skill and strength."""
    out: dict[tuple[str, str, str], int] = {}
    for a in asked:
        key = a.maker, a.skill, a.claim.strength or ""
        out[key] = min(KINDS.index(a.claim.kind), out.get(key, len(KINDS) - 1))
    return out


# --- cards


class _Block:
    """One file of cards: evidence that several claims share stands there once."""

    def __init__(self, n: Numbers) -> None:
        self.n = n
        self.ev: list[Json] = []
        self._at: dict[Evidence, int] = {}

    def ref(self, e: Evidence) -> int | list[int]:
        bare = replace(e, row=None)
        at = self._at.setdefault(bare, len(self.ev))
        if at == len(self.ev):
            self.ev.append(_place(bare))
        return at if e.row is None else [at, e.row]

    def claim(self, c: Claim) -> list[Any]:
        out: list[Any] = [
            KINDS.index(c.kind) if c.kind in KINDS else len(KINDS) - 1,
            STRENGTHS.index(c.strength or ""),
            "" if c.hedge in (None, "stated") else c.hedge,
            [self.ref(e) for e in c.evidence],
            list(c.notes),
            list(c.applies_in),
            list(c.preconditions),
        ]
        while len(out) > 1 and out[-1] in ("", [], 0):
            out.pop()
        return out

    def item(self, f: Finding) -> list[Any]:
        out: list[Any] = [
            f.label, f.concept.curie, [self.claim(c) for c in f.claims], list(f.rules)
        ]  # fmt: skip
        while out[-1] == []:
            out.pop()
        return out

    def ask(self, a: Claimed) -> list[int] | Json:
        told = self.claim(a.claim)
        skill = self.n.skill[a.skill]
        plain = a.level is None and a.rank is None and a.importance is None and not a.purposes
        if plain and len(told) == 4 and told[2] == "" and len(told[3]) == 1:
            (where,) = told[3]
            if isinstance(where, list):
                return [skill, told[0], told[1], *where]
        out: Json = {"s": skill, "c": told, "p": list(a.purposes), "l": a.level, "k": a.rank,
                     "w": a.importance}  # fmt: skip
        return {k: v for k, v in out.items() if v not in (None, [])}

    def step(self, t: Transition, edge: int, own: Sequence[Claimed],
             helps: Mapping[str, Sequence[Finding]]) -> Json:  # fmt: skip
        n = self.n
        other = t.target if t.source is not None else None
        out: Json = {
            "e": edge,
            "l": t.label,
            "y": TYPES.index(t.type) if t.type in TYPES else t.type,
            "o": n.role[other.iri] if other is not None else -1,
            "f": n.skill.get(t.specialises_in.iri) if t.specialises_in is not None else None,
            "u": t._why_type or None,
            "c": self.claim(t.claim),
            "i": n.address(t.iri),
            "q": [self.ask(a) for a in own],
            "g": [self.item(f) for f in helps.get(RG.isSupportedByCertification, ())],
            "h": [self.item(f) for f in helps.get(RG.isEasedByActivity, ())],
        }
        return {k: v for k, v in out.items() if v is not None and v != []}


def _place(e: Evidence) -> Json:
    if e.derivation is not None:
        return {"m": e.derivation}
    if e.source is not None:
        return {"v": e.source, **({"d": e.document} if e.document else {})}
    if e.document is not None:
        parts = {"d": e.document, "s": e.section, "a": e.start, "b": e.end, "h": e.sha256}
        return {k: v for k, v in parts.items() if v is not None}
    return {"r": e.rationale} if e.rationale else {"i": e.iri}


_RANK = {"essential": 0, "recommended": 1, "beneficial": 2, None: 3}


def _ordered(n: Numbers, asked: Iterable[Claimed]) -> dict[str, list[Claimed]]:
    """Give demands by who makes them, in the order of :func:`rolegraph.catalogue.requirements`."""
    out: dict[str, list[Claimed]] = defaultdict(list)
    for a in asked:
        if a.skill in n.skill:
            out[a.maker].append(a)
    for listed in out.values():
        listed.sort(
            key=lambda a: (
                _RANK[a.claim.strength], -(a.importance or 0),
                n.skills[n.skill[a.skill]].label, a.claim.iri,
            )
        )  # fmt: skip
    return out


def cards(kg: Any, n: Numbers, asked: Sequence[Claimed], say: Say) -> Iterator[tuple[str, Json]]:
    """Make the files of cards, one after the other.

    Parameters
    ----------
    kg : RoleGraph
    n : Numbers
    asked : sequence of Claimed
        From :func:`demands`.
    say : callable
        Is told how far it has got.

    Yields
    ------
    (str, dict)
        Name of the file and its content.
    """
    by_maker = _ordered(n, asked)
    steps = _transitions(kg)
    edge = {e.claim: i for i, e in enumerate(n.land.edges) if e.type != "mapping"}
    helping = "SELECT DISTINCT ?t { ?t rg:isSupportedByCertification|rg:isEasedByActivity ?x }"
    helped = {str(t) for (t,) in kg.query(helping)}
    leave: dict[str, list[Transition]] = defaultdict(list)
    enter: dict[str, list[Transition]] = defaultdict(list)
    for t in steps:
        if t.source is not None:
            leave[t.source.iri].append(t)
        elif t.target is not None:
            enter[t.target.iri].append(t)
    told = _told(kg)
    related = _related(kg)
    about = _descriptions(kg, n)
    total = len(n.roles)
    for start in range(0, total, BLOCK):
        say("cards of roles", start, total)
        block = _Block(n)
        made: list[Json] = []
        for r in n.roles[start : start + BLOCK]:
            card: Json = {"d": about.get(r.iri)}
            if r.iri in told:
                found = _findings(kg, r, leave.get(r.iri, ()))
                card["a"] = {
                    name: [block.item(f) for f in items] for name, items in found.items() if items
                }
            card["q"] = [block.ask(a) for a in by_maker.get(r.iri, ())]
            for key, there in (("t", leave), ("n", enter)):
                card[key] = [
                    block.step(
                        t, edge.get(t.iri, -1), by_maker.get(t.iri, ()),
                        _helps(kg, t) if t.iri in helped else {},
                    )
                    for t in there.get(r.iri, ())
                ]  # fmt: skip
            if r.iri in related:
                card["r"] = _relations(kg, n, block, r)
            made.append({k: v for k, v in card.items() if v})
        yield f"cards/{start // BLOCK}", {"ev": block.ev, "roles": made}
    say("cards of roles", total, total)


def _findings(
    kg: Any, role: Concept, steps: Iterable[Transition]
) -> dict[str, tuple[Finding, ...]]:
    """Give what is known of a role by aspect, as ``kg.facts`` does, but for its demands."""
    props = [p for aspect in ASPECTS.values() for p in aspect]
    found = catalogue.findings(kg.engine, kg.index, role, props)
    out = {
        name: tuple(dict.fromkeys(f for p in aspect for f in found[p]))
        for name, aspect in ASPECTS.items()
    }
    # a specialisation is claimed as a transition; the relation is inferred from it
    out["specialisations"] = tuple(
        replace(f, claims=tuple(t.claim for t in steps if t.specialises_in == f.concept))
        for f in out["specialisations"]
    )
    return out


def _transitions(kg: Any) -> list[Transition]:
    """Read all transitions but the suggested ones, in the order of labels."""
    if kg._generation is None:
        return list(kg.transitions())
    claims = [str(t) for (t,) in kg.query("SELECT DISTINCT ?t { ?t a rg:Transition }")]
    found = catalogue.transitions_of(kg.engine, kg.index, claims)
    return sorted(found.values(), key=catalogue.order)


def _helps(kg: Any, t: Transition) -> dict[str, tuple[Finding, ...]]:
    return catalogue.findings(
        kg.engine, kg.index, Concept(t.iri, t.label),
        (RG.isSupportedByCertification, RG.isEasedByActivity),
    )  # fmt: skip


def _told(kg: Any) -> set[str]:
    """Give the roles of which anything but skills is stated."""
    props = " ".join(f"<{p}>" for aspect in ASPECTS.values() for p in aspect)
    query = f"SELECT DISTINCT ?r {{ VALUES ?p {{ {props} }} ?r ?p ?o . ?r a rg:Role }}"
    return {str(r) for (r,) in kg.query(query)}


_RELATIONS = {RG.overlapsWith: "overlaps with", RG.differsFrom: "differs from"}


def _related(kg: Any) -> set[str]:
    query = "SELECT DISTINCT ?r { ?r rg:overlapsWith|rg:differsFrom ?o }"
    return {str(r) for (r,) in kg.query(query)}


def _relations(kg: Any, n: Numbers, block: _Block, role: Concept) -> list[Any]:
    found = catalogue.findings(kg.engine, kg.index, role, tuple(_RELATIONS))
    return [
        [n.role[f.concept.iri], name, [block.claim(c) for c in f.claims], list(f.rules)]
        for prop, name in _RELATIONS.items()
        for f in found[prop]
        if f.concept.iri in n.role
    ]


def _descriptions(kg: Any, n: Numbers) -> dict[str, str]:
    """Give what sources say a role is, in their own words; of several languages English first."""
    out: dict[str, tuple[bool, str]] = {}
    query = f"""SELECT ?r ?d {{ ?r a rg:Role .
        ?r dcterms:description|<{SKOS}definition> ?d }}"""
    for r, d in select(kg.engine, query, {}):
        lang = getattr(d, "lang", "en")
        text = not lang.startswith("en"), str(d).strip()
        if str(r) in n.role and text[1]:
            out[str(r)] = min(text, out.get(str(r), text))
    return {iri: text for iri, (_, text) in out.items()}


def keys_of(block: Json) -> set[str]:
    """Give the things that the aspects in a file of cards name."""
    return {
        item[1] for card in block["roles"] for items in card.get("a", {}).values() for item in items
    }
