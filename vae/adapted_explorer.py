"""A run of a model of another make: asked through an adapter, and none of its answers is trusted.

What the adapter does not offer is a `NotAvailableError`. What it gives is checked for shape and
finite numbers, so that a mistake in it is a sentence and no traceback on a page.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from vae.errors import UserError
from vae.explorer import Anatomy, Explorer, check_text
from vae.models import Posterior
from vae.models.adapters import GUIDE, check_name, load_allowed, told
from vae.models.explorable import NotAvailableError
from vae.progress import Progress
from vae.runs.store import RunDirectory

_LONGEST = 2_000
_AT_ONCE = 1_000
# Rounding may lift the log of a sure thing above zero by a hair.
_ROUNDING = 1e-3
_SAME = 1e-2


class AdaptedExplorer(Explorer):
    """A run behind which an adapter's model stands: anything with the methods of `Explorable`.

    It is asked by one thread at a time. Beside those methods it may offer `sample(z, generator,
    temperature)`, `unknown_words(sentence)`, `as_read(sentence)`, `parameters`, `vocabulary` and
    `description`.
    """

    def __init__(self, run: RunDirectory, adapter: str, model: object) -> None:
        super().__init__(run)
        self.adapter = adapter
        self._model = model
        self._asked = threading.RLock()
        latent_dim = self._attribute("latent_dim")
        if not isinstance(latent_dim, int) or isinstance(latent_dim, bool) or latent_dim < 1:
            raise UserError(
                f"The adapter {adapter} gives {latent_dim!r} as its latent_dim. It must be the "
                f"number of dimensions of z, at least 1: see {GUIDE}."
            )
        self._latent_dim = latent_dim

    @classmethod
    def of(cls, directory: RunDirectory) -> AdaptedExplorer:
        """The run in a directory, where the environment allows its adapter.

        Raises:
            NotAvailableError: the environment does not name the adapter.
            UserError: the adapter fails, or gives another model than the one that was adopted.
        """
        stored = directory.read_json("config.json")
        adapter = check_name(stored["adapter"])
        explorer = cls(directory, adapter, load_allowed(adapter, directory.name))
        explorer._check_same(stored.get("example_mean"))
        return explorer

    def _check_same(self, stored: Any) -> None:
        """The first example is encoded as it was when the run was adopted."""
        now = self.encode(self.examples()[:1]).mean[0].tolist()
        same = isinstance(stored, list) and len(stored) == len(now)
        try:
            same = same and all(
                abs(a - b) <= _SAME * (1 + abs(b)) for a, b in zip(now, stored, strict=True)
            )
        except TypeError:
            same = False
        if not same:
            raise UserError(
                f"The adapter {self.adapter} makes another model than the one that {self.run.path} "
                "was adopted from: the same sentence has another latent. Adopt it again."
            )

    @property
    def latent_dim(self) -> int:
        """Z."""
        return self._latent_dim

    # -- sentences to latents ------------------------------------------------------------------

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Posterior:
        """As `Explorer.encode`."""
        if isinstance(sentences, str):
            raise UserError("Give a list of sentences: encode([sentence]).")
        for i, sentence in enumerate(sentences):
            self._check(sentence, f"Sentence {i + 1}" if len(sentences) > 1 else "The sentence")
        parts = [Posterior(torch.zeros(0, self.latent_dim), torch.zeros(0, self.latent_dim))]
        for start in range(0, len(sentences), _AT_ONCE):
            part = list(sentences[start : start + _AT_ONCE])
            found = self._ask("encode", part)
            mean, logvar = getattr(found, "mean", None), getattr(found, "logvar", None)
            shape = (len(part), self.latent_dim)
            parts.append(
                Posterior(
                    self._numbers(mean, shape, "the mean of encode"),
                    self._numbers(logvar, shape, "the logvar of encode"),
                )
            )
            if progress:
                progress(start + len(part), len(sentences), "Encoding sentences")
        return Posterior(torch.cat([q.mean for q in parts]), torch.cat([q.logvar for q in parts]))

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """As `Explorer.tokens`."""
        self._check(sentence, "The sentence")
        found = self._ask("tokens", sentence)
        return self._texts(found, "tokens", None)

    def as_read(self, sentence: str) -> str:
        """As `Explorer.as_read`; the sentence itself where the adapter does not tell."""
        if not self._offers("as_read"):
            return sentence
        return self._texts([self._ask("as_read", sentence)], "as_read", 1)[0]

    @property
    def tells_unknown(self) -> bool:
        """As `Explorer.tells_unknown`."""
        return self._offers("unknown_words")

    def unknown_words(self, sentence: str) -> list[str]:
        """As `Explorer.unknown_words`; none where the adapter does not tell (`tells_unknown`)."""
        check_text(sentence, "The sentence")
        if not self.tells_unknown or len(sentence) > _LONGEST:
            return []
        found = self._texts(self._ask("unknown_words", sentence), "unknown_words", None)
        return list(dict.fromkeys(found))

    def _check(self, sentence: str, who: str) -> None:
        if not sentence.strip():
            raise UserError(f"{who} is empty. Type a few words.")
        check_text(sentence, who)
        if len(sentence) > _LONGEST:
            raise UserError(
                f"{who} is too long: a model of another make reads up to {_LONGEST:,} characters. "
                "Give one sentence at a time."
            )

    # -- latents to sentences ------------------------------------------------------------------

    def decode(
        self,
        z: Tensor,
        method: str = "greedy",
        *,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        beam_width: int = 5,
    ) -> list[str]:
        """As `Explorer.decode`; a sample where the adapter offers `sample`, never a beam."""
        self._check_latents(z)
        if method not in ("greedy", "sample"):
            raise NotAvailableError(f"The model behind '{self.name}' decodes without '{method}'.")
        if method == "sample" and generator is None:
            raise UserError("Sampling needs a generator: same seed, same text.")
        said: list[str] = []
        for part in torch.split(z.float(), _AT_ONCE):
            if not len(part):
                continue
            if method == "greedy":
                found = self._ask("decode", part)
            else:
                found = self._ask("sample", part, generator, temperature)
            said += self._texts(found, method, len(part))
        return said

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """As `Explorer.log_likelihood`."""
        self._check_latents(z)
        if len(z) != len(sentences):
            raise UserError(f"There are {len(z):,} latents for {len(sentences):,} sentences.")
        if not self._offers("log_likelihood"):
            raise self._missing("log_likelihood")
        for sentence in dict.fromkeys(sentences):
            self._check(sentence, "A sentence")
        scores: list[Tensor] = []
        for start in range(0, len(z), _AT_ONCE):
            part = list(sentences[start : start + _AT_ONCE])
            found = self._ask("log_likelihood", part, z[start : start + _AT_ONCE].float())
            if not isinstance(found, list | tuple) or len(found) != len(part):
                raise self._unfit("log_likelihood", f"one tensor for each of {len(part)} sentences")
            scores += [self._numbers(s, None, "log_likelihood") for s in found]
        if any(s.ndim != 1 or not len(s) or bool((s > _ROUNDING).any()) for s in scores):
            raise self._unfit("log_likelihood", "a log-probability, at most 0, for every token")
        return scores

    def anatomy(self) -> Anatomy:
        """As `Explorer.anatomy`: what the adapter tells, no more."""
        parameters, vocabulary = self._attribute("parameters"), self._attribute("vocabulary")
        what = self._attribute("description")
        return Anatomy(
            parameters=parameters if isinstance(parameters, int) else None,
            vocabulary=vocabulary if isinstance(vocabulary, int) else None,
            what=str(what)[:200] if what else "a model of another make",
        )

    # -- the adapter ---------------------------------------------------------------------------

    def _attribute(self, name: str) -> Any:
        try:
            return getattr(self._model, name, None)
        except Exception as error:
            raise self._failed(name, error) from error

    def _offers(self, name: str) -> bool:
        return callable(self._attribute(name))

    def _ask(self, name: str, *arguments: Any) -> Any:
        if not self._offers(name):
            raise self._missing(name)
        try:
            with self._asked, torch.no_grad():
                return self._attribute(name)(*arguments)
        except UserError:
            raise
        except NotImplementedError as error:
            raise self._missing(name) from error
        except Exception as error:
            raise self._failed(name, error) from error

    def _missing(self, name: str) -> NotAvailableError:
        return NotAvailableError(
            f"The model behind '{self.name}' offers no {name}: its adapter {self.adapter} does "
            "not define it."
        )

    def _failed(self, name: str, error: Exception) -> UserError:
        return UserError(
            f"The adapter {self.adapter} failed in {name} ({told(error)}). Mend the adapter; "
            f"{GUIDE} says what it must give."
        )

    def _unfit(self, name: str, wanted: str) -> UserError:
        return UserError(f"The adapter {self.adapter} does not give {wanted} from {name}: {GUIDE}.")

    def _numbers(self, values: Any, shape: tuple[int, ...] | None, what: str) -> Tensor:
        try:
            found = torch.as_tensor(values).detach().to("cpu", torch.float32)
        except (TypeError, ValueError, RuntimeError) as error:
            raise self._unfit(what, "numbers") from error
        if shape is not None and tuple(found.shape) != shape:
            raise self._unfit(what, f"the shape {shape} (it is {tuple(found.shape)})")
        if not bool(torch.isfinite(found).all()):
            raise self._unfit(what, "finite numbers")
        return found

    def _texts(self, values: Any, what: str, count: int | None) -> tuple[str, ...]:
        plain = isinstance(values, list | tuple) and all(isinstance(v, str) for v in values)
        if not plain or (count is not None and len(values) != count):
            raise self._unfit(what, "texts, one for each" if count else "a list of texts")
        return tuple(values)
