"""What a LionDesk service does that is no breach, or another breach than it looks: runs say what they read."""

from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance.reference.kit.serving import serving

from .runs import application, describe, run


def test_a_text_that_is_stored_in_full_is_not_said_to_be_cut(tmp_path: Path) -> None:
    with serving(application(fault="max-length-one-too-many-first-name")) as url:
        done = run(describe(url, tmp_path), tmp_path / "reports", "liondesk.field.first_name.max-length")

    verdicts = done.verdicts
    assert verdicts["liondesk.field.first_name.max-length"] == "fail"
    assert verdicts["liondesk.field.first_name.no-silent-cut"] == "not-applicable"
    assert done.code == 1


def test_contacts_that_are_assigned_in_turn_are_hidden_from_nobody_else(tmp_path: Path) -> None:
    with serving(application(variant="assigned-in-turn")) as url:
        done = run(describe(url, tmp_path), tmp_path / "reports", "liondesk.access.other")

    assert set(done.verdicts.values()) == {"pass"}


def test_with_one_connection_requests_at_the_same_moment_are_not_verified(tmp_path: Path) -> None:
    with serving(application()) as url:
        path = describe(url, tmp_path)
        path.write_text(f"{path.read_text(encoding='utf-8')}\n[limits]\nmax_connections = 1\n", encoding="utf-8")
        done = run(path, tmp_path / "reports", "liondesk.together")

    rows = {row: verdict for row, verdict in done.verdicts.items() if row.startswith("liondesk.together.")}
    assert len(rows) == 3
    assert set(rows.values()) == {"not-verified"}


def test_what_is_accepted_for_later_and_not_named_is_not_verified(tmp_path: Path) -> None:
    with serving(_later(application())) as url:
        done = run(describe(url, tmp_path), tmp_path / "reports", "liondesk.field.first_name.create")

    reason = next(r["reason"] for r in done.report["requirements"] if r["id"] == "liondesk.field.first_name.create")
    assert set(done.verdicts.values()) == {"not-verified"}
    assert "answered 202 Accepted, without the path or the id of the new contact" in reason
    assert done.code == 3


def _later(app: ASGIApp) -> ASGIApp:
    """The server, which answers every success of a creation with 202 and an empty object."""

    async def accepting(scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            creates = scope.get("method") == "POST" and scope["path"].endswith("/contacts")
            if creates and message["type"] == "http.response.start" and message["status"] < 300:
                await send({**message, "status": 202, "headers": [(b"content-type", b"application/json")]})
                await send({"type": "http.response.body", "body": b"{}"})
                answered.append(message)
            elif not answered:
                await send(message)

        answered: list[Message] = []
        await app(scope, receive, told)

    return accepting
