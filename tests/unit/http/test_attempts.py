"""What is sent again after each symptom of a network, how often, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contacts_conformance.errors import Disturbed, Unanswered, Unsettled
from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Answer, Request

from ...miniatures import Call, Manner, hostile, respond, serving
from ..making import OWNER, Waits, a_client, a_target, get, post

Steps = tuple[str, ...]

PAGE = "200 page"
RESET = "reset"
GATEWAYS = ["408 Late", "502 Bad Gateway", "503 Busy", "504 Late", PAGE, "500 page", RESET]

CHANGE = post("/contacts/1", method="PATCH")
REMOVE = post("/contacts/1", method="DELETE", json=None)
CREATE = post()

PASSING = [(r, s) for r in (get(), get(method="OPTIONS"), get(legal=False)) for s in (*GATEWAYS, "429 Slow")]
PASSING += [(r, s) for r in (get(method="HEAD"), CHANGE) for s in (*GATEWAYS, "429 Slow") if not s.endswith("page")]
PASSING += [(CHANGE, PAGE)]


def _one_after_the_other(*steps: str) -> Manner:
    """One answer after the other, the last one for ever."""

    def answer(call: Call) -> None:
        step = steps[min(call.number, len(steps)) - 1]
        if step == RESET:
            raise hostile.Hangup
        if step.endswith("page"):
            respond(call, step, hostile.HTML, "text/html")
        else:
            respond(call, step, "{}")

    return answer


def _sent(request: Request, *steps: str, waits: Waits | None = None, **hooks: Any) -> tuple[int | Disturbed, Steps]:
    """The status that counts, or why there is none, and the notes of the last exchange, one for each repetition."""
    with serving(_one_after_the_other(*steps)) as server, a_client(server.url, waits) as client:
        for name, hook in hooks.items():
            setattr(client, name, hook)
        outcome: int | Disturbed
        try:
            outcome = client.send(request).status
        except Disturbed as failure:
            outcome = failure
        notes = client.recorder.exchanges[-1].notes
    assert len(server.calls) == len(notes) + 1 == client.pace.sent
    return outcome, notes


# Reads and changes


@pytest.mark.parametrize(("request_", "symptom"), PASSING)
def test_a_symptom_that_does_not_come_again_is_passed_over(request_: Request, symptom: str) -> None:
    outcome, notes = _sent(request_, symptom, "200 OK")

    assert outcome == 200
    assert len(notes) == 1
    assert "sent again after 0." in notes[0]


def test_the_waits_are_short_and_double() -> None:
    waits = Waits()
    outcome, notes = _sent(get(), "502 Bad", RESET, "504 Late", "200 OK", waits=waits)

    assert outcome == 200
    assert waits == [0.1, 0.2, 0.4]
    assert notes[0] == "answered 502, sent again after 0.1 s"
    assert notes[2] == "answered 504, sent again after 0.4 s"


@pytest.mark.parametrize("request_", [get(), CHANGE])
@pytest.mark.parametrize("symptom", ["502 Bad Gateway", "504 Late", PAGE])
def test_the_same_answer_four_times_is_the_targets_own(request_: Request, symptom: str) -> None:
    outcome, notes = _sent(request_, symptom)

    assert outcome == int(symptom[:3])
    assert len(notes) == 3


def test_a_refusal_in_the_same_page_each_time_is_the_targets_own() -> None:
    outcome, notes = _sent(CHANGE, "403 page")

    assert outcome == 403
    assert len(notes) == 3


@pytest.mark.parametrize("request_", [get(), CHANGE])
def test_four_different_symptoms_are_no_answer(request_: Request) -> None:
    outcome, notes = _sent(request_, "502 Bad", RESET, "504 Late", PAGE)

    assert isinstance(outcome, Unsettled)
    assert len(notes) == 3
    assert "4 attempts, and none was answered by the service: answered 502, no answer (RemoteProtocolError" in str(
        outcome
    )


def test_a_target_that_shows_nothing_else_is_not_asked_four_times_again() -> None:
    with serving(_one_after_the_other("502 Bad")) as server, a_client(server.url) as client:
        statuses = [client.send(r).status for r in (get(), get(), CREATE, REMOVE)]

    assert statuses == [502] * 4
    assert len(server.calls) == 4 + 2 + 1 + 1


# A lone 401 or 403


@pytest.mark.parametrize("status", ["401 No", "403 No"])
@pytest.mark.parametrize("request_", [get(), CHANGE])
def test_a_lone_refusal_of_whom_was_let_in_is_asked_about_once(request_: Request, status: str) -> None:
    with serving(_one_after_the_other("200 OK", status, "200 OK", status)) as server, a_client(server.url) as client:
        statuses = [client.send(request_).status for _ in range(3)]

    assert statuses == [200, 200, int(status[:3])]
    assert len(server.calls) == 1 + 2 + 2


def test_a_refusal_that_is_asked_for_or_comes_first_is_an_answer() -> None:
    with serving(_one_after_the_other("403 No", "200 OK", "403 No")) as server, a_client(server.url) as client:
        for request in (get(), get(), get(legal=False), CREATE, REMOVE, get(legal=False)):
            client.send(request)

    assert len(server.calls) == 6


# 500


def test_a_read_that_fails_once_goes_on_and_both_answers_are_observed() -> None:
    seen: list[Answer] = []
    with serving(_one_after_the_other("500 Oops", "200 OK", "500 Oops")) as server:
        client = Client(
            a_target(server.url),
            lambda _: {},
            tag="t",
            version="0",
            observe=lambda _, answer: seen.append(answer),
            pace=Waits().pace(),
        )
        statuses = [client.send(r).status for r in (get(), get(), get(legal=False), CREATE)]
        client.close()

    assert statuses == [200, 500, 500, 500]
    assert [a.status for a in seen] == [500, 200, 500, 500, 500, 500]
    assert len(server.calls) == 2 + 2 + 1 + 1


# Creations


@pytest.mark.parametrize("symptom", [s for s in GATEWAYS if s != "500 page"])
def test_a_creation_is_never_sent_twice_nor_judged(symptom: str) -> None:
    outcome, notes = _sent(CREATE, symptom, "200 OK")

    assert isinstance(outcome, Unanswered if symptom == RESET else Unsettled)
    assert notes == ()


def test_a_creation_waits_out_429() -> None:
    outcome, notes = _sent(CREATE, "429 Slow", "200 OK")

    assert outcome == 200
    assert notes == ("answered 429, sent again after 0.5 s",)


@pytest.mark.parametrize("more", [{"repeatable": True}, {"opens": "owner"}])
def test_a_post_that_can_be_repeated_is(more: dict[str, Any]) -> None:
    outcome, notes = _sent(post(**more), RESET, "200 OK")

    assert outcome == 200
    assert len(notes) == 1


@pytest.mark.parametrize("status", ["403 No", "404 Not Found", "409 Conflict", "412 No"])
def test_a_change_that_may_have_been_carried_out_before_is_not_judged_by_a_refusal(status: str) -> None:
    outcome, _ = _sent(CHANGE, "502 Bad", status)

    assert isinstance(outcome, Unsettled)
    assert "it may have been carried out the first time" in str(outcome)


def test_a_change_that_is_refused_for_what_it_says_is_judged() -> None:
    assert _sent(CHANGE, "502 Bad", "400 Bad Request")[0] == 400
    assert _sent(CHANGE, "429 Slow", "404 Not Found")[0] == 404


# Removals

Remains = Callable[[Request], bool | None]


@pytest.mark.parametrize("symptom", [s for s in GATEWAYS if s != "500 page"])
def test_a_removal_is_sent_again_where_the_contact_is_still_there(symptom: str) -> None:
    outcome, notes = _sent(REMOVE, symptom, "204 No Content", _remains=lambda _: True)

    assert outcome == 204
    assert len(notes) == 1


@pytest.mark.parametrize(("remains", "words"), [(False, "its answer is lost"), (None, "it is not sent again")])
def test_a_removal_that_may_have_been_carried_out_is_not_sent_again(remains: bool | None, words: str) -> None:
    outcome, notes = _sent(REMOVE, "502 Bad Gateway", _remains=lambda _: remains)

    assert isinstance(outcome, Unsettled)
    assert words in str(outcome)
    assert notes == ()


def test_a_removal_that_is_always_refused_by_the_gateway_is_judged() -> None:
    outcome, notes = _sent(REMOVE, "502 Bad Gateway", _remains=lambda _: True)

    assert outcome == 502
    assert len(notes) == 3


@pytest.mark.parametrize("symptom", GATEWAYS[:5])
def test_what_cleans_up_removes_without_looking(symptom: str) -> None:
    outcome, notes = _sent(Request("DELETE", "/contacts/1", OWNER, essential=True), symptom, "404 Not Found")

    assert outcome == 404
    assert len(notes) == 1


# The whole


def test_one_answer_in_five_that_is_a_symptom_ends_no_run() -> None:
    steps = ["200 OK", "200 OK", "200 OK", "200 OK", RESET, "200 OK", "503 Busy", RESET, "200 OK", "200 OK", "429 Slow"]
    with (
        serving(lambda call: _one_after_the_other(*(steps * 40))(call)) as server,
        a_client(server.url) as client,
    ):
        statuses = [client.send(get()).status for _ in range(200)]

        assert set(statuses) == {200}
        assert not client.is_unreachable
        assert len(server.calls) > 250
