"""One sentence steered to a value of a label, and what that changed."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.latent.onehot import OneHot
from vae import studies
from vae.corpora import factors
from vae.errors import UserError
from vae.latent.directions import REST
from vae.studies.steered import steer_to

CORPUS = factors.generate(500)


class Explored(OneHot):
    """The model whose answers are known, as a run with a map and no study."""

    run = None

    @property
    def atlas(self):
        """All sentences with their labels."""
        split = np.array(["train", "validation", "test"])[CORPUS.split]
        labels = {**CORPUS.labels, "split": tuple(split.tolist())}
        return SimpleNamespace(sentences=CORPUS.sentences, labels=labels)

    def facts(self):
        """Of its corpus."""
        return {"corpus": {"name": "factors", "source": dict(CORPUS.source)}}


@pytest.fixture(autouse=True)
def _without_study(monkeypatch):
    monkeypatch.setattr(studies, "made", lambda run, name: None)


def test_the_property_flips_and_what_the_grammar_forces_is_said():
    found = steer_to(Explored(), "tense", "future", "She loved eating the soup.", [1.0])
    assert found.before is None  # a soup needs its adjective in this language
    found = steer_to(
        Explored(), "tense", "future", "She loved eating the tasty soup yesterday.", [0.0, 1.0]
    )
    assert (found.before, found.direction.source, found.read_by) == ("past", "past", "grammar")
    still, moved = found.steps
    assert (still.reads_as, still.flipped, dict(still.changed)) == ("past", False, {})
    assert (moved.reads_as, moved.flipped) == ("future", True)
    assert moved.changed.keys() == {"time"}
    assert moved.forced == ("time",)
    assert moved.changed["time"][0] == "yesterday"


def test_a_sentence_that_has_the_value_already_is_moved_from_all_others():
    found = steer_to(Explored(), "mood", "statement", "She loved eating the tasty soup.", [1.0])
    assert (found.before, found.direction.source) == ("statement", REST)
    assert found.steps[0].flipped
    assert not found.steps[0].changed


def test_what_else_changed_is_said_where_the_grammar_does_not_force_it():
    found = steer_to(
        Explored(deaf=("polarity",)),
        "mood",
        "question",
        "She did not love eating the tasty soup.",
        [1.0],
    )
    (step,) = found.steps
    assert step.flipped
    assert step.changed["polarity"] == ("negative", "affirmative")
    assert step.forced == ()


def test_what_there_is_is_listed():
    with pytest.raises(UserError, match="no label 'mod'; it has subject, person"):
        steer_to(Explored(), "mod", "question", "She sang.", [1.0])
    with pytest.raises(UserError, match="no value 'angry' here; it has question, statement"):
        steer_to(Explored(), "mood", "angry", "She sang.", [1.0])
