"""Measures of what a latent space costs and tells, and of whether a decoder reads it."""
