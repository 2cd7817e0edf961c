"""One update: the loss of a batch, its gradient, and who of encoder and decoder takes the step."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import Tensor

from vae.batching import Batches
from vae.config import TrainConfig
from vae.errors import UserError
from vae.models import TrainableVAE, decoder_inputs, make_model
from vae.models.normalisation import MeanNorm
from vae.objectives import delete_words, drop_words, free_bits_rate, mmd, summed_distortion
from vae.training.distributed import Dice, Share, Team

# He et al. (2019) look every 15 inner updates whether the encoder still gains.
_GAIN_EVERY = 10


class GradientError(UserError):
    """A gradient is not a number: no step was taken."""


@dataclass(frozen=True)
class Losses:
    """Of one process's share of a batch.

    Attributes:
        loss: scalar, nats a sentence; the shares of all processes sum to the batch's.
        distortion: (B,) nats.
        rate: (B,) nats.
    """

    loss: Tensor
    distortion: Tensor
    rate: Tensor


class Updater:
    """Takes steps of AdamW on a model; everything random comes from one generator.

    Args:
        model: trained in place.
        config: read at every update, so that a run can be adjusted.
    """

    def __init__(self, model: TrainableVAE, config: TrainConfig, team: Team) -> None:
        self.config, self.team = config, team
        self.lifted = False  # no floor of free bits any more, since what it held up is cut off
        self.generator = torch.Generator().manual_seed(config.seed)
        self._hold(model)

    def _hold(self, model: TrainableVAE) -> None:
        self.model, self.parameters = model, list(model.parameters())
        self._of_encoder = [
            _belongs(name, model.encoder_parts) for name, _ in model.named_parameters()
        ]
        self.optimizer = torch.optim.AdamW(
            self.parameters,
            lr=self.config.learning_rate,
            weight_decay=self.config.weight_decay,
            fused=True,
        )
        for part in model.modules():
            if isinstance(part, MeanNorm):
                part.total = self.team.sum

    def update(self, tokens: Tensor, beta: float, learning_rate: float) -> dict[str, float]:
        """Train encoder and decoder on one batch (B, T); sums of what happened, for the report."""
        self._set(learning_rate)
        began = time.monotonic()
        losses, norm = self._step(tokens, beta)
        return self._sums(losses, norm, tokens, time.monotonic() - began)

    def aggressive_update(
        self, tokens: Tensor, beta: float, learning_rate: float, batches: Batches
    ) -> dict[str, float]:
        """Train the encoder alone until it gains no more, then the decoder (He et al., 2019).

        Inner updates draw batches of their own, beginning with this one; every ten their mean loss
        is compared with the ten before. At most `encoder_updates` of them.
        """
        self._set(learning_rate)
        began, batch = time.monotonic(), tokens
        before, now = float("inf"), 0.0
        for inner in range(1, self.config.encoder_updates + 1):
            losses, _ = self._step(batch, beta, trained="encoder")
            # A batch of long sentences costs more nats: per token they can be compared.
            now += float(self.team.sum(losses.loss.detach())) / batch.shape[1]
            if inner % _GAIN_EVERY == 0:
                if now >= before:
                    break
                before, now = now, 0.0
            batch = batches.draw(self.generator)
        losses, norm = self._step(tokens, beta, trained="decoder")
        return self._sums(losses, norm, tokens, time.monotonic() - began)

    def reset_decoder(self) -> None:
        """Draw the decoder anew, and forget its moments: Li et al. (2019) keep the encoder only."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.config.seed + 1)
            fresh = dict(make_model(self.model.config).named_parameters())
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if _belongs(name, self.model.decoder_parts):
                    parameter.copy_(fresh[name])
                    self.optimizer.state.pop(parameter, None)

    def take(self, model: TrainableVAE) -> None:
        """Go on with another model of the same parts; forget the moments of what is not the same.

        As after `TrainableVAE.turned`, which leaves all weights alone that do not know z.
        """
        moments = {
            name: (value, self.optimizer.state[value])
            for name, value in self.model.named_parameters()
            if value in self.optimizer.state
        }
        self._hold(model)
        for name, value in model.named_parameters():
            if name in moments and torch.equal(moments[name][0], value):
                self.optimizer.state[value] = moments[name][1]

    def losses(self, tokens: Tensor, beta: float, share: Share) -> Losses:
        """The losses of this process's rows of a batch (B, T), ready for `backward`."""
        c, dice = self.config, Dice(self.generator, share)
        tokens = tokens[share.rows]
        with torch.autocast("cpu", torch.bfloat16, enabled=c.precision == "bf16"):
            read = tokens
            if c.denoising:
                read = delete_words(tokens, c.denoising, dice.common(), dice.uniform)
            posterior = self.model.encode(read)
            z = posterior.at(dice.normal(tuple(posterior.mean.shape)))
            inputs = drop_words(decoder_inputs(tokens), c.word_dropout, dice.uniform)
            outputs = self.model.outputs(inputs, z, dice.uniform)
            total, nats = summed_distortion(self.model, outputs, tokens)
        kl = posterior.kl_per_dimension()
        loss = (total / share.total + beta * self._rate(kl, share)) * share.weight
        if c.mmd and share.total > 1:
            prior = torch.randn(share.total, z.shape[1], generator=self.generator)
            # The value is the whole batch's in every process, so each counts a share of it.
            discrepancy = mmd(self.team.gather(z.float(), share), prior)
            loss = loss + c.mmd * _shared(discrepancy, share.weight, self.team.size)
        return Losses(loss, nats, kl.sum(-1))

    def _rate(self, kl: Tensor, share: Share) -> Tensor:
        """This process's part of the batch's rate under free bits, from (B, Z) nats."""
        floor = 0.0 if self.lifted else self.config.free_bits
        if self.team.size == 1:
            return free_bits_rate(kl.mean(0), floor)
        if not floor:
            return kl.sum() / share.total
        whole = self.team.sum(kl.detach().sum(0) * share.weight) / share.total  # (Z,)
        counts = (whole > floor).to(kl.dtype)
        idle = floor * (1 - counts).sum() / self.team.size / share.weight
        return (kl.sum(0) * counts).sum() / share.total + idle

    def _step(self, tokens: Tensor, beta: float, trained: str = "both") -> tuple[Losses, float]:
        share = self.team.share(len(tokens))
        self.model.train()
        losses = self.losses(tokens, beta, share)
        self.model.eval()
        self.optimizer.zero_grad(set_to_none=True)
        losses.loss.backward()
        for parameter, of_encoder in zip(self.parameters, self._of_encoder, strict=True):
            if (trained == "encoder" and not of_encoder) or (trained == "decoder" and of_encoder):
                parameter.grad = None
        self.team.add_gradients(self.parameters)
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, self.config.clip_norm)
        if not bool(torch.isfinite(norm)):
            raise GradientError(
                "Training diverged: the gradient is not a number. Train again with a learning "
                "rate below {rate:g}.",
                rate=self.config.learning_rate,
            ).because("divergence")
        self.optimizer.step()
        return losses, float(norm)

    def _set(self, learning_rate: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate

    def _sums(
        self, losses: Losses, norm: float, tokens: Tensor, seconds: float
    ) -> dict[str, float]:
        """What an update adds to the report: over the whole batch (B, T), not this share of it."""
        share = self.team.share(len(tokens))
        own = torch.stack([losses.distortion.detach().sum(), losses.rate.detach().sum()])
        nats, rate = self.team.sum(own * share.weight).tolist()
        return {
            "distortion": nats,
            "rate": rate,
            "norm": norm,
            "updates": 1.0,
            "sentences": float(len(tokens)),
            "tokens": float(tokens.numel()),
            "seconds": seconds,
        }


def _belongs(name: str, parts: tuple[str, ...]) -> bool:
    return name.split(".")[0] in parts


def _shared(value: Tensor, weight: float, size: int) -> Tensor:
    """A value that every process of a team computes whole, so that their sum has it once.

    Its gradient reaches only a process's own rows, and is left whole; where all rows are its own,
    a part of it.
    """
    if weight != 1.0:
        return value * weight
    return value + (value / size - value).detach()
