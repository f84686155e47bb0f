"""What pictures of roles are made of: stops and the links between them, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Link", "Mark", "Stop"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A role in a picture.

    Attributes
    ----------
    label : str
    sub : str
        What stands below it in small letters, for example family and level; empty for nothing.
    """

    label: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A transition in a picture.

    Attributes
    ----------
    source, target : int
        Places in the picture's stops.
    type, kind : str
        Type of transition (``"promotion"``) and kind of evidence (``"stated"``).
    new : tuple of str
        What is new on it, as labels.
    untold : bool
        Whether no source says which skills the target asks for.
    crossing : bool
        Whether it is a mapping between two classifications, which is no career step.
    raised : tuple of str
        Skills to raise on it, each with its levels.
    """

    source: int
    target: int
    type: str
    kind: str
    new: tuple[str, ...] = ()
    untold: bool = False
    crossing: bool = False
    raised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A thing that is said of a role in a picture: a skill, a duty, a certification.

    Attributes
    ----------
    label : str
    kind : str
        Kind of evidence (``"stated"``); several with commas, ``"imported, stated"``.
    words : str
        How it is said, in a few words (``"essential"``); empty for nothing.
    """

    label: str
    kind: str
    words: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of evidence one by one."""
        return tuple(kind.strip() for kind in self.kind.split(",") if kind.strip())

    def __str__(self) -> str:
        """The label, and in brackets how it is said and the kind of evidence.

        >>> str(Mark("Negotiation", "stated", "essential"))
        'Negotiation (essential; stated)'
        """
        return f"{self.label} ({'; '.join(x for x in (self.words, self.kind) if x)})"
