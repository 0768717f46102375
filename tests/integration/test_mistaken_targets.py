"""Whole runs with mistakes in the target file: each is told in one line, and none is held against the API."""

from __future__ import annotations

import copy
import json
import os
import socket
import ssl
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from contacts_conformance import providers, reference, target
from contacts_conformance.account import doctor
from contacts_conformance.contract import provider_path
from contacts_conformance.model import Verdict
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference.kit.serving import serving

from .. import miniatures
from ..miniatures import Call, Manner, hostile, respond
from ..night import at_night

PROVIDERS = ("flexmls", "liondesk", "ngpvan", "spark")


def described(provider: str, url: str, change: Callable[[dict[str, Any]], object] = id) -> tuple[str, dict[str, str]]:
    """A target file for a reference server at this address, as somebody changed it; and its secrets by variable."""
    document: dict[str, Any] = copy.deepcopy({**reference.load(provider).TARGET})
    change(document)
    secrets: dict[str, str] = {}
    lines = [f'provider = "{provider}"', f'base_url = "{url}"', "writes = true", "disposable = true"]
    lines += ["leaves_contacts = true"] if document.get("leaves_contacts") else []
    for role, entry in document["identities"].items():
        lines.append(f"[identities.{role}]")
        for key, value in entry.items():
            variable = f"{role}_{key}".upper()
            if key in providers.load(provider).keys.secrets:
                secrets[variable] = value
                value = f"${{{variable}}}"
            lines.append(f"{key} = {json.dumps(value)}")
    for table in [t for t in ("known", "settings", "offers", "share") if t in document]:
        entries = document[table]
        lines += [f"[{table}]", *(f"{k} = {json.dumps(v)}" for k, v in entries.items() if not isinstance(v, Mapping))]
        for name, inner in ((k, v) for k, v in entries.items() if isinstance(v, Mapping)):
            lines += [f"[{table}.{name}]", *(f"{k} = {json.dumps(v)}" for k, v in inner.items())]
    return "\n".join(lines) + "\n", secrets


class Judged:
    """What `run` and `doctor` say with such a file."""

    def __init__(
        self,
        folder: Path,
        provider: str,
        url: str,
        *requirements: str,
        change: Callable[[dict[str, Any]], object] = id,
        workers: int = 0,
    ) -> None:
        text, secrets = described(provider, url, change)
        file = folder / "target.toml"
        file.write_text(text)
        with mock.patch.dict(os.environ, secrets):
            self.done: Done = run(Order(provider, file, requirements, workers=workers))
            self.diagnosis = doctor.examine(target.load(file, providers.load(provider).keys))

    @property
    def told(self) -> list[str]:
        """The lines of the run that say why it could not begin, or why something is not verified."""
        if self.done.result is None:
            return self.done.output.splitlines()
        return [j.reason for j in self.done.result.of(Verdict.NOT_VERIFIED)]

    @property
    def failed(self) -> list[str]:
        """The requirements that failed."""
        return [j.requirement.id for j in self.done.result.of(Verdict.FAIL)] if self.done.result is not None else []

    @property
    def wrong(self) -> list[str]:
        """What `doctor` says to be wrong."""
        return [line.text for line in self.diagnosis.lines if line.state == "wrong"]

    def says(self, line: str, code: int) -> bool:
        """Whether both say this in a line, with this exit code, and nothing failed."""
        assert (self.done.exit_code, self.diagnosis.exit_code) == (code, code), (self.done.output, self.wrong)
        assert not self.failed
        return any(line in told for told in self.told) and any(line in wrong for wrong in self.wrong)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_base_url_with_a_path_too_many_is_told(provider: str, tmp_path: Path) -> None:
    with serving(reference.load(provider).application()) as url:
        judged = Judged(tmp_path, provider, f"{url}/nope")

    assert judged.says("every answer is 404: is base_url right? asked: ", 2)
    assert len([text for text in judged.wrong if "base_url" in text]) == 1


