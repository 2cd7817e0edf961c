"""The command line: `python -m vae COMMAND`; exits with 0, or 2 and one line on what was wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn

from vae.config import CONFIG_PARTS
from vae.errors import UserError

_FROM_DATA = {"vocabulary_size", "max_length"}
_TYPES = {"int": int, "float": float, "str": str}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}. See `{self.prog} --help`.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    try:
        options = build_parser().parse_args(arguments)
        # What a command needs is loaded with it, so that --help and mistakes answer at once.
        from vae import commands

        commands.COMMANDS[options.command](options)
    except UserError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("error: interrupted.", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    return 0


def build_parser() -> argparse.ArgumentParser:
    """All commands with their options; the training options come from the configuration."""
    parser = _Parser(prog="python -m vae", description="Train and question sentence VAEs.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    commands.add_parser("corpora", help="list the corpora that are known by name")
    _add_train(commands)
    _add_survey(commands)

    evaluate = commands.add_parser("evaluate", help="measure a run on held-out sentences")
    _add_run(evaluate)
    evaluate.add_argument("--data", type=Path, help="all sentences of this file instead")
    evaluate.add_argument("--iw-samples", type=int, default=100, help="K of the likelihood bound")
    evaluate.add_argument("--most", type=int, default=2000, help="most sentences to measure")
    evaluate.add_argument("--seed", type=int, default=0, help="seed of every draw")
    _add_json(evaluate)

    encode = commands.add_parser("encode", help="posteriors of a file's sentences, as Parquet")
    _add_run(encode)
    encode.add_argument("file", type=Path, help="sentences: .txt .csv .tsv .jsonl .parquet")
    encode.add_argument("--out", type=Path, required=True, help="the Parquet file to write")
    _add_columns(encode)

    interpolate = commands.add_parser("interpolate", help="walk between two sentences")
    _add_run(interpolate)
    interpolate.add_argument("a", help="where the path starts")
    interpolate.add_argument("b", help="where it ends")
    interpolate.add_argument("--steps", type=int, default=9, help="points, both ends included")
    interpolate.add_argument("--method", choices=("lerp", "slerp"), default="slerp")
    _add_json(interpolate)

    sample = commands.add_parser("sample", help="sentences from the prior")
    _add_run(sample)
    sample.add_argument("-n", type=int, default=10, help="how many")
    sample.add_argument("--seed", type=int, default=0, help="same seed, same sentences")
    sample.add_argument(
        "--temperature",
        type=float,
        help="draw words at this temperature; without it the most probable ones are taken",
    )
    _add_json(sample)

    _add_xray(commands)

    prepare = commands.add_parser(
        "prepare", help="gather a run's sentences on this machine, and map them where they differ"
    )
    _add_run(prepare)
    prepare.add_argument("--progress-file", type=Path, help=argparse.SUPPRESS)

    _add_map(commands)
    _add_adopt(commands)

    _add_diagnose(commands)
    _add_probe(commands)
    _add_disentanglement(commands)

    _add_steer(commands)

    study = commands.add_parser(
        "study", help="measure what the pages show of a run, and keep it with the run"
    )
    _add_run(study)
    study.add_argument("names", nargs="*", metavar="NAME", help="which studies; all without one")
    study.add_argument("--seed", type=int, default=0, help="seed of every draw")
    study.add_argument("--progress-file", type=Path, help=argparse.SUPPRESS)

    report = commands.add_parser("report", help="a run as one HTML file that needs no network")
    _add_run(report)
    report.add_argument("--out", type=Path, required=True, help="the .html file to write")
    report.add_argument("--seed", type=int, default=0, help="seed of the prior samples")
    return parser


def _add_diagnose(commands: Any) -> None:
    diagnose = commands.add_parser(
        "diagnose", help="is the latent space used, and does the decoder listen?"
    )
    _add_run(diagnose)
    diagnose.add_argument("--data", type=Path, help="sentences of this file instead; kept nowhere")
    diagnose.add_argument("--text", help="column of the file's sentences (guessed without it)")
    diagnose.add_argument("--seed", type=int, default=0, help="seed of every draw")
    _add_json(diagnose)


def _add_probe(commands: Any) -> None:
    probe = commands.add_parser("probe", help="what can be read off a latent, label by label")
    _add_run(probe)
    probe.add_argument("--data", type=Path, help="sentences and labels of this file instead")
    probe.add_argument("--seed", type=int, default=0, help="seed of every draw")
    _add_columns(probe)
    _add_json(probe)


def _add_disentanglement(commands: Any) -> None:
    parser = commands.add_parser(
        "disentanglement", help="does each dimension of any codes stand for one factor?"
    )
    parser.add_argument("codes", type=Path, help="numbers, a column for each dimension: .csv")
    parser.add_argument("factors", type=Path, help="values, a column for each factor: .csv")
    parser.add_argument("--seeds", type=int, default=5, help="draws of rows that are averaged")
    parser.add_argument("--seed", type=int, default=0, help="seed of every draw")
    _add_json(parser)


def _add_steer(commands: Any) -> None:
    parser = commands.add_parser("steer", help="move a sentence towards one value of a label")
    _add_run(parser)
    parser.add_argument("label", help="the property, as 'tense'")
    parser.add_argument("value", help="what it should become, as 'past'")
    parser.add_argument("sentence", help="the sentence to move")
    parser.add_argument(
        "--strength",
        type=float,
        help="how far; 1 is the difference of the means (default: several)",
    )
    parser.add_argument(
        "--how",
        choices=("difference", "classifier"),
        default="difference",
        help="the direction: difference of means, or normal of a logistic classifier",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of every draw")
    _add_json(parser)


def _add_train(commands: Any) -> None:
    train = commands.add_parser("train", help="train a model into a run directory")
    train.add_argument("--out", type=Path, required=True, help="the run directory to make")
    train.add_argument("--max-minutes", type=float, help="train for at most this long")
    train.add_argument("--resume", action="store_true", help="go on where the run was left")
    train.add_argument(
        "--checkpoint-seconds", type=float, default=30.0, help="the most work a crash may cost"
    )
    train.add_argument(
        "--brief",
        action="store_true",
        help="end with a short evaluation (K = 500, 200 sentences) and no map, for experiments",
    )
    _add_corpus(train)
    _add_settings(train)


def _add_survey(commands: Any) -> None:
    survey = commands.add_parser(
        "survey", help="what a corpus holds, and how many minutes training on it would take here"
    )
    _add_corpus(survey)
    _add_settings(survey)
    _add_json(survey)
    survey.add_argument("--out", type=Path, help="a file to write the JSON to as well")
    survey.add_argument("--trial-threads", type=int, default=0, help=argparse.SUPPRESS)
    survey.add_argument("--progress-file", type=Path, help=argparse.SUPPRESS)


def _add_xray(commands: Any) -> None:
    xray = commands.add_parser("xray", help="the ELBO of one sentence, token by token")
    _add_run(xray)
    xray.add_argument("sentence", help="what to look at")
    xray.add_argument("--draws", type=int, default=8, help="draws of z, and as many of the prior")
    xray.add_argument("--seed", type=int, default=0, help="seed of every draw")
    _add_json(xray)


def _add_adopt(commands: Any) -> None:
    adopt = commands.add_parser("adopt", help="make a run of a model of another make")
    adopt.add_argument("adapter", help="MODULE:FACTORY, which is imported: its code runs")
    _add_corpus(adopt)
    adopt.add_argument("--out", type=Path, required=True, help="the run directory to make")
    adopt.add_argument("--iw-samples", type=int, default=100, help="K of the likelihood bound")
    adopt.add_argument("--most", type=int, default=2000, help="most sentences to measure")
    adopt.add_argument("--seed", type=int, default=0, help="seed of every draw")


def _add_map(commands: Any) -> None:
    other = commands.add_parser(
        "map", help="a run's map in another space: a bag of words, or a sentence encoder"
    )
    _add_run(other)
    other.add_argument("space", choices=("words", "encoder"), help="what places the sentences")
    other.add_argument("--seed", type=int, default=0, help="seed of the projection")
    other.add_argument("--progress-file", type=Path, help=argparse.SUPPRESS)


def _add_corpus(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "corpus", help="factors, docstrings, a file of sentences, or a directory of .parquet shards"
    )
    parser.add_argument("--sentences", type=int, help="how many to generate or to draw")
    parser.add_argument(
        "--split", help="column that says train, validation or test (else the sentences decide)"
    )
    parser.add_argument("--max-words", type=int, help="longer sentences are left out (default 60)")
    _add_columns(parser)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", help="settings to start from")
    parser.add_argument(
        "--cure", help="one cure for posterior collapse and no other; 'none' for a plain VAE"
    )
    for part, config in CONFIG_PARTS.items():
        group = parser.add_argument_group(f"{part} settings (defaults are the preset's)")
        for f in fields(config):
            if f.name in _FROM_DATA:
                continue
            source = f" ({f.metadata['source']})" if f.metadata["source"] else ""
            group.add_argument(
                f"--{f.name.replace('_', '-')}",
                type=_TYPES[str(f.type)],
                choices=f.metadata["choices"] or None,
                help=f"{f.metadata['help']}{source}".replace("%", "%%"),
            )


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="a run directory, or the name of a run")


def _add_columns(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--text", help="column of the sentences (guessed and shown without it)")
    parser.add_argument("--labels", nargs="*", help="columns of the labels")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
