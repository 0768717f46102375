"""Secrets of every kind, the codings in which a server may echo them, and a search that finds them all again.

The search shares nothing with the redaction that it tests: it decodes a file in every way that it knows, then looks.
"""

from __future__ import annotations

import base64
import html
import json
import quopri
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus, unquote_to_bytes

CANARIES: Mapping[str, str] = {
    "four": "x+7q",
    "five": "q'z\"5",
    "six": "Kö9&x!",
    "seven": "a/b\\c=d",
    "eight": "gk-+7&='",
    "nine": "Pfad\\nach",
    "words": "two words + a sign",
    "url": "s3cr3t/T&ken+of=the~owner",
    "greek": "κλειδί-του-ιδιοκτήτη",
    "quotes": 'say "it\'s <mine>", twice',
    "percent": "100%25of=3Dall&amp;more\\u0041",
    "sixty": "eyJhbGciOi-JIUzI1NiJ9.eyJzdWIiOiIxMjM0+In0/dozjgNryP4J3jV'=",
}
"""Secrets of four to sixty characters."""


def _every_character(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2))


def _signs_escaped(text: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else _every_character(c) for c in text)


def _entities(text: str, form: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else form.format(ord(c)) for c in text)


def _in_lines(text: str) -> str:
    return "\\r\\n".join(re.findall(".{1,20}", text))


def _base64(text: str, before: str = "", encoding: str = "utf-8") -> str:
    return base64.b64encode((before + text).encode(encoding)).decode()


CODINGS: Mapping[str, Callable[[str], str]] = {
    "as it is, in JSON": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "upper case": lambda s: json.dumps(s.upper(), ensure_ascii=False)[1:-1],
    "lower case": lambda s: json.dumps(s.lower(), ensure_ascii=False)[1:-1],
    "JSON in ASCII": lambda s: json.dumps(s)[1:-1],
    "JSON with escaped slashes": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "JSON with escaped signs": _signs_escaped,
    "JSON with everything escaped": _every_character,
    "JSON within JSON": lambda s: json.dumps(json.dumps(s))[3:-3],
    "JSON within JSON, signs escaped": lambda s: _signs_escaped(s).replace("\\", "\\\\"),
    "percent": lambda s: quote(s, safe=""),
    "percent in lower case": lambda s: re.sub("%..", lambda m: m[0].lower(), quote(s, safe="")),
    "percent, as in paths": quote,
    "percent, as in forms": lambda s: quote_plus(s),
    "percent of everything": lambda s: "".join(f"%{b:02x}" for b in s.encode()),
    "percent twice": lambda s: quote(quote(s, safe=""), safe=""),
    "entities by name": lambda s: html.escape(s).replace("\\", "\\\\"),
    "decimal entities": lambda s: _entities(s, "&#{};"),
    "hexadecimal entities": lambda s: _entities(s, "&#x{:x};"),
    "hexadecimal entities with zeros": lambda s: _entities(s, "&#X{:04X};"),
    "entities within percent": lambda s: quote(html.escape(s), safe=""),
    "base64": _base64,
    "base64 after a name": lambda s: _base64(s, "somebody:"),
    "base64 after two characters": lambda s: _base64(s, "a:"),
    "base64 for URLs": lambda s: _base64(s).replace("+", "-").replace("/", "_").rstrip("="),
    "base64 in lines": lambda s: _in_lines(_base64(s, "a name that is long, ")),
    "base64 of UTF-16": lambda s: _base64(s, "name: ", "utf-16-le"),
    "base64 of base64": lambda s: _base64(_base64(s, "some name:")),
    "base64 of JSON": lambda s: _base64(f'{{"token": "{_signs_escaped(s)}"}}'),
    "hexadecimal": lambda s: s.encode().hex().upper(),
    "reversed": lambda s: json.dumps(s[::-1])[1:-1],
    "quoted-printable": lambda s: (
        quopri.encodestring(s.encode(), quotetabs=True).decode().replace("\\", "=5C").replace("=\n", "=\\n")
    ),
}
"""Codings, each as it may stand between the quotes of a JSON text."""

