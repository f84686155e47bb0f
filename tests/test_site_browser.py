"""The explorer page in a real Chromium: what it shows is what Python says, and anybody can use it.

Several checks share a page load, so that the whole file stays under a minute.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import rolegraph as rg
from rolegraph.faces import rungs
from rolegraph.importing import import_source
from rolegraph.site import Site, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

VIEWS = {
    "start": "#/",
    "results": "#/?q=manager",
    "role": "#/role/delivery-manager",
    "quiet role": "#/role/delivery-director",
    "compare": "#/compare/delivery-manager/project-manager",
    "plan form": "#/plan",
    "plan": "#/plan?from=project-manager&to=delivery-director&cert=itil",
    "no route": "#/plan?from=project-manager&to=delivery-director&max=2",
    "skills": "#/skills",
    "skill": "#/skill/negotiation",
    "certifications": "#/certifications",
    "certification": "#/certification/itil",
    "map": "#/map",
    "not found": "#/role/astronaut",
}
SETS = (
    ("steps",), ("new-skills",), ("hardest-step",), ("effort",), ("certifications",),
    ("steps", "new-skills", "hardest-step"), ("new-skills", "certifications", "effort", "steps"),
)  # fmt: skip
LADDER = """
about: {key: mill, version: 1, title: Mill ladder, licence: internal use}
levels: [{name: aware}, {name: working}, {name: expert}]
roles: [{role: Miller}, {role: Sifter}, {role: Foreman}, {role: Grader}, {role: Owner}]
certifications: [{certification: Scales}]
requirements:
  - {role: Miller, skill: Grinding, level: working, strength: essential}
  - {role: Sifter, skill: Sifting, level: aware, strength: essential}
  - {role: Sifter, skill: Grinding, level: aware, strength: beneficial}
  - {role: Foreman, skill: Grinding, level: expert, strength: essential}
  - {role: Foreman, skill: Rostering, strength: beneficial}
  - {role: Foreman, skill: Sifting, level: working}
  - {role: Grader, skill: Sifting, level: expert, strength: essential}
  - {role: Grader, skill: Weighing}
  - {role: Owner, skill: Rostering, level: working}
  - {role: Owner, skill: Trading, strength: essential}
  - {role: Owner, skill: Weighing}
role certifications: [{role: Grader, certification: Scales}]
transitions:
  - {from: Miller, to: Sifter, type: lateral move, months: 3.5}
  - {from: Miller, to: Foreman, type: promotion, months: 30}
  - {from: Miller, to: Owner, type: promotion}
  - {from: Sifter, to: Grader, type: promotion, months: 12}
  - {from: Sifter, to: Foreman, type: promotion, months: 20.25}
  - {from: Grader, to: Foreman, type: lateral move, months: 6}
  - {from: Grader, to: Owner, type: promotion, months: 40}
  - {from: Foreman, to: Owner, type: promotion, months: 24}
  - {from: Foreman, to: Grader, type: lateral move, months: 4}
