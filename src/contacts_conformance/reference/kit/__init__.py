"""What the reference servers share: faults, variants, and serving."""
