"""Draw the pictures of the docs: ``python docs/_ext/pictures.py`` writes ``docs/pictures``.

Each is drawn twice, for a page and for a phone (``NAME-narrow.svg``). tests/test_docs_pictures.py
holds the files to what this draws.
"""

from __future__ import annotations

import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import rolegraph
from rolegraph.pictures import Picture
from rolegraph.pictures._canvas import Canvas

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
WIDE, NARROW = 720, 340

# The band that begins with the layer in which a module stands.
BANDS = {
    "cli": "What people touch",
    "planner": "Plans for a person, reports on a graph",
    "importing": "Bringing sources in",
    "network": "Ways, comparisons, questions",
    "catalogue": "Values out of answers, and what is known of a person",
    "lookup": "Engines: names, rules, reasoner, search",
    "sparql": "SPARQL and its stores",
    "values": "Values and their faces",
    "vocab": "Base",
}


def layers() -> list[list[str]]:
    """Read the layers that import-linter holds the modules to, from the top."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = config["tool"]["importlinter"]["contracts"]
    return [[name.strip(" ()") for name in row.split("|")] for row in contract["layers"]]


def bands() -> list[tuple[str, list[str]]]:
    """Group the layers under the titles of :data:`BANDS`."""
    out: list[tuple[str, list[str]]] = []
    left = dict(BANDS)
    for row in layers():
        for name in row:
            if title := left.pop(name, ""):
                out.append((title, []))
        out[-1][1].extend(row)
    if left:
        raise SystemExit(f"no layer has the module {next(iter(left))!r}, where a band begins")
    return out


def architecture(width: int) -> str:
    """Draw the layers: a band each, its modules in it, and imports pointing down."""
    canvas, margin, side = Canvas(width), 16.0, 26.0
    room = width - 2 * margin - side
    y = canvas.lines(margin, 14, "Each module imports only what stands below it", room, bold=True)
    y, top = y + 8, y + 8
    for title, modules in [*bands(), ("The model", ["ontology/*.ttl", "queries/*.rq"])]:
        end = _band(Canvas(width), margin, y, room, title, modules)
        canvas.rect(margin, y, room, end - y, fill="tint", stroke="line", radius=8)
        _band(canvas, margin, y, room, title, modules)
        y = end + 8
    x = width - margin - side / 2 + 4
    canvas.line(x, top, x, y - 14, stroke="soft", thick=2)
    canvas.arrowhead(x, y - 8, "down", fill="soft")
    words = "; ".join(f"{title}: {', '.join(modules)}" for title, modules in bands())
    return canvas.svg(y + 6, "The layers of rolegraph", f"From the top, imports down only. {words}")


def _band(canvas: Canvas, x: float, y: float, room: float, title: str, names: list[str]) -> float:
    y = canvas.lines(x + 12, y + 8, title, room - 24, bold=True)
    return canvas.tags(x + 12, y + 4, names, room - 24) + 10


def lantern(folder: Path) -> rolegraph.RoleGraph:
    """Open the ladder that docs/planning.md writes down and imports."""
    page = (ROOT / "docs" / "planning.md").read_text(encoding="utf-8")
    (lines,) = re.findall(
        r"\"lantern\.yaml\"\)\.write_text\('''\n(.*?)^\.\.\. '''", page, re.S | re.M
    )
    text = re.sub(r"^\.\.\. ?", "", lines, flags=re.M)
    (folder / "lantern.yaml").write_text(text, encoding="utf-8")
    rolegraph.import_source("table", folder / "lantern.yaml", into=folder / "store")
    return rolegraph.open(folder / "store")


def shown() -> Iterator[tuple[str, Picture]]:
    """Give the pictures of values that the docs show, by name."""
    kg = rolegraph.load()
    yield "route", kg.route("Project Manager", "Delivery Director").picture()
    yield "routes", kg.routes("Project Manager", "Chief Operations Officer", k=4).picture()
    yield "comparison", kg.compare("Delivery Manager", "Project Manager").picture()
    yield "gap", kg.gap("Project Manager", "Delivery Manager").picture()
    yield "role", kg.picture("Project Manager")
    yield "map", kg.picture()
    with tempfile.TemporaryDirectory() as folder:
        own = lantern(Path(folder))
        me = rolegraph.Profile(role="Project Manager", certifications=["PRINCE2", "ITIL"])
        yield "tradeoff", own.plan(me, "Delivery Director", minimise=("months", "cost")).picture()


def drawings() -> Iterator[tuple[str, str]]:
    """Give every picture of the docs: the name of its file, and its text."""
    yield "architecture.svg", architecture(WIDE)
    yield "architecture-narrow.svg", architecture(NARROW)
    for name, picture in shown():
        yield f"{name}.svg", picture.svg(WIDE)
        yield f"{name}-narrow.svg", picture.svg(NARROW)


def write(folder: Path = FOLDER) -> Mapping[str, str]:
    """Write all pictures, and take away what is none of them."""
    drawn = dict(drawings())
    folder.mkdir(exist_ok=True)
    for name, text in drawn.items():
        (folder / name).write_text(text, encoding="utf-8")
    for path in folder.glob("*.svg"):
        if path.name not in drawn:
            path.unlink()
    return drawn


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\n" for name in write())
