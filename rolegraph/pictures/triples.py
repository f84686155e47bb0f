"""Triples as cards: what is said of each thing, with lines to the things it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from rolegraph.pictures._canvas import SMALL, TEXT, Canvas, leading, number
from rolegraph.pictures._layers import bend
from rolegraph.pictures._links import dot_graph, named
from rolegraph.pictures._picture import Picture, dot_text, mermaid_text
from rolegraph.pictures._type import measure, wrap

__all__ = ["MOST", "Triples"]

MOST: Final = 40
"""Triples that are drawn; more are counted."""

_PAD: Final = 16  # pixels between the card and what stands on it
_INSET: Final = 10  # pixels between a card's edge and its text
_LANE: Final = 9  # pixels between lines that run side by side
_STUB: Final = 20  # pixels between a card and the first lane beside it
_LEAST: Final = 196  # pixels of a card
_WIDEST: Final = 640
_DOOR: Final = 14.5  # pixels between the top of a card and where lines come to it
_LINES: Final = 3  # of a value; the rest is cut
_TYPE: Final = ("rdf:type", "a")
_CUT: Final = 80  # characters of a literal in Mermaid and DOT


class _Value(NamedTuple):
    triple: int
    text: str
    literal: bool
    leads: int  # the card it leads to, or -1


class _Card(NamedTuple):
    """What is said of one thing."""

    name: str
    types: str
    rows: tuple[tuple[str, tuple[_Value, ...]], ...]


class _Way(NamedTuple):
    """Lines to one card that run together."""

    target: int
    channel: int
    above: bool  # whether they come from above


@dataclass(frozen=True, slots=True, repr=False)
class Triples(Picture):
    """The answer to a question that asks for a graph.

    Each thing that something is said of is a card: its name, below it its types, and a row for
    each property. Where a value has a card itself, a line leads there. The first 40 triples are
    drawn, and the others counted.

    Attributes
    ----------
    title : str
    triples : tuple of (str, str, str)
        Subject, property and object as they are to be read, for example
        ``("role:delivery-manager", "skos:prefLabel", "Delivery Manager")``. Blank nodes begin
        with ``_:``.
    literals : frozenset of int
        Places in `triples` whose object is a literal.

    Examples
    --------
    >>> picture = Triples(
    ...     "Answer",
    ...     (("role:dm", "rdf:type", "rg:Role"), ("role:dm", "skos:prefLabel", "Delivery Manager")),
    ...     frozenset({1}),
    ... )
    >>> print(picture.alt)
    Answer
    role:dm rdf:type rg:Role
    role:dm skos:prefLabel "Delivery Manager"
    """

    title: str
    triples: tuple[tuple[str, str, str], ...]
    literals: frozenset[int] = frozenset()

    @property
    def alt(self) -> str:
        """All triples, one a line, those that are not drawn as well."""
        lines = [self.title] if self.title else []
        for i, (subject, name, value) in enumerate(self.triples):
            said = f'"{value}"' if i in self.literals else value
            lines.append(f"{subject} {name} {said}")
        return "\n".join(lines if self.triples else [*lines, "no triples"])

    def mermaid(self) -> str:
        """Give the triples that are drawn as a flowchart; types stand in the nodes."""
        lines = ["flowchart LR"]
        ends = {"literal": ("[", "]"), "blank": ("(", ")")}
        for name, (text, types, shape) in self._nodes().items():
            before, after = ends.get(shape, ("([", "])"))
            label = mermaid_text(named(text))
            if types:
                label = f"{label[:-1]}<br/>{mermaid_text(named(types))[1:]}"
            lines.append(f"  {name}{before}{label}{after}")
        lines += [f"  {a} -->|{mermaid_text(named(said))}| {b}" for a, said, b in self._edges()]
        return "\n".join(lines) + "\n"

    def dot(self) -> str:
        """Give the triples that are drawn as a digraph; types stand in the nodes."""
        look = {"literal": 'shape=box style=""', "blank": 'shape=ellipse style="dashed"'}
        lines = []
        for name, (text, types, shape) in self._nodes().items():
            label = dot_text("\n".join([named(text)] + [named(types)] * bool(types)))
            lines.append(f"  {name} [label={label} {look.get(shape, 'shape=ellipse')}];")
        lines += [f"  {a} -> {b} [label={dot_text(named(said))}];" for a, said, b in self._edges()]
        return dot_graph("LR", self.title, lines)

    def _typing(self, i: int) -> bool:
        """Whether a triple is told by the second line of its card."""
        _, name, value = self.triples[i]
        subjects = {s for s, _, _ in self.triples[:MOST]}
        return name in _TYPE and (i in self.literals or value not in subjects)

    def _key(self, i: int) -> str:
        """Name the node of a triple's object; each literal has one of its own."""
        value = self.triples[i][2]
        return f"literal {i}" if i in self.literals else f"node {value}"

    def _nodes(self) -> dict[str, tuple[str, str, str]]:
        """For each node of the text forms its label, its types and its shape."""
        ids, types = self._ids(), dict[str, list[str]]()
        out: dict[str, tuple[str, str, str]] = {}

        def shape(value: str) -> str:
            return "blank" if value.startswith("_:") else "thing"

        for i, (subject, _, value) in enumerate(self.triples[:MOST]):
            out.setdefault(ids[f"node {subject}"], (subject, "", shape(subject)))
            if self._typing(i):
                types.setdefault(ids[f"node {subject}"], []).append(value)
            elif i in self.literals:
                said = value if len(value) <= _CUT else value[: _CUT - 1] + "…"
                out[ids[self._key(i)]] = (said or "(empty)", "", "literal")
            else:
                out.setdefault(ids[self._key(i)], (value, "", shape(value)))
        return {n: (text, ", ".join(types.get(n, ())), s) for n, (text, _, s) in out.items()}

    def _ids(self) -> dict[str, str]:
        keys = dict[str, None]()
        for i, (subject, _, _) in enumerate(self.triples[:MOST]):
            keys[f"node {subject}"] = None
            if not self._typing(i):
                keys[self._key(i)] = None
        return {key: f"n{i}" for i, key in enumerate(keys)}

    def _edges(self) -> list[tuple[str, str, str]]:
        ids = self._ids()
        return [
            (ids[f"node {subject}"], name, ids[self._key(i)])
            for i, (subject, name, _) in enumerate(self.triples[:MOST])
            if not self._typing(i)
        ]

    def _cards(self) -> list[_Card]:
        """Put together what is said of each subject, in the order of the triples."""
        drawn = self.triples[:MOST]
        places = {s: n for n, s in enumerate(dict.fromkeys(s for s, _, _ in drawn))}
        types: list[list[str]] = [[] for _ in places]
        rows: list[dict[str, list[_Value]]] = [{} for _ in places]
        for i, (subject, name, value) in enumerate(drawn):
            if self._typing(i):
                types[places[subject]].append(value)
                continue
            literal = i in self.literals
            # what leads to itself says so in words; a line would say no more
            leads = -1 if literal or value == subject else places.get(value, -1)
            rows[places[subject]].setdefault(name, []).append(_Value(i, value, literal, leads))
        return [
            _Card(subject, ", ".join(types[n]),
                  tuple((name, tuple(values)) for name, values in rows[n].items()))
            for subject, n in places.items()
        ]  # fmt: skip

    def _draw(self, width: int) -> str:
        c = Canvas(width)
        room = width - 2 * _PAD
        y = float(_PAD)
        if self.title:
            y = c.lines(_PAD, y - 2, self.title, room, bold=True, most=3) + 8
        cards = self._cards()
        if not cards:
            y = c.lines(_PAD, y, "no triples", room, colour="soft")
            return c.svg(y + _PAD - 4, self.title, self.alt)
        y = _Sheet.best(cards, width, y).draw(c)
        more = len(self.triples) - MOST
        if more > 0:
            said = f"and {more} more {'triple' if more == 1 else 'triples'}"
            y = c.lines(_PAD, y + 8, said, room, colour="soft")
        drawn = range(min(len(self.triples), MOST))
        if any(i in self.literals and not self._typing(i) for i in drawn):
            c.rect(_PAD, y + 11, 22, 13, fill="tint", stroke="line", radius=1)
            y = c.lines(_PAD + 30, y + 9, "a text, a number or a date", room - 30, size=SMALL,
                        colour="soft")  # fmt: skip
        return c.svg(y + _PAD - 4, self.title, self.alt)


