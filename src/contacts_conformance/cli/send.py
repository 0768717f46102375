"""`send`: one request to a target as one of its identities, signed where it has to be; scripts of findings use it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import click

from contacts_conformance import __version__, providers
from contacts_conformance.cli.common import TARGET_OPTION, read_target
from contacts_conformance.contract.terminal import plain
from contacts_conformance.errors import NotVerified, UsageError
from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Request
from contacts_conformance.http.signing import Signing
from contacts_conformance.model import ExitCode
from contacts_conformance.target import ANONYMOUS, Identity


@click.command("send")
@click.argument("method", required=False)
@click.argument("path", required=False)
@TARGET_OPTION
@click.option("--as", "role", required=True, metavar="ROLE", help="The identity of the target file that asks.")
@click.option("--data", metavar="JSON", help="The body.")
@click.option("--base-url", metavar="URL", help="Another address than that of the target file.")
@click.option("--open-session", "opens", is_flag=True, help="Send the request that opens a session for the identity.")
def command(
    method: str | None,
    path: str | None,
    file: Path | None,
    role: str,
    data: str | None,
    base_url: str | None,
    opens: bool,
) -> int:
    """Send one request: METHOD and PATH (below the base URL, with its query), and print the answer.

    Whatever it does to the account is done: nothing is asked, noted or removed.
    """
    target = read_target(file)
    if base_url:
        target = replace(target, base_url=base_url.rstrip("/"))
    if role != ANONYMOUS.role and role not in target.identities:
        raise UsageError(f"--as {role}: the target file has no such identity; it has {', '.join(target.identities)}")
    identity = target.identities.get(role, ANONYMOUS)
    provider = providers.load(target.provider)
    signing = provider if isinstance(provider, Signing) else None
    if opens:
        request = _opening(signing, identity)
    elif method is None or path is None:
        raise UsageError("say what to send: METHOD and PATH, or --open-session")
    else:
        request = _request(method, path, identity, data)
    client = Client(target, provider.authorization, tag="by hand", version=__version__, signing=signing)
    try:
        answer = client.send(request)
    except NotVerified as failure:
        click.echo(f"contacts-conformance: {failure}", err=True)
        return ExitCode.UNREACHABLE
    finally:
        client.close()
    click.echo(f"HTTP/1.1 {answer.status_line}")
    for name, value in answer.headers.items():
        click.echo(plain(f"{name}: {value}"))
    click.echo("\n" + client.redactor.text(answer.content.decode("utf-8", "replace")))
    return ExitCode.CONFORMANT


def _opening(signing: Signing | None, identity: Identity) -> Request:
    if signing is None or not signing.signs(identity):
        raise UsageError(f"--open-session: '{identity.role}' signs no requests, and needs no session")
    return signing.opening(identity)


def _request(method: str, path: str, identity: Identity, data: str | None) -> Request:
    if not path.startswith("/"):
        raise UsageError(f"{path}: is no path; begin it with /")
    bare, _, query = path.partition("?")
    return Request(
        method.upper(),
        bare,  # with its escapes: without them, %2F would be a slash, and %25 the beginning of another escape
        identity,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        content=data.encode("utf-8", "surrogateescape") if data is not None else None,
        legal=False,
    )
