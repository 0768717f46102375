"""What a run did not create is never the subject of a write, whatever a server does and a check asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance import providers, reference, target
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import CareViolated, NotVerified
from contacts_conformance.http import Request
from contacts_conformance.model import Judgement
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.target import ANONYMOUS

from ..miniatures import Call, respond
from ..miniatures import serving as miniature

DISPOSABLE = "disposable = true"
SOMEBODYS = 2
"""A contact of the LionDesk account that was there before."""


def _describe(provider: str, url: str, folder: Path, *lines: str) -> Path:
    """A target file for a server at this address that has the identities of the reference server."""
    known = reference.load(provider).TARGET
    secret = providers.load(provider).keys.secrets
    text = [f'provider = "{provider}"', f'base_url = "{url}"', "writes = true", *lines]
    for role, entry in known["identities"].items():
        text.append(f"[identities.{role}]")
        text += [f'{k} = "${{{role}_{k}}}"' if k in secret else f'{k} = "{v}"' for k, v in entry.items()]
    text += ["[known]", *(f'{k} = "{v}"' for k, v in known["known"].items())]
    path = folder / "target.toml"
    path.write_text("\n".join(text) + "\n")
    return path


def _variables(provider: str) -> dict[str, str]:
    known = reference.load(provider).TARGET["identities"]
    secret = providers.load(provider).keys.secrets
    return {f"{role}_{k}": str(v) for role, entry in known.items() for k, v in entry.items() if k in secret}


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Judgement]]:
    """Judges an application by some requirements of a provider, with these lines in the target file."""

    def judge(provider: str, app: ASGIApp, requirements: tuple[str, ...], *lines: str) -> dict[str, Judgement]:
        for name, value in _variables(provider).items():
            monkeypatch.setenv(name, value)
        with serving(app) as url:
            done = run(Order(provider, _describe(provider, url, tmp_path, *lines), requirements, yes=True))
        assert done.result is not None, done.output
        assert not [j for j in done.result.judgements if j.verdict == "suite-error"], done.output
        return {j.requirement.id: j for j in done.result.judgements}

    return judge


class _Bulk:
    """Carries out whatever changes or removes all contacts, or the caller's own, though the page promises 405."""

    def __init__(self, provider: str) -> None:
        self._app = reference.load(provider).application()
        self._served = {"PUT my/contact"} if provider == "spark" else set()
        self.harmed: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        everything = re.fullmatch(r"/v1/(contacts|contacts/unconnected|my/contact)/?", scope.get("path", ""))
        asked = f"{scope.get('method')} {everything[1]}" if everything else ""
        harmless = {"POST contacts", *(f"GET {m}" for m in ("contacts", "contacts/unconnected", "my/contact"))}
        if asked and asked not in harmless | self._served:
            self.harmed.append(f"{scope['method']} {scope['path']}")
            await JSONResponse({"D": {"Success": True, "Results": []}})(scope, receive, send)
        else:
            await self._app(scope, receive, send)


@pytest.mark.parametrize("provider", ["flexmls", "spark"])
def test_methods_that_a_page_excludes_are_not_tried_at_all_contacts_nor_at_the_callers_own(
    provider: str, judged: Callable[..., dict[str, Judgement]]
) -> None:
    app = _Bulk(provider)
    lines = ["leaves_contacts = true"] if provider == "flexmls" else []

    found = judged(provider, app, (f"{provider}.method", f"{provider}.envelope"), *lines)

    assert app.harmed == []
    at_all = found[f"{provider}.method.DELETE.v1.contacts"]
    assert (at_all.verdict, DISPOSABLE in at_all.reason) == ("not-verified", True)
    assert found[f"{provider}.method.DELETE.v1.my.contact"].verdict == "not-verified"
    assert found[f"{provider}.method.POST.v1.contacts.Id"].verdict == "pass"  # at a contact of the run's own


