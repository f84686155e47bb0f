"""What tests of pictures look for in a drawing: nothing lies on anything else, or outside."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import strategies as st

from rolegraph.pictures._canvas import KINDS
from rolegraph.pictures._picture import Picture
from rolegraph.pictures._type import measure

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["FONTS", "LABELS", "Words", "check", "check_in_browser", "dot_accepts", "words"]

FONTS = ("DejaVu Sans", "Liberation Sans")
NASTY = ["", "<b>&\"'</b>", "🙂 emoji 👩‍💻", "مدير المشروع", "x" * 300, "a b " * 75, "]] --> end"]
LABELS = st.one_of(
    st.sampled_from(["Negotiation", "Budget management", "Complete the project on time", "PMP"]),
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60),
)
_SVG = "{http://www.w3.org/2000/svg}"


class Words(NamedTuple):
    """A line of text with the box that it is measured to have."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(svg: str) -> list[Words]:
    """Read the lines of text in a drawing."""
    out = []
    for e in ET.fromstring(svg).iter(f"{_SVG}text"):
        text, size = "".join(e.itertext()), float(e.get("font-size", "14"))
        if not text.strip():
            continue
        wide = measure(text, size, e.get("font-weight") == "bold")
        x, y = float(e.get("x", "0")), float(e.get("y", "0"))
        x -= {"middle": wide / 2, "end": wide}.get(e.get("text-anchor", ""), 0)
        out.append(Words(text, x, y - 0.78 * size, x + wide, y + 0.22 * size))
    return out


def check(svg: str) -> None:
    """Hold a drawing against its width: all text inside, none on another or on a mark."""
    root = ET.fromstring(svg)
    wide, high = float(root.get("width", "0")), float(root.get("height", "0"))
    texts = sorted(words(svg), key=lambda w: w.top)
    for i, a in enumerate(texts):
        assert min(a.left, a.top) >= 3, f"{a} leaves the picture"
        assert max(a.right - wide, a.bottom - high) <= -3, f"{a} leaves {wide} x {high}"
        for b in texts[i + 1 :]:
            if b.top >= a.bottom - 0.5:
                break
            assert a.right <= b.left + 0.5 or b.right <= a.left + 0.5, f"{a} lies on {b}"
    for e in root.iter(f"{_SVG}circle"):
        x, y, r = (float(e.get(name, "0")) for name in ("cx", "cy", "r"))
        assert r <= x <= wide - r, f"a circle leaves the picture at {x}"
        assert r <= y <= high - r, f"a circle leaves the picture at {y}"
        for w in texts:
            if math.hypot((w.left + w.right) / 2 - x, (w.top + w.bottom) / 2 - y) < 3 and r > 8:
                assert w.right - w.left < 2 * r, f"{w} is wider than its disc"
                continue
            dx, dy = max(w.left - x, 0, x - w.right), max(w.top - y, 0, y - w.bottom)
            assert math.hypot(dx, dy) >= r - 0.5, f"{w} lies on a circle at {x}, {y}"
    for e in root.iter(f"{_SVG}rect"):
        x, y, w_, h_ = (float(e.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert min(x, y) >= 0, "a box leaves the picture"
        assert max(x + w_ - wide, y + h_ - high) <= 0, "a box leaves the picture"
        for w in texts:
            apart = w.right <= x or w.left >= x + w_ or w.bottom <= y or w.top >= y + h_
            inside = w.left >= x and w.right <= x + w_ and w.top >= y and w.bottom <= y + h_
            assert apart or inside, f"{w} crosses the edge of a box at {x}, {y}, {w_} x {h_}"
    for e in root.iter(f"{_SVG}path"):
        ends = re.fullmatch(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", e.get("d", ""))
        if ends and e.get("class") in {f"s-{kind}" for kind in KINDS}:
            x, y, p, q = map(float, ends.groups())
            half = float(e.get("stroke-width", "1")) / 2
            wide_, high_ = (0.0, half) if y == q else (half, 0.0)
            for w in texts:
                apart = w.right <= min(x, p) - wide_ or w.left >= max(x, p) + wide_
                apart = apart or w.bottom <= min(y, q) - high_ or w.top >= max(y, q) + high_
                assert apart, f"{w} lies on the mark of {e.get('class')}"


_BOXES = """() => [...document.querySelectorAll('svg text')].filter(t => t.textContent.trim())
  .map(t => { const b = t.getBBox(); return [t.textContent, b.x, b.y, b.width, b.height] })"""


def check_in_browser(page: Page, picture: Picture) -> None:
    """Measure a picture in Chromium, at three widths and with two fonts."""
    for width in (320, 768, 1280):
        for font in FONTS:
            style = f"<style>svg text{{font-family:'{font}'}}</style>"
            page.set_content(style + picture.svg(width))
            high = page.evaluate("() => document.querySelector('svg').height.baseVal.value")
            boxes = page.evaluate(_BOXES)
            assert len(boxes) > 3
            for i, (a, x, y, w, h) in enumerate(boxes):
                assert min(x, y) >= 0, f"{a!r} leaves the picture"
                assert max(x + w - width, y + h - high) <= 0, f"{a!r} leaves the picture"
                for b, p, q, v, k in boxes[i + 1 :]:
                    apart = x + w <= p + 0.5 or p + v <= x + 0.5
                    # boxes are as high as the font's tallest letter: 1 px of air may be shared
                    apart = apart or y + h <= q + 1 or q + k <= y + 1
                    assert apart, f"{a!r} lies on {b!r} at {width} in {font}"


def dot_accepts(text: str) -> None:
    """Let Graphviz read DOT, or skip where it is not installed."""
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed: its reading of DOT is not tested")
    run = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    ET.fromstring(run.stdout)
