"""Saying how far long work has got."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress"]


class Progress(Protocol):
    """Is told how far long work has got."""

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Take note.

        Parameters
        ----------
        stage : str
            What is being done, for example a file's name.
        done : int
            Rows, bytes or steps so far.
        total : int, optional
            How many there will be, where that is known.
        """
        ...
