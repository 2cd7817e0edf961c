"""What each command does; `vae.cli` parses, this prints."""

from __future__ import annotations

import json
import shlex
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from vae import corpora
from vae.cache import replacing
from vae.config import CONFIG_PARTS, RunConfig
from vae.corpora import Corpus, files
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent import atlas_source
from vae.progress import Progress
from vae.runs import jobs
from vae.runs.catalogue import SHIPPED, remember
from vae.training import session
from vae.training.evaluate import evaluate
from vae.training.events import Event, StepEvent, ValidationEvent
from vae.training.finish import finish
from vae.training.presets import preset

_MOST_SAMPLES = 100_000


def _bar() -> Progress:
    """Progress as bars on standard error, one for each piece of work that takes over a second."""
    bars: dict[str, Any] = {}

    def show(done: int, total: int, what: str) -> None:
        if what not in bars:
            for bar in bars.values():
                bar.close()
            bars[what] = tqdm(total=total, desc=what, delay=1, leave=False, file=sys.stderr)
        bars[what].total = total
        bars[what].update(done - bars[what].n)
        if done >= total:
            bars[what].close()

    return show


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _corpora(options: Namespace) -> None:
    for known in corpora.describe():
        print(f"{known.name:<12}{known.what} ({known.size})")


def _train(options: Namespace) -> None:
    chosen = {
        part: {
            f.name: getattr(options, f.name)
            for f in fields(config)
            if getattr(options, f.name, None) is not None
        }
        for part, config in CONFIG_PARTS.items()
    }
    if options.max_minutes is not None and not options.max_minutes > 0:
        raise UserError(f"--max-minutes is {options.max_minutes:g}; it must be above 0.")
    if options.resume:
        given = [f"--{name.replace('_', '-')}" for part in chosen.values() for name in part]
        if given or options.preset:
            raise UserError(
                f"A resumed run keeps its settings; leave out {', '.join(given) or '--preset'}."
            )
        stored = session.stored_source(options.out)
        corpus = _load_corpus(options, n=stored.get("n"), seed=stored.get("seed", 0))
        run = session.resume(options.out, corpus)
    else:
        base = preset(options.preset) if options.preset else RunConfig()
        config = RunConfig(
            replace(base.data, **chosen["data"]),
            replace(base.model, **chosen["model"]),
            replace(base.train, **chosen["train"]),
        )
        corpus = _load_corpus(options, n=options.sentences, seed=config.train.seed)
        command = shlex.join(["python", "-m", "vae", *sys.argv[1:]])
        run = session.start(
            options.out, corpus, config, max_minutes=options.max_minutes, command=command
        )
    run.checkpoint_seconds = options.checkpoint_seconds
    if options.out.resolve().parent != SHIPPED:
        remember(options.out)
    with run.alive():
        reason = _train_with_bar(run, options.max_minutes)
        if reason != "interrupted":
            result = finish(run, _bar())
    if reason == "interrupted":
        run.pause()
        _say(f"Stopped at update {run.trainer.progress.step:,}. Add --resume to go on.")
        return
    run.complete()
    _say(f"{result['verdict_sentence']} Look at it: streamlit run app.py")


def _load_corpus(options: Namespace, n: int | None, seed: int) -> Corpus:
    corpus = corpora.load(
        options.corpus, text=options.text, labels=options.labels, n=n, seed=seed, progress=_bar()
    )
    _describe(corpus)
    return corpus


def _describe(corpus: Corpus) -> None:
    """Say what was read, what was guessed and what was left out."""
    source = corpus.source
    guessed = (
        f" Sentences from column '{source['text_column']}', "
        f"labels: {', '.join(source['label_columns']) or 'none'}."
        if source.get("text_column")
        else ""
    )
    dropped = "; ".join(f"{n:,} {reason}" for reason, n in corpus.dropped.items())
    left_out = f" Left out: {dropped}." if dropped else ""
    _say(f"{corpus.name}: {len(corpus):,} sentences.{guessed}{left_out}")


