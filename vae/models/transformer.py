"""The transformer sentence VAE: a bidirectional encoder, and a causal decoder that z enters twice.

z enters as in Optimus (Li et al., 2020): as a memory that every layer attends to beside the words
before, and added to every input. Layers normalise first (Xiong et al., 2020) and positions are
sines (Vaswani et al., 2017), so a sentence may be longer than any that was trained on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from vae.config import ModelConfig
from vae.models.base import LOGVAR_RANGE, Draw, Posterior, State, TrainableVAE, dropout
from vae.models.normalisation import MeanNorm


class TransformerVAE(TrainableVAE):
    """Transformer encoder and decoder (Vaswani et al., 2017), one embedding for input and output.

    With `latent_dim=0` there is no encoder and no z: the plain language model with the same
    decoder, which every text-VAE paper compares with.
    """

    encoder_parts = ("encoder", "queries", "to_posterior", "mean_norm")
    decoder_parts = ("decoder", "to_memory", "to_inputs", "to_embedding", "output_bias")

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        c, width = config, config.embedding_dim
        self.embedding = nn.Embedding(c.vocabulary_size, width)
        self.decoder = _Layers(width, c.heads, c.decoder_layers)
        self.to_embedding = nn.Linear(width, width)
        self.output_bias = nn.Parameter(torch.zeros(c.vocabulary_size))
        if c.latent_dim:
            self.encoder = _Layers(width, c.heads, c.encoder_layers)
            self.queries = nn.Linear(width, c.heads, bias=False)
            self.to_posterior = nn.Linear((1 + c.heads) * width, 2 * c.latent_dim)
            self.to_memory = nn.Linear(c.latent_dim, 2 * c.decoder_layers * width)
            self.to_inputs = nn.Linear(c.latent_dim, width)
            if c.mean_scale:
                self.mean_norm = MeanNorm(c.latent_dim, c.mean_scale)
        # torch draws the weights of a linear map with a deviation of (3 * inputs)^-0.5, which is
        # the 0.02 of GPT-2 at its width of 768 and stays in proportion at the widths used here.
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)

    def embed(self, tokens: Tensor) -> Tensor:
        """(B, T, E) with entries of variance 1 at first, in proportion to the positions."""
        scaled: Tensor = self.embedding(tokens) * self.config.embedding_dim**0.5
        return scaled

    def encode_embedded(self, embedded: Tensor) -> Posterior:
        """The posterior of each sentence, from the mean of its states and `heads` weighted means.

        Each weighted mean has a learned query, which finds its own words wherever they stand
        (pooling by attention: Lee et al., 2019).
        """
        if not self.config.latent_dim:
            nothing = torch.zeros(embedded.shape[0], 0)
            return Posterior(nothing, nothing)
        inputs = embedded + positions(0, embedded.shape[1], self.config.embedding_dim)
        states, _ = self.encoder(inputs, (), None, _keep)  # (B, T, E)
        weights = self.queries(states).softmax(1)  # (B, T, heads)
        found = weights.transpose(1, 2) @ states  # (B, heads, E)
        summary = torch.cat([states.mean(1, keepdim=True), found], dim=1)  # (B, 1 + heads, E)
        mean, logvar = self.to_posterior(summary.flatten(1)).float().chunk(2, dim=-1)  # (B, Z) each
        if self.config.mean_scale:
            mean = self.mean_norm(mean)
        return Posterior(mean, logvar.clamp(*LOGVAR_RANGE))

    def latent_inputs(self) -> list[tuple[Tensor, Tensor]]:
        """The maps to the memory and to every input."""
        maps = (self.to_memory, self.to_inputs)
        return [(to.weight, to.bias) for to in maps]

    def start(self, z: Tensor) -> State:
        """Keys and values of every layer, each (B, heads, t, E / heads): z's alone, so t is 1."""
        c = self.config
        layers, rows, head = c.decoder_layers, z.shape[0], c.embedding_dim // c.heads
        if not c.latent_dim:
            return (torch.zeros(rows, c.heads, 0, head),) * (2 * layers)
        memory = self.to_memory(z).view(rows, 2 * layers, c.heads, 1, head)
        return tuple(memory.unbind(1))

    def outputs(self, inputs: Tensor, z: Tensor, draw: Draw | None = None) -> Tensor:
        """(B, T, E) what every word's vector is held against, for decoder inputs (B, T)."""
        return self._decode(inputs, z, self.start(z), draw)[0]

    def step(self, token: Tensor, z: Tensor, state: State) -> tuple[Tensor, State]:
        """(B, V) logits after reading one token (B,) in `state`, and the state that follows."""
        outputs, state = self._decode(token[:, None], z, state, None)
        return self.to_logits(outputs[:, 0]), state

    def _decode(
        self, inputs: Tensor, z: Tensor, state: State, draw: Draw | None
    ) -> tuple[Tensor, State]:
        """Outputs (B, T, E) of inputs (B, T) that follow what `state` has read."""
        c, length = self.config, inputs.shape[1]
        before = state[0].shape[2]
        read = before - 1 if c.latent_dim else before  # words: the memory has no place among them
        drop = partial(dropout, share=c.dropout, draw=draw)
        # Dropout hides words, and never z or where a word stands.
        embedded = drop(self.embed(inputs)) + positions(read, read + length, c.embedding_dim)
        if c.latent_dim:
            embedded = embedded + self.to_inputs(z)[:, None]
        unseen = None
        if length > 1:
            unseen = torch.ones(length, before + length, dtype=torch.bool).triu(before + 1)
        outputs, state = self.decoder(embedded, state, unseen, drop)
        return self.to_embedding(outputs), state


