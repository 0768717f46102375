"""From what checks saw to verdicts: outcomes, rules, fingerprints, deviations and the result."""
