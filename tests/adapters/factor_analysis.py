"""A model that is not ours, behind an adapter: scikit-learn's factor analysis over words in places.

A sentence is a vector of 0 and 1, one number for each (place, word). Factor analysis models it as
x = mu + W z + noise with z ~ N(0, I), so the posterior of z is exactly Gaussian. A decoder without
memory reads W z back: at each place a softmax over the words, whose scale is fitted. That is all a
text VAE needs: `vae/models/OWN_MODEL.md` walks through it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.decomposition import FactorAnalysis
from torch import Tensor

from vae.corpora import factors
from vae.errors import UserError
from vae.models import Posterior

END, UNKNOWN = "end", "<unk>"
_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


class FactorSentences:
    """Factor analysis of sentences, with every method that `vae.models.explorable` names."""

    description = "factor analysis over (place, word), by scikit-learn"

    def __init__(self, sentences: Sequence[str], latent_dim: int = 12, seed: int = 0) -> None:
        split = [self.words(s) for s in sentences]
        counts = Counter(word for words in split for word in words)
        self.known = [END, UNKNOWN, *(w for w, n in counts.most_common() if n > 1)]
        self.ids = {word: i for i, word in enumerate(self.known)}
        self.places = max(map(len, split)) + 2  # room for one word more, and the end
        self.latent_dim, self.vocabulary = latent_dim, len(self.known)
        rows = np.stack([self.row(s) for s in sentences])  # (N, D), D = places * words
        used = np.flatnonzero(rows.sum(0) >= 3)
        x = rows[:, used]
        # No word is taken for a thing without noise, which a maximum of the likelihood may do.
        blurred = x + 0.25 * np.random.default_rng(seed).standard_normal(x.shape)
        fitted = FactorAnalysis(latent_dim, tol=1.0, random_state=seed).fit(blurred)
        weights, noise = fitted.components_.T, fitted.noise_variance_  # (d, Z), (d,)
        # z may be turned as one likes. So turned, its posterior has no correlations.
        precision, turn = np.linalg.eigh(weights.T @ (weights / noise[:, None]))
        weights = weights @ turn
        self.variance = 1 / (1 + precision)  # (Z,), the same for every sentence
        self.used, self.mu, self.noise = used, fitted.mean_, noise
        self.read = weights / noise[:, None] * self.variance  # (d, Z): x - mu to the mean
        self.write = np.zeros((rows.shape[1], latent_dim))
        self.write[used] = weights
        # Without z, the words of a place are as frequent as they are; one half more of each.
        frequency = rows.sum(0).reshape(self.places, -1) + 0.5
        self.base = np.log(frequency / frequency.sum(1, keepdims=True))
        self.scale = 1.0
        some = sentences[:250]
        means = self.encode(some).mean.double().numpy()
        ids = [self.token_ids(s) for s in some]

        def cost(scale: float) -> float:
            scores = self.scores(means, scale)
            return -sum(scores[n, range(len(t)), t].sum() for n, t in enumerate(ids))

        self.scale = float(minimize_scalar(cost, bounds=(0.0, 30.0), method="bounded").x)
        self.parameters = self.write[used].size + 2 * len(used) + self.base.size + 1

    # -- what Latent Lens asks for ---------------------------------------------------------------

    def encode(self, sentences: Sequence[str]) -> Posterior:
        """Posteriors (N, Z): exact, since all is linear and Gaussian (Bishop, 2006, 12.42)."""
        x = np.stack([self.row(s) for s in sentences])[:, self.used]
        mean = torch.from_numpy((x - self.mu) @ self.read).float()
        return Posterior(mean, torch.from_numpy(np.log(self.variance)).float().expand_as(mean))

    def decode(self, z: Tensor) -> list[str]:
        """The likeliest word at each place, to the first end."""
        best = self.scores(z.double().numpy(), self.scale).argmax(2)
        return [self.written(row) for row in best]

    def sample(self, z: Tensor, generator: torch.Generator, temperature: float) -> list[str]:
        """A word drawn at each place."""
        scores = torch.from_numpy(self.scores(z.double().numpy(), self.scale))
        chances = (scores / max(temperature, 1e-3)).softmax(-1)
        flat = torch.multinomial(chances.flatten(0, 1), 1, generator=generator)
        return [self.written(row) for row in flat.view(len(z), -1).numpy()]

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """Words and signs in lower case, then the end."""
        return (*self.words(sentence), END)

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """log p of every token given z: each place by itself."""
        scores = self.scores(z.double().numpy(), self.scale)
        ids = [self.token_ids(s) for s in sentences]
        return [torch.from_numpy(scores[n, range(len(t)), t]) for n, t in enumerate(ids)]

    def unknown_words(self, sentence: str) -> list[str]:
        """Words that were seen less than twice."""
        return [w for w in self.words(sentence) if w not in self.ids]

    def as_read(self, sentence: str) -> str:
        """The sentence with a blank for each unknown word."""
        return self.written([self.ids.get(w, 1) for w in self.words(sentence)])

    # -- how it does it --------------------------------------------------------------------------

    @staticmethod
    def words(sentence: str) -> list[str]:
        return _WORD.findall(sentence.lower().replace(UNKNOWN, "unk"))

    def token_ids(self, sentence: str) -> list[int]:
        ids = [self.ids.get(word, 1) for word in self.words(sentence)]
        if len(ids) >= self.places:
            raise UserError(
                f"This model has {self.places - 1} places for words, and the sentence has "
                f"{len(ids)}. Give a shorter one."
            )
        return [*ids, 0]

    def row(self, sentence: str) -> np.ndarray:
        """(D,) 0 and 1: which word stands at which place."""
        row = np.zeros((self.places, len(self.known)), dtype=np.float32)
        ids = self.token_ids(sentence)
        row[range(len(ids)), ids] = 1
        return row.ravel()

    def scores(self, z: np.ndarray, scale: float) -> np.ndarray:
        """(N, places, words) log-probabilities; at the last place there is nothing but the end."""
        moved = (z @ self.write.T).reshape(len(z), self.places, -1)
        scores = log_softmax(self.base + scale * moved, axis=2)
        scores[:, -1] = -np.inf
        scores[:, -1, 0] = 0.0
        return scores

    def written(self, ids: Sequence[int]) -> str:
        words = []
        for i in ids:
            if i == 0:
                break
            words.append(self.known[i])
        text = re.sub(r"\s+([.,!?])", r"\1", " ".join(words))
        return text[:1].upper() + text[1:]


class Silent:
    """The same model without likelihood, and without a word on its tokens: it reads and writes."""

    def __init__(self, model: FactorSentences) -> None:
        self.latent_dim, self.encode, self.decode = model.latent_dim, model.encode, model.decode


class Mute:
    """The same model without a decoder: an encoder alone has a map, and no more."""

    def __init__(self, model: FactorSentences) -> None:
        self.latent_dim, self.encode = model.latent_dim, model.encode


@cache
def make() -> FactorSentences:
    """The model, fitted to sentences of the factors language."""
    return FactorSentences(factors.generate(750).sentences)


def make_silent() -> Silent:
    return Silent(make())


def make_mute() -> Mute:
    return Mute(make())
