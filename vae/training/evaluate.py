"""What a trained model is worth on held-out sentences: one object, evaluation.json."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vae.corpora import Grammar
from vae.corpora.corpus import Corpus, normalise
from vae.diagnostics.collapse import diagnose
from vae.diagnostics.hearing import score, too_alike
from vae.diagnostics.holes import prior_holes
from vae.diagnostics.importance import bound, perplexity, totals
from vae.diagnostics.information import (
    ACTIVE_UNIT_THRESHOLD,
    active_units,
    falls_short,
    mutual_information,
    unit_variances,
)
from vae.diagnostics.probes import probe_labels
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models.base import Posterior
from vae.models.explorable import where_available
from vae.progress import Progress, silent
from vae.studies.disentanglement import measure_briefly
from vae.studies.steerability import quality

IW_SAMPLES = 100
MOST_SENTENCES = 2_000
# A shorter evaluation is shorter in all its parts.
_PROBED_EACH = 6
_MOST_EACH = 500
_PRIOR_SAMPLES = 2_000
_INTERPOLATIONS = 500
_STEPS = 9


def evaluate(
    explorer: Explorer,
    corpus: Corpus,
    *,
    split: str = "test",
    seed: int = 0,
    iw_samples: int = IW_SAMPLES,
    most_sentences: int = MOST_SENTENCES,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Measure a run on one split of a corpus ("all" for every sentence); nats a sentence.

    ELBO, rate and distortion take one draw of z a sentence; `nll_iw` is the importance-weighted
    bound of Burda et al. (2016) with `iw_samples` draws; `nll_iw_half`, with half of them, shows
    whether it still falls, and `nll_iw_each`, where sentences are few, is that of each, to compare
    two models in pairs. `ppl` is exp(nll_iw / tokens), ends of sentences counted, an unknown word
    counted as the one token for it. `exact_match` and `token_accuracy` compare the greedy decoding
    of the posterior mean with the sentence as the tokenizer reads it. At most `most_sentences` are
    drawn; the object says how many were. Probes see six times as many at most, and no more
    sentences are decoded to see whether they are grammatical than are measured. `sampled_from` says
    how many sentences the split has where the corpus keeps only a sample of it. A figure that the
    model cannot give is None. "disentanglement" (DCI and MIG over seeds) needs two labels and 200
    sentences. "holes" is the share of prior draws that fall where hardly any sentence would
    (`vae.diagnostics.holes`). Where "mutual_information_falls_short", it is a lower bound.
    "steering" and "analogies" are of the corpus `factors` alone (`vae.studies.steerability`).

    Raises:
        UserError: the corpus has no sentence in that split.
    """
    rows = np.arange(len(corpus)) if split == "all" else corpus.indices(split)  # type: ignore[arg-type]
    if not len(rows):
        raise UserError(f"There is no {split} sentence to evaluate on.")
    rng = np.random.default_rng(seed)
    if len(rows) > most_sentences:
        rows = np.sort(rng.choice(rows, most_sentences, replace=False))
    sentences = corpus.subset(rows).sentences
    generator = torch.Generator().manual_seed(seed)
    posterior = explorer.encode(sentences, progress=progress)
    rates = posterior.kl().double()
    z = posterior.sample(generator)
    heard = where_available(lambda: explorer.log_likelihood(sentences, z))
    information, information_error = mutual_information(posterior, generator)
    weights = where_available(
        lambda: explorer.importance_weights(sentences, posterior, iw_samples, generator, progress)
    )
    nll = None if weights is None else bound(weights, weights.shape[1])
    n, latent_dim = len(rows), explorer.latent_dim
    units, ceiling, rate = active_units(posterior.mean), math.log(n), float(rates.mean())
    listens = where_available(lambda: _decoder_listens(explorer, sentences, seed))
    holes = _holes(posterior, seed)
    diagnosis = diagnose(
        latent_dim=latent_dim,
        rate=rate,
        active_units=units,
        mutual_information=information,
        mutual_information_ceiling=ceiling,
        heard=listens["own"] - listens["another"] if listens else None,
        holes=holes["value"] if holes else None,
    )
    result: dict[str, Any] = {
        "corpus": corpus.name,
        "corpus_digest": corpus.digest,
        "split": split,
        "seed": seed,
        "n_sentences": n,
        **_tokens(explorer, sentences),
        **_likelihood(heard, nll, rates),
        **_bounds(weights, nll),
        "iw_samples": None if weights is None else weights.shape[1],
        "rate": rate,
        "rate_standard_error": _standard_error(rates.numpy()),
        "mutual_information": information,
        "mutual_information_standard_error": information_error,
        "mutual_information_ceiling": ceiling,
        "mutual_information_falls_short": falls_short(information, ceiling),
        "active_units": units,
        "active_unit_threshold": ACTIVE_UNIT_THRESHOLD,
        "latent_dim": latent_dim,
        "rate_per_dimension": posterior.kl_per_dimension().mean(0).tolist(),
        "variance_of_means": unit_variances(posterior.mean).tolist(),
        **_reconstruction(explorer, sentences, posterior.mean),
        "verdict": diagnosis.verdict,
        "verdict_sentence": diagnosis.sentence,
        "cures": [vars(advice) for advice in diagnosis.cures],
        "decoder_listens": listens,
        "holes": holes,
    }
    if split in corpus.sizes and corpus.sizes[split] > len(corpus.indices(split)):
        result["sampled_from"] = corpus.sizes[split]
    if latent_dim:
        result["probes"] = _probes(
            explorer, corpus, split, seed, _PROBED_EACH * most_sentences, progress
        )
        if corpus.labels and split != "all":
            held_out, most = corpus.select(split), 2 * most_sentences  # type: ignore[arg-type]
            result["disentanglement"] = where_available(
                lambda: measure_briefly(explorer, held_out, most, seed, progress)
            )
        if grammar := corpus.grammar:
            result["grammar"] = where_available(
                lambda: _grammar(explorer, grammar, posterior.mean, most_sentences, generator)
            )
            if split != "all":
                result |= quality(
                    explorer,
                    corpus,
                    split=split,
                    seed=seed,
                    most=most_sentences,
                    progress=progress,
                )
    return result


