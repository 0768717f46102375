"""`python -m contacts_conformance` is the command."""

from contacts_conformance.cli.entry import main

main()
