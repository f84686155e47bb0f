"""The pages that need no scripts: ontology, questions, sources, roles, and the shell of the app."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from rolegraph.questions import Question
from rolegraph.site.answers import MOST, Answered, answers
from rolegraph.site.data import Numbers
from rolegraph.site.frame import esc, label, link, page, shell, table, tag
from rolegraph.site.terms import KINDS, Term, read_terms
from rolegraph.vocab import RG

__all__ = ["ontology_page", "pages", "questions_page", "roles_page", "sources_page"]

Core: TypeAlias = Mapping[str, Any]
Say: TypeAlias = Callable[[str, int, int | None], None]

_MEANING = {
    "stated": "A document says so. The claim points to the place where it stands, by offsets and "
    "digest, and keeps the reservation of the text: “may”, “often”.",
    "curated": "An expert, or the author of a table, decided so. The claim names the note or the "
    "place in the table.",
    "imported": "A table of a source says so. The claim names file and row.",
    "observed": "Counted in data about people or jobs.",
    "inferred": "Worked out by a rule, a measure or a search, and never mixed with what is stated.",
    "unsourced": "Nothing bears it out here.",
}


def pages(kg: Any, n: Numbers, core: Core, seconds: float, say: Say) -> dict[str, str]:
    """Make all pages, by the name of the file.

    Parameters
    ----------
    kg : RoleGraph
    n : Numbers
    core : mapping
        The data file of that name.
    seconds : float
        For each question.
    say : callable
        Is told how far it has got.

    Returns
    -------
    dict of str to str
    """
    asked = []
    for i, one in enumerate(answers(kg, seconds)):
        say("questions", i, None)
        asked.append(one)
    sizes = core["sizes"]
    values = {
        "title": core["title"], "version": core["version"], "generated": core["generated"],
        **{k: f"{v:,}" for k, v in sizes.items()},
    }  # fmt: skip
    bodies = {
        "ontology.html": ("Ontology", ontology_page(read_terms())),
        "questions.html": ("Competency questions", questions_page(asked)),
        "sources.html": ("Sources and evidence", sources_page(kg, core)),
        "roles.html": ("All roles", roles_page(n, core)),
    }
    out = {
        name: page(core["title"], name, head, body, generated=core["generated"])
        for name, (head, body) in bodies.items()
    }
    return {"index.html": shell(values), **out}


# --- ontology


def ontology_page(terms: Sequence[Term]) -> str:
    """Write every term in a section of its own; its anchor is the last part of its IRI."""
    by_kind: dict[str, list[Term]] = defaultdict(list)
    for t in terms:
        by_kind[t.kind].append(t)
    toc, parts = [], []
    for kind, title, _ in KINDS:
        if not by_kind[kind]:
            continue
        links = "".join(
            f'<li><a href="#{esc(t.name)}">{esc(t.name)}</a></li>' for t in by_kind[kind]
        )
        toc.append(
            f"<details><summary>{title} "
            f'<span class="muted">{len(by_kind[kind])}</span></summary><ul>{links}</ul></details>'
        )
        sections = "\n".join(_term(t) for t in by_kind[kind])
        parts.append(f'<section class="terms"><h2 id="list-{kind}">{title}</h2>\n{sections}\n'
                     "</section>")  # fmt: skip
    lead = (
        f"<p>The {len(terms)} terms of the ontology. Each has an address: the IRI "
        f"<code>{esc(RG.NS)}NAME</code> stands here at <code>ontology.html#NAME</code>.</p>"
    )
    return f'{lead}\n<nav class="toc" aria-label="Terms">{"".join(toc)}</nav>\n' + "\n".join(parts)


def _term(t: Term) -> str:
    rows = "".join(
        f"<div><dt>{esc(head)}</dt>" + "".join(f"<dd>{x}</dd>" for x in items) + "</div>"
        for head, items in t.facts
    )
    files = ", ".join(f"<code>{esc(f)}</code>" for f in t.files)
    kind = t.kind.replace("-", " ")
    rows += f"<div><dt>IRI</dt><dd><code>{esc(t.iri)}</code></dd></div>"
    rows += f"<div><dt>Written in</dt><dd>{files}</dd></div>"
    meaning = (
        f"<p>{esc(t.definition)}</p>" if t.definition else '<p class="muted">No definition.</p>'
    )
    return (
        f'<section class="term" id="{esc(t.name)}"><h3><a href="#{esc(t.name)}">{esc(t.name)}</a> '
        f'<span class="muted">{esc(kind)} “{esc(t.label)}”</span></h3>{meaning}'
        f'<dl class="facts">{rows}</dl></section>'
    )


# --- questions


def questions_page(asked: Sequence[tuple[Question, Answered]]) -> str:
    """Write every competency question with its query and its answer over the graph.

    Those without an answer stand folded at the end: a ladder of one's own lacks the roles that
    many of them ask about.
    """
    by_section: dict[str, list[tuple[Question, Answered]]] = defaultdict(list)
    rest = [(q, a) for q, a in asked if not a.total]
    for q, a in asked:
        if a.total:
            by_section[q.section].append((q, a))
    toc, parts = [], []
    for i, section in enumerate(sorted(by_section)):
        toc.append(_contents(esc(section), by_section[section]))
        inner = "\n".join(_question(q, a) for q, a in by_section[section])
        parts.append(f'<section><h2 id="section-{i + 1}">{esc(section)}</h2>\n{inner}\n</section>')
    told = f"{len(asked) - len(rest)} of them have something to tell here"
    lead = (
        f"<p>{len(asked)} questions that the ontology has to answer, each with its query and with "
        f"the answer that this graph gives. {told}"
        + ("; the rest stands folded at the end.</p>" if rest else ".</p>")
    )
    if rest:
        head = "With no answer, or an empty one, in this graph"
        toc.append(_contents(head, rest))
        inner = "\n".join(_question(q, a) for q, a in rest)
        many = f"{len(rest)} question{'' if len(rest) == 1 else 's'}"
        parts.append(
            f'<section><h2 id="without">{head} <span class="muted">{len(rest)}</span></h2>\n'
            f"<details><summary>Show the {many}</summary>\n{inner}\n</details></section>"
        )
    return f'{lead}\n<nav class="toc" aria-label="Questions">{"".join(toc)}</nav>\n' + "\n".join(
        parts
    )


def _contents(head: str, asked: Sequence[tuple[Question, Answered]]) -> str:
    links = "".join(f'<li><a href="#{esc(q.name)}">{esc(q.text)}</a></li>' for q, _ in asked)
    count = f'<span class="muted">{len(asked)}</span>'
    return f"<details><summary>{head} {count}</summary><ul>{links}</ul></details>"


def _question(q: Question, a: Answered) -> str:
    given = ", ".join(
        f"<code>{esc(p.name)}</code> = {label(p.example)} "
        f'<span class="muted">({esc(p.kind.lower())})</span>'
        for p in q.parameters
    )
    body = "\n".join(x for x in q.query.splitlines() if not x.startswith("#")).strip()
    parts = [
        f'<section class="question" id="{esc(q.name)}"><h3><a href="#{esc(q.name)}">'
        f"{esc(q.text)}</a></h3>",
        f'<p class="muted"><code>{esc(q.name)}</code></p>',
    ]
    if given:
        parts.append(f"<p>With {given}.</p>")
    if a.problem:
        parts.append(f'<p class="note">{esc(a.problem[:1].upper() + a.problem[1:])}.</p>')
    elif not a.total:
        parts.append("<p>The answer is empty: nothing in this graph fits.</p>")
    else:
        rows = [[label(x) for x in row] for row in a.rows]
        numeric = frozenset(
            i for i in range(len(a.columns)) if all(_number(row[i]) for row in a.rows)
        )
        caption = f"{a.total:,} row{'' if a.total == 1 else 's'}"
        if a.total > MOST:
            caption += f"; the first {MOST} are shown"
        parts.append(
            table(a.columns, rows, caption=f"Answer to {q.name}: {caption}", numeric=numeric)
        )
    parts.append(
        f'<details><summary>Query</summary><pre class="query" tabindex="0"><code>{esc(body)}'
        "</code></pre></details></section>"
    )
    return "\n".join(parts)


def _number(text: str) -> bool:
    return text.replace(".", "", 1).lstrip("-").isdigit() and text.isascii()


# --- sources


def sources_page(kg: Any, core: Core) -> str:
    """Write where the facts are from, under which licence, and how they are borne out."""
    kinds = _counts(kg)
    rows = [
        [tag(k), esc(_MEANING[k]), f"{kinds.get(k, 0):,}"]
        for k in core["kinds"]
        if k != "unsourced" or kinds.get(k)
    ]
    known = table(
        ("Kind", "What it means", "Claims"), rows, caption="Kinds of evidence",
        numeric=frozenset({2}), heads=True,
    )  # fmt: skip
    sizes = core["sizes"]
    names = {
        "roles": "Roles", "skills": "Skills", "certifications": "Certifications",
        "transitions": "Transitions", "suggested": "Suggested transitions (inferred)",
        "mappings": "Mappings between classifications",
    }  # fmt: skip
    counts = table(
        ("What", "Count"), [[esc(names.get(k, k)), f"{v:,}"] for k, v in sizes.items()],
        caption="What this site shows", numeric=frozenset({1}), heads=True,
    )  # fmt: skip
    parts = []
    for s in core["sources"]:
        facts = [
            ("Version", esc(s.get("version", ""))),
            ("Licence", link(s.get("licence", ""), s.get("licence", ""))),
            ("Attribution", label(s.get("attribution", ""))),
            ("Home", link(s.get("homepage", ""), s.get("homepage", ""))),
            ("Facts", f"{s['triples']:,} triples" if s.get("triples") else ""),
        ]
        listed = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts if v)
        parts.append(
            f'<section class="source"><h3>{label(s["title"])}</h3><dl class="facts">{listed}</dl>'
            "</section>"
        )
    return (
        "<p>Every fact on this site says who says so. What no source states is unknown, which "
        "never means that something is lacking.</p>"
        f"<h2>How facts are borne out</h2>{known}<h2>Counts</h2>{counts}"
        f"<h2>Sources</h2>{''.join(parts)}"
    )


def _counts(kg: Any) -> dict[str, int]:
    """Count claims by their kind of evidence."""
    query = """SELECT ?kind (COUNT(DISTINCT ?c) AS ?n) {
        ?c rg:hasEvidenceKind ?k . ?k skos:prefLabel ?kind } GROUP BY ?kind"""
    return {str(kind): int(count) for kind, count in kg.query(query)}


# --- roles


def roles_page(n: Numbers, core: Core) -> str:
    """Write all roles as links, by letter."""
    several = len({r.source for r in n.roles}) > 1
    titles = {str(s["name"]): str(s["title"]) for s in n.sources}
    by_letter: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for i, r in enumerate(n.roles):
        by_letter[_letter(r.label)].append((r.label.casefold(), i))
    letters = sorted(by_letter, key=lambda x: (x == "other", x))
    toc = "".join(f'<li><a href="#letter-{x}">{_shown(x)}</a></li>' for x in letters)
    parts = []
    for x in letters:
        items = []
        for _, i in sorted(by_letter[x]):
            r = n.roles[i]
            more = [titles.get(r.source or "", r.source or "") if several else "", r.family or ""]
            said = ", ".join(label(m) for m in more if m)
            note = f' <span class="muted">{said}</span>' if said else ""
            items.append(f'<li><a href="index.html#/role/{n.slugs[0][i]}">{label(r.label)}</a>'
                         f"{note}</li>")  # fmt: skip
        parts.append(f'<section><h2 id="letter-{x}">{_shown(x)}</h2><ul class="roles">'
                     f"{''.join(items)}</ul></section>")  # fmt: skip
    return (
        f"<p>{len(n.roles):,} roles. Each link opens the role's card, which needs scripts.</p>"
        f'<nav aria-label="Letters"><ul class="letters">{toc}</ul></nav>\n' + "\n".join(parts)
    )


def _shown(letter: str) -> str:
    return "Other" if letter == "other" else letter.upper()


def _letter(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    first = next((c for c in plain if c.isalnum()), "")
    return first if first.isalpha() else "other"
