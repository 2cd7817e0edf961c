"""A model of another make becomes a run; its code is loaded only where a person said so."""

import shutil
import sys

import pytest

from tests import fakes
from tests.adapters import factor_analysis
from vae.backends import AdaptedModel
from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import adapters
from vae.models.adapters import VARIABLE
from vae.models.explorable import NotAvailableError
from vae.runs.store import RunDirectory
from vae.runs.summary import summarise
from vae.sharing import export, open_archive, verify
from vae.studies import fingerprint
from vae.studies.summary import figures, figures_of
from vae.training.adopting import adopt

ADAPTER = "tests.adapters.factor_analysis:make"
FEW = fakes.corpus().subset(range(60))


@pytest.fixture(autouse=True)
def _no_umap(monkeypatch):
    monkeypatch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run of another make with its evaluation, for all tests; none of them may change it."""
    out = tmp_path_factory.mktemp("adopted") / "other"
    model = factor_analysis.make()
    corpus = Corpus("own", FEW.sentences, FEW.labels, source={"kind": "file", "name": "own"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)
        return out, adopt(out, ADAPTER, model, corpus, iw_samples=5, most_sentences=20)


@pytest.fixture
def adopted(tmp_path, made):
    """A copy of it, and its evaluation."""
    out, result = made
    shutil.copytree(out, tmp_path / "other")
    return RunDirectory(tmp_path / "other"), result


def test_it_has_what_other_runs_have(adopted):
    run, result = adopted
    assert figures_of(run)["nll_iw"] == figures(result)["nll_iw"] > 0
    assert run.state() == "finished"
    assert run.has("sentences.parquet")
    assert run.has_model()
    assert summarise("other", run, figures_of).latent_dim == 12
    assert not list(run.path.parent.glob(".*"))


def test_it_opens_where_the_environment_names_its_adapter(adopted, monkeypatch):
    run, _ = adopted
    monkeypatch.setenv(VARIABLE, f"another.module:make, {ADAPTER}")
    explorer = Explorer.load(run)
    assert isinstance(explorer.backend, AdaptedModel)
    assert len(explorer.atlas) == len(FEW)
    assert explorer.neighbours(explorer.encode(FEW.sentences[:1]).mean, 1)[0][0].row == 0


def test_nothing_is_imported_that_the_environment_does_not_name(tmp_path, adopted, monkeypatch):
    """A config.json that came from somebody else never makes us run code."""
    run, _ = adopted
    (tmp_path / "trap_of_a_stranger.py").write_text("raise SystemExit('it ran')")
    monkeypatch.syspath_prepend(str(tmp_path))
    stored = run.read_json("config.json")
    run.write_json("config.json", {**stored, "adapter": "trap_of_a_stranger:make"})
    for value in (None, "", ADAPTER, "trap_of_a_stranger", "trap_of_a_stranger:other", "*"):
        monkeypatch.delenv(VARIABLE, raising=False)
        if value is not None:
            monkeypatch.setenv(VARIABLE, value)
        with pytest.raises(NotAvailableError, match=f"{VARIABLE}=trap_of_a_stranger:make"):
            Explorer.load(run)
    assert "trap_of_a_stranger" not in sys.modules


@pytest.mark.parametrize(
    "name", ["", "os", "os.system", ":make", "os:", "a:b:c", "a b:c", "../x:y", 5, "x:" + "y" * 400]
)
def test_what_names_no_adapter_is_refused(adopted, name, monkeypatch):
    run, _ = adopted
    run.write_json("config.json", {**run.read_json("config.json"), "adapter": name})
    monkeypatch.setenv(VARIABLE, str(name))
    with pytest.raises(UserError, match="names no adapter"):
        Explorer.load(run)


def test_another_model_behind_the_same_name_is_told(adopted, monkeypatch):
    run, _ = adopted
    stored = run.read_json("config.json")
    monkeypatch.setenv(VARIABLE, ADAPTER)
    for mean in ([0.0] * 12, stored["example_mean"][:5], None, ["x"] * 12):
        run.write_json("config.json", {**stored, "example_mean": mean})
        with pytest.raises(UserError, match="Adopt it again"):
            Explorer.load(run)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no_such_module_here:make", "no module"),
        ("tests.adapters.factor_analysis:nothing", "has no 'nothing'"),
        ("tests.adapters.factor_analysis:END", "made no model"),
        ("tests.adapters.factor_analysis:FactorSentences", "made no model"),
    ],
)
def test_a_factory_that_makes_nothing_is_a_sentence(name, said):
    with pytest.raises(UserError, match=said):
        adapters.make(name)


def test_without_likelihood_its_figures_are_null_and_none_is_zero(tmp_path):
    silent = factor_analysis.make_silent()
    result = adopt(tmp_path / "s", f"{ADAPTER}_silent", silent, FEW, most_sentences=20)
    told, kept = figures(result), figures_of(RunDirectory(tmp_path / "s"))
    for name in ("nll_iw", "elbo", "distortion", "ppl", "iw_samples", "n_tokens", "token_accuracy"):
        assert told[name] is None
        assert kept[name] is None
    assert kept["decoder_listens"] is None
    assert kept["rate"] > 0
    assert kept["exact_match"] is not None


def test_where_it_fails_nothing_stays(tmp_path):
    mute = factor_analysis.make_mute()
    mute.encode = lambda sentences: None
    with pytest.raises(UserError, match="encode"):
        adopt(tmp_path / "gone", ADAPTER, mute, FEW)
    assert not list(tmp_path.iterdir())


def test_a_run_that_is_there_is_not_overwritten(adopted):
    run, _ = adopted
    with pytest.raises(UserError, match="there already"):
        adopt(run.path, ADAPTER, factor_analysis.make(), FEW)


def test_its_studies_belong_to_its_latents(adopted):
    run, _ = adopted
    before = fingerprint(run)
    run.write_json("config.json", {**run.read_json("config.json"), "name": "renamed"})
    assert fingerprint(run) == before


def test_it_is_neither_sent_nor_taken_in(adopted, tmp_path):
    """Its code is in no file, and none is taken from one."""
    run, _ = adopted
    with (tmp_path / "out.zip").open("wb") as out, pytest.raises(UserError, match="another make"):
        export(run, out)
    ours = fakes.store_run(tmp_path / "ours")
    with (tmp_path / "ours.zip").open("wb") as out:
        export(ours, out)
    ours.write_json("config.json", {**ours.read_json("config.json"), "adapter": ADAPTER})
    with pytest.raises(UserError, match="another make"):
        verify.check(ours)
    with (tmp_path / "ours.zip").open("rb") as file:
        assert open_archive(file, tmp_path / "runs").has_model()
