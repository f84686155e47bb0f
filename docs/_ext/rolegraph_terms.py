"""The directive that shows the terms of the ontology, each with an anchor of its own.

The anchor is the local name, letter for letter, as the IRIs have it; so the terms are written as
nodes here, since targets of Markdown would lose their capitals. What is said of a term is read by
:mod:`rolegraph.site.terms`, as it is for the explorer page.
"""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import Directive

from rolegraph.resources import ontology_path
from rolegraph.site.terms import FILES, KINDS, Term, read_terms


def entry(term: Term) -> nodes.Node:
    """All about a term."""
    head = nodes.paragraph(
        "",
        "",
        nodes.strong("", "", nodes.literal("", f"rg:{term.name}")),
        nodes.Text(f" {term.label} "),
        nodes.reference("", "¶", refid=term.name, internal=True, classes=["headerlink"]),
    )
    out = nodes.container("", head, ids=[term.name], classes=["rolegraph-entry"])
    if term.definition:
        out += nodes.paragraph("", term.definition)
    rows = [f"<dt>{name}</dt><dd>{'; '.join(items)}</dd>" for name, items in term.facts]
    files = ", ".join(f"<code>{name}</code>" for name in term.files)
    rows.append(f"<dt>In</dt><dd>{files}</dd>")
    out += nodes.raw("", f"<dl class='rolegraph-facts'>{''.join(rows)}</dl>", format="html")
    return out


class Terms(Directive):
    """Every term of the model, under headings by kind, with an index before them."""

    def run(self) -> list[nodes.Node]:
        """Write the nodes."""
        env = self.state.document.settings.env
        for name in FILES:
            env.note_dependency(str(ontology_path(name)))
        terms, out = read_terms(), []
        for kind, heading, _ in KINDS:
            here = [t for t in terms if t.kind == kind]
            section = nodes.section("", nodes.title("", heading), ids=[f"{kind}-terms"])
            index = nodes.paragraph("", "", classes=["rolegraph-index"])
            for n, term in enumerate(here):
                index += nodes.Text(" · " if n else "")
                index += nodes.reference("", term.name, refid=term.name, internal=True)
            out.append(section.__iadd__([index, *map(entry, here)]))
        return list(out)