class _Layers(nn.Module):
    """Layers of one width, and a last normalisation."""

    def __init__(self, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_Layer(width, heads, layers) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(
        self, x: Tensor, past: State, unseen: Tensor | None, drop: Callable[[Tensor], Tensor]
    ) -> tuple[Tensor, State]:
        """(B, T, E) -> (B, T, E), and the keys and values of every layer with the new ones."""
        state: State = ()
        for i, layer in enumerate(self.layers):
            x, known = layer(x, past[2 * i : 2 * i + 2], unseen, drop)
            state += known
        return self.norm(x), state


class _Layer(nn.Module):
    """Attention, then a feedforward of four times the width, each on normalised inputs."""

    def __init__(self, width: int, heads: int, depth: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        # No bias: softmax takes no notice of one in the keys, and the normalisation has one.
        self.to_heads = nn.Linear(width, 3 * width, bias=False)
        self.from_heads = nn.Linear(width, width)
        self.feedforward_norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)
        with torch.no_grad():
            for last in (self.from_heads, self.narrow):
                # The sum of all that branches add does not grow with depth (GPT-2).
                last.weight.mul_((2 * depth) ** -0.5)

    def forward(
        self, x: Tensor, past: State, unseen: Tensor | None, drop: Callable[[Tensor], Tensor]
    ) -> tuple[Tensor, State]:
        attended, known = self._attend(self.attention_norm(x), past, unseen)
        x = x + drop(attended)
        wide = functional.gelu(self.widen(self.feedforward_norm(x)))  # (B, T, 4E)
        return x + drop(self.narrow(wide)), known

    def _attend(self, x: Tensor, past: State, unseen: Tensor | None) -> tuple[Tensor, State]:
        """(B, T, E), and keys and values (B, heads, t, E / heads), those of the past in front."""
        by_head = self.to_heads(x).unflatten(-1, (3, self.heads, -1))  # (B, T, 3, heads, E / heads)
        query, keys, values = by_head.permute(2, 0, 3, 1, 4)  # (B, heads, T, E / heads) each
        if past:
            keys = torch.cat([past[0], keys], dim=2)
            values = torch.cat([past[1], values], dim=2)
        # Written out: on sentences torch's fused attention is no faster on a CPU, and with bf16
        # it makes an update take up to twice as long.
        scores = query @ keys.transpose(-2, -1) * query.shape[-1] ** -0.5  # (B, heads, T, t)
        if unseen is not None:
            scores = scores.masked_fill(unseen, float("-inf"))
        mixed = scores.softmax(-1) @ values  # (B, heads, T, E / heads)
        return self.from_heads(mixed.transpose(1, 2).flatten(2)), (keys, values)


def positions(start: int, end: int, width: int) -> Tensor:
    """(end - start, E) sines and cosines of each place in a sentence (Vaswani et al., 2017)."""
    place = torch.arange(start, end)[:, None]
    frequency = 10_000.0 ** (-torch.arange(0, width, 2) / width)
    angles = place * frequency  # (T, E / 2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :width]


def _keep(values: Tensor) -> Tensor:
    return values
