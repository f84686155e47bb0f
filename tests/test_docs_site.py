"""The site of the docs: built without a warning, complete, and sufficient to itself."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import rolegraph as rg
from rolegraph.resources import ontology_path

pytest.importorskip("sphinx")
pytest.importorskip("myst_nb")
pytest.importorskip("furo")
pytestmark = pytest.mark.slow

# What the build reads; copied, since it writes pages beside the others.
READ = ("docs", "notebooks", "ontology", "CHANGELOG.md", "CONTRIBUTING.md")
# Elements and attributes by which a page asks for a file without being told to.
FETCHED = {
    ("audio", "src"), ("embed", "src"), ("iframe", "src"), ("img", "src"), ("img", "srcset"),
    ("link", "href"), ("object", "data"), ("script", "src"), ("source", "src"),
    ("source", "srcset"), ("video", "src"),
}  # fmt: skip


class Page(HTMLParser):
    """The anchors of a page, where its links lead, and what it fetches."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag has to say."""
        for name, value in attrs:
            if not value:
                continue
            if name == "id":
                self.ids.add(value)
            elif (tag, name) == ("a", "href"):
                self.links.append(value)
            elif (tag, name) in FETCHED:
                self.fetched.append(value)


@pytest.fixture(scope="module")
def site(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built in a folder of its own; a warning is an error."""
    work = tmp_path_factory.mktemp("site")
    made = shutil.ignore_patterns("_build", "__pycache__", "project", "reference", "tutorials")
    for name in READ:
        source = checkout / name
        if source.is_dir():
            shutil.copytree(source, work / name, ignore=made if name == "docs" else None)
        else:
            shutil.copy(source, work / name)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", work / "doctrees", work / "docs", work / "out"],
        capture_output=True, text=True, cwd=work, timeout=300,
        env={**os.environ, "PYTHONPATH": str(checkout)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-5000:]
    assert not done.stderr, done.stderr[-5000:]
    return work / "out"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """The pages by their place in the site."""
    return {
        str(p.relative_to(site).as_posix()): Page(p.read_text(encoding="utf-8"))
        for p in sorted(site.rglob("*.html"))
        # the explorer page has tests of its own
        if p.relative_to(site).parts[0] not in ("_static", "explorer")
    }


def target(page: str, link: str) -> tuple[str, str] | None:
    """The page and the anchor that a link of a page leads to; None if it leads elsewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
    return (path if parts.path else page), unquote(parts.fragment)


def test_every_public_name_is_in_the_reference(site: Path) -> None:
    from sphinx.util.inventory import InventoryFile

    with (site / "objects.inv").open("rb") as file:
        found = InventoryFile.load(file, "", posixpath.join)
    kinds = ("py:class", "py:function", "py:data", "py:exception")
    names = {n for kind in kinds for n in found.get(kind, ())}
    assert [n for n in rg.__all__ if f"rolegraph.{n}" not in names] == []
    methods = found["py:method"]
    public = [n for n, v in vars(rg.RoleGraph).items() if n[0] != "_" and callable(v)]
    assert len(public) > 40
    assert [n for n in public if f"rolegraph.RoleGraph.{n}" not in methods] == []


def test_every_term_of_the_ontology_has_its_anchor(pages: dict[str, Page]) -> None:
    import rdflib

    model = rdflib.Graph()
    for name in ("rolegraph.ttl", "market.ttl"):
        model.parse(ontology_path(name))
    typed = {str(s) for s in model.subjects(rdflib.RDF.type, None)}
    ours = {s.removeprefix(rg.RG.NS) for s in typed if s.startswith(rg.RG.NS)}
    assert len(ours) > 250
    assert sorted(ours - pages["reference/ontology.html"].ids) == []


def test_links_lead_somewhere(site: Path, pages: dict[str, Page]) -> None:
    wrong, counted = [], 0
    for name, page in pages.items():
        for link in page.links:
            if (to := target(name, link)) is None:
                continue
            counted += 1
            path, anchor = to
            if path in pages:
                good = not anchor or anchor in pages[path].ids
            else:
                good = (site / path).is_file()
            if not good:
                wrong.append((name, link))
    assert counted > 1000
    assert wrong == []


def test_every_page_is_reached_from_the_first(pages: dict[str, Page]) -> None:
    seen, ahead = set(), ["index.html"]
    while ahead:
        name = ahead.pop()
        if name in seen or name not in pages:
            continue
        seen.add(name)
        found = (target(name, link) for link in pages[name].links)
        ahead += [to[0] for to in found if to is not None]
    # the search is a form on every page; sources are reached from what they define, one by one
    assert sorted(set(pages) - seen - {"search.html", "_modules/index.html"}) == []


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    assert Page('<script src="https://cdn.example/x.js"></script>').fetched
    fetched = [(n, f) for n, page in pages.items() for f in page.fetched]
    outside = [(n, f) for n, f in fetched if urlsplit(f).scheme not in ("", "data")]
    assert outside == []
    gone = [
        (n, f) for n, f in fetched
        if not urlsplit(f).scheme and (to := target(n, f)) and not (site / to[0]).is_file()
    ]  # fmt: skip
    assert gone == []
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"""url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//""", text)


def test_the_first_page_leads_to_a_result(site: Path, pages: dict[str, Page]) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", html)
    for words in ("pip install", "kg.route(", "3 steps; rests on: stated"):
        assert words in text
    leads = {to[0] for link in pages["index.html"].links if (to := target("index.html", link))}
    assert leads >= {"tutorials/quickstart.html", "own-ladder.html", "reference/api.html"}
