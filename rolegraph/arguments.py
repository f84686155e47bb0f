"""What callers give, looked at before it goes further: errors that name the argument."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from numbers import Real
from typing import SupportsIndex, cast

__all__ = ["check_names", "check_number", "check_whole", "several"]


def check_whole(name: str, number: object, least: int = 0) -> None:
    """Refuse what is no whole number, or below the least one.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_whole("k", 3, 1)
    >>> check_whole("k", "3", 1)
    Traceback (most recent call last):
    ...
    ValueError: k must be a whole number of at least 1, not '3'
    """
    try:
        # whole numbers of numpy are some too
        fits = not isinstance(number, bool) and operator.index(cast(SupportsIndex, number)) >= least
    except TypeError:
        fits = False
    if not fits:
        raise ValueError(f"{name} must be a whole number of at least {least}, not {number!r}")


def check_number(name: str, number: object) -> None:
    """Refuse what is no number.

    Raises
    ------
    ValueError
    """
    if not isinstance(number, Real) or math.isnan(number):
        raise ValueError(f"{name} must be a number, not {number!r}")


def check_names(name: str, names: object) -> None:
    """Refuse what is neither a text nor several; None stands for all, and passes.

    Raises
    ------
    TypeError
    """
    if names is not None and not isinstance(names, Iterable):
        raise TypeError(f"{name} must be a text or several, not {names!r}")


def several(names: Iterable[str]) -> tuple[str, ...]:
    """Take one text for a list of one.

    Examples
    --------
    >>> several("stated"), several(["stated", "curated"])
    (('stated',), ('stated', 'curated'))
    """
    return (names,) if isinstance(names, str) else tuple(names)
