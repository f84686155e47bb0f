"""Two roles side by side, with what they share in the middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rolegraph.pictures._canvas import SMALL, TEXT, Canvas, leading
from rolegraph.pictures._data import Mark
from rolegraph.pictures._marks import HIGH, draw, kinds, laid, said, shown
from rolegraph.pictures._picture import Picture, dot_text, mermaid_text
from rolegraph.pictures._type import cut, measure, wrap

__all__ = ["Aspect", "Sides"]

_THREE: Final = 560
"""From this width on there are three columns."""
_MOST: Final = 8
"""Labels of an aspect in a column; more where there are few aspects."""
_FEW: Final = 5
"""The same where the groups stand below each other."""
_APART: Final = 4
_WIDEST: Final = 420
"""Greatest width of a column, in pixels."""
Cell: TypeAlias = tuple[list[tuple[Mark, list[tuple[str, str]]]], int]
"""The marks of a cell, each with its lines, and how many are left out."""
_ONLY: Final = '"only" means: not stated of the other role by any source.'


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect of two roles, such as their skills.

    Attributes
    ----------
    name : str
    shared, only_left, only_right : tuple of Mark
        The first ones are drawn, where there are too many.
    near : tuple of (str, str)
        Labels of the left and of the right role of which one is the broader wording.
    """

    name: str
    shared: tuple[Mark, ...]
    only_left: tuple[Mark, ...]
    only_right: tuple[Mark, ...]
    near: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[tuple[Mark, ...], ...]:
        """What is only left, shared, and only right."""
        return self.only_left, self.shared, self.only_right


