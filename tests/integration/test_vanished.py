"""A server whose removals reach another contact, far from the one that was to be removed."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from contacts_conformance.reference.kit.serving import serving

from .runs import application, describe, run

ROWS = ("liondesk.remove.only-that-contact", "liondesk.page", "liondesk.field.company")


class _Reaching:
    """The server, whose removals also reach the contact whose id is less by three."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def unheard(message: Message) -> None:
            pass

        contact = scope["path"].rpartition("/")[2] if scope["type"] == "http" and scope["method"] == "DELETE" else ""
        if contact.isdecimal():
            path = f"/contacts/{int(contact) - 3}"
            await self._app({**scope, "path": path, "raw_path": path.encode()}, nothing, unheard)
        await self._app(scope, receive, send)


def test_contacts_that_go_with_others_are_told_of_by_the_clean_up(tmp_path: Path) -> None:
    with serving(_Reaching(application(foreign=0))) as url:
        done = run(describe(url, tmp_path), tmp_path / "reports", *ROWS)

    verdicts = {r["id"]: r["verdict"] for r in done.report["requirements"]}
    assert verdicts[ROWS[0]] == "fail"
    assert done.report["traffic"]["contacts_left"] == []
