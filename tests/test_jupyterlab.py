"""The network widget in a real JupyterLab, used as a person would."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

pytest.importorskip("anywidget")
pytest.importorskip("jupyterlab")

CELLS = (
    "import rolegraph as rg\nkg = rg.load()\nwidget = kg.explore()\nwidget",
    'print("chosen:", widget.selected_role.label)\n'
    'print("route:", " > ".join(r.label for r in widget.route_roles))',
    'widget.selected = "Head of Delivery"',
)
QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
ROOT = Path(__file__).parent.parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _notebook(folder: Path) -> None:
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": text, "outputs": [],
         "execution_count": None}
        for i, text in enumerate(CELLS)
    ]  # fmt: skip
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    made = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    (folder / "explore.ipynb").write_text(json.dumps(made), "utf-8")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab of its own: no settings of the user, nothing asked of the network."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "work").mkdir()
    _notebook(folder / "work")
    (folder / "config" / "labconfig").mkdir(parents=True)
    (folder / "config" / "labconfig" / "page_config.json").write_text(json.dumps(QUIET), "utf-8")
    port = _free_port()
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    own = {f"JUPYTER_{n}": str(folder / n.lower().removesuffix("_dir")) for n in names}
    own["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    own["IPYTHONDIR"] = str(folder / "ipython")
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder / 'work'}", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log)
        try:
            address, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
            while not _answers(address):
                if server.poll() is not None or time.monotonic() > end:
                    pytest.fail("JupyterLab did not start:\n" + (folder / "log").read_text()[-900:])
                time.sleep(0.1)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_widget_is_searched_clicked_routed_and_read_back(lab: str, page: Page) -> None:
    from playwright.sync_api import expect

    errors: list[str] = []
    elsewhere: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on(
        "request",
        lambda r: None if r.url.startswith((lab, "data:", "blob:")) else elsewhere.append(r.url),
    )
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    page.goto(f"{lab}/lab/tree/explore.ipynb")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(len(CELLS))
    # the kernel is there when its indicator says that it is idle
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()

    def run(n: int) -> None:
        # while Lab still settles, it may take the focus away and a key goes nowhere
        for _ in range(10):
            cells.nth(n).locator(".cm-content").click()
            page.keyboard.press("Control+Enter")
            with contextlib.suppress(AssertionError):
                prompt = cells.nth(n).locator(".jp-InputPrompt")
                expect(prompt).not_to_have_text("[ ]:", timeout=4000)
                return
        pytest.fail(f"cell {n} does not run")

    run(0)
    widget = page.locator(".rgx")
    expect(widget).to_be_visible()
    expect(widget.locator("canvas.sigma-nodes")).to_be_visible()

    # search, with the keyboard
    find = widget.get_by_role("combobox", name="Find a role")
    find.click()
    page.keyboard.type("delivery dir")
    expect(widget.get_by_role("option", name="Delivery Director")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    side = widget.get_by_role("region", name="Role or route")
    expect(side.get_by_role("heading", name="Delivery Director")).to_be_visible()

    # a click on a neighbour in its card gives that one's, with what Python knows of it
    side.get_by_role("button", name="Senior Delivery Manager").first.click()
    expect(side.get_by_role("heading", name="Senior Delivery Manager")).to_be_visible()
    expect(side.get_by_text("who says so").first).to_be_visible()

    # a click on the map: where the role stands is asked of the drawing, when it is at rest
    still = """() => { const map = document.querySelector(".rgx").rolegraph.map.renderer;
        return !map.getCamera().isAnimated(); }"""
    page.wait_for_function(still)
    node = widget.evaluate(
        """root => { const map = root.rolegraph.map.renderer, graph = map.getGraph();
           const key = graph.findNode((k) => root.rolegraph.label(k) === "Project Manager");
           const d = map.getNodeDisplayData(key), p = map.framedGraphToViewport(d);
           map.getContainer().scrollIntoView({block: "center"});
           const now = map.getContainer().getBoundingClientRect();
           return {x: now.x + p.x, y: now.y + p.y}; }"""
    )
    page.mouse.move(node["x"], node["y"])
    page.mouse.click(node["x"], node["y"])
    expect(side.get_by_role("heading", name="Project Manager", exact=True)).to_be_visible()
    expect(side.get_by_role("heading", name="Asks for")).to_be_visible()

    # a route
    side.get_by_role("button", name="Route from here").click()
    widget.get_by_role("combobox", name="to", exact=True).click()
    page.keyboard.type("delivery director")
    page.keyboard.press("Enter")
    expect(side.locator("ol.rgx-steps > li")).to_have_count(3)
    expect(side).to_contain_text("rests on: stated")

    # what Python has of it: the last role that was clicked, and the route
    side.get_by_role("button", name="Senior Delivery Manager").first.click()
    run(1)
    output = cells.nth(1).locator(".jp-OutputArea-output")
    expect(output).to_contain_text("chosen: Senior Delivery Manager")
    expect(output).to_contain_text(
        "route: Project Manager > Delivery Manager > Senior Delivery Manager > Delivery Director"
    )

    # and the other way round
    run(2)
    expect(side.get_by_role("heading", name="Head of Delivery")).to_be_visible()

    # the theme is Lab's, whatever the system's is
    expect(widget).to_have_attribute("data-theme", "light")
    change = "jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    page.evaluate(change)
    expect(widget).to_have_attribute("data-theme", "dark")
    assert errors == []
    assert elsewhere == []