@dataclass(frozen=True, slots=True, repr=False)
class Sides(Picture):
    """Two roles as sheets that overlap: in the middle lies what both are stated to have.

    In a narrow picture the three groups of an aspect stand below each other.

    Attributes
    ----------
    title, left, right : str
        The two roles by their labels.
    rows : tuple of Aspect
        Those of which nothing is stated are left out.
    relations : tuple of str
        What sources say of the pair itself.
    note : str

    Examples
    --------
    >>> sides = Sides("Tester and Analyst", "Tester", "Analyst", (
    ...     Aspect("skills", (Mark("Curiosity", "stated"),), (Mark("Scripting", "stated"),), ()),
    ... ))
    >>> print(sides.alt)
    Tester and Analyst
    skills, both (1): Curiosity (stated).
    skills, only Tester (1): Scripting (stated).
    "only" means: not stated of the other role by any source.
    """

    # with less room the three groups of an aspect stand below each other
    notebook_width = 640

    title: str
    left: str
    right: str
    rows: tuple[Aspect, ...]
    relations: tuple[str, ...] = ()
    note: str = ""

    @property
    def alt(self) -> str:
        """All that is shared and not, group by group."""
        lines = [self.title, *self.relations]
        for row in self._stated:
            lines += [f"{row.name}, {head} ({len(marks)}): {said(marks)}."
                      for head, marks in self._groups(row)]  # fmt: skip
            if row.near:
                pairs = "; ".join(f"{a} and {b}" for a, b in row.near)
                lines.append(f"{row.name}, one the broader wording of the other: {pairs}.")
        return "\n".join([*lines, _ONLY, *([self.note] if self.note else [])])

    @property
    def _stated(self) -> list[Aspect]:
        return [row for row in self.rows if any(row.columns)]

    def _most(self, usual: int) -> int:
        """Give how many labels a group may have: three times the usual for one aspect."""
        return max(usual, 3 * usual // max(1, len(self._stated)))

    def _groups(self, row: Aspect) -> Iterator[tuple[str, tuple[Mark, ...]]]:
        """Give what there is with its head, the shared first."""
        named = (("both", row.shared), (f"only {self.left}", row.only_left),
                 (f"only {self.right}", row.only_right))  # fmt: skip
        return ((head, marks) for head, marks in named if marks)

    def _boxes(self) -> Iterator[tuple[str, list[str]]]:
        """Give the three columns as text: a head, and a line for each aspect."""
        heads = (f"only {self.left}", "both", f"only {self.right}")
        for i, head in enumerate(heads):
            lines = []
            for row in self._stated:
                if marks := row.columns[i]:
                    listed, more = shown(marks, _MOST)
                    rest = f"; and {more} more" if more else ""
                    lines.append(f"{row.name} ({len(marks)}): {said(listed)}{rest}")
            yield head, lines

    def mermaid(self) -> str:
        """Give three boxes, with a node for each aspect in them."""
        lines = ["flowchart LR"]
        for i, (head, texts) in enumerate(self._boxes()):
            lines += [f"  subgraph g{i}[{mermaid_text(head)}]", "    direction TB"]
            lines += [f"    g{i}n{k}[{mermaid_text(text)}]" for k, text in enumerate(texts)] or [
                f"    g{i}n0[{mermaid_text('nothing stated')}]"
            ]
            chain = " ~~~ ".join(f"g{i}n{k}" for k in range(len(texts)))
            lines += [*([f"    {chain}"] if len(texts) > 1 else []), "  end"]
        lines += ["  g0 ~~~ g1 ~~~ g2", f"  note[{mermaid_text(_ONLY)}]"]
        return "\n".join(lines) + "\n"

    def dot(self) -> str:
        """Give three boxes, with a node for each aspect in them."""
        lines = ["digraph sides {", "  rankdir=LR;", "  node [shape=box, style=rounded];",
                 f"  label={dot_text(self.title + chr(10) + _ONLY)};"]  # fmt: skip
        for i, (head, texts) in enumerate(self._boxes()):
            lines += [f"  subgraph cluster_{i} {{", f"    label={dot_text(head)};"]
            lines += [
                f"    g{i}n{k} [label={dot_text(chr(10).join(wrap(text, 320)))}];"
                for k, text in enumerate(texts or ["nothing stated"])
            ]
            lines.append("  }")
        lines += ["  g0n0 -> g1n0 -> g2n0 [style=invis];", "}", ""]
        return "\n".join(lines)

    # ------------------------------------------------------------------ drawing

    def _draw(self, width: int) -> str:
        canvas, pad = Canvas(width), 16 if width < _THREE else 24
        room = width - 2 * pad
        y = canvas.lines(pad, pad, self.title, min(room, 900), bold=True) + 2
        for line in self.relations:
            y = canvas.lines(pad, y, line, min(room, 900), size=SMALL, colour="soft") + 2
        y += 10
        y = self._columns(canvas, pad, y, room) if width >= _THREE else (
            self._stacked(canvas, pad, y, room))  # fmt: skip
        y = canvas.legend(pad, y + 12, room, kinds(*(m for row in self.rows for m in row.columns)))
        for line in (_ONLY, *([self.note] if self.note else [])):
            y = canvas.lines(pad, y + 4, line, min(room, 720), size=SMALL, colour="soft")
        return canvas.svg(y + pad - 4, self.title, self.alt)

    def _columns(self, canvas: Canvas, x: float, y: float, room: float) -> float:
        """Draw two sheets that overlap."""
        inner, gap = 14, 0
        wide = min(_WIDEST, room / 3)
        lefts = [x + i * (wide + gap) for i in range(3)]
        space = wide - 2 * inner
        totals = [sum(len(row.columns[i]) for row in self._stated) for i in range(3)]
        heads = [wrap(head, space, TEXT, True, most=3)
                 for head in (f"Only {self.left}", "Both", f"Only {self.right}")]  # fmt: skip
        top = y
        below = top + 10 + HIGH * max(map(len, heads)) + leading(SMALL) + 8
        most = self._most(_MOST)
        rows = [(row, [_laid(marks, space, most) for marks in row.columns]) for row in self._stated]
        bottom = below + sum(_strip(row, space) + _high(cells, row, space)
                             for row, cells in rows) + 4  # fmt: skip
        # the sheets: what both cover is the middle
        canvas.rect(lefts[1], top, wide, bottom - top, fill="tint", radius=0)
        canvas.rect(lefts[0], top, 2 * wide, bottom - top, stroke="soft", radius=8, thick=1.5)
        canvas.rect(lefts[1], top, 2 * wide, bottom - top, stroke="soft", radius=8, thick=1.5)
        for left, lines, total in zip(lefts, heads, totals, strict=True):
            after = canvas.lines(left + inner, top + 10, lines, space, bold=True)
            canvas.text(left + inner, after + SMALL, f"{total} in all", size=SMALL, colour="soft")
        y = below
        for row, cells in rows:
            canvas.line(lefts[0], y, lefts[2] + wide, y)
            tall = _strip(row, space)
            numbers = [len(marks) for marks in row.columns]
            name = wrap(row.name, space - 30, SMALL, True, most=3)
            canvas.lines(lefts[0] + inner, y + 8, name, space, size=SMALL, bold=True)
            for left, total in zip(lefts, numbers, strict=True):
                canvas.text(left + wide - inner, y + 8 + SMALL, str(total),
                            size=SMALL, colour="soft", anchor="end")  # fmt: skip
            y += tall
            for left, (cell, more) in zip(lefts, cells, strict=True):
                at = y
                for mark, broken in cell:
                    at = draw(canvas, left + inner, at, mark, broken) + 4
                if more:
                    canvas.text(left + inner, at + TEXT, f"and {more} more", colour="soft")
            middle = _cell(cells[1])
            _near(canvas, lefts[1] + inner, y + middle + (6 if middle else 0), row, space)
            y += _high(cells, row, space)
        return bottom

    def _stacked(self, canvas: Canvas, x: float, y: float, room: float) -> float:
        """Draw the aspects below each other, in each the three groups."""
        most = self._most(_FEW)
        for row in self._stated:
            canvas.line(x, y, x + room, y)
            y = canvas.lines(x, y + 10, row.name, room, bold=True) + 4
            for head, marks in self._groups(row):
                listed, more = _laid(marks, room - 20, most)
                total = f" {len(marks)}"
                words = cut(head, room - 20 - measure(total, SMALL, True), SMALL, True) + total
                tall = leading(SMALL) + 6 + sum(len(lines) * HIGH + 4 for _, lines in listed)
                tall += HIGH if more else 0
                if head == "both":
                    canvas.rect(x, y, room, tall + 10, fill="tint", radius=6)
                else:
                    canvas.rect(x, y, room, tall + 10, stroke="line", radius=6)
                at = canvas.lines(x + 10, y + 6, [words], room, size=SMALL, bold=True) + 5
                for mark, lines in listed:
                    at = draw(canvas, x + 10, at, mark, lines) + 4
                if more:
                    canvas.text(x + 10, at + TEXT, f"and {more} more", colour="soft")
                y += tall + 10 + 6
            y = _near(canvas, x, y, row, room) + 4
        return y


def _laid(marks: Sequence[Mark], room: float, most: int) -> Cell:
    """Lay out the labels of a cell; with them goes how many are left out."""
    listed, more = shown(marks, most)
    return [(mark, laid(mark, room)) for mark in listed], more


def _cell(cell: Cell) -> float:
    listed, more = cell
    return sum(len(lines) * HIGH + 4 for _, lines in listed) + (HIGH if more else 0)


def _strip(row: Aspect, space: float) -> float:
    """Height of the head of a band."""
    return 8 + leading(SMALL) * len(wrap(row.name, space - 30, SMALL, True, most=3)) + 5


def _pairs(row: Aspect, room: float) -> list[list[str]]:
    """Say which labels come near each other, in paragraphs of broken lines."""
    pairs = list({frozenset(pair): pair for pair in row.near}.values())
    listed, more = shown(pairs, 3)
    texts = [f"{a} ~ {b}" for a, b in listed] + ([f"and {more} more"] if more else [])
    head = wrap("One the broader wording of the other:", room, SMALL)
    return [head, *(wrap(text, room, SMALL, most=4) for text in texts)] if texts else []


def _near(canvas: Canvas, x: float, y: float, row: Aspect, room: float) -> float:
    for lines in _pairs(row, room):
        y = canvas.lines(x, y, lines, room, size=SMALL, colour="soft") + _APART
    return y


def _high(cells: Sequence[Cell], row: Aspect, room: float) -> float:
    """Height of a band below its head."""
    near = sum(len(lines) * leading(SMALL) + _APART for lines in _pairs(row, room))
    left, middle, right = map(_cell, cells)
    return max(left, middle + near + (6 if near and middle else 0), right) + 6
