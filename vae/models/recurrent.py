"""The recurrent sentence VAE (Bowman et al., 2016), with z at every step of the decoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vae.config import ModelConfig
from vae.models.base import LOGVAR_RANGE, Draw, Posterior, State, TrainableVAE, dropout
from vae.models.normalisation import MeanNorm


class RecurrentVAE(TrainableVAE):
    """Bidirectional LSTM or GRU encoder; LSTM or GRU decoder; one embedding for input and output.

    z enters the decoder twice: it sets the initial state, and it is read beside the word at every
    step. With `latent_dim=0` there is no encoder and no z: the plain language model with the same
    decoder, which every text-VAE paper compares with.
    """

    encoder_parts = ("encoder", "to_posterior", "mean_norm")
    decoder_parts = ("decoder", "to_embedding", "output_bias", "to_state")

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        c = config
        recurrent = nn.LSTM if c.cell == "lstm" else nn.GRU
        self.embedding = nn.Embedding(c.vocabulary_size, c.embedding_dim)
        self.decoder = recurrent(
            c.embedding_dim + c.latent_dim, c.decoder_hidden, c.decoder_layers, batch_first=True
        )
        self.to_embedding = nn.Linear(c.decoder_hidden, c.embedding_dim)
        self.output_bias = nn.Parameter(torch.zeros(c.vocabulary_size))
        if c.latent_dim:
            self.encoder = recurrent(
                c.embedding_dim,
                c.encoder_hidden,
                c.encoder_layers,
                batch_first=True,
                bidirectional=True,
            )
            self.to_posterior = nn.Linear(4 * c.encoder_hidden, 2 * c.latent_dim)
            self.to_state = nn.Linear(c.latent_dim, self._states * c.decoder_layers * self._hidden)
            if c.mean_scale:
                self.mean_norm = MeanNorm(c.latent_dim, c.mean_scale)
        nn.init.normal_(self.embedding.weight, std=c.embedding_dim**-0.5)

    @property
    def _states(self) -> int:
        return 2 if self.config.cell == "lstm" else 1

    @property
    def _hidden(self) -> int:
        return self.config.decoder_hidden

    def embed(self, tokens: Tensor) -> Tensor:
        """(B, T, E) what the encoder reads of each token."""
        embedded: Tensor = self.embedding(tokens)
        return embedded

    def encode_embedded(self, embedded: Tensor) -> Posterior:
        """The posterior of each sentence, from the encoder's last and mean state in each direction.

        The mean gives every word a short way into z, so that what it says is kept (and can be read
        off) wherever it stands.
        """
        if not self.config.latent_dim:
            nothing = torch.zeros(embedded.shape[0], 0)
            return Posterior(nothing, nothing)
        states, _ = self.encoder(embedded)  # (B, T, 2H)
        half = self.config.encoder_hidden
        last = torch.cat([states[:, -1, :half], states[:, 0, half:]], dim=-1)  # (B, 2H)
        summary = torch.cat([last, states.mean(1)], dim=-1)  # (B, 4H)
        mean, logvar = self.to_posterior(summary).float().chunk(2, dim=-1)  # (B, Z) each
        if self.config.mean_scale:
            mean = self.mean_norm(mean)
        return Posterior(mean, logvar.clamp(*LOGVAR_RANGE))

    def latent_inputs(self) -> list[tuple[Tensor, Tensor]]:
        """The maps to the first state and, beside the word, to the gates of the first layer."""
        of_gates = self.decoder.get_parameter("weight_ih_l0")  # words, then z
        return [
            (self.to_state.weight, self.to_state.bias),
            (
                of_gates[:, self.config.embedding_dim :],
                self.decoder.get_parameter("bias_ih_l0"),
            ),
        ]

    def start(self, z: Tensor) -> State:
        """States of every layer as (B, layers, H): h alone for a GRU, h and c for an LSTM."""
        layers, rows = self.config.decoder_layers, z.shape[0]
        if not self.config.latent_dim:
            zero = torch.zeros(rows, layers, self._hidden)
            return (zero,) * self._states
        state = self.to_state(z).view(rows, self._states, layers, self._hidden)
        return tuple(torch.tanh(state[:, i]) for i in range(self._states))

    def _decode(self, embedded: Tensor, z: Tensor, state: State) -> tuple[Tensor, State]:
        steps = z[:, None, :].expand(-1, embedded.shape[1], -1)
        inputs = torch.cat([embedded, steps.to(embedded.dtype)], dim=-1)  # (B, T, E + Z)
        by_layer = [s.transpose(0, 1).contiguous() for s in state]  # (layers, B, H)
        hidden = tuple(by_layer) if len(by_layer) == 2 else by_layer[0]
        outputs, last = self.decoder(inputs, hidden)  # (B, T, H)
        last = last if isinstance(last, tuple) else (last,)
        return outputs, tuple(s.transpose(0, 1) for s in last)

    def outputs(self, inputs: Tensor, z: Tensor, draw: Draw | None = None) -> Tensor:
        """(B, T, E) what every word's vector is held against, for decoder inputs (B, T)."""
        embedded = dropout(self.embedding(inputs), self.config.dropout, draw)
        states, _ = self._decode(embedded, z, self.start(z))
        outputs: Tensor = self.to_embedding(dropout(states, self.config.dropout, draw))
        return outputs

    def step(self, token: Tensor, z: Tensor, state: State) -> tuple[Tensor, State]:
        """(B, V) logits after reading one token (B,) in `state`, and the state that follows."""
        states, state = self._decode(self.embedding(token)[:, None], z, state)
        return self.to_logits(self.to_embedding(states[:, 0])), state
