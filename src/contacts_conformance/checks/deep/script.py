"""A finding as a shell script (POSIX sh and curl) that shows it again by itself, and removes what it created."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from contacts_conformance.checks.deep.shell import TAKING, comment, escaped, quoted, single
from contacts_conformance.checks.deep.walk import Shown, Walk
from contacts_conformance.checks.session import Session
from contacts_conformance.http.recording import VARIABLE, of_header
from contacts_conformance.http.signing import Signing
from contacts_conformance.model import Exchange
from contacts_conformance.providers.plans import Step

_OF_CURL = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent"})
"""Headers that curl gives by itself, or that play no part."""


def of(session: Session, walk: Walk, shown: Shown) -> str:
    """The script that shows a finding again; the secrets that it needs are taken from environment variables."""
    text = _Script(session, walk).text(shown)
    return session.client.discreet(text)


class _Script:
    def __init__(self, session: Session, walk: Walk) -> None:
        self._session = session
        self._walk = walk
        self._signs = False
        self._names: dict[str, str] = {}
        """The variables that stand for the ids of contacts."""

    def text(self, shown: Shown) -> str:
        requirement = self._session.register[shown.row]
        steps = [(step, e) for step, e in self._walk.steps if e is not None]
        named = self._session.recorder.exchange(shown.breach.exchange)
        if named is not None and all(e.id != named.id for _, e in steps):
            steps.append((Step("look"), named))
        commands = [line for n, (_, e) in enumerate(steps, 1) for line in self._command(n, e)]
        commands += self._removals(steps)
        body = "\n".join(commands)
        lines = [
            "#!/bin/sh",
            *comment(f"{requirement.id} ({requirement.level}): {requirement.statement}"),
            *comment(f"expected: {shown.breach.expected}"),
            *comment(f"got: {shown.breach.got}"),
            "set -eu",
            f"BASE_URL=${{BASE_URL:-{single(self._session.target.base_url)}}}",
            *(["TARGET=${TARGET:?the target file, by which calls are signed}"] if self._signs else []),
            *(f": ${{{v}:?}}" for v in sorted({*VARIABLE.findall(body)} & self._secrets)),
            "MARK=cc$(date +%s)x$$",
            *([TAKING.rstrip()] if "| member " in body or "| location" in body else []),
        ]
        return "\n".join([*lines, "", body, ""])

    @property
    def _secrets(self) -> set[str]:
        return {s.variable for s in self._session.target.secrets}

    def _command(self, number: int, exchange: Exchange) -> Iterator[str]:
        """The lines that send a request, show its answer, and take the id of what it created."""
        created = next((i for (_, e), i in zip(self._walk.steps, self._walk.ids, strict=True) if e is exchange), "")
        request = self._request(exchange, exchange.method, exchange.url, exchange.request_body)
        yield f"# {number}. {exchange.method} as {exchange.identity} → {exchange.status} {exchange.reason}".rstrip()
        if exchange.request_body.endswith(" characters in all)"):
            yield "# the body is too long to be kept whole; the plan in report.json has it"
        yield f"answer=$({request})"
        yield "printf '%s\\n\\n' \"$answer\""
        if created and created not in self._names:
            self._names[created] = f"ID_{number}"
            yield f"ID_{number}=$(printf '%s' \"$answer\" | {_taking(exchange, created)})"

    def _request(self, exchange: Exchange, method: str, url: str, body: str) -> str:
        """The command that sends a request as the one who sent this exchange, signed where that one signs."""
        provider, target = self._session.provider, self._session.target
        identity = target.identities.get(exchange.identity)
        path = url.removeprefix(target.base_url)
        if identity is not None and isinstance(provider, Signing) and provider.signs(identity):
            self._signs = True
            names = "|".join(sorted(map(re.escape, provider.signing_parameters)))
            path = re.sub(rf"(?<=[?&])(?:{names})=[^&]*&?", "", path).rstrip("&?")
            data = f" --data {quoted(self._placed(escaped(body)))}" if body else ""
            where = quoted(self._placed_path(path))
            return (
                f'contacts-conformance send --target "$TARGET" --base-url "$BASE_URL" '
                f"--as {exchange.identity}{data} {method} {where}"
            )
        how = "-I" if method == "HEAD" else f"-i -X {method}"
        words = [f'curl -sS -g {how} "$BASE_URL"{quoted(self._placed_path(path))}']
        left_out = _OF_CURL if body else _OF_CURL | {"content-type"}
        words += [of_header(n, v, quoted) for n, v in exchange.request_headers if n.lower() not in left_out]
        if body:
            words.append(f"--data-raw {quoted(self._placed(escaped(body)))}")
        return " \\\n    ".join(words)

    def _placed(self, text: str) -> str:
        """A body in which variables stand for the mark, and for ids of contacts that are values by themselves."""
        text = text.replace(self._walk.mark, "${MARK}")
        for contact, name in self._names.items():
            bare = contact.isdecimal()
            text = re.sub(rf'"{re.escape(contact)}"', f'"${{{name}}}"', text)
            text = re.sub(rf"(?<=[:\[, ]){re.escape(contact)}(?=[,\]}}])", f"${{{name}}}", text) if bare else text
        return text

    def _placed_path(self, path: str) -> str:
        """A path and query in which variables stand for the mark and for ids of contacts."""
        path = path.replace(self._walk.mark, "${MARK}")
        for contact, name in self._names.items():
            written = re.escape(quote(contact, safe="-._~"))
            path = re.sub(rf"(?<=[/=])(?:{written})(?=[/?&]|$)", f"${{{name}}}", path)
            path = re.sub(rf"(?<=%27)(?:{written})(?=%27)", f"${{{name}}}", path)
        return path

    def _removals(self, steps: Sequence[tuple[Step, Exchange]]) -> Iterator[str]:
        """The lines that remove what the script created, as far as the contract has a way to."""
        if not self._session.contract.has("remove"):
            return
        gone = {step.of for step, e in steps if step.kind == "remove" and 200 <= e.status < 300}
        operation = self._session.contract.operation("remove")
        for place, contact in enumerate(self._walk.ids):
            name = self._names.get(contact, "")
            step, exchange = self._walk.steps[place]
            if not name or exchange is None or step.kind != "create" or place in gone:
                continue
            path = re.sub(r"\{[^}]*\}", f"${{{name}}}", operation.path)
            yield f"{self._request(exchange, operation.method, path, '')} >/dev/null  # tidy"


def _taking(exchange: Exchange, contact: str) -> str:
    """The command that takes the id of the new contact from the answer: from a member of its body, or from Location."""
    body = exchange.response_body
    counts: dict[str, int] = {}
    for piece in re.split("[,{}]", body):
        found = re.match(r'\s*"([\w$.-]+)"\s*:\s*"?([^"]*)', piece)
        if found is None:
            continue
        counts[found[1]] = counts.get(found[1], 0) + 1
        if found[2].strip(" \t\r\n]") == contact:
            return f"member {found[1]} {counts[found[1]]}"
    return "location"
