"""SparkQL filters that find only the run's own contacts, and their comparison with the oracle."""

from __future__ import annotations

import re
from collections.abc import Mapping

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks import expect
from contacts_conformance.contract import Contract, Field
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Query, Record
from contacts_conformance.oracle import sparkql
from contacts_conformance.oracle.sparkql import FieldType

from . import asking

_PIECE = re.compile(r"'(?:[^'\\]|\\.)*'|[()]|[^'()]+")
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_NOT = re.compile(r"not\b\s*", re.IGNORECASE)
_LONG = 1_000
"""Characters of an address that a service may refuse for its length: no page says how long one may be."""
_TYPES = {"list": FieldType.TEXTS, "instant": FieldType.TIMESTAMP, "flag": FieldType.BOOLEAN}


def type_of(field: Field) -> FieldType:
    """What a field is to a filter."""
    return _TYPES.get(field.kind, FieldType.TEXT)


def fields(contract: Contract) -> Mapping[str, FieldType]:
    """What filters may compare."""
    return {f.name: type_of(f) for f in contract.searchable_fields}


def narrowed(own: str, text: str, *, opens: bool = False) -> str:
    """The filter, for the contacts alone that the filter `own` finds, and no deeper than one level of parentheses.

    A filter without parentheses is put into some; otherwise `own` is laid before each alternative, or behind the first,
    where that is a Not and the filter opens what is sent.
    """
    if not any(p in "()" for p in _PIECE.findall(text)):
        return f"{own} And ({text})"
    first, *others = _alternatives(text)
    begun = f"{first} And {own}" if opens and _NOT.match(first) else _beside(own, first)
    return " Or ".join([begun, *(_beside(own, term) for term in others)])


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


def ask(cohort: Cohort, text: str, *beside: tuple[str, str], legal: bool = True) -> Answer:
    """The list of the cohort's contacts that a filter finds, with these parameters beside it."""
    return cohort.contacts.send_list((*_query(cohort, text), *beside), legal=legal)


def _query(cohort: Cohort, text: str) -> Query:
    return (("_filter", _own(cohort, text, opens=True)), ("_limit", "25"))


def _own(cohort: Cohort, text: str, *, opens: bool = False) -> str:
    """The filter, narrowed to the cohort where the target finds that alone."""
    own = dict(cohort.own)["_filter"] if cohort.is_found_alone else ""
    return narrowed(own, text, opens=opens) if own else text


def ask_together(*asked: tuple[Cohort, str]) -> Answer:
    """One list of what each filter finds of its cohort."""
    text = " Or ".join(_own(cohort, text, opens=not place) for place, (cohort, text) in enumerate(asked))
    return asked[0][0].contacts.send_list((("_filter", text), ("_limit", "25")))


def is_too_long(answer: Answer) -> bool:
    """Whether a list may have been refused for nothing but the length of its address."""
    return answer.refused and len(answer.exchange.url.partition("?")[2]) > _LONG


def expect_part_matches(cohort: Cohort, text: str, answer: Answer, case: str = "") -> None:
    """Expects that an answer lists of the cohort what the oracle finds; it may list contacts of another one, too."""
    page = asking.expect_page(cohort.contacts, answer, case or text)
    expect.same_contacts(
        [i for i in cohort.contacts.ids(page.records) if i in cohort.ids],
        cohort.contacts.ids(_expected(cohort, text)),
        case or text,
        answer,
    )


def expect_each_matches(*asked: tuple[Cohort, str, str]) -> None:
    """Sends filters of several cohorts in one list, and expects of each what `expect_matching_contacts` expects.

    A filter whose cohort is not as expected in that list is sent once more, by itself.
    """
    for cohort, text, _ in asked:
        cohort.contacts.need((("_filter", text),))
    answer = ask_together(*((cohort, text) for cohort, text, _ in asked))
    for cohort, text, case in asked:
        try:
            expect_part_matches(cohort, text, answer, case)
        except AssertionError:
            expect_matching_contacts(cohort, text, case)


def _expected(cohort: Cohort, text: str) -> list[Record]:
    """The contacts of a cohort that a filter finds, as the oracle says."""
    return sparkql.matching(fields(cohort.contacts.account.contract), list(cohort.records), text)


def expect_matching_contacts(cohort: Cohort, text: str, case: str = "") -> None:
    """Sends a filter, and expects that it finds of the cohort what the oracle finds, and nothing else.

    `case` names what is tried, where the filter itself holds data of the run. NotVerified where the filter compares an
    attribute by which the target was seen to filter nothing.
    """
    cohort.contacts.need((("_filter", text),))
    expect_answer_matches(cohort, text, ask(cohort, text), case)


def expect_answer_matches(cohort: Cohort, text: str, answer: Answer, case: str = "") -> None:
    """Expects that the answer to a filter lists of the cohort what the oracle finds, and nothing else."""
    contacts = cohort.contacts
    expected = contacts.ids(_expected(cohort, text))
    page = cohort.whole(_query(cohort, text), asking.expect_page(contacts, answer, case or text))
    names = {i: r.get("DisplayName") for i, r in zip(cohort.ids, cohort.records, strict=True)}
    expect.same_contacts(contacts.ids(page.records), expected, case or text, answer, names=names)
