"""NGP VAN: keys as Basic credentials or a header, an answer that is an id, and people that nobody else has."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from contacts_conformance import samples
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotOffered, SetUpFailed
from contacts_conformance.http.client import Answer
from contacts_conformance.model import Json, Query
from contacts_conformance.providers import Page
from contacts_conformance.providers.bare import BareContacts
from contacts_conformance.target import Identity, IdentityKeys, Target

if TYPE_CHECKING:
    from contacts_conformance.contacts import Contacts

INDIVIDUAL, ORGANIZATION = "INDIVIDUAL", "ORGANIZATION"

_USER = "apiuser"
_PREFERENCES = "communicationPreferences"
_NOBODY = "00000000-0000-4000-8000-000000000000"
_IDENTIFYING = frozenset({"firstName", "lastName", "commonName", "emails", "phones"})
_SYLLABLES = tuple(c + v for c in "bdfghklmnprstvwz" for v in "aeiou")
_AREAS = tuple(f"{a}{b}{c}" for a in range(2, 10) for b in range(9) for c in range(2, 10))


class NgpVan(BareContacts):
    """How NGP VAN's contacts API speaks."""

    name = "ngpvan"
    suites = ("contract",)
    id_member = "contactId"
    main_role = "tenant"
    markers: tuple[str, ...] = ()
    keys = IdentityKeys(
        secrets=frozenset({"api_key"}),
        attributes=frozenset({"authentication"}),
        roles=("tenant", "stranger"),
        known=(
            "prefix",
            "bad_prefix",
            "email_list",
            "external_source",
            "contact_code",
            "disclosure_field",
            "designation",
            "disclosure_value",
            "preference",
            "preference_value",
        ),
        settings=("create_path", "preferences"),
        also=("read",),
        required=frozenset({"api_key"}),
    )

    def authorization(self, identity: Identity) -> Mapping[str, str]:
        """The key by HTTP Basic; in a header of its own where the target file says `authentication = "header"`."""
        return self.header(identity) if identity.attributes.get("authentication") == "header" else self.basic(identity)

    def basic(self, identity: Identity, key: str = "") -> Mapping[str, str]:
        """The key of an identity, or another one, by HTTP Basic."""
        secret = identity.secrets.get("api_key")
        return _basic(key or secret.value) if secret else {}

    def header(self, identity: Identity) -> Mapping[str, str]:
        """The key of an identity in the header `apiKey`."""
        secret = identity.secrets.get("api_key")
        return {"apiKey": secret.value} if secret else {}

    def empty_authorization(self) -> Mapping[str, str]:
        """Basic credentials of the right user, without a key."""
        return _basic("")

    def wrong_authorization(self) -> Mapping[str, str]:
        """A GUID that is nobody's key, in both places."""
        return {**_basic(_NOBODY), "apiKey": _NOBODY}

    def page(self, answer: Answer) -> Page | None:
        """None: there are no lists."""
        return None

    def narrowing(self, marks: Mapping[str, str]) -> Query:
        """Nothing: there are no lists."""
        return ()

    def any_of(self, name: str, values: Sequence[str]) -> Query:
        """Nothing: there are no lists."""
        return ()

    def limiting(self, limit: int, skip: int = 0) -> Query:
        """Nothing: there are no lists."""
        return ()

    def identification(self, values: Mapping[str, Json], mark: str) -> Mapping[str, Json]:
        """Names and an e-mail of nobody else, for the type that the values have."""
        return organization(mark) if values.get("type") == ORGANIZATION else person(mark)

    def sample(self, field: Field, number: int) -> Any:
        """A text, the first type, or an address.

        None for what tells contacts apart, which comes from `identification`, and for what is the tenant's own.
        """
        if field.name in _IDENTIFYING:
            return None if field.name != "firstName" else samples.word(number).capitalize()
        if field.name == "addresses":
            return [address(number)]
        if field.shape == "url":
            return f"https://facebook.com/{samples.word(number)}.example"
        if field.kind != "text":
            return None
        return field.enum[0] if field.enum else samples.word(number)

    def forged(self, field: Field, target: Target) -> Json:
        """An id that no contact has; nothing here is read-only."""
        return "VN000000000"

    def example_path(self, template: str) -> str:
        """The template with an id that no contact has."""
        return template.replace("{contactId}", "VN000000000")

    def same(self, field: Field, sent: Json, read: Json) -> bool:
        """Whether everything that was sent is in what was read, whatever stands beside it.

        Ids are compared by their text, phones by their digits, e-mail addresses and types without regard to case.
        """
        return holds(sent, read, field.name)


def holds(sent: Json, read: Json, name: str = "") -> bool:
    """Whether what was read has all that was sent: every member of an object, every entry of a collection."""
    if isinstance(sent, dict):
        return isinstance(read, dict) and all(holds(v, read.get(k), k) for k, v in sent.items())
    if isinstance(sent, list):
        return (isinstance(read, list) or not sent) and all(any(holds(s, r) for r in read) for s in sent)
    if isinstance(sent, bool) or isinstance(read, bool):
        return sent is read
    if sent in (None, ""):
        return read in (None, "")
    if name == "number":
        return digits(sent) == digits(read)
    if name in ("address", "type"):
        return str(sent).casefold() == str(read).casefold()
    return isinstance(read, str | int) and str(sent) == str(read)


