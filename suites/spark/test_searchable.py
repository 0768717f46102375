"""Contacts > Contacts Description, column Searchable: every searchable field can be filtered on.

A list asks for several of the fields, together with other filters. If it finds the wrong contacts, each field is asked
for by itself.
"""

from collections.abc import Mapping, Sequence

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers.spark import equals, literal

from ..sparkapi import asking, filtering
from . import searching
from .test_filters import asked_with_searched

pytestmark = in_cohort("lists")

SEVERAL = 18
"""So many attributes a filter asks for beside one another."""
TERMS = searching.AT_ONCE + 2
"""So many attributes are asked for in each of the forms by one filter: each rules out a contact of its own."""


@each(field=Contract.searchable_fields)
@requirement("field.{field}.searchable")
def test_an_attribute_is_filtered_on(field: Field, session: Session) -> None:
    fields = searching.searchable(session.contract)
    if field not in fields:
        return  # other checks filter on it
    cohort = searching.those_asked_for(session)
    batch = fields.index(field) // searching.AT_ONCE

    try:
        together = searching.together(session, batch)
        filtering.expect_part_matches(cohort, together, asked_with_searched(session, batch), f"{field} Eq")
    except AssertionError:
        alone = searching.condition(session, field)
        beside = f"{searching.condition(session, fields[fields.index(field) - 1])} Or {alone}"
        for text, case in ((alone, f"{field} Eq"), (beside, f"{field} Eq, behind Or")):
            filtering.expect_answer_matches(cohort, text, filtering.ask(cohort, text), case)


@requirement("filter.text")
def test_signs_are_found_in_every_attribute(session: Session, contacts: Contacts) -> None:
    contact = searching.with_signs(session)
    held = {n: str(v) for n, v in contact.sent.items() if searching.SIGNS in str(v) and n not in contact.marks}
    if not held:
        raise NotOffered("a contact with signs in its texts is refused, as it may be")
    names = list(held)
    for start in range(0, len(names), SEVERAL):
        some = names[start : start + SEVERAL]
        answer = _ask_for(contacts, contact, {n: held[n] for n in some})
        if not _finds(contacts, contact, answer):
            expect.each_of(lambda name: _expect_found(contacts, contact, {name: held[name]}), some)
            if filtering.is_too_long(answer):
                continue
            _expect_found(contacts, contact, {n: held[n] for n in some})


def _ask_for(contacts: Contacts, contact: Contact, values: Mapping[str, str]) -> Answer:
    return contacts.send_list((("_filter", equals({**contact.marks, **values})),))


def _finds(contacts: Contacts, contact: Contact, answer: Answer) -> bool:
    return answer.succeeded and contacts.ids(contacts.page(answer).records) == [contact.id]


def _expect_found(contacts: Contacts, contact: Contact, values: Mapping[str, str]) -> None:
    answer = _ask_for(contacts, contact, values)
    about = f"{', '.join(values)} with signs"
    expect.same_contacts(contacts.ids(asking.expect_page(contacts, answer).records), [contact.id], about, answer)


@requirement("filter.and")
def test_an_attribute_is_heeded_behind_another(session: Session) -> None:
    """Each attribute stands behind And, in an alternative of its own: if it is not heeded, all contacts are found."""
    cohort = searching.those_asked_for(session)
    cohort.contacts.need(cohort.own)
    fields = [f for f in searching.searchable(session.contract) if f.writeable and _read(cohort.records[0], f)]
    terms = [f"{f} Eq {literal(_read(cohort.records[0], f))}" for f in fields]
    for start in range(0, len(terms), SEVERAL):
        some = terms[start : start + SEVERAL]
        answer = _behind_the_mark(cohort, some)
        try:
            filtering.expect_answer_matches(cohort, " Or ".join(some), answer, "many attributes, each behind And")
        except AssertionError:
            for term in some:
                alone = _behind_the_mark(cohort, [term])
                filtering.expect_answer_matches(cohort, term, alone, f"And {term.partition(' ')[0]}")
            if not filtering.is_too_long(answer):
                raise


def _behind_the_mark(cohort: Cohort, terms: Sequence[str]) -> Answer:
    own = equals(cohort.marks)
    text = " Or ".join(f"{own} And {term}" for term in terms)
    return cohort.contacts.send_list((("_filter", text), ("_limit", "25")))


def _read(record: Record, field: Field) -> str:
    """The value that a filter by this attribute asks for a contact with: of a list, the entry that is no mark."""
    value = record.get(field.name)
    return str(value[0] if isinstance(value, list) and value else value or "")


def _forms(cohort: Cohort, field: Field, place: int) -> tuple[str, ...]:
    """Filters by one attribute, each of which rules one contact out: a list of values, Ne, and Not.

    The first and the last value of the list are those of contacts that none of the attributes rules out.
    """
    first, *others, last = (_read(r, field) for r in cohort.records)
    out = next(v for v in (*others[place:], *others[:place]) if v not in (first, last))
    values = [literal(v) for v in dict.fromkeys([first, *(v for v in others if v not in (out, last)), last])]
    wrong = literal(out)
    return f"{field} Eq {','.join(values)}", f"{field} Ne {wrong}", f"Not {field} Eq {wrong}"


@each(field=Contract.searchable_fields)
@requirement("field.{field}.searchable")
def test_an_attribute_is_filtered_on_in_every_form(field: Field, session: Session) -> None:
    """Many attributes are asked for at once, in several forms; each by itself where that finds the wrong contacts."""
    cohort = searching.those_asked_for(session)
    fields = [
        f for f in searching.searchable(session.contract) if f.writeable and f.is_text and not (f.either or f.enum)
    ]
    fields = [f for f in fields if _read(cohort.records[0], f) != _read(cohort.records[-1], f) and f.shape != "country"]
    if field not in fields:
        return  # it has too few values
    start = fields.index(field) // TERMS * TERMS
    group = [_forms(cohort, f, i) for i, f in enumerate(fields[start : start + TERMS])]
    together = " ".join([" And ".join(t for lists, ne, _ in group for t in (lists, ne)), *(t[2] for t in group)])
    answer = session.once(f"every form from {start}", lambda: filtering.ask(cohort, together))

    try:
        if answer.refused:
            raise NotShown("a filter by many attributes is refused")
        filtering.expect_answer_matches(cohort, together, answer, f"{field} with other attributes")
    except (AssertionError, NotShown):
        before = fields[fields.index(field) - 1]
        one, other = literal(_read(cohort.records[0], before)), literal(_read(cohort.records[-1], field))
        beside = f"{before} Eq {one} And {field} Eq {other}"
        for alone in (*_forms(cohort, field, fields.index(field) - start), beside):
            filtering.expect_answer_matches(cohort, alone, filtering.ask(cohort, alone), alone.partition("'")[0])
