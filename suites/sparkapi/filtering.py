"""SparkQL filters that find only the run's own contacts, and their comparison with the oracle."""

from __future__ import annotations

import re
from collections.abc import Mapping

from contacts_conformance.account.contacts import Cohort
from contacts_conformance.contract import Contract, Field
from contacts_conformance.http.messages import Answer
from contacts_conformance.oracle import sparkql
from contacts_conformance.oracle.sparkql import FieldType
from contacts_conformance.providers.spark import equals

_PIECE = re.compile(r"'(?:[^'\\]|\\.)*'|[()]|[^'()]+")
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_NOT = re.compile(r"not\b\s*", re.IGNORECASE)
_TYPES = {"list": FieldType.TEXTS, "instant": FieldType.TIMESTAMP, "flag": FieldType.BOOLEAN}


def type_of(field: Field) -> FieldType:
    """What a field is to a filter."""
    return _TYPES.get(field.kind, FieldType.TEXT)


def fields(contract: Contract) -> Mapping[str, FieldType]:
    """What filters may compare."""
    return {f.name: type_of(f) for f in contract.searchable_fields}


def narrowed(marks: Mapping[str, str], text: str) -> str:
    """The filter, for the contacts with these marks alone, and no deeper than one level of parentheses.

    A filter without parentheses is put into some; otherwise the marks are laid before each alternative.
    """
    own = equals(marks)
    if not any(p in "()" for p in _PIECE.findall(text)):
        return f"{own} And ({text})"
    return " Or ".join(_beside(own, term) for term in _alternatives(text))


def _beside(own: str, term: str) -> str:
    turned = _NOT.match(term)
    return f"{own} Not {term[turned.end() :]}" if turned else f"{own} And {term}"


def _alternatives(text: str) -> list[str]:
    """The parts between each `Or` that is in no parentheses and no text."""
    terms, depth = [""], 0
    for piece in _PIECE.findall(text):
        depth += (piece == "(") - (piece == ")")
        first, *rest = [piece] if depth or piece[0] == "'" else _OR.split(piece)
        terms[-1] += first
        terms += rest
    return [t.strip() for t in terms]


def ask(about: Cohort, text: str, *, legal: bool = True) -> Answer:
    """The list of the cohort's contacts that a filter finds."""
    query = (("_filter", narrowed(about.marks, text)), ("_limit", "25"))
    return about.contacts.send_list(query, legal=legal)


def judge(about: Cohort, text: str) -> None:
    """Asserts that a filter finds of the cohort what the oracle finds, and nothing else."""
    account = about.contacts.account
    own = [r for r in about.records if r is not None]
    expected = set(about.contacts.ids(sparkql.matching(fields(account.contract), own, text)))
    answer = ask(about, text)
    assert answer.succeeded, answer
    page = account.provider.page(answer)
    assert page is not None, answer
    found = about.contacts.ids(page.records)
    names = {i: r.get("DisplayName") for i, r in zip(about.ids, about.records, strict=True)}
    missing = [names[i] for i in about.ids if i in expected and i not in found]
    extra = [names.get(i, i) for i in found if i not in expected]
    wrong = [*missing, *extra]
    assert not wrong, f"{text} misses {missing} and finds {extra} too many: {answer!r}"
    assert len(found) == len(set(found)), f"{text} finds a contact twice: {answer!r}"
