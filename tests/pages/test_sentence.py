"""Sentence: the x-ray of what was typed, and what it says where a model cannot."""

import html
import re

import pytest
import torch

from pages.common import resources
from tests.pages.support import assert_calm, open_app, said
from vae.diagnostics.xray import xray
from vae.explorer import Explorer
from vae.models.explorable import NotAvailableError

PAGE = "pages/explore/sentence.py"
A = "She loves cooking the delicious curry in her kitchen every weekend."


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def formula(app) -> list[float]:
    """Distortion, rate and ELBO as the page puts them in."""
    (block,) = [e.proto.body for e in app.get("html") if "ELBO =" in e.proto.body]
    plain = re.sub("<[^>]+>", "", block)
    found = re.search(r"−\(([\d.]+) \+ ([\d.]+)\) = (−[\d.]+) nats", plain)
    return [number(part) for part in found.groups()]


def strip(app) -> list[tuple[str, float, float]]:
    """(token, log p given z, given a prior z) of every box."""
    (block,) = [e.proto.body for e in app.get("html") if "<ul" in e.proto.body]
    found = re.findall(
        r'aria-label="([^"]*): (−?[\d.]+) nats given z, (−?[\d.]+) given a prior z"', block
    )
    return [(html.unescape(token), number(own), number(prior)) for token, own, prior in found]


def test_the_formula_and_the_tokens_are_those_of_the_library():
    app = open_app(PAGE, a=A)
    assert_calm(app)
    seen = xray(resources.explorer("factors"), A, torch.Generator().manual_seed(0))
    distortion, rate, elbo = formula(app)
    assert distortion == pytest.approx(seen.distortion.mean, abs=0.006)
    assert rate == pytest.approx(seen.rate, abs=0.006)
    assert elbo == pytest.approx(-(distortion + rate), abs=0.011)
    boxes = strip(app)
    assert [token for token, _, _ in boxes] == list(seen.tokens)
    assert [own for _, own, _ in boxes] == pytest.approx(seen.log_p.tolist(), abs=0.006)
    assert [prior for *_, prior in boxes] == pytest.approx(seen.log_p_prior.tolist(), abs=0.006)
    assert sum(own for _, own, _ in boxes) == pytest.approx(-distortion, abs=0.1)


def test_the_link_carries_the_sentence_and_the_seed():
    one, same, other = (
        strip(open_app(PAGE, a="We went to the beach.", seed=s)) for s in ("3", "3", "4")
    )
    assert [token for token, _, _ in one][:2] == ["we", "went"]
    assert one == same
    assert one != other


def test_more_draws_are_said_and_used():
    app = open_app(PAGE, a=A)
    app.segmented_control(key="xray_draws").set_value(128).run()
    assert_calm(app)
    assert "the mean of 128 draws of z" in said(app)
    assert "times of 128" in said(app)


def test_an_unknown_word_is_named_and_marked():
    app = open_app(PAGE, a="She loves gandalf.")
    assert_calm(app)
    assert "gandalf, unknown" in [token for token, _, _ in strip(app)]
    assert "This model does not know" in said(app)


def test_attributions_are_complete_and_both_ways():
    app = open_app(PAGE, a=A)
    text = said(app)
    assert text.count("Complete: sums differ from what they explain by less than") == 2
    grids = [e.proto.body for e in app.get("html") if "<caption" in e.proto.body]
    tokens = resources.explorer("factors").tokens(A)
    for grid in grids:
        rows = re.findall(r'<th scope="row"[^>]*>([^<]*)</th>', grid)
        assert [html.unescape(row) for row in rows] == list(tokens)
    assert [len(re.findall('scope="col"', grid)) for grid in grids] == [8, 9]
    assert f"{resources.explorer('factors').latent_dim - 8} others" in grids[1]


def test_a_hostile_sentence_stays_text():
    app = open_app(PAGE, a='<script>alert("x")</script> <b>she</b> & "loves"')
    assert_calm(app)
    bodies = "".join(e.proto.body for e in app.get("html"))
    assert "<script" not in bodies
    assert "<b>she" not in bodies


def test_a_sentence_that_cannot_be_read_is_a_sentence():
    app = open_app(PAGE)
    app.text_input(key="a_sentence").set_value(" ").run()
    assert not app.exception
    assert "empty" in app.error[0].value


def test_what_a_model_cannot_do_is_not_available_and_never_zero(monkeypatch, unmapped):
    def none(*_):
        raise NotAvailableError("It does not offer this.")

    with monkeypatch.context() as patch:
        patch.setattr(Explorer, "gradients", none)
        patch.setattr(Explorer, "decode", none)
        app = open_app(PAGE, run=unmapped, a=A)
    assert not app.exception
    infos = " ".join(element.value for element in app.info)
    assert "Attribution is not available for this model. It does not offer this." in infos
    assert "not decode" in infos
    assert formula(app)
    with monkeypatch.context() as patch:
        patch.setattr(Explorer, "log_likelihood", none)
        app = open_app(PAGE, run=unmapped, a="We went to the beach.")
    assert_calm(app)
    assert "The x-ray is not available for this model." in app.info[0].value
    assert not [e for e in app.get("html") if "ELBO" in e.proto.body]
