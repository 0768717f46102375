"""Reports, each rendered from one result and nothing else."""
