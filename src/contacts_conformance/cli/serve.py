"""`serve`: a reference server, for tests of one's own clients."""

from __future__ import annotations

import click

from contacts_conformance import reference
from contacts_conformance.cli.console import Console
from contacts_conformance.model import ExitCode
from contacts_conformance.reference.kit.serving import serve_forever


@click.command("serve")
@click.argument("provider")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one.")
@click.option("--fault", metavar="NAME", help="Serve it with this fault.")
@click.option("--variant", metavar="NAME", help="Serve this variant.")
@click.option(
    "--foreign", type=click.IntRange(0), default=0, help="Number of contacts that other users own, to begin with."
)
@click.option("--list", "names", is_flag=True, help="List the faults and variants, and exit.")
def command(provider: str, port: int, fault: str | None, variant: str | None, foreign: int, names: bool) -> int:
    """Serve the reference server of PROVIDER on 127.0.0.1, until Ctrl-C."""
    server = reference.load(provider)
    if names:
        Console().names(server)
        return ExitCode.CONFORMANT
    application = server.application(fault=fault, variant=variant, foreign=foreign)
    serve_forever(application, port, lambda taken: Console().serving(provider, taken, server.TARGET))
    return ExitCode.CONFORMANT
