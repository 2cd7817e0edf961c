"""What a trained model is worth on held-out sentences: one object, evaluation.json."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from vae.batching import group_by_length
from vae.corpora import factors
from vae.corpora.corpus import Corpus, normalise
from vae.diagnostics.collapse import diagnose
from vae.diagnostics.information import (
    ACTIVE_UNIT_THRESHOLD,
    active_units,
    importance_weighted_nll,
    log_likelihoods,
    mutual_information,
    token_scores,
    unit_variances,
)
from vae.diagnostics.probes import probe_labels
from vae.errors import UserError
from vae.explorer import Explorer
from vae.progress import Progress, silent
from vae.tokenizer import UNK

IW_SAMPLES = 100
MOST_SENTENCES = 2_000
# A shorter evaluation is shorter in all its parts.
_PROBED_EACH = 6
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
    bound of Burda et al. (2016) with `iw_samples` draws; `ppl` is exp(nll_iw / tokens), ends of
    sentences counted, an unknown word counted as the one token for it. `exact_match` and
    `token_accuracy` compare the greedy decoding of the posterior mean with the sentence as the
    tokenizer reads it. At most `most_sentences` are drawn; the object says how many were. Probes
    see six times as many at most, and no more sentences are decoded to see whether they are
    grammatical than are measured. `sampled_from` says how many sentences the split has where the
    corpus keeps only a sample of it.

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
    model, tokenizer = explorer.model, explorer.tokenizer
    generator = torch.Generator().manual_seed(seed)
    ids = tokenizer.encode_batch(sentences)
    encoded = group_by_length(ids)
    posterior = explorer.encode(sentences, progress=progress)
    z = posterior.sample(generator)
    distortions = -log_likelihoods(model, encoded, z).double()
    rates = posterior.kl().double()
    information, information_error = mutual_information(posterior, generator)
    nll = importance_weighted_nll(model, encoded, iw_samples, generator, progress=progress)
    said = explorer.decode(posterior.mean)
    exact = [
        normalise(out) == normalise(tokenizer.decode(i[:-1]))
        for out, i in zip(said, ids, strict=True)
    ]
    hits = sum(
        sum(a == b for a, b in zip(tokenizer.encode(out), i, strict=False))
        for out, i in zip(said, ids, strict=True)
    )
    n, tokens, latent_dim = len(rows), encoded.n_tokens, explorer.latent_dim
    unknown = sum(i.count(UNK) for i in ids)
    units = active_units(posterior.mean)
    ceiling = math.log(n)
    rate, elbos = float(rates.mean()), -(distortions + rates)
    diagnosis = diagnose(
        latent_dim=latent_dim,
        rate=rate,
        active_units=units,
        mutual_information=information,
        mutual_information_ceiling=ceiling,
    )
    result: dict[str, Any] = {
        "corpus": corpus.name,
        "corpus_digest": corpus.digest,
        "split": split,
        "seed": seed,
        "n_sentences": n,
        "n_tokens": tokens,
        "unknown_tokens": unknown,
        "nll_iw": float(nll.mean()),
        "nll_iw_standard_error": _standard_error(nll),
        "iw_samples": iw_samples if latent_dim else 1,
        "ppl": math.exp(nll.sum() / tokens),
        "elbo": float(elbos.mean()),
        "elbo_standard_error": _standard_error(elbos.numpy()),
        "rate": rate,
        "rate_standard_error": _standard_error(rates.numpy()),
        "distortion": float(distortions.mean()),
        "distortion_standard_error": _standard_error(distortions.numpy()),
        "mutual_information": information,
        "mutual_information_standard_error": information_error,
        "mutual_information_ceiling": ceiling,
        "active_units": units,
        "active_unit_threshold": ACTIVE_UNIT_THRESHOLD,
        "latent_dim": latent_dim,
        "rate_per_dimension": posterior.kl_per_dimension().mean(0).tolist(),
        "variance_of_means": unit_variances(posterior.mean).tolist(),
        "exact_match": float(np.mean(exact)),
        "token_accuracy": hits / tokens,
        "verdict": diagnosis.verdict,
        "verdict_sentence": diagnosis.sentence,
        "decoder_listens": _decoder_listens(explorer, sentences, generator),
    }
    if split in corpus.sizes and corpus.sizes[split] > len(corpus.indices(split)):
        result["sampled_from"] = corpus.sizes[split]
    if latent_dim:
        result["probes"] = _probes(
            explorer, corpus, split, seed, _PROBED_EACH * most_sentences, progress
        )
        if corpus.source.get("kind") == "factors":
            result["grammar"] = _grammar(explorer, posterior.mean, most_sentences, generator)
    return result


def _standard_error(values: np.ndarray[Any, Any]) -> float:
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else 0.0


def _decoder_listens(
    explorer: Explorer, sentences: tuple[str, ...], generator: torch.Generator
) -> dict[str, float]:
    """Mean log p(x|z) in nats under own z, another sentence's z, and a prior z; one draw each."""
    encoded = group_by_length(explorer.tokenizer.encode_batch(sentences))
    z = explorer.encode(sentences).sample(generator)
    others = z.roll(1, 0)
    prior = explorer.sample_prior(len(z), generator)
    return {
        name: float(torch.stack([t.sum() for t in token_scores(explorer.model, encoded, v)]).mean())
        for name, v in (("own", z), ("another", others), ("prior", prior))
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
    explorer: Explorer, means: torch.Tensor, most: int, generator: torch.Generator
) -> dict[str, float | int]:
    """Share of decoded sentences inside the generated language: prior samples and path points."""

    def accepted(said: list[str]) -> float:
        return float(np.mean([factors.parse(s) is not None for s in said]))

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
