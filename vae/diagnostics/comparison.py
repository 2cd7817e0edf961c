"""Runs on equal terms: their figures, and where their settings differ.

Everything is read from what the runs wrote: evaluation.json, config.json, metrics.jsonl.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from vae.config import RunConfig
from vae.diagnostics.bootstrap import Floats
from vae.errors import UserError
from vae.i18n import _, listed
from vae.runs.history import is_number

FIGURES = (
    "verdict",
    "split",
    "n_sentences",
    "nll_iw",
    "nll_iw_standard_error",
    "iw_samples",
    "iw_effective",
    "ppl",
    "elbo",
    "distortion",
    "rate",
    "rate_standard_error",
    "mutual_information",
    "mutual_information_ceiling",
    "principal_units",
    "active_units",
    "active_unit_threshold",
    "latent_dim",
    "moment_kl",
    "told_apart",
    "exact_match",
    "exact_match_drawn",
    "exact_match_trained",
    "token_accuracy",
    "prior_accepted",
    "prior_accepted_drawn",
    "unknown_tokens",
    "corpus",
    "corpus_digest",
)
"""Entries of evaluation.json that stand in a table, in its order."""


@dataclass(frozen=True)
class Difference:
    """A setting that runs do not share, with its value in each, by run."""

    setting: str
    values: Mapping[str, Any]


def figure(values: Mapping[str, Any], name: str) -> float:
    """One measured number of an evaluation or of an event.

    Raises:
        UserError: it is missing, or no finite number.
    """
    found = figure_or_none(values, name)
    if found is None:
        raise UserError(
            "The evaluation of this run has no usable '{name}'. Make it again with {command}.",
            name=name,
            command="`python -m vae evaluate RUN`",
        )
    return found


def figure_or_none(values: Mapping[str, Any], name: str) -> float | None:
    """As `figure`, but None where it is missing, or no finite number."""
    value = values.get(name)
    return float(value) if is_number(value) and math.isfinite(value) else None


def figures(evaluations: Mapping[str, Mapping[str, Any] | None]) -> list[dict[str, Any]]:
    """A row of `FIGURES` for each run, in order; None where a run lacks one."""
    return [
        {"run": name, **{key: (found or {}).get(key) for key in FIGURES}}
        for name, found in evaluations.items()
    ]


def caveats(evaluations: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Why the figures of these runs cannot be set against each other, each in a sentence."""
    if len(evaluations) < 2:
        return []
    said = []
    if _differ(evaluations, "corpus_digest"):
        texts = listed(
            _(
                "{run} on {corpus} {digest}",
                run=run,
                corpus=measured.get("corpus", "?"),
                digest=str(measured.get("corpus_digest", "?"))[:6],
            )
            for run, measured in evaluations.items()
        )
        said.append(
            _(
                "These runs were measured on different texts ({texts}): their NLL, perplexity, "
                "ELBO and distortion cannot be compared.",
                texts=texts,
            )
        )
    elif _differ(evaluations, "split", "n_sentences", "seed"):
        said.append(
            _(
                "These runs were measured on different sentences of one text: a difference of NLL "
                "may be one of the sentences."
            )
        )
    elif _differ(evaluations, "n_tokens", "unknown_tokens"):
        said.append(
            _(
                "These runs know different words: an unknown word counts as one easy token, so the "
                "run that knows fewer looks better than it is."
            )
        )
    with_latents = {n: e for n, e in evaluations.items() if e.get("latent_dim")}
    if _differ(with_latents, "iw_samples"):
        said.append(
            _(
                "The bounds were taken with different numbers of draws K: more draws give a lower, "
                "tighter NLL of the same model."
            )
        )
    # A model that keeps a point has no active units, and no threshold.
    counted = {n: e for n, e in evaluations.items() if e.get("active_unit_threshold")}
    if _differ(counted, "active_unit_threshold"):
        said.append(_("Active units were counted at different thresholds."))
    return said


def _differ(rows: Mapping[str, Mapping[str, Any]], *keys: str) -> bool:
    return len({repr([row.get(key) for key in keys]) for row in rows.values()}) > 1


def config_difference(facts: Mapping[str, Mapping[str, Any]]) -> list[Difference]:
    """The settings that differ between runs, in the order of the configuration.

    Args:
        facts: config.json of each run. What an older run does not state has its default.

    Raises:
        UserError: a configuration cannot be read.
    """
    flat = {name: _flat(name, stored) for name, stored in facts.items()}
    settings = list(dict.fromkeys(setting for values in flat.values() for setting in values))
    rows = [Difference(s, {name: values.get(s) for name, values in flat.items()}) for s in settings]
    return [row for row in rows if len(set(map(repr, row.values.values()))) > 1]


def _flat(name: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    corpus = stored.get("corpus")
    corpus = corpus if isinstance(corpus, Mapping) else {}
    return {
        **{f"corpus {key}": corpus.get(key) for key in ("name", "n_sentences", "digest")},
        **_settings(name, stored),
        "parameters": stored.get("parameters"),
    }


def _settings(name: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    if "adapter" in stored:  # a model of another make: what it was made with is not ours to know
        return {"adapter": stored["adapter"], "latent_dim": stored["config"]["model"]["latent_dim"]}
    config = RunConfig.from_dict(stored.get("config", {}), f"config.json of '{name}'")
    return {key: value for part in asdict(config).values() for key, value in part.items()}


def shared_noise(n: int, latent_dim: int, seed: int) -> Floats:
    """(n, latent_dim) draws of N(0, 1) that do not depend on how many dimensions there are.

    Dimension d has its own generator: two runs of different sizes get the same numbers in the
    dimensions that both have. Nothing says that these mean the same in both.
    """
    columns = [np.random.default_rng([seed, d]).standard_normal(n) for d in range(latent_dim)]
    return np.stack(columns, axis=1) if columns else np.zeros((n, 0))
