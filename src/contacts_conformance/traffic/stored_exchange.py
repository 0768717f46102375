"""An exchange that took place earlier, as it can be judged now."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Exchange

ON_PURPOSE = "the request breaks the contract on purpose"
"""Why an answer is judged by its status alone, which may be no server error."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One stored exchange with the whole body of its answer.

    `operation` is the id of the operation that it is judged as, `check` names what it belongs together with.
    `unjudged` says why it is not judged; it is empty where it is. `lacks` says what a recording lacks that would have
    been judged: the answer, the request that it belongs to, or the body alone, without which the rest is judged.
    `labelled` says that the headers of the answer were recorded.
    """

    exchange: Exchange
    content: bytes
    operation: str
    check: str
    unjudged: str = ""
    lacks: str = ""
    labelled: bool = True

    @property
    def answer(self) -> Answer:
        """What came back, as checks of answers take it."""
        shown = self.exchange
        headers = httpx.Headers(
            [(n.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for n, v in shown.response_headers]
        )
        # no check of answers looks at the request itself; its URL need not be one that httpx would send
        request = httpx.Request(shown.method, "http://stored.invalid/")
        whole, flaw = not self.lacks, self.lacks
        return Answer(shown.status, headers, self.content, shown, request, flaw, whole, labelled=self.labelled)
