"""The options of a training, and the configuration that they ask for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from vae.config import CONFIG_PARTS, RunConfig
from vae.i18n import _
from vae.training.cures import cured, plain
from vae.training.presets import USUAL, preset

_FROM_DATA = {"vocabulary_size", "max_length"}
_SETTLED = {"steps", "warmup_steps", "precision"}
_TYPES = {"int": int, "float": float, "str": str}


@dataclass(frozen=True)
class Difference:
    """An option whose value is not that of a run.

    Attributes:
        option: as it is written.
        stored, given: the run's value, and the one that is asked for.
    """

    option: str
    stored: Any
    given: Any

    def __str__(self) -> str:
        return _(
            "{option} (it is {stored}, not {given})",
            option=self.option,
            stored=str(self.stored),
            given=str(self.given),
        )


def add_settings(parser: ArgumentParser) -> None:
    """A preset, a cure, and every setting of the configuration."""
    parser.add_argument(
        "--preset", help=_("settings to start from ({name} without it)", name=USUAL)
    )
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


def differing(options: Namespace, facts: Mapping[str, Any], where: str) -> list[Difference]:
    """What is asked for and differs from what a run was asked for, or has where that is unknown.

    Args:
        facts: its config.json.
        where: the name of that file.

    Raises:
        UserError: the file holds no configuration, or as `configuration`.
    """
    wanted, explicit = configuration(options, _learned_from(facts)), chosen(options)
    whole = bool(options.preset or options.cure)
    has = RunConfig.from_dict(facts.get("asked") or facts.get("config", {}), where)
    # Of a run that does not say what was asked, what its start has settled is not known.
    unknown = _FROM_DATA if "asked" in facts else _FROM_DATA | _SETTLED
    return [
        Difference(flag(f.name), getattr(theirs, f.name), getattr(ours, f.name))
        for part in CONFIG_PARTS
        for ours, theirs in [(getattr(wanted, part), getattr(has, part))]
        for f in fields(ours)
        if (whole or f.name in explicit[part])
        and f.name not in unknown
        and getattr(ours, f.name) != getattr(theirs, f.name)
    ]


def _learned_from(facts: Mapping[str, Any]) -> int | None:
    """Training sentences of a run."""
    try:
        return int(facts["corpus"]["splits"]["train"])
    except (KeyError, TypeError, ValueError):
        return None


def configuration(options: Namespace, sentences: int | None = None) -> RunConfig:
    """The preset, then the cure, then every setting that was given.

    Args:
        sentences: for training, as `vae.training.presets.preset` takes them.

    Raises:
        UserError: there is no such preset or cure, or the settings do not go together.
    """
    base = preset(options.preset or USUAL, sentences)
    if options.cure:
        base = plain(base) if options.cure == "none" else cured(base, options.cure)
    settings = chosen(options)
    return RunConfig(
        replace(base.data, **settings["data"]),
        replace(base.model, **settings["model"]),
        replace(base.train, **settings["train"]),
    )