@pytest.mark.parametrize(
    ("provider", "other"),
    [("spark", "liondesk"), ("flexmls", "ngpvan"), ("liondesk", "spark"), ("liondesk", "ngpvan"), ("ngpvan", "spark")],
)
def test_an_account_of_another_vendor_is_not_judged(provider: str, other: str, tmp_path: Path) -> None:
    with serving(reference.load(other).application()) as url:
        judged = Judged(tmp_path, provider, url)

    assert judged.says("is base_url right? asked: ", 2)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_https_for_http_is_told(provider: str, tmp_path: Path) -> None:
    with serving(reference.load(provider).application()) as url:
        judged = Judged(tmp_path, provider, url.replace("http:", "https:"), f"{provider}.auth")

    assert judged.says(f"the server speaks http there: try base_url = {url}; asked: GET https:", 4)
    assert "ok" not in {line.state for line in judged.diagnosis.lines if line.text.startswith(provider)}


def _identity(role: str, **keys: str) -> Callable[[dict[str, Any]], object]:
    """Gives an identity these keys."""

    def change(document: dict[str, Any]) -> None:
        document["identities"] = {**document["identities"], role: {**document["identities"][role], **keys}}

    return change


def _known(**ids: str) -> Callable[[dict[str, Any]], object]:
    """Gives these known ids."""
    return lambda document: document.update(known={**document["known"], **ids})


def _swapped(one: str, other: str) -> Callable[[dict[str, Any]], object]:
    """Swaps the tokens of two identities."""

    def change(document: dict[str, Any]) -> None:
        its = document["identities"]
        tokens = {one: its[other]["token"], other: its[one]["token"]}
        document["identities"] = {r: {**i, "token": tokens.get(r, i["token"])} for r, i in its.items() if "token" in i}

    return change


def _example(provider: str) -> Callable[[dict[str, Any]], object]:
    """Leaves the ids of the file to start from as they are."""

    def change(document: dict[str, Any]) -> None:
        given = tomllib.loads((provider_path(provider) / "target.toml").read_text())
        secrets = providers.load(provider).keys.secrets
        for role, entry in given["identities"].items():
            tokens = {k: v for k, v in document["identities"][role].items() if k in secrets}
            entry.update(tokens)
        document.pop("share", None)
        document.update(identities=given["identities"], known=given["known"])

    return change


_ABSENT = "20100000000000000000000099"