@lru_cache(maxsize=512)
def _value_lines(text: str, room: float) -> tuple[str, ...]:
    return tuple(wrap(text.strip() or "(empty)", room, TEXT, most=_LINES))


def _name_lines(name: str, room: float) -> list[str]:
    """Break the name of a property, if it must be, before a capital letter."""
    lines = [""]
    for part in re.split(r"(?<=[a-z:])(?=[A-Z])", named(name)):
        if lines[-1] and measure(lines[-1] + part, SMALL) > room:
            lines.append("")
        lines[-1] += part
    return [piece for line in lines for piece in wrap(line, room, SMALL)][:_LINES]


class _Face:
    """One card, laid out for a width: what stands at which height below its top."""

    def __init__(self, card: _Card, wide: float, names: float) -> None:
        self.card, self.wide = card, wide
        inner = wide - 2 * _INSET
        self.beside = inner >= 320
        self.names = min(names, 0.4 * inner)
        self.indent = self.names + 16 if self.beside else 8.0
        room = inner - self.indent - 4
        self.title = wrap(named(card.name), inner, TEXT, bold=True, most=_LINES)
        self.types = wrap(card.types, inner, SMALL, most=_LINES) if card.types.strip() else []
        self.head = 5 + len(self.title) * leading(TEXT) + len(self.types) * leading(SMALL) + 5
        self.rows: list[tuple[float, list[str], list[tuple[float, _Value, tuple[str, ...]]]]] = []
        y = self.head + 5
        for name, values in card.rows:
            label = _name_lines(name, self.names if self.beside else inner)
            at, found = y, []
            if not self.beside:
                y += len(label) * leading(SMALL) + 1
            for value in values:
                lines = _value_lines(value.text, room)
                found.append((y, value, lines))
                y += len(lines) * leading(TEXT) + 4
            low = at + len(label) * leading(SMALL) + 4 if self.beside else 0.0
            y = max(y, low) + 2
            self.rows.append((at, label, found))
        self.high = y + 3 if card.rows else self.head

    def heights(self) -> list[tuple[_Value, float]]:
        """For each value that leads to a card the middle of its first line."""
        return [(value, y + TEXT * 0.68) for _, _, values in self.rows for y, value, _ in values
                if value.leads >= 0]  # fmt: skip

    def draw(self, c: Canvas, x: float, y: float) -> None:
        c.rect(x, y, self.wide, self.high, fill="card", stroke="soft", thick=1.2)
        at = c.lines(x + _INSET, y + 5, self.title, self.wide, bold=True)
        c.lines(x + _INSET, at, self.types, self.wide, size=SMALL, colour="soft")
        if self.rows:
            c.line(x, y + self.head, x + self.wide, y + self.head, stroke="line")
        for top, label, values in self.rows:
            shift = 1.5 if self.beside else 0
            c.lines(x + _INSET, y + top + shift, label, self.wide, size=SMALL, colour="soft")
            for low, value, lines in values:
                left = x + _INSET + self.indent
                if value.literal:
                    wide = max(measure(line) for line in lines)
                    c.rect(left - 4, y + low - 1, wide + 8, len(lines) * leading(TEXT) + 1,
                           fill="tint", stroke="line", radius=1)  # fmt: skip
                c.lines(left, y + low, lines, self.wide)


