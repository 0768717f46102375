"""A HAR capture of somebody's client, as exchanges that can be judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contacts_conformance import __version__, providers
from contacts_conformance import contract as contracts
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.errors import UsageError
from contacts_conformance.http.privacy import Privacy
from contacts_conformance.http.recording import cut
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.http.signing import Signing
from contacts_conformance.model import Exchange
from contacts_conformance.traffic import bodies, credentials, har, paths, places, recorders, request_validity
from contacts_conformance.traffic.bodies import Recorded
from contacts_conformance.traffic.entries import Entry
from contacts_conformance.traffic.evidence import Origin
from contacts_conformance.traffic.places import Places
from contacts_conformance.traffic.stored_exchange import Seen

_NO_TYPES = frozenset({"", "x-unknown", "application/octet-stream", "unknown"})
"""What recorders write as the type of an answer whose headers they do not know."""
_REMEMBERED = 500_000
"""So many characters of what bodies say of people are remembered: all bodies are masked, whatever is remembered."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What a HAR file holds for one provider: bodies as `Privacy` conceals them, since all contacts are somebody's."""

    origin: Origin
    exchanges: Sequence[Seen]
    _redactor: Redactor
    _privacy: Privacy

    def discreet(self, text: str) -> str:
        """The text without credentials, and without what the bodies told of anybody."""
        return self._privacy.masked(self._redactor.text(text))


def read(path: Path, provider: str, *base_urls: str) -> Capture:
    """The exchanges of a HAR file with one provider's service, by default where the contract says that it is.

    Raises UsageError where the file is no HAR, or where nothing in it was sent below one of the base URLs.
    """
    contract = contracts.load(provider)
    service = Places(contract, [b for b in base_urls if b])
    entries = har.read(path)
    whole = [e for e in entries if isinstance(e, Entry)]
    clean = credentials.redactor(whole)
    found, started = places.hosts(e.request.address for e in whole), whole[0].startedDateTime
    del whole
    # there is no run, and so no tag
    speaker = providers.load(provider)
    privacy = Privacy(contract, speaker.id_of, tag=str, remembered=_REMEMBERED)
    signing = speaker.signing_parameters if isinstance(speaker, Signing) else frozenset[str]()
    exchanges = []
    entries.reverse()
    for number in map(str, range(1, len(entries) + 1)):
        entry = entries.pop()  # its texts are let go as soon as they are masked
        if isinstance(entry, str):
            exchanges.append(_malformed(number, entry))
            continue
        below = service.below(entry.request.address)
        if below is not None:
            exchanges.append(_Reading(contract, clean, privacy, signing, entry, number, below).seen())
    if not any(s.exchange.url for s in exchanges):
        raise UsageError(
            f"{path}: nothing was sent below {' or '.join(service.bases)}; {found}: is it another --base-url?"
        )
    origin = Origin(
        provider=provider,
        target=path.name,
        base_url=service.used or service.bases[0],
        embedded=False,
        suite_version=__version__,
        spec_sha256=contract.digest,
        seed=0,
        tag="",
        started=started,
    )
    return Capture(origin, exchanges, clean, privacy)


def _malformed(number: str, why: str) -> Seen:
    nothing = Exchange(number, "", 0, "somebody", "", "", "", (), "", 0, 0, "", (), "", 0, error=why)
    said = f"the entry is not as HAR 1.2 has it: {why}"
    return Seen(nothing, b"", "", "capture", said, lacks=said)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One entry, while it becomes an exchange; `path` lies below the base URL."""

    contract: Contract
    clean: Redactor
    privacy: Privacy
    signing: frozenset[str]
    entry: Entry
    number: str
    path: str

    def seen(self) -> Seen:
        """The exchange, with why it is not judged, or not in all its parts."""
        sent, came = bodies.sent(self.entry), bodies.came(self.entry)
        operation = paths.operation(self.contract, self.entry.request.method, self.path)
        shown = self._shown(came)
        exchange = self._exchange(operation.id if operation else "", sent.content, shown)
        seen = Seen(exchange, shown, exchange.operation, "capture", labelled=self._labelled())
        doubt = recorders.doubt(self.entry, came)
        if doubt is not None:
            return replace(seen, unjudged=doubt.why, lacks=doubt.why if doubt.gap and operation else "")
        if operation is None:
            return replace(seen, unjudged="belongs to no operation of the contract")
        if sent.lacks and "requestBody" in operation.raw:
            return replace(seen, unjudged=sent.lacks, lacks=sent.lacks)
        why = self._doubt(operation, sent)
        return replace(seen, unjudged=why, lacks="" if why else self._lacks(operation, came))

    def _doubt(self, operation: Operation, sent: Recorded) -> str:
        query, body = self.entry.request.query, sent.content.decode("utf-8", "replace")
        accused = self.entry.response.status >= 500
        return request_validity.doubt(
            self.contract, operation, self.path, query, body, values=accused, signing=self.signing
        )

    def _lacks(self, operation: Operation, came: Recorded) -> str:
        """What is missing of a body that would be judged: an answer that refuses is judged by its status."""
        status, recorded = self.entry.response.status, self.entry.response
        if not 200 <= status < 300:
            return ""
        shape = operation.answer(status) or next((a for a in operation.success if a.schema is not None), None)
        if shape is None or shape.schema is None:
            return ""
        if came.lacks == bodies.MISSING and shape.body_optional and max(recorded.content.size, recorded.bodySize) <= 0:
            return ""
        return came.lacks

    def _labelled(self) -> bool:
        """Whether the headers of the answer were recorded, or at least its type."""
        return bool(self.entry.response.headers) or self._type() not in _NO_TYPES

    def _type(self) -> str:
        return self.entry.response.content.mimeType.partition(";")[0].strip().lower()

    def _shown(self, came: Recorded) -> bytes:
        status, method = self.entry.response.status, self.entry.request.method
        return self.clean.judged(self.privacy.conceal_all(came.content, status=status, method=method))

    def _exchange(self, operation: str, body: bytes, content: bytes) -> Exchange:
        sent, came = self.entry.request, self.entry.response
        headers = [(h.name, h.value) for h in came.headers]
        if self._type() not in _NO_TYPES and all(n.lower() != "content-type" for n, _ in headers):
            headers.append(("content-type", came.content.mimeType))
        shown = content.decode("utf-8", "replace")
        concealed = self.privacy.conceal_all(body).decode("utf-8", "replace")
        return Exchange(
            id=self.number,
            started=self.entry.startedDateTime,
            milliseconds=max(self.entry.time, 0),
            identity="somebody",
            operation=operation,
            method=sent.method,
            url=self.clean.text(credentials.url(sent.address)),
            request_headers=self.clean.headers(credentials.headers(self.entry)),
            request_body=cut(self.clean.text(concealed)),
            request_size=len(body),
            status=came.status,
            reason=self.clean.text(came.statusText),
            response_headers=self.clean.headers(headers),
            response_body=cut(self.clean.text(shown) if self.clean.has_short else shown),
            response_size=len(content),
        )
