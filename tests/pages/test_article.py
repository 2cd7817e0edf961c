"""Learn: the article's VAE, part by part, and its five mistakes as an exercise."""

import os
import re
from dataclasses import replace
from functools import cache

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pages.common import links
from pages.learn._article import formulas, live, mistakes, parts
from pages.learn._article.live import Setting
from tests.pages.support import assert_calm, open_app, said
from tests.training.test_vector import few
from vae.corpora.vectors import binary_digits
from vae.course import catalogue
from vae.models import Posterior
from vae.models.base import LOGVAR_RANGE
from vae.models.vector import vector_loss
from vae.runs import jobs
from vae.training import vector_file, vector_job
from vae.training.listing import LISTING, RIGHT_LINES
from vae.training.mistakes import MISTAKES
from vae.training.vector import VectorTrainConfig, train_vectors
from vae.training.vector_setting import begun

PAGE = "pages/learn/article.py"
EPOCHS = 4


def learned(setting: Setting, epochs: int = EPOCHS) -> None:
    """Bring the training that the page shows to an early end."""
    training = live.training(setting)
    made = begun(setting, training.vectors)
    made.config = replace(made.config, epochs=epochs)
    made.advance()
    vector_file.keep(made, live.file_of(setting))


@cache
def trained(likelihood: str):
    """A short training, one for all who ask."""
    if likelihood == "gaussian":
        return train_vectors(few(), VectorTrainConfig(epochs=2))
    digits = few(200, binary_digits())
    return train_vectors(digits, VectorTrainConfig(epochs=2), likelihood=likelihood)


def words(app) -> str:
    return "\n".join([said(app), *(str(line.value) for line in app.get("latex"))])


@pytest.mark.parametrize("vectors", links.VECTORS)
@pytest.mark.parametrize("latents", links.LATENTS)
def test_every_part_is_drawn_of_every_kind_of_vector(vectors, latents):
    run = "factors" if vectors == "sentences" else ""
    learned(Setting(vectors, run, int(latents)))
    for part in links.ARTICLE[:-1]:
        app = open_app(PAGE, vectors=vectors, latents=latents, article=part)
        assert_calm(app)
        assert "Train it" not in [button.label for button in app.button], part


def test_what_is_not_trained_is_offered_and_followed_and_can_be_stopped():
    app = open_app(PAGE, weight="0.3")
    assert_calm(app)
    [button] = [b for b in app.button if b.label == "Train it"]
    setting = Setting("digits", weight=0.3)
    key = vector_job.key_of(live.file_of(setting))
    app = button.click().run()
    assert_calm(app)
    job = jobs.read(key)
    assert job is not None
    assert job.running  # in a process of its own
    assert job.process.pid != os.getpid()
    [stop] = [b for b in app.button if b.label == "Stop here"]
    app = stop.click().run()
    assert_calm(app)
    assert jobs.read(key).state == "cancelled"
    learned(setting)
    app.run()
    assert f"Stopped after {EPOCHS} of 100 epochs." in said(app)
    assert [b for b in app.button if b.label == "Train to the end"]


def test_one_is_there_at_once_and_can_be_trained_here():
    live.file_of(Setting("digits")).unlink(missing_ok=True)
    app = open_app(PAGE, article="loss")
    assert_calm(app)
    assert "comes with the app" in said(app)
    assert [b for b in app.button if b.label == "Train it here and watch"]
    assert len(app.get("latex")) > 1


def test_a_held_out_vector_that_is_not_there_is_the_first_one():
    learned(Setting("digits"))
    app = open_app(PAGE, article="loss", item="99999")
    assert_calm(app)
    assert app.number_input(key="item_article").value == 0


def test_the_link_names_part_vector_and_seed():
    learned(Setting("digits"))
    app = open_app(PAGE, article="inference", item="3", seed="5")
    assert app.number_input(key="item_article").value == 3
    assert app.number_input(key="seed_article").value == 5
    app = app.number_input(key="seed_article").set_value(6).run()
    assert app.query_params["seed"] == "6"


# -- the formulas ---------------------------------------------------------------------------------


@pytest.mark.parametrize("likelihood", ["gaussian", "bernoulli"])
@given(row=st.integers(0, 99), seed=st.integers(0, 1000), beta=st.sampled_from([0.1, 1.0, 3.0]))
def test_the_numbers_shown_add_up_to_the_loss_of_the_model(likelihood, row, seed, beta):
    training = trained(likelihood)
    x = torch.from_numpy(training.vectors.held_out[row : row + 1])
    found = formulas.walk(training.model, x, seed, beta)
    with torch.no_grad():
        expected = float(vector_loss(training.model, x, found.noise, beta).total[0])
        q = found.posterior
        rate = 0.5 * (q.mean.square() + q.logvar.exp() - q.logvar - 1).sum()
        parts = float(-found.again.log_likelihood(x)[0] + beta * rate)
    assert parts == pytest.approx(expected, abs=1e-4, rel=1e-5)
    loss = found.loss
    assert float(loss.distortion[0] + beta * loss.rate[0]) == pytest.approx(expected, abs=1e-5)
    *_, line = formulas.total(found)
    shown = [float(n) for n in re.findall(r"-?\d+\.\d{4}", line)]
    assert len(shown) == 3
    assert shown[0] + beta * shown[1] == pytest.approx(shown[2], abs=3e-4)
    assert shown[2] == pytest.approx(expected, abs=6e-5)


