"""Measures of what a latent space carries and of whether a decoder reads it."""
