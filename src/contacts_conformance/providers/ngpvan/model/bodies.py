"""The bodies that plans submit: people and organizations of a plan, what they have beside, and what identifies nobody.

Names, addresses and numbers stand at places, which are filled by the mark of the plan, so that no two plans share one.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import specimens
from contacts_conformance.providers.ngpvan.people import INDIVIDUAL, ORGANIZATION, address

Body = dict[str, Any]

PEOPLE = (0, 1, 2)
ORGANIZATIONS = (3, 4)
NAMES = {INDIVIDUAL: ("firstName", "lastName"), ORGANIZATION: ("commonName",)}
TEXTS = ("employer", "occupation")
TYPES = {"emails": ("MAIN", "WORK"), "phones": ("MOBILE", "HOME"), "addresses": ("WORK",)}
"""Types of entries that the page shows."""
_WORDS = ("Miller", "Baker", "Weaver", "Carpenter", "Old Mill")
LOST = {
    INDIVIDUAL: ("middleName", "nickName", "suffix", "salutation", "mailName", "spouseName"),
    ORGANIZATION: ("officialName", "primaryContactFirstName", "primaryContactLastName"),
}
"""Keys whose names stand on no page: a service may refuse them, or pass over them."""


def place(name: str, number: int, kind: str = "") -> str:
    """The place of a name, an address or a number of a person of a plan."""
    return f"⟦{name} {number}{' ' + kind if kind else ''}⟧"


def kind_of(number: int) -> str:
    """The type of a person of a plan."""
    return INDIVIDUAL if number in PEOPLE else ORGANIZATION


def names(number: int) -> Body:
    """The type and the name of a person of a plan."""
    if kind_of(number) == ORGANIZATION:
        return {"type": ORGANIZATION, "commonName": place("common", number)}
    return {"type": INDIVIDUAL, "firstName": place("first", number), "lastName": place("last", number)}


def email(number: int, kind: str = "MAIN") -> Body:
    """An e-mail of a person of a plan."""
    return {"address": place("email", number, kind), "type": kind}


def phone(number: int, kind: str = "MOBILE") -> Body:
    """A phone of a person of a plan."""
    return {"number": place("phone", number, kind), "type": kind}


def whole(number: int) -> Body:
    """The name and an e-mail: data with these is the same contact."""
    return {**names(number), "emails": [email(number)]}


def _name(letters: str, sign: str) -> str:
    """A plain text: letters, with signs that names have."""
    return letters[:1] + sign + letters[1:] if sign != "." else f"{letters}."


_PLAIN = st.builds(
    _name,
    st.sampled_from(range(1, 20)).flatmap(lambda n: st.text(string.ascii_letters, min_size=n, max_size=n)),
    st.sampled_from(["", "", "", "'", "-", ".", "'-", " ", "7"]),
).map(str.strip)
TEXT = st.one_of(st.sampled_from(_WORDS), _PLAIN, _PLAIN, st.sampled_from(["oo", "Ee", "O'Hara 7"]))
"""A text that any service takes: of few words, so that they meet, or of any length."""


NUMBERS = st.sampled_from([*PEOPLE, *PEOPLE, *ORGANIZATIONS])


def extras(number: int) -> SearchStrategy[Body]:
    """What a contact may have beside: texts, a profile, and entries of the types that the page shows."""
    flagged = st.sampled_from([{}, {}, {"doNotEmail": True}, {"doNotEmail": False}])
    mails = st.builds(
        lambda flag, more: {"emails": [{**email(number), **flag}, *more]},
        flagged,
        st.sampled_from([[], [], [email(number, "WORK")], [{**email(number, "WORK"), "doNotEmail": True}]]),
    )
    phones = st.lists(st.sampled_from(TYPES["phones"]), min_size=1, max_size=2, unique=True)
    places = st.sampled_from([1, 2, 17]).map(lambda n: {"addresses": [address(n)]})
    texts = st.dictionaries(st.sampled_from(TEXTS), TEXT, min_size=1, max_size=2)
    parts: list[SearchStrategy[Body]] = [
        st.just({}),
        texts,
        texts,
        mails,
        phones.map(lambda kinds: {"phones": [phone(number, k) for k in kinds]}),
        places,
        st.sampled_from(["ada", "bo"]).map(lambda w: {"facebookProfileUrl": f"https://facebook.com/{w}.example"}),
    ]
    chosen = st.lists(st.sampled_from(range(len(parts))), min_size=1, max_size=4, unique=True)
    return chosen.flatmap(lambda several: st.tuples(*(parts[n] for n in several))).map(_together)


def _together(several: tuple[Body, ...]) -> Body:
    return {k: v for body in several for k, v in body.items()}


def submissions() -> SearchStrategy[Body]:
    """Somebody of a plan by name and e-mail, with more; of the same people again and again."""
    return NUMBERS.flatmap(lambda n: extras(n).map(lambda more: {**whole(n), **more}))


def with_lost_keys() -> SearchStrategy[Body]:
    """Somebody of a plan with texts under keys whose names stand on no page."""

    def texts(number: int) -> SearchStrategy[Body]:
        keys = (*LOST[kind_of(number)], *TEXTS)
        return st.one_of(
            st.dictionaries(st.sampled_from(keys), TEXT, min_size=1), st.fixed_dictionaries(dict.fromkeys(keys, TEXT))
        )

    return NUMBERS.flatmap(lambda n: texts(n).map(lambda more: {**whole(n), **more}))


def by_name() -> SearchStrategy[Body]:
    """Somebody by name alone, or by name and an e-mail of another type."""
    return st.builds(
        lambda n, other: {**names(n), **({"emails": [email(n, "WORK")]} if other else {})}, NUMBERS, st.booleans()
    )


def doubtful() -> SearchStrategy[Body]:
    """Of which the page does not surely say that it is taken: no name, lost keys, unusual texts, two of a type."""

    def odd(number: int, way: int) -> Body:
        kind = kind_of(number)
        fragments = list(specimens.FRAGMENTS.values())
        return (
            {"type": kind, "emails": [email(number)]},
            {"type": kind, "phones": [phone(number)]},
            {**whole(number), LOST[kind][way % len(LOST[kind])]: "Augusta"},
            {**whole(number), "employer": f"{fragments[way % len(fragments)]} House"},
            {**whole(number), "emails": [email(number), {"address": place("email", number, "OTHER"), "type": "MAIN"}]},
            {**whole(number), "phones": [phone(number), {"number": place("phone", number, "X"), "type": "MOBILE"}]},
            {**whole(number), "addresses": [address(1), address(2)]},
        )[way % 7]

    return st.builds(odd, NUMBERS, st.integers(0, 200))


def wrong() -> SearchStrategy[tuple[Body, str, str]]:
    """A body that has to be refused, the row that says so, and what is wrong in words."""
    return NUMBERS.flatmap(lambda n: st.sampled_from(_wrong(n)))


def _wrong(number: int) -> list[tuple[Body, str, str]]:
    kind, name = kind_of(number), names(number)
    of_type = {"type": kind}
    reach = {"emails": [email(number)]}
    other = names(ORGANIZATIONS[0] if kind == INDIVIDUAL else PEOPLE[0])
    wrong: list[tuple[Body, str, str]] = [
        ({n: v for n, v in {**name, **reach}.items() if n != "type"}, "field.type.required", "no type"),
        *(
            ({**name, **reach, "type": kind}, "type.unknown", "an unknown type")
            for kind in ("PERSON", "HOUSEHOLD", "INDIVIDUALS", "COMPANY", "", None)
        ),
        (of_type, "identification.none", "nothing that identifies"),
        ({**of_type, "employer": "Miller", "addresses": [address(1)]}, "identification.none", "nobody's data"),
        ({**of_type, "employer": "Miller", "occupation": "Weaver"}, "identification.none", "texts alone"),
        ({**of_type, "emails": []}, "identification.no-emails", "no e-mail"),
        ({**of_type, "phones": []}, "identification.no-phones", "no phone"),
        ({**of_type, "emails": [{"address": "", "type": "MAIN"}]}, "identification.blank-email", "no address"),
        ({**of_type, "phones": [{"type": "MOBILE"}]}, "identification.blank-phone", "no number"),
    ]
    if kind == INDIVIDUAL:
        first, last = ({**of_type, n: name[n]} for n in NAMES[kind])
        wrong += [
            (first, "identification.first-name-only", "no lastName"),
            (last, "identification.last-name-only", "no firstName"),
            ({**first, "lastName": ""}, "identification.blank-names", "an empty lastName"),
            ({**other, **of_type}, "identification.name-of-an-organization", "the name of an organization"),
        ]
    else:
        wrong += [
            ({**of_type, "commonName": " "}, "identification.blank-names", "a blank commonName"),
            ({**other, **of_type}, "identification.names-of-a-person", "the names of a person"),
        ]
    return wrong


_PLACE = re.compile(r"⟦\w+ (\d+)")


def numbers_in(body: Mapping[str, Any]) -> list[int]:
    """The people of a plan whom a body names."""
    return list(dict.fromkeys(int(n) for n in _PLACE.findall(json.dumps(body, ensure_ascii=False))))


def is_plain(body: Mapping[str, Any]) -> bool:
    """Whether every service takes a body: a type, its whole name, an e-mail, and nothing but what the page shows."""
    kind = body.get("type")
    if kind not in NAMES or not all(_is_text(body.get(n)) for n in NAMES[kind]):
        return False
    emails = body.get("emails")
    if not isinstance(emails, list) or not emails:
        return False
    texts = all(_is_text(v) for n, v in body.items() if n not in ("type", *TYPES))
    url = str(body.get("facebookProfileUrl", "https://facebook.com/")).startswith("https://facebook.com/")
    return texts and url and all(_is_shown(n, body[n]) for n in TYPES if n in body)


def _is_shown(name: str, entries: Any) -> bool:
    """Whether a collection has whole entries, at most one of a type that the page shows."""
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        return False
    types = [e.get("type") for e in entries]
    members = {"emails": ("address",), "phones": ("number",), "addresses": ("line1", "city")}[name]
    placed = name == "addresses" or all("⟦" in str(e.get(members[0])) for e in entries)
    parts = all(_is_text(e.get(m)) for e in entries for m in members)
    return len(set(types)) == len(types) and set(types) <= set(TYPES[name]) and placed and parts


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and value == value.strip()
