"""What tests of pictures with transitions look for: no line runs through a word."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from tests.drawing import words

__all__ = ["ends", "lines_miss_words", "points"]

_SVG = "{http://www.w3.org/2000/svg}"
_PARTS = re.compile(r"([MLHVCZ])([^MLHVCZ]*)")


def points(d: str, step: int = 24) -> Iterator[tuple[float, float]]:
    """Walk along a path of lines and curves."""
    x = y = 0.0
    for letter, rest in _PARTS.findall(d):
        n = [float(value) for value in rest.split()]
        if letter == "Z":
            continue
        tx = x if letter == "V" else n[0] if letter == "H" else n[-2]
        ty = y if letter == "H" else n[-1]
        for i in range(step + 1):
            t = i / step
            if letter == "C":
                u = 1 - t
                yield tuple(  # type: ignore[misc]
                    u**3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t**3 * e
                    for a, b, c, e in ((x, n[0], n[2], tx), (y, n[1], n[3], ty))
                )
            elif letter != "M":
                yield x + (tx - x) * t, y + (ty - y) * t
        x, y = tx, ty


def ends(d: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give the first and the last point of a path."""
    walked = list(points(d))
    return walked[0], walked[-1]


def lines_miss_words(svg: str) -> None:
    """Hold that no line and no arrow touches a word, other than in a small pill on the line."""
    root = ET.fromstring(svg)
    wide, high = float(root.get("width", "0")), float(root.get("height", "0"))
    pills = [
        [float(e.get(name, "0")) for name in ("x", "y", "width", "height")]
        for e in root.iter(f"{_SVG}rect")
        if e.get("rx") == "8" and float(e.get("height", "0")) == 16
    ]
    free = [
        w
        for w in words(svg)
        if not any(x <= w.left and w.right <= x + b and y <= w.top and w.bottom <= y + h
                   for x, y, b, h in pills)
    ]  # fmt: skip
    for e in root.iter(f"{_SVG}path"):
        half = float(e.get("stroke-width", "0")) / 2
        for x, y in points(e.get("d", "")):
            assert half <= x <= wide - half, f"a line leaves the picture at {x}, {y}"
            assert half <= y <= high - half, f"a line leaves the picture at {x}, {y}"
            for w in free:
                apart = x + half <= w.left or x - half >= w.right
                apart = apart or y + half <= w.top or y - half >= w.bottom
                assert apart, f"a line runs through {w} at {x}, {y}"
