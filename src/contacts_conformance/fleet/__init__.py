"""Many targets: which of them share an account, runs of their own spread over a Dask cluster, and what came of all."""