@pytest.mark.parametrize("provider", ["flexmls", "spark"])
def test_in_an_account_that_may_be_emptied_they_are_tried(
    provider: str, judged: Callable[..., dict[str, Judgement]]
) -> None:
    app = _Bulk(provider)

    found = judged(provider, app, (f"{provider}.method",), DISPOSABLE)

    assert {"DELETE /v1/contacts", "DELETE /v1/my/contact"} <= set(app.harmed)
    assert found[f"{provider}.method.DELETE.v1.contacts"].verdict == "fail"


class _Joined:
    """Answers creations and lists with the id of somebody's contact, in each record; reads tell the truth."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.written: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope.get("method"), scope.get("path", "")
        if path == f"/contacts/{SOMEBODYS}" and method != "GET":
            self.written.append(f"{method} {path}")

        async def join(message: Message) -> None:
            if path == "/contacts" and message["type"] == "http.response.start":
                message["headers"] = [h for h in message["headers"] if h[0] != b"content-length"]
            elif path == "/contacts" and message["type"] == "http.response.body":
                message["body"] = re.sub(rb'"id": ?\d+', b'"id": %d' % SOMEBODYS, message["body"])
            await send(message)

        await self._app(scope, receive, join)


def test_a_list_does_not_outweigh_what_reading_a_contact_shows(judged: Callable[..., dict[str, Judgement]]) -> None:
    app = _Joined(reference.load("liondesk").application(foreign=20))

    judged("liondesk", app, tuple(f"liondesk.{row}" for row in ("operation", "access.owner", "change", "remove")))

    assert app.written == []


class _GivingAway:
    """Gives an id to a stranger's contact as soon as it is free."""

    def __init__(self, app: ASGIApp, collection: str, stranger: Callable[[str], Any]) -> None:
        self._app = app
        self._collection = collection
        self._stranger = stranger
        self._given: set[str] = set()
        self.written: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope.get("method"), scope.get("path", "")

        async def note(message: Message) -> None:
            if method == "DELETE" and message["type"] == "http.response.start" and message["status"] < 300:
                self._given.add(path)
            await send(message)

        if path not in self._given:
            await self._app(scope, receive, note)
            return
        if method != "GET":
            self.written.append(f"{method} {path}")
        await JSONResponse(self._stranger(path.removeprefix(self._collection)))(scope, receive, send)


@pytest.mark.parametrize("lines", [(), (DISPOSABLE,)])
def test_what_took_the_id_of_a_removed_contact_is_left_alone(
    lines: tuple[str, ...], judged: Callable[..., dict[str, Judgement]]
) -> None:
    liondesk = _GivingAway(
        reference.load("liondesk").application(), "/contacts/", lambda i: {"id": int(i), "company": "A stranger"}
    )
    spark = _GivingAway(
        reference.load("spark").application(),
        "/v1/contacts/",
        lambda i: {"D": {"Success": True, "Results": [{"Id": i, "DisplayName": "A stranger", "Tags": []}]}},
    )

    judged("liondesk", liondesk, ("liondesk.change", "liondesk.remove"), *lines)
    found = judged("spark", spark, ("spark.change", "spark.remove"), *lines)

    if not lines:
        assert (liondesk.written, spark.written) == ([], [])
        assert found["spark.change.unknown-id"].verdict == "not-verified"
    else:
        assert found["spark.change.unknown-id"].verdict == "fail"


def test_writes_to_a_removed_id_are_judged_where_reading_it_first_shows_that_nobody_has_it(
    judged: Callable[..., dict[str, Judgement]],
) -> None:
    found = judged("spark", reference.load("spark").application(), ("spark.change.unknown-id", "spark.remove.twice"))

    assert {j.verdict.value for j in found.values()} == {"pass"}


# Checks that are wrong


