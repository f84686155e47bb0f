"""The notebooks run from top to bottom, and show what they were committed with."""

from __future__ import annotations

import copy
import json
import os
import re
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from nbclient import NotebookClient

import rolegraph as rg

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
MARKET = next((p for p in NOTEBOOKS if p.stem == "labour-market"), None)
PLAN = next((p for p in NOTEBOOKS if p.stem == "plan-a-career"), None)
# what the store of the labour-market notebook holds, beside the model
SOURCES = {
    *("article", "curated", "mappings", "gdad", "esco", "onet", "crosswalk"),
    "derived-esco-combined",
}
# a place in the file system, in a URL's stead: /home/…, C:\…
MACHINE = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|work|Users|mnt|opt|var)/|\b[A-Z]:\\")


# What must differ from run to run or from machine to machine is told in one way. Nothing else is.
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")  # where an object lies in memory
NUMBER = re.compile(r"-?\d+\.\d+")  # in SVG: the last digits of a place depend on the processor


def normal(mime: str, data: Any) -> str:
    """Give an output in one of its forms as text to compare."""
    text = data if isinstance(data, str) else json.dumps(data, indent=1, sort_keys=True)
    text = ADDRESS.sub("at 0x…", text)
    if mime == "image/svg+xml":
        text = NUMBER.sub(lambda m: f"{float(m[0]):.2f}", text)
    return text


class Shown(NamedTuple):
    """What a code cell shows.

    Attributes
    ----------
    cell : str
        The cell's id.
    streams : dict of str to str
        What it prints. Streams are joined: into how many pieces a kernel cuts one depends on the
        moment.
    values : list of dict of str to str
        What it displays and gives, in each of its forms, and with what goes with them.
    error : str
        How it fails, where it is meant to.
    """

    cell: str
    streams: dict[str, str]
    values: list[dict[str, str]]
    error: str

    def __bool__(self) -> bool:
        return bool(self.streams or self.values or self.error)

    @property
    def texts(self) -> list[str]:
        """What stands there to be read as plain text."""
        return [*self.streams.values(), *(v.get("text/plain", "") for v in self.values)]

    def parts(self) -> dict[str, str]:
        """Everything under a name that tells what and where it is."""
        out = {f"cell {self.cell}, {name}": text for name, text in self.streams.items()}
        for n, value in enumerate(self.values, 1):
            out |= {f"cell {self.cell}, output {n}, {name}": t for name, t in value.items()}
        return out | ({f"cell {self.cell}, error": self.error} if self.error else {})


def outputs(notebook: Any) -> list[Shown]:
    """What each code cell shows, in all forms: text, HTML, Markdown, SVG, JSON, whatever else."""
    out = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        shown = Shown(cell.id, {}, [], "")
        for o in cell.outputs:
            if o.output_type == "stream":
                text = shown.streams.get(o.name, "") + normal("text/plain", o.text)
                shown.streams[o.name] = text
            elif o.output_type == "error":
                told = "\n".join([o.ename, o.evalue, *o.traceback])
                shown = shown._replace(error=normal("text/plain", told))
            else:
                forms = {mime: normal(mime, data) for mime, data in o.data.items()}
                more = {"metadata": normal("", o.metadata)} if o.metadata else {}
                shown.values.append({**forms, **more, "is a": o.output_type})
        out.append(shown)
    return out


def stale(committed: list[Shown], fresh: list[Shown]) -> list[str]:
    """Say what a notebook was committed with that it does not show when it runs."""
    assert [x.cell for x in committed] == [x.cell for x in fresh]
    found = []
    for old, new in zip(committed, fresh, strict=True):
        was, now = old.parts(), new.parts()
        for name in dict.fromkeys([*was, *now]):
            if name not in now:
                found.append(f"{name}: was committed, and is not shown any more")
            elif name not in was:
                found.append(f"{name}: is shown, and was not committed")
            elif was[name] != now[name]:
                found.append(f"{name}: differs {_first(was[name], now[name])}")
    return found


def current(committed: list[Shown], fresh: list[Shown]) -> None:
    """Fail, and name the outputs, if a notebook shows something else than it was committed with."""
    if found := stale(committed, fresh):
        pytest.fail("outputs are out of date\n" + "\n".join(found), pytrace=False)


def _first(old: str, new: str) -> str:
    """Show the first line in which two texts differ, of long ones the place."""
    pairs = zip_longest(old.splitlines(), new.splitlines(), fillvalue="")
    line, (was, now) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False)))
    start = max(0, alike - 50)
    cut = "…" if start else ""
    return f"in line {line}\n-{cut}{was[start : start + 150]}\n+{cut}{now[start : start + 150]}"


