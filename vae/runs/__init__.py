"""Run directories: all that passes between training and everything else."""
