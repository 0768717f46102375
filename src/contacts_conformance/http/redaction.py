"""Secrets are taken out of everything that leaves the client, so that nothing behind it can leak one."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote_plus

from contacts_conformance.http import codings
from contacts_conformance.http.codings import Reading, Span
from contacts_conformance.http.credential_names import may_be_credential, names_credential
from contacts_conformance.http.forms import Forms
from contacts_conformance.target import Secret

_SHORT_TEXT = 200
_LONG_HEADER = 2_000
_MOST_TEXTS = 4_000
"""So many texts, of so many characters at most, are remembered."""
_SHORTEST = 4
_SHORTEST_ANYWHERE = 8
"""Anything shorter may stand in a text by chance: `1234` in an id, `portal` in the name of a member."""
_MOST_LAYERS = 3
"""How often base64 may stand within base64."""
SENSITIVE = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "apikey", "x-api-key"})
"""Headers that hold credentials whatever they say, in lower case; others are known by their names."""
REMOVED = "[removed]"
"""What stands for a credential that is no secret of the target file."""
_COOKIES = ("cookie", "set-cookie")
_BETWEEN_HEADERS = "\n\n"
_SURROGATES = re.compile("[\ud800-\udfff]")
_AROUND = b" \t\r\n\f\v\0\"'`=&?,;:()<>[]{}/\\|#@"
"""What may stand around a whole value; a dot or an exclamation mark may follow it where a sentence ends."""
_SENTENCE_END = re.compile(rb"[.!]+(?![^\s\"'<])")


def whole_characters(text: str) -> str:
    """The text with every half of a surrogate pair replaced, which UTF-8 cannot write."""
    return _SURROGATES.sub("\ufffd", text)


class Redactor:
    """Replaces every secret, in each form and coding in which a server may echo it, by the name of its variable.

    A secret of four to seven characters is replaced where it is a whole value, not within a longer word or number.
    """

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._every, self._unmistakable = _Search(), _Search()
        self.has_short = False
        """Whether `judged` leaves secrets that `text` and `content` do not leave."""
        self._clean: dict[str, str] = {}
        """Short texts that were looked at: most headers are the same every time."""
        for secret in secrets:
            self._add(secret)

    def learn(self, variable: str, value: str) -> None:
        """Takes a secret that came up during the run."""
        self._add(Secret(variable, value))

    def _add(self, secret: Secret) -> None:
        self._clean.clear()
        if len(secret.value) >= _SHORTEST:
            forms = _forms(secret.value)
            self._every.add(secret, forms)
            if len(secret.value) >= _SHORTEST_ANYWHERE:
                self._unmistakable.add(secret, forms)
            else:
                self.has_short = True

    def text(self, text: str) -> str:
        """The text without secrets, and without what UTF-8 cannot write (halves of surrogate pairs)."""
        known = self._clean.get(text)
        if known is None:
            known = self._text(text)
            self._remember(text, known, _SHORT_TEXT)
        return known

    def _remember(self, text: str, clean: str, longest: int) -> None:
        if len(text) <= longest:
            if len(self._clean) >= _MOST_TEXTS:
                self._clean.clear()
            self._clean[text] = clean

    def _text(self, text: str) -> str:
        try:
            content = text.encode()
        except UnicodeEncodeError:
            text = whole_characters(text)
            content = text.encode()
        clean = self._every.replaced(content)
        return text if clean is content else clean.decode("utf-8", "replace")

    def content(self, content: bytes) -> bytes:
        """The bytes without secrets; the very same where there is none in them."""
        return self._every.replaced(content)

    def judged(self, content: bytes) -> bytes:
        """The bytes as checks see them: without secrets, but for those so short that they may stand there by chance.

        What a check says of them is redacted in its turn.
        """
        return self._unmistakable.replaced(content)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The headers without secrets; of cookies and foreign credentials nothing stays."""
        pairs = tuple(headers)
        parts = self._several([part for pair in pairs for part in pair])
        clean = zip(parts[::2], parts[1::2], strict=True) if pairs else ()
        return tuple(
            (name, self._value(name, said, value)) for (_, said), (name, value) in zip(pairs, clean, strict=True)
        )

    def _several(self, texts: list[str]) -> list[str]:
        """The texts without secrets: most were looked at before, and to search all others at once takes less time."""
        clean = {text: self._clean[text] for text in texts if text in self._clean}
        unknown = [text for text in dict.fromkeys(texts) if text not in clean]
        whole = _BETWEEN_HEADERS.join(unknown)
        are_clean = self._text(whole) == whole
        for text in unknown:
            clean[text] = text if are_clean else self._text(text)
            self._remember(text, clean[text], _LONG_HEADER)
        return [clean[text] for text in texts]

    def _value(self, name: str, value: str, clean: str) -> str:
        if name.lower() in _COOKIES:
            return REMOVED
        if clean == value:
            scheme, _, rest = value.partition(" ")
            is_credential = names_credential(name) and may_be_credential(rest or scheme, surely=True)
            if name.lower() in SENSITIVE or is_credential:
                return f"{scheme} {REMOVED}" if rest else REMOVED
        return clean


