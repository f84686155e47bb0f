"""Compiling loops over arrays, where numba is installed.

A function that :func:`jit` decorates runs as machine code if numba is there, and as the Python that
it is written in if not: the same answers, some hundred times slower. Nothing is imported before the
first call. ``ROLEGRAPH_JIT=0`` in the environment turns compiling off.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache, update_wrapper
from pickle import PickleError
from threading import RLock
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar

__all__ = ["Kernel", "compiles", "jit"]

P = ParamSpec("P")
R = TypeVar("R")

_LOCK = RLock()


def compiles() -> bool:
    """Say whether kernels run as machine code: numba can be imported and is not turned off.

    Returns
    -------
    bool
    """
    # asked on every call: looking for a name is quicker than asking for what is not there
    off = "ROLEGRAPH_JIT" in os.environ and os.environ["ROLEGRAPH_JIT"] == "0"
    return not off and _numba() is not None


@lru_cache(maxsize=1)
def _numba() -> Any:
    try:
        import numba
    except ImportError:  # not installed, or not made for this version of numpy
        return None
    return numba


class Kernel(Generic[P, R]):
    """A function that is compiled when it is first called.

    Attributes
    ----------
    plain : callable
        The function as it was written.
    """

    def __init__(self, plain: Callable[P, R]) -> None:
        self.plain = plain
        self._compiled: Callable[P, R] | None = None
        update_wrapper(self, plain)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it, compiled if that can be done."""
        if not compiles():
            return self.plain(*args, **kwargs)
        try:
            return self._machine_code()(*args, **kwargs)
        except (OSError, EOFError, PickleError):  # what is kept cannot be read or written
            with _LOCK:
                self._compiled = _compile(self.plain, keep=False)
            return self._compiled(*args, **kwargs)

    def _machine_code(self) -> Callable[P, R]:
        if self._compiled is None:
            with _LOCK:
                if self._compiled is None:
                    self._compiled = _compile(self.plain)
        return self._compiled


def jit(function: Callable[P, R]) -> Kernel[P, R]:
    """Let a function be compiled when it is first called.

    It has to keep to the part of Python and numpy that numba compiles: numbers, arrays, tuples of
    them, loops. It may call other such functions of its own module or imported by name. What was
    compiled is kept on disk for the next time where numba finds a folder that it may write to;
    a change in a function from another module does not make it stale, so keep to one module while
    you change things.

    Parameters
    ----------
    function : callable
        No bounds are checked once it is compiled, and other threads run meanwhile.

    Returns
    -------
    Kernel
    """
    return Kernel(function)


def _compile(function: Callable[P, R], keep: bool = True) -> Callable[P, R]:
    # numba has to see compiled functions where the code names kernels
    assert isinstance(function, FunctionType)
    names = {
        name: value._machine_code() if keep else _compile(value.plain, keep)
        for name in function.__code__.co_names
        if isinstance(value := function.__globals__.get(name), Kernel)
    }
    inner = FunctionType(
        function.__code__, {**function.__globals__, **names}, function.__name__,
        function.__defaults__, function.__closure__,
    )  # fmt: skip
    inner.__module__, inner.__qualname__ = function.__module__, function.__qualname__
    numba, options = _numba(), {"nogil": True, "boundscheck": False}
    try:
        return numba.njit(cache=keep, **options)(inner)  # type: ignore[no-any-return]
    except RuntimeError:  # no folder that may be written to
        return numba.njit(**options)(inner)  # type: ignore[no-any-return]
