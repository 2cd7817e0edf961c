"""The notebook of each lesson runs as it stands, and its text says what its cells compute."""

import functools
import json
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

import vae
from vae import Explorer

FOLDER = Path(vae.__file__).parents[1] / "assets" / "notebooks" / "lessons"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
_NOT_MEASURED = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$]*\$|“[^”]*”", re.DOTALL)
_MEASURED = re.compile(r"`([^`]+)`|(?<![\w.])(\d+\.\d+)")


@pytest.fixture(scope="module")
def load():
    """`Explorer.load` that reads each run once: notebooks only look at it."""
    return staticmethod(functools.cache(Explorer.load))


def cells_of(notebook: Path, kind: str) -> list[dict]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def text_of(cells: list[dict]) -> str:
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def test_each_lesson_has_one():
    files = Path(vae.__file__).parent / "course" / "lessons"
    lessons = sorted(path.name.removesuffix(".en.md") for path in files.glob("*.en.md"))
    assert [notebook.stem for notebook in NOTEBOOKS] == lessons


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_its_text_says_what_it_computes(notebook, load, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(go.Figure, "show", lambda figure: shown.append(figure))
    monkeypatch.setattr(Explorer, "load", load)
    code, names = cells_of(notebook, "code"), {}
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    for cell in code:
        exec("".join(cell["source"]), names)
    assert shown
    assert all(figure.data for figure in shown)
    computed = capsys.readouterr().out + text_of(code)
    text = _NOT_MEASURED.sub("", text_of(cells_of(notebook, "markdown")))
    told = [phrase or number for phrase, number in _MEASURED.findall(text)]
    assert [each for each in told if each not in computed] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_short_and_predicts_before_it_computes(notebook):
    text, code = cells_of(notebook, "markdown"), cells_of(notebook, "code")
    assert 6 <= len(text) + len(code) <= 12
    assert "**Predict.**" in "".join(text[0]["source"])
    for part in ("**Compare.**", "**Explain.**"):
        assert part in text_of(text)
