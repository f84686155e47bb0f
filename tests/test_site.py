"""The site: its data say what Python says, its pages are sound, its folder is whole or untouched.

The data are read back by a small reader of their own (:class:`Data`), written from the description
of the files and not from the code that makes them, as the page in the browser is.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

import rolegraph as rg
from rolegraph.cli import main
from rolegraph.comparison import ASPECTS
from rolegraph.importing import import_source
from rolegraph.site import Site, SiteError, cards, data, frame, write
from rolegraph.site.answers import answers
from rolegraph.site.folder import MARKER
from rolegraph.terms import cell
from rolegraph.values import Claim, Evidence
from rolegraph.vocab import RG

OBJECTIVES = ("steps", "new-skills", "hardest-step", "certifications", "effort")
HOSTILE = "</script><img src=x onerror=alert(1)>\u2028&amp;\"'"
BAKERY = """
about: {key: bakery, version: 1, title: Bakery <b>ladder</b>, licence: internal use}
levels: [{name: Awareness}, {name: Working}, {name: Expert}]
roles:
  - {role: Baker, level: professional}
  - {role: Head Baker, level: senior}
  - {role: Shift Lead, level: senior}
  - {role: Bakery Manager, level: lead}
  - {role: Owner, level: director}
requirements:
  - {role: Baker, skill: Kneading, level: Working, strength: essential}
  - {role: Head Baker, skill: Kneading, level: Expert}
  - {role: Head Baker, skill: Planning shifts, strength: essential, level: Awareness}
  - {role: Shift Lead, skill: Planning shifts, level: Working}
  - {role: Bakery Manager, skill: Planning shifts, level: Expert}
  - {role: Bakery Manager, skill: Hiring, strength: essential}
  - {role: Bakery Manager, skill: Pricing, strength: beneficial}
  - {role: Owner, skill: Pricing, level: Working}
role certifications:
  - {role: Bakery Manager, certification: Master baker}
transitions:
  - {from: Baker, to: Head Baker, type: promotion, months: 24}
  - {from: Baker, to: Shift Lead, type: promotion, months: 12}
  - {from: Shift Lead, to: Head Baker, type: lateral move, months: 6}
  - {from: Shift Lead, to: Bakery Manager, type: promotion, months: 40}
  - {from: Head Baker, to: Bakery Manager, type: promotion, months: 18}
  - {from: Baker, to: Bakery Manager, type: promotion}
  - {from: Bakery Manager, to: Owner, type: promotion, months: 60.5}
