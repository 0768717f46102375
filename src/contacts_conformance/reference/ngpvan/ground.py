"""Where the values of contacts stand in NGP VAN's bodies: bare objects with nested collections."""

from __future__ import annotations

from typing import Any

from contacts_conformance import contract
from contacts_conformance.contract import Field
from contacts_conformance.model import Json
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply, answer
from contacts_conformance.reference.kit.drawn.ground import Ground, Values
from contacts_conformance.reference.ngpvan import tenants
from contacts_conformance.reference.ngpvan.fields import FORMS, LOST


class NgpVan(Ground):
    """The bodies of the page, and of the reading that it has not."""

    users = True
    merges = True
    fills_in = True
    replaces = True
    false_may_lack = True
    plain_phones = False
    blank = ""
    forms = tuple(FORMS)
    keys = frozenset({"type", "isPrimary"})
    # The page shows neither.
    unprinted = frozenset({"phones.isDisclosure", "addresses.isDisclosure"})
    # The page says nothing of signs; names have some of them all the same, as in the variant `texts-are-names`.
    may_refuse = frozenset(
        {"hash", "colon", "less-than", "percent", "backslash", "parenthesis", "plus", "underscore", "equals", "at"}
        | {"question-mark", "exclamation-mark", "bar", "bracket", "brace", "dollar", "tilde"}
        | {"double-blank", "other-script", "wide"}
    )

    def __init__(self) -> None:
        self.contract = contract.load("ngpvan")
        self.roles = {"tenant": {"apikey": tenants.TENANTS[0].key}}
        self.entries = {
            "emails": [
                {"address": "one@example.com", "type": "HOME", "isPrimary": True, "doNotEmail": False},
                {"address": "two@example.org", "type": "WORK", "isPrimary": False, "doNotEmail": True},
                {"address": "three@example.net", "type": "OTHER", "isPrimary": False, "doNotEmail": False},
            ],
            "phones": [
                {"number": "2025550111", "type": "HOME", "isPrimary": True, "isDisclosure": False},
                {"number": "2025550122", "type": "WORK", "isPrimary": False, "isDisclosure": True},
                {"number": "2025550133", "type": "MOBILE", "isPrimary": False, "isDisclosure": False},
            ],
            "addresses": [
                {"line1": "12 Example Street", "city": "Exampleton", "postalCode": "20005", "type": "HOME"},
                {"line1": "34 Sample Avenue", "city": "Sampleville", "postalCode": "22201", "type": "WORK"},
                {"line1": "56 Model Road", "city": "Modelton", "postalCode": "20814", "type": "OTHER"},
            ],
            "externalLinks": [{"externalSourceTypeId": "13", "externalId": "12345"}],
        }
        self.illegal = {"prefix": "Viscountess", "facebookProfileUrl": "profile of mine"}
        # A service may write addresses as the post office does. Of the ids of other systems the page prints digits, and
        # says nothing of other signs.
        self.hides = frozenset(
            {"type", "prefix", "externalLinks.externalSourceTypeId", "externalLinks.externalId"}
            | {f"addresses.{member}" for member in ("line1", "city", "postalCode")}
        )

    def sent(self, call: Call) -> list[Values]:
        is_one = call.kind in ("create", "change") and isinstance(call.body, dict)
        return [call.body] if is_one else []

    def shown(self, reply: Reply) -> list[Values]:
        return [reply.body] if isinstance(reply.body, dict) else []

    def page(self, reply: Reply) -> list[Any]:
        return []

    def body(self, kind: str, values: Values) -> Json:
        return values

    def least(self, number: int, form: str) -> Values:
        if form == "ORGANIZATION":
            return {"type": form, "commonName": f"Drawn {number} Works"}
        return {"type": form, "firstName": "Drawn", "lastName": f"Person {number}"}

    def refusal(self, status: int) -> Reply:
        code = "INVALID_PARAMETER" if status < 500 else "INTERNAL_ERROR"
        return answer(status, {"errors": [{"code": code, "text": "refused"}]})

    def created(self, reply: Reply) -> str:
        return str(reply.body.get("contactId", "")) if isinstance(reply.body, dict) else ""

    def form_of(self, form: str) -> str:
        return FORMS[form]

    def shows(self, field: Field) -> bool:
        return True

    def doubtful(self, kind: str, fields: tuple[str, ...]) -> bool:
        return kind == "change" or bool({"addresses", *LOST} & set(fields))
