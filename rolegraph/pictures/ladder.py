"""What lies between one role and another, as a ladder to climb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rolegraph.pictures._canvas import SMALL, TEXT, Canvas
from rolegraph.pictures._data import Mark
from rolegraph.pictures._marks import HIGH, draw, inset, kinds, laid, said, shown, wide
from rolegraph.pictures._picture import Picture, dot_text, mermaid_text
from rolegraph.pictures._type import wrap

__all__ = ["Ladder"]

_WIDEST: Final = 560
"""Greatest width of a label in its box, in pixels."""
_BETWEEN: Final = 26
"""Distance of the small rungs, in pixels."""
_UNSTATED: Final = "not stated by any source"


def _nothing(raised: bool) -> str:
    """Say why nothing carries over; what has to be raised is stated of both roles too."""
    return "nothing at the level asked for" if raised else "nothing that is stated of both"


class _Rung(NamedTuple):
    """A group of things, as they are drawn on a rung."""

    head: str
    marks: tuple[Mark, ...]
    lines: tuple[str, ...] = ()
    """What stands below them in small letters."""
    unstated: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Ladder(Picture):
    """The gap between two roles, read from the bottom: what one has already bears the rest.

    Attributes
    ----------
    title, source, target : str
        The two roles by their labels.
    keep : tuple of Mark
        Skills that carry over.
    raised : tuple of (Mark, str, str)
        Skills to raise, with the level that is there and the one that is asked for.
    new : tuple of Mark
        New skills.
    duties, certifications : tuple of Mark
        New ones.
    near : tuple of (str, str)
        A skill of the source role and a new one, of which one is the broader wording.
    unstated : tuple of str
        What no source says, in words.
    known : bool
        Whether some source says which skills the source role asks for. Without, nobody knows what
        carries over.

    Examples
    --------
    >>> ladder = Ladder("Tester → Team Lead", "Tester", "Team Lead",
    ...                 keep=(Mark("Curiosity", "stated", "essential"),), raised=(),
    ...                 new=(Mark("Coaching", "stated", "essential"),),
    ...                 unstated=("responsibilities of Tester",))
    >>> print(ladder.alt)
    Tester → Team Lead
    From the bottom: Tester.
    1 skill carries over: Curiosity (essential; stated).
    1 new skill: Coaching (essential; stated).
    Not stated by any source: responsibilities of Tester.
    At the top: Team Lead.
    """

    title: str
    source: str
    target: str
    keep: tuple[Mark, ...]
    raised: tuple[tuple[Mark, str, str], ...]
    new: tuple[Mark, ...]
    duties: tuple[Mark, ...] = ()
    certifications: tuple[Mark, ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    unstated: tuple[str, ...] = ()
    known: bool = True

    @property
    def alt(self) -> str:
        """All rungs from the bottom to the top, each with everything on it."""
        lines = [self.title, f"From the bottom: {self.source}."]
        for rung in self._rungs(cut=False):
            if rung.unstated:
                lines.append(f"{_capital(_UNSTATED)}: {'; '.join(rung.lines)}.")
                continue
            things = ": " + said(rung.marks) if rung.marks else ""
            lines.append(f"{len(rung.marks)} {rung.head}{things}.")
            if rung.marks and rung.lines:
                lines.append(f"{rung.lines[0]} {'; '.join(rung.lines[1:])}.")
        return "\n".join([*lines, f"At the top: {self.target}."])

    def _rungs(self, cut: bool = True) -> list[_Rung]:
        """Give the groups from the bottom to the top; empty ones are left out, but for the first.

        ``cut`` shortens the pairs that come near.
        """
        raised = tuple(Mark(m.label, m.kind, ", ".join(x for x in (f"{a} → {b}", m.words) if x))
                       for m, a, b in self.raised)  # fmt: skip
        pairs, more = shown(self.near, 3 if cut else len(self.near))
        near = [f"{held} → {asked}" for held, asked in pairs]
        near += [f"and {more} more"] if more else []
        close = ("One the broader wording of the other:", *near) if near else ()
        silent = _Rung(_UNSTATED, (), ("what carries over",), unstated=True)
        rungs = [
            silent if not (self.known or self.keep) else
            _Rung(_count(self.keep, "skill carries over", "skills carry over"), self.keep,
                  () if self.keep else (_nothing(bool(raised)),)),
            _Rung(_count(raised, "skill to raise", "skills to raise"), raised),
            _Rung(_count(self.new, "new skill", "new skills"), self.new, close),
            _Rung(_count(self.certifications, "new certification", "new certifications"),
                  self.certifications),
            _Rung(_count(self.duties, "new duty", "new duties"), self.duties),
            _Rung(_UNSTATED, (), self.unstated, unstated=True),
        ]  # fmt: skip
        return [r for i, r in enumerate(rungs) if i == 0 or r.marks or (r.unstated and r.lines)]

    def _texts(self) -> list[str]:
        """Give the rungs as text, from the bottom to the top."""
        texts = []
        for rung in self._rungs():
            listed, more = shown(rung.marks or rung.lines, 8)
            head = rung.head if rung.unstated else f"{len(rung.marks)} {rung.head}"
            rest = f"; and {more} more" if more else ""
            texts.append(f"{head}: {'; '.join(map(str, listed))}{rest}")
        return texts

    def mermaid(self) -> str:
        """Give the rungs as boxes, the source role at the bottom."""
        lines = ["flowchart BT", f"  s([{mermaid_text(self.source or '…')}])"]
        texts = self._texts()
        lines += [f"  r{i}[{mermaid_text(text)}]" for i, text in enumerate(texts)]
        lines.append(f"  t([{mermaid_text(self.target or '…')}])")
        names = ["s", *(f"r{i}" for i in range(len(texts))), "t"]
        return "\n".join([*lines, f"  {' --> '.join(names)}", ""])

    def dot(self) -> str:
        """Give the rungs as boxes, the source role at the bottom."""
        lines = ["digraph ladder {", "  rankdir=BT;", "  node [shape=box];",
                 f"  label={dot_text(self.title)};",
                 f"  s [shape=oval, label={dot_text(self.source)}];"]  # fmt: skip
        texts = self._texts()
        for i, text in enumerate(texts):
            lines.append(f"  r{i} [label={dot_text(chr(10).join(wrap(text, 420)))}];")
        lines.append(f"  t [shape=oval, label={dot_text(self.target)}];")
        names = ["s", *(f"r{i}" for i in range(len(texts))), "t"]
        return "\n".join([*lines, f"  {' -> '.join(names)};", "}", ""])

    # ------------------------------------------------------------------ drawing

    def _draw(self, width: int) -> str:
        canvas, pad = Canvas(width), 16 if width < 560 else 24
        room = width - 2 * pad
        rails = (pad + 3.0, pad + (41.0 if width < 560 else 53.0))
        x = rails[1] + (18 if width < 560 else 26)
        inner = min(width - pad - x, 1040)
        rungs = self._rungs()
        y = canvas.lines(pad, pad, self.title, min(room, 900), bold=True) + 14

        # the top: the tips of the rails stand out beyond the floor that one climbs to
        tips = y + 6
        canvas.arrowhead(sum(rails) / 2, y, "up", fill="soft", size=11)
        y = canvas.lines(x, y, "to", inner, size=SMALL, colour="soft")
        y = canvas.lines(x, y, self.target, inner, bold=True, most=6) + 10
        floor = y
        y += 16
        at, edge = [], x + min(inner, 460)
        for rung in reversed(rungs):
            at.append(y)
            y, right = self._rung(canvas, x, y, inner, rung, 8 if width < 480 else 12)
            y, edge = y + 16, max(edge, right)
        ground = y + 2

        self._rails(canvas, rails, tips, floor, at, ground, rungs)
        canvas.line(pad, ground, edge, ground, stroke="ink", thick=3)
        canvas.line(rails[0] - 3, floor, edge, floor, stroke="soft", thick=1.5)
        y = canvas.lines(x, ground + 8, "from", inner, size=SMALL, colour="soft")
        y = canvas.lines(x, y, self.source, inner, bold=True, most=6)
        every = kinds(self.keep, self.new, self.duties, self.certifications,
                      (m for m, _, _ in self.raised))  # fmt: skip
        y = canvas.legend(pad, y + 14, room, every)
        return canvas.svg(y + pad - 4, self.title, self.alt)

    def _rails(
        self, canvas: Canvas, rails: tuple[float, float], tips: float, floor: float,
        at: Sequence[float], ground: float, rungs: Sequence[_Rung],
    ) -> None:  # fmt: skip
        """Draw the ladder: firm as far as things carry over, pale where nothing is stated."""
        left, right = rails
        firm = at[-1] + HIGH + 4
        for top, below, rung in zip(at, [*at[1:], ground], reversed(rungs), strict=True):
            here = top + HIGH + 4
            colour = "ink" if below == ground else "soft"
            end = ground if below == ground else below + 2
            steps = max(1, round((end - here) / _BETWEEN))
            for i in range(1, steps):
                step = here + i * (end - here) / steps
                canvas.line(left, step, right, step, thick=2)
            canvas.line(left, here, right, here, stroke="line" if rung.unstated else colour,
                        thick=4, dash="4 4" if rung.unstated else "")  # fmt: skip
            words = "?" if rung.unstated else str(len(rung.marks))
            canvas.text((left + right) / 2, top + TEXT, words, bold=True,
                        colour="soft" if rung.unstated else "ink", anchor="middle")  # fmt: skip
        for rail in rails:
            canvas.line(rail, tips, rail, firm, stroke="soft", thick=4)
            canvas.line(rail, firm - 2, rail, ground, stroke="ink", thick=5)

    def _rung(
        self, canvas: Canvas, x: float, y: float, room: float, rung: _Rung, most: int
    ) -> tuple[float, float]:
        """Draw what stands on a rung, from its head downwards; give the y below, and how wide."""
        edge = x
        words = {mark.words for mark in rung.marks}
        same = len(rung.marks) > 1 and len(words) == 1 and words != {""}
        head = wrap(rung.head, room, TEXT, bold=True)
        y = canvas.lines(x, y, head, room, bold=True, colour="soft" if rung.unstated else "ink")
        if same:
            y = canvas.lines(x, y, f"all: {next(iter(words))}", room, size=SMALL, colour="soft")
        y += 6
        listed, more = shown(rung.marks, most)
        left, high = x, 0.0
        for mark in listed:
            lines = laid(mark, min(room, _WIDEST) - 16, bare=same)
            box = inset(mark) + wide(lines) + 16
            if left > x and left + box > x + room:
                left, y, high = x, y + high + 6, 0.0
            canvas.rect(left, y, box, HIGH * len(lines) + 6, fill="tint")
            draw(canvas, left + 8, y + 3, mark, lines)
            edge = max(edge, left + box)
            left, high = left + box + 6, max(high, HIGH * len(lines) + 6)
        if more:
            text = f"and {more} more"
            if left + 8 + 110 > x + room:
                left, y, high = x, y + high + 6, HIGH + 6
            canvas.text(left + 2, y + 3 + TEXT, text, colour="soft")
        y += high
        y += 4 if rung.marks and rung.lines else 0
        for line in rung.lines:
            y = canvas.lines(x, y + 2, line, min(room, 720), size=SMALL,
                             colour="soft")  # fmt: skip
        return y, edge


def _count(things: Sequence[object], one: str, several: str) -> str:
    return one if len(things) == 1 else several


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