def _train_with_bar(run: session.Session, max_minutes: float | None) -> str:
    trainer = run.trainer
    with tqdm(
        total=trainer.total_steps,
        initial=trainer.progress.step,
        desc="Training",
        unit=" updates",
        file=sys.stderr,
    ) as bar:

        def show(event: Event) -> None:
            bar.update(event.step - bar.n)
            if isinstance(event, StepEvent):
                bar.set_postfix_str(
                    f"distortion {event.distortion:.2f}, rate {event.rate:.2f}, "
                    f"beta {event.beta:.2f}"
                )
            elif isinstance(event, ValidationEvent):
                tqdm.write(
                    f"update {event.step:,}: validation ELBO {event.elbo:.2f} nats a sentence, "
                    f"rate {event.rate:.2f}, {event.active_units} active units",
                    file=sys.stderr,
                )

        return run.train(show, max_minutes)


def _evaluate(options: Namespace) -> None:
    explorer = Explorer.load(options.run)
    facts = explorer.facts()["corpus"]
    progress = _bar()
    if options.iw_samples < 1 or options.most < 1:
        raise UserError("--iw-samples and --most must be at least 1.")
    if options.data is not None:
        corpus = files.read_file(options.data, minimum=1, progress=progress)
        _describe(corpus)
        split = "all"
    else:
        corpus = corpora.rebuild(facts["source"], progress)
        split = "test"
    result = evaluate(
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
            _say(
                f"The corpus on this machine differs from the one that '{explorer.name}' was "
                "trained on: these figures are of this machine's, and are not stored."
            )
    if options.json:
        _print_json(result)
        return
    print(result["verdict_sentence"])
    for key, value in result.items():
        if isinstance(value, int | float):
            print(
                f"{key:<38}{value:>12.4f}" if isinstance(value, float) else f"{key:<38}{value:>12,}"
            )


def _encode(options: Namespace) -> None:
    explorer = Explorer.load(options.run)
    progress = _bar()
    corpus = files.read_file(
        options.file, text=options.text, labels=options.labels, minimum=1, progress=progress
    )
    _describe(corpus)
    posterior = explorer.encode(corpus.sentences, progress=progress)
    columns: dict[str, Any] = {"sentence": corpus.sentences, **corpus.labels}
    columns["unknown_words"] = [" ".join(explorer.unknown_words(s)) for s in corpus.sentences]
    columns["rate"] = posterior.kl().numpy()
    for name, values in (("mean", posterior.mean), ("logvar", posterior.logvar)):
        columns |= {f"{name}_{d}": values[:, d].numpy() for d in range(values.shape[1])}
    with replacing(options.out) as temporary:
        pd.DataFrame(columns).to_parquet(temporary)
    unknown = int(np.count_nonzero([bool(w) for w in columns["unknown_words"]]))
    _say(f"{len(corpus):,} sentences in {options.out}; {unknown:,} have unknown words.")


def _interpolate(options: Namespace) -> None:
    explorer = Explorer.load(options.run)
    _say_unknown(explorer, options.a, options.b)
    points = explorer.interpolate(options.a, options.b, options.steps, options.method)
    if options.json:
        _print_json(
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
            _say(f"Unknown to '{explorer.name}': {', '.join(words)}.")


def _sample(options: Namespace) -> None:
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
        _print_json(
            {
                "run": explorer.name,
                "seed": options.seed,
                "temperature": options.temperature,
                "sentences": said,
            }
        )
        return
    print("\n".join(said))


def _prepare(options: Namespace) -> None:
    file = options.progress_file
    progress = jobs.report(file) if file else _bar()
    try:
        explorer = Explorer.load(options.run)
        atlas_source.prepare(
            explorer.run, explorer.model, explorer.tokenizer, explorer.config.train.seed, progress
        )
        ready = len(explorer.atlas)
    except Exception as error:
        if file:
            jobs.finish(file, str(error) or type(error).__name__)
        raise
    if file:
        jobs.finish(file)
    _say(f"{ready:,} sentences of '{explorer.name}' are ready.")


COMMANDS: dict[str, Callable[[Namespace], None]] = {
    "corpora": _corpora,
    "train": _train,
    "evaluate": _evaluate,
    "encode": _encode,
    "interpolate": _interpolate,
    "sample": _sample,
    "prepare": _prepare,
}
