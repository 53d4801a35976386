"""`%%exercise` in a real JupyterLab: a cell is judged in place, in words that are not taken for HTML."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="JupyterLab is not installed")
pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

ROOT = Path(__file__).resolve().parents[2]
WRONG = """%%exercise losses.mse_loss
def mse_loss(pred, target):
    print("<b>n</b> is", len(pred))
    return ((pred - target) ** 2).sum()"""
RIGHT = """%%exercise
def mse_loss(pred, target):
    return ((pred - target) ** 2).mean()"""


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab in a folder that has no course in it but a notebook."""
    cells = ["import torch\n%load_ext backpass", WRONG, RIGHT]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, tmp_path / "losses.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {name: str(tmp_path / name) for name in ("HOME", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    environment |= {"PYTHONPATH": str(ROOT)}
    options = ["--no-browser", f"--port={port}", "--IdentityProvider.token=", "--allow-root", "--LabApp.news_url="]
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=tmp_path,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, (tmp_path / "lab.log").read_text()
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def test_cells_are_judged_in_place(lab, browser, tmp_path):
    progress = ROOT / "progress.toml"
    before = progress.read_bytes() if progress.exists() else None
    page = browser.new_page(viewport={"width": 1000, "height": 1300})
    page.set_default_timeout(90_000)
    page.goto(f"{lab}/lab/tree/losses.ipynb")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.get_by_text("losses.mse_loss passes.").wait_for()
    wrong, right = (page.locator(".jp-CodeCell").nth(number).locator(".jp-OutputArea") for number in (1, 2))
    said = wrong.inner_text()
    assert "You add up where you should average" in said
    assert "this cell:4:" in said and "^^^" in said  # as the notebook numbers its lines
    assert "<b>n</b> is 2" in said
    assert wrong.locator("pre").evaluate("each => getComputedStyle(each).wordBreak") == "normal"
    assert "losses.mse_loss passes." in right.inner_text()
    page.screenshot(path=os.environ.get("BACKPASS_SCREENSHOT", tmp_path / "notebook.png"))
    page.close()
    assert not (tmp_path / "progress.toml").exists()
    assert (progress.read_bytes() if progress.exists() else None) == before
