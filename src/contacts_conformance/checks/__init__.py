"""What suites import: the session of a run, and experiments that several checks share."""
