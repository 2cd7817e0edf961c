"""`python -m vae xray`: the ELBO of one sentence, token by token and dimension by dimension."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import torch

from vae.commands.console import print_json, say
from vae.diagnostics.xray import Saying, Xray, sayings, xray
from vae.explorer import Explorer
from vae.models.explorable import where_available

_SHOWN = 12


def xray_sentence(options: Namespace) -> None:
    """Print what each token and each dimension adds to the ELBO of a sentence."""
    explorer = Explorer.load(options.run)
    unknown = explorer.unknown_words(options.sentence) if explorer.tells_unknown else None
    generator = torch.Generator().manual_seed(options.seed)
    seen = xray(explorer, options.sentence, generator, options.draws)
    said = where_available(lambda: sayings(explorer, seen))
    if options.json:
        found: dict[str, Any] = {"run": explorer.name, "seed": options.seed}
        found |= seen.to_dict(unknown)
        found["sayings"] = said and [vars(one) for one in said]
        print_json(found)
        return
    if unknown:
        say(f"Unknown to '{explorer.name}': {', '.join(unknown)}.")
    print(_elbo(seen))
    print(f"\n{'token':<20}{'log p given z':>15}{'given prior z':>15}   (nats)")
    for token in seen.to_dict(unknown)["tokens"]:
        mark = "  unknown" if token["unknown"] else ""
        print(f"{token['token']:<20}{_nats(token['logp'])}{_nats(token['logp_prior'])}{mark}")
    if explorer.latent_dim:
        _print_dimensions(seen)
    if said:
        _print_sayings(said, len(seen.z))


def _elbo(seen: Xray) -> str:
    d = seen.distortion
    return (
        f"ELBO = -(distortion + rate) = -({d.mean:.3f} + {seen.rate:.3f}) = {seen.elbo:.3f} nats, "
        f"standard error {d.error:.3f} ({d.draws} draws of z); "
        f"given a prior z the distortion is {seen.distortion_prior.mean:.3f}"
    )


def _print_dimensions(seen: Xray) -> None:
    order = seen.kl.argsort(descending=True, stable=True).tolist()
    deviation = (0.5 * seen.posterior.logvar[0]).exp()
    print(f"\n{'dimension':<12}{'KL (nats)':>12}{'mean':>10}{'sd':>10}")
    for d in order[:_SHOWN]:
        mean, width = float(seen.posterior.mean[0, d]), float(deviation[d])
        print(f"{d:<12}{float(seen.kl[d]):>12.3f}{mean:>10.3f}{width:>10.3f}")
    rest = order[_SHOWN:]
    if rest:
        print(f"and {len(rest)} more{float(seen.kl[rest].sum()):>14.3f}")


def _print_sayings(said: Sequence[Saying], draws: int) -> None:
    print("\nWhat the draws of z say:")
    for one in said[:_SHOWN]:
        again = "  (the same again)" if one.same else ""
        print(f"{one.draws:>4} of {draws}  {one.sentence or '(nothing)'}{again}")
    if len(said) > _SHOWN:
        print(f"and {len(said) - _SHOWN} more sentences")


def _nats(value: float) -> str:
    # A probability of almost 1 is not "-0.000".
    return f"{round(value, 3) + 0.0:>15.3f}"
