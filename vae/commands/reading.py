"""The commands that read a trained run."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import numpy as np
import pandas as pd
import torch

from vae import corpora
from vae.cache import replacing
from vae.commands.console import bar, describe, print_json, say
from vae.corpora import files
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent import atlas_source
from vae.runs import jobs
from vae.training.evaluate import evaluate as measure

_MOST_SAMPLES = 100_000


def evaluate(options: Namespace) -> None:
    """Measure a run; without a file of its own, store the result with the run."""
    explorer = Explorer.load(options.run)
    facts = explorer.facts()["corpus"]
    progress = bar()
    if options.iw_samples < 1 or options.most < 1:
        raise UserError("--iw-samples and --most must be at least 1.")
    if options.data is not None:
        corpus = files.read_file(options.data, minimum=1, progress=progress)
        describe(corpus)
        split = "all"
    else:
        corpus = corpora.rebuild(facts["source"], progress)
        split = "test"
    result = measure(
        explorer,
        corpus,
        split=split,
        seed=options.seed,
        iw_samples=options.iw_samples,
        most_sentences=options.most,
        progress=progress,
    )
    if options.data is None:
        if corpus.digest == facts["digest"]:
            explorer.run.write_json("evaluation.json", result)
        else:
            say(
                f"The corpus on this machine differs from the one that '{explorer.name}' was "
                "trained on: these figures are of this machine's, and are not stored."
            )
    if options.json:
        print_json(result)
        return
    print(result["verdict_sentence"])
    for key, value in result.items():
        if value is None:
            print(f"{key:<38}{'not available':>14}")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            figure = f"{value:.4f}" if isinstance(value, float) else f"{value:,}"
            # Near its ceiling the estimator falls short: then the figure is a lower bound.
            least = "at least " if result.get(f"{key}_falls_short") else ""
            print(f"{key:<34}{least + figure:>16}")


def encode(options: Namespace) -> None:
    """Write the posteriors of a file of sentences as Parquet."""
    explorer = Explorer.load(options.run)
    progress = bar()
    corpus = files.read_file(
        options.file, text=options.text, labels=options.labels, minimum=1, progress=progress
    )
    describe(corpus)
    posterior = explorer.encode(corpus.sentences, progress=progress)
    columns: dict[str, Any] = {"sentence": corpus.sentences, **corpus.labels}
    if explorer.tells_unknown:
        columns["unknown_words"] = [" ".join(explorer.unknown_words(s)) for s in corpus.sentences]
    columns["rate"] = posterior.kl().numpy()
    for name, values in (("mean", posterior.mean), ("logvar", posterior.logvar)):
        columns |= {f"{name}_{d}": values[:, d].numpy() for d in range(values.shape[1])}
    with replacing(options.out) as temporary:
        pd.DataFrame(columns).to_parquet(temporary)
    told = f"{len(corpus):,} sentences in {options.out}"
    if explorer.tells_unknown:
        unknown = int(np.count_nonzero([bool(w) for w in columns["unknown_words"]]))
        told += f"; {unknown:,} have unknown words"
    say(f"{told}.")


def interpolate(options: Namespace) -> None:
    """Print the sentences on the path between two."""
    explorer = Explorer.load(options.run)
    _say_unknown(explorer, options.a, options.b)
    points = explorer.interpolate(options.a, options.b, options.steps, options.method)
    if options.json:
        print_json(
            {
                "run": explorer.name,
                "a": options.a,
                "b": options.b,
                "method": options.method,
                "points": [
                    {"t": p.t, "sentence": p.sentence, "log_prior": p.log_prior, "z": p.z.tolist()}
                    for p in points
                ],
            }
        )
        return
    for point in points:
        print(f"{point.t:.3f}  {point.sentence}")


def _say_unknown(explorer: Explorer, *sentences: str) -> None:
    for sentence in sentences:
        if words := explorer.unknown_words(sentence):
            say(f"Unknown to '{explorer.name}': {', '.join(words)}.")


def sample(options: Namespace) -> None:
    """Print sentences decoded from the prior."""
    if not 1 <= options.n <= _MOST_SAMPLES:
        raise UserError(f"-n is {options.n:,}; choose from 1 to {_MOST_SAMPLES:,}.")
    explorer = Explorer.load(options.run)
    generator = torch.Generator().manual_seed(options.seed)
    z = explorer.sample_prior(options.n, generator)
    if options.temperature is None:
        said = explorer.decode(z)
    else:
        said = explorer.decode(z, "sample", generator=generator, temperature=options.temperature)
    if options.json:
        print_json(
            {
                "run": explorer.name,
                "seed": options.seed,
                "temperature": options.temperature,
                "sentences": said,
            }
        )
        return
    print("\n".join(said))


def prepare(options: Namespace) -> None:
    """Gather the sentences of a run on this machine, and map them where they differ."""
    file = options.progress_file
    progress = jobs.report(file) if file else bar()
    try:
        explorer = Explorer.load(options.run)
        seed = int(explorer.facts().get("config", {}).get("train", {}).get("seed", 0))
        atlas_source.prepare(explorer.run, explorer, seed, progress)
        ready = len(explorer.atlas)
    except Exception as error:
        if file:
            jobs.finish(file, str(error) or type(error).__name__)
        raise
    if file:
        jobs.finish(file)
    say(f"{ready:,} sentences of '{explorer.name}' are ready.")
