"""How a value shows itself in a notebook, and in IPython's terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

if TYPE_CHECKING:
    from typing import TypeAlias

    from rolegraph.page import Block, Cell, Page

    Entry: TypeAlias = Cell | int | float | bool | None

__all__ = ["MARKS", "SENSES", "Drawing", "Shown", "Told", "figure"]


class Drawing(Protocol):
    """A picture that a page can hold."""

    @property
    def notebook_width(self) -> int:
        """Width in a notebook, in pixels; where there is less room, one scrolls sideways."""
        ...

    @property
    def alt(self) -> str:
        """What the picture says, in words."""
        ...

    def svg(self, width: int = ...) -> str:
        """Draw it for a width in pixels."""
        ...


class Shown:
    """A value that shows itself as text, HTML and Markdown.

    A class says what its page holds (:meth:`_page`); it may have a picture (:meth:`_picture`),
    which stands at the top, and a text of its own (:meth:`_plain`). Nothing of it is made before
    somebody looks. Among several in a :class:`~rolegraph.tables.Table` a value is a row
    (:meth:`_row`), which may be explained below the table (:meth:`_explained`).

    Examples
    --------
    >>> import rolegraph as rg
    >>> shown = rg.load().role("Delivery Manager")._repr_mimebundle_(include=["text/plain"])
    >>> print(shown["text/plain"])
    Delivery Manager   role · role:delivery-manager
       also called   DM
       ...
    """

    __slots__ = ()

    _called: ClassVar[str] = "row"
    """What the rows of a table of such values are, in the singular."""
    _heads: ClassVar[tuple[str, ...]] = ()
    """The columns that a data frame of such values may have, in their order."""

    def _page(self) -> Page:
        """Say what is to be shown."""
        raise NotImplementedError(f"{type(self).__name__} says nothing of how it looks")

    def _plain(self) -> str:
        """Give the text for a terminal; unless a class has its own, that of the page."""
        from rolegraph.pagetext import to_text

        return to_text(self._page())

    def _picture(self) -> Drawing | None:
        """Give the picture at the top of the page, if there is one."""
        return None

    @staticmethod
    def _picture_of(values: Sequence[Any]) -> Drawing | None:
        """Give the picture of a table of such values, if there is one."""
        return None

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        """Give the cells of a row by column; figures as numbers.

        Parameters
        ----------
        mixed : bool
            Whether the table has values of other classes too.
        """
        return {type(self).__name__.lower(): str(self)}

    def _explained(self) -> tuple[str, tuple[Block, ...]] | None:
        """Give a title, and what a table shows of the value on demand."""
        return None

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Show the value, as IPython asks for it.

        Parameters
        ----------
        include : iterable of str, optional
            The only media types to give; all when None.
        exclude : iterable of str, optional
            Media types to leave out.

        Returns
        -------
        dict of str to str
            By media type: ``text/plain``, ``text/html`` and ``text/markdown``.
        """
        from rolegraph.page import Figure, Page
        from rolegraph.pagehtml import to_html
        from rolegraph.pagemarkdown import to_markdown

        made: dict[str, Page] = {}

        def page() -> Page:
            if "page" not in made:
                found, picture = self._page(), self._picture()
                if picture is not None:
                    width = picture.notebook_width
                    figure = Figure(picture.svg(width), picture.alt, width)
                    found = Page((figure, *found.blocks))
                made["page"] = found
            return made["page"]

        writers: dict[str, Callable[[], str]] = {
            "text/plain": self._plain,
            "text/html": lambda: to_html(page()),
            "text/markdown": lambda: to_markdown(page()),
        }
        wanted = None if include is None else set(include)
        refused = set(exclude or ())
        return {
            media: write()
            for media, write in writers.items()
            if (wanted is None or media in wanted) and media not in refused
        }


SENSES: Final = {"≥": "at least", "≤": "at most", "≈": "about"}
"""Marks before a figure that is not exact, and how it is to be read."""
MARKS: Final = {sense: mark for mark, sense in SENSES.items()}
"""The same the other way round."""


class Told(Shown):
    """A value whose text says it all, such as the account of an import."""

    __slots__ = ()

    def _page(self) -> Page:
        from rolegraph.page import Listing, Page

        return Page((Listing(str(self)),))


def figure(value: Entry) -> Cell:
    """Write an entry of a row as a cell: figures shortened, nothing as an empty text.

    Examples
    --------
    >>> figure(1200), figure(0.25), figure(None), figure(True), figure("text")
    ('1,200', '0.25', '', 'yes', 'text')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else value
