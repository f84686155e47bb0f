"""What this site needs beyond Sphinx: pages from elsewhere, the API by topic, links that hold.

The Markdown files of ``docs`` are written to be read on a code-hosting site too. So they link to
files of the repository, and this extension leads the links to the pages that were made of them.
When a build begins, it writes into three folders of ``docs``, which git does not know:

``tutorials/``
    The notebooks, as committed.
``reference/``
    One page for each group of public names, and one for the ontology (a directive of ours, which
    gives every term its anchor).
``project/``
    The change log, and how to contribute.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections.abc import Iterator
from importlib import import_module, util
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, NamedTuple

import rolegraph_terms
from docutils import nodes
from pygments.lexers.rdf import SparqlLexer
from pygments.token import Operator, Text
from sphinx.addnodes import literal_strong, pending_xref
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer

import rolegraph

ROOT = Path(__file__).resolve().parents[2]

# The order of the tutorials; one that is not named here comes after these.
TUTORIALS = (
    "quickstart",
    "compare-two-roles",
    "plan-a-career",
    "own-ladder",
    "sparql",
    "labour-market",
    "pandas-and-networkx",
    "reasoning",
)


class Group(NamedTuple):
    """A page of the API reference."""

    page: str
    title: str
    about: str
    homes: tuple[str, ...]
    """Modules whose public names (those of ``rolegraph``) stand here."""
    also: tuple[str, ...] = ()
    """Modules that stand here whole, under their own names."""


GROUPS = (
    Group(
        "graph",
        "The graph",
        "Open the ontology with `rolegraph.load`, or a store on disk with `rolegraph.open`. Both "
        "give a `RoleGraph`, and all questions are put to that.",
        ("graph",),
    ),
    Group(
        "values",
        "Roles, skills, claims",
        "Small values that do not change. Each keeps its IRI; what is claimed keeps its evidence.",
        ("values", "tables"),
    ),
    Group(
        "comparison",
        "Comparison and gaps",
        "Two roles side by side, and what one asks for beyond the other.",
        ("comparison",),
    ),
    Group(
        "routes",
        "Routes",
        "Ways from role to role, with the grounds of each step.",
        ("routes", "routing"),
        ("rolegraph.plandata",),
    ),
    Group(
        "planning",
        "Profiles and plans",
        "All the best ways for a person, and what stands in the way. "
        "[Plan for a person](../planning.md) is the how-to.",
        ("profile", "plans"),
    ),
    Group(
        "sparql",
        "SPARQL and questions",
        "Answers of queries, the terms in them, and the prefixes that every query knows.",
        ("sparql", "questions", "terms", "vocab"),
    ),
    Group(
        "similarity",
        "Similarity and evaluation",
        "Measures of nearness, and how well they find what experts listed or people did.",
        ("nearness", "similarity"),
        ("rolegraph.evaluation",),
    ),
    Group(
        "sources",
        "Sources and stores",
        "Imports into a store on disk, what a store holds, and the form for a ladder of your own. "
        "[Whole labour markets](../labour-markets.md) and "
        "[Your own career framework](../own-ladder.md) are the how-tos.",
        ("importing", "storage"),
        (
            "rolegraph.importers.table",
            "rolegraph.importers.template",
            "rolegraph.importers.draft",
            "rolegraph.diff",
        ),
    ),
    Group(
        "reasoning",
        "Reasoning and checks",
        "What the rules inferred, and HermiT, the reasoner that they are held against.",
        ("closure",),
        ("rolegraph.hermit", "rolegraph.shapes", "rolegraph.resources"),
    ),
    Group(
        "pictures",
        "Pictures and pages",
        "What a value shows in a notebook, and the pictures that it draws of itself.",
        ("pictures", "shown", "page"),
        (
            "rolegraph.pictures",
            "rolegraph.shown",
            "rolegraph.page",
            "rolegraph.pagehtml",
            "rolegraph.pagemarkdown",
            "rolegraph.pagetext",
        ),
    ),
    Group(
        "notebook",
        "In the notebook",
        "Magics, completion and the network to explore; and the static explorer page.",
        ("magics", "completion", "explorer", "site"),
        ("rolegraph.magics", "rolegraph.completion", "rolegraph.explorer", "rolegraph.site"),
    ),
    Group(
        "errors",
        "Errors",
        "Every error raised on purpose derives from `RoleGraphError`, and from the error of "
        "Python's own that fits.",
        ("errors",),
        ("rolegraph.errors",),
    ),
)

# Pages made of a file that does not stand in docs: the page, and the file.
ELSEWHERE = {
    "reference/model": "ontology/README.md",
    "project/changelog": "CHANGELOG.md",
    "project/contributing": "CONTRIBUTING.md",
}
# What a reader of the repository opens where a reader of the site has a page.
INSTEAD = {
    "README.md": "index.md",
    "notebooks": "tutorials/quickstart.ipynb",
    "ontology/rolegraph.ttl": "reference/ontology.md",
    "rolegraph/__init__.py": "reference/api.md",
}

# What stands in the side bar, in this order.
CONTENTS = (
    ("Tutorials", "tutorials/{}", TUTORIALS),
    (
        "How-to guides",
        "{}",
        ("planning", "labour-markets", "own-ladder", "sparql-in-jupyter", "pictures"),
    ),
    ("Reference", "reference/{}", ("api", "ontology", "model", "../questions")),
    (
        "Background",
        "{}",
        ("architecture", "performance", "evaluation", "dependencies"),
    ),
    ("Project", "{}", ("publishing", "project/changelog", "project/contributing")),
)


# ---------------------------------------------------------------------------- links

LINK = re.compile(r"(?P<shown>!?\[(?:[^\]\\]|\\.)*\])\((?P<path>[^)\s#:]+)(?P<part>#[^)\s]*)?\)")


def page_of(file: str) -> str | None:
    """The file under ``docs`` that shows a file of the repository; None if there is none.

    Examples
    --------
    >>> page_of("CHANGELOG.md"), page_of("docs/planning.md"), page_of("pyproject.toml")
    ('project/changelog.md', 'planning.md', None)
    """
    path = PurePosixPath(file)
    for page, source in ELSEWHERE.items():
        if source == file:
            return f"{page}.md"
    if file in INSTEAD:
        return INSTEAD[file]
    if path.parent == PurePosixPath("notebooks") and path.suffix == ".ipynb":
        return f"tutorials/{path.name}"
    if path.parts[0] == "docs":
        return str(PurePosixPath(*path.parts[1:]))
    return None


def mend(text: str, file: str, page: str) -> str:
    """Lead the links of a file of the repository to pages of the site.

    What has no page is named instead of linked to: nobody knows yet where the repository will be.

    Parameters
    ----------
    text : str
        The file's.
    file, page : str
        Where it stands in the repository, and where under ``docs``.

    Examples
    --------
    >>> mend("see [how](docs/planning.md#limits)", "README.md", "project/readme.md")
    'see [how](../planning.md#limits)'
    >>> mend("see [the code](../rolegraph/pareto.py)", "docs/planning.md", "planning.md")
    'see the code (`rolegraph/pareto.py`)'
    """

    def lead(match: re.Match[str]) -> str:
        shown, part = match["shown"], match["part"] or ""
        there = posixpath.normpath(posixpath.join(posixpath.dirname(file), match["path"]))
        if (to := page_of(there)) is not None:
            return f"{shown}({posixpath.relpath(to, posixpath.dirname(page) or '.')}{part})"
        if shown.startswith("!") or there.startswith(".."):
            return match[0]
        words = shown[1:-1]
        return words if there in words.strip("`") else f"{words} (`{there}`)"

    return LINK.sub(lead, text)


def read(app: Sphinx, name: str, content: list[str]) -> None:
    """Mend the links of pages that stand in ``docs``; give the first page its contents."""
    if app.env.doc2path(name).suffix == ".md" and "/" not in name:
        content[0] = mend(content[0], f"docs/{name}.md", f"{name}.md")
    if name == "index":
        content[0] += contents(Path(app.srcdir))


class Sparql(SparqlLexer):
    """SPARQL with all operators of paths, and with dots for what is left out."""

    name = "SPARQL"
    aliases = ("sparql",)
    tokens = {  # noqa: RUF012 - as Pygments has it
        **SparqlLexer.tokens,
        "root": [(r"[|^]|\?(?!\w)", Operator), ("…", Text), *SparqlLexer.tokens["root"]],
    }


# Names that stand for one thing on a page, and for another on all others.
TWICE = {"Report": ("reference/sources", "rolegraph.importers.draft", "rolegraph.shapes")}


def settle(app: Sphinx, tree: nodes.document) -> None:
    """Lead names in docstrings to what they mean there, or to nothing.

    The name of an attribute in a list of attributes would lead to one of the same name elsewhere.
    """
    for name in tree.findall(nodes.field_name):
        if name.astext() == "Variables":
            name[:] = [nodes.Text("Attributes")]
    for ref in list(tree.findall(pending_xref)):
        if ref.get("refdomain") != "py":
            continue
        if (shown := ref.next_node(literal_strong)) is not None and ref["reftype"] == "obj":
            ref.replace_self(shown)
        elif (target := ref["reftarget"]) in TWICE:
            page, here, elsewhere = TWICE[target]
            home = here if app.env.current_document.docname == page else elsewhere
            ref["reftarget"] = f"{home}.{target}"


SEVERAL = re.compile(r"(\w+(?:, \w+)+)( :.*)?$")


def split(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Give each of several attributes that are told together an entry of its own.

    Napoleon does so for parameters only.
    """
    if "Attributes" not in lines:
        return
    start = lines.index("Attributes") + 2
    ends = (n for n in range(start, len(lines) - 1) if re.fullmatch("-{3,}", lines[n + 1]))
    end = next(ends, len(lines))
    section: list[str] = []
    for n in range(start, end):
        if match := SEVERAL.match(lines[n]):
            rest = range(n + 1, end)
            stop = next((m for m in rest if lines[m][:1].strip()), end)
            *others, last = match[1].split(", ")
            for other in others:
                section += [other + (match[2] or ""), *lines[n + 1 : stop]]
            section.append(last + (match[2] or ""))
        else:
            section.append(lines[n])
    lines[start:end] = section


