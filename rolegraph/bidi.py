"""Names that are written from right to left, kept apart from what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

__all__ = ["apart"]

# Letters that are written from right to left, and a stretch of them, with the numbers that stand
# between and after them, and brackets around such letters and numbers.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_GROUP = rf"\([{_RTL}\d\s.%+\u2013-]*\)"
_BETWEEN = r"[\s.'\"\u2019/%+_\u2013-]"
_STRETCH = re.compile(rf"[{_RTL}](?:[{_RTL}\d]|{_BETWEEN}+(?=[{_RTL}\d]|{_GROUP})|{_GROUP})*")


_SPAN = ('<span dir="auto">', "</span>")


def apart(text: str, esc: Callable[[str], str] = escape, marks: tuple[str, str] = _SPAN) -> str:
    """Escape a text for HTML, and set what is written from right to left apart.

    A name in Arabic or Hebrew would otherwise change places with the arrow, the number or the name
    beside it. JupyterLab and GitHub let ``span`` with ``dir`` through, only the first also ``bdi``.

    Parameters
    ----------
    text : str
    esc : callable
        Escapes a part of it.
    marks : tuple of str
        What is put before and after such a stretch.

    Returns
    -------
    str

    Examples
    --------
    >>> apart("R&D \u2192 \u05de\u05e0\u05d4\u05dc 2")
    'R&amp;D \u2192 <span dir="auto">\u05de\u05e0\u05d4\u05dc 2</span>'
    """
    parts, at = [], 0
    for found in _STRETCH.finditer(text):
        parts += [esc(text[at : found.start()]), esc(found[0]).join(marks)]
        at = found.end()
    return "".join((*parts, esc(text[at:])))
