"""Tokens a second of our training loop against a plain loop of the same model, in one run.

The plain loop is what a first version looks like: shuffled batches of a fixed number of sentences,
padded to the longest, in fp32, with unfused Adam. Both see the same sentences on the same threads;
only words count as tokens, never padding. Run by hand: python -m tests.benchmarks.training
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import numpy as np
import torch
from torch.nn import functional

from vae.batching import GroupedBatches, group_by_length
from vae.config import DataConfig, ModelConfig, TrainConfig
from vae.corpora import load
from vae.models import Posterior, RecurrentVAE, decoder_inputs
from vae.tokenizer import PAD, UNK, Tokenizer
from vae.training.loop import Trainer
from vae.training.measure import Watched
from vae.training.precision import resolve_precision

ROUNDS = 5


def plain_encode(model: RecurrentVAE, tokens: torch.Tensor, lengths: torch.Tensor) -> Posterior:
    """The encoder over padded batches, which need packing for the backward direction."""
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        model.embedding(tokens), lengths, batch_first=True, enforce_sorted=False
    )
    states, _ = torch.nn.utils.rnn.pad_packed_sequence(model.encoder(packed)[0], batch_first=True)
    half = model.config.encoder_hidden
    rows = torch.arange(len(tokens))
    last = torch.cat([states[rows, lengths - 1, :half], states[:, 0, half:]], dim=-1)
    average = states.sum(1) / lengths[:, None]
    mean, logvar = model.to_posterior(torch.cat([last, average], dim=-1)).chunk(2, dim=-1)
    return Posterior(mean, logvar)


def plain_loop(model, ids, batch_size: int, updates: int, seed: int) -> float:
    """Tokens a second of the plain loop."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=False, fused=False)
    generator = torch.Generator().manual_seed(seed)
    order = np.random.default_rng(seed).permutation(len(ids))
    began, count = time.perf_counter(), 0
    for i in range(updates):
        batch = [ids[j] for j in order[i * batch_size : (i + 1) * batch_size]]
        lengths = torch.tensor([len(b) for b in batch])
        tokens = torch.nn.utils.rnn.pad_sequence(
            [torch.tensor(b) for b in batch], batch_first=True, padding_value=PAD
        )
        posterior = plain_encode(model, tokens, lengths)
        inputs = decoder_inputs(tokens)
        hidden = torch.rand(inputs.shape, generator=generator) < 0.3
        hidden[:, 0] = False
        logits = model.logits(inputs.masked_fill(hidden, UNK), posterior.sample(generator))
        nats = functional.cross_entropy(
            logits.flatten(0, 1), tokens.flatten(), ignore_index=PAD, reduction="sum"
        )
        loss = nats / len(batch) + posterior.kl().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        count += int(lengths.sum())
    return count / (time.perf_counter() - began)


def our_loop(model, encoded, validation, config, updates: int) -> float:
    """Tokens a second of `Trainer`, without validation and snapshots, which both would share."""
    nothing = Watched(group_by_length([]), group_by_length([]), say=str)
    batches = GroupedBatches(encoded, config.tokens_per_batch)
    trainer = Trainer(model, batches, validation, config, nothing)
    count, began = 0, time.perf_counter()
    for event in trainer.run():
        if event is None and trainer.progress.step >= updates:
            break
    count = int(trainer.progress.since_validation["tokens"])
    return count / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default="factors")
    parser.add_argument("--batch-size", type=int, default=32, help="of the plain loop")
    options = parser.parse_args()
    corpus = load(options.corpus, n=20_000)
    tokenizer = Tokenizer.train(corpus.sentences, DataConfig())
    ids = tokenizer.encode_batch(corpus.sentences)
    encoded = group_by_length(ids)
    size = ModelConfig(vocabulary_size=len(tokenizer), max_length=64)
    config = TrainConfig(validate_every=10**6, snapshots=0, epochs=100)
    batches = GroupedBatches(encoded, config.tokens_per_batch)
    precision = resolve_precision(size, config)
    config = TrainConfig(validate_every=10**6, snapshots=0, epochs=100, precision=precision)
    per_update = encoded.n_tokens / batches.per_epoch
    plain_updates = 60
    words = plain_updates * options.batch_size * np.mean([len(i) for i in ids])
    updates = round(words / per_update)
    ratios = []
    for seed in range(ROUNDS):
        plain = plain_loop(RecurrentVAE(size), ids, options.batch_size, plain_updates, seed)
        ours = our_loop(RecurrentVAE(size), encoded, encoded, config, max(updates, 20))
        ratios.append(ours / plain)
        print(f"plain {plain:8,.0f}  ours {ours:8,.0f} tokens a second  ratio {ours / plain:.2f}")
    print(
        f"{options.corpus}, {precision}, plain batches of {options.batch_size}: "
        f"median ratio {median(ratios):.2f} of {ROUNDS} rounds"
    )


if __name__ == "__main__":
    main()