MISTAKES = [
    ("liondesk", _identity("owner", user_id="77"), 'identities.owner.user_id = "77"', ["owner"]),
    (
        "liondesk",
        _identity("assignee", user_id="1003"),
        'identities.assignee.user_id = "1003"',
        ["lifecycle", "access"],
    ),
    ("liondesk", _identity("assignee", user_id="1"), "identities.assignee.user_id are the same", ["access", "owner"]),
    (
        "liondesk",
        _known(hotness="999"),
        'known.hotness = "999"',
        ["lookup.hotness", "create.each-field-alone", "change"],
    ),
    ("liondesk", _known(teammate="999"), 'known.teammate = "999"', ["team", "access.assignee"]),
    ("liondesk", _known(outsider="2"), "known.outsider and identities.assignee.user_id are the same", ["team"]),
    ("liondesk", _swapped("owner", "assignee"), "are the tokens of the two swapped?", ["access.assignee", "owner"]),
    ("liondesk", _example("liondesk"), 'identities.teammate.shared_contact = "815"', ["access.shared"]),
    (
        "spark",
        _identity("colleague", user_id=_ABSENT),
        f'identities.colleague.user_id = "{_ABSENT}"',
        ["transfer", "list"],
    ),
    ("spark", _identity("portal", contact_id=_ABSENT), f'identities.portal.contact_id = "{_ABSENT}"', ["my.own"]),
    ("spark", _known(active=_ABSENT), f'known.active = "{_ABSENT}"', ["expand.Portal"]),
    ("spark", _swapped("private", "colleague"), "are the tokens of the two swapped?", ["transfer.own-office"]),
    ("spark", _swapped("private", "portal"), "identities.private and identities.portal", ["create.stores"]),
    ("spark", _example("spark"), "still those of the example", ["transfer", "my.own"]),
    ("flexmls", _identity("portal", contact_id=_ABSENT), f'identities.portal.contact_id = "{_ABSENT}"', ["my.own"]),
    ("flexmls", _swapped("idx", "portal"), "identities.idx and identities.portal", ["create.resource-uri"]),
    ("spark", _swapped("colleague", "stranger"), "identities.colleague and identities.stranger", ["transfer"]),
    ("spark", _swapped("portal", "vow"), "each reads the contact of the other as its own", ["my.own"]),
    ("spark", _known(branch=_ABSENT), f'known.branch = "{_ABSENT}"', ["transfer.own-company"]),
    ("spark", _known(active_login="no@example.com"), "shows another LoginName", ["field.PortalLoginName.searchable"]),
    ("spark", _known(invalid_email="no@example.com"), 'known.invalid_email = "no@', ["field.InvalidEmails.searchable"]),
    ("ngpvan", _known(prefix="Zz."), "word for word as known.bad_prefix", ["field.prefix", "prefix"]),
    ("ngpvan", _known(email_list="99"), 'known.email_list = "99"', ["emails.lists"]),
    ("ngpvan", _known(contact_code="37653, 99"), 'known.contact_code = "99"', ["field.contactCodes"]),
    ("ngpvan", _known(bad_prefix="Ms."), "known.prefix and known.bad_prefix are the same", ["prefix"]),
]


MORE_OF_THE_KIND = [
    ("liondesk", _swapped("assignee", "teammate"), "are the tokens of the two swapped?", ["access.assignee.read"]),
    ("spark", _known(dormant=_ABSENT), f'known.dormant = "{_ABSENT}"', ["expand.VowActive"]),
    ("spark", _swapped("private", "public"), "identities.private and identities.public", ["create.stores", "role"]),
    ("spark", _swapped("admin", "stranger"), "identities.stranger and identities.admin", ["transfer", "refusal"]),
    ("spark", _swapped("private", "idx"), "identities.private and identities.idx", ["expand"]),
    ("ngpvan", _known(external_source="99"), 'known.external_source = "99"', ["field.externalLinks"]),
    ("ngpvan", _known(disclosure_field="99"), 'known.disclosure_field = "99"', ["field.disclosureFields"]),
    ("ngpvan", _known(designation="99"), 'known.designation = "99"', ["field.disclosureFields"]),
]
"""Further identities that are swapped, and ids that nobody has."""


@pytest.mark.parametrize(("provider", "change", "line", "rows"), [*MISTAKES, *at_night(*MORE_OF_THE_KIND)])
def test_a_wrong_claim_is_told_and_nothing_that_rests_on_it_fails(
    provider: str, change: Callable[[dict[str, Any]], object], line: str, rows: list[str], tmp_path: Path
) -> None:
    with serving(reference.load(provider).application()) as url:
        judged = Judged(tmp_path, provider, url, *(f"{provider}.{row}" for row in rows), change=change)

    assert not judged.failed
    assert judged.done.exit_code == 3, judged.done.output
    assert any(line in told for told in judged.told), judged.told


