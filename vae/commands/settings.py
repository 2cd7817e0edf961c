"""What the options of a command ask for: a configuration, and a corpus to use it on."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import fields, replace
from typing import Any

from vae import corpora
from vae.config import CONFIG_PARTS, RunConfig
from vae.corpora import Corpus
from vae.errors import UserError
from vae.progress import Progress
from vae.training.cures import cured, plain
from vae.training.presets import preset

_MOST_WORDS = 500


def chosen(options: Namespace) -> dict[str, dict[str, Any]]:
    """Part of the configuration to the settings that were given, by name."""
    return {
        part: {
            f.name: getattr(options, f.name)
            for f in fields(config)
            if getattr(options, f.name, None) is not None
        }
        for part, config in CONFIG_PARTS.items()
    }


def given(options: Namespace) -> list[str]:
    """The options that ask for settings, as they are written."""
    settings = [f"--{name.replace('_', '-')}" for part in chosen(options).values() for name in part]
    return settings + [f"--{name}" for name in ("preset", "cure") if getattr(options, name)]


def configuration(options: Namespace) -> RunConfig:
    """The preset, then the cure, then every setting that was given.

    Raises:
        UserError: there is no such preset or cure, or the settings do not go together.
    """
    base = preset(options.preset) if options.preset else RunConfig()
    if options.cure:
        base = plain(base) if options.cure == "none" else cured(base, options.cure)
    settings = chosen(options)
    return RunConfig(
        replace(base.data, **settings["data"]),
        replace(base.model, **settings["model"]),
        replace(base.train, **settings["train"]),
    )


def load_corpus(options: Namespace, n: int | None, seed: int, progress: Progress) -> Corpus:
    """The corpus that the options name.

    Args:
        n: sentences to generate or to draw.
        seed: of the generator and of the draw.

    Raises:
        UserError: as `vae.corpora.load`, or a bound that no sentence can have.
    """
    if options.max_words is not None and not 1 <= options.max_words <= _MOST_WORDS:
        raise UserError(f"--max-words is {options.max_words}; choose from 1 to {_MOST_WORDS}.")
    return corpora.load(
        options.corpus,
        text=options.text,
        labels=options.labels,
        split=options.split,
        max_words=options.max_words,
        n=n,
        seed=seed,
        progress=progress,
    )