def digits(number: object) -> str:
    """The ten digits of a telephone number, however it is written; a country code of North America is left out."""
    found = "".join(c for c in str(number) if c.isdecimal())
    return found[1:] if len(found) == 11 and found.startswith("1") else found


# People, organizations and what belongs to them. A mark makes names, addresses and numbers that no other mark makes;
# names of two marks are not alike either, so that no likeness can join them.


def person(mark: str) -> dict[str, Any]:
    """An individual that nobody could take for another one: names and an e-mail."""
    names = {"firstName": _name(f"first {mark}"), "lastName": "Zz" + _name(f"last {mark}").lower()}
    return {"type": INDIVIDUAL, **names, "emails": [email(mark)]}


def organization(mark: str) -> dict[str, Any]:
    """An organization that nobody could take for another one: its name and an e-mail."""
    return {"type": ORGANIZATION, "commonName": f"Zz{_name(f'common {mark}').lower()}", "emails": [email(mark)]}


def email(mark: str, kind: str = "MAIN") -> dict[str, Any]:
    """An e-mail in a reserved domain, with the mark in it."""
    return {"address": f"{_name(f'{kind} {mark}').lower()}@{mark}.example.com", "type": kind}


def phone(mark: str, kind: str = "MOBILE") -> dict[str, Any]:
    """A phone with a number that is reserved for fiction; marks of one run have different ones."""
    tag, _, number = mark.rpartition("x")
    start = int(hashlib.sha256(tag.encode()).hexdigest()[:8], 16)
    place = (start + int(number)) % (len(_AREAS) * 100)
    return {"number": f"{_AREAS[place // 100]}55501{place % 100:02}", "type": kind}


def address(number: int, kind: str = "WORK") -> dict[str, Any]:
    """A postal address that does not exist."""
    return {
        "line1": f"{number} Example Street",
        "line2": f"Suite {number}",
        "city": "Exampleton",
        "stateProvince": "MA",
        "postalCode": "02108",
        "type": kind,
    }


# What every check of this provider does


def submit(contacts: Contacts, body: Mapping[str, Json], **options: Any) -> Answer:
    """Submits a contact exactly so."""
    return contacts.send_create(body, marks={}, **options)


def refusal(contacts: Contacts, body: Mapping[str, Json]) -> Answer:
    """The answer to a contact that has to be refused."""
    return submit(contacts, body, legal=False)


def as_new(contacts: Contacts, attempt: Callable[[str], Answer]) -> Answer:
    """What an attempt with a mark of its own is answered, if it should be 201.

    Where it is 200, somebody may have been there by chance; so it is made once more, with another mark.
    """
    answer = attempt(contacts.session.mark())
    return attempt(contacts.session.mark()) if answer.status == 200 else answer


def id_in(answer: Answer) -> str:
    """The contactId in a success; SetUpFailed where there is none."""
    found = PROVIDER.created_id(answer) if answer.succeeded else None
    if found is None:
        raise SetUpFailed(f"a contact was to be created or merged into: {answer!r}")
    return found


def known(contacts: Contacts, name: str) -> Json:
    """What the target file knows under a name, a number if it is one; NotOffered where it knows nothing."""
    found = contacts.session.target.known.get(name)
    if found is None:
        raise NotOffered(f"the target file gives no {name} (key {name} in the table [known])")
    return int(found) if found.isdecimal() and str(int(found)) == found else found


def preferences(contacts: Contacts) -> str:
    """The name of the preferences on this target; NotOffered where the target file gives none."""
    found = contacts.session.target.settings.get("preferences")
    if found is None:
        raise NotOffered("the target file does not name the preferences (key preferences in the table [settings])")
    return found


def value_of(contacts: Contacts, field: Field, mark: str) -> Json:
    """A value for a key that is not there yet; NotOffered where the target file has to give one and does not."""
    match field.name:
        case "prefix":
            return known(contacts, "prefix")
        case "phones":
            return [phone(mark)]
        case "externalLinks":
            source = str(known(contacts, "external_source"))
            return [{"externalSourceTypeId": source, "externalId": mark}]
        case "contactCodes":
            return [{"contactCodeId": known(contacts, "contact_code")}]
        case "disclosureFields":
            names = {"disclosureFieldId": "disclosure_field", "designationId": "designation"}
            ids = {key: known(contacts, name) for key, name in names.items()}
            return [{**ids, "value": known(contacts, "disclosure_value")}]
        case "communicationPreferences":
            return {str(known(contacts, "preference")): known(contacts, "preference_value")}
    return contacts.session.provider.sample(field, contacts.session.number())


def key_of(contacts: Contacts, field: Field) -> str:
    """The name of a key on this target; NotOffered where the target file has to give it and does not."""
    return preferences(contacts) if field.name == _PREFERENCES else field.name


def values_of(contacts: Contacts, fields: tuple[Field, ...], mark: str) -> dict[str, Any]:
    """The names and e-mail of a contact are there already; the others, as far as the target file knows them."""
    found: dict[str, Any] = {}
    for field in fields:
        try:
            found[key_of(contacts, field)] = value_of(contacts, field, mark)
        except NotOffered:
            continue
    return found


def _name(text: str) -> str:
    number = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    return "".join(_SYLLABLES[number // len(_SYLLABLES) ** i % len(_SYLLABLES)] for i in range(5)).capitalize()


def _basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{_USER}:{key}".encode()).decode()}


PROVIDER = NgpVan()
