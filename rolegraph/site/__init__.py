"""A static web site of a graph: find roles, read their cards, compare, plan, with no server.

:func:`write` makes a folder of plain files that any file server can hand out, and that a browser
opens from disk as well. ``index.html`` is the page that searches, compares and plans; it reads the
files in ``assets/data`` as it needs them. The other pages need no scripts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rolegraph._version import __version__
from rolegraph.progress import Progress
from rolegraph.shown import Told
from rolegraph.site import cards, data, frame, pages
from rolegraph.site.folder import MARKER, SiteError, check, replaced

__all__ = ["Site", "SiteError", "check", "write"]


@dataclass(frozen=True, slots=True, repr=False)
class Site(Told):
    """A site that was written.

    Attributes
    ----------
    folder : pathlib.Path
    title : str
    files : int
    bytes : int
        Of all files together.
    counts : mapping of str to int
        Roles, skills, certifications and so on that the site shows.
    seconds : float
    """

    folder: Path
    title: str
    files: int
    bytes: int
    counts: Mapping[str, int]
    seconds: float = 0.0

    @property
    def index(self) -> Path:
        """The page to open."""
        return self.folder / "index.html"

    def __str__(self) -> str:
        """What was written, and how to look at it."""
        counts = ", ".join(f"{n:,} {what}" for what, n in self.counts.items() if n)
        return (
            f"wrote {self.title!r} to {self.folder}: {self.files:,} files, {_size(self.bytes)}\n"
            f"   {counts}\n"
            f"   open {self.index}\n"
            f"   or serve it: python -m http.server --directory {self.folder}"
        )

    __repr__ = __str__


def _size(number: int) -> str:
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{number / 1e3:.0f} kB"


def write(
    graph: Any,
    out: str | PathLike[str],
    *,
    title: str | None = None,
    progress: bool | Progress = True,
    answers: float = 5.0,
) -> Site:
    """Write a graph as a static web site.

    Parameters
    ----------
    graph : RoleGraph
        Any: the article, with files of your own, or a store on disk.
    out : str or path
        Folder of the site: a new one, an empty one, or that of an earlier site, which is replaced
        whole. What stands in its place until then stays there.
    title : str, optional
        Name of the site; told from the sources when not given.
    progress : bool or callable
        Show on the error stream how far it has got, if somebody is looking; or tell a function.
    answers : float
        Seconds for each competency question. What takes longer is said to have no answer here.

    Returns
    -------
    Site

    Raises
    ------
    SiteError
        If something else is in the folder's place.
    ExtraMissingError
        If a package of the extra ``store`` is missing.
    ValueError
        If the graph was loaded with ``reason=False``.
    OSError
        If it cannot be written. Nothing is half-written then.

    Notes
    -----
    What is computed for the browser are the demands, bit for bit as the planner has them, so that
    a plan made there has the figures of :meth:`rolegraph.RoleGraph.plan`.

    Examples
    --------
    >>> import rolegraph as rg, tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     site = write(rg.load(), Path(folder, "careers"), title="Careers")
    ...     site.index.is_file(), site.counts["roles"]
    (True, 11)
    """
    began = time.perf_counter()
    folder = Path(out)
    check(folder)
    if not graph._reason:
        raise ValueError("a site shows the closure: load the graph with reason=True")
    with _shown(progress) as say:
        say("reading roles and steps", 0, None)
        n = data.number(graph)
        named = title or _title(n)
        marker: dict[str, Any] = {}
        with replaced(folder, marker) as work:
            core = _data(graph, n, named, work / "assets" / "data", say)
            _assets(work)
            say("pages", 0, None)
            made = pages.pages(graph, n, core, answers, say)
            for name, text in made.items():
                (work / name).write_text(text, encoding="utf-8")
            found = sorted(p for p in work.rglob("*") if p.is_file())
            size = sum(p.stat().st_size for p in found)
            marker |= {
                "title": named, "version": __version__, "generated": core["generated"],
                "counts": core["sizes"],
                "files": [p.relative_to(work).as_posix() for p in found],
            }  # fmt: skip
    counts = MappingProxyType(dict(core["sizes"]))
    seconds = round(time.perf_counter() - began, 2)
    return Site(folder, named, len(found) + 1, size + (folder / MARKER).stat().st_size, counts,
                seconds)  # fmt: skip


def _title(n: data.Numbers) -> str:
    """Name a site after what its roles come from."""
    from collections import Counter

    counted = Counter(r.source for r in n.roles if r.source)
    titles = {str(s["name"]): str(s["title"]) for s in n.sources}
    some = [titles.get(name, name) for name, _ in counted.most_common(3)]
    return "Career routes" if not some else "Career routes: " + ", ".join(some)


def _data(graph: Any, n: data.Numbers, title: str, folder: Path, say: cards.Say) -> dict[str, Any]:
    (folder / "cards").mkdir(parents=True)
    say("evidence of demands", 0, None)
    asked = cards.demands(graph)
    files = data.plain_data(graph, n, title, cards.kinds_of(asked))
    keys: set[str] = set()
    for name, block in cards.cards(graph, n, asked, say):
        keys |= cards.keys_of(block)
        _put(folder, name, block)
    files["broader"]["concepts"] = [
        pair for pair in files["broader"]["concepts"] if keys.issuperset(pair)
    ]
    say("layout", 0, None)
    files["layout"] = data.layout(n)
    for name, content in files.items():
        _put(folder, name, content)
    return files["core"]


def _put(folder: Path, name: str, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    # a script must not end early, nor a line end where only JavaScript sees one
    for char in "<\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    call = f"rolegraphData({json.dumps(name)},{text});\n"
    (folder / f"{name}.js").write_text(call, encoding="utf-8")


def _assets(work: Path) -> None:
    for source, place in frame.assets():
        target = work / "assets" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())


def _silent(stage: str, done: int, total: int | None = None) -> None:
    pass


@contextmanager
def _shown(progress: bool | Progress) -> Iterator[cards.Say]:
    """Give what is told how far it has got."""
    if callable(progress):
        yield progress
        return
    if not progress or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(), console=Console(stderr=True), transient=True,
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}

    def say(stage: str, done: int, total: int | None = None) -> None:
        if stage not in tasks:
            for old in tasks.values():
                bars.update(old, visible=False)
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done, total=total)

    with bars:
        yield say