class _Sheet:
    """Cards in one or two columns, with room for lines at the right of each column."""

    def __init__(self, cards: list[_Card], width: int, top: float, lanes: tuple[int, ...]) -> None:
        columns = len(lanes)
        self.lanes = lanes
        sides = [n * _LANE + _STUB if n else 0 for n in lanes]
        if columns == 2:
            sides[0] = max(sides[0] + 14, 20)  # the lines come to both sides
        wide = min((width - 2 * _PAD - sum(sides)) / columns, _WIDEST)
        self.wide = wide
        names = max((measure(n, SMALL) + 1 for card in cards for n, _ in card.rows), default=0)
        self.faces = [_Face(card, wide, names) for card in cards]
        self.xs = [_PAD + i * (wide + sides[0]) for i in range(columns)]
        half = sum(f.high + 14 for f in self.faces) / columns
        self.column, self.tops = [], []
        y, used, column = top, 0.0, 0
        self.bottom = top
        for face in self.faces:
            if column + 1 < columns and used and used + face.high / 2 > half:
                y, column = top, column + 1
            self.column.append(column)
            self.tops.append(y)
            self.bottom = max(self.bottom, y + face.high)
            y += face.high + 14
            used += face.high + 14
        # where each line leaves its card, by the way it takes
        self.ways: dict[_Way, list[tuple[int, float]]] = {}
        for n, face in enumerate(self.faces):
            for value, at in face.heights():
                here, there = self.column[n], self.column[value.leads]
                channel = here if here == there else 0
                y = self.tops[n] + at
                way = _Way(value.leads, channel, y < self.tops[value.leads] + _DOOR)
                self.ways.setdefault(way, []).append((n, y))
        self.ends = {way: self._end(way) for way in self.ways}
        if columns == 2:
            self._part()
        self.lane = self._assigned()

    @staticmethod
    def best(cards: list[_Card], width: int, top: float) -> _Sheet:
        """Lay out the cards with as many lanes as are used, and not more than there is room for."""
        columns = 2 if width >= 720 and len(cards) > 1 else 1
        most = int((width - 2 * _PAD - columns * (_LEAST + _STUB)) / columns / _LANE)
        most = max(1, min(most, 14))
        sheet = _Sheet(cards, width, top, (most,) * columns)
        used = sheet.used()
        again = _Sheet(cards, width, top, used)
        return again if again.used() == used else sheet

    def used(self) -> tuple[int, ...]:
        """How many lanes each channel needs, of those it has."""
        out = [0] * len(self.lanes)
        for way, lane in self.lane.items():
            out[way.channel] = max(out[way.channel], lane + 1)
        return tuple(out)

    def _assigned(self) -> dict[_Way, int]:
        """Give each way a lane of its channel, short ones first; those without one are left out."""
        out: dict[_Way, int] = {}
        spans = {}
        for way, starts in self.ways.items():
            ys = [y for _, y in starts]
            ys.append(self.ends[way])
            spans[way] = (min(ys) - 4, max(ys) + 4)
        taken: list[list[list[tuple[float, float]]]] = [[[] for _ in range(n)] for n in self.lanes]
        for way in sorted(spans, key=lambda w: (spans[w][1] - spans[w][0], w)):
            low, high = spans[way]
            for lane, there in enumerate(taken[way.channel]):
                if all(high < a or low > b for a, b in there):
                    there.append((low, high))
                    out[way] = lane
                    break
        return out

    def _part(self) -> None:
        """Move lines at the left of the second column that are level with some of the first."""
        ways = [way for way in self.ways if way.channel == 0]
        there = [y for w in ways for n, y in self.ways[w] if self.column[n] == 0]
        there += [self.ends[w] for w in ways if self.column[w.target] == 0]
        for way in ways:
            if self.column[way.target] == 1:
                self.ends[way] = _apart(self.ends[way], there)
            self.ways[way] = [
                (n, _apart(y, there) if self.column[n] == 1 else y) for n, y in self.ways[way]
            ]

    def _end(self, way: _Way) -> float:
        """Where the lines of a way arrive: those from above a little above the others."""
        return self.tops[way.target] + _DOOR + (-4 if way.above else 6)

    def draw(self, c: Canvas) -> float:
        for face, column, top in zip(self.faces, self.column, self.tops, strict=True):
            face.draw(c, self.xs[column], top)
        for way, lane in self.lane.items():
            self._line(c, way, lane)
        return self.bottom

    def _line(self, c: Canvas, way: _Way, lane: int) -> None:
        right = self.xs[way.channel] + self.wide  # the left side of the channel
        x = right + _STUB - 6 + lane * _LANE
        end = self.ends[way]
        starts = self.ways[way]
        far = max(starts, key=lambda s: abs(s[1] - end))
        there = self.column[way.target] == way.channel
        door = right if there else self.xs[1]
        back = 7 if there else -7
        for n, y in starts:
            here = self.column[n] == way.channel
            edge = right if here else self.xs[1]
            turn = min(5.0, abs(y - end) / 2) * (1 if y < end else -1)
            out = -5 if here else 5
            d = f"M{number(edge)} {number(y)}L{number(x + out)} {number(y)}"
            d += bend(x, y, x, y + turn)
            if (n, y) == far:
                side = -5 if there else 5
                d += f"L{number(x)} {number(end - turn)}" + bend(x, end, x + side, end)
                d += f"L{number(door + back)} {number(end)}"
            c.path(d, stroke="soft", thick=1.5)
            c.circle(edge, y, 2.5, fill="soft", stroke="soft", thick=0)
        c.arrowhead(door, end, "left" if there else "right", fill="soft", size=8)


def _apart(y: float, taken: Iterable[float]) -> float:
    """Give the height nearest to y that is clear of those that are taken, if there is one."""
    taken = list(taken)
    steps = (0.0, 2.5, -2.5, 4.0, -4.0, 5.5, -5.5)
    free = (y + step for step in steps if all(abs(y + step - t) >= 2.5 for t in taken))
    return next(free, y)