def contents(docs: Path) -> str:
    """The tables of contents, of the pages that there are."""
    blocks = []
    for caption, form, names in CONTENTS:
        pages = [posixpath.normpath(form.format(name)) for name in names]
        if caption == "Tutorials":
            pages += sorted(f"tutorials/{p.stem}" for p in (docs / "tutorials").glob("*.ipynb"))
        there = [p for p in dict.fromkeys(pages) if any(docs.glob(f"{p}.*"))]
        blocks.append(
            f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(there) + "\n```\n"
        )
    return "".join(blocks)


# ---------------------------------------------------------------------------- pages


def generate(app: Sphinx, config: object) -> None:
    """Write the pages that are made of something else."""
    pages = dict([*tutorials(), *elsewhere(), *reference()])
    docs = Path(app.srcdir)
    for name, text in pages.items():
        path = docs / name
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for folder in ("tutorials", "reference", "project"):
        for path in (docs / folder).iterdir():
            if f"{folder}/{path.name}" not in pages:
                path.unlink()


def tutorials() -> Iterator[tuple[str, str]]:
    """The notebooks."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        page = f"tutorials/{path.name}"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        # so that magics are coloured as what they are
        notebook["metadata"].setdefault("language_info", {})["pygments_lexer"] = "ipython3"
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                text = "".join(cell["source"])
                cell["source"] = mend(text, f"notebooks/{path.name}", page)
        yield page, json.dumps(notebook, ensure_ascii=False, indent=1)


def elsewhere() -> Iterator[tuple[str, str]]:
    """The Markdown files of other folders, with the pictures that they show."""
    for page, file in ELSEWHERE.items():
        text = (ROOT / file).read_text(encoding="utf-8")
        for path in re.findall(r"!\[[^\]]*\]\(([^):]+)\)", text):
            picture = ROOT / posixpath.dirname(file) / path
            yield f"{posixpath.dirname(page)}/{path}", picture.read_text(encoding="utf-8")
        yield f"{page}.md", mend(text, file, f"{page}.md")


def reference() -> Iterator[tuple[str, str]]:
    """The pages of the API and of the ontology."""
    homes: dict[str, list[str]] = {}
    for name, module in rolegraph._HOME.items():
        homes.setdefault(module, []).append(name)
    told = {module for group in GROUPS for module in group.homes}
    rest = Group("more", "More", "Other public names.", tuple(m for m in homes if m not in told))
    toc = []
    for group in (*GROUPS, rest):
        names = [n for m in group.homes for n in homes.get(m, ())]
        also = [m for m in group.also if there(m)]
        if names or also:
            toc.append((group, names))
            yield f"reference/{group.page}.md", page(group, names, also)
    yield "reference/api.md", overview(toc)
    yield "reference/ontology.md", ONTOLOGY


def there(module: str) -> bool:
    """Whether a module exists and has public names."""
    return util.find_spec(module) is not None and hasattr(import_module(module), "__all__")


def overview(groups: list[tuple[Group, list[str]]]) -> str:
    """The page that leads to the groups."""
    rows = []
    for g, names in groups:
        links = ", ".join(f"{{any}}`{name} <rolegraph.{name}>`" for name in names)
        rows.append(f"| [{g.title}]({g.page}.md) | {links} |")
    names = "\n".join(g.page for g, _ in groups)
    return f"""# API reference