@contextmanager
def _speaking_tls() -> Iterator[str]:
    """A port that speaks TLS and nothing else; it has no certificate, so that every greeting is refused by an alert."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def answer() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_http_for_https_is_told_where_nothing_is_answered(tmp_path: Path) -> None:
    with _speaking_tls() as url:
        judged = Judged(tmp_path, "liondesk", url, "liondesk.auth")

    assert judged.says(f"the server speaks https there: try base_url = {url.replace('http:', 'https:')}; asked: ", 4)


def _plain_at_tls(call: Call) -> None:
    """As nginx answers."""
    text = "<html><center>The plain HTTP request was sent to HTTPS port</center></html>"
    respond(call, "400 Bad Request", text, "text/html")


def _moved(call: Call) -> None:
    """As a port answers that is only there to send callers to the other."""
    respond(call, "301 Moved Permanently", headers={"Location": f"https://127.0.0.1{call.path}"})


def _of_somebody_else(call: Call) -> None:
    """A service of another kind."""
    respond(call, body='{"service": "weather", "status": "fine"}')


@pytest.mark.parametrize(
    ("manner", "line"),
    [
        (_plain_at_tls, "the server speaks https there: try base_url = https://127.0.0.1"),
        (_moved, "the server speaks https there: try base_url = https://127.0.0.1"),
        (hostile.html, "is not the API: GET http://127.0.0.1"),
        (_of_somebody_else, 'was answered 200 {"service": '),
    ],
)
def test_what_is_not_the_api_is_told_from_it(manner: Manner, line: str, tmp_path: Path) -> None:
    with miniatures.serving(manner) as server:
        judged = Judged(tmp_path, "liondesk", server.url)

    assert judged.says(line, 2)
    assert {call.method for call in server.calls} == {"GET"}


def test_the_processes_of_a_spread_run_tell_it_once(tmp_path: Path) -> None:
    with serving(reference.load("liondesk").application()) as url:
        judged = Judged(tmp_path, "liondesk", f"{url}/nope", "liondesk.auth", workers=2)

    assert judged.says("every answer is 404: is base_url right?", 2)
    assert len([line for line in judged.told if "base_url" in line]) == 1


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        ("spark", "as portal: the target answers GET /v1/my/contact"),
        ("ngpvan", "as tenant: the target answers who asks for a contact that does not exist"),
    ],
)
def test_doctor_asks_each_identity_for_what_its_role_may_read(provider: str, told: str, tmp_path: Path) -> None:
    with serving(reference.load(provider).application()) as url, mock.patch.dict(os.environ):
        text, secrets = described(provider, url)
        (tmp_path / "target.toml").write_text(text)
        os.environ.update(secrets)
        diagnosis = doctor.examine(target.load(tmp_path / "target.toml", providers.load(provider).keys))

    assert [line.text for line in diagnosis.lines if line.state == "wrong"] == []
    lines = [line.text for line in diagnosis.lines]
    assert told in lines
    is_tidy = provider == "spark"
    assert any("contacts and removes them again" in line for line in lines) is is_tidy
    assert any("contacts, which stay" in line for line in lines) is not is_tidy


@pytest.mark.parametrize(
    ("provider", "fault", "row"),
    [
        ("liondesk", "member-is-refused-create-contact", "team.member-assigned"),
        ("liondesk", "owner-is-always-the-first-user", "owner.submitter"),
        ("spark", "everybody-is-the-first-client", "my.own"),
    ],
)
def test_with_a_right_target_file_an_api_that_is_wrong_fails(
    provider: str, fault: str, row: str, tmp_path: Path
) -> None:
    with serving(reference.load(provider).application(fault=fault)) as url:
        judged = Judged(tmp_path, provider, url, f"{provider}.{row}")

    assert judged.failed == [f"{provider}.{row}"]


def test_where_nothing_fails_no_claim_is_read(tmp_path: Path) -> None:
    with serving(reference.load("liondesk").application()) as url:
        right = Judged(tmp_path, "liondesk", url, "liondesk.team.outsider-not-assigned")
    with serving(reference.load("liondesk").application()) as url:
        wrong = Judged(tmp_path, "liondesk", url, "liondesk.team.outsider-not-assigned", change=_known(outsider="999"))

    assert right.done.result is not None
    assert wrong.done.result is not None
    assert right.done.result.traffic.requests == wrong.done.result.traffic.requests
