"""A HAR capture of somebody's client, as exchanges that can be judged."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from contacts_conformance import __version__, providers
from contacts_conformance import contract as contracts
from contacts_conformance.contract import Contract
from contacts_conformance.errors import UsageError
from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.http.privacy import Privacy
from contacts_conformance.http.recording import cut
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.model import Exchange
from contacts_conformance.traffic import credentials, har, request_validity
from contacts_conformance.traffic.evidence import Origin
from contacts_conformance.traffic.har import Entry
from contacts_conformance.traffic.stored_exchange import Seen

_PORTS = {"http": 80, "https": 443}


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


def read(path: Path, provider: str, base_url: str = "") -> Capture:
    """The exchanges of a HAR file with one provider's service, by default where the contract says that it is.

    Raises UsageError where the file is no HAR, or where nothing in it was sent below the base URL.
    """
    contract = contracts.load(provider)
    base = base_url or contract.document["servers"][0]["url"]
    _checked(base)
    entries = har.read(path)
    whole = [e for e in entries if isinstance(e, Entry)]
    clean = credentials.redactor(whole)
    privacy = Privacy(contract, providers.load(provider).id_of, tag=str)  # there is no run, and so no tag
    exchanges = []
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, str):
            exchanges.append(_malformed(str(number), entry))
            continue
        below = _below(entry.request.url, base)
        if below is not None:
            exchanges.append(_seen(contract, clean, privacy, entry, str(number), below))
    if not any(s.exchange.url for s in exchanges):
        raise UsageError(f"{path}: nothing was sent below {base}; {_hosts(whole)}: is it another --base-url?")
    started = next((e.startedDateTime for e in whole), "")
    origin = Origin(
        provider=provider,
        target=path.name,
        base_url=base,
        embedded=False,
        suite_version=__version__,
        spec_sha256=contract.digest,
        seed=0,
        tag="",
        started=started,
    )
    return Capture(origin, exchanges, clean, privacy)


def _checked(base: str) -> None:
    parts = _split(base)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError(f"--base-url {base}: is no http or https URL")


def _split(url: str) -> SplitResult | None:
    """The parts of a URL, if it is one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _below(url: str, base: str) -> str | None:
    """The path below the base URL, or None where the URL is not below it."""
    mine, theirs = _split(url), _split(base)
    if mine is None or theirs is None:
        return None
    places = [(p.scheme, p.hostname, p.port or _PORTS.get(p.scheme)) for p in (mine, theirs)]
    prefix = theirs.path.rstrip("/")
    if places[0] != places[1] or not (mine.path == prefix or mine.path.startswith(prefix + "/")):
        return None
    return mine.path[len(prefix) :] or "/"


def _hosts(entries: Sequence[Entry]) -> str:
    parts = [p for p in (_split(e.request.url) for e in entries) if p is not None and p.hostname]
    places = dict.fromkeys(f"{p.scheme}://{p.netloc.rpartition('@')[2]}" for p in parts)
    return "the capture has " + (", ".join(list(places)[:3]) or "no http URL")


def _seen(contract: Contract, clean: Redactor, privacy: Privacy, entry: Entry, number: str, path: str) -> Seen:
    operation = contract.match(entry.request.method, path)
    content, missing = _content(entry)
    name = operation.id if operation else ""
    why = ""
    if entry.response.status == 0:
        why = "no answer came"
    elif operation is None:
        why = "belongs to no operation of the contract"
    elif missing:
        why = missing
    else:
        query = urlsplit(entry.request.url).query
        accused = entry.response.status >= 500
        why = request_validity.doubt(contract, operation, path, query, _body(entry), values=accused)
    shown = privacy.conceal_all(clean.judged(content), status=entry.response.status, method=entry.request.method)
    sent = privacy.conceal_all((_body(entry) or "").encode("utf-8", "replace"))
    exchange = _exchange(clean, entry, number, name, sent.decode("utf-8", "replace"), shown)
    return Seen(exchange, shown, name, "capture", why)


def _malformed(number: str, why: str) -> Seen:
    nothing = Exchange(number, "", 0, "somebody", "", "", "", (), "", 0, 0, "", (), "", 0, error=why)
    return Seen(nothing, b"", "", "capture", f"the entry is not as HAR 1.2 has it: {why}")


def _body(entry: Entry) -> str | None:
    return "" if entry.request.postData is None else entry.request.postData.text


def _content(entry: Entry) -> tuple[bytes, str]:
    """The body of an answer, and why it cannot be judged, if so."""
    recorded = entry.response.content
    if recorded.text is None:
        expected = recorded.size > 0 and entry.request.method != "HEAD"
        return b"", "the body of the answer is not in the capture" if expected else ""
    content = recorded.text.encode("utf-8", "replace")
    if recorded.encoding == "base64":
        try:
            content = base64.b64decode("".join(recorded.text.split()), validate=True)
        except (binascii.Error, ValueError):
            return b"", "the body of the answer is damaged in the capture"
    if len(content) < recorded.size and parse(content) is NOT_JSON:
        return content, "the body of the answer is cut in the capture"
    return content, ""


def _exchange(clean: Redactor, entry: Entry, number: str, operation: str, body: str, content: bytes) -> Exchange:
    sent, came = entry.request, entry.response
    headers = [(h.name, h.value) for h in came.headers]
    if came.content.mimeType and all(n.lower() != "content-type" for n, _ in headers):
        headers.append(("content-type", came.content.mimeType))
    return Exchange(
        id=number,
        started=entry.startedDateTime,
        milliseconds=max(entry.time, 0),
        identity="somebody",
        operation=operation,
        method=sent.method,
        url=clean.text(credentials.url(sent.url)),
        request_headers=clean.headers(credentials.headers(entry)),
        request_body=cut(clean.text(body)),
        request_size=len(body.encode("utf-8", "replace")),
        status=came.status,
        reason=clean.text(came.statusText),
        response_headers=clean.headers(headers),
        response_body=cut(clean.text(content.decode("utf-8", "replace"))),
        response_size=len(content),
    )
