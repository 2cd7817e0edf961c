"""The library stands alone: usable from a notebook or the shell, without the app."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import vae

LIBRARY = Path(vae.__file__).parent


def imported(path: Path) -> set[str]:
    """The top-level names of every import in a file, those inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.fixture(scope="module")
def imports() -> dict[Path, set[str]]:
    """What each module of the library imports, by its path in the library."""
    found = {path.relative_to(LIBRARY): imported(path) for path in LIBRARY.rglob("*.py")}
    assert Path("cli.py") in found
    return found


def those_with(imports: dict[Path, set[str]], *packages: str) -> list[Path]:
    return [path for path, names in imports.items() if names & set(packages)]


def test_the_library_never_imports_the_app_or_what_only_the_app_needs(imports):
    assert not those_with(imports, "streamlit", "altair", "pages", "app", "tests")


def test_only_figures_and_the_report_draw(imports):
    assert {path.parts[0] for path in those_with(imports, "plotly")} == {"figures", "report"}


def test_nothing_that_is_read_from_disk_is_ever_unpickled(imports):
    assert not those_with(imports, "pickle", "joblib", "dill", "shelve", "marshal")


def test_the_first_frame_help_and_who_follows_a_run_need_no_torch():
    code = (
        "import sys, vae, vae.config, vae.runs.jobs, vae.runs.queue; "
        "from vae.cli import build_parser; build_parser(); "
        "print('torch' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=LIBRARY.parent, check=True
    )
    assert out.stdout.strip() == "False"


def test_importing_the_library_loads_neither_torch_nor_what_draws():
    code = (
        "import sys, vae; print({'torch', 'plotly', 'streamlit'} & set(sys.modules)); "
        "vae.figures; print('plotly' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=LIBRARY.parent, check=True
    )
    assert out.stdout.split() == ["set()", "True"]


def test_the_library_has_one_door():
    assert vae.__all__ == ["Explorer", "figures"]
    assert vae.figures.Figure.__name__ == "Figure"
    assert vae.Explorer.__name__ == "Explorer"
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        vae.Nothing  # noqa: B018
