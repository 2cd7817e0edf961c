"""The notebook runs as it stands, in plain Python, and is kept without its outputs."""

import json
from pathlib import Path

import plotly.graph_objects as go
import pytest

import vae

NOTEBOOK = Path(vae.__file__).parents[1] / "assets" / "notebooks" / "first_steps.ipynb"


@pytest.fixture(scope="module")
def code() -> list[dict]:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert len(cells) == 10
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_its_cells_run_and_show_two_figures(code, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(go.Figure, "show", lambda figure: shown.append(figure))
    names: dict = {}
    for cell in code:
        exec("".join(cell["source"]), names)
    assert len(shown) == 2
    assert all(figure.data for figure in shown)
    assert len(names["path"]) == 7
    assert names["evidence"].diagnosis.sentence in capsys.readouterr().out


def test_it_holds_no_outputs(code):
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
