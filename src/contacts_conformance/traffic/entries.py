"""The entries of a HAR file as recorders write them, each with quirks of its own.

Members that are null, missing, or of another type are read as far as they can be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from contacts_conformance.http.redaction import whole_characters


def _without_nulls(node: object) -> object:
    """An object without members that are null: recorders write null where HAR says to leave the member out."""
    return {k: v for k, v in node.items() if v is not None} if isinstance(node, dict) else node


def _said(value: object) -> str:
    """A text; some recorders write numbers, or JSON that they have parsed, in its place.

    Recorders that cut a text leave halves of characters.
    """
    return whole_characters(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _number(value: object) -> object:
    """A number; -1, which says that it is unknown, in place of what is none."""
    try:
        return int(float(value)) if isinstance(value, int | float | str) else -1
    except (ValueError, OverflowError):
        return -1


def _pairs(value: object) -> object:
    """Names and values; some recorders write one object in place of a list of pairs."""
    if isinstance(value, dict):
        return [{"name": n, "value": v} for n, v in value.items()]
    return [p for p in value if isinstance(p, dict) and p.get("name") is not None] if isinstance(value, list) else []


_Text = Annotated[str, BeforeValidator(_said)]
_Method = Annotated[str, BeforeValidator(lambda v: v.strip().upper() if isinstance(v, str) else v)]
_Address = Annotated[str, BeforeValidator(lambda v: whole_characters(v.strip()) if isinstance(v, str) else v)]
_Number = Annotated[int, BeforeValidator(_number)]


def _body(value: object) -> object:
    """A body with what is said of it; some recorders write the text alone."""
    return {"text": value} if isinstance(value, str) else value


class Model(BaseModel):
    """A part of a HAR file; what matters to nobody here is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    _clean = model_validator(mode="before")(_without_nulls)


class Pair(Model):
    """A header, a cookie, or a parameter."""

    name: _Text
    value: _Text = ""


_Pairs = Annotated[tuple[Pair, ...], BeforeValidator(_pairs)]


class PostData(Model):
    """The body of a request; `text` is None where only its form fields were recorded."""

    mimeType: _Text = ""  # noqa: N815  (HAR's own name)
    text: _Text | None = None
    encoding: _Text = ""
    params: _Pairs = ()
    comment: _Text = ""


class Request(Model):
    """What was sent; `bodySize` is -1 where it is unknown."""

    method: _Method
    url: _Address
    headers: _Pairs = ()
    cookies: _Pairs = ()
    queryString: _Pairs = ()  # noqa: N815  (HAR's own name)
    postData: Annotated[PostData | None, BeforeValidator(_body)] = None  # noqa: N815  (HAR's own name)
    bodySize: _Number = -1  # noqa: N815  (HAR's own name)

    @property
    def address(self) -> str:
        """The URL; where its path alone was recorded, at the host that the headers name."""
        host = header(self.headers, "host") or header(self.headers, ":authority")
        return f"https://{host}{self.url}" if self.url.startswith("/") and host else self.url

    @property
    def query(self) -> str:
        """The query of the URL; where the URL was recorded without it, the one that its parameters make."""
        query = urlsplit(self.url).query
        return query or urlencode([(p.name, p.value) for p in self.queryString])


class Content(Model):
    """The body of an answer, decompressed; `text` is None where it was not recorded, `size` -1 where it is unknown."""

    size: _Number = -1
    mimeType: _Text = ""  # noqa: N815  (HAR's own name)
    text: _Text | None = None
    encoding: _Text = ""
    comment: _Text = ""


class Response(Model):
    """What came back; the status is 0 where nothing did, and below 0 where it was not recorded."""

    status: _Number = -1
    statusText: _Text = ""  # noqa: N815  (HAR's own name)
    headers: _Pairs = ()
    cookies: _Pairs = ()
    content: Annotated[Content, BeforeValidator(_body)] = Content()
    redirectURL: _Text = ""  # noqa: N815  (HAR's own name)
    bodySize: _Number = -1  # noqa: N815  (HAR's own name)
    error: _Text = Field(default="", validation_alias="_error")


class Entry(Model):
    """One exchange; `source` says in a recorder's own words where the answer came from, if not from the service."""

    startedDateTime: _Text = ""  # noqa: N815  (HAR's own name)
    time: _Number = 0
    request: Request
    response: Response = Response()
    source: str = ""

    @model_validator(mode="before")
    @classmethod
    def _with_source(cls, node: object) -> object:
        return {**node, "source": _source(node)} if isinstance(node, dict) else node


def header(pairs: Iterable[Pair], name: str) -> str:
    """The value of the first header of a name, which is in lower case; empty where there is none."""
    return next((p.value for p in pairs if p.name.lower() == name), "")


_FROM = re.compile(r"(?i)_?(?:(?:was)?from\w*cache|\w*service_?worker\w*|servedFrom\w*|fetchType)$")


def _source(node: Mapping[str, object]) -> str:
    """What recorders say in members of their own on caches and service workers, unless they deny it."""
    came = node.get("response")
    members = {**node, **(came if isinstance(came, dict) else {})}
    said = [(n, v) for n, v in members.items() if v and v != "false" and _FROM.match(n)]
    return "; ".join(str(v) if n.lower().endswith("fetchtype") else n for n, v in said)
