"""The pytest plugin: it collects the suites, runs them against one target and yields the result."""
