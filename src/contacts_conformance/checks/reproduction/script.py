"""Writes requests that were sent as a shell script (POSIX sh and curl) that sends them again by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contacts_conformance.checks.reproduction.placing import Placing, taking
from contacts_conformance.checks.reproduction.shell import escaped, line, quoted, single, variables
from contacts_conformance.checks.reproduction.shell import taking as functions
from contacts_conformance.checks.reproduction.subjects import opens, writes
from contacts_conformance.checks.session import Session
from contacts_conformance.http.callers import caller
from contacts_conformance.http.recording import of_header
from contacts_conformance.http.redaction import REMOVED
from contacts_conformance.http.signing import Signing
from contacts_conformance.model import Breach, Exchange
from contacts_conformance.providers import Distinguishing

_OF_CURL = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent"})
"""Headers that curl gives by itself, or that play no part."""
_MARK = """MARK=cc$(od -An -N4 -tx1 /dev/urandom | tr -d ' \\n')  # marks what this script creates"""
_ASKED = ': "${CHANGE:?this changes a contact that the target file sets aside, and leaves it so: set CHANGE=yes}"'
_OTHER = """OTHER=$(od -An -N3 -tx1 /dev/urandom | tr -d ' \\n' | tr 0-9 g-p)  # keeps its names apart"""
_UPPER = """MARK_UPPER=$(printf %s "$MARK" | tr a-z A-Z)"""


@dataclass(frozen=True, slots=True)
class Step:
    """A request of a script, as it was sent before.

    `created` is the id of the contact that it created, `stays` says that the script need not remove it. `tells` marks
    the request whose answer broke the promise.
    """

    exchange: Exchange
    created: str = ""
    stays: bool = False
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """What a script shows: the requirement, how it is broken, and by which requests; `notes` are for its reader."""

    requirement: str
    breach: Breach
    steps: Sequence[Step]
    notes: Sequence[str] = ()
    back: Sequence[Exchange] = ()
    """The requests that give back what the target file sets aside."""
    spoils: bool = False
    """Whether it changes such a contact, and does not give it back."""


def write(session: Session, plot: Plot) -> str:
    """The script; the secrets that it needs are taken from environment variables."""
    return session.client.redactor.text(_Script(session, plot).text())


def is_signed(session: Session, exchange: Exchange) -> bool:
    """Whether an exchange can be sent again only by whoever can sign it."""
    return bool(_signer(session, exchange))


def _signer(session: Session, exchange: Exchange) -> str:
    """The role that signed an exchange, or for which it opened a session as the page says; empty where none did."""
    identities, provider = session.target.identities, session.provider
    identity = identities.get(exchange.identity)
    if identity is not None and isinstance(provider, Signing) and provider.signs(identity):
        return identity.role
    if exchange.legal and opens(session.contract, exchange):
        named = variables(exchange.url)
        return next((r for r, i in identities.items() if named & {s.variable for s in i.secrets.values()}), "")
    return ""