class _Search:
    """Finds some secrets in any coding; most texts hold none, which is seen many times faster than replaced."""

    def __init__(self) -> None:
        self._names = Forms()
        """What to write instead of each form, all in lower case as far as ASCII goes."""
        self._whole: set[bytes] = set()
        """The forms that count only as whole values."""
        self._halves = Forms()
        """Of a secret that is split in two, one part holds a half."""

    def add(self, secret: Secret, forms: set[bytes]) -> None:
        """Takes another secret, with all that stands for it."""
        if len(secret.value) < _SHORTEST_ANYWHERE:
            self._whole |= forms - self._names.keys()
        else:
            self._whole -= forms
            raw = secret.value.encode().lower()
            for half in (raw[: len(raw) // 2], raw[len(raw) // 2 :]):  # which may look escaped, as the whole may
                self._halves |= dict.fromkeys(codings.unescaped(half), b"")
        name = f"${{{secret.variable}}}".encode()
        for form in forms:
            self._names.setdefault(form, name)

    def replaced(self, content: bytes) -> bytes:
        """The content without the secrets; the very same where there is none in it."""
        if not self._names or not content:
            return content
        places = sorted(self._found(content, _MOST_LAYERS), key=lambda f: (f[0][0], -f[0][1]))
        if not places:
            return content
        parts, done = list[bytes](), 0
        for (start, end), name in _apart(places):
            parts += (content[done:start], name)
            done = end
        return b"".join([*parts, content[done:]])

    def _found(self, content: bytes, layers: int) -> Iterator[tuple[Span, bytes]]:
        """Where the secrets stand, and the names to write there."""
        for chain in codings.readings(content):
            for reading in chain:
                lowered = reading.text.lower()
                for start, end, name in self._spelled(lowered):
                    yield reading.source(start, end), name
            # the last one says what all before it say
            if (b'"' in lowered or b"<" in lowered) and any(True for _ in self._halves.within(lowered)):
                yield from self._split(chain)
            if layers:
                yield from self._encoded(reading, layers)

    def _spelled(self, lowered: bytes) -> Iterator[tuple[int, int, bytes]]:
        for form, name in self._names.within(lowered):
            start = lowered.find(form)
            while start >= 0:
                end = start + len(form)
                if form not in self._whole or _is_whole(lowered, start, end):
                    yield start, end, name
                start = lowered.find(form, end)

    def _split(self, chain: list[Reading]) -> Iterator[tuple[Span, bytes]]:
        for joined in codings.joined(chain):
            spelled = list(self._spelled(joined.text.lower()))
            for start, end, name in spelled:
                for piece in joined.pieces(start, end):
                    yield piece, name
            if spelled:
                return

    def _encoded(self, reading: Reading, layers: int) -> Iterator[tuple[Span, bytes]]:
        runs = list(codings.runs(reading, short=bool(self._whole)))
        if runs and any(True for _ in self._found(b"\n".join(said for _, said in runs), layers - 1)):
            for (start, end), said in runs:
                place = next(self._found(said, layers - 1), None)
                if place is not None:
                    yield reading.source(start, end), place[1]


def _apart(places: list[tuple[Span, bytes]]) -> Iterator[tuple[Span, bytes]]:
    """The places, those that overlap as one, by the name of the longest."""
    (start, end), name = places[0]
    longest = end - start
    for (first, last), other in places[1:]:
        if first >= end:
            yield (start, end), name
            start, end, name, longest = first, last, other, last - first
            continue
        if last - first > longest:
            name, longest = other, last - first
        end = max(end, last)
    yield (start, end), name


def _is_whole(text: bytes, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else b"", text[end : end + 1]
    return before in _AROUND and (after in _AROUND or _SENTENCE_END.match(text, end) is not None)


def _forms(value: str) -> set[bytes]:
    """What stands for a secret in a text that was decoded, or was never encoded; in lower case as far as ASCII goes."""
    texts = {value, value.lower(), value.upper(), *(unicodedata.normalize(f, value) for f in ("NFC", "NFD"))}
    texts |= {value.replace(" ", "+"), quote_plus(value), value[::-1]}
    forms = {t.encode() for t in texts}
    if not value.isascii():  # in UTF-16 without its NULs, in Latin-1, or in UTF-8 that was taken for Latin-1
        forms |= {value.encode(c).replace(b"\0", b"") for c in ("utf-16-le", "utf-16-be")}
        forms.add(value.encode().decode("latin-1").encode())
        if max(value) <= "\xff":
            forms.add(value.encode("latin-1"))
    # a secret that looks escaped itself is unescaped along with what stands around it
    forms |= {deeper for form in tuple(forms) for deeper in codings.unescaped(form)}
    raw = value.encode()
    forms.add(raw.hex().encode())
    shifts = range(3) if len(value) >= _SHORTEST_ANYWHERE else range(1)
    for before in shifts:  # base64 shifts with what stands before it; the ends that hold other bits are left out
        encoded = base64.b64encode(b"\0" * before + raw).rstrip(b"=")
        is_whole = len(value) < _SHORTEST_ANYWHERE or (before + len(raw)) % 3 == 0
        middle = encoded[(0, 2, 3)[before] : len(encoded) - (not is_whole)]
        forms |= {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
    return {f for f in (form.lower() for form in forms) if len(f) >= min(_SHORTEST, len(value))}
