"""The notebooks run from top to bottom, and show what they were committed with."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

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


def outputs(notebook: Any) -> list[tuple[list[str], list[str]]]:
    """What each code cell prints, by stream, and what it gives as plain text.

    Streams are joined: into how many pieces a kernel cuts one depends on the moment.
    """
    out = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        streams: dict[str, str] = {}
        for o in cell.outputs:
            if o.output_type == "stream":
                streams[o.name] = streams.get(o.name, "") + o.text
        given = [o.get("data", {}).get("text/plain", "") for o in cell.outputs if "data" in o]
        out.append((sorted(streams.values()), given))
    return out


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
    assert any(printed or given for printed, given in outputs(committed))
    assert outputs(fresh) == outputs(committed)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_labour_market_runs_and_its_outputs_are_current(
    full_store: Path, shared: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLEGRAPH_DATA", str(shared))
    before = (full_store / "CURRENT").read_bytes()
    committed, fresh = market(), market()
    run(fresh, checkout / "notebooks", timeout=300)
    assert outputs(fresh) == outputs(committed)
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
    shown = "\n".join(text for printed, given in outputs(market()) for text in printed + given)
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
    shown = outputs(fresh)
    kept = [c for c in fresh.cells if "esco" not in c.metadata.get("tags", ())]
    fresh.cells = kept
    rest = outputs(fresh)
    assert rest == outputs(plan(esco=False))
    assert [x for x in shown if x != ([], []) and x not in rest] == [
        (["no ROLEGRAPH_STORE with ESCO: left out\n"], [])
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_planning_runs_on_esco_and_its_outputs_are_current(
    full_store: Path, checkout: Path
) -> None:
    before = (full_store / "CURRENT").read_bytes()
    fresh = plan(esco=True)
    run(fresh, checkout / "notebooks", timeout=120)
    assert outputs(fresh) == outputs(plan(esco=True))
    assert (full_store / "CURRENT").read_bytes() == before, "the notebook changed the store"


def test_planning_was_committed_as_it_ran_from_top_to_bottom_with_esco() -> None:
    cells = [c for c in plan(esco=True).cells if c.cell_type == "code"]
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1))
    assert not [o for c in cells for o in c.outputs if o.output_type == "error"]
    assert not [o.text for c in cells for o in c.outputs if o.get("name") == "stderr"]
    assert not [i for i, c in enumerate(cells) if not c.outputs]
    shown = "\n".join(text for printed, given in outputs(plan(esco=True)) for text in printed)
    assert "This service uses the ESCO classification of the European Commission." in shown
    assert PLAN is not None
    assert (found := MACHINE.search(PLAN.read_text(encoding="utf-8"))) is None, found
