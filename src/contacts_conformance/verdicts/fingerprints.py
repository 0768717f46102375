"""How a broken requirement shows: what stays the same from run to run, and nothing that a run brought along.

A fingerprint is a list of lines, one for each way in which a check broke: the check's name, and its message without
ids, ports, times, tags and other data. What is left are words, names of attributes, statuses, and whether something
was there at all. So the lines hold nothing of a contact, too, and may stand in a file that others read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contacts_conformance.model import Exchange, Fact, Outcome

LONGEST = 200
"""Longest text of one line, in characters; of a longer one a digest stands for the rest."""

_LOOKED_AT = 20_000
"""Characters of a message that are looked at; a server's data could make it as long as it likes."""
_ARROW = " → "
_VARYING = re.compile("generated|random")
_ANSWER = re.compile(
    r"\b(?P<method>[A-Z]{3,}) \S+(?: with (?P<body>.*?))? as \S+ → (?P<status>\d+) "
    r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?: … \([\d,]+ characters in all\))?",
    re.DOTALL,
)
_CUT_ANSWER = re.compile(r"\b(?P<method>[A-Z]{3,}) (?P<url>https?://.*)", re.DOTALL)
_CUT_TEXT = re.compile(r" … \([\d,]+ characters in all\)")
_ELLIPSIS = re.compile(r"\.\.\.|…")
_NUMBER = re.compile(r"(?P<status>(?:→ |answer is |status )[1-5]\d\d\b)|[\w.+-]*\d[\w.+-]*(?<![.,])")
_ERROR = re.compile(r"\b[45]\d\d\b")
_KEY = re.compile(r"'([A-Za-z_][\w.$-]*)': ")
_OPERAND = re.compile(r"(?<=[\w\]])=\S+")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_OPERATOR = re.compile(r" (==|!=|<=|>=|<|>|not in|in|is not|is) ")


def of(facts: Iterable[Fact], exchanges: Mapping[str, Exchange] | None = None) -> tuple[str, ...]:
    """The fingerprint of a requirement's facts, sorted; empty where none is broken.

    Checks that send what their seed says, and what exchanges show by themselves, count only where nothing else broke,
    and then without what they sent. `exchanges`, by id, tell the status where a message was cut before it.
    """
    broken = [f for f in facts if f.outcome is Outcome.BROKEN]
    certain = [f for f in broken if not varies(check_of(f.check))]
    return tuple(sorted({_line(f, exchanges or {}) for f in certain or broken}))


def varies(check: str) -> bool:
    """Whether what a check (by its name in a fingerprint) sees depends on the seed, or on what other checks send."""
    return not check.startswith("test_") or bool(_VARYING.search(check.partition("[")[0]))


def kinds(fingerprint: Iterable[str]) -> frozenset[str]:
    """The ways in which something broke, whichever check saw them."""
    return frozenset(behaviour_of(line) for line in fingerprint)


@dataclass(frozen=True, slots=True)
class Difference:
    """In what a fingerprint differs from an earlier one: lines that are new, and lines that are gone."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)

    def __str__(self) -> str:
        parts = [f"{label}: {_several(lines)}" for label, lines in (("new", self.new), ("gone", self.gone)) if lines]
        return "; ".join(parts)


def difference(before: Iterable[str], now: Iterable[str], ran: Iterable[str], *, same_seed: bool) -> Difference:
    """In what a requirement fails differently from before.

    `ran` names the checks that judged it now: what no check looked for is not gone. Other seeds yield other data, so
    that what one check sees another may miss: then a line in common is enough, or a status that tells of an error.
    """
    old, new = set(before), set(now)
    if all(varies(check_of(line)) for line in old | new):
        unknown = {line for line in new if behaviour_of(line) not in kinds(old)}
        return Difference(tuple(sorted(unknown)))
    if not same_seed and (old & new or _errors(old) & _errors(new)):
        return Difference()
    looked = {check_of(c) for c in ran}
    gone = {line for line in old - new if check_of(line) in looked and not varies(check_of(line))}
    certain = {line for line in new - old if not varies(check_of(line))}
    return Difference(tuple(sorted(certain or (new - old if gone else ()))), tuple(sorted(gone)))


def check_of(name: str) -> str:
    """The check that a node id or a line of a fingerprint names, without its module."""
    return name.partition(_ARROW)[0].rpartition("::")[2]


def behaviour_of(line: str) -> str:
    """What a line of a fingerprint says of the behaviour."""
    return line.partition(_ARROW)[2]


def masked(message: str, exchanges: Iterable[Exchange] = ()) -> str:
    """A check's message without what differs from run to run, on one line and without control characters."""
    said, _, explained = f"\n{message[:_LOOKED_AT].strip()}".partition("\nassert ")
    if not said.strip():
        return _bare(explained)
    shown = _ANSWER.sub(lambda m: f"{m['method']}{_keys(m['body'])} → {m['status']}", said)
    shown = _CUT_ANSWER.sub(lambda m: _looked_up(m, tuple(exchanges)), shown)
    shown = _OPERAND.sub("=…", _without_values(shown))
    shown = _NUMBER.sub(lambda m: m["status"] or "N", shown)
    return _short(_printable(" ".join(shown.split())))