def _tokens(explorer: Explorer, sentences: Sequence[str]) -> dict[str, int | None]:
    """How many tokens are scored, and how many of them the model does not know."""
    split = where_available(lambda: [explorer.tokens(s) for s in sentences])
    if split is None:
        return {"n_tokens": None, "unknown_tokens": None}
    unknown = where_available(lambda: [set(explorer.unknown_words(s)) for s in sentences])
    count = (
        None
        if unknown is None
        else sum(
            t in words for tokens, words in zip(split, unknown, strict=True) for t in tokens[:-1]
        )
    )
    return {"n_tokens": sum(map(len, split)), "unknown_tokens": count}


def _likelihood(
    heard: list[Tensor] | None, nll: npt.NDArray[np.float64] | None, rates: Tensor
) -> dict[str, float | None]:
    """ELBO, distortion and the importance-weighted bound; None without token log-likelihoods."""
    values: dict[str, float | None] = {"ppl": None}
    if heard is None or nll is None:
        names = ("nll_iw", "elbo", "distortion")
        return values | {f"{n}{e}": None for n in names for e in ("", "_standard_error")}
    distortions = -totals(heard)
    measured = {"nll_iw": nll, "elbo": -(distortions + rates).numpy()}
    measured["distortion"] = distortions.numpy()
    for name, each in measured.items():
        values |= {name: float(each.mean()), f"{name}_standard_error": _standard_error(each)}
    return values | {"ppl": perplexity(float(nll.sum()), sum(map(len, heard)))}


def _bounds(
    weights: Tensor | None, nll: npt.NDArray[np.float64] | None
) -> dict[str, float | list[float] | None]:
    """The bound at half the draws, from the same weights (N, K); that of each sentence, if few."""
    if weights is None or nll is None:
        return {"nll_iw_half": None}
    k = weights.shape[1] // 2
    half = float(bound(weights, k).mean()) if k else None
    each = {} if len(nll) > _MOST_EACH else {"nll_iw_each": nll.round(4).tolist()}
    return {"nll_iw_half": half, **each}