def run(notebook: Any, folder: Path, timeout: int) -> None:
    """Run a notebook in a folder, in place."""
    NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    ).execute()


def market() -> Any:
    """The notebook on labour markets, as committed."""
    assert MARKET is not None, "notebooks/labour-market.ipynb is not there"
    return nbformat.read(MARKET, as_version=4)


@pytest.fixture
def full_store(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store named by ROLEGRAPH_STORE, if it holds what the notebook shows and no more.

    With a source less the notebook would import it, for minutes and into somebody's store.
    """
    named = os.environ.get("ROLEGRAPH_STORE")
    if not named:
        pytest.skip("ROLEGRAPH_STORE names no store with all the sources of the notebook")
    store = Path(named).resolve()
    keys = {s.key for s in rg.open(store).sources() if s.kind != "model"}
    if keys != SOURCES:
        pytest.skip(f"the store of ROLEGRAPH_STORE differs in {sorted(keys ^ SOURCES)}")
    monkeypatch.setenv("ROLEGRAPH_STORE", str(store))
    return store


def test_there_is_a_quickstart() -> None:
    assert "quickstart.ipynb" in [p.name for p in NOTEBOOKS]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", [p for p in NOTEBOOKS if p not in (MARKET, PLAN)], ids=lambda p: p.stem
)
@pytest.mark.filterwarnings("ignore")
def test_notebook_runs_and_its_outputs_are_current(path: Path, checkout: Path) -> None:
    committed = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    run(fresh, checkout, timeout=120)
    assert any(outputs(committed))
    current(outputs(committed), outputs(fresh))


FORMS = {
    "text/plain": ("a table", "a tablE"),
    "text/html": ("<p>a table</p>", "<p>a  table</p>"),
    "text/markdown": ("| a |", "| b |"),
    "image/svg+xml": ('<path d="M1.5,2.25"/>', '<path d="M1.52,2.25"/>'),
    "image/png": ("iVBORw0KGgo=", "iVBORw0KGgp="),
    "application/json": ({"a": [1, 2]}, {"a": [1, 3]}),
    "application/vnd.vegalite.v6+json": ({"mark": "bar"}, {"mark": "line"}),
}


def _showing(**changes: Any) -> Any:
    """A notebook of one cell that shows everything, and a change in it."""
    v4 = nbformat.v4
    data = {mime: changes.get("data", {}).get(mime, old) for mime, (old, _) in FORMS.items()}
    bundle = v4.new_output(
        "display_data",
        {k: v for k, v in data.items() if v is not None},
        metadata={"isolated": True},
    )
    parts = changes.get("parts", ("one\n", "two\n"))
    streams = [v4.new_output("stream", name="stdout", text=text) for text in parts]
    told = changes.get("told", "no such thing")
    error = v4.new_output("error", ename="E", evalue=told, traceback=[f"E: {told}"])
    return v4.new_notebook(cells=[v4.new_code_cell("x", id="x", outputs=[*streams, bundle, error])])


@pytest.mark.parametrize("mime", FORMS)
def test_a_change_in_any_form_of_an_output_is_noticed(mime: str) -> None:
    before = outputs(_showing())
    assert not stale(before, outputs(copy.deepcopy(_showing())))
    (found,) = stale(before, outputs(_showing(data={mime: FORMS[mime][1]})))
    assert found.startswith(f"cell x, output 1, {mime}: differs in line ")
    # a form that is new, or gone
    (found,) = stale(before, outputs(_showing(data={mime: None})))
    assert found == f"cell x, output 1, {mime}: was committed, and is not shown any more"
    (found,) = stale(outputs(_showing(data={mime: None})), before)
    assert found == f"cell x, output 1, {mime}: is shown, and was not committed"


def test_only_what_must_differ_may_differ() -> None:
    before = outputs(_showing())
    assert not stale(before, outputs(_showing(parts=("o", "ne\ntwo\n"))))
    (found,) = stale(before, outputs(_showing(parts=("one\n", "too\n"))))
    assert found == "cell x, stdout: differs in line 2\n-two\n+too"
    (found,) = stale(before, outputs(_showing(told="none")))
    assert found.startswith("cell x, error: differs in line 2\n-no such thing\n+none")
    near = _showing(data={"image/svg+xml": '<path d="M1.4999999,2.25"/>'})
    assert not stale(before, outputs(near))
    one, two = ({"text/plain": f"<x at 0x7f{n}a>"} for n in (12, 34))
    assert not stale(outputs(_showing(data=one)), outputs(_showing(data=two)))
    (bare,) = copy.deepcopy(_showing()).cells
    bare.outputs[2].metadata = {}
    (found,) = stale(before, outputs(nbformat.v4.new_notebook(cells=[bare])))
    assert found == "cell x, output 1, metadata: was committed, and is not shown any more"
    with pytest.raises(pytest.fail.Exception, match="out of date\ncell x, output 1, metadata"):
        current(before, outputs(nbformat.v4.new_notebook(cells=[bare])))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_labour_market_runs_and_its_outputs_are_current(
    full_store: Path, shared: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLEGRAPH_DATA", str(shared))
    before = (full_store / "CURRENT").read_bytes()
    committed, fresh = market(), market()
    run(fresh, checkout / "notebooks", timeout=300)
    current(outputs(committed), outputs(fresh))
    assert (full_store / "CURRENT").read_bytes() == before, "the notebook changed the store"


def test_labour_market_compiles() -> None:
    for i, cell in enumerate(c for c in market().cells if c.cell_type == "code"):
        compile(cell.source, f"labour-market, code cell {i + 1}", "exec")


def test_labour_market_was_committed_as_it_ran_from_top_to_bottom() -> None:
    cells = [c for c in market().cells if c.cell_type == "code"]
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1))
    assert not [o for c in cells for o in c.outputs if o.output_type == "error"]
    assert not [o.text for c in cells for o in c.outputs if o.get("name") == "stderr"]
    silent = [i for i, c in enumerate(cells) if not c.outputs]
    assert silent == [0], "only the first cell, which names the folders, shows nothing"


def test_labour_market_names_no_place_of_a_machine() -> None:
    assert MACHINE.search("see '/home/somebody/careers'")  # the pattern finds what it is for
    assert not MACHINE.search("https://w3id.org/rolegraph/work/tmp/")
    assert MARKET is not None
    assert (found := MACHINE.search(MARKET.read_text(encoding="utf-8"))) is None, found


def test_labour_market_shows_every_source_with_its_attribution() -> None:
    shown = "\n".join(text for x in outputs(market()) for text in x.texts)
    for words in (
        "This service uses the ESCO classification of the European Commission.",
        "O*NET 29.2 Database by the U.S. Department of Labor",
        "Contains public sector information licensed under the Open Government Licence v3.0.",
        "Nesta, Mapping Career Causeways",
    ):
        assert words in shown


def plan(*, esco: bool) -> Any:
    """The notebook on planning, as committed; cells with the tag "esco" need a store with ESCO."""
    assert PLAN is not None, "notebooks/plan-a-career.ipynb is not there"
    notebook = nbformat.read(PLAN, as_version=4)
    tagged = [c for c in notebook.cells if "esco" in c.metadata.get("tags", ())]
    assert len(tagged) > 4
    if not esco:
        notebook.cells = [c for c in notebook.cells if c not in tagged]
    return notebook


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_planning_runs_without_esco_and_its_other_outputs_are_current(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLEGRAPH_STORE", raising=False)
    fresh = plan(esco=True)
    run(fresh, checkout, timeout=120)
    # what needs ESCO has run too, and says in one line that it is left out
    esco = {c.id for c in fresh.cells if "esco" in c.metadata.get("tags", ())}
    shown = outputs(fresh)
    current(outputs(plan(esco=False)), [x for x in shown if x.cell not in esco])
    assert [x.streams for x in shown if x.cell in esco and x] == [
        {"stdout": "no ROLEGRAPH_STORE with ESCO: left out\n"}
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_planning_runs_on_esco_and_its_outputs_are_current(
    full_store: Path, checkout: Path
) -> None:
    before = (full_store / "CURRENT").read_bytes()
    fresh = plan(esco=True)
    run(fresh, checkout / "notebooks", timeout=120)
    current(outputs(plan(esco=True)), outputs(fresh))
    assert (full_store / "CURRENT").read_bytes() == before, "the notebook changed the store"


def test_planning_was_committed_as_it_ran_from_top_to_bottom_with_esco() -> None:
    cells = [c for c in plan(esco=True).cells if c.cell_type == "code"]
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1))
    assert not [o for c in cells for o in c.outputs if o.output_type == "error"]
    assert not [o.text for c in cells for o in c.outputs if o.get("name") == "stderr"]
    assert not [i for i, c in enumerate(cells) if not c.outputs]
    shown = "\n".join(text for x in outputs(plan(esco=True)) for text in x.texts)
    assert "This service uses the ESCO classification of the European Commission." in shown
    assert PLAN is not None
    assert (found := MACHINE.search(PLAN.read_text(encoding="utf-8"))) is None, found
