"""One figure for each finding: pages, the report and notebooks show the same.

A builder takes the typed result of a measurement and returns a `Figure`: a Plotly figure with its
question, what to look for, alternative text, unit, estimator and table.

    from vae import Explorer, figures
    figures.NAME(...).show()
"""

from __future__ import annotations

from vae.figures.aggregated_posterior import dimension_density, pair_density
from vae.figures.analogies import analogies
from vae.figures.changes import changes_by_dimension, changes_of_dimension
from vae.figures.classroom import before_after, said_by_class
from vae.figures.comparison import rate_distortion
from vae.figures.corpus import sentence_lengths
from vae.figures.disentanglement import disentanglement, importances
from vae.figures.figure import Figure
from vae.figures.gains import gain_groups, gains
from vae.figures.information import information_by_label, information_of_dimension
from vae.figures.latent_swap import listening, token_scores
from vae.figures.likelihood_curve import likelihood
from vae.figures.map import sentence_map
from vae.figures.mistakes import draws_of_one, kl_forms, spread_bounds
from vae.figures.path import path_on_map
from vae.figures.posterior import where_it_is
from vae.figures.prior_match import prior_match, prior_validity
from vae.figures.probes import probes
from vae.figures.rate import rates, variances
from vae.figures.rate_split import rate_split
from vae.figures.semantics import distance_order, neighbour_overlap
from vae.figures.sentence import (
    dimension_costs,
    dimensions_to_words,
    word_costs,
    words_to_dimensions,
)
from vae.figures.steering import steering_by_label, steering_curves, what_stays
from vae.figures.sweep import sweep
from vae.figures.units import active_units
from vae.figures.vector import pictures, vector_curves
from vae.figures.waypoints import waypoints

__all__ = [
    "Figure",
    "active_units",
    "analogies",
    "before_after",
    "changes_by_dimension",
    "changes_of_dimension",
    "dimension_costs",
    "dimension_density",
    "dimensions_to_words",
    "disentanglement",
    "distance_order",
    "draws_of_one",
    "gain_groups",
    "gains",
    "importances",
    "information_by_label",
    "information_of_dimension",
    "kl_forms",
    "likelihood",
    "listening",
    "neighbour_overlap",
    "pair_density",
    "path_on_map",
    "pictures",
    "prior_match",
    "prior_validity",
    "probes",
    "rate_distortion",
    "rate_split",
    "rates",
    "said_by_class",
    "sentence_lengths",
    "sentence_map",
    "spread_bounds",
    "steering_by_label",
    "steering_curves",
    "sweep",
    "token_scores",
    "variances",
    "vector_curves",
    "waypoints",
    "what_stays",
    "where_it_is",
    "word_costs",
    "words_to_dimensions",
]
