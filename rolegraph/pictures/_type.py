# ruff: noqa: RUF001 - the widths are those of exactly these characters
"""How wide text is, and where its lines break, whatever common sans font draws it.

A picture is laid out here and drawn elsewhere, with a font that is not known. So widths are those
of the widest of the usual ones: the greater of DejaVu Sans (close to Verdana) and Liberation Sans
(the metrics of Arial), measured from the font files. With another font there is a little more
room, and never too little.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["FONT", "cut", "measure", "wrap"]

FONT: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

# hundredths of an em: the characters of that width
_REGULAR: Final = {
    28: "'ijl", 30: "I", 32: " ,.·‘’", 34: "/:;\\|", 36: "f", 37: "-", 40: "()[]t", 41: "!",
    42: "r", 46: '"', 50: "*J`", 52: "“”", 53: "sz", 55: "c", 56: "?L_–§", 58: "k", 59: "•",
    60: "vxy", 62: "FTaeo", 64: "$0123456789bdghnpqu{}€£", 67: "EKPSY", 69: "ABVXZ", 73: "CR",
    74: "U", 75: "N", 76: "H", 77: "D", 78: "&G", 79: "OQ", 82: "w", 84: "#+<=>^~≥≤±×", 87: "M",
    96: "%", 98: "m", 99: "W", 100: "—…→←↔©", 102: "@",
}  # fmt: skip
_BOLD: Final = {
    31: "'", 35: " ijl", 37: "/\\|", 38: ",.I·‘’", 40: ":;", 42: "-", 44: "f", 46: "!()[]",
    48: "t", 50: "`r", 53: '"*', 56: "J_–§", 59: "z", 60: "cs", 62: "?", 64: "L•", 65: "x",
    66: "vy“”", 67: "k", 68: "ae", 69: "EFTo", 70: "$0123456789€£", 72: "bdghnpqu{}", 73: "SYZ",
    74: "CP", 77: "BR", 78: "AKVX", 82: "U", 83: "DG", 84: "#+<=>HN^~≥≤±×", 85: "OQ", 88: "&",
    93: "w", 100: "@M—…→←↔©", 101: "%", 105: "m", 111: "W",
}  # fmt: skip
# Hebrew, and Arabic with the letters of Persian and Urdu: of DejaVu Sans, which has the widest, and
# of each letter the widest of the forms that it takes alone, first, between and last in a word
_REGULAR_RTL: Final = {
    25: "י", 30: "ון", 35: "זا", 45: "גנ", 50: "ء", 55: "דךכץةدذهوڈ", 60: "בלצרرزعغژڑ",
    65: "טסעףפجحخچ", 70: "אהחםמתمھ", 75: "קש", 80: "لنں", 85: "قكىيی", 90: "کگ", 95: "طظ",
    100: "بتثپٹ", 105: "ف", 125: "صض", 130: "سش",
}  # fmt: skip
_BOLD_RTL: Final = {
    30: "י", 35: "ון", 40: "ا", 45: "גז", 50: "נ", 55: "ء", 60: "דךכدذڈ", 65: "בלרةرزوژڑ",
    70: "החטםסעףפץצתعغه", 75: "אמקجحخچ", 80: "שم", 90: "لنں", 95: "قكھ", 105: "ىيکگی",
    110: "بتثطظپٹ", 120: "ف", 140: "صض", 145: "سش",
}  # fmt: skip
_WIDTHS: Final = tuple(
    {char: width / 100 for table in tables for width, chars in table.items() for char in chars}
    for tables in ((_REGULAR, _REGULAR_RTL), (_BOLD, _BOLD_RTL))
)
_UNKNOWN: Final = 1.1  # em; wider than nearly every letter of Greek and Cyrillic

_BREAK: Final = re.compile(r"(?<=[\s/–—-])(?=\S)")


@lru_cache(maxsize=4096)
def _em(char: str, bold: bool) -> float:
    known = _WIDTHS[bold]
    if char in known:
        return known[char]
    if unicodedata.combining(char):
        return 0.0
    bare = unicodedata.normalize("NFD", char)[0]
    return known.get(bare, 1.25 if bold else _UNKNOWN)


def measure(text: str, size: float = 14, bold: bool = False) -> float:
    """Give the width of a line in pixels, rather too much than too little.

    Parameters
    ----------
    text : str
    size : float
        Size of the font in pixels.
    bold : bool

    Returns
    -------
    float

    Examples
    --------
    >>> measure("ill") < measure("mmm")
    True
    """
    return size * sum(_em(char, bold) for char in text)


def _pieces(word: str, room: float, size: float, bold: bool) -> list[str]:
    """Break a word that is wider than the line."""
    out, line = [], ""
    for char in word:
        if line and measure(line + char, size, bold) > room:
            out.append(line)
            line = ""
        line += char
    return [*out, line]


def wrap(text: str, room: float, size: float = 14, bold: bool = False, most: int = 0) -> list[str]:
    """Break text into lines that fit.

    Parameters
    ----------
    text : str
        Its white space is read as single blanks.
    room : float
        Width of a line in pixels.
    size : float
        Size of the font in pixels.
    bold : bool
    most : int
        Greatest number of lines; what goes beyond is cut and ends in "…". 0 for all.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrap("Chief Operations Officer", 100)
    ['Chief', 'Operations', 'Officer']
    """
    lines, line = [], ""
    for word in _BREAK.split(" ".join(text.split())):
        if measure((line + word).rstrip(), size, bold) <= room:
            line += word
            continue
        if line:
            lines.append(line.rstrip())
        *full, line = _pieces(word, room, size, bold)
        lines += full
    lines.append(line.rstrip())
    if most and len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), room, size, bold)]
    return lines


def cut(text: str, room: float, size: float = 14, bold: bool = False) -> str:
    """Leave out the end of text that is wider than its room, and say so with "…".

    Examples
    --------
    >>> cut("Delivery Manager", 80)
    'Delivery…'
    """
    text = " ".join(text.split())
    if measure(text, size, bold) <= room:
        return text
    while text and measure(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip(" ,;:-") + "…"