class _Recording:
    """An account of a service that creates, shows, changes and removes whatever it is asked to, at any spelling."""

    def __init__(self) -> None:
        self.contacts: dict[str, dict[str, Any]] = {"1": {"id": 1, "company": "somebody"}}
        self.written: list[str] = []

    def __call__(self, call: Call) -> None:
        if call.method not in ("GET", "POST"):
            self.written.append(f"{call.method} {call.path}")
        contact = call.path.rpartition("/")[2]
        if (call.method, call.path) == ("POST", "/contacts"):
            number = str(len(self.contacts) + 1)
            self.contacts[number] = {"id": int(number), **json.loads(call.body)}
            respond(call, "201 Created", json.dumps(self.contacts[number]))
        elif contact in self.contacts and call.method != "POST":
            respond(call, body=json.dumps(self.contacts[contact]))
        else:
            self.written += [f"{call.method} {call.path}"] if call.method == "POST" else []
            respond(call, "404 Not Found", "{}")


@pytest.fixture
def recording() -> Iterator[tuple[_Recording, Session]]:
    """An account with somebody's contact, and a session whose own contact has the id 2."""
    account = _Recording()
    with miniature(account) as server:
        owner = target.Identity("owner", {"token": target.Secret("OWNER_TOKEN", "some-token")})
        session = Session(target.Target("liondesk", server.url, {"owner": owner}, writes=True))
        session.contacts().create()
        yield account, session
        session.client.close()


def _change(contact: str) -> Callable[[Contacts], object]:
    return lambda contacts: contacts.send_change(contact, {"company": "Changed"}, legal=False)


def _remove(contact: str) -> Callable[[Contacts], object]:
    return lambda contacts: contacts.send_remove(contact, essential=True)


def _send(method: str, path: str, **options: Any) -> Callable[[Contacts], object]:
    return lambda contacts: contacts.account.client.send(Request(method, path, contacts.identity, **options))


IDS = (
    "1",
    "3",
    "2/..",
    "../1",
    "2/../1",
    "..",
    ".",
    "2%2F..%2F1",
    "2%2f..",
    "%2e%2e",
    "1/2",
    "/1",
    "2/",
    "\\1",
    "2?x=1",
    "",
)


@pytest.mark.parametrize(
    "wrong",
    [
        *(_change(i) for i in IDS),
        *(_remove(i) for i in IDS),
        *(_send(m, f"/contacts/{i}") for m in ("PUT", "PATCH", "DELETE") for i in IDS),
        *(_send(m, "/contacts/1", about="2") for m in ("PUT", "PATCH", "DELETE", "POST")),
        *(_send(m, "/contacts/1", opens=ANONYMOUS, essential=True) for m in ("PUT", "PATCH", "DELETE", "POST")),
        *(_send(m, p) for m in ("PUT", "PATCH", "DELETE") for p in ("/contacts", "/contacts/", "/", "//contacts", "*")),
        *(_send(m, "/my/contact") for m in ("PUT", "PATCH", "DELETE", "POST")),
        *(_send(m, "/contacts/1/contacts/2") for m in ("PUT", "PATCH", "DELETE", "POST")),
        *(_send(m, "/contacts", query=(("id", "1"),)) for m in ("PUT", "PATCH", "DELETE")),
        *(_send("POST", p, about="2") for p in ("/contacts/1", "/contacts/1/shares", "/shares")),
        *(_send(m, "/contacts/1") for m in ("put", "delete", "Delete", "PURGE", "MERGE")),
    ],
)
def test_a_wrong_check_reaches_no_contact_but_the_runs_own(
    wrong: Callable[[Contacts], object], recording: tuple[_Recording, Session]
) -> None:
    account, session = recording

    with pytest.raises((CareViolated, NotVerified)):
        wrong(session.contacts())

    assert account.written == []


def test_a_right_check_reaches_the_runs_own_contact(recording: tuple[_Recording, Session]) -> None:
    account, session = recording

    _change("2")(session.contacts())
    _remove("2")(session.contacts())

    assert account.written == ["PATCH /contacts/2", "DELETE /contacts/2"]