LONGEST_SHORT = 7
"""Secrets of no more characters may stand in a text by chance."""


def leaks(contents: Iterable[bytes], secrets: Mapping[str, str]) -> dict[str, str]:
    """The texts in which secrets stand in whatever coding, by their names; short ones only as whole values."""
    found: dict[str, str] = {}
    for unit in set[str]().union(*map(_units, contents)):
        for text in {unit, *_readings(unit, 3)}:
            found |= {n: unit[:500] for n, s in secrets.items() if n not in found and _stands_in(text, s)}
    return found


def _units(content: bytes) -> set[str]:
    """The different texts in a file: the strings of its JSON, or its lines as they are and as a page shows them."""
    text = content.decode("utf-8", "surrogateescape")
    units: set[str] = set()
    for part in (text, *text.splitlines()):
        try:
            units.update(_strings(json.loads(part)))
        except ValueError:
            if part is not text or "\n" not in text:
                units |= {part, html.unescape(part)}
        else:
            if part is text:
                break
    return units


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member)
    elif isinstance(value, str):
        yield value


def _stands_in(text: str, secret: str) -> bool:
    text = text.lower()
    for form in {secret, secret[::-1], secret.encode().hex(), secret.replace(" ", "+")}:
        for each in {form.lower(), form.upper().lower()}:
            if len(secret) > LONGEST_SHORT:
                if each in text:
                    return True
            elif re.search(rf"(?<![^\s\"':=,/&;<>()]){re.escape(each)}(?![^\s\"',/&;<>()])", text):
                return True
    return False


def _readings(text: str, depth: int) -> Iterator[str]:
    """What a text says if it is decoded up to so many times."""
    raw = text.encode("utf-8", "surrogateescape" if _is_of_bytes(text) else "replace")
    others = {
        re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text),
        re.sub(
            r"\\(?:u([0-9a-fA-F]{4})|(.))", lambda m: chr(int(m[1], 16)) if m[1] else _CONTROLS.get(m[2], m[2]), text
        ),
        unquote_to_bytes(raw).decode("utf-8", "replace"),
        unquote_to_bytes(raw).decode("latin-1"),
        html.unescape(text),
        text.replace("\0", ""),
        re.sub(r"</?(?:wbr|b|i)>", "", text),
        re.sub(r'"\s*,\s*(?:"[^"]*"\s*:\s*)?"', "", text),
        quopri.decodestring(raw).decode("utf-8", "replace"),
        *_base64_readings(text),
    }
    for other in others - {text}:
        whole = other.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        yield whole
        if depth > 1:
            yield from _readings(whole, depth - 1)


def _is_of_bytes(text: str) -> bool:
    return not any("\ud800" <= c <= "\udc7f" or "\udd00" <= c <= "\udfff" for c in text)


_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def _base64_readings(text: str) -> Iterator[str]:
    """What the runs of base64 in a text say, from each of their first four characters on; all in one."""
    runs = re.findall(r"[A-Za-z0-9+/_-]{6,}(?:\r?\n[A-Za-z0-9+/_-]+)*", text)
    for shift in range(4):
        said = []
        for run in runs:
            clean = re.sub(r"\s", "", run)[shift:].replace("-", "+").replace("_", "/")
            clean = clean[: len(clean) - (len(clean) % 4 == 1)]
            said.append(base64.b64decode(clean + "=" * (-len(clean) % 4)))
        blob = b"\n".join(said)
        if any(b"\0" in s for s in said):
            yield b"\n".join(s.replace(b"\0", b"") for s in said).decode("latin-1")
            yield "\n".join(s.decode("utf-16-le", "replace") for s in said)
        yield blob.decode("utf-8", "replace")
