"""What each command does; `vae.cli` parses, these print."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable

from vae import corpora
from vae.commands.adopting import adopt
from vae.commands.diagnosing import diagnose
from vae.commands.mapping import map_sentences
from vae.commands.probing import disentanglement, probe
from vae.commands.reading import encode, evaluate, interpolate, prepare, sample
from vae.commands.reporting import report
from vae.commands.steering import steer
from vae.commands.studying import study
from vae.commands.surveying import survey
from vae.commands.training import train
from vae.commands.xraying import xray_sentence


def list_corpora(options: Namespace) -> None:
    """Print the corpora that are known by name."""
    for known in corpora.describe():
        print(f"{known.name:<12}{known.what} ({known.size})")


COMMANDS: dict[str, Callable[[Namespace], None]] = {
    "corpora": list_corpora,
    "train": train,
    "survey": survey,
    "evaluate": evaluate,
    "encode": encode,
    "interpolate": interpolate,
    "sample": sample,
    "xray": xray_sentence,
    "prepare": prepare,
    "map": map_sentences,
    "adopt": adopt,
    "diagnose": diagnose,
    "probe": probe,
    "disentanglement": disentanglement,
    "steer": steer,
    "study": study,
    "report": report,
}
