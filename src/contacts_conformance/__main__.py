"""`python -m contacts_conformance` is the command."""

from contacts_conformance.cli.main import main

main(prog_name="contacts-conformance")
