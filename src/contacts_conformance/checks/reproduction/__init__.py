"""A failure as a shell script that shows it again by itself after the run, and removes what it created.

A script needs `sh`, `curl` and the usual text tools. It takes secrets from the environment variables that the target
file names, gets contacts of its own with a mark of its own, and asks what the run asked.
"""

from contacts_conformance.checks.reproduction.choice import with_scripts

__all__ = ["with_scripts"]
