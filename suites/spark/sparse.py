"""People with some of their attributes alone: of two that have to do with one another, one without the other."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field, samples
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers.spark import PROVIDER as SPARK

from . import wording

PEOPLE = 6
"""So many people have half of the attributes each."""
SENT = SPARK.words_of_creations + 1
"""So many words dense creations send in each of their texts: DisplayName, which has to be there, takes one fewer."""
STRIDE = 7
"""So far apart are, among the halves of the people, those of two attributes that follow one another."""


def sent(session: Session) -> list[tuple[Contact, Mapping[str, Json], Answer]]:
    """The people with the texts that they have, and the answers to these."""
    created: list[tuple[Contact, Mapping[str, Json], Answer]] = session.once("sparse people", list)
    return created


def words_by_themselves(session: Session) -> list[round_trip.Trial]:
    """What became of each word, where one of several was refused."""
    trials: list[round_trip.Trial] = session.once("words by themselves", list)
    return trials


def some_of(session: Session, index: int, asked_for: Collection[str]) -> list[Field]:
    """About half of the attributes that no filter asks for.

    Of two such attributes that have to do with one another, each is sent without the other to some of the people.
    """
    codes = list(itertools.combinations(range(PEOPLE), PEOPLE // 2))
    fields = enumerate(free(session, asked_for))
    return [f for i, f in fields if index in codes[(i * STRIDE) % len(codes)]]


def rest_of(session: Session, index: int, asked_for: Collection[str]) -> list[Field]:
    """The other half."""
    some = some_of(session, index, asked_for)
    return [f for f in free(session, asked_for) if f not in some]


def free(session: Session, asked_for: Collection[str]) -> list[Field]:
    """The attributes that no filter asks for."""
    own = {*asked_for, "PrimaryEmail", "Tags", "SpouseGivenName", "Note", "RecordStatus"}
    return [f for f in session.contract.text_fields if f.name not in own and "create" in f.writeable - f.required]


def texts(session: Session) -> tuple[Field, ...]:
    """Every text that a contact need not have."""
    return tuple(f for f in session.contract.text_fields if f.reads_back and not (f.required or f.enum or f.shape))


def created(session: Session, values: dict[str, Any], fields: Sequence[Field]) -> Contact:
    """A contact with these attributes beside its values, if the service takes them: as words where a text may be any.

    Where a word is refused, it is named by a contact of its own.
    """
    contacts = session.contacts()
    plain = round_trip.values(session, tuple(fields))
    words = wording.of(session, fields, "create", SENT)
    more = {**plain, **words}
    answer = contacts.send_create(contacts.complete({**more, **values}), marks={})
    if answer.refused and (latin := samples.all_in_latin(values)) != values:
        values = latin
        answer = contacts.send_create(contacts.complete({**more, **values}), marks={})
    if answer.refused and words:
        words_by_themselves(session).extend(round_trip.created(session, words).values())
        more = plain
        answer = contacts.send_create(contacts.complete({**more, **values}), marks={})
    contact = session.provider.created_id(answer) if answer.succeeded else None
    made = contacts.create({}, **values) if contact is None else Contact(contact, {**more, **values}, {})
    sent(session).append((made, {**more, **{n: v for n, v in values.items() if isinstance(v, str)}}, answer))
    return made
