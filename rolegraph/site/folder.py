"""Writing a folder whole or not at all: beside its place first, then renamed."""

from __future__ import annotations

import glob
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rolegraph.errors import RoleGraphError

__all__ = ["MARKER", "SiteError", "check", "replaced"]

MARKER = "rolegraph-site.json"
"""The file that tells a site of ours from any other folder; it is written last."""
_MADE_BY = "rolegraph site"


class SiteError(RoleGraphError, OSError):
    """A folder that a site may not be written to."""


def check(out: Path) -> None:
    """Refuse a place that a site may not take.

    Parameters
    ----------
    out : pathlib.Path
        Free, an empty folder, or a site that was written before.

    Raises
    ------
    SiteError
        If something else is there, or the folder it would stand in is missing.
    """
    if out.is_symlink():
        raise SiteError(
            f"{out} is a link to {out.resolve()}; name that folder, so that it can be replaced"
        )
    if not out.exists():
        if not out.parent.is_dir():
            raise SiteError(f"{out}: there is no folder {out.parent}; make it first")
        return
    if not out.is_dir():
        raise SiteError(f"{out} is a file; name a new folder for the site")
    names = sorted(p.name for p in out.iterdir())
    if names and not _ours(out):
        some = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        raise SiteError(
            f"{out} is not empty and no site that rolegraph wrote ({some}); name a new folder, "
            "an empty one, or an earlier site, which is then replaced whole"
        )


def _ours(out: Path) -> bool:
    try:
        marker = json.loads((out / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("by") == _MADE_BY


@contextmanager
def replaced(out: Path, marker: dict[str, Any]) -> Iterator[Path]:
    """Give a folder to write in; it takes its place when the block ends without an error.

    Parameters
    ----------
    out : pathlib.Path
        See :func:`check`, which is asked before and after.
    marker : dict
        For the file that tells the site; what the block puts into it is written as well.

    Yields
    ------
    pathlib.Path
        A new folder beside ``out``. After an error it is gone, and ``out`` is as it was.
    """
    _recover(out)
    check(out)
    work = _beside(out, "new")
    try:
        work.chmod(0o777 & ~_umask())
        yield work
        text = json.dumps({"by": _MADE_BY, **marker}, indent=1, ensure_ascii=False)
        (work / MARKER).write_text(text + "\n", encoding="utf-8")
        _swap(work, out)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _beside(out: Path, what: str) -> Path:
    """Make a folder beside; its name says whose it is, so that what a killed one left can go."""
    return Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.{what}-{os.getpid()}-"))


def _recover(out: Path) -> None:
    """Clear up after a process that was killed: bring a site back that it had just moved away."""
    if os.name != "posix" or not out.parent.is_dir():
        return  # elsewhere one cannot ask whether a process is there
    for left in sorted(out.parent.glob(f".{glob.escape(out.name)}.*-*-*")):
        match = re.fullmatch(rf"\.{re.escape(out.name)}\.(new|old)-(\d+)-\w+", left.name)
        if match is None or not left.is_dir() or _alive(int(match[2])):
            continue
        if match[1] == "old" and not out.exists() and _ours(left / out.name):
            (left / out.name).rename(out)
        shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def _swap(work: Path, out: Path) -> None:
    """Put the new folder in the place of the old one, and bring the old one back if that fails."""
    check(out)  # it was a long while
    if not out.exists():
        work.rename(out)
        return
    old = _beside(out, "old")
    out.rename(old / out.name)
    try:
        work.rename(out)
    except BaseException:
        with suppress(OSError):
            (old / out.name).rename(out)
            old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)