def _reconstruction(
    explorer: Explorer, sentences: Sequence[str], mean: Tensor
) -> dict[str, float | None]:
    """How much of each sentence comes back from its posterior mean; None without a decoder."""
    said = where_available(lambda: explorer.decode(mean))
    if said is None:
        return {"exact_match": None, "token_accuracy": None}
    read = [explorer.as_read(s) for s in sentences]
    exact = [normalise(a) == normalise(b) for a, b in zip(said, read, strict=True)]
    hits = where_available(lambda: _hits(explorer, said, read))
    return {"exact_match": float(np.mean(exact)), "token_accuracy": hits}


def _hits(explorer: Explorer, said: Sequence[str], read: Sequence[str]) -> float:
    """Share of the tokens that stand again where they stood, the end counted."""
    pairs = [(explorer.tokens(a), explorer.tokens(b)) for a, b in zip(said, read, strict=True)]
    same = sum(sum(x == y for x, y in zip(a, b, strict=False)) for a, b in pairs)
    return same / sum(len(b) for _, b in pairs)


def _standard_error(values: np.ndarray[Any, Any]) -> float:
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else 0.0


def _decoder_listens(
    explorer: Explorer, sentences: Sequence[str], seed: int
) -> dict[str, float] | None:
    """Mean log p(x|z) in nats under own z, another sentence's z, and a prior z; one draw each."""
    if not explorer.latent_dim or too_alike(sentences):
        return None
    scores = score(explorer, sentences, seed)
    latents = {"own": scores.own, "another": scores.another, "prior": scores.prior}
    return {name: float(scores.totals(values).mean()) for name, values in latents.items()}


def _holes(posterior: Posterior, seed: int) -> dict[str, float | int] | None:
    """Share of prior draws in holes of q(z), with its interval; None where there can be none."""
    if len(posterior) < 2 or not posterior.mean.shape[1]:
        return None
    # Draws of its own: those of every other figure stay what they are without it.
    found = prior_holes(posterior, torch.Generator().manual_seed(seed), np.random.default_rng(seed))
    share = found.share
    return {
        "value": share.value,
        "low": share.low,
        "high": share.high,
        "n": share.n,
        "quantile": found.quantile,
    }


def _probes(
    explorer: Explorer, corpus: Corpus, split: str, seed: int, most: int, progress: Progress
) -> dict[str, Any]:
    """Linear probes fitted on training sentences and measured on the split's."""
    if not corpus.labels or split == "all":
        return {}
    rng = np.random.default_rng(seed)
    parts = []
    for name in ("train", split):
        rows = corpus.indices(name)  # type: ignore[arg-type]
        if len(rows) > most:
            rows = np.sort(rng.choice(rows, most, replace=False))
        parts.append(corpus.subset(rows))
    train, test = parts
    results = probe_labels(
        explorer.encode(train.sentences).mean.numpy(),
        train.labels,
        explorer.encode(test.sentences).mean.numpy(),
        test.labels,
        progress,
    )
    return {column: vars(result) for column, result in results.items()}


def _grammar(
    explorer: Explorer,
    grammar: Grammar,
    means: torch.Tensor,
    most: int,
    generator: torch.Generator,
) -> dict[str, float | int]:
    """Share of decoded sentences inside the generated language: prior samples and path points."""

    def accepted(said: list[str]) -> float:
        return float(np.mean([grammar.parse(s) is not None for s in said]))

    samples, paths = min(_PRIOR_SAMPLES, most), min(_INTERPOLATIONS, -(-most // 4))
    prior = explorer.decode(explorer.sample_prior(samples, generator))
    pairs = torch.randint(len(means), (paths, 2), generator=generator)
    inner = [
        point.sentence
        for a, b in pairs.tolist()
        for point in explorer.interpolate(means[a], means[b], _STEPS)[1:-1]
    ]
    return {
        "prior_accepted": accepted(prior),
        "prior_samples": samples,
        "interpolation_accepted": accepted(inner),
        "interpolations": paths,
        "interpolation_points": len(inner),
    }
