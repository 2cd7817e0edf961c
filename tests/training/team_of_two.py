"""What two processes compute together for test_distributed.py: `-m tests.training.team_of_two OUT`.

Each is started with the variables that torchrun sets. The first writes what came out.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from tests.fakes import corpus, encoded, tiny, trainer
from vae.batching import GroupedBatches
from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.corpora import files
from vae.errors import UserError
from vae.models import words
from vae.training import setup
from vae.training.cures import PLAIN
from vae.training.distributed import Team, exit_with, torchrun_team
from vae.training.update import Updater

BARE = replace(TrainConfig(precision="fp32"), **PLAIN)


@dataclass(frozen=True)
class Case:
    """A model, its training settings, and a batch."""

    model: dict[str, Any] = field(default_factory=dict)
    train: dict[str, Any] = field(default_factory=dict)
    beta: float = 1.0
    sentences: int = 13  # an odd number: the shares differ

    def updater(self, team: Team) -> Updater:
        run = Updater(tiny(**{"spread": 2.0, **self.model}), replace(BARE, **self.train), team)
        for group in run.optimizer.param_groups:
            # AdamW divides by the gradient's size: one that is nothing but rounding, as of a bias
            # that normalised means take away again, would move its weight as far as any other.
            group["eps"] = 1e-3
        return run

    def tokens(self) -> Tensor:
        return max(encoded().tokens, key=len)[: self.sentences]


CASES = {
    "plain": Case(),
    "beta": Case(beta=0.3),
    "language model": Case({"latent_dim": 0}),
    "free bits": Case(train={"free_bits": 0.1}, beta=0.7),
    "word dropout": Case(train={"word_dropout": 0.4}),
    "dropout": Case({"dropout": 0.3, "cell": "lstm"}),
    "transformer": Case({"dropout": 0.2, "architecture": "transformer"}),
    "large vocabulary": Case({"vocabulary_size": words.LARGE}),
    "denoising": Case(train={"denoising": 0.35}),
    "mmd": Case(train={"mmd": 30.0}, beta=0.1),
    "mean norm": Case({"mean_scale": 0.6}, {"free_bits": 0.05}),
    "too few to share": Case(
        {"mean_scale": 0.6, "dropout": 0.2},
        {"mmd": 30.0, "free_bits": 0.1, "denoising": 0.3},
        sentences=3,
    ),
}
RUN = RunConfig(
    DataConfig(min_count=1),
    ModelConfig(embedding_dim=8, encoder_hidden=8, decoder_hidden=12, latent_dim=3),
    TrainConfig(epochs=10_000, tokens_per_batch=256, snapshots=0, precision="fp32", threads=1),
)


def gradients(case: Case, team: Team) -> dict[str, Tensor]:
    """The loss of a batch and its gradient, summed over the team."""
    run, tokens = case.updater(team), case.tokens()
    run.model.train()
    losses = run.losses(tokens, case.beta, team.share(len(tokens)))
    losses.loss.backward()
    team.add_gradients(run.parameters)
    found = {n: p.grad for n, p in run.model.named_parameters() if p.grad is not None}
    return {"loss": team.sum(losses.loss.detach()), **{n: g.clone() for n, g in found.items()}}


def weights(case: Case, team: Team) -> dict[str, Tensor]:
    """The model after aggressive and plain updates, and what they reported."""
    run = case.updater(team)
    if run.model.config.latent_dim:
        run.config = replace(run.config, encoder_updates=4)
        batches = GroupedBatches(encoded(100), 64)
        run.aggressive_update(case.tokens(), case.beta, 1e-3, batches)
    run.reset_decoder()
    run.update(case.tokens(), case.beta, 1e-3)
    sums = run.update(case.tokens(), case.beta, 1e-3)
    reported = torch.tensor([sums[k] for k in ("distortion", "rate", "norm", "sentences")])
    return {"reported": reported, **run.model.state_dict()}


def events(team: Team) -> list[dict[str, Any]]:
    """All that a short run reports, until it runs out of patience."""
    run = trainer(team=team, epochs=40, validate_every=4, learning_rate=0.05, patience=2)
    return [e.to_dict() for e in run.run() if e is not None]


def turned(team: Team) -> Tensor:
    """The axes that a run turns its latent space to, at its second update."""
    run = trainer(tiny(spread=3.0), team=team, epochs=1, turn_axes=0.1, snapshots=0)
    list(run.run())
    assert run.axes is not None
    return run.axes


def left_by_the_other(path: Path, team: Team) -> str:
    """How training ends where only the second process gets a signal."""
    sentences = files.read_text("\n".join(corpus().sentences[:120]))
    session = setup.start(path, sentences, RUN, team=team)

    def strike(event: object) -> None:
        if team.rank and session.trainer.progress.step >= 20:
            os.kill(os.getpid(), signal.SIGTERM)

    with session.alive():
        reason = session.train(strike)
    session.leave()
    return reason


def main(out: Path) -> None:
    torch.set_num_threads(1)
    with torchrun_team() as team:
        tensors = {}
        for name, case in CASES.items():
            tensors |= {f"gradients/{name}/{k}": v for k, v in gradients(case, team).items()}
            tensors |= {f"weights/{name}/{k}": v for k, v in weights(case, team).items()}
        tensors["axes"] = turned(team)
        told = {"events": events(team), "left": left_by_the_other(out / "run", team)}
        if team.rank == 0:
            save_file({k: v.clone() for k, v in tensors.items()}, out / "tensors.safetensors")
            (out / "told.json").write_text(json.dumps(told), encoding="utf-8")
        if team.rank == 1:
            raise UserError("The second process has had enough. Give it a rest.")
        team.any(False)


if __name__ == "__main__":
    code = 0
    try:
        main(Path(sys.argv[1]))
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        code = 2
    except SystemExit as end:
        code = int(str(end.code))
    exit_with(code)
