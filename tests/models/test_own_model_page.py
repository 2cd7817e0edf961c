"""What vae/models/OWN_MODEL.md tells people to do works as it is written there."""

import re
import sys

import pytest

from tests.fakes import corpus
from vae.backends import AdaptedModel
from vae.cli import main
from vae.explorer import Explorer
from vae.models import adapters
from vae.models.explorable import NotAvailableError
from vae.runs.catalogue import SHIPPED
from vae.studies.summary import figures_of

PAGE = (SHIPPED.parents[1] / adapters.GUIDE).read_text(encoding="utf-8")


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The example of the page in a folder, as my_model.py."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "my_model.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("my_model", None)


def test_the_example_is_adopted_and_opened_by_the_commands_of_the_page(example, monkeypatch):
    monkeypatch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)  # no UMAP, which is slow
    few = corpus().subset(range(60))
    lines = [f"{s},{t}" for s, t in zip(few.sentences, few.labels["topic"], strict=True)]
    (example / "sentences.csv").write_text("\n".join(["sentence,topic", *lines]))
    command, opened = re.findall(r"^(?:python -m vae|LATENT_LENS_ADAPTERS=).*$", PAGE, re.MULTILINE)
    monkeypatch.chdir(example)
    assert main(command.split()[3:]) == 0
    monkeypatch.setenv(adapters.VARIABLE, opened.split()[0].partition("=")[2])
    explorer = Explorer.load(example / "runs" / "mine")
    assert isinstance(explorer.backend, AdaptedModel)
    assert explorer.atlas.labels["topic"] == few.labels["topic"]
    assert explorer.unknown_words("She loves the xylophone") == ["xylophone"]
    with pytest.raises(NotAvailableError):
        explorer.decode(explorer.encode(["She loves the soup"]).mean)
    assert not explorer.has_posterior
    figures = figures_of(explorer.run)
    assert [figures[name] for name in ("rate", "mutual_information", "nll_iw")] == [None] * 3


def test_every_method_that_is_asked_for_is_on_the_page():
    """And none that is not: the tables are the protocol."""
    source = (SHIPPED.parents[1] / "vae/backends/adapted.py").read_text(encoding="utf-8")
    asked = set(re.findall(r'_(?:ask|attribute|offers)\("(\w+)"', source))
    must, may = (PAGE.split(f"## What it {word} offer")[1] for word in ("must", "may"))
    rows = re.findall(r"^\| (`.*?) \|", must.split("##")[0] + may.split("##")[0], re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)", row)}
    assert asked == told
