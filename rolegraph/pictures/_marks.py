"""Labels with their kind of evidence beside them, for pictures that list many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from rolegraph.pictures._canvas import DASHES, SMALL, TEXT, Canvas, leading
from rolegraph.pictures._data import Mark
from rolegraph.pictures._type import cut, measure, wrap

__all__ = ["HIGH", "draw", "inset", "kinds", "laid", "said", "shown", "wide"]

HIGH: Final = leading(TEXT)
"""Height of a line, in pixels."""
_SPACE: Final = 6

T = TypeVar("T")


def shown(items: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """Give the items to draw, and how many are left out; never just one.

    >>> shown("abcd", 3), shown("abcde", 3)
    (('abcd', 0), ('abc', 2))
    """
    return (items, 0) if len(items) <= most + 1 else (items[:most], len(items) - most)


def kinds(*groups: Iterable[Mark]) -> set[str]:
    """Give the kinds of evidence of all marks."""
    return {kind for marks in groups for mark in marks for kind in mark.kinds}


def said(marks: Iterable[Mark]) -> str:
    """Write all marks in a line, for a text alternative."""
    return "; ".join(map(str, marks))


def inset(mark: Mark) -> float:
    """Give the room that the bars of a mark take, in pixels."""
    return 5.0 * len(mark.kinds) + 5


def laid(mark: Mark, room: float, most: int = 4, bare: bool = False) -> list[tuple[str, str]]:
    """Break a mark into lines: the end of the label may have small words beside it.

    Parameters
    ----------
    mark : Mark
    room : float
        In pixels, the bars included.
    most : int
        Most lines of the label.
    bare : bool
        Leave out how it is said, because that is said elsewhere.
    """
    room -= inset(mark)
    lines = [(line, "") for line in wrap(mark.label, room, TEXT, most=most)]
    unknown = [kind for kind in mark.kinds if kind not in DASHES]
    words = ", ".join([*([] if bare or not mark.words else [mark.words]), *unknown])
    if not words:
        return lines
    last = lines[-1][0]
    if last and measure(last) + _SPACE + measure(words, SMALL) <= room:
        return [*lines[:-1], (last, words)]
    return [*lines, *(("", cut(line, room, SMALL)) for line in wrap(words, room, SMALL, most=3))]


def wide(lines: Iterable[tuple[str, str]]) -> float:
    """Give the width of a mark's lines, without the bars."""
    return max(
        measure(label) + (_SPACE if label and words else 0) + measure(words, SMALL)
        for label, words in lines
    )


def draw(canvas: Canvas, x: float, y: float, mark: Mark, lines: Sequence[tuple[str, str]]) -> float:
    """Draw a mark that is laid out, from the top y downwards; give the y below."""
    below = y + HIGH * len(lines)
    canvas.bars(x, y + 2, below - y - 3, mark.kinds)
    x += inset(mark)
    for label, words in lines:
        if label:
            canvas.text(x, y + TEXT, label)
        if words:
            at = x + (measure(label) + _SPACE if label else 0)
            canvas.text(at, y + TEXT, words, size=SMALL, colour="soft")
        y += HIGH
    return below
