"""`python -m vae xray`: the ELBO of one sentence, token by token and dimension by dimension."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vae.commands.console import print_json, print_table, say_unknown
from vae.commands.options import add_json, add_run, add_seed
from vae.i18n import _, message, ngettext, pgettext
from vae.i18n.numbers import number

if TYPE_CHECKING:
    from vae.diagnostics.xray import Saying, Xray

HELP = message("the ELBO of one sentence, token by token")

_SHOWN = 12


def add_options(parser: ArgumentParser) -> None:
    """A run, a sentence, and how many draws."""
    add_run(parser)
    parser.add_argument("sentence", help=_("what to look at"))
    parser.add_argument(
        "--draws", type=int, default=8, help=_("draws of z, and as many of the prior")
    )
    add_seed(parser)
    add_json(parser)


def run(options: Namespace) -> None:
    """Print what each token and each dimension adds to the ELBO of a sentence."""
    import torch

    from vae.diagnostics.xray import sayings, xray
    from vae.explorer import Explorer
    from vae.models.explorable import where_available

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
        say_unknown(explorer, options.sentence)
    print(_elbo(seen))
    _print_tokens(seen.to_dict(unknown)["tokens"])
    if explorer.latent_dim:
        _print_dimensions(seen)
    if said:
        _print_sayings(said, len(seen.z))


def _elbo(seen: Xray) -> str:
    d = seen.distortion
    return _(
        "ELBO = -(distortion + rate) = -({distortion:.3f} + {rate:.3f}) = {elbo:.3f} nats, "
        "standard error {error:.3f} ({draws} draws of z); given a prior z the distortion is "
        "{prior:.3f}",
        distortion=d.mean,
        rate=seen.rate,
        elbo=seen.elbo,
        error=d.error,
        draws=d.draws,
        prior=seen.distortion_prior.mean,
    )


def _print_tokens(tokens: Sequence[dict[str, Any]]) -> None:
    print()
    heading = (_("token"), _("log p given z (nats)"), _("given prior z (nats)"), "")
    rows = [
        (
            token["token"],
            _nats(token["logp"]),
            _nats(token["logp_prior"]),
            pgettext("word", "unknown") if token["unknown"] else "",
        )
        for token in tokens
    ]
    print_table([heading, *rows], left=(0, 3))


def _print_dimensions(seen: Xray) -> None:
    deviation = seen.posterior.deviation[0]
    print()
    heading = (_("dimension"), _("KL (nats)"), pgettext("column", "mean"), pgettext("column", "sd"))
    rows = [
        (str(d), *map(_nats, (seen.kl[d], seen.posterior.mean[0, d], deviation[d])))
        for d in seen.order[:_SHOWN]
    ]
    print_table([heading, *rows])
    if rest := seen.order[_SHOWN:]:
        kl = _nats(seen.kl[rest].sum())
        print(
            ngettext(
                "and {n} more dimension: {kl} nats",
                "and {n} more dimensions: {kl} nats together",
                len(rest),
                kl=kl,
            )
        )


def _print_sayings(said: Sequence[Saying], draws: int) -> None:
    print()
    print(_("What the draws of z say:"))
    for one in said[:_SHOWN]:
        share = _("{n:>4} of {draws}", n=one.draws, draws=draws)
        again = _("(the same again)") if one.same else ""
        print(f"{share}  {one.sentence or _('(nothing)')}  {again}".rstrip())
    if more := len(said) - len(said[:_SHOWN]):
        print(ngettext("and {n} more sentence", "and {n} more sentences", more))


def _nats(value: Any) -> str:
    # A probability of almost 1 is not "-0.000".
    return number(round(float(value), 3) + 0.0, ".3f")