Everything that `import rolegraph as rg` offers, by topic. The examples are run as tests. Each
public name belongs to the module that defines it; `rolegraph` only hands it on, and imports nothing
before it is used.

| topic | names |
| --- | --- |
{chr(10).join(rows)}

```{{eval-rst}}
.. py:data:: rolegraph.__version__
   :type: str

   The version of the package; the ontology has a version of its own.
```

All names in one list: {{ref}}`genindex`; all modules: {{ref}}`modindex`. The command line is
explained by `rolegraph --help` and by `--help` of each command.

```{{toctree}}
:hidden:

{names}
```
"""


def page(group: Group, names: list[str], also: list[str]) -> str:
    """A page of the API reference."""
    about = re.sub(r"`(rolegraph\.)?(\w+)`", r"{any}`\1\2 <rolegraph.\2>`", group.about)
    parts = [f"# {group.title}\n\n{about}\n"]
    if names:
        directives = "\n".join(describe(name) for name in names)
        parts.append(f"```{{eval-rst}}\n.. py:currentmodule:: rolegraph\n\n{directives}```\n")
    for module in also:
        public = import_module(module)
        own = [n for n in public.__all__ if n not in names and home(public, n) == module]
        if own:
            parts.append(
                f"## {module}\n\n```{{eval-rst}}\n.. automodule:: {module}\n"
                f"   :members: {', '.join(own)}\n```\n"
            )
    return "\n".join(parts)


def home(module: ModuleType, name: str) -> str:
    """The module on whose page a name of a module stands.

    That is the module that defines it, if it has a place in the reference; names of private
    modules stand where they are handed on.
    """
    known = {f"rolegraph.{m}" for g in GROUPS for m in g.homes} | {
        m for g in GROUPS for m in g.also
    }
    first = getattr(getattr(module, name), "__module__", None)
    return first if first in known else module.__name__


def describe(name: str) -> str:
    """The directive for a public name."""
    origin = f"rolegraph.{rolegraph._HOME[name]}"
    thing = getattr(rolegraph, name)
    if isinstance(thing, type):
        # a class of some three hundred constants is told by its own words
        members = "" if name == "RG" else "   :members:\n"
        bases = "   :show-inheritance:\n" if issubclass(thing, Exception) else ""
        return f".. autoclass:: {name}\n{members}{bases}"
    if callable(thing):
        return f".. autofunction:: {name}\n"
    words = ModuleAnalyzer.for_module(origin).find_attr_docs().get(("", name), [])
    body = "\n".join(f"   {line}".rstrip() for line in words)
    return f".. py:data:: {name}\n   :canonical: {origin}.{name}\n\n{body}\n"


ONTOLOGY = """# The ontology, term by term