"""


# --- a reader of its own


def deltas(numbers: Iterable[int]) -> list[int]:
    return list(itertools.accumulate(numbers))


class Data:
    """The files of a site's data, read as the browser reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "assets" / "data"
        self.core = self("core")
        self.asks = self("asks")
        self.net = self("network")
        self.certs = self("certs")
        self._learning()

    def __call__(self, name: str) -> Any:
        text = (self.folder / f"{name}.js").read_text(encoding="utf-8")
        assert text.startswith("rolegraphData(")
        assert text.endswith(");\n")
        told, content = json.loads(f"[{text[len('rolegraphData(') : -len(');' + chr(10))]}]")
        assert told == name
        return content

    def iri(self, row: Sequence[Any]) -> str:
        base, local = ([*row, 0, ""])[2:4] if len(row) > 3 else (0, row[2] if len(row) > 2 else "")
        return f"{self.core['bases'][base]}{local}"

    def cards(self) -> Iterator[tuple[Any, Any]]:
        for k in range(self.core["blocks"]):
            block = self(f"cards/{k}")
            for card in block["roles"]:
                yield card, block["ev"]

    def _learning(self) -> None:
        rungs = {s: levels for s, levels, _ in self.asks["rungs"]}
        up = dict(zip(deltas(self.asks["levelAt"]), self.asks["levelUp"], strict=True))
        at, raw = 0, []
        for count in self.asks["count"]:
            skills = deltas(self.asks["skill"][at : at + count])
            raw.append([(s, up.get(at + i, -1)) for i, s in enumerate(skills)])
            at += count
        self.first: dict[int, int] = {}
        width = 0
        for s in sorted({s for row in raw for s, _ in row}):
            self.first[s] = width
            width += max(1, len(rungs.get(s, ())))
        self.width, self.rungs = width, rungs
        self.asked = [0] * len(raw)
        for i, row in enumerate(raw):
            for s, u in row:
                self.asked[i] |= ((2 << max(u, 0)) - 1) << self.first[s]
        bit = {c: width + i for i, c in enumerate(sorted({c for _, c in self.certs["named"]}))}
        self.named = [0] * len(raw)
        for maker, c in self.certs["named"]:
            self.named[maker] |= 1 << bit[c]
        makers = dict(self.net["maker"])
        self.edges: list[tuple[int, int]] = []
        heads = iter(self.net["target"])
        for u, count in enumerate(self.net["out"]):
            self.edges += [(u, next(heads)) for _ in range(count)]
        self.mapping = [self.core["types"][int(t, 36)] == "mapping" for t in self.net["type"]]
        self.need, self.top = [], []
        for e, (_, to) in enumerate(self.edges):
            own = makers.get(e)
            asked = self.asked[to] | (self.asked[own] if own is not None and not self.mapping[e]
                                      else 0)  # fmt: skip
            certs = self.named[to] | (self.named[own] if own is not None else 0)
            self.need.append(asked if self.mapping[e] else asked | certs)
            self.top.append(0 if self.mapping[e] else self._highest(asked))

    def _highest(self, bits: int) -> int:
        """Of each skill that has several, only the highest bit."""
        for s, levels in self.rungs.items():
            mask = ((1 << len(levels)) - 1) << self.first[s]
            if some := bits & mask:
                bits ^= some ^ (1 << some.bit_length() - 1)
        return bits

    def following(self, held: int) -> int:
        """For each skill, the lowest bit that is not held."""
        out = ((1 << self.width) - 1) & ~held
        for s, levels in self.rungs.items():
            mask = ((1 << len(levels)) - 1) << self.first[s]
            if some := out & mask:
                out ^= some ^ (some & -some)
        return out

    def values(self, start: int, way: Sequence[int]) -> dict[str, float]:
        held = self.asked[start]
        then, learned, hardest = self.following(held), 0, 0
        for e in way:
            hardest = max(hardest, (self.top[e] & ~held).bit_count())
            learned |= 0 if self.mapping[e] else self.need[e] & ~held
            held |= self.need[e]
        skills = (1 << self.width) - 1
        return {
            "steps": sum(not self.mapping[e] for e in way),
            "new-skills": (learned & then).bit_count(),
            "hardest-step": hardest,
            "certifications": (learned >> self.width).bit_count(),
            "effort": sum(
                w for i, w in enumerate(self.asks["effort"]) if (learned & skills) >> i & 1
            )
            / 1e6,
        }

    def figure(self, key: str, way: Sequence[int]) -> float | None:
        (found,) = (f for f in self.net["figures"] if f["key"] == key)
        known = dict(zip(deltas(found["at"]), found["value"], strict=True))
        return None if any(e not in known for e in way) else math.fsum(known[e] for e in way)

    def ways(self, start: int, target: int) -> Iterator[list[int]]:
        """Every way that visits no role twice, mappings left out."""
        out: dict[int, list[int]] = {}
        for e, (u, _) in enumerate(self.edges):
            if not self.mapping[e]:
                out.setdefault(u, []).append(e)

        def go(u: int, seen: frozenset[int], way: list[int]) -> Iterator[list[int]]:
            if u == target:
                yield way
                return
            for e in out.get(u, ()):
                w = self.edges[e][1]
                if w not in seen:
                    yield from go(w, seen | {w}, [*way, e])

        yield from go(start, frozenset({start}), [])


def pareto(points: Iterable[tuple[float, ...]]) -> set[tuple[float, ...]]:
    def beaten(p: tuple[float, ...], q: tuple[float, ...]) -> bool:
        return p != q and all(b <= a for a, b in zip(p, q, strict=True))

    every = set(points)
    return {p for p in every if not any(beaten(p, q) for q in every)}


# --- sites


def made(kg: rg.RoleGraph, folder: Path, **options: Any) -> SimpleNamespace:
    site = write(kg, folder, **options)
    return SimpleNamespace(kg=kg, site=site, folder=folder, data=Data(folder))


