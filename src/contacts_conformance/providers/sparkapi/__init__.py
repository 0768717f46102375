"""What the two generations of the Spark API share: envelope, paging, credentials, sessions and signatures."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from contacts_conformance.contract import Field, samples
from contacts_conformance.contract.specimens import composed
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers import Page
from contacts_conformance.target import ANONYMOUS, Identity, Target

NOBODY = "20010101000000000000987654"
"""An Id that no contact has: of the vendor's form, from a time before the service."""

_RUN = secrets.token_hex(3)
"""Part of every name and address, so that no two runs submit the same contact: duplicates may be refused."""

_PATH_OF_SESSIONS = "/v1/session"
_ENDED = 1020
_WRONG = 1000


class SparkApi:
    """How both generations of the API speak; what differs is added by their own modules."""

    distinct = re.compile(_RUN)

    # Credentials

    signing_parameters = frozenset({"AuthToken", "ApiSig", "ApiUser"})

    def authorization(self, identity: Identity) -> Mapping[str, str]:
        """An access token, after the word `Bearer` or the identity's own `scheme`; nothing where it signs."""
        token = identity.secrets.get("token")
        return {"Authorization": f"{identity.attributes.get('scheme', 'Bearer')} {token.value}"} if token else {}

    def wrong_authorization(self) -> Mapping[str, str]:
        """A bearer token of nobody."""
        return {"Authorization": "Bearer " + "0" * 32}

    def signs(self, identity: Identity) -> bool:
        """Whether it has a key with its secret, and no access token."""
        return "token" not in identity.secrets and {"key", "secret"} <= identity.secrets.keys()

    def opening(self, identity: Identity) -> Request:
        """`POST /v1/session` with the key and its signature."""
        key, secret = identity.secrets["key"].value, identity.secrets["secret"].value
        query = (("ApiKey", key), ("ApiSig", signature(secret, key)))
        return Request(
            "POST",
            _PATH_OF_SESSIONS,
            ANONYMOUS,
            query=query,
            operation="openSession",
            essential=True,
            opens=identity,
        )

    def session_token(self, content: bytes) -> str | None:
        """The AuthToken of the first result."""
        sessions = results(parse(content))
        token = sessions[0].get("AuthToken") if sessions else None
        return token if isinstance(token, str) and token else None

    def signature(self, request: Request, identity: Identity, token: str, path: str, content: bytes) -> Query:
        """AuthToken and ApiSig; parameters of these names that a check gives itself are left as they are.

        An identity's attribute `flaw` makes the signature one that must not be good: it covers another `path`, that
        of the `list`, no `parameters` but the token, no `body`, or the parameters in the reverse `order`.
        """
        given = {name for name, _ in request.query}
        if "ApiSig" in given:
            return () if "AuthToken" in given else (("AuthToken", token),)
        key, secret = identity.secrets["key"].value, identity.secrets["secret"].value
        parameters = tuple(sorted((*request.query, ("AuthToken", token))))
        match identity.attributes.get("flaw"):
            case "path":
                path = f"{path}/unconnected"
            case "list":
                path = "/".join(path.split("/")[:3])
            case "parameters":
                parameters = tuple(p for p in parameters if p[0] == "AuthToken")
            case "order":
                parameters = parameters[::-1]
            case "body":
                content = b""
        return (("AuthToken", token), ("ApiSig", signature(secret, key, path, parameters, content)))

    def session_ended(self, answer: Answer) -> bool:
        """401 with the code 1020."""
        return answer.status == 401 and code_of(answer) == _ENDED

    def is_signed_here(self, request: Request) -> bool:
        """Where no check gives an ApiSig itself, and the identity has no `flaw`."""
        return "flaw" not in request.identity.attributes and all(name != "ApiSig" for name, _ in request.query)

    def signature_refused(self, answer: Answer) -> bool:
        """401 with the code 1000."""
        return answer.status == 401 and code_of(answer) == _WRONG

    # Answers

    def record(self, answer: Answer) -> Record | None:
        """The one contact in the results."""
        records = results(answer.json)
        return records[0] if records and len(records) == 1 else None

    def id_of(self, record: Record) -> str | None:
        """The member `Id`: a text that is not empty."""
        value = record.get("Id")
        return value if isinstance(value, str) and value else None

    def created_id(self, answer: Answer) -> str | None:
        """The last segment of the first result's ResourceUri, or else its Id."""
        records = results(answer.json)
        if not records:
            return None
        uri = records[0].get("ResourceUri")
        if isinstance(uri, str) and "/contacts/" in uri:
            return id_in(uri) or None
        return self.id_of(records[0])

    def page(self, answer: Answer) -> Page | None:
        """The results, and the Pagination object where there is one; only that is needed for a count."""
        inner = envelope(answer.json)
        if inner is None or inner.get("Success") is not True:
            return None
        pagination = inner.get("Pagination")
        counts = pagination if isinstance(pagination, dict) else {}
        records = inner.get("Results", [] if counts else None)
        if not isinstance(records, list):
            return None
        total, size, number = (_count(counts.get(k)) for k in ("TotalRows", "PageSize", "CurrentPage"))
        skip = (number - 1) * size if number is not None and size is not None else None
        return Page(tuple(r for r in records if isinstance(r, dict)), total, size, skip)

    def limiting(self, limit: int, skip: int = 0) -> Query:
        """`_limit`, and `_page` where it is not the first."""
        return (("_limit", str(limit)), *((("_page", str(skip // limit + 1)),) if skip else ()))

    def counting(self) -> Query:
        """The first contact, with the Pagination object."""
        return (*self.limiting(1), ("_pagination", "1"))

    # Values

    def sample(self, field: Field, number: int) -> Any:
        """A text by the field's shape, a list of one, or a switch that is off."""
        match field.kind:
            case "list" if field.name.endswith("Emails"):
                return [_address(number)]
            case "list":
                return [f"{samples.word(number)} {_RUN}"]
            case "flag":
                return False
            case "object":
                return {"ReverseProspecting": False}
        if field.enum:
            return field.enum[0]
        if field.shape == "email":
            return _address(number)
        return f"{samples.word(number)}{_RUN}" if field.name == "DisplayName" else samples.text(field, number)

    def wrong_value(self, field: Field, target: Target) -> Json:
        """An instant of long ago, or the Id, path or name of nobody."""
        match field.name:
            case "Id":
                return NOBODY
            case "ResourceUri":
                return f"/v1/contacts/{NOBODY}"
        return "2001-02-03T04:05:06Z" if field.kind == "instant" else f"forged{_RUN}"

    def example_path(self, template: str) -> str:
        """The template with an Id that no contact has, and a tag that none bears."""
        return template.replace("{Id}", NOBODY).replace("{Tag}", f"none{_RUN}")

    def same(self, field: Field, sent: Json, read: Json) -> bool:
        """Lists in any order, instants in any notation, unset in any of its forms; a RecordStatus may be hidden."""
        if sent in (None, "", []):
            return read in (None, "", [])
        if field.name == "RecordStatus" and read is None:
            return True
        if field.kind == "instant":
            return instants.parse(sent) is not None and instants.parse(sent) == instants.parse(read)
        if isinstance(sent, list):
            return isinstance(read, list) and sorted(map(_entry, sent)) == sorted(map(_entry, read))
        if isinstance(sent, dict):
            return isinstance(read, dict) and all(read.get(k) == v for k, v in sent.items())
        return type(sent) is type(read) and bool(composed(sent) == composed(read))


def signature(
    secret: str, key: str, path: str = "", parameters: Iterable[tuple[str, str]] = (), body: bytes = b""
) -> str:
    """The vendor's signature: the MD5, in hex, of the secret, `ApiKey` and the key, and for a call within a session
    `ServicePath` and the path as it is sent (or decoded: the vendor's own clients differ), the parameters in the order
    given, which has to be that of their names (name and value unescaped, joined without a sign), and the body."""
    signed = f"{secret}ApiKey{key}"
    if path:
        signed += f"ServicePath{path}" + "".join(n + v for n, v in parameters if n != "ApiSig")
    return hashlib.md5(signed.encode() + body, usedforsecurity=False).hexdigest()


def envelope(body: Json) -> dict[str, Any] | None:
    """The object `D` of a body, or None."""
    inner = body.get("D") if body is not NOT_JSON and isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else None


def results(body: Json) -> list[dict[str, Any]] | None:
    """The results of a body that says success, as far as they are objects; None where it does not."""
    inner = envelope(body)
    if inner is None or inner.get("Success") is not True or not isinstance(inner.get("Results"), list):
        return None
    return [r for r in inner["Results"] if isinstance(r, dict)]


def id_in(path: str) -> str:
    """The Id at the end of a contact's path, in which its signs may be encoded."""
    return unquote(path.rstrip("/").rpartition("/")[2])


def code_of(answer: Answer) -> int | None:
    """The Code of a failure, also where it is a text of digits."""
    code = (envelope(answer.json) or {}).get("Code")
    if isinstance(code, str) and code.isdecimal() and len(code) < 10:
        return int(code)
    return _count(code)


def when(record: Record, name: str) -> datetime | None:
    """The instant that a contact has under a name."""
    return instants.parse(record.get(name))


def _address(number: int) -> str:
    return f"{samples.word(number)}.{_RUN}@example.com"


def _entry(value: object) -> str:
    return str(composed(value))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
