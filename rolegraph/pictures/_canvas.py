"""A sheet to draw on, which becomes an SVG that stands for itself.

Every colour is written twice: as an attribute, for programs that know nothing of styles, and as a
class that a reader's wish for a dark page changes. No picture needs a script, a font file or
anything from elsewhere, so it can be a file, an image in a page, or a part of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from rolegraph.bidi import apart
from rolegraph.pictures._type import FONT, cut, measure, wrap

__all__ = [
    "DASHES",
    "KINDS",
    "LEAST_WIDTH",
    "PALETTE",
    "SMALL",
    "TEXT",
    "Canvas",
    "legal",
    "number",
]

TEXT: Final = 14
"""Size of text in pixels."""
SMALL: Final = 12
"""Size of small text in pixels; no text is smaller."""
LEAST_WIDTH: Final = 280
"""Least width of a picture in pixels."""

KINDS: Final = ("stated", "curated", "imported", "observed", "inferred")
PALETTE: Final = {
    "ink": ("#1b1f26", "#eef1f5"),
    "soft": ("#59626e", "#aab3bf"),
    "line": ("#c3c9d2", "#4a525d"),
    "card": ("#ffffff", "#1b1f26"),
    "tint": ("#f0f2f5", "#272d36"),
    "stated": ("#0064a8", "#3f9fe0"),
    "curated": ("#b8500a", "#f0b030"),
    "imported": ("#00795a", "#14a87c"),
    "observed": ("#8e2f72", "#f2a3cd"),
    "inferred": ("#6c727b", "#d2d6dc"),
}
"""Colours by name: on a light page and on a dark one. The last five are the kinds of evidence."""
DASHES: Final = {
    "stated": "", "curated": "11 4", "imported": "10 4 2 4", "observed": "2 4", "inferred": "5 4",
}  # fmt: skip
"""Dashes of the kinds of evidence, so that no kind is told by its colour alone."""
_RTL: Final = ('<tspan unicode-bidi="plaintext">', "</tspan>")
"""Around a name from right to left, which keeps its side of an arrow or a number so."""
_SHORT: Final = {
    "stated": "", "curated": "6 2", "imported": "5 3 2 3", "observed": "1.5 3", "inferred": "4 3",
}  # fmt: skip
"""The same for a mark that is as high as a line of text."""


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def number(value: float) -> str:
    """Write a coordinate, with one decimal at most.

    >>> number(3.04), number(2.96), number(-0.01)
    ('3', '3', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _style() -> str:
    rules = "".join(
        f".rg-picture .f-{name}{{fill:{dark}}}.rg-picture .s-{name}{{stroke:{dark}}}"
        for name, (_, dark) in PALETTE.items()
    )
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"


_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    r"""Put the sign for an unknown character in place of those that XML cannot hold.

    >>> ascii(legal("a\x00b"))
    "'a\\ufffdb'"
    """
    return _ILLEGAL.sub("\ufffd", text)


class Canvas:
    """A sheet of a fixed width that grows downwards.

    Parameters
    ----------
    width : int
        In pixels.

    Notes
    -----
    What is drawn later lies on top. Colours are names of :data:`PALETTE`. The methods that write
    text give the y below it, so that what follows can stand there.
    """

    __slots__ = ("_parts", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self._parts: list[str] = []

    def _add(self, tag: str, fill: str = "", stroke: str = "", inner: str = "", **values: object
             ) -> None:  # fmt: skip
        """Write an element; ``_`` in the name of an attribute stands for ``-``."""
        classes = [f"f-{fill}"] * bool(fill) + [f"s-{stroke}"] * bool(stroke)
        given = {
            "class": " ".join(classes),
            **({} if tag == "text" and not stroke else {"stroke": stroke and PALETTE[stroke][0]}),
            "fill": PALETTE[fill][0] if fill else "none",
            **values,
        }
        written = "".join(
            f' {name.replace("_", "-")}="{number(v) if isinstance(v, int | float) else escape(str(v))}"'  # noqa: E501
            for name, v in given.items()
            if v != "" and v is not None
        )
        self._parts.append(f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>")

    def text(
        self, x: float, y: float, text: str, *, size: float = TEXT, bold: bool = False,
        colour: str = "ink", anchor: str = "start",
    ) -> None:  # fmt: skip
        """Write one line, as it is, with its baseline at y; ``anchor`` as in SVG."""
        self._add(
            "text", fill=colour, inner=apart(legal(text), _escaped, _RTL), x=x, y=y, font_size=size,
            font_weight="bold" if bold else "",
            text_anchor="" if anchor == "start" else anchor,
        )  # fmt: skip

    def lines(
        self, x: float, y: float, text: str | Sequence[str], room: float, *, size: float = TEXT,
        bold: bool = False, colour: str = "ink", anchor: str = "start", most: int = 0,
    ) -> float:  # fmt: skip
        """Write text from the top y downwards, broken into lines of at most `room` pixels.

        A sequence is taken for lines that are broken already. ``most`` as in :func:`._type.wrap`.
        """
        broken = wrap(text, room, size, bold, most) if isinstance(text, str) else text
        for line in broken:
            self.text(x, y + size, line, size=size, bold=bold, colour=colour, anchor=anchor)
            y += leading(size)
        return y

    def rect(
        self, x: float, y: float, width: float, height: float, *, fill: str = "", stroke: str = "",
        radius: float = 6, thick: float = 1, dash: str = "",
    ) -> None:  # fmt: skip
        """Draw a rectangle with rounded corners."""
        self._add("rect", fill, stroke, x=x, y=y, width=width, height=height, rx=radius,
                  stroke_width=thick if stroke else "", stroke_dasharray=dash)  # fmt: skip

    def circle(
        self, x: float, y: float, radius: float, *, fill: str = "card", stroke: str = "ink",
        thick: float = 2,
    ) -> None:  # fmt: skip
        """Draw a circle."""
        self._add("circle", fill, stroke, cx=x, cy=y, r=radius,
                  stroke_width=thick if stroke else "")  # fmt: skip

    def path(
        self, d: str, *, stroke: str = "", fill: str = "", thick: float = 2, dash: str = ""
    ) -> None:
        """Draw a path, given as SVG writes it."""
        self._add("path", fill, stroke, d=d, stroke_width=thick if stroke else "",
                  stroke_dasharray=dash, stroke_linejoin="round" if stroke else "")  # fmt: skip

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = "line",
        thick: float = 1, dash: str = "",
    ) -> None:  # fmt: skip
        """Draw a straight line."""
        self.path(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}",
                  stroke=stroke, thick=thick, dash=dash)  # fmt: skip

    def arrowhead(self, x: float, y: float, towards: str, *, fill: str, size: float = 9) -> None:
        """Draw a filled tip at (x, y) that points up, down, left or right."""
        s, h = size, size * 0.55
        corners = {"right": ((-s, -h), (-s, h)), "left": ((s, -h), (s, h)),
                   "down": ((-h, -s), (h, -s)), "up": ((-h, s), (h, s))}[towards]  # fmt: skip
        points = "L".join(f"{number(x + a)} {number(y + b)}" for a, b in ((0, 0), *corners))
        self.path(f"M{points}Z", fill=fill)

    def tags(self, x: float, y: float, words: Iterable[str], room: float) -> float:
        """Write short words in pills, as many beside each other as fit."""
        at, high = x, leading(SMALL) + 4
        for word in words:
            shown = cut(word, room - 14, SMALL)
            wide = measure(shown, SMALL) + 14
            if at > x and at + wide > x + room:
                at, y = x, y + high + 4
            self.rect(at, y, wide, high, fill="card", stroke="line", radius=high / 2)
            self.text(at + 7, y + SMALL + 2.5, shown, size=SMALL)
            at += wide + 6
        return y + high

    def legend(self, x: float, y: float, room: float, kinds: Iterable[str]) -> float:
        """Say what the marks of the kinds of evidence mean; only of those that are used."""
        wanted = set(kinds)
        used = [kind for kind in KINDS if kind in wanted]
        at, first = x, True
        for kind in used:
            wide = 34 + measure(kind, SMALL) + 16
            if not first and at + wide - 16 > x + room:
                at, y = x, y + leading(SMALL)
            first = False
            self.line(at, y + SMALL * 0.65, at + 28, y + SMALL * 0.65,
                      stroke=kind, thick=3, dash=DASHES[kind])  # fmt: skip
            self.text(at + 34, y + SMALL, kind, size=SMALL, colour="soft")
            at += wide
        return y + leading(SMALL) if used else y

    def bars(self, x: float, y: float, height: float, kinds: Iterable[str]) -> float:
        """Draw the marks of kinds of evidence upright, beside what they hold for; give the x after.

        They are the lines of :meth:`legend`, turned, with shorter dashes.
        """
        for kind in kinds:
            known = kind in _SHORT
            self.line(x + 1.5, y, x + 1.5, y + height, stroke=kind if known else "line",
                      thick=3 if known else 1, dash=_SHORT.get(kind, ""))  # fmt: skip
            x += 5
        return x

    def svg(self, height: float, title: str, alt: str) -> str:
        """Give the whole picture as SVG, on a card of its own.

        Parameters
        ----------
        height : float
            In pixels.
        title, alt : str
            What it shows in a few words, and all that is to be seen in words.
        """
        title, alt = legal(title), legal(alt)
        w, h = self.width, int(height + 0.999)
        ink, line = PALETTE["ink"][0], PALETTE["line"][0]
        card = (
            f'<rect class="f-card s-line" fill="{PALETTE["card"][0]}" stroke="{line}" x="0.5" '
            f'y="0.5" width="{w - 1}" height="{h - 1}" rx="8"/>'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="rg-picture" role="img" '
            f'aria-label="{escape(title)}" width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
            f'font-family="{escape(FONT)}" fill="{ink}">'
            f"<title>{escape(title, quote=False)}</title><desc>{escape(alt, quote=False)}</desc>"
            f"{_style()}{card}{''.join(self._parts)}</svg>\n"
        )


def leading(size: float) -> float:
    """Distance of two lines of text, in pixels."""
    return round(size * 1.35, 1)
