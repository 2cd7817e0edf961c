"""A run that ships without its text says so wherever sentences of its map would stand."""

import json
import shutil

import pytest
import torch

from tests.pages.support import assert_calm, open_app, said
from tests.sharing import test_said_replay as replayed
from tests.sharing.test_publishing import published, run, text  # noqa: F401
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs.catalogue import remember


@pytest.fixture
def shown(published, tmp_path, monkeypatch):  # noqa: F811
    """The name of a published run that the app knows."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    place = tmp_path / "public"
    shutil.copytree(published.path, place)
    (place / "evaluation.json").unlink()  # of a test, and no evaluation
    remember(place)
    return place.name


@pytest.mark.parametrize(
    "page",
    ["pages/explore/home.py", "pages/explore/map.py", "pages/explore/interpolate.py"],
)
def test_a_page_with_sentences_of_the_map_says_whose_words_they_are(page, shown):
    app = open_app(page, run=shown)
    assert_calm(app)
    assert "in place of each sentence stands what the model says" in said(app)
    assert "`python -m vae prepare public --data FILE`" in said(app)


def test_where_its_sentences_lie_is_known_before_one_of_them_is_decoded(shown, monkeypatch):
    explorer = Explorer.load(shown)
    with monkeypatch.context() as patch:
        patch.setattr(Explorer, "decode", None)
        posterior, of_map = explorer.known_posterior()
    assert of_map
    assert torch.equal(posterior.mean, explorer.atlas.posterior.mean)
    assert torch.equal(posterior.logvar, explorer.atlas.posterior.logvar)
    assert torch.equal(posterior.mean, explorer.known_posterior()[0].mean)


def test_latents_without_their_means_are_a_sentence(shown):
    explorer = Explorer.load(shown)
    arrays = explorer.run.read_arrays("latents.npz")
    explorer.run.write_arrays("latents.npz", {k: v for k, v in arrays.items() if k != "mean"})
    with pytest.raises(UserError, match="has not a row for each sentence"):
        _ = explorer.atlas
    assert not explorer.known_posterior()[1]


def test_the_card_names_origin_and_licence_of_the_text(shown):
    for page in ("pages/explore/home.py", "pages/train/runs.py"):
        app = open_app(page, run=shown)
        assert_calm(app)
        assert "The text is by Ours, CC0." in said(app)


def test_its_training_is_replayed_in_the_words_of_the_model(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    corpus = replayed.factors.generate(replayed.N, seed=8)
    run = replayed.snapshots_of(tmp_path / "private")  # noqa: F811
    place = replayed.publish(run, tmp_path / "replayed", corpus).path
    (place / "evaluation.json").unlink()  # of a test, and no evaluation
    remember(place)
    app = open_app("pages/train/training.py", run="replayed")
    assert_calm(app)
    assert "in place of each sentence of it stands what the model says" in said(app)
    (found,) = [c for c in app.get("bidi_component") if c.proto.component_name.endswith("replay")]
    story = json.loads(found.proto.json)
    assert len(story["originals"]) == 3
    assert all(story["originals"])
    assert len(story["sentences"]) == 20
    back = ["".join(part for part, _ in pieces) for pieces in story["snapshots"][0]["back"]]
    assert back[1:] == ["(a sentence of the text, left out)", replayed.OWN]
    assert not set(corpus.sentences) & {*story["sentences"], *story["originals"], *back}
    assert story["colourings"][0]["name"] in corpus.labels
