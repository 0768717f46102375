"""Servers that answer everything in one wrong way; where nothing is said, with status 200."""

from __future__ import annotations

import itertools
import json

from .serving import Call, Hangup, Manner, respond

__all__ = ["Hangup"]

HTML = "<!doctype html><title>Sign in</title><p>Please sign in"


def server_error(call: Call) -> None:
    """500, with a JSON body."""
    respond(call, "500 Internal Server Error", '{"message": "out of order"}')


def html(call: Call) -> None:
    """A page for people, as a proxy shows it."""
    respond(call, body=HTML, content_type="text/html; charset=utf-8")


def garbage(call: Call) -> None:
    """What is labelled JSON and is none."""
    respond(call, body='{"id": 1, "first_name": "Ada", ')


def empty_list(call: Call) -> None:
    """An empty array."""
    respond(call, body="[]")


def null(call: Call) -> None:
    """A JSON null."""
    respond(call, body="null")


def empty(call: Call) -> None:
    """No body at all."""
    respond(call)


def odd_shapes(call: Call) -> None:
    """Envelopes whose parts are of every wrong type, one after the other, from another one on in each round."""
    shapes = [
        '{"id": {}, "data": {}}',
        '{"id": [], "data": [1, null, "x"]}',
        '{"id": true, "data": [{}], "total": "9"}',
        '{"id": "..", "data": [{"id": ".."}]}',
        '{"id": "a/b?c#d", "data": [{"id": 1e400}], "total": 1e400}',
        '{"id": "\\ud800", "data": [{"\\ud800": "\\ud800"}]}',
        "[" * 900 + "]" * 900,
        "1e999",
        '"\\u0000"',
    ]
    respond(call, body=shapes[(call.number + call.number // len(shapes)) % len(shapes)])


def one_contact(call: Call) -> None:
    """The same contact, whatever is asked; nothing is stored."""
    contact = {"id": 1, "first_name": "Ada", "owner_user_id": 1}
    listed = call.method == "GET" and "?" in call.path
    respond(call, body=json.dumps({"total": 1, "limit": 10, "skip": 0, "data": [contact]} if listed else contact))


def endless_body(call: Call) -> None:
    """A body that never ends, as fast as it goes."""
    call.say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    while True:
        call.say(b"1," * 32_768)


def drip(call: Call) -> None:
    """A body of one byte now and then, so that no single read takes long."""
    call.say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
    while call.hear(0.05):
        call.say(" ")


def dripping_head(call: Call) -> None:
    """A head whose headers never end."""
    call.say("HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        call.hear(0.05)
        call.say(f"X-{number}: 1\r\n")


def hang_up(call: Call) -> None:
    """Nothing: the connection is closed."""
    raise Hangup


def silence(call: Call) -> None:
    """Nothing: the connection stays open."""
    while call.hear(10):
        pass


def refuse_everybody(call: Call) -> None:
    """401 to everybody."""
    respond(call, "401 Unauthorized", '{"message": "no"}')


def too_many(call: Call) -> None:
    """429 for ever, with a wait that can be afforded."""
    respond(call, "429 Too Many Requests", '{"message": "slow down"}', headers={"Retry-After": "0"})


def too_many_for_long(call: Call) -> None:
    """429 for ever, with a wait that nobody affords."""
    respond(call, "429 Too Many Requests", '{"message": "slow down"}', headers={"Retry-After": "86400"})


def busy(call: Call) -> None:
    """503 for ever, and when to come back."""
    respond(call, "503 Service Unavailable", headers={"Retry-After": "0"})


def odd_redirect(call: Call) -> None:
    """Sends everybody to what is no address."""
    respond(call, "302 Found", headers={"Location": "mailto:x"})


def many_headers(call: Call) -> None:
    """Nothing, under ten thousand headers."""
    respond(call, headers={f"X-{number}": "1" for number in range(10_000)})


def redirect_to(other: str) -> Manner:
    """Sends everybody to another host."""

    def redirect(call: Call) -> None:
        respond(call, "307 Temporary Redirect", headers={"Location": other + call.path})

    return redirect
