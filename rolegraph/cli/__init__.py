"""The command line: ``rolegraph COMMAND``.

Exit codes, for scripts: 0 done; 1 the answer is no (no route, data break a shape, inconsistent,
evidence that does not resolve, an ASK that is false); 2 wrong usage; 3 a name that is unknown or
ambiguous; 4 a query that is malformed or not allowed; 5 a file that cannot be read; 6 Java or an
optional package is missing; 7 anything else that went wrong on purpose.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from rolegraph.errors import (
    AmbiguousLabelError,
    CostError,
    DataError,
    EvidenceError,
    ExtraMissingError,
    JavaNotFoundError,
    NoRouteError,
    NotFoundError,
    ProfileError,
    QueryError,
    RoleGraphError,
    ShapeError,
    TableError,
)

__all__ = ["EXIT_CODES", "main", "run"]

EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (NoRouteError, 1),
    (ShapeError, 1),
    (CostError, 2),
    (NotFoundError, 3),
    (AmbiguousLabelError, 3),
    (ProfileError, 3),
    (QueryError, 4),
    (DataError, 5),
    (TableError, 5),
    (EvidenceError, 5),
    (JavaNotFoundError, 6),
    (ExtraMissingError, 6),
    (RoleGraphError, 7),
    (ValueError, 2),
)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; errors of ours become one line and an exit code.

    Parameters
    ----------
    args : sequence of str, optional
        Arguments; those of the process when None.
    """
    from rolegraph.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an arrow must not end the work
    try:
        # not the stand-alone mode, which takes a reader that has seen enough for a failure
        code = app(
            args=list(args) if args is not None else None,
            prog_name="rolegraph",
            standalone_mode=False,
        )
    except SystemExit:
        if "PacifyFlush" in type(sys.stdout).__name__:  # click sees that the reader is gone
            raise SystemExit(0) from None
        raise
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except click.Abort:
        print("rolegraph: stopped", file=sys.stderr)
        raise SystemExit(130) from None
    except (RoleGraphError, ValueError) as error:
        code = next(code for kind, code in EXIT_CODES if isinstance(error, kind))
        print(f"rolegraph: {error}", file=sys.stderr)
        raise SystemExit(code) from None
    except BrokenPipeError:
        # the reader (head, less) has seen enough
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        print(f"rolegraph: {error.filename or 'output'}: {error.strerror}", file=sys.stderr)
        raise SystemExit(7) from None
    if code:
        raise SystemExit(code)


def run() -> NoReturn:
    """Run the command line as a process of its own, and end it.

    Handing the store's memory back piece by piece would take a fifteenth of the time, so the
    process ends as soon as everything is written.
    """
    gc.disable()  # the process is short: collecting costs a tenth of its time and frees nothing
    try:
        main()
        code: object = 0
    except SystemExit as end:
        code = end.code
    if isinstance(code, str):
        print(code, file=sys.stderr)
        code = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):  # closed by the reader, or by main
        pass
    except OSError as error:
        print(f"rolegraph: output: {error.strerror}", file=sys.stderr)
        code = 7
    os._exit(code if isinstance(code, int) else 0)
