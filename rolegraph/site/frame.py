"""What the pages share: escaping, the frame around them, tables, and the files that go along."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rolegraph._version import __version__
from rolegraph.bidi import apart
from rolegraph.errors import ResourceMissingError

__all__ = ["assets", "esc", "label", "link", "page", "shell", "table", "tag"]

_WEB = Path(__file__).resolve().parent.parent / "web"
_PAGES = (
    ("index.html", "Explore"),
    ("roles.html", "Roles"),
    ("questions.html", "Questions"),
    ("ontology.html", "Ontology"),
    ("sources.html", "Sources"),
)
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SAFE = re.compile(r"(https?|mailto):", re.IGNORECASE)
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'"


def esc(text: object) -> str:
    """Escape a text for HTML, in content and in attributes; what HTML forbids becomes U+FFFD."""
    return html.escape(_CONTROL.sub("\ufffd", str(text)), quote=True)


def label(text: object) -> str:
    """Escape a text for content; names from right to left keep their place (``bidi.apart``)."""
    return apart(str(text), esc)


def link(text: str, href: str) -> str:
    """Make a link out of the site, or give the text alone where the address is no web address."""
    if not _SAFE.match(href):
        return label(text)
    return f'<a href="{esc(href)}" rel="external">{label(text)}</a>'


def tag(kind: str) -> str:
    """Make the mark of a kind of evidence."""
    return f'<span class="tag tag-{esc(kind)}">{esc(kind)}</span>'


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    numeric: frozenset[int] = frozenset(),
    heads: bool = False,
) -> str:
    """Make a table of cells that are HTML already.

    Parameters
    ----------
    columns : sequence of str
        Plain text.
    rows : sequence of sequence of str
    caption : str
        Says what the table holds; for those who do not see it, too.
    numeric : frozenset of int
        Columns of numbers.
    heads : bool
        Whether the first cell of a row names it.
    """

    def cell(i: int, text: str) -> str:
        shape = ' class="num"' if i in numeric else ""
        if heads and i == 0:
            return f'<th scope="row"{shape}>{text}</th>'
        return f"<td{shape}>{text}</td>"

    top = "".join(
        f'<th scope="col"{" class=" + chr(34) + "num" + chr(34) if i in numeric else ""}>'
        f"{esc(c)}</th>"
        for i, c in enumerate(columns)
    )
    body = "\n".join(
        "<tr>" + "".join(cell(i, text) for i, text in enumerate(row)) + "</tr>" for row in rows
    )
    return (
        f'<div class="wide" role="region" aria-label="{esc(caption)}" tabindex="0"><table>'
        f"<caption>{esc(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def page(site: str, name: str, title: str, body: str, *, generated: str) -> str:
    """Put a page that needs no scripts into its frame.

    Parameters
    ----------
    site : str
        Name of the site.
    name : str
        Of the page's file.
    title : str
    body : str
        HTML that goes below the first heading.
    generated : str
        Date.
    """

    def item(file: str, text: str) -> str:
        here = ' aria-current="page"' if file == name else ""
        return f'<li><a href="{file}"{here}>{text}</a></li>'

    nav = "".join(item(*p) for p in _PAGES)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{esc(_POLICY)}">
<meta name="generator" content="rolegraph {esc(__version__)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
<title>{esc(title)} · {esc(site)}</title>
{_styles()}
</head>
<body class="static">
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<a class="brand" href="index.html">{label(site)}</a>
<nav aria-label="Site"><ul>{nav}</ul></nav>
</header>
<main id="main">
<h1>{esc(title)}</h1>
{body}
</main>
<footer><p>Written by <span class="nowrap">rolegraph {esc(__version__)}</span> on {esc(generated)}.
<a href="sources.html">Sources and licences</a></p></footer>
</body>
</html>
"""


def _styles() -> str:
    names = [n for n in ("tokens.css", "site.css") if any(p == n for _, p in assets())]
    return "\n".join(f'<link rel="stylesheet" href="assets/{n}">' for n in names)


def shell(values: Mapping[str, object]) -> str:
    """Fill the template of ``index.html``: ``{{title}}`` and so on, each escaped.

    Raises
    ------
    ResourceMissingError
        If the template does not ship, or asks for a value that there is not.
    """
    path = _WEB / "site" / "index.html"
    if not path.is_file():
        raise ResourceMissingError(f"the template of the site is missing: {path}")

    def filled(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise ResourceMissingError(
                f"{path.name} asks for {match[0]}; known are {', '.join(values)}"
            )
        return esc(values[match[1]])

    return _PLACE.sub(filled, path.read_text(encoding="utf-8"))


def assets() -> Iterator[tuple[Path, str]]:
    """Give the files that a site takes along, and their places below ``assets``."""
    site, vendor = _WEB / "site", _WEB / "vendor"
    for name in ("tokens.css", "explore.css", "explore.js"):
        if (_WEB / name).is_file():
            yield _WEB / name, name
    if not site.is_dir():
        return
    for path in sorted(site.rglob("*")):
        place = path.relative_to(site).as_posix()
        if path.is_file() and place not in ("index.html", "vendor.txt") and path.name[0] != ".":
            yield path, place
    listed = site / "vendor.txt"
    if listed.is_file():
        for line in listed.read_text(encoding="utf-8").splitlines():
            name = line.split("#")[0].strip()
            if name:
                if not (vendor / name).is_file():
                    raise ResourceMissingError(f"{listed.name} names {name}: not in {vendor}")
                yield vendor / name, f"vendor/{name}"
