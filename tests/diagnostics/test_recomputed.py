"""The shipped flagship computed again from its weights and the formulas alone, in NumPy.

Nothing of the library is used but to read files: tokens, cells and densities are written out.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from vae.backends.own import OwnModel
from vae.batching import group_by_length
from vae.corpora import factors
from vae.diagnostics.information import principal_units
from vae.diagnostics.likelihood import importance_weighted_nll
from vae.diagnostics.prior_match import moment_kl
from vae.inference import encode_all, log_likelihoods
from vae.runs.store import RunDirectory
from vae.tokenizer import BOS

RUN = Path(__file__).resolve().parents[2] / "assets" / "runs" / "factors"
N = 500


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


class Recomputed:
    """Encoder and decoder of one LSTM layer each (Bowman et al., 2016), a sentence at a time."""

    def __init__(self) -> None:
        stored = load_file(RUN / "weights.safetensors")
        self.w = {name: value.astype(np.float64) for name, value in stored.items()}
        config = json.loads((RUN / "config.json").read_text())["config"]["model"]
        self.z, self.hidden = config["latent_dim"], config["decoder_hidden"]

    def run(self, part: str, inputs: np.ndarray, h: np.ndarray, c: np.ndarray, end: str = ""):
        """(T, H) states of an LSTM: gates in the order input, forget, cell, output."""
        of = {k: self.w[f"{part}.{k}_l0{end}"] for k in ("weight_ih", "weight_hh")}
        bias = self.w[f"{part}.bias_ih_l0{end}"] + self.w[f"{part}.bias_hh_l0{end}"]
        out = []
        for x in inputs:
            i, f, g, o = np.split(of["weight_ih"] @ x + of["weight_hh"] @ h + bias, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            out.append(h)
        return np.array(out)

    def posterior(self, tokens: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """(Z,) mean and log variance: from the last and the mean state of each direction."""
        embedded = self.w["embedding.weight"][tokens]
        zero = np.zeros(self.w["encoder.weight_hh_l0"].shape[1])
        ahead = self.run("encoder", embedded, zero, zero)
        back = self.run("encoder", embedded[::-1], zero, zero, "_reverse")
        summary = np.concatenate([ahead[-1], back[-1], ahead.mean(0), back.mean(0)])
        both = self.w["to_posterior.weight"] @ summary + self.w["to_posterior.bias"]
        return both[: self.z], both[self.z :].clip(-12, 6)

    def log_likelihood(self, tokens: list[int], z: np.ndarray, bos: int) -> float:
        """log p(x|z) in nats, the end of the sentence included."""
        h, c = np.split(np.tanh(self.w["to_state.weight"] @ z + self.w["to_state.bias"]), 2)
        words = self.w["embedding.weight"][[bos, *tokens[:-1]]]
        states = self.run("decoder", np.hstack([words, np.tile(z, (len(words), 1))]), h, c)
        seen = states @ self.w["to_embedding.weight"].T + self.w["to_embedding.bias"]
        logits = seen @ self.w["embedding.weight"].T + self.w["output_bias"]
        logits -= logits.max(1, keepdims=True)
        chosen = logits[np.arange(len(tokens)), tokens]
        return float((chosen - np.log(np.exp(logits).sum(1))).sum())


@pytest.fixture(scope="module")
def again():
    """(ours, tokens, means, log variances) of test sentences of the run's own corpus."""
    facts = json.loads((RUN / "config.json").read_text())["corpus"]["source"]
    corpus = factors.generate(4_000, facts["seed"])
    sentences = corpus.select("test").sentences[:N]
    ours = OwnModel.load(RunDirectory(RUN))
    tokens = [ours.tokenizer.encode(s) for s in sentences]
    found = Recomputed()
    mean, logvar = (np.array(v) for v in zip(*map(found.posterior, tokens), strict=True))
    return ours, tokens, mean, logvar


def kl(mean: np.ndarray, logvar: np.ndarray) -> np.ndarray:
    return 0.5 * (mean**2 + np.exp(logvar) - logvar - 1).sum(1)


def shipped() -> dict:
    return json.loads((RUN / "studies" / "diagnosis.json").read_text())["result"]


def test_the_posteriors_are_those_of_the_formulas(again):
    ours, tokens, mean, logvar = again
    found = encode_all(ours.model, group_by_length(tokens))
    assert np.allclose(found.mean.numpy(), mean, atol=1e-4)
    assert np.allclose(found.logvar.numpy(), logvar, atol=1e-4)


def test_the_rate_that_ships_is_that_of_these_sentences_up_to_chance(again):
    *_, mean, logvar = again
    rates = kl(mean, logvar)
    error = rates.std(ddof=1) / math.sqrt(N)
    assert abs(rates.mean() - shipped()["split"]["rate"]["value"]) < 4 * error


def test_the_directions_in_use_are_those_that_are_counted(again):
    *_, mean, _ = again
    variances = np.linalg.eigvalsh(np.cov(mean.T))
    counted = int((variances > 0.01).sum())
    at = shipped()["principal"]["thresholds"].index(0.01)
    assert counted == shipped()["principal"]["counts"][at]["value"]
    assert counted == principal_units(torch.from_numpy(mean))


def test_the_moments_are_as_near_the_prior_as_is_said(again):
    *_, mean, logvar = again
    covariance = np.cov(mean.T) + np.diag(np.exp(logvar).mean(0))
    middle, z = mean.mean(0), mean.shape[1]
    nats = 0.5 * (np.trace(covariance) + middle @ middle - z - np.linalg.slogdet(covariance)[1])
    assert moment_kl(middle, covariance) == pytest.approx(nats, rel=1e-9)
    # Of few sentences it is too large, at most by about Z (Z + 3) / 4N.
    ours = shipped()["match"]["whole"]["moment_kl"]["value"]
    assert 0.95 * ours < nats < 1.05 * ours + z * (z + 3) / (4 * N)


def test_what_a_sentence_costs_is_that_of_the_formulas(again):
    ours, tokens, mean, _ = again
    few = 12
    found = log_likelihoods(
        ours.model, group_by_length(tokens[:few]), torch.from_numpy(mean[:few]).float()
    )
    again_ = Recomputed()
    costs = [again_.log_likelihood(t, z, BOS) for t, z in zip(tokens[:few], mean, strict=False)]
    assert np.allclose(found.numpy(), costs, atol=2e-3)


def test_the_bound_of_the_likelihood_is_that_of_the_formulas(again):
    ours, tokens, mean, logvar = again
    found, rng, k, few = Recomputed(), np.random.default_rng(0), 20, 12
    bounds = []
    for ids, mu, lv in zip(tokens[:few], mean, logvar, strict=False):
        noise = rng.standard_normal((k, len(mu)))
        z = mu + np.exp(0.5 * lv) * noise
        ratio = 0.5 * (noise**2 + lv - z**2).sum(1)
        weights = ratio + [found.log_likelihood(ids, point, BOS) for point in z]
        bounds.append(-(np.logaddexp.reduce(weights) - math.log(k)))
    theirs = importance_weighted_nll(
        ours.model, group_by_length(tokens[:few]), k, torch.Generator().manual_seed(0)
    )
    apart = np.array(bounds) - theirs
    assert abs(apart.mean()) < 4 * apart.std(ddof=1) / math.sqrt(few)
    # What ships is of more draws, and of better ones: no looser.
    assert shipped()["likelihood"]["nll"][-1]["value"] < np.mean(bounds) + 1
