"""What all pictures have in common."""

from __future__ import annotations

import errno
import os
import re
from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rolegraph.arguments import check_number
from rolegraph.pictures._canvas import LEAST_WIDTH
from rolegraph.shown import Shown

if TYPE_CHECKING:
    from rolegraph.page import Page

__all__ = ["Picture", "dot_text", "mermaid_text"]

_FORMS = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot"}
_OF_DOTS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".pdf")
_DOTS = "; save it as .svg, and let a browser or an office program make the other of it"


class Picture(Shown):
    """Something drawn: as SVG of any width, as Mermaid or DOT text, and in words.

    A picture shows itself in a notebook. It holds what it shows and no drawing: each call of
    :meth:`svg` lays it out anew for its width, with text of 14 and 12 pixels whatever the width.
    """

    __slots__ = ()
    # little is out of sight on a phone, where one scrolls sideways
    notebook_width = 460
    title: str

    @property
    @abstractmethod
    def alt(self) -> str:
        """All that is to be seen, in words."""

    @abstractmethod
    def _draw(self, width: int) -> str:
        """Lay out the picture for a width that fits."""

    @abstractmethod
    def mermaid(self) -> str:
        """Give the picture as text for Mermaid."""

    @abstractmethod
    def dot(self) -> str:
        """Give the picture as text for Graphviz."""

    def svg(self, width: int = 640) -> str:
        """Draw the picture.

        Parameters
        ----------
        width : int
            In pixels, 280 or more. The height comes of what there is to show.

        Returns
        -------
        str
            An SVG document without an XML declaration, which can stand in HTML as it is.

        Raises
        ------
        ValueError
            If the width is less than 280.
        """
        check_number("width", width)
        if width < LEAST_WIDTH:
            raise ValueError(f"a picture needs {LEAST_WIDTH} pixels of width or more, not {width}")
        return self._draw(width)

    def save(self, path: str | os.PathLike[str], width: int = 640) -> Path:
        """Write the picture into a file; the end of its name says how.

        Parameters
        ----------
        path : str or os.PathLike
            ``.svg``, ``.mmd`` or ``.mermaid``, ``.dot`` or ``.gv``. A file of that name is
            replaced as a whole.
        width : int
            Width of an SVG in pixels.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError
            If the ending is another one.
        OSError
            If the file cannot be written. What was there stays then.
        """
        path = Path(path)
        form = _FORMS.get(path.suffix.lower())
        if form is None:
            raise ValueError(
                f"no kind of picture for {path.name!r}: its name can end in {', '.join(_FORMS)}"
                + (_DOTS if path.suffix.lower() in _OF_DOTS else "")
            )
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no such folder", str(path.parent))
        text = self.svg(width) if form == "svg" else getattr(self, form)()
        scratch = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            scratch.write_text(text, encoding="utf-8")
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
        return path

    def _page(self) -> Page:
        from rolegraph.page import Figure, Page

        return Page((Figure(self.svg(self.notebook_width), self.alt, self.notebook_width),))

    def _plain(self) -> str:
        return self.alt

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Show the picture; beside what every value gives, as ``image/svg+xml``."""
        bundle = super()._repr_mimebundle_(include, exclude)
        svg = "image/svg+xml"
        if (include is None or svg in include) and svg not in (exclude or ()):
            bundle[svg] = self.svg(self.notebook_width)
        return bundle

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title}>"


def dot_text(text: str) -> str:
    r"""Write text as a quoted string of DOT.

    >>> print(dot_text('the "best" way'))
    "the \"best\" way"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def mermaid_text(text: str) -> str:
    """Write text as a quoted label of Mermaid, which reads entities and Markdown in it.

    >>> mermaid_text('R&D "lead"')
    '"R#amp;D #quot;lead#quot;"'
    """
    named = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;"}
    plain = " ".join(text.split())
    return '"' + re.sub(r"[&\"<>#`*_\\]", lambda m: named.get(m[0], f"#{ord(m[0])};"), plain) + '"'