def _line(fact: Fact, exchanges: Mapping[str, Exchange]) -> str:
    check = check_of(fact.check)
    seen = [exchanges[e] for e in fact.exchanges if e in exchanges]
    if not check.startswith("test_"):
        text = masked(fact.message.partition("\n")[0], seen)
    elif varies(check):
        text = " ".join(sorted({m["status"] for m in _ANSWER.finditer(fact.message)})) or "broken"
    else:
        text = masked(fact.message, seen)
    return f"{_printable(check)}{_ARROW}{text}"


def _bare(explained: str) -> str:
    """An assertion without a message: what was compared how, and the statuses of the answers that it speaks of.

    How much of the values pytest shows depends on its verbosity.
    """
    operator = _OPERATOR.search(_without_values(explained.partition("\n")[0]))
    statuses = sorted({m["status"] for m in _ANSWER.finditer(explained)})
    return " ".join(["assert", *([operator[1]] if operator else []), *statuses])


def _looked_up(cut: re.Match[str], exchanges: tuple[Exchange, ...]) -> str:
    """An answer of which pytest cut out the middle: its status comes from the exchange that begins alike."""
    begins = _ELLIPSIS.split(f"{cut['method']} {cut['url']}")[0].partition(" with ")[0].partition(" as ")[0]
    found = [e.status for e in exchanges if f"{e.method} {e.url}".startswith(begins)]
    return f"{cut['method']} → {found[-1]}" if found else cut["method"]


def _keys(body: str | None) -> str:
    """The attributes that a request carried, where it was an object and its text is whole."""
    try:
        sent = json.loads(body or "")
    except ValueError:
        return ""
    return f" {dict.fromkeys(sorted(sent))}" if isinstance(sent, dict) and sent else ""


def _without_values(text: str) -> str:
    """The text without what stands in quotes and brackets, but for the keys of objects; what is empty stays."""
    done: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        begins = at == 0 or not (text[at - 1].isalnum() or text[at - 1] in "_]")
        if character in "'\"" and begins:
            end = _quote_end(text, at)
            done.append(text[at:end] if end - at == 2 else "'…'")
        elif character in _PAIRS and begins:
            end = _bracket_end(text, at)
            done.append(_bracket(text[at:end]))
        else:
            end = at + 1
            done.append(character)
        at = end
    return "".join(done)


def _quote_end(text: str, at: int) -> int:
    """Where a quoted text that begins here is over: at its mark, where it was cut, or with the line."""
    mark, cut, at = text[at], _cut_end(text, at), at + 1
    while at < len(text) and at < cut and text[at] not in (mark, "\n"):
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text)) if at < cut else cut


def _cut_end(text: str, at: int) -> int:
    """Where the next text that was cut for its length is over, with what says so."""
    found = _CUT_TEXT.search(text, at)
    return found.end() if found else len(text) + 1


def _bracket_end(text: str, at: int) -> int:
    """Where a bracket that opens here is closed, or where it was cut."""
    open_ = [_PAIRS[text[at]]]
    cut, at = _cut_end(text, at), at + 1
    while at < len(text) and open_:
        if at >= cut:
            return cut
        if text[at] in "'\"" and not text[at - 1].isalnum():
            at = _quote_end(text, at)
            continue
        if text[at] in _PAIRS:
            open_.append(_PAIRS[text[at]])
        elif text[at] == open_[-1]:
            open_.pop()
        at += 1
    return at


def _bracket(text: str) -> str:
    inside = text[1:-1].strip()
    if not inside:
        return text
    if text[0] == "(" and "'" not in text and '"' not in text:
        return text  # a remark
    closing = _PAIRS[text[0]]
    keys = sorted(set(_KEY.findall(_flat(inside)))) if text[0] == "{" and text.endswith("}") else []
    return f"{text[0]}{', '.join(keys) or '…'}{closing}"


def _flat(text: str) -> str:
    """What stands in an object, without what stands in brackets inside it."""
    done, at = [], 0
    while at < len(text):
        if text[at] in _PAIRS:
            at = _bracket_end(text, at)
        elif text[at] in "'\"":
            end = _quote_end(text, at)
            done.append(text[at:end])
            at = end
        else:
            done.append(text[at])
            at += 1
    return "".join(done)


def _errors(fingerprint: Iterable[str]) -> frozenset[str]:
    """The statuses of errors in a fingerprint, in which every other number is masked."""
    return frozenset(status for line in fingerprint for status in _ERROR.findall(behaviour_of(line)))


def _several(lines: tuple[str, ...]) -> str:
    return "; ".join(lines[:3]) + (f"; and {len(lines) - 3} more" if len(lines) > 3 else "")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({hashlib.sha256(text.encode()).hexdigest()[:8]})"
