"""A direction of two sets picked by hand, tried on other sentences of the map."""

import numpy as np
import pytest

from tests import fakes
from vae.explorer import Explorer
from vae.latent.set_direction import TARGET, set_directions
from vae.studies.by_hand import MOVED, SIDE, tried


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("runs") / "mapped", atlas=120))


@pytest.fixture(scope="module")
def sets(explorer):
    """The sentences at both ends of a dimension."""
    atlas = explorer.atlas
    order = np.argsort(atlas.mean[:, 0])
    return [[atlas.sentences[i] for i in rows] for rows in (order[:15], order[-15:])]


def test_the_sentences_moved_are_others_on_the_side_of_the_first_set(explorer, sets, monkeypatch):
    direction = set_directions(explorer, *sets)["difference"].direction
    asked = []

    def watched(explorable, reader, sentences, steps, label, targets):
        asked.extend(sentences)
        assert (label, set(targets)) == (SIDE, {TARGET})
        lengths = [np.linalg.norm(step, axis=1) for step in steps.values()]
        assert lengths[0] == pytest.approx(lengths[1])  # the control goes as far
        return {}

    monkeypatch.setattr("vae.studies.by_hand.curves", watched)
    tried(explorer, direction, [*sets[0], *sets[1]])
    assert 0 < len(asked) <= MOVED
    assert not set(asked) & {*sets[0], *sets[1]}
    assert (direction.place(explorer.encode(asked).mean.numpy()) <= 0.5 + 1e-2).all()


def test_the_grammar_reads_what_else_changes(explorer):
    atlas = explorer.atlas
    found = set_directions(explorer, atlas.sentences[:5], atlas.sentences[5:10])["classifier"]
    done = tried(explorer, found.direction, atlas.sentences[:10], seed=3)
    assert done == tried(explorer, found.direction, atlas.sentences[:10], seed=3)
    assert done.read_by == "grammar"
    assert set(done.curves) == {"classifier", "random"}
    curve = done.curves["classifier"]
    assert curve.flips.n == done.n
    assert {counted.name for counted in curve.stays} == set(atlas.labels) - {"split"}


def test_a_run_without_a_map_has_no_sentences_to_move(tmp_path, explorer, sets):
    unmapped = Explorer.load(fakes.store_run(tmp_path / "unmapped"))
    assert tried(unmapped, set_directions(unmapped, *sets)["difference"].direction, []) is None
