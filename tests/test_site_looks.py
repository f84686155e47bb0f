"""The explorer page, what came after the first: all that the planner can be asked, and its looks.

What is asked goes through the address, so that every deep link is tried on the way.
"""

from __future__ import annotations

import itertools
import os
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import yaml

import rolegraph as rg
from rolegraph.importing import import_source
from rolegraph.site import write
from tests.test_site_browser import (
    CROWDED,
    LADDER,
    NAMES,
    Watch,
    everything,
    go,
    same,
    settled,
    shows,
    texts,
    wanted,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ASK = """
async ({queries, budget, why}) => {
  const app = rolegraphSite;
  await Promise.all(["skill", "certification"].map(app.model.ready));
  await Promise.all(["asks", "network", "certs"].map(app.data.load));
  const labels = found => found.map(d => app.model.skill(d.skill).label).sort();
  const named = {avoid: "role", via: "role", needs: "certification", without: "certification"};
  const out = [];
  for (const query of queries) {
    const ask = app.planView.readAsk(new URLSearchParams(query));
    const again = app.planView.readAsk(
      new URLSearchParams(app.planView.writeAsk(ask).split("?")[1]));
    if (JSON.stringify(again) !== JSON.stringify(ask)) throw new Error(`the link loses: ${query}`);
    if (ask.unknown.length) throw new Error(`unknown: ${ask.unknown}`);
    const numbers = app.planView.numbers(ask);
    if (why) {
      const found = await app.planning.whyNot(numbers, {budget});
      out.push({
        feasible: Boolean(found.feasible), complete: found.complete, joined: found.joined,
        ways: found.ways.map(({give, value, route}) => [
          give.map(g => g.name + (named[g.name] ? " " + app.model.thing(named[g.name], g.item).label
            : g.name === "known" ? " " + g.item
            : g.name === "maxSteps" ? " " + route.values.steps
            : g.name === "maxNew" ? " " + route.values["hardest-step"]
            : g.name === "minValue" ? " " + value.toFixed(4) : "")).sort(),
          route.roles.map(i => app.model.role(i).iri)]).sort(),
      });
      continue;
    }
    const plan = await app.planning.plan(numbers, {budget});
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
AIMS = ("steps", "new-skills", "hardest-step")


def link(**asked: Any) -> str:
    """Write what is asked as in the address."""
    return urlencode({k: ",".join(v) if isinstance(v, tuple) else v for k, v in asked.items()})


def ask(page: Page, queries: Iterable[str], *, why: bool = False, budget: int | None = None) -> Any:
    return page.evaluate(ASK, {"queries": list(queries), "why": why, "budget": budget})


def why_not(kg: rg.RoleGraph, person: Any, to: Any, **how: Any) -> dict[str, Any]:
    """Ask Python, and say it as the page does."""
    found = kg.why_not(person, to, **how)
    ways = []
    for relaxation in found.relaxations:
        give = []
        for words in relaxation.give_up:
            for pattern, name in (
                (r'"avoid (.*)"', "avoid {}"), (r'"pass through (.*)"', "via {}"),
                (r'"evidence .*"', "kinds"), (r'"only (.*)"', "types"),
                (r'"(.*) has to be named"', "needs {}"),
                (r'"(.*) must not be named"', "without {}"),
                (r".* → (\d+) steps?", "maxSteps {}"), (r".* → (\d+) new .*", "maxNew {}"),
                (r"suggestions from .* → (.*)", "minValue {}"),
                (r'"(.*) known for every step"', "known {}"),
            ):  # fmt: skip
                if match := re.fullmatch(pattern, words):
                    what = match.group(match.lastindex or 0)
                    if "minValue" in name:
                        what = f"{float(what):.4f}"
                    give.append(name.format(what))
                    break
            else:
                raise AssertionError(words)
        ways.append([sorted(give), [r.iri for r in relaxation.route.roles]])
    return {"feasible": found.possible, "complete": found.complete, "ways": sorted(ways)}


@pytest.fixture(scope="module")
def kg() -> rg.RoleGraph:
    return rg.load()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, kg: rg.RoleGraph) -> Path:
    return write(kg, tmp_path_factory.mktemp("www") / "careers", progress=False).folder


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> tuple[rg.RoleGraph, Path]:
    """A ladder with levels, figures and suggestions, and its site."""
    top = tmp_path_factory.mktemp("mill")
    (top / "mill.yaml").write_text(LADDER, encoding="utf-8")
    import_source("table", top / "mill.yaml", into=top / "store")
    kg = rg.open(top / "store")
    return kg, write(kg, top / "site", progress=False).folder


@pytest.fixture
def watch(page: Page, site: Path, serve: Callable[[Path], str]) -> Iterator[Watch]:
    seen = Watch(f"{serve(site)}/").on(page)
    yield seen
    seen.check()


def slug(role: Any) -> str:
    return str(role).lower().replace(" ", "-")


# --- all that can be asked


def test_more_questions_have_the_answers_of_python(
    page: Page, watch: Watch, kg: rg.RoleGraph
) -> None:
    """Past roles, several best routes, goals: all pairs of the article."""
    go(page, watch.base, "#/")
    queries: list[str] = []
    wants: list[dict[str, Any]] = []
    for a, b in itertools.permutations(kg.roles(), 2):
        for aim, k in (("steps", 3), ("new-skills", 2), ("hardest-step", 4)):
            queries.append(link(**{"from": slug(a), "to": slug(b), "minimise": aim, "k": k}))
            wants.append(wanted(kg, a, b, minimise=(aim,), k=k))
        queries.append(link(**{"from": slug(a), "to": "portfolio-manager", "past": slug(b)}))
        wants.append(wanted(kg, rg.Profile(role=a, past=[b]), "Portfolio Manager", minimise=AIMS))
    roles = list(kg.roles())
    levels = sorted({r.level for r in roles if r.level})
    families = sorted({r.family for r in roles if r.family})
    goals = [{"level": x} for x in levels] + [{"family": x} for x in families]
    goals += [{"family": f, "level": x} for f in families for x in levels]
    for a, goal in itertools.product(roles, goals):
        avoid = "senior-delivery-manager"
        for more, limits in (
            ({}, {}), ({"avoid": avoid}, {"avoid": ["Senior Delivery Manager"]}),
        ):  # fmt: skip
            try:
                want = wanted(kg, a, rg.Goal(**goal), minimise=AIMS, **limits)
            except rg.NotFoundError:
                continue
            queries.append(link(**{"from": slug(a)}, **goal, **more))
            wants.append(want)
    assert sum(len(w["ways"]) > 1 for w in wants) > 10
    for query, got, want in zip(queries, ask(page, queries), wants, strict=True):
        same(got, want, query)


def test_why_not_is_that_of_python(page: Page, watch: Watch, kg: rg.RoleGraph) -> None:
    go(page, watch.base, "#/")
    queries: list[str] = []
    wants: list[dict[str, Any]] = []
    limits: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        ({"max": 2}, {"max_steps": 2}),
        ({"max": 1, "new": 3}, {"max_steps": 1, "max_new": 3}),
        (
            {"max": 1, "new": 1, "kinds": "stated", "avoid": "senior-delivery-manager"},
            {"max_steps": 1, "max_new": 1, "kinds": ["stated"],
             "avoid": ["Senior Delivery Manager"]},
        ),
        (
            {"types": "promotion", "via": "scrum-master", "without": "itil", "max": 2},
            {"types": ["promotion"], "via": ["Scrum Master"], "without": ["ITIL"], "max_steps": 2},
        ),
    )  # fmt: skip
    known = {slug(r) for r in kg.roles()}
    for a, b in itertools.permutations(kg.roles(), 2):
        for js, python in limits:
            if slug(js.get("via", a)) not in known:
                js = {**js, "via": "portfolio-manager"}
                python = {**python, "via": ["Portfolio Manager"]}
            queries.append(link(**{"from": slug(a), "to": slug(b)}, **js))
            wants.append(why_not(kg, a, b, **python))
    sizes = {len(w["ways"][0][0]) for w in wants if w["ways"]}
    assert max(sizes) > 2
    for query, got, want in zip(queries, ask(page, queries, why=True), wants, strict=True):
        assert {k: got[k] for k in want} == want, query


def test_ladders_with_levels_figures_and_goals(
    page: Page, mill: tuple[rg.RoleGraph, Path], serve: Callable[[Path], str]
) -> None:
    """Levels of skills that somebody has, and numbers that stand in the way."""
    kg, folder = mill
    watch = Watch(f"{serve(folder)}/").on(page)
    go(page, watch.base, "#/")
    names = page.evaluate(NAMES)
    own = ("Miller", "Sifter", "Foreman", "Grader", "Owner")
    roles = [kg.role(name) for name in own]
    queries: list[str] = []
    wants: list[dict[str, Any]] = []
    held = ("Grinding:aware", "Sifting:working", "Sifting:3", "Rostering", "Sifting:expert")
    for (a, b), skill in itertools.product(itertools.permutations(roles, 2), held):
        name, _, level = skill.partition(":")
        has: Any = (name, float(level) if level.isdigit() else level) if level else name
        person = rg.Profile(role=a, skills=[has])
        query = link(**{"from": names[a.iri], "to": names[b.iri], "have": skill.lower()})
        for aims in (AIMS, ("effort", "steps"), ("months",)):
            queries.append(f"{query}&minimise={','.join(aims)}")
            wants.append(wanted(kg, person, b, minimise=aims))
    for query, got, want in zip(queries, ask(page, queries), wants, strict=True):
        same(got, want, query)
    # reasons: also that a number is missing
    queries, wants = [], []
    for a, b in itertools.permutations(roles, 2):
        for js, python in (
            ({"max": 1, "new": 1, "minimise": "months"},
             {"max_steps": 1, "max_new": 1, "minimise": "months"}),
            ({"max": 2, "avoid": "foreman", "needs": "scales", "minimise": "months,steps"},
             {"max_steps": 2, "avoid": ["Foreman"], "needs": ["Scales"],
              "minimise": ("months", "steps")}),
        ):  # fmt: skip
            queries.append(link(**{"from": names[a.iri], "to": names[b.iri]}, **js))
            wants.append(why_not(kg, a, b, **python))
    assert any("known months" in give for w in wants for give, _ in w["ways"])
    for query, got, want in zip(queries, ask(page, queries, why=True), wants, strict=True):
        assert {k: got[k] for k in want} == want, query
    watch.check()


def test_the_form_asks_all_of_it(
    page: Page, mill: tuple[rg.RoleGraph, Path], serve: Callable[[Path], str]
) -> None:
    """What is seldom asked is folded away, works by keyboard, and has an address."""
    _, folder = mill
    watch = Watch(f"{serve(folder)}/").on(page)
    go(page, watch.base, "#/plan")
    everything(page)  # so that skills are found
    assert not page.get_by_label("How many routes").is_visible()
    assert not page.get_by_label("Family").is_visible()
    page.get_by_role("combobox", name="From", exact=True).fill("Miller")
    page.get_by_role("combobox", name="To", exact=True).fill("Owner")
    page.locator("details.more > summary").click()
    page.get_by_role("combobox", name="Skills you have besides").fill("sifting")
    page.keyboard.press("Enter")
    page.get_by_label("Level of Sifting").select_option(label="working")
    page.get_by_role("combobox", name="Roles you had before").fill("grader")
    page.keyboard.press("Enter")
    # what is typed and not chosen is taken if it is a name, and never left out unsaid
    held = page.get_by_role("combobox", name="Certifications you have")
    held.fill("scale")
    page.get_by_role("button", name="Find the best ways").click()
    shows(page.locator("[role=alert]"), "“scale” is no whole name here")
    held.fill("scales")
    held.blur()
    page.get_by_role("button", name="Remove Scales").click()
    page.locator("details.rare > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("How many routes").fill("3")
    page.get_by_role("button", name="Find the best ways").click()
    shows(page.locator("[role=alert]"), "keep only one small")
    for name in ("New skills to learn", "Hardest step"):
        page.get_by_role("checkbox", name=name).uncheck()
    page.get_by_role("button", name="Find the best ways").click()
    view = "#/plan?from=miller&to=owner&k=3&have=sifting:2&past=grader"
    settled(page, view)
    assert texts(page, "#result") == ["The 3 best routes"]
    said = " ".join(texts(page, "details.question > summary"))
    assert "the 3 best routes by steps" in said
    assert "Sifting (working)" in said
    assert "having been Grader" in said
    shows(page.locator(".proof"), "no better one is missing")
    page.locator("details.question > summary").click()
    assert page.get_by_label("Level of Sifting").input_value() == "2"
    page.get_by_role("button", name="Remove Grader").wait_for()
    # numbers that are missing can be given up
    go(page, watch.base, "#/plan?from=miller&to=owner&minimise=months&max=1")
    give = texts(page, ".give a")
    assert "Go by steps whose months is not known" in give
    assert "Allow 2 steps instead of 1" in give
    page.get_by_role("link", name="Allow 2 steps").click()
    settled(page, "#/plan?from=miller&to=owner&minimise=months&max=2")
    page.locator("ol.line").wait_for()
    watch.check()


def test_a_goal_and_a_limit_that_ends_the_search(page: Page, watch: Watch) -> None:
    go(page, watch.base, "#/plan")
    page.get_by_role("combobox", name="From", exact=True).fill("Project Manager")
    page.locator("details.goal > summary").click()
    page.get_by_label("Level").select_option(label="director")
    page.get_by_role("button", name="Find the best ways").click()
    settled(page, "#/plan?from=project-manager&level=director")
    page.wait_for_selector("#answer[data-done]")
    shows(page.locator("h1"), "any role at the level director")
    shows(page.locator("#answer"), "Any of 3 roles will do")
    go(page, watch.base, "#/plan?from=project-manager&level=astronaut")
    shows(page.locator("main"), "Unknown here, and left out: astronaut")
    # a budget so small is not to be had on the page, so it is made so small
    page.evaluate("rolegraphSite.pareto.BUDGET = 2")
    page.evaluate("rolegraphSite.go('#/plan?from=project-manager&to=chief-operations-officer&k=4')")
    page.wait_for_selector("#answer[data-done]")
    shows(page.locator("#answer"), "ended at its limit of")
    page.get_by_role("link", name="Search ten times as far").wait_for()
    page.evaluate("rolegraphSite.go('#/plan?from=project-manager&to=delivery-director&budget=1')")
    page.wait_for_function("document.querySelector('h1').innerText.includes('Delivery Director')")
    page.wait_for_selector("#answer[data-done]")
    shows(page.locator("#answer"), "No route was found")
    shows(page.locator("#answer"), "not proved that there is none")


# --- looks


def test_one_palette() -> None:
    """The page, the widget and the pictures have the same colours, and they can be read."""
    from rolegraph import explorer
    from rolegraph.pictures import _canvas

    web = Path(explorer.__file__).parent / "web"
    tokens = (web / "tokens.css").read_text("utf-8")
    blocks = [
        dict(re.findall(r"--rg-([a-z-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{([^}]*)\}", tokens)
    ]
    light, dark = blocks
    assert list(light) == list(dark)
    same = set(light) & set(_canvas.PALETTE)
    assert len(same) > 8
    for name in same:
        assert (light[name], dark[name]) == _canvas.PALETTE[name], name
    for colours in blocks:
        for kind in ("stated", "curated", "imported", "observed", "inferred", "ink", "soft"):
            assert contrast(colours[kind], colours["card"]) >= 4.5, kind
        for ground in ("paper", "card", "tint", "accent-tint"):
            assert contrast(colours["soft"], colours[ground]) >= 4.5, ground
            assert contrast(colours["accent"], colours[ground]) >= 4.5, ground
    for name in ("site/site.css", "explore.css"):
        text = (web / name).read_text("utf-8")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text), f"{name} has a colour of its own"
        for used in set(re.findall(r"var\(--rg-([a-z-]+)\)", text)):
            assert used in light, used
    style = explorer.style()
    assert ":root" not in style
    assert f".rgx {{\n  --rg-paper: {light['paper']}" in style
    assert f'.rgx[data-theme="dark"] {{\n    --rg-paper: {dark["paper"]}' in style


def contrast(a: str, b: str) -> float:
    """Contrast as WCAG defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


STATIC = ("roles", "questions", "ontology", "sources")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_static_pages_have_no_serious_fault(page: Page, watch: Watch, scheme: str) -> None:
    """What axe-core finds on the pages that need no scripts, with their style."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    only = {"runOnly": ["color-contrast"]} if scheme == "dark" else None  # the rest is as in light
    for name in STATIC:
        page.goto(f"{watch.base}{name}.html")
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(247, 248, 250)" if scheme == "light" else "rgb(19, 22, 27)")
        if name in ("questions", "ontology"):  # hundreds of sections alike: some will do
            page.evaluate(
                "document.querySelectorAll('section > section, .term, .question').forEach((s, i) =>"
                " i % 30 ? s.remove() : s.querySelectorAll('details').forEach(d => d.open = true))"
            )
        faults = [
            (v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:3]])
            for v in axe.run(page, options=only).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not faults, (name, faults)


WALK = """
() => {
  const seen = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length
    && !e.closest("details:not([open]) > :not(summary)");
  return [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter(e => seen(e) && e.tabIndex >= 0).length;
}
"""
FOCUS = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  if (!window.stops) window.stops = new Map();
  if (!window.stops.has(e)) window.stops.set(e, window.stops.size);
  const css = getComputedStyle(e);
  return [window.stops.get(e), css.outlineStyle !== "none" && parseFloat(css.outlineWidth) >= 2,
          e.outerHTML.slice(0, 120)];
}
"""


def test_every_control_is_reached_and_shows_it(page: Page, watch: Watch) -> None:
    """With the tab key alone, from the first to the last, each with a ring around it."""
    for view in ("#/", "#/plan", "#/role/delivery-director", "#/certifications", "sources.html"):
        page.goto("about:blank")  # so that the keyboard begins at the beginning
        if view.startswith("#"):
            go(page, watch.base, view)
            page.wait_for_selector("html[data-ready=all]")
            for name in ("more", "rare", "goal"):
                page.evaluate(
                    "n => document.querySelectorAll(`details.${n}`).forEach(d => d.open = true)",
                    name,
                )
        else:
            page.goto(f"{watch.base}{view}")
        page.evaluate("document.activeElement.blur(); window.stops = new Map()")
        wanted = page.evaluate(WALK)
        order = []
        for _ in range(wanted + 3):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUS)
            if at is None or at[0] in order:
                break
            assert at[1], (view, at)
            order.append(at[0])
        assert len(order) >= wanted, (view, len(order), wanted)


def test_nothing_moves_where_motion_is_unwanted(page: Page, watch: Watch) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter(e => {
      const css = getComputedStyle(e);
      return parseFloat(css.transitionDuration) > 0 || css.animationName !== "none"
        || css.scrollBehavior === "smooth"; }).length"""
    page.emulate_media(reduced_motion="reduce")
    for view in ("#/", "#/plan?from=project-manager&to=delivery-director"):
        go(page, watch.base, view)
        assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    go(page, watch.base, "#/")
    assert page.evaluate(moving) > 0  # so that the test can fail


def test_long_titles_are_shown_whole(page: Page, watch: Watch) -> None:
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{watch.base}sources.html")
        page.evaluate(
            "document.querySelector('.brand').textContent = "
            "'Career routes: ESCO, Government Digital and Data Profession Capability Framework'"
        )
        assert page.evaluate(
            "() => { const b = document.querySelector('.brand');"
            " const r = b.getBoundingClientRect();"
            " return b.scrollWidth <= b.clientWidth + 1 && r.right <= innerWidth"
            " && getComputedStyle(b).textOverflow === 'clip'"
            " && document.documentElement.scrollWidth <= innerWidth; }"
        ), width


def test_narrow_tables_show_every_column(page: Page, watch: Watch) -> None:
    """Nothing of a table has to be scrolled into view, and it stays a table for screen readers."""
    page.set_viewport_size({"width": 320, "height": 800})
    for view in (
        "#/plan?from=project-manager&to=delivery-director&minimise=steps,new-skills,effort,certifications",
        "#/skills",
        "#/certifications",
    ):  # fmt: skip
        go(page, watch.base, view)
        assert page.evaluate(
            "() => [...document.querySelectorAll('main .wide')]"
            ".every(w => w.scrollWidth <= w.clientWidth)"
        ), view
        assert page.get_by_role("table").count() == 1
        assert page.get_by_role("columnheader").count() >= 3
        assert page.get_by_role("rowheader").count() == page.locator("tbody tr").count()


LONG = "Long" + "a" * 125 + "name"
OVEN = f"""
about: {{key: oven, version: 1, title: Oven, licence: internal use}}
levels: [{{name: able}}, {{name: leading others}}]
roles: [{{role: Apprentice}}, {{role: Baker}}, {{role: Shift Lead}}, {{role: Manager}},
  {{role: Partner}}, {{role: Owner}}, {{role: {LONG}}}]
certifications: [{{certification: C{LONG}}}]
requirements:
  - {{role: Baker, skill: Doughs, level: able, strength: essential}}
  - {{role: Shift Lead, skill: Doughs, level: leading others, strength: essential}}
  - {{role: Manager, skill: Budgeting}}
  - {{role: {LONG}, skill: S{LONG}}}
  - {{role: Owner, skill: Trading, strength: essential}}
  - {{role: Owner, skill: Law}}
role certifications: [{{role: {LONG}, certification: C{LONG}}}]
transitions:
  - {{from: Apprentice, to: Baker, type: promotion}}
  - {{from: Manager, to: Partner, type: promotion}}
  - {{from: Partner, to: Owner, type: promotion}}
  - {{from: Baker, to: Shift Lead, type: promotion, months: 18, cost: 1200}}
  - {{from: Shift Lead, to: Manager, type: promotion, months: 30.125, cost: 20}}
  - {{from: Baker, to: {LONG}, type: promotion, months: 40, cost: 5}}
  - {{from: {LONG}, to: Manager, type: promotion, months: 40, cost: 5}}
  - {{from: Manager, to: {LONG}, type: lateral move}}
"""


def test_a_ladder_with_long_names_and_figures(
    page: Page, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    """Names without a blank break, four figures leave room for the way, each step tells its own."""
    (tmp_path / "oven.yaml").write_text(OVEN, encoding="utf-8")
    import_source("table", tmp_path / "oven.yaml", into=tmp_path / "store")
    kg = rg.open(tmp_path / "store")
    watch = Watch(f"{serve(write(kg, tmp_path / 'site', progress=False, answers=0.2).folder)}/")
    watch.on(page)
    go(page, watch.base, "#/")
    everything(page)
    made = "() => ['role', 'skill', 'certification'].map(t => rolegraphSite.model.all(t))"
    slugs = [next(row[1] for row in rows if LONG in row[0]) for rows in page.evaluate(made)]
    role, skill, certification = slugs
    aims = "minimise=months,cost,new-skills,hardest-step"
    views = (
        f"#/role/{role}", "#/role/baker", f"#/skill/{skill}", f"#/certification/{certification}",
        f"#/compare/baker/{role}", f"#/plan?from=baker&to=manager&{aims}", "#/skills",
        "#/certifications", "#/?q=long", "#/map",
    )  # fmt: skip
    for width in (320, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        for view in views:
            go(page, watch.base, view)
            assert page.evaluate(CROWDED) == {"bad": [], "out": [], "wider": 0}, (width, view)
            assert page.evaluate(
                "() => [...document.querySelectorAll('main .wide')]"
                ".every(w => w.scrollWidth <= w.clientWidth)"
            ), (width, view)
        page.goto(f"{watch.base}roles.html")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    # beside a drawing as well, a route is told whole
    go(page, watch.base, views[5])
    assert page.locator("svg.plot").count() == 1
    assert texts(page, "ol.line .station")[1] == "Shift Lead"
    assert texts(page, "ol.line .figures") == ["cost 1,200 · months 18", "cost 20 · months 30.125"]
    assert "Doughs essential able → leading others" in " ".join(texts(page, "ol.line"))
    go(page, watch.base, "#/role/manager")
    said = dict(zip(("into", "out"), (texts(page, ".side-column section")[:2]), strict=True))
    assert "cost 20 · months 30.125" in said["into"]
    assert "months" not in said["out"]
    go(page, watch.base, "#/compare/baker/shift-lead")
    assert texts(page, ".figures") == ["cost 1,200 · months 18"]
    # what is not stated of roles ahead, of roles held, and of both, makes figures a least or a most
    names = page.evaluate(NAMES)
    roles = [r for r in kg.roles() if r.label != LONG]
    queries: list[str] = []
    wants: list[dict[str, Any]] = []
    learned = ("new-skills", "hardest-step", "effort", "steps")
    for a, b in itertools.permutations(roles, 2):
        ends = {"from": names[a.iri], "to": names[b.iri], "minimise": learned}
        for js, person, limits in (
            ({}, a, {}), ({"strengths": "essential"}, a, {"strengths": ["essential"]}),
            ({"past": "apprentice"}, rg.Profile(role=a, past=["Apprentice"]), {}),
        ):  # fmt: skip
            queries.append(link(**ends, **js))
            wants.append(wanted(kg, person, b, minimise=learned, **limits))
    read = {sense for w in wants for senses in w["read"] for sense in senses}
    assert read == {"", "at least", "at most", "about"}
    assert any({"at least", "about"} <= set(senses) for w in wants for senses in w["read"])
    for query, got, want in zip(queries, ask(page, queries), wants, strict=True):
        same(got, want, query)
    go(page, watch.base, "#/plan?from=apprentice&to=owner")
    (told,) = kg.plan("Apprentice", "Owner", minimise=AIMS).table()
    assert told[2:] == ("≈4", "≈2")
    assert texts(page, "#answer tbody td")[1:3] == ["≈ 4", "≈ 2"]
    answer = page.locator("#answer").inner_text()
    assert "none is missing, by the figures that are stated." in answer
    assert "It is best in everything that you keep small, by the figures that are stated." in answer
    assert "which skills Apprentice and Partner ask for, so that it may be more or less" in answer
    go(page, watch.base, "#/plan?from=apprentice&to=manager")
    assert texts(page, "#answer tbody td")[1:3] == ["≤ 2", "≤ 1"]
    shows(page.locator("#answer"), "Apprentice asks for, so that some may be there already")
    shows(page.locator("ol.line"), "some of what follows may be there already")
    # names of Python, and what is no part of a question
    go(page, watch.base, "#/plan?from=baker&to=manager&max_steps=1&colour=blue&new=few")
    shows(page.locator("main"), "Unknown here, and left out: colour=blue, new=few.")
    shows(page.locator("#result"), "There is no such route")
    shows(page.locator("details.question > summary"), "at most 1 step")
    watch.check()


NOOR = """
about: {key: noor, version: 1, title: Noor, licence: internal use}
levels: [{name: aware}, {name: expert}]
roles: [{role: "مدير المشروع 1"}, {role: "מנהל פיתוח (2)"}, {role: "مدير التسليم 3"}]
requirements:
  - {role: "מנהל פיתוח (2)", skill: "التخطيط (4)", level: expert, strength: essential}
  - {role: "مدير التسليم 3", skill: "ניהול 5", strength: essential}
transitions:
  - {from: "مدير المشروع 1", to: "מנהל פיתוח (2)", type: promotion}
  - {from: "מנהל פיתוח (2)", to: "مدير التسليم 3", type: promotion}
"""
READ = """
(e) => {  // the letters of a part as they stand, from left to right, line by line
  const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), found = [];
  for (let n; (n = walk.nextNode());) {
    if (!n.parentElement.checkVisibility() || n.parentElement.closest(".hidden")) continue;
    for (let i = 0; i < n.data.length; i++) {
      const range = document.createRange();
      range.setStart(n, i); range.setEnd(n, i + 1);
      const at = range.getBoundingClientRect();
      if (n.data[i].trim() && at.width) found.push([at.bottom, at.left, n.data[i]]);
    }
  }
  found.sort((a, b) => a[0] - b[0]);
  let line = 0;
  const lines = found.map(([y, x, c], i) => [i && y - found[i - 1][0] > 9 ? ++line : line, x, c]);
  return lines.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(f => f[2]).join("");
}
"""


def test_names_from_right_to_left_stay_in_their_place(
    page: Page, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    """What stands beside a name stays beside it: the next role, an arrow, a number, a bracket."""
    (tmp_path / "noor.yaml").write_text(NOOR, encoding="utf-8")
    import_source("table", tmp_path / "noor.yaml", into=tmp_path / "store")
    kg = rg.open(tmp_path / "store")
    watch = Watch(f"{serve(write(kg, tmp_path / 'site', progress=False, answers=0.2).folder)}/")
    watch.on(page)
    go(page, watch.base, "#/")
    names = {label: slug for label, slug, *_ in page.evaluate("rolegraphSite.core.roles")}
    one, two, three = (r["role"] for r in yaml.safe_load(NOOR)["roles"])

    def stands(name: str) -> str:
        """The letters from left to right; a digit alone reads the same from both sides."""
        return name.replace(" ", "")[::-1]

    way = "→".join(map(stands, (one, two, three)))
    go(page, watch.base, f"#/plan?from={names[one]}&to={names[three]}")
    assert page.locator("td.way").evaluate(READ) == way
    head = f"From{stands(one)}to{stands(three)}"
    assert page.locator("h1").evaluate(READ) == head
    go(page, watch.base, f"#/plan?from={names[one]}&to={names[three]}&max=1")
    assert page.locator(".give .muted").evaluate(READ) == way
    go(page, watch.base, f"#/compare/{names[two]}/{names[three]}")
    assert page.locator(".only h3").first.evaluate(READ) == f"Only{stands(two)}1"
    between = page.locator("section", has=page.get_by_role("heading", name="Between the two"))
    assert between.locator(".what").evaluate(READ) == f"{stands(two)}→{stands(three)}promotion"
    go(page, watch.base, f"#/role/{names[two]}")
    assert page.locator("h1").evaluate(READ) == stands(two)
    page.goto(f"{watch.base}roles.html")
    assert page.locator("ul.roles").evaluate(READ).count(stands(two)) == 1
    watch.check()


def test_typed_names_are_compared(page: Page, watch: Watch) -> None:
    """Two names and the button, nothing chosen from a list; and a word about what is no name."""
    go(page, watch.base, "#/compare")
    first = page.get_by_role("combobox", name="First role")
    second = page.get_by_role("combobox", name="Second role")
    first.fill("delivery manager")
    second.fill("deliv")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("No single role has the name “deliv”").wait_for()
    page.get_by_role("option", name="Delivery Director").wait_for()
    second.fill("project manager")
    page.get_by_role("button", name="Compare").click()
    settled(page, "#/compare/delivery-manager/project-manager")


def test_lists_are_printed_whole(page: Page, watch: Watch, kg: rg.RoleGraph) -> None:
    go(page, watch.base, "#/role/delivery-manager")
    duties = page.locator("section", has=page.get_by_role("heading", name="Duties"))
    count = len(kg.facts("Delivery Manager").findings["responsibilities"])
    assert duties.locator("li").count() < count
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert duties.locator(".rows > li").count() == count
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 38)"
    go(page, watch.base, "#/plan?from=project-manager&to=delivery-director&max=3")
    shows(page.locator("p.asked"), "at most 3 steps")


def test_without_scripts_every_static_page_is_found(chromium: Browser, site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto((site / "index.html").as_uri())
    for name in STATIC:
        link = plain.locator(f"main a[href='{name}.html']")
        assert link.is_visible()
        assert plain.locator(f"footer a[href='{name}.html']").is_visible()
    plain.locator("main a[href='roles.html']").click()
    assert plain.get_by_role("link", name="Delivery Director").is_visible()
    context.close()


# --- a labour market


def test_esco_has_the_answers_of_python(
    page: Page, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    """A sample over suggestions with their least values, several routes, and reasons."""
    named = os.environ.get("ROLEGRAPH_STORE")
    if not named:
        pytest.skip("ROLEGRAPH_STORE names no store with ESCO")
    kg = rg.open(named)
    try:
        start = kg.role("esco:project manager")
    except rg.NotFoundError:
        pytest.skip("the store of ROLEGRAPH_STORE holds no ESCO")
    folder = write(kg, tmp_path / "site", progress=False, answers=0.05).folder
    watch = Watch(f"{serve(folder)}/").on(page)
    go(page, watch.base, "#/")
    names = page.evaluate(NAMES)
    roles = [r for r in kg.roles() if r.iri in names and "data.europa.eu" in r.iri]
    some = random.Random(5).sample(roles, 4)
    labels = ("ICT project manager", "chief executive officer")
    ends = [kg.role(f"esco:{label}") for label in labels]
    queries: list[str] = []
    wants: list[dict[str, Any]] = []
    for to in (*ends, *some):
        for least in (0.2, 0.3):
            asked = {"from": names[start.iri], "to": names[to.iri], "max": 3, "least": least}
            queries.append(link(**asked))
            wants.append(wanted(kg, start, to, minimise=AIMS, max_steps=3, min_value=least))
        asked = {"from": names[start.iri], "to": names[to.iri], "max": 4, "k": 3}
        past = rg.Profile(role=start, past=[some[0]])
        queries.append(link(**asked, minimise="new-skills", past=names[some[0].iri]))
        wants.append(wanted(kg, past, to, minimise=("new-skills",), max_steps=4, k=3))
    assert any(w["ways"] for w in wants)
    for query, got, want in zip(queries, ask(page, queries), wants, strict=True):
        same(got, want, query)
    queries, wants = [], []
    for to in ends:
        asked = {"from": names[start.iri], "to": names[to.iri], "max": 2, "least": 0.6}
        queries.append(link(**asked))
        wants.append(why_not(kg, start, to, max_steps=2, min_value=0.6))
    for query, got, want in zip(queries, ask(page, queries, why=True), wants, strict=True):
        assert {k: got[k] for k in want} == want, query
    watch.check()