class _Script:
    def __init__(self, session: Session, plot: Plot) -> None:
        self._session = session
        self._plot = plot
        self._signs = False
        provider = session.provider
        distinct = provider.distinct if isinstance(provider, Distinguishing) else None
        self._placing = Placing(provider.id_of, session.tag, distinct)

    def text(self) -> str:
        requirement = self._session.register[self._plot.requirement]
        breach, discreet = self._plot.breach, self._session.client.discreet
        about = f"{breach.subject}: " if breach.subject else ""
        expected, got = (single(line(discreet(about + text))) for text in (breach.expected, breach.got))
        commands = [text for n, step in enumerate(self._plot.steps, 1) for text in self._command(n, step)]
        removals = list(self._removals())
        stays = not self._session.account.offers("remove") and any(s.created and not s.stays for s in self._plot.steps)
        body = "\n".join([*commands, *removals])
        lines = [
            "#!/bin/sh",
            f"# {line(f'{requirement.id} ({requirement.level}): {requirement.statement}')}",
            *(f"# {line(note)}" for note in self._plot.notes),
            *(["# The API has no request that removes a contact: what this creates stays."] if stays else []),
            "set -eu",
            *([_ASKED] if self._plot.spoils else []),
            f"BASE_URL=${{BASE_URL:-{single(self._session.target.base_url)}}}",
            *(["TARGET=${TARGET:?the target file, by which calls are signed}"] if self._signs else []),
            *(f": ${{{v}:?}}" for v in sorted(variables(body) & self._secrets)),
            *([_MARK] if "${MARK" in body else []),
            *([_UPPER] if "${MARK_UPPER}" in body else []),
            *([_OTHER] if "${OTHER}" in body else []),
            *functions(body),
            *(
                [
                    "tidy() {",
                    "    set +e",
                    *(f"    {r}" for r in removals),
                    "}",
                    "trap tidy EXIT",
                    "trap 'exit 1' HUP INT TERM",
                ]
            )
            * bool(removals),
            "",
            *commands,
            f"printf 'expected:    %s\\n' {expected}",
            f"printf 'the run got: %s\\n' {got}",
        ]
        return "\n".join([*lines, ""])

    @property
    def _wrong(self) -> dict[str, str]:
        """Credentials of nobody by the headers that carry them, in lower case: what was sent is not kept."""
        return {name.lower(): value for name, value in self._session.provider.wrong_authorization().items()}

    @property
    def _secrets(self) -> set[str]:
        return {s.variable for s in self._session.target.secrets}

    def _command(self, number: int, step: Step) -> Iterator[str]:
        """The lines that send a request, show its answer, and take the id of what it created."""
        exchange, created = step.exchange, step.created
        request = self._request(exchange, exchange.method, exchange.url, exchange.request_body)
        came = f"{exchange.status} {exchange.reason}".rstrip() if exchange.status else "no answer"
        what = f"{number}. {'this shows it: ' if step.tells else ''}{exchange.method} {caller(exchange)}"
        yield f"# {line(f'{what} (in the run: {came})')}"
        if exchange.request_body.endswith(" characters in all)"):
            yield "# the body was too long to be kept whole: this is its beginning"
        yield f"answer=$({request}){' || true' if step.tells else ''}"
        yield f"printf '%s\\n' {single(what)} \"$answer\" ''"
        if created and created not in self._placing.names:
            self._placing.names[created] = f"ID_{number}"
            yield f"ID_{number}=$(printf '%s' \"$answer\" | {taking(exchange, created)})"

    def _request(self, exchange: Exchange, method: str, url: str, body: str) -> str:
        """The command that sends a request as the one who sent this exchange, signed where that one signs."""
        path = url.removeprefix(self._session.target.base_url)
        signer = _signer(self._session, exchange)
        if signer:
            self._signs = True
            sending = f'contacts-conformance send --target "$TARGET" --base-url "$BASE_URL" --as {signer}'
            if signer != exchange.identity:
                return f"{sending} --open-session"
            data = f" --data {quoted(self._placing.in_body(escaped(body)))}" if body else ""
            return f"{sending}{data} {method} {quoted(self._placing.in_path(self._unsigned(path)))}"
        how = "-I" if method == "HEAD" else f"-i -X {method}"
        words = [f'curl -sS -g {how} "$BASE_URL"{quoted(self._placing.in_path(path))}']
        left_out = _OF_CURL if body else _OF_CURL | {"content-type"}
        sent = (h for h in exchange.request_headers if h[0].lower() not in left_out)
        words += [of_header(n, self._wrong.get(n.lower(), v) if REMOVED in v else v, quoted) for n, v in sent]
        if body:
            words.append(f"--data-raw {quoted(self._placing.in_body(escaped(body)))}")
        return " \\\n    ".join(words)

    def _unsigned(self, path: str) -> str:
        """A path and query without what a signature consists of."""
        provider = self._session.provider
        names = "|".join(sorted(map(re.escape, provider.signing_parameters if isinstance(provider, Signing) else ())))
        return re.sub(rf"(?<=[?&])(?:{names})=[^&]*&?", "", path).rstrip("?&")

    def _removals(self) -> Iterator[str]:
        """The lines that give back what was changed, and remove what was created, as far as the contract has a way."""
        for e in self._plot.back:
            yield f"{self._request(e, e.method, e.url, e.request_body)} >/dev/null"
        if not self._session.account.offers("remove"):
            return
        operation = self._session.contract.operation("remove")
        for step in self._plot.steps:
            name = self._placing.names.get(step.created, "")
            if not name or step.stays:
                continue
            path = re.sub(r"\{[^}]*\}", f"${{{name}}}", self._session.path(operation))
            sender = self._remover(step.exchange)
            removal = f"{self._request(sender, operation.method, path, '')} >/dev/null"
            marked = self._placing.marks(step.exchange) and self._session.account.offers("read")
            if marked and not self._is_changed(step.created):  # an answer can name another contact than the new one
                reading = f'{self._request(sender, "GET", path, "")} | grep -qi "$MARK"'
                removal = f"""if {reading}; then
        {removal}
    else
        echo "not removed, since it is gone or does not carry the mark: ${name}"
    fi"""
            yield f"""if [ -n "${{{name}:-}}" ]; then
    {removal}
    fi"""

    def _is_changed(self, contact: str) -> bool:
        """Whether the script changes a contact, so that it need not carry the mark any more."""
        sent = [s.exchange for s in self._plot.steps if s.created != contact and writes(s.exchange)]
        return any(self._placing.mentioned(e, [contact]) for e in sent)

    def _remover(self, exchange: Exchange) -> Exchange:
        """An exchange of whoever may remove what this one created: itself, where its sender is known to the target."""
        if exchange.identity in self._session.target.identities and exchange.legal:
            return exchange
        main = self._session.main_role
        sent = (e for e in self._session.recorder.exchanges if e.identity == main and 200 <= e.status < 300)
        return next(sent, exchange)