Every class, property and controlled value of the model, from the Turtle files in `ontology/`. The
address of a term here ends in its local name, so `…/ontology.html#hasSkill` is about `rg:hasSkill`.
[How to read the model](model.md) comes first.

```{rolegraph-terms}
```
"""


def has_explorer() -> bool:
    """Whether the explorer page can be written."""
    return (Path(rolegraph.__file__).parent / "web" / "site" / "index.html").is_file()


def link_explorer(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Tell the side bar whether there is an explorer page."""
    context["rolegraph_explorer"] = has_explorer()


def explorer(app: Sphinx, failed: Exception | None) -> None:
    """Write the explorer page of the article beside the docs."""
    if failed is None and app.builder.name == "html" and has_explorer():
        from rolegraph import site

        site.write(rolegraph.load(), Path(app.outdir) / "explorer", progress=False)


def pictures(app: Sphinx, failed: Exception | None) -> None:
    """Take along the pictures; pages name them in HTML, since a phone gets another one."""
    if failed is None and app.builder.name == "html":
        shutil.copytree(Path(app.srcdir) / "pictures", Path(app.outdir) / "pictures",
                        dirs_exist_ok=True)  # fmt: skip


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("rolegraph-terms", rolegraph_terms.Terms)
    app.connect("config-inited", generate)
    app.connect("source-read", read)
    app.connect("autodoc-process-docstring", split, priority=400)  # before napoleon's
    app.connect("doctree-read", settle)
    app.connect("html-page-context", link_explorer)
    app.connect("build-finished", explorer)
    app.connect("build-finished", pictures)
    app.add_lexer("sparql", Sparql)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