@pytest.fixture(scope="module")
def article_site(kg: rg.RoleGraph, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    return made(kg, tmp_path_factory.mktemp("article") / "site", title="Careers")


@pytest.fixture(scope="module")
def bakery_site(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    folder = tmp_path_factory.mktemp("bakery")
    (folder / "ladder.yaml").write_text(BAKERY, encoding="utf-8")
    import_source("article", into=folder / "store")
    import_source("table", folder / "ladder.yaml", into=folder / "store")
    return made(rg.open(folder / "store"), folder / "site")


@pytest.fixture(params=["article", "bakery"])
def any_site(request: pytest.FixtureRequest) -> SimpleNamespace:
    found = request.getfixturevalue(f"{request.param}_site")
    assert isinstance(found, SimpleNamespace)
    return found


# --- everything is there


def test_every_thing_is_in_the_data(any_site: SimpleNamespace) -> None:
    kg, d = any_site.kg, any_site.data
    roles = {d.iri(r): r[0] for r in d.core["roles"]}
    assert roles == {r.iri: r.label for r in kg.roles()}
    skills = {d.iri(s): s[0] for s in d("skills")["skills"]}
    assert skills == {s.iri: s.label for s in kg.skills()}
    certs = {d.iri(c): c[0] for c in d.certs["certifications"]}
    assert certs == {c.iri: c.label for c in kg.certifications()}
    steps = {
        f"{d.core['bases'][s['i'][0]]}{s['i'][1]}"
        for card, _ in d.cards()
        for s in (*card.get("t", ()), *card.get("n", ()))
    }
    assert steps == {t.iri for t in kg.transitions() if t.source or t.target}
    sizes = any_site.site.counts
    assert (sizes["roles"], sizes["skills"]) == (len(roles), len(skills))
    assert (sizes["certifications"], sizes["transitions"]) == (len(certs), len(steps))


def test_names_families_levels_and_kinds(any_site: SimpleNamespace) -> None:
    kg, d = any_site.kg, any_site.data
    alts = d("rolenames")["roles"]
    for row, other in zip(d.core["roles"], alts, strict=True):
        r = kg.role(d.iri(row))
        assert tuple(other) == r.alt_labels
        row = [*row, *[None] * (7 - len(row))]
        family, level = (None if i in (None, -1) else i for i in row[5:7])
        # what is left out at the end is 0 or none
        assert r.family == (None if family is None else d.core["families"][family])
        assert r.level == (None if level is None else d.core["levels"][level])
    masks = d("skills")
    for row in masks["skills"]:
        mask = row[5] if len(row) > 5 else 0
        kinds = {k for i, k in enumerate(masks["kinds"]) if mask >> i & 1}
        assert kinds == set(kg.skill(d.iri(row)).kinds)


def test_addresses_are_unique_and_readable(any_site: SimpleNamespace) -> None:
    d = any_site.data
    for rows in (d.core["roles"], d("skills")["skills"], d.certs["certifications"]):
        slugs = [r[1] for r in rows]
        assert len(set(slugs)) == len(slugs)
        assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", s) for s in slugs)


def test_levels_stand_in_the_order_of_their_rank(article_site: SimpleNamespace) -> None:
    ranks = {
        str(name): rank
        for name, rank in article_site.kg.query(
            "SELECT ?n ?r { ?l skos:prefLabel ?n ; rg:levelRank ?r }"
        )
    }
    listed = [ranks[name] for name in article_site.data.core["levels"]]
    assert listed == sorted(listed)
    assert len(listed) > 2


def same_claim(d: Data, told: list[Any], ev: list[Any], claim: Claim) -> None:
    told = [*told, *[0, "", [], [], [], []][len(told) - 1 :]]
    kind, strength, hedge, refs, notes, places, first = told
    assert d.core["kinds"][kind] == claim.kind
    assert d.core["strengths"][strength] == (claim.strength or "")
    assert hedge == ("" if claim.hedge in (None, "stated") else claim.hedge)
    assert (tuple(notes), tuple(places), tuple(first)) == (
        claim.notes, claim.applies_in, claim.preconditions,
    )  # fmt: skip
    assert len(refs) == len(claim.evidence)
    for ref, e in zip(refs, claim.evidence, strict=True):
        at, row = ref if isinstance(ref, list) else (ref, None)
        assert row == e.row
        assert ev[at] == place(e)


def place(e: Evidence) -> dict[str, Any]:
    if e.derivation:
        return {"m": e.derivation}
    if e.source:
        return {"v": e.source, "d": e.document}
    if e.document:
        return {"d": e.document, "s": e.section, "a": e.start, "b": e.end, "h": e.sha256}
    return {"r": e.rationale}


def test_cards_say_what_python_says(any_site: SimpleNamespace) -> None:
    """Every aspect, demand, step and relation, with kind, reservation and evidence."""
    kg, d = any_site.kg, any_site.data
    compared = 0
    for row, (card, ev) in zip(d.core["roles"], d.cards(), strict=True):
        r = kg.role(d.iri(row))
        facts = kg.facts(r)
        told = card.get("a", {})
        assert set(told) == {a for a in ASPECTS if facts.findings[a]}
        for aspect, items in told.items():
            for item, f in zip(items, facts.findings[aspect], strict=True):
                item = [*item, *[[], []][len(item) - 2 :]]
                assert item[:2] == [f.label, f.concept.curie]
                assert tuple(item[3]) == f.rules
                for c, claim in zip(item[2], f.claims, strict=True):
                    same_claim(d, c, ev, claim)
                    compared += 1
        compared += same_asks(d, card.get("q", ()), ev, facts.requirements)
        steps = kg.transitions(r)
        for s, t in zip(card.get("t", ()), steps, strict=True):
            assert s["l"] == t.label
            assert (d.core["types"] + [""])[s["y"] if isinstance(s["y"], int) else -1] in (
                t.type, "")  # fmt: skip
            same_claim(d, s["c"], ev, t.claim)
            same_asks(d, s.get("q", ()), ev, kg.requirements(t))
            if s["o"] >= 0:
                assert d.iri(d.core["roles"][s["o"]]) == t.target.iri
            if s["e"] >= 0:
                u, w = d.edges[s["e"]]
                assert d.iri(d.core["roles"][u]) == r.iri
                assert w == s["o"]
            compared += 1
    assert compared > 200


def same_asks(d: Data, told: Sequence[Any], ev: list[Any], wanted: Sequence[Any]) -> int:
    skills = d("skills")["skills"]
    for ask, req in zip(told, wanted, strict=True):
        if isinstance(ask, list):
            skill, kind, strength, at, row = ask
            ask = {"s": skill, "c": [kind, strength, "", [[at, row]]]}
        assert d.iri(skills[ask["s"]]) == req.skill.iri
        same_claim(d, ask["c"], ev, req.claim)
        assert tuple(ask.get("p", ())) == req.purposes
        assert ask.get("l") == req.level
        assert ask.get("k") == req.level_rank
        assert ask.get("w") == req.importance
    return len(told)


def test_similar_roles_are_those_of_python(any_site: SimpleNamespace) -> None:
    kg, d = any_site.kg, any_site.data
    found = d("similar")
    told = 0
    for row, to, values in zip(d.core["roles"], found["to"], found["value"], strict=True):
        if not to:
            continue
        near = kg.similar(d.iri(row))
        assert [d.iri(d.core["roles"][t]) for t in to] == [x.role.iri for x in near]
        assert values == [round(x.value, 4) for x in near]
        told += 1
    assert told > 3


# --- plans


def test_plans_from_the_data_are_those_of_python(any_site: SimpleNamespace) -> None:
    """All pairs of roles: the Pareto set by brute force over the data is that of ``kg.plan``."""
    kg, d = any_site.kg, any_site.data
    number = {d.iri(r): i for i, r in enumerate(d.core["roles"])}
    several = ("steps", "new-skills", "hardest-step")
    routes = 0
    for a, b in itertools.permutations(number, 2):
        ways = [d.values(number[a], w) for w in d.ways(number[a], number[b])]
        if not ways:
            with pytest.raises(rg.NoRouteError):
                kg.plan(a, b)
            continue
        best = pareto(tuple(v[o] for o in several) for v in ways)
        plan = kg.plan(a, b)
        assert plan.complete
        assert {tuple(r.values[o] for o in several) for r in plan} == best
        routes += len(plan)
        for one in ("certifications", "effort"):
            least = kg.plan(a, b, minimise=one, k=1)[0].values[one]
            assert least == pytest.approx(min(v[one] for v in ways), abs=1e-9)
    assert routes > 12


def test_levels_count_as_bits(bakery_site: SimpleNamespace) -> None:
    """Somebody who kneads has to learn more of it, and no more than that."""
    d = bakery_site.data
    number = {r[0]: i for i, r in enumerate(d.core["roles"])}
    skills = {s[0]: i for i, s in enumerate(d("skills")["skills"])}
    names = {s: labels for s, _, labels in d.asks["rungs"]}
    assert names[skills["Kneading"]] == ["Working", "Expert"]
    assert names[skills["Planning shifts"]] == ["Awareness", "Working", "Expert"]
    (way,) = (w for w in d.ways(number["Baker"], number["Head Baker"]) if len(w) == 1)
    assert d.values(number["Baker"], way)["new-skills"] == 2
    (way,) = (w for w in d.ways(number["Head Baker"], number["Bakery Manager"]) if len(w) == 1)
    assert d.values(number["Head Baker"], way)["hardest-step"] == 3


def test_examples_have_an_answer(any_site: SimpleNamespace) -> None:
    kg, d = any_site.kg, any_site.data
    told = d.core["examples"]
    a, b = (d.iri(d.core["roles"][i]) for i in told["plan"])
    assert len(kg.route(a, b)) in (2, 3, 4)
    a, b = (d.iri(d.core["roles"][i]) for i in told["compare"])
    assert kg.compare(a, b).transitions
    label, slug = told["skill"]
    assert [label, slug] in [s[:2] for s in d("skills")["skills"]]
    assert any(s.label == label for r in kg.roles() for s in kg.skills(r))


def test_the_example_of_the_article(article_site: SimpleNamespace) -> None:
    """A way of several steps from a role of which it is stated what it asks."""
    kg, core = article_site.kg, article_site.data.core
    a, b = (core["roles"][i][0] for i in core["examples"]["plan"])
    assert len(kg.route(a, b)) == 3
    assert kg.requirements(a)


def test_the_layout_has_a_place_for_every_role(any_site: SimpleNamespace) -> None:
    found = any_site.data("layout")
    for axis in (found["x"], found["y"]):
        assert len(axis) == len(any_site.data.core["roles"])
        assert all(isinstance(v, int) and 0 <= v <= 1000 for v in axis)
    assert len(set(zip(found["x"], found["y"], strict=True))) > len(found["x"]) / 2


def test_months_are_those_of_python(bakery_site: SimpleNamespace) -> None:
    kg, d = bakery_site.kg, bakery_site.data
    number = {r[0]: i for i, r in enumerate(d.core["roles"])}
    assert [f["key"] for f in d.core["figures"]] == ["months"]
    for a, b in (("Baker", "Bakery Manager"), ("Baker", "Owner"), ("Shift Lead", "Owner")):
        least = min(
            v for w in d.ways(number[a], number[b]) if (v := d.figure("months", w)) is not None
        )
        plan = kg.plan(a, b, minimise="months", k=1)
        assert plan[0].values["months"] == least


def test_kinds_and_types_of_edges(any_site: SimpleNamespace) -> None:
    d = any_site.data
    land = any_site.kg.planner.asking.landscape(None, any_site.kg._generation is not None)
    assert len(land.edges) == len(d.edges)
    for e, (u, w), kind, what in zip(
        land.edges, d.edges, d.net["kind"], d.net["type"], strict=True
    ):
        assert (e.source, e.target) == (u, w)
        assert d.core["kinds"][int(kind, 36)] == e.kind
        assert d.core["types"][int(what, 36)] == e.type


def test_kind_of_each_demand(any_site: SimpleNamespace) -> None:
    kg, d = any_site.kg, any_site.data
    skills = d("skills")["skills"]
    at = 0
    for row, count in zip(d.core["roles"], d.asks["count"], strict=False):
        known: dict[str, set[tuple[str, str]]] = {}
        for r in kg.requirements(d.iri(row)):
            known.setdefault(r.skill.iri, set()).add((r.claim.kind, r.strength or ""))
        for i, s in enumerate(deltas(d.asks["skill"][at : at + count])):
            pair = (
                d.core["kinds"][int(d.asks["kind"][at + i], 36)],
                d.core["strengths"][int(d.asks["strength"][at + i], 36)],
            )
            assert pair in known[d.iri(skills[s])]
        at += count
    assert at >= 20


# --- pages


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr"}  # fmt: skip


class Strict(HTMLParser):
    """Refuses what browsers mend: tags that do not match, bare ampersands, ids that come twice."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        assert text.startswith("<!DOCTYPE html>\n")
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs), f"{tag}: an attribute twice"
        assert not any(name.startswith("on") or name == "style" for name in found)
        self.tags.append((tag, found))
        if found.get("id") is not None:
            self.ids.append(str(found["id"]))
        if tag == "a":
            self.links.append(str(found["href"]))
        for name in ("src", "srcset", "data", "poster"):
            if name in found:
                self.loaded.append(str(found[name]))
        if tag == "link":
            self.loaded.append(str(found["href"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, text: str) -> None:
        assert "<" not in text
        self.text += text

    def handle_entityref(self, name: str) -> None:
        assert name in ("amp", "lt", "gt", "quot"), f"a bare ampersand: &{name}"

    def handle_comment(self, _: str) -> None: ...

    def unknown_decl(self, declared: str) -> None:
        raise AssertionError(declared)


STATIC = ("ontology.html", "questions.html", "sources.html", "roles.html")


@pytest.fixture
def parsed(any_site: SimpleNamespace) -> dict[str, Strict]:
    return {name: Strict((any_site.folder / name).read_text(encoding="utf-8")) for name in STATIC}


def test_pages_are_sound(parsed: dict[str, Strict]) -> None:
    for name, page in parsed.items():
        count = [t for t, _ in page.tags].count
        assert count("main") == count("h1") == count("title") == 1, name
        assert count("header") == count("footer") == 1
        assert page.headings[0] == 1
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(b <= a + 1 for a, b in steps), f"{name}: a heading is left out"
        assert ("html", {"lang": "en"}) in page.tags
        assert "script" not in {t for t, _ in page.tags}
        assert page.links[0] == "#main", "the first link skips to the content"
        for tag, found in page.tags:
            if tag == "th":
                assert found.get("scope") in ("col", "row")
            if tag == "nav":
                assert found.get("aria-label")


def test_every_link_and_anchor_resolves(any_site: SimpleNamespace) -> None:
    d = any_site.data
    parsed = {name: Strict((any_site.folder / name).read_text(encoding="utf-8")) for name in STATIC}
    slugs = {r[1] for r in d.core["roles"]}
    inner = 0
    for name, page in parsed.items():
        assert len(set(page.ids)) == len(page.ids), f"{name}: an id twice"
        for href in page.links:
            parts = urlsplit(href)
            if parts.scheme:
                assert parts.scheme in ("http", "https", "mailto")
                continue
            inner += 1
            target = parts.path or name
            assert (any_site.folder / target).is_file(), f"{name}: {href}"
            if target == "index.html":
                role = re.fullmatch("/role/(.+)", parts.fragment)
                assert not parts.fragment or (role and role[1] in slugs), href
            elif parts.fragment:
                assert parts.fragment in parsed[target].ids, f"{name}: {href}"
    assert inner > 300


def test_nothing_is_loaded_from_elsewhere(any_site: SimpleNamespace) -> None:
    for name in STATIC:
        page = Strict((any_site.folder / name).read_text(encoding="utf-8"))
        for href in page.loaded:
            assert not urlsplit(href).scheme
            assert not urlsplit(href).netloc
            assert (any_site.folder / href).is_file(), href
    for path in (any_site.folder / "assets").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", text), path


def test_every_term_has_its_anchor(parsed: dict[str, Strict]) -> None:
    """What the ontology files define, found without the code that writes the page."""
    from rolegraph.resources import ontology_path

    page = parsed["ontology.html"]
    wanted = set()
    for name in ("rolegraph.ttl", "market.ttl"):
        text = ontology_path(name).read_text(encoding="utf-8")
        wanted |= set(re.findall(r"^rg:(\w+)$", text, re.MULTILINE))
    assert len(wanted) > 250
    assert wanted <= set(page.ids)
    vocabulary = {v.removeprefix(RG.NS) for k, v in vars(RG).items() if k != "NS"
                  and isinstance(v, str) and v.startswith(RG.NS)}  # fmt: skip
    assert vocabulary <= set(page.ids)
    for told in ("isIssuedUnder", "Follows from", "transitive", "In the domain of"):
        assert told in page.text


def test_defined_classes_and_chains_are_written_out(article_site: SimpleNamespace) -> None:
    text = (article_site.folder / "ontology.html").read_text(encoding="utf-8")
    assert "an expression that is not written out here" not in text
    plain = re.sub("<[^>]+>", "", text)
    assert re.search(r"Equivalent to\w+ and \(\w+ (some|value) ", plain)
    assert re.search(r"Follows from\w+ then \w+", plain)


def test_every_question_has_its_answer(any_site: SimpleNamespace) -> None:
    kg = any_site.kg
    text = (any_site.folder / "questions.html").read_text(encoding="utf-8")
    sections = dict(re.findall(r'<section class="question" id="([\w-]+)">(.*?)</section>', text,
                               re.DOTALL))  # fmt: skip
    assert set(sections) == {q.name for q in kg.questions()}
    # those without an answer stand together at the end, folded
    before, _, folded = text.partition('<h2 id="without">')
    empty = {q.name for q in kg.questions() if not kg.ask_question(q.name)}
    assert set(re.findall(r'<section class="question" id="([\w-]+)">', folded)) == empty
    assert (f"Show the {len(empty)} question" in folded) == bool(empty)
    assert f"{len(sections) - len(empty)} of them have something to tell" in before
    for q in kg.questions():
        told = sections[q.name]
        assert frame.esc(q.text) in told
        rows = kg.ask_question(q.name)
        assert told.count("<tr>") == (min(len(rows), 200) + 1 if len(rows) else 0), q.name
        if rows:
            for value in rows[0]:
                assert frame.esc(cell(value)) in told


def test_a_question_that_takes_too_long_is_said_to(bakery_site: SimpleNamespace) -> None:
    with closing(answers(bakery_site.kg, 1e-9)) as found:
        told = [a for _, a in itertools.islice(found, 3)]
    late = [a for a in told if a.problem.startswith("not run to its end: it takes more than")]
    assert late
    assert not any(a.rows for a in late)


def test_sources_are_named_with_licence(any_site: SimpleNamespace) -> None:
    text = (any_site.folder / "sources.html").read_text(encoding="utf-8")
    for s in any_site.data.core["sources"]:
        assert frame.esc(s["title"]) in text
        assert frame.esc(s["licence"]) in text
    count = any_site.kg.query(
        "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c rg:hasEvidenceKind rg:stated }"
    )[0][0]
    assert f"{count:,}" in text


def test_hostile_labels_stay_text(tmp_path: Path) -> None:
    turtle = tmp_path / "own.ttl"
    told = json.dumps(HOSTILE)
    turtle.write_text(
        "PREFIX rg: <https://w3id.org/rolegraph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        + "".join(
            f"<https://example.org/{c}> a owl:NamedIndividual , rg:{c} ; skos:prefLabel {told} .\n"
            for c in ("Role", "Skill", "Certification")
        ),
        encoding="utf-8",
    )
    kg = rg.load(turtle, validate=False)
    found = made(kg, tmp_path / "site", title=HOSTILE)
    d = found.data
    for rows in (d.core["roles"], d("skills")["skills"], d.certs["certifications"]):
        assert [r[0] for r in rows if d.iri(r).startswith("https://example.org/")] == [HOSTILE]
    for path in (tmp_path / "site").rglob("*"):
        if path.suffix in (".html", ".js") and path.parent.name in ("site", "data", "cards"):
            text = path.read_text(encoding="utf-8")
            assert "<img src=x" not in text, path
            if path.suffix == ".js":
                assert "<" not in text
                assert "\u2028" not in text
    for name in STATIC:
        Strict((tmp_path / "site" / name).read_text(encoding="utf-8"))


def test_links_lead_to_the_web_only() -> None:
    assert frame.link("here", "javascript:alert(1)") == "here"
    assert frame.link("a&b", "https://x/?a=1&b") == (
        '<a href="https://x/?a=1&amp;b" rel="external">a&amp;b</a>'
    )
    assert frame.esc("a\x00b\ud800") == "a\ufffdb\ufffd"


# --- the folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def names_in(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir()]


def test_the_report_counts_what_is_there(article_site: SimpleNamespace) -> None:
    files = snapshot(article_site.folder)
    site: Site = article_site.site
    assert site.files == len(files)
    assert site.bytes == sum(map(len, files.values()))
    marker = json.loads(files[MARKER])
    assert set(marker["files"]) | {MARKER} == set(files)
    assert marker["title"] == "Careers"
    assert "python -m http.server" in str(site)
    assert str(site.index) in repr(site)
    with pytest.raises(AttributeError):
        site.files = 3  # type: ignore[misc]


def test_the_same_graph_gives_the_same_files(article_site: SimpleNamespace, tmp_path: Path) -> None:
    write(rg.load(), tmp_path / "again", title="Careers")
    assert snapshot(tmp_path / "again") == snapshot(article_site.folder)


@pytest.mark.slow
def test_the_engine_makes_no_difference(
    article_site: SimpleNamespace, kg_rdflib: rg.RoleGraph, tmp_path: Path
) -> None:
    write(kg_rdflib, tmp_path / "rdflib", title="Careers")
    assert snapshot(tmp_path / "rdflib") == snapshot(article_site.folder)


def test_a_graph_without_closure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="reason=True"):
        write(rg.load(reason=False), tmp_path / "site")
    assert names_in(tmp_path) == []


def test_a_graph_without_a_role(tmp_path: Path) -> None:
    """Only a model: the pages are there, and nothing is made up."""
    from rolegraph.resources import ontology_path

    kg = rg.load(ontology_path("rolegraph.ttl"), ours=False, validate=False)
    found = made(kg, tmp_path / "site")
    assert found.data.core["roles"] == []
    assert found.data.core["examples"] == {}
    for name in STATIC:
        Strict((tmp_path / "site" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("marker", [None, "no json", '{"by": "somebody"}', "[]"])
def test_another_folder_is_refused(kg: rg.RoleGraph, tmp_path: Path, marker: str | None) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("dear", encoding="utf-8")
    if marker is not None:
        (out / MARKER).write_text(marker, encoding="utf-8")
    before = snapshot(out)
    with pytest.raises(SiteError, match=r"mine is not empty and no site .*letter\.txt"):
        write(kg, out)
    assert snapshot(out) == before
    assert names_in(tmp_path) == ["mine"]


def test_places_that_cannot_be(kg: rg.RoleGraph, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(SiteError, match="is a file"):
        write(kg, tmp_path / "file")
    with pytest.raises(SiteError, match="there is no folder"):
        write(kg, tmp_path / "a" / "b")
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    with pytest.raises(SiteError, match="is a link to"):
        write(kg, tmp_path / "link")


def test_a_site_is_replaced_whole(kg: rg.RoleGraph, tmp_path: Path) -> None:
    out = tmp_path / "site"
    out.mkdir()
    write(kg, out, title="One")
    (out / "left-over.html").write_text("old", encoding="utf-8")
    write(kg, out, title="Two")
    assert not (out / "left-over.html").exists()
    assert json.loads((out / MARKER).read_text(encoding="utf-8"))["title"] == "Two"
    assert names_in(tmp_path) == ["site"]


def test_an_error_leaves_everything_as_it_was(
    article_site: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    write(article_site.kg, out, title="One")
    before = snapshot(out)

    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cards, "keys_of", breaks)
    with pytest.raises(KeyboardInterrupt):
        write(article_site.kg, out, title="Two")
    monkeypatch.undo()
    assert snapshot(out) == before
    assert names_in(tmp_path) == ["site"]


@pytest.mark.slow
def test_killed_while_it_writes(article_site: SimpleNamespace, tmp_path: Path) -> None:
    """At any moment, what stands in the place is a whole site: the old one or the new one."""
    out = tmp_path / "site"
    write(article_site.kg, out, title="One")
    before = snapshot(out)
    code = (
        "import sys, rolegraph as rg\nfrom rolegraph.site import write\n"
        "kg = rg.load(); write(kg, sys.argv[1], title='One'); print('go', flush=True)\n"
        "while True: write(kg, sys.argv[1], title='Two')"
    )
    chance = random.Random(7)
    seen = set()
    for _ in range(3):
        worker = subprocess.Popen(
            [sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, text=True
        )
        assert worker.stdout is not None
        with worker.stdout:
            begun = worker.stdout.readline()
            time.sleep(chance.uniform(0, 0.6))
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        assert begun == "go\n"
        now = snapshot(out)
        title = json.loads(now[MARKER])["title"]
        seen.add(title)
        assert set(now) == set(json.loads(now[MARKER])["files"]) | {MARKER}
        assert set(now) == set(before)
    assert seen <= {"One", "Two"}
    write(article_site.kg, out, title="One")
    assert snapshot(out) == before
    assert names_in(tmp_path) == ["site"], "what the killed ones left is gone"


def test_a_site_moved_away_by_a_killed_process_comes_back(
    article_site: SimpleNamespace, tmp_path: Path
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    out = tmp_path / "site"
    write(article_site.kg, out, title="One")
    before = snapshot(out)
    for what, process in (("old", gone.pid), ("new", os.getpid())):
        (tmp_path / f".site.{what}-{process}-ab_c").mkdir()
    out.rename(tmp_path / f".site.old-{gone.pid}-ab_c" / "site")

    class Stop(Exception):
        pass

    def stop(stage: str, done: int, total: int | None = None) -> None:
        if stage == "layout":
            raise Stop

    with pytest.raises(Stop):
        write(article_site.kg, out, progress=stop)
    assert snapshot(out) == before
    # that of a process which is there is left alone
    assert set(names_in(tmp_path)) == {"site", f".site.new-{os.getpid()}-ab_c"}


# --- the command


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(list(args))
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLEGRAPH_STORE", raising=False)
    code, out, err = run(capsys, "site", str(tmp_path / "out"), "--title", "Ours")
    assert (code, err) == (0, "")
    assert "wrote 'Ours'" in out
    assert "11 roles" in out
    assert "python -m http.server" in out
    code, out, _ = run(capsys, "site", str(tmp_path / "out"), "--json")
    told = json.loads(out)
    assert (code, told["counts"]["roles"], told["title"]) == (0, 11, "Career routes")
    assert told["bytes"] == sum(map(len, snapshot(tmp_path / "out").values()))


def test_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    code, out, err = run(capsys, "site", str(tmp_path))
    assert (code, out) == (7, "")
    assert "not empty and no site" in err
    assert len(err.splitlines()) == 1


# --- at size


@pytest.mark.slow
def test_a_labour_market(tmp_path: Path) -> None:
    """A store of a whole market, named by ROLEGRAPH_STORE: figures of random routes."""
    named = os.environ.get("ROLEGRAPH_STORE")
    if not named:
        pytest.skip("no store named in ROLEGRAPH_STORE")
    kg = rg.open(named)
    found = made(kg, tmp_path / "site")
    d = found.data
    assert len(d.core["roles"]) == len(kg.roles())
    number = {d.iri(r): i for i, r in enumerate(d.core["roles"])}
    edge = {e.claim: i for i, e in enumerate(kg.planner.asking.landscape(None, True).edges)}
    chance = random.Random(3)
    roles = [iri for iri in number if d.asked[number[iri]]]
    told = 0
    for _ in range(40):
        a, b = chance.sample(roles, 2)
        try:
            plan = kg.plan(a, b, max_steps=3, minimise=OBJECTIVES[:3])
        except rg.NoRouteError:
            continue
        for route in plan:
            way = [edge[s.transition.iri] for s in route.steps]
            values = d.values(number[a], way)
            assert values == pytest.approx({**route.values}, abs=1e-9)
            told += 1
    assert told > 3
    for _ in range(20):
        iri = chance.choice(roles)
        near = kg.similar(iri)
        assert [d.iri(d.core["roles"][t]) for t in d("similar")["to"][number[iri]]] == [
            x.role.iri for x in near
        ]


def test_numbers_of_things_do_not_hang_on_labels() -> None:
    things = [
        rg.Role(f"https://x/{i}", "Same", source=s) for i, s in enumerate(("a-1", "b-2", None))
    ]
    assert data.slugs(things, {"a-1": "a", "b-2": "b"}, "role") == ("same-a", "same-b", "same")
