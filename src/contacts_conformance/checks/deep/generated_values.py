"""Which values of fields are plainly legal, and what stands in the place of those that could reach a person."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field, specimens
from contacts_conformance.model import Json
from contacts_conformance.oracle import instants
from contacts_conformance.providers import Wordy
from contacts_conformance.providers.plans import MARK

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"[0-9+(). x/-]{7,}")
_UNPRINTABLE = re.compile("[^\x20-\x7e\xa1-\xac\xae-\u024f]")
_LIKE_CODE = re.compile(r"<[\w/!?]|\{\{|\$\{|#\{|--|;")
_INSTANT = re.compile(r"(19[7-9]\d|20[0-3]\d)-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)")
_OF_NAMES = re.compile(r"""[A-Za-z0-9\u00c0-\u024f '",.;&/-]+""")
_KINDS = tuple(specimens.FRAGMENTS.values())
_LONGEST = 255
"""Characters of a text that every service takes where the page has no limit."""


@dataclass(frozen=True)
class Values:
    """Judges and turns the values of one session's plans."""

    session: Session

    def dense(self, field_: Field, sample: Json, draw: random.Random) -> Json:
        """A legal text of one or two kinds that programs stumble over, where a field takes any; else the sample."""
        if not field_.is_text or field_.shape or field_.enum or not isinstance(sample, str) or draw.random() < 0.3:
            return sample
        kinds = draw.sample([k for k in _KINDS if self._is_said(k) and _is_plain(k, _LONGEST)], 2)
        limit = field_.max_length or _LONGEST
        return next((t for t in (" ".join(kinds), kinds[0]) if len(t.encode()) <= limit), sample)

    def is_fair(self, field_: Field, value: Json) -> bool:
        """Whether the page leaves no doubt that a service takes a value of a field, alone or with any others."""
        if field_.within or field_.either or self.session.provider.sample(field_, 1) is None:
            return False
        if field_.enum:
            return bool(value == field_.enum[0])
        match field_.kind:
            case "flag":
                return isinstance(value, bool)
            case "instant":
                written = isinstance(value, str) and _INSTANT.fullmatch(value) is not None
                return written and instants.parse(value) is not None
            case "list":
                entries = value if isinstance(value, list) else [None]
                few = len(entries) == len({str(e).casefold() for e in entries}) <= 3
                if field_.name.endswith("Emails"):
                    return few and all(isinstance(e, str) and e.endswith("@example.com") for e in entries)
                return few and not field_.members and all(_is_plain(e, 45) for e in entries)
            case "text":
                limit = field_.max_length or _LONGEST
                if field_.shape == "email":
                    return isinstance(value, str) and value.endswith(f"{MARK}@example.com") and len(value) < limit
                if field_.shape:
                    return False
                return _is_plain(value, limit) and self._is_said(str(value))
        return False

    def _is_said(self, text: str) -> bool:
        """Whether a text has signs of names alone, where the page says nothing of what a text may be."""
        return isinstance(self.session.provider, Wordy) or _OF_NAMES.fullmatch(text) is not None

    def harmless(self, name: str, value: Json, place: int, turned: list[str]) -> Json:
        """A value in which nothing can reach a person."""
        if isinstance(value, str):
            if _ADDRESS.fullmatch(value) and MARK not in value:
                turned.append(f"body {name}".strip() + ", its address")
                local = re.sub(r"[^a-z0-9]", "", value.partition("@")[0].lower())[:8]
                return f"{local or 'a'}.s{place}.{MARK}@example.com"
            if _NUMBER.fullmatch(value) and self._is_number(name) and sum(map(str.isdecimal, value)) > 6:
                turned.append(f"body {name}".strip() + ", its number")
                return ("202-555-0101" + "1" * len(value))[: max(12, len(value))]
            return value
        if isinstance(value, list):
            return [self.harmless(name, v, place, turned) for v in value]
        if isinstance(value, dict):
            return {k: self.harmless(k, v, place, turned) for k, v in value.items() if not self._is_id(k, v)}
        return value

    def _is_number(self, name: str) -> bool:
        field_ = self.session.contract.find_field(name)
        return name == "number" or (field_ is not None and field_.shape == "phone")

    def _is_id(self, name: str, value: Json) -> bool:
        """Whether a member is the id of a contact: it could be somebody else's."""
        return not isinstance(value, list | dict) and self.session.provider.id_of({name: str(value)}) is not None


def _is_plain(value: Json, limit: int) -> bool:
    """Whether any service takes a text: printable, with signs that no guard takes for code, and within the limit."""
    if not isinstance(value, str) or not value or value != value.strip() or "  " in value:
        return False
    return not _UNPRINTABLE.search(value) and not _LIKE_CODE.search(value) and len(value.encode()) <= limit
