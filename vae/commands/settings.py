"""The options of a training, and the configuration that they ask for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import fields, replace
from typing import Any

from vae.config import CONFIG_PARTS, RunConfig
from vae.i18n import _
from vae.training.cures import cured, plain
from vae.training.presets import preset

_FROM_DATA = {"vocabulary_size", "max_length"}
_TYPES = {"int": int, "float": float, "str": str}


def add_settings(parser: ArgumentParser) -> None:
    """A preset, a cure, and every setting of the configuration."""
    parser.add_argument("--preset", help=_("settings to start from"))
    parser.add_argument(
        "--cure", help=_("one cure for posterior collapse and no other; 'none' for a plain VAE")
    )
    for part, config in CONFIG_PARTS.items():
        group = parser.add_argument_group(
            _("{part} settings (defaults are the preset's)", part=part)
        )
        for f in fields(config):
            if f.name in _FROM_DATA:
                continue
            text, source = str(f.metadata["help"]), str(f.metadata["source"])
            if source:
                text = _("{help} ({source})", help=text, source=source)
            group.add_argument(
                flag(f.name),
                type=_TYPES[str(f.type)],
                choices=f.metadata["choices"] or None,
                help=text.replace("%", "%%"),
            )


def flag(name: str) -> str:
    """A setting as it is written on the command line."""
    return f"--{name.replace('_', '-')}"


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


def given(options: Namespace) -> bool:
    """Whether any setting is asked for."""
    return bool(options.preset or options.cure or any(chosen(options).values()))


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