"""
PLAN = """
async ({asks}) => {
  const app = rolegraphSite;
  await app.model.ready("skill"); await app.model.ready("certification");
  const labels = found => found.map(d => app.model.skill(d.skill).label).sort();
  const out = [];
  for (const ask of asks) {
    const role = s => app.model.find("role", s).ix;
    const whole = {...app.planning.FREE, have: [], cert: [], ...ask};
    [whole.from, whole.to] = [role(ask.from), role(ask.to)];
    for (const key of ["avoid", "via"]) whole[key] = whole[key].map(role);
    for (const key of ["cert", "needs", "without"])
      whole[key] = whole[key].map(s => app.model.find("certification", s).ix);
    whole.have = whole.have.map(s => app.model.find("skill", s).ix);
    const plan = await app.planning.plan(whole, {});
    out.push({
      ways: plan.routes.map(r =>
        [r.roles.map(i => app.model.role(i).iri), ask.minimise.map(m => r.values[m])]),
      fresh: plan.routes.map(r => r.steps.map(s => labels(s.fresh))),
      raised: plan.routes.map(r => r.steps.map(s => labels(s.raised))),
      grown: plan.routes.map(r => r.steps.map(s => [...new Set(s.raised.map(d => app.model.skill(
        d.skill).label + `: ${d.held || "level not stated"} → ${d.level}`))].sort())),
      untold: plan.routes.map(r => r.untold.map(i => app.model.role(i).label)),
      read: plan.routes.map(r => ask.minimise.map(m => r.readAs[m] || "")),
      held: plan.heldUntold.map(i => app.model.role(i).label).sort(),
      complete: plan.complete, examined: plan.examined,
    });
  }
  return out;
}
"""
CROWDED = """
() => {
  const boxes = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());) {
    if (!n.data.trim() || !n.parentElement.checkVisibility()) continue;
    if (n.parentElement.closest(".hidden, .skip, .brand, svg, .map, .options")) continue;
    const range = document.createRange();
    range.selectNodeContents(n);
    for (const r of range.getClientRects())
      if (r.width > 1 && r.height > 1)
        boxes.push([n.data.trim(), r.left, r.top, r.right, r.bottom, n]);
  }
  const bad = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, b] = [boxes[i], boxes[j]];
    const x = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
    const y = Math.min(a[4], b[4]) - Math.max(a[2], b[2]);
    if (x > 3 && y > 7 && a[5] !== b[5]) bad.push([a[0], b[0]]);
  }
  const fits = e => e.getBoundingClientRect().right <= innerWidth + 1 || !e.checkVisibility()
    || e.closest(".wide, .map, .hidden, pre, .options");
  const out = [...document.querySelectorAll("main *")].filter(e => !fits(e));
  const wider = document.documentElement.scrollWidth - innerWidth;
  return {bad: bad.slice(0, 5), out: out.map(e => e.outerHTML.slice(0, 90)).slice(0, 5), wider};
}
"""


@dataclass
class Watch:
    """What a page complains of, and what it asks for elsewhere."""

    base: str
    faults: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    requests: int = 0

    def on(self, tab: Page) -> Watch:
        tab.on("console", self._said)
        tab.on("pageerror", lambda e: self.faults.append(str(e)))
        tab.on("request", self._asked)
        tab.on("requestfailed", self._failed)
        return self

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(message.text)

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # broken off by going elsewhere
            self.faults.append(f"{request.url}: {request.failure}")

    def _asked(self, request: Any) -> None:
        self.requests += 1
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def check(self) -> None:
        assert self.requests
        assert not self.faults
        assert not self.elsewhere


@pytest.fixture(scope="module")
def kg() -> rg.RoleGraph:
    return rg.load()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, kg: rg.RoleGraph) -> Path:
    """A folder that has the site in a folder of its own, two levels down."""
    top = tmp_path_factory.mktemp("www")
    (top / "a b").mkdir()
    write(kg, top / "a b" / "careers", progress=False)
    return top


@pytest.fixture
def watch(page: Page, root: Path, serve: Callable[[Path], str]) -> Iterator[Watch]:
    """The page with the site at hand; no test may leave a complaint behind."""
    seen = Watch(f"{serve(root)}/a%20b/careers/").on(page)
    yield seen
    seen.check()


def go(page: Page, base: str, view: str) -> None:
    """Open a view and wait until it stands."""
    page.set_default_timeout(10_000)
    page.goto(f"{base}index.html{view}")
    settled(page, view)


def settled(page: Page, view: str) -> None:
    page.wait_for_function("view => document.documentElement.dataset.view === view", arg=view)
    if "/plan?from" in view and "to=" in view:
        page.wait_for_selector("#answer[data-done]")


def everything(page: Page) -> None:
    """Wait until all names can be found."""
    page.wait_for_selector("html[data-ready=all]")


NAMES = """() => Object.fromEntries(rolegraphSite.core.roles.map((row, i) =>
  [rolegraphSite.model.role(i).iri, row[1]]))"""


def names_in(part: Locator) -> list[str]:
    """Give the names of the facts in a part of a view, without their strengths."""
    found = part.locator(".what > a, .what:not(:has(a))").all_inner_texts()
    return sorted(" ".join(t.split()) for t in found)


def eventually(get: Callable[[], Any], wanted: Any) -> None:
    """Wait a little for what the page does after an event."""
    end = time.monotonic() + 10
    while get() != wanted and time.monotonic() < end:
        time.sleep(0.02)
    assert get() == wanted


def shows(part: Locator, text: str) -> None:
    """Wait until a text stands in a part of the page, as it is seen."""
    from playwright.sync_api import expect

    expect(part).to_contain_text(text, use_inner_text=True, timeout=10_000)


def unfold(page: Page) -> None:
    """Show the rest of every list."""
    more = page.locator("main .limited > button.quiet")
    while more.count():
        more.first.click()


def evidence(part: Locator) -> str:
    """Give the evidence of a fact that was just opened; the page writes it after the event."""
    part.locator(".ev-body .says").first.wait_for()
    return part.locator(".ev-body").first.inner_text()


def texts(page: Page, selector: str) -> list[str]:
    return [" ".join(t.split()) for t in page.locator(selector).all_inner_texts()]


# --- finding


def test_search_by_keyboard_with_slips(page: Page, watch: Watch) -> None:
    go(page, watch.base, "#/")
    everything(page)
    assert page.locator("h1").count() == 1
    assert page.locator("main, header, nav[aria-label], footer").count() == 4
    assert page.locator(".examples a").count() == 3
    for link in page.locator(".examples a").all():
        assert link.get_attribute("href").startswith("#/")  # type: ignore[union-attr]
    # the skip link is the first stop, and leaves the address alone
    page.keyboard.press("Tab")
    focus = "document.activeElement"
    eventually(lambda: page.evaluate(f"{focus}.className"), "skip")
    page.keyboard.press("Enter")
    eventually(lambda: page.evaluate(f"{focus}.id"), "main")
    assert not page.url.endswith("#main")
    page.keyboard.press("Tab")
    box = page.locator(".combo.big input")
    eventually(lambda: box.evaluate("e => e === document.activeElement"), True)
    assert box.get_attribute("role") == "combobox"
    page.keyboard.type("delivry directr")
    options = page.locator(".combo.big [role=option]")
    shows(options.first, "Delivery Director")
    assert box.get_attribute("aria-expanded") == "true"
    shows(page.locator("#announce"), "suggestion")
    page.keyboard.press("ArrowDown")
    eventually(lambda: bool(box.get_attribute("aria-activedescendant")), True)
    marked = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{marked}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    eventually(lambda: box.get_attribute("aria-expanded"), "false")
    assert not box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    settled(page, "#/role/delivery-director")
    assert page.title().startswith("Delivery Director · ")
    # focus goes where the eye goes
    eventually(lambda: page.evaluate("document.activeElement.tagName"), "H1")
    # other names, other things, and nothing
    go(page, watch.base, "#/")
    everything(page)
    page.fill(".combo.big input", "DM")
    shows(options.first, "Delivery Manager")
    page.fill(".combo.big input", "negotation")
    shows(options.first, "Negotiation")
    options.first.click()
    settled(page, "#/skill/negotiation")
    go(page, watch.base, "#/")
    everything(page)
    page.fill(".combo.big input", "xyzzy")
    shows(options.first, "Nothing")
    page.fill(".combo.big input", "manager")
    page.keyboard.press("Enter")  # no suggestion chosen: all results, with a link of their own
    settled(page, "#/?q=manager")
    assert "Project Manager" in texts(page, ".results a")


def test_names_are_text_never_markup(page: Page, watch: Watch) -> None:
    go(page, watch.base, "#/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    shows(page.locator("h1"), "<img")
    assert page.locator("main img").count() == 0
    go(page, watch.base, "#/role/%3Cb%3Ex")
    shows(page.locator("h1"), "Not found")


# --- cards


def test_role_cards_say_what_python_says(
    page: Page, watch: Watch, kg: rg.RoleGraph
) -> None:  # fmt: skip
    for role in kg.roles():
        slug = role.label.lower().replace(" ", "-")
        go(page, watch.base, f"#/role/{slug}")
        unfold(page)
        facts = kg.facts(role)
        wide = page.locator("section", has=page.get_by_role("heading", name="Skills"))
        assert sorted(texts(page, ".wide-column section:first-child .what > a")) == sorted(
            {r.skill.label for r in facts.requirements}
        )
        if not facts.requirements:
            assert "Not stated" in wide.first.inner_text()
        duties = page.locator("section", has=page.get_by_role("heading", name="Duties"))
        found = sorted(" ".join(t.split()) for t in duties.locator(".what").all_inner_texts())
        assert found == sorted({f.label for f in facts.findings["responsibilities"]})
        steps = page.locator("section", has=page.get_by_role("heading", name="Where it leads"))
        ends = {t.target.label for t in kg.transitions() if t.source == role and t.target}
        assert ends <= set(steps.locator(".what > a").all_inner_texts())
    # the mark of a fact opens its evidence: the very places that Python gives
    go(page, watch.base, "#/role/delivery-manager")
    for r in kg.facts("Delivery Manager").requirements:
        row = page.locator(".wide-column section").first.locator(
            "li", has=page.get_by_text(r.skill.label, exact=True)
        )
        assert not row.locator(".ev-body").is_visible()
        row.locator("summary").focus()
        page.keyboard.press("Enter")
        said = evidence(row)
        assert r.claim.kind in said
        for e in r.evidence:
            assert f"characters {e.start}\u2013{e.end}" in said
            assert str(e.section) in said
    go(page, watch.base, "#/role/project-manager")
    lead = page.locator("section", has=page.get_by_role("heading", name="Where it leads"))
    director = lead.locator("li", has_text="Director of Project Management")
    director.locator(".tag-stated").wait_for()
    page.get_by_text("Compare with…").click()
    page.wait_for_function("() => document.activeElement.tagName === 'INPUT'")
    page.keyboard.type("delivery manager")
    page.keyboard.press("Enter")
    settled(page, "#/compare/project-manager/delivery-manager")
    go(page, watch.base, "#/role/project-manager")
    page.get_by_role("link", name="Plan from here").click()
    settled(page, "#/plan?from=project-manager")
    assert page.get_by_role("combobox", name="From", exact=True).input_value() == "Project Manager"


def test_comparison_is_that_of_python(
    page: Page, watch: Watch, kg: rg.RoleGraph
) -> None:  # fmt: skip
    go(page, watch.base, "#/compare/delivery-manager/project-manager")
    unfold(page)
    c = kg.compare("Delivery Manager", "Project Manager")
    heads = {"Skills": c.skills, "Duties": c.responsibilities, "Certifications": c.certifications,
             "Settings": c.environments, "Focus": c.aspects["focus"]}  # fmt: skip
    for head, split in heads.items():
        part = page.locator("section", has=page.get_by_role("heading", name=head, exact=True))
        columns = [names_in(part.locator(".sides > div").nth(i)) for i in range(3)]
        left, both, right = columns
        assert left == sorted(f.label for f in split.only_a), head
        assert both == sorted(split.shared_labels), head
        assert right == sorted(f.label for f in split.only_b), head
    shared = page.locator(".both li", has_text="Leadership").first
    shared.locator("summary").click()
    said = evidence(shared)
    assert "Delivery Manager" in said
    assert "Project Manager" in said
    assert page.locator("section", has=page.get_by_role("heading", name="Between the two")).count()
    page.get_by_role("link", name="Swap").click()
    settled(page, "#/compare/project-manager/delivery-manager")


def test_skills_and_certifications(
    page: Page, watch: Watch, kg: rg.RoleGraph
) -> None:  # fmt: skip
    go(page, watch.base, "#/skills")
    skills = list(kg.skills())
    assert sorted(texts(page, "tbody th")) == sorted(s.label for s in skills)
    head = page.get_by_role("button", name="Roles that ask for it")
    head.focus()
    page.wait_for_function("() => typeof sortSortable === 'function'")
    page.keyboard.press("Enter")
    column = page.locator("thead th", has=head)
    eventually(lambda: column.get_attribute("aria-sort"), "descending")
    asks = {s.label: set[str]() for s in skills}
    for role in kg.roles():
        for r in kg.facts(role).requirements:
            asks[r.skill.label].add(role.label)
    counts = sorted(map(len, asks.values()), reverse=True)
    eventually(lambda: [int(t) if t.isdigit() else 0 for t in texts(page, "tbody td.num")], counts)
    for label in ("Negotiation", "Leadership", max(asks, key=lambda s: len(asks[s]))):
        go(page, watch.base, f"#/skill/{label.lower().replace(' ', '-')}")
        assert set(texts(page, "main section:first-of-type .what > a")) == asks[label]
    page.locator("main details.ev summary").first.click()
    assert "characters" in evidence(page.locator("main"))
    go(page, watch.base, "#/certifications")
    certs = list(kg.certifications())
    assert sorted(texts(page, "tbody th")) == sorted(c.label for c in certs)
    go(page, watch.base, "#/certification/itil")
    named = {r.label for r in kg.roles()
             if any(f.label == "ITIL" for f in kg.facts(r).findings["certifications"])}  # fmt: skip
    assert set(texts(page, "main section:first-of-type .what > a")) == named
    shows(page.locator("main"), "required")


# --- planning


def wanted(kg: rg.RoleGraph, person: Any, to: Any, **how: Any) -> dict[str, Any]:
    """Ask Python."""
    try:
        plan = kg.plan(person, to, **how)
    except rg.NoRouteError:
        nothing = ("ways", "fresh", "raised", "grown", "untold", "read")
        return {**{name: [] for name in nothing}, "complete": True}

    def skills(found: Any) -> list[str]:
        return sorted({r.skill.label for r in found})

    return {
        "ways": [[[r.iri for r in route.roles], [route.values[m] for m in how["minimise"]]]
                 for route in plan],
        "fresh": [[skills(s.new_skills) for s in route.steps] for route in plan],
        "raised": [[skills(r for r, _ in s.raised_skills) for s in route.steps] for route in plan],
        "grown": [[sorted({r.grown_from(held) for r, held in s.raised_skills}) for s in route.steps]
                  for route in plan],
        "untold": [[s.target.label for s in route.steps if s.untold]
                   for route in plan],
        "read": [[route.read_as.get(m, "") for m in how["minimise"]] for route in plan],
        "held": sorted(r.label for r in plan.person.untold),
        "complete": plan.complete, "examined": plan.examined,
    }  # fmt: skip


def same(got: dict[str, Any], want: dict[str, Any], about: Any) -> None:
    for a, b in itertools.zip_longest(got["ways"], want["ways"]):
        assert a is not None, about
        assert b is not None, about
        assert a[0] == b[0], about
        assert a[1] == pytest.approx(b[1]), about
    for name in set(want) - {"ways"}:
        assert got[name] == want[name], (name, about)


def test_plans_are_those_of_python(
    page: Page, watch: Watch, kg: rg.RoleGraph
) -> None:  # fmt: skip
    """All pairs of roles by seven sets of objectives, and constraints of every kind."""
    go(page, watch.base, "#/")
    slug = {r: r.label.lower().replace(" ", "-") for r in kg.roles()}
    asks: list[dict[str, Any]] = []
    wants: list[dict[str, Any]] = []
    for a, b in itertools.permutations(kg.roles(), 2):
        for aims in SETS:
            asks.append({"from": slug[a], "to": slug[b], "minimise": aims})
            wants.append(wanted(kg, a, b, minimise=aims))
    pm, senior = kg.role("Project Manager"), kg.role("Senior Delivery Manager")
    limits: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"maxSteps": 2}, {"max_steps": 2}),
        ({"maxNew": 3}, {"max_new": 3}),
        ({"avoid": [slug[senior]]}, {"avoid": [senior]}),
        ({"via": ["delivery-manager"]}, {"via": ["Delivery Manager"]}),
        ({"via": ["portfolio-manager"], "kinds": ["stated", "curated"]},
         {"via": ["Portfolio Manager"], "kinds": ["stated", "curated"]}),
        ({"kinds": ["stated"]}, {"kinds": ["stated"]}),
        ({"types": ["promotion"]}, {"types": ["promotion"]}),
        ({"needs": ["itil"]}, {"needs": ["ITIL"]}),
        ({"without": ["itil"]}, {"without": ["ITIL"]}),
        ({"strengths": ["essential"]}, {"strengths": ["essential"]}),
    ]  # fmt: skip
    for to, (js, python) in itertools.product(kg.roles(), limits):
        if to != pm:
            asks.append({"from": slug[pm], "to": slug[to], "minimise": SETS[5], **js})
            wants.append(wanted(kg, pm, to, minimise=SETS[5], **python))
    me = rg.Profile(role=pm, skills=["Negotiation"], certifications=["ITIL"])
    for aims in SETS:
        asks.append({"from": slug[pm], "to": "delivery-director", "minimise": aims,
                     "have": ["negotiation"], "cert": ["itil"]})  # fmt: skip
        wants.append(wanted(kg, me, "Delivery Director", minimise=aims))
    assert sum(bool(w["ways"]) for w in wants) > 200
    assert sum(not w["ways"] for w in wants) > 20
    for ask, got, want in zip(asks, page.evaluate(PLAN, {"asks": asks}), wants, strict=True):
        same(got, want, ask)


def test_plans_with_levels_and_figures(
    page: Page, tmp_path: Path, serve: Callable[[Path], str]
) -> None:  # fmt: skip
    (tmp_path / "mill.yaml").write_text(LADDER, encoding="utf-8")
    import_source("table", tmp_path / "mill.yaml", into=tmp_path / "store")
    mill = rg.open(tmp_path / "store")
    write(mill, tmp_path / "site", progress=False)
    watch = Watch(f"{serve(tmp_path / 'site')}/").on(page)
    go(page, watch.base, "#/")
    own = [r for r in mill.roles() if r.label in ("Miller", "Sifter", "Foreman", "Grader", "Owner")]
    assert len(own) == 5
    names = page.evaluate(NAMES)
    sets = (*SETS, ("months",), ("months", "steps", "new-skills"))
    asks: list[dict[str, Any]] = []
    wants: list[dict[str, Any]] = []
    for (a, b), aims, strict in itertools.product(
        itertools.permutations(own, 2), sets, (False, True)
    ):
        if strict and ("months" in aims or "certifications" in aims):
            continue
        more: dict[str, Any] = {"strengths": ["essential"]} if strict else {}
        asks.append({"from": names[a.iri], "to": names[b.iri], "minimise": aims, **more})
        wants.append(wanted(mill, a, b, minimise=aims, **more))
    assert any(any(map(any, w["raised"])) for w in wants)
    for ask, got, want in zip(asks, page.evaluate(PLAN, {"asks": asks}), wants, strict=True):
        same(got, want, ask)
    # two roles side by side, with the levels that both ask for in the words of Python
    said: set[str] = set()
    for a, b in itertools.combinations(own, 2):
        skills = mill.compare(a, b).skills
        columns = ([(f,) for f in skills.only_a], skills.shared, [(f,) for f in skills.only_b])
        if not skills.shared and said:
            continue
        go(page, watch.base, f"#/compare/{names[a.iri]}/{names[b.iri]}")
        part = page.locator("section", has=page.get_by_role("heading", name="Skills", exact=True))
        for i, column in enumerate(columns):
            rows = part.locator(".sides > div").nth(i).locator("li")
            assert len(column) == rows.count()
            for found in column:
                row = rows.filter(has=page.get_by_text(found[0].label, exact=True))
                levels = [t for t in row.locator(".what .level").all_inner_texts() if "level" in t]
                assert levels == list(filter(None, [rungs(*found)]))
                said.update(levels)
    assert {"level working | expert", "level not stated | working", "level aware"} <= said
    go(
        page,
        watch.base,
        f"#/plan?from={names[own[3].iri]}&to={names[own[4].iri]}&minimise=months,steps,new-skills",
    )
    shows(page.locator("#answer"), "no months")
    # several routes: table, drawing, line and address go together
    several = [(a, w) for a, w in zip(asks, wants, strict=True)
               if len(w["ways"]) > 1 and "strengths" not in a]  # fmt: skip
    ask, want = max(several, key=lambda pair: len(pair[1]["ways"]))
    view = f"#/plan?from={ask['from']}&to={ask['to']}&minimise={','.join(ask['minimise'])}"
    go(page, watch.base, view)
    label = {r.iri: r.label for r in own}
    ways = [" → ".join(label[i] for i in way) for way, _ in want["ways"]]
    assert texts(page, "#answer td.way") == ways
    assert page.locator("svg.plot .spot").count() >= 1
    page.get_by_role("button", name="Show route 2").focus()
    page.keyboard.press("Enter")
    eventually(lambda: " → ".join(texts(page, "ol.line .station")), ways[1])
    eventually(page.locator("[aria-pressed=true]").inner_text, "2")
    eventually(lambda: page.url.endswith("&route=2"), True)
    page.reload()
    page.wait_for_selector("#answer[data-done]")
    assert " → ".join(texts(page, "ol.line .station")) == ways[1]
    page.get_by_role("button", name="Way").focus()
    page.wait_for_function("() => typeof sortSortable === 'function'")
    page.keyboard.press("Enter")
    eventually(lambda: texts(page, "#answer td.way"), sorted(ways, reverse=True))
    watch.check()


def test_planning_on_the_page(
    page: Page, watch: Watch, kg: rg.RoleGraph
) -> None:  # fmt: skip
    go(page, watch.base, "#/plan")
    page.get_by_role("button", name="Find the best ways").click()
    shows(page.locator("[role=alert]"), "where you start")
    # filled in with the keyboard alone
    page.get_by_role("combobox", name="From", exact=True).focus()
    page.keyboard.type("junior proj")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("project manager")
    page.get_by_role("button", name="Find the best ways").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer[data-done]")
    eventually(page.locator("#result").inner_text, "There is no such route")
    shows(page.locator("#answer"), "no transitions join the two")
    go(page, watch.base, "#/plan?from=project-manager&to=delivery-director")
    plan = kg.plan("Project Manager", "Delivery Director", minimise=SETS[5])
    (row,) = [texts(page, f"#answer tbody tr:nth-child({i + 1}) td") for i in range(len(plan))]
    assert row == ["3", "≥ 8", "≥ 8", plan.table()[0][0]]
    said = page.locator("#answer").inner_text()
    assert "any length" in said
    assert (
        "a least: no source states which skills Senior Delivery Manager and Delivery Director"
        in said
    )
    assert texts(page, "ol.line .station") == [r.label for r in plan[0].roles]
    step = plan[0].steps[0]
    first = page.locator("ol.line > li").first
    unfold(page)
    assert names_in(first) == sorted(r.skill.label for r in step.new_skills)
    first.locator(".move summary").click()
    e = step.evidence[0]
    first.get_by_text(f"characters {e.start}\u2013{e.end}").wait_for()
    # the text says that one can move; that it is lateral nobody says, and the page says by what
    first.get_by_text("Lateral move: both roles are on the level").wait_for()
    assert "Comes after: Experience" in " ".join(texts(page, "ol.line"))
    assert "Not stated: which skills Delivery Director asks for" in " ".join(texts(page, "ol.line"))
    # what one has, and accepts
    everything(page)  # so that skills are found
    page.locator("details.question > summary").click()
    page.locator("details.more > summary").click()
    page.get_by_role("combobox", name="Skills you have besides").fill("negot")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Certifications you have").fill("ITIL")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove ITIL").wait_for()
    page.get_by_label("Steps at most").fill("4")
    page.get_by_role("button", name="Find the best ways").click()
    view = "#/plan?from=project-manager&to=delivery-director&have=negotiation&cert=itil&max=4"
    settled(page, view)
    eventually(lambda: page.url.endswith(view), True)
    assert texts(page, "#answer tbody td")[1] == "≥ 7"
    shows(page.locator(".proof"), "at most 4 steps")
    assert "Of these you have: ITIL" in " ".join(texts(page, "ol.line"))
    # who starts from a role without stated skills may have some of them: a most, no least
    go(page, watch.base, "#/plan?from=portfolio-manager&to=chief-operations-officer")
    assert texts(page, "#answer tbody td")[:3] == ["2", "≤ 2", "≤ 2"]
    shows(page.locator(".proof"), "none is missing, by the figures that are stated")
    shows(page.locator("#answer"), "Portfolio Manager asks for, so that some may be there already")
    # a constraint too many, and what to give up
    go(page, watch.base, "#/plan?from=project-manager&to=delivery-director&max=2")
    shows(page.locator("#answer"), "Giving up this is enough")
    give = page.get_by_role("link", name="Allow 3 steps instead of 2")
    give.click()
    settled(page, "#/plan?from=project-manager&to=delivery-director&max=3")
    page.locator("ol.line").wait_for()
    go(
        page,
        watch.base,
        "#/plan?from=project-manager&to=delivery-director&max=2&avoid=senior-delivery-manager",
    )
    shows(page.locator("#answer"), "two have to give together")


# --- addresses


def test_every_view_has_an_address(page: Page, watch: Watch) -> None:
    seen = {}

    def face() -> tuple[str, str, str]:
        current = page.locator("header.top [aria-current]")
        return (
            page.title(),
            page.locator("h1").inner_text(),
            current.first.inner_text() if current.count() else "",
        )

    for name, view in VIEWS.items():
        go(page, watch.base, view)
        seen[name] = face()
    assert len({title for title, _, _ in seen.values()}) > 10  # a title for each view
    for name, view in VIEWS.items():
        go(page, watch.base, "#/skills" if view != "#/skills" else "#/")
        page.reload()
        go(page, watch.base, view)
        page.reload()
        settled(page, view)
        assert face() == seen[name], name
    go(page, watch.base, "#/")
    page.get_by_role("link", name="Skills", exact=True).click()
    settled(page, "#/skills")
    page.get_by_role("link", name="Negotiation").click()
    settled(page, "#/skill/negotiation")
    page.get_by_role("link", name="Delivery Manager").first.click()
    settled(page, "#/role/delivery-manager")
    for view in ("#/skill/negotiation", "#/skills", "#/"):
        page.go_back()
        settled(page, view)
    page.go_forward()
    settled(page, "#/skills")
    assert face() == seen["skills"]


def test_from_a_folder_without_a_server(page: Page, root: Path) -> None:
    base = (root / "a b" / "careers").as_uri() + "/"
    watch = Watch(base).on(page)
    for view in VIEWS.values():
        go(page, base, view)
    page.wait_for_selector("html[data-ready=all]")
    for name in ("roles", "questions", "ontology", "sources"):
        page.goto(f"{base}{name}.html")
        assert page.locator("h1").count() == 1
    page.goto(f"{base}roles.html")
    page.get_by_role("link", name="Delivery Director").first.click()
    settled(page, "#/role/delivery-director")
    watch.check()


def test_without_scripts_there_is_a_way_on(chromium: Browser, root: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto((root / "a b" / "careers" / "index.html").as_uri())
    assert plain.get_by_role("link", name="all roles", exact=True).is_visible()
    context.close()


# --- looks


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_overlaps_or_falls_out(page: Page, watch: Watch, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name, view in VIEWS.items():
        go(page, watch.base, view)
        for summary in page.locator("main details:not(.ev):not(.rgx details) > summary").all()[:6]:
            if summary.is_visible() and "rgx" not in (
                summary.evaluate("e => e.closest('.rgx') ? 'rgx' : ''")
            ):
                summary.click()
        for summary in page.locator("main details.ev > summary").all()[:2]:
            summary.click()
        found = page.evaluate(CROWDED)
        assert found == {"bad": [], "out": [], "wider": 0}, (name, found)
    for static in ("roles", "questions", "ontology", "sources"):
        page.goto(f"{watch.base}{static}.html")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, static


def test_light_and_dark_have_no_serious_fault(page: Page, watch: Watch) -> None:
    """Everything that axe-core knows, on every view; in the dark only what colours can change."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    paper = {}
    rules: dict[str, Any] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for name, view in VIEWS.items():
            go(page, watch.base, view)
            for summary in page.locator("main details > summary").all()[:3]:
                if summary.is_visible():
                    summary.click()
            faults = [
                (v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:3]])
                for v in axe.run(page, options=rules[scheme]).response["violations"]
                if v["impact"] in ("serious", "critical")
            ]
            assert not faults, (scheme, name, json.dumps(faults, indent=1))
        paper[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper["light"] != paper["dark"]
    assert sum(json.loads(paper["dark"].replace("rgb(", "[").replace(")", "]"))) < 120


def test_prints_what_is_to_be_read(page: Page, watch: Watch) -> None:
    page.emulate_media(media="print", color_scheme="light")
    for name in ("role", "plan", "compare"):
        go(page, watch.base, VIEWS[name])
        assert not page.locator("header.top nav").is_visible()
        assert not page.locator("main .combo").first.is_visible()
        page.locator("h1").wait_for()
        assert page.locator("main .tag").first.is_visible()
        assert (
            page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        )
        assert len(page.pdf()) > 10_000


# --- how large it is, and how soon it can be used


def measured(page: Page, site: Site, base: str, query: str, found: str) -> float:
    """Load a site afresh and search with a slip; tell size and times, and give the last of them.

    ``pytest -s`` shows the line.
    """
    received = 0

    def count(response: Any) -> None:
        nonlocal received
        received += int(response.headers.get("content-length", 0))

    page.on("response", count)
    start = time.perf_counter()
    page.goto(f"{base}index.html")
    page.wait_for_selector("html[data-ready]")
    stands = time.perf_counter() - start
    page.fill(".combo.big input", query)
    page.locator(".combo.big [role=option]", has_text=found).first.wait_for()
    usable = time.perf_counter() - start
    everything(page)
    whole = time.perf_counter() - start
    page.remove_listener("response", count)
    print(
        f"\nsite of {site.title!r}: {site.counts['roles']:,} roles; {site.files} files, "
        f"{site.bytes:,} bytes, written in {site.seconds:.1f} s; in Chromium it stands after "
        f"{stands:.2f} s, a role is found after {usable:.2f} s, every name after {whole:.2f} s "
        f"and {received:,} bytes"
    )
    return usable


def test_size_and_load_time_of_the_article(
    page: Page, tmp_path: Path, serve: Callable[[Path], str], kg: rg.RoleGraph
) -> None:
    site = write(kg, tmp_path / "site", progress=False)
    assert site.bytes == sum(p.stat().st_size for p in site.folder.rglob("*") if p.is_file())
    base = f"{serve(site.folder)}/"
    watch = Watch(base).on(page)
    assert measured(page, site, base, "projct manger", "Project Manager") < 5
    assert site.bytes < 2_000_000
    watch.check()


# --- ESCO


def test_esco(page: Page, tmp_path: Path, serve: Callable[[Path], str]) -> None:
    """The same page over a store of ESCO's size: found, planned as in Python, quickly."""
    named = os.environ.get("ROLEGRAPH_STORE")
    if not named:
        pytest.skip(
            "ROLEGRAPH_STORE names no store with ESCO: the page of a labour market is not tried"
        )
    kg = rg.open(named)
    try:
        pm = kg.role("esco:project manager")
    except rg.NotFoundError:
        pytest.skip("the store of ROLEGRAPH_STORE holds no ESCO")
    site = write(kg, tmp_path / "site", progress=False, answers=0.2)
    watch = Watch(f"{serve(site.folder)}/").on(page)
    usable = measured(page, site, watch.base, "projct manger", "project manager")
    names = page.evaluate(NAMES)
    asks: list[dict[str, Any]] = []
    wants: list[dict[str, Any]] = []
    for label in ("ICT project manager", "chief executive officer", "programme manager"):
        to = kg.role(f"esco:{label}")
        for aims in (SETS[5], ("effort", "steps")):
            asks.append(
                {"from": names[pm.iri], "to": names[to.iri], "minimise": aims, "maxSteps": 4}
            )
            wants.append(wanted(kg, pm, to, minimise=aims, max_steps=4))
    for ask, got, want in zip(asks, page.evaluate(PLAN, {"asks": asks}), wants, strict=True):
        same(got, want, ask)
    to = names[kg.role("esco:chief executive officer").iri]
    views = (
        f"#/role/{names[pm.iri]}",
        f"#/compare/{names[pm.iri]}/{to}",
        f"#/plan?from={names[pm.iri]}&to={to}",
        "#/skills?letter=m",
        "#/skill/communication",
        "#/map",
    )
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for view in views:
            go(page, watch.base, view)
            assert page.evaluate(CROWDED) == {"bad": [], "out": [], "wider": 0}, view
    assert usable < 10
    watch.check()
