"""Which answers a network can give by itself: a proxy, a gateway or a lost connection, and not the service."""

from __future__ import annotations

from enum import StrEnum

from contacts_conformance.http.bodies import Body
from contacts_conformance.http.messages import READS, Answer, Request


class Symptom(StrEnum):
    """What shows that the service itself may not have answered, in the words of a note."""

    SILENCE = "no answer"
    TIMEOUT = "answered 408"
    THROTTLE = "answered 429"
    BAD_GATEWAY = "answered 502"
    BUSY = "answered 503"
    GATEWAY_TIMEOUT = "answered 504"
    PAGE = "answered with a page of HTML"
    UNAUTHORIZED = "answered 401"
    FORBIDDEN = "answered 403"


WAITING = frozenset({Symptom.TIMEOUT, Symptom.THROTTLE, Symptom.BUSY})
"""Symptoms that ask the caller to come back later: they say nothing about the service, however often they come."""

REFUSED = frozenset({Symptom.UNAUTHORIZED, Symptom.FORBIDDEN})
"""Symptoms that say that the request was not carried out, though a proxy may have said so."""

_BY_STATUS = {
    408: Symptom.TIMEOUT,
    429: Symptom.THROTTLE,
    502: Symptom.BAD_GATEWAY,
    503: Symptom.BUSY,
    504: Symptom.GATEWAY_TIMEOUT,
}
_REFUSALS = {401: Symptom.UNAUTHORIZED, 403: Symptom.FORBIDDEN}

OF_A_GATEWAY = frozenset(_BY_STATUS)
"""Statuses that a proxy or a gateway may give at any time, in the service's stead."""

OF_CREDENTIALS = frozenset(_REFUSALS)
"""Statuses that say that the credentials are not accepted; a proxy may have said so where they were before."""

_BEGINNINGS = (b"<!doctype html", b"<html")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def symptom(request: Request, answer: Answer | None, *, let_in: bool = False) -> Symptom | None:
    """Which symptom of a network an answer shows, or that there is none; None where the service itself has answered.

    `let_in` says that the identity of the request was let in before, which 401 and 403 contradict. They
    count only where the request is legal: what breaks the contract on purpose asks for them.
    """
    if answer is None:
        return Symptom.SILENCE
    if answer.status in _BY_STATUS:
        return _BY_STATUS[answer.status]
    if answer.exchange.page:
        return Symptom.PAGE
    return _REFUSALS.get(answer.status) if request.legal and let_in else None


def is_page(request: Request, status: int, label: str, body: Body) -> bool:
    """Whether an answer is a page of HTML that a proxy may show in the service's stead; `label` is its content type.

    Services refuse with pages as well (400, 404, …), and a write that fails in the service is often answered with its
    page for 500.
    """
    if status in _REFUSALS:
        may_be = request.legal
    else:
        may_be = 200 <= status < 300 or (status == 500 and request.method in READS) or status > 500
    return may_be and _is_html(label, body)


def _is_html(label: str, body: Body) -> bool:
    """Whether the body is a page: JSON that is only labelled so is the service's own, and so is no body at all."""
    labelled = label.partition(";")[0].strip().lower() == "text/html"
    if not body.whole:
        return labelled
    beginning = body.content[:200].removeprefix(_BYTE_ORDER_MARK).lstrip().lower()
    return beginning.startswith(_BEGINNINGS) or (labelled and beginning.startswith(b"<"))
