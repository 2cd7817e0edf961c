"""Operations in the latent space: paths, neighbours, projections."""