def test_all_that_is_shown_of_a_vector_is_what_the_model_computes():
    training = trained("gaussian")
    x = torch.from_numpy(training.vectors.held_out[:1])
    found = formulas.walk(training.model, x, 1, 1.0)
    assert formulas.numbers(found.posterior.mean[0]) in formulas.encoder(found)[1]
    assert formulas.numbers(found.z[0]) in formulas.inference(found)[2]
    assert r"\dots" in formulas.numbers(found.z[0])  # twenty of them are too many for a line
    spread = float((found.again.logvar[0, found.value] / 2).exp())
    assert f"{spread:.2f}" in formulas.decoder(found)[-1]


def test_the_code_shown_of_a_step_is_the_code_that_runs():
    learned(Setting("digits"))
    app = open_app(PAGE, article="encoder")
    (shown,) = (code.value for code in app.code if "def encode" in code.value)
    names = {"Tensor": torch.Tensor, "Posterior": Posterior, "LOGVAR_RANGE": LOGVAR_RANGE}
    exec(shown, names)  # indented as Python needs it
    model, x = trained("gaussian").model, torch.from_numpy(few().held_out[:2])
    assert torch.equal(names["encode"](model, x).mean, model.encode(x).mean)


# -- the mistakes ---------------------------------------------------------------------------------


def pick(app, lines):
    for i in range(len(LISTING)):
        app.checkbox(key=f"line_{i}").set_value(i in lines)
    app.run()
    return app.button(key="article_check").click().run()


def test_a_learner_is_told_how_many_are_found_and_why_of_what_was_picked_alone():
    app = pick(open_app(PAGE, article="mistakes"), {2, 5})
    assert_calm(app)
    text = said(app)
    assert "1 of 5 found; 1 picked line is none of the five." in text
    assert str(LISTING[2].why) in text
    assert str(LISTING[5].why) in text
    assert str(LISTING[3].why) not in text


def test_a_line_that_is_picked_and_checked_at_once_counts():
    app = pick(open_app(PAGE, article="mistakes"), RIGHT_LINES - {max(RIGHT_LINES)})
    assert "4 of 5 found" in said(app)
    app.checkbox(key=f"line_{max(RIGHT_LINES)}").check()
    app.button(key="article_check").click().run()
    assert any("All five" in str(box.value) for box in app.success)


def test_all_five_open_the_trials():
    app = open_app(PAGE, article="mistakes")
    assert not [c for c in app.get("button_group") if "tanh" in str(c.options)]
    app = pick(app, RIGHT_LINES)
    assert_calm(app)
    assert app.success[0].value == "All five, and nothing else."
    assert [c for c in app.get("button_group") if "tanh on the log variance" in str(c.options)]


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_stands_beside_its_right_form_with_what_it_does(name):
    right = Setting("digits", latents=20, epochs=live.TRIAL_EPOCHS)
    for setting in (right, right.with_mistake(name)):
        learned(setting)
    # The one that the page begins with is opened by hand.
    app = open_app(PAGE, article="mistakes", mistake=name)
    if name == "tanh":
        app = pick(app, RIGHT_LINES)
    assert_calm(app)
    line = next(line for line in LISTING if line.mistake == name)
    assert {line.code, line.right} <= {str(code.value) for code in app.code}
    text = "\n".join([said(app), *(str(s.value) for s in app.subheader)])
    expected = {
        "tanh": "nats with tanh",
        "noise": "With a draw of its own posterior",
        "log": "no attribute",
        "kl": "no number (NaN) in epoch 1",
        "once": f"After {EPOCHS} epochs nothing has moved",
    }[name]
    assert expected in text
    assert len(app.get("plotly_chart")) == (1 if name in ("log", "once") else 2)


def test_names_of_mistakes_in_links_are_those_of_the_library():
    assert set(links.MISTAKES) == set(MISTAKES)


# -- as views of a lesson -------------------------------------------------------------------------

LESSON = """---
title: Mine
misconception: Anything
minutes: 3
---

## do: The parts

view: {view}

## explain: Why

Because.
"""


def lesson(tmp_path, monkeypatch, view: str):
    monkeypatch.setenv(catalogue.LESSONS_VARIABLE, str(tmp_path))
    (tmp_path / "mine.en.md").write_text(LESSON.format(view=view), encoding="utf-8")
    return open_app("pages/learn/lesson.py", lesson="mine", step="1")


def test_a_part_is_a_view_of_a_lesson(tmp_path, monkeypatch):
    learned(Setting("digits"))
    app = lesson(tmp_path, monkeypatch, "article\n  part: loss\n  item: 3")
    assert_calm(app)
    training = live.training(Setting("digits"))
    found = formulas.walk(training.model, torch.from_numpy(training.vectors.held_out[3:4]), 0, 1.0)
    assert formulas.total(found)[-1] in words(app)


def test_the_exercise_and_a_mistake_are_views_of_a_lesson(tmp_path, monkeypatch):
    app = lesson(tmp_path, monkeypatch, "mistake")
    assert_calm(app)
    assert app.checkbox(key="line_0")
    for setting in (mistakes.TRIAL, mistakes.TRIAL.with_mistake("noise")):
        learned(setting)
    app = lesson(tmp_path, monkeypatch, "mistake\n  name: noise")
    assert_calm(app)
    assert "randn_like" in said(app)


def test_every_part_of_the_page_but_the_exercise_is_a_view():
    assert (*parts.PARTS, "mistakes") == links.ARTICLE
