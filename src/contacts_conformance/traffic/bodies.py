"""The bodies in a capture, as far as they were recorded, whatever the recorder made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.traffic import coded, cuts
from contacts_conformance.traffic.entries import Entry, header

MISSING = "the body of the answer is not in the capture"
CUT = "the body of the answer is cut in the capture"
DAMAGED = "the body of the answer is damaged in the capture"
PACKED = "the body of the answer is still compressed in the capture"
SENT_MISSING = "the body of the request is not in the capture"
SENT_CUT = "the body of the request is cut in the capture"
_BODILESS = frozenset({204, 205, 304})
_LEFT_OUT = re.compile(
    rb"(?is)\s*[\[(<{]*\s*(?:(?:response |request )?(?:body|content|data|payload)[^\"{}]{0,80})?"
    rb"(?:not (?:recorded|captured|included|available|loaded)|omitted|discarded|suppressed|redacted"
    rb"|too (?:large|long|big))"
    rb"[^\"{}]{0,200}"
)
"""What recorders write in place of a body."""
_COMMENT = re.compile(r"(?i)truncat|omitted|not included|not recorded|exceed|too (?:large|long|big)|discard")
"""What recorders say beside a body that they cut or left out."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A body as it was recorded; `lacks` says in words what is missing of it, and is empty where nothing is."""

    content: bytes
    lacks: str = ""


def came(entry: Entry) -> Recorded:
    """The body of an answer, without the coding that the recorder wrote it in."""
    recorded = entry.response.content
    if entry.request.method.upper() == "HEAD" or entry.response.status in _BODILESS:
        return Recorded(b"")
    if not recorded.text:
        return Recorded(b"", "" if _is_empty(entry) else MISSING)
    content = coded.plain(recorded.text, recorded.encoding)
    if content is None:
        return Recorded(b"", DAMAGED)
    unpacked = coded.unpacked(content, header(entry.response.headers, "content-encoding"))
    if unpacked is None:
        return Recorded(b"", PACKED)
    if parse(unpacked) is not NOT_JSON:
        return Recorded(unpacked)
    if _LEFT_OUT.fullmatch(unpacked[:400]):
        return Recorded(b"", MISSING)
    is_cut = len(unpacked) < recorded.size or _COMMENT.search(recorded.comment) or entry.response.error
    if is_cut or cuts.ends_early(unpacked, _declared(entry)):
        return Recorded(unpacked, CUT)
    return Recorded(unpacked, DAMAGED if b"\xef\xbf\xbd" in unpacked else "")


def sent(entry: Entry) -> Recorded:
    """The body of a request; of a form whose fields alone were recorded, the form."""
    posted, size = entry.request.postData, entry.request.bodySize
    if posted is None or not (posted.text or posted.params):
        said = header(entry.request.headers, "content-length").strip()
        left_out = size != 0 or (posted is not None and _COMMENT.search(posted.comment)) or said.strip("0").isdecimal()
        return Recorded(b"", SENT_MISSING if left_out and said != "0" else "")
    if not posted.text:
        return Recorded(urlencode([(p.name, p.value) for p in posted.params]).encode("utf-8", "replace"))
    content = coded.plain(posted.text, posted.encoding)
    if content is None:
        return Recorded(posted.text.encode("utf-8", "replace"), SENT_CUT)
    is_json = parse(content) is not NOT_JSON
    is_cut = not is_json and (len(content) < size or cuts.ends_early(content, size) or _COMMENT.search(posted.comment))
    return Recorded(content, SENT_CUT if is_cut else "")


def _is_empty(entry: Entry) -> bool:
    """Whether a capture without a body says that none came, and not only that none was recorded."""
    recorded = entry.response.content
    if header(entry.response.headers, "content-length").strip() == "0":
        return recorded.size <= 0
    return recorded.text == "" and recorded.size == 0 and entry.response.bodySize == 0


def _declared(entry: Entry) -> int:
    """How many bytes the answer says to have, unless they are counted before they are unpacked; -1 if it says none."""
    length = header(entry.response.headers, "content-length").strip()
    packed = header(entry.response.headers, "content-encoding").strip().lower() not in ("", "identity")
    return int(length) if length.isdecimal() and len(length) < 18 and not packed else entry.response.content.size
