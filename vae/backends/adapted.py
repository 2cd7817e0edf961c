"""A model of another make: asked through an adapter, and none of its answers is trusted.

What the adapter does not offer is a `NotAvailableError`. What it gives is checked for shape and
finite numbers, so that a mistake in it is a sentence and no traceback on a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from vae import inference
from vae.backends.backend import Anatomy, check_sentence, name_of
from vae.diagnostics.gradients import Gradients
from vae.errors import UserError
from vae.i18n import Message, _, message
from vae.inference import Proposal
from vae.models import Posterior
from vae.models.adapter_process import AdapterProcess, load_allowed
from vae.models.adapters import GUIDE, Here, ToldError, check_name, failure_of
from vae.models.explorable import NotAvailableError
from vae.models.point import KEEPS_A_POINT, Codes, joined
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory

_LONGEST = 2_000
_AT_ONCE = 64  # so many are never silent for long
# Rounding may lift the log of a sure thing above zero by a hair.
_ROUNDING = 1e-3
_SAME = 1e-2


class AdaptedModel:
    """What an adapter makes, as a `Backend`: anything with the methods of `Explorable`.

    It is asked by one thread at a time. Beside those methods it may offer `sample(z, generator,
    temperature)`, `unknown_words(sentence)`, `as_read(sentence)`, `parameters`, `vocabulary` and
    `description`; with `has_posterior = False` its `encode` gives codes (N, Z).

    Args:
        adapter: its name, MODULE:FACTORY.
        model: what the factory gave, or the process that has it.
        run: the name of the run that it stands behind.
    """

    def __init__(self, adapter: str, model: object, run: str) -> None:
        self.adapter, self.run = adapter, run
        self._host = model if isinstance(model, AdapterProcess) else Here(model)
        latent_dim = self._attribute("latent_dim")
        if not isinstance(latent_dim, int) or isinstance(latent_dim, bool) or latent_dim < 1:
            raise UserError(
                "The adapter {adapter} gives {latent_dim} as its latent_dim. It must be the "
                "number of dimensions of z, at least 1: see {guide}.",
                adapter=adapter,
                latent_dim=repr(latent_dim),
                guide=GUIDE,
            )
        self._latent_dim = latent_dim
        self.has_posterior = self._attribute("has_posterior") is not False

    @classmethod
    def load(cls, run: RunDirectory) -> AdaptedModel:
        """The model of a run, where the environment allows its adapter.

        Raises:
            NotAvailableError: the environment does not name the adapter.
            UserError: the adapter fails, or gives another model than the one that was adopted.
        """
        stored = run.read_json("config.json")
        adapter = check_name(stored["adapter"])
        model = cls(adapter, load_allowed(adapter, run.name), run.name)
        first = [str(s) for s in stored["corpus"]["examples"][:1]]
        if not _same(model.encode(first).mean[0].tolist(), stored.get("example_mean")):
            raise UserError(
                "The adapter {adapter} makes another model than the one that {run} was adopted "
                "from: the same sentence has another latent. Adopt it again.",
                adapter=adapter,
                run=str(run.path),
            )
        return model

    @property
    def latent_dim(self) -> int:
        """Z."""
        return self._latent_dim

    # -- sentences to latents ------------------------------------------------------------------

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Posterior:
        """As `Backend.encode`."""
        for i, sentence in enumerate(sentences):
            _check(sentence, name_of(i, len(sentences)))
        none = torch.zeros(0, self.latent_dim)
        parts = [Posterior(none, none) if self.has_posterior else Codes(none)]
        for start in range(0, len(sentences), _AT_ONCE):
            part = list(sentences[start : start + _AT_ONCE])
            found = self._ask("encode", part, far=(start, len(sentences)))
            parts.append(self._read(found, (len(part), self.latent_dim)))
            if progress:
                progress(start + len(part), len(sentences), message("Encoding sentences"))
        return joined(parts)

    def _read(self, found: Any, shape: tuple[int, int]) -> Posterior:
        """What `encode` gave, checked: codes, or the two halves of a posterior."""
        if not self.has_posterior:
            codes = found.mean if isinstance(found, Codes) else found
            return Codes(self._numbers(codes, shape, "encode"))
        mean, logvar = getattr(found, "mean", None), getattr(found, "logvar", None)
        return Posterior(
            self._numbers(mean, shape, "encode.mean"),
            self._numbers(logvar, shape, "encode.logvar"),
        )

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """As `Backend.tokens`."""
        _check(sentence, message("The sentence"))
        found = self._ask("tokens", sentence)
        return self._texts(found, "tokens", None)

    def as_read(self, sentence: str) -> str:
        """As `Backend.as_read`; the sentence itself where the adapter does not tell."""
        if not self._offers("as_read"):
            return sentence
        return self._texts([self._ask("as_read", sentence)], "as_read", 1)[0]

    @property
    def tells_unknown(self) -> bool:
        """As `Backend.tells_unknown`."""
        return self._offers("unknown_words")

    def unknown_words(self, sentence: str) -> list[str]:
        """As `Backend.unknown_words`; none where the adapter does not tell (`tells_unknown`)."""
        if not self.tells_unknown or len(sentence) > _LONGEST:
            return []
        found = self._texts(self._ask("unknown_words", sentence), "unknown_words", None)
        return list(dict.fromkeys(found))

    @property
    def vocabulary(self) -> None:
        """As `Backend.vocabulary`; an adapter does not tell its words."""

    def nearest_words(self, word: str, k: int) -> tuple[str, ...]:
        """As `Backend.nearest_words`; none, since an adapter does not tell its words."""
        return ()

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
        """As `Backend.decode`; a sample where the adapter offers `sample`, never a beam."""
        if method not in ("greedy", "sample"):
            raise NotAvailableError(
                "The model behind '{run}' decodes without '{method}'.", run=self.run, method=method
            )
        if method == "sample" and generator is None:
            raise UserError("Sampling needs a generator: same seed, same text.")
        said: list[str] = []
        for part in torch.split(z.float(), _AT_ONCE):
            if not len(part):
                continue
            far = (len(said), len(z))
            if method == "greedy":
                found = self._ask("decode", part, far=far)
            else:
                found = self._ask("sample", part, generator, temperature, far=far)
            said += self._texts(found, method, len(part))
        return said

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """As `Backend.log_likelihood`."""
        if not self._offers("log_likelihood"):
            raise self._missing("log_likelihood")
        for sentence in dict.fromkeys(sentences):
            _check(sentence, message("A sentence"))
        scores: list[Tensor] = []
        for start in range(0, len(z), _AT_ONCE):
            part = list(sentences[start : start + _AT_ONCE])
            some = z[start : start + _AT_ONCE].float()
            found = self._ask("log_likelihood", part, some, far=(start, len(z)))
            if not isinstance(found, list | tuple) or len(found) != len(part):
                raise self._unfit(
                    "log_likelihood", message("one tensor for each of {n} sentences", n=len(part))
                )
            scores += [self._numbers(s, None, "log_likelihood") for s in found]
        if any(s.ndim != 1 or not len(s) or bool((s > _ROUNDING).any()) for s in scores):
            raise self._unfit(
                "log_likelihood", message("a log-probability, at most 0, for every token")
            )
        return scores

    def importance_weights(
        self,
        sentences: Sequence[str],
        posterior: Posterior | Proposal,
        samples: int,
        generator: torch.Generator,
        progress: Progress = silent,
    ) -> Tensor:
        """As `Backend.importance_weights`.

        Raises:
            NotAvailableError: the model keeps a point.
        """
        if not self.has_posterior:
            raise NotAvailableError(KEEPS_A_POINT)
        return inference.importance_weights(
            self, sentences, posterior, samples, generator, progress
        )

    def gradients(self) -> Gradients:
        """It has none.

        Raises:
            NotAvailableError: always.
        """
        raise NotAvailableError(
            "The model behind '{run}' is of another make: its gradients cannot be followed.",
            run=self.run,
        )

    def anatomy(self) -> Anatomy:
        """As `Backend.anatomy`: what the adapter tells, no more."""
        parameters, vocabulary = self._attribute("parameters"), self._attribute("vocabulary")
        what = self._attribute("description")
        return Anatomy(
            parameters=parameters if isinstance(parameters, int) else None,
            vocabulary=vocabulary if isinstance(vocabulary, int) else None,
            what=str(what)[:200] if what else _("a model of another make"),
        )

    # -- the adapter ---------------------------------------------------------------------------

    def _attribute(self, name: str) -> Any:
        try:
            return self._host.attribute(name)
        except (Exception, SystemExit) as error:
            raise self._failed(name, error) from error

    def _offers(self, name: str) -> bool:
        try:
            return self._host.offers(name)
        except (Exception, SystemExit) as error:
            raise self._failed(name, error) from error

    def _ask(self, name: str, *arguments: Any, far: tuple[int, int] = (0, 1)) -> Any:
        """What the adapter answers: the one place where its code is called.

        Args:
            far: how many have been asked for before, and of how many.
        """
        if not self._offers(name):
            raise self._missing(name)
        try:
            return self._host.ask(name, *arguments, far=far)
        except UserError:
            raise
        except NotImplementedError as error:
            raise self._missing(name) from error
        except Exception as error:
            if not isinstance(error, ToldError) and isinstance(self._host, AdapterProcess):
                raise  # of who listens, who does not want to wait any longer
            raise self._failed(name, error) from error
        except SystemExit as error:
            raise self._failed(name, error) from error

    def _missing(self, name: str) -> NotAvailableError:
        return NotAvailableError(
            "The model behind '{run}' offers no {method}: its adapter {adapter} does not define "
            "it.",
            run=self.run,
            method=name,
            adapter=self.adapter,
        )

    def _failed(self, name: str, error: BaseException) -> UserError:
        return UserError(
            "The adapter {adapter} failed in {method} ({reason}). Mend the adapter; {guide} says "
            "what it must give.",
            adapter=self.adapter,
            method=name,
            reason=failure_of(error),
            guide=GUIDE,
        )

    def _unfit(self, name: str, wanted: Message) -> UserError:
        return UserError(
            "The adapter {adapter} does not give {wanted} from {method}: {guide}.",
            adapter=self.adapter,
            wanted=wanted,
            method=name,
            guide=GUIDE,
        )

    def _numbers(self, values: Any, shape: tuple[int, ...] | None, what: str) -> Tensor:
        try:
            found = torch.as_tensor(values).detach().to("cpu", torch.float32)
        except (TypeError, ValueError, RuntimeError) as error:
            raise self._unfit(what, message("numbers")) from error
        if shape is not None and tuple(found.shape) != shape:
            raise self._unfit(
                what,
                message(
                    "the shape {wanted} (it is {shape})",
                    wanted=str(shape),
                    shape=str(tuple(found.shape)),
                ),
            )
        if not bool(torch.isfinite(found).all()):
            raise self._unfit(what, message("finite numbers"))
        return found

    def _texts(self, values: Any, what: str, count: int | None) -> tuple[str, ...]:
        plain = isinstance(values, list | tuple) and all(isinstance(v, str) for v in values)
        if not plain or (count is not None and len(values) != count):
            raise self._unfit(
                what,
                message("texts, one for each") if count else message("a list of texts"),
            )
        return tuple(values)


def _check(sentence: str, who: Message) -> None:
    check_sentence(sentence, who)
    if len(sentence) > _LONGEST:
        raise UserError(
            "{sentence} is too long: a model of another make reads up to {longest:,} characters. "
            "Give one sentence at a time.",
            sentence=who,
            longest=_LONGEST,
        )


def _same(now: Sequence[float], stored: Any) -> bool:
    """Whether an example is encoded as it was when its run was adopted, up to rounding."""
    if not isinstance(stored, list) or len(stored) != len(now):
        return False
    try:
        return all(abs(a - b) <= _SAME * (1 + abs(b)) for a, b in zip(now, stored, strict=True))
    except TypeError:
        return False
