"""The package as people get it: built, installed, and run away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
FILES = """
import rolegraph, rolegraph.resources as r
print(rolegraph.__file__, r.ontology_path("rolegraph.ttl"), r.queries_path(), sep="\\n")
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command with nothing of this process's Python settings, and return its output."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own that borrows only rolegraph's dependencies."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> Environment:
        venv.create(root, with_pip=False, symlinks=os.name != "nt")
        made = cls(root)
        borrowed = [p for p in sys.path if Path(p).name in {"site-packages", "dist-packages"}]
        # The last name in the alphabet: an editable install's own .pth must come before it, or a
        # rolegraph among the borrowed packages would hide the one under test.
        (made.site_packages / "zz_borrowed.pth").write_text("\n".join(borrowed), "utf-8")
        return made

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def scripts(self) -> Path:
        return self.root / ("Scripts" if os.name == "nt" else "bin")

    @property
    def site_packages(self) -> Path:
        return next(self.root.rglob("site-packages"))

    def install(self, *what: str | Path, cwd: Path) -> None:
        """Install without the network, and whatever is among the borrowed packages."""
        offline = ("--no-deps", "--no-index", "--no-build-isolation")
        run(*PIP, "--python", self.python, "install", "-I", *offline, *what, cwd=cwd)

    def files(self, cwd: Path) -> list[Path]:
        """Where the package, an ontology file and the queries lie, as seen from there."""
        out = run(self.python, "-c", FILES, cwd=cwd)
        return [Path(line).resolve() for line in out.splitlines()]

    def route(self, cwd: Path) -> str:
        program = self.scripts / ("rolegraph.exe" if os.name == "nt" else "rolegraph")
        return run(program, "route", "Project Manager", "Delivery Director", cwd=cwd)


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the unpacked source distribution so that both are complete."""
    work = tmp_path_factory.mktemp("build")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", work, cwd=checkout)
    (sdist,) = work.glob("rolegraph-*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(work, filter="data")
    source = work / sdist.name.removesuffix(".tar.gz")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", work, cwd=source)
    (built,) = work.glob("rolegraph-*.whl")
    return built


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder to run in that holds nothing."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_wheel_holds_every_file_of_ontology_and_queries(wheel: Path, checkout: Path) -> None:
    with ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    shipped = [
        f"rolegraph/_data/{path.relative_to(checkout).as_posix()}"
        for folder in ("ontology", "queries")
        for path in (checkout / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".pyc"
    ]
    assert shipped
    assert [name for name in shipped if name not in packed] == []
    licences = {name.partition("/licenses/")[2] for name in packed if "/licenses/" in name}
    assert licences == {"LICENSE", "ontology/LICENSE"}
    assert "rolegraph/py.typed" in packed


def test_wheel_brings_its_own_files_and_routes(
    wheel: Path, checkout: Path, tmp_path: Path, elsewhere: Path
) -> None:
    environment = Environment.make(tmp_path / "venv")
    environment.install(wheel, cwd=elsewhere)
    files = environment.files(elsewhere)
    home = environment.site_packages.resolve()
    assert files == [
        home / "rolegraph" / "__init__.py",
        home / "rolegraph" / "_data" / "ontology" / "rolegraph.ttl",
        home / "rolegraph" / "_data" / "queries",
    ]
    assert not any(path.is_relative_to(checkout) for path in files)
    out = environment.route(elsewhere)
    assert "Project Manager" in out
    assert "Delivery Director" in out


def test_editable_install_uses_the_checkout_and_routes(
    checkout: Path, tmp_path: Path, elsewhere: Path
) -> None:
    environment = Environment.make(tmp_path / "venv")
    environment.install("--editable", checkout, cwd=elsewhere)
    assert environment.files(elsewhere) == [
        checkout / "rolegraph" / "__init__.py",
        checkout / "ontology" / "rolegraph.ttl",
        checkout / "queries",
    ]
    out = environment.route(elsewhere)
    assert "Project Manager" in out
    assert "Delivery Director" in out
