"""The tables of a target file, with the rules that their values have to keep."""

from __future__ import annotations

import math
import re
import ssl
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


_DAY = 86_400


def _address(url: str) -> str:
    """An absolute HTTP URL without query, fragment and credentials."""
    right = "write https://host/path without a query"
    try:
        parts = urlsplit(url)
        there = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        there = False
    if "@" in url.partition("//")[2].partition("/")[0]:
        raise ValueError(f"the URL must not contain credentials; {right}, and put them in a table [identities.<role>]")
    if not there or not url.isprintable() or re.search(r"[\s?#]", url):
        raise ValueError(f"{url!r} is not an HTTP URL; {right}")
    return url.rstrip("/")


def _proxy(url: str) -> str:
    """The URL of a proxy, which may contain a user name and a password."""
    if not re.fullmatch(r"https?://[^\s/?#]+/?", url):
        raise ValueError("not the URL of a proxy; write http://host:port")
    return url


def _certificates(path: str) -> str:
    """A file with certificates in PEM format."""
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        raise ValueError(f"{path} contains no certificates in PEM format; name a file that does") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from None
    return path


def _header(value: str) -> str:
    if not value.isprintable():
        raise ValueError("the value contains control characters; remove them")
    return value


def _header_name(name: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise ValueError("not the name of a header; use letters, digits and hyphens")
    if name.lower() in ("authorization", "proxy-authorization", "cookie"):
        raise ValueError("credentials do not belong here; put them in a table [identities.<role>]")
    return name


PROFILES = ("quick", "standard", "deep")
"""How much a run does: the checks that show most for their requests; all of them; or then as many generated requests as
time and limits allow."""


def profile(name: str) -> str:
    """The name of a profile; ValueError where there is none of this name."""
    if name not in PROFILES:
        raise ValueError(f"{name!r} is not a profile; choose from {', '.join(PROFILES)}")
    return name


_MOST_LANES = 32
"""More requests of one process under way at the same moment would wait for the process itself."""


class Limits(Table):
    """How much a run may ask of the target."""

    requests_per_second: Annotated[float, Field(ge=1 / _DAY)] | None = None
    max_requests: Annotated[int, Field(gt=0)] | None = None
    max_connections: Annotated[int, Field(gt=0)] | None = None
    """How many requests may be under way at the same moment; where it is 1, nothing is judged that needs two."""
    max_contacts: Annotated[int, Field(gt=0)] | None = None
    """How many contacts may be created in all, those among them that clean-up makes to search with."""
    max_seconds: Annotated[float, Field(gt=0)] = 1800
    """Seconds after which nothing is sent any more, from when the run begins."""
    max_wait: Annotated[float, Field(ge=0, le=_DAY)] = 60
    """Longest `Retry-After`, in seconds, that the run waits for."""
    max_body: Annotated[int, Field(gt=0)] = 4_000_000
    """Largest response body that the run reads, in bytes."""
    patience: Annotated[float, Field(ge=0, le=_DAY)] = 0
    """How many seconds a list, or a new contact read by its id, may take to show a write."""

    @property
    def lanes(self) -> int:
        """How many requests one process keeps under way: as many as the target file says that the target takes."""
        return min(self.max_connections or 1, _MOST_LANES)

    @property
    def most_at_once(self) -> tuple[float, str]:
        """How many requests may be sent at the same moment, and the name of the limit that says so."""
        connections = math.inf if self.max_connections is None else self.max_connections
        rate = math.inf if self.requests_per_second is None else math.floor(self.requests_per_second) + 1
        named = "max_connections" if connections <= rate else "requests_per_second"
        return min(connections, rate), f"limits.{named}"


class Timeouts(Table):
    """Seconds after which the client gives up a request."""

    connect: Annotated[float, Field(gt=0, le=_DAY)] = 5
    read: Annotated[float, Field(gt=0, le=_DAY)] = 15
    total: Annotated[float, Field(gt=0, le=_DAY)] = 30


class Tls(Table):
    """How the server's certificate is verified."""

    verify: bool = True
    ca_file: Annotated[str, AfterValidator(_certificates)] | None = None


class Share(Table):
    """The request that shares a contact with a user, where the target has one.

    `{contact}` and `{user}` in its path and body are filled in.
    """

    method: Annotated[str, Field(pattern="^(POST|PUT|PATCH)$")] = "POST"
    path: Annotated[str, Field(pattern="^/")]
    body: dict[str, Any] = {}

    def path_for(self, contact: str, user: str) -> str:
        """The path of the request that shares a contact with a user, each id within one segment."""
        return self.path.replace("{contact}", quote(contact, safe="")).replace("{user}", quote(user, safe=""))


class Offers(Table):
    """What the target offers.

    `roles` are those that exist on it, in capitals or not, `without` the requirements (by id prefix) that it is
    without, and `also` the kinds of operation that it has although the page does not document them.
    """

    roles: tuple[Annotated[str, AfterValidator(str.lower)], ...] | None = None
    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class TargetFile(Table):
    provider: str
    name: str = ""
    base_url: Annotated[str, AfterValidator(_address)]
    writes: bool = False
    leaves_contacts: bool = False
    disposable: bool = False
    """Whether the account is for tests alone and may be emptied."""
    identities: dict[str, dict[str, str]] = {}
    known: dict[str, str] = {}
    share: Share | None = None
    offers: Offers = Offers()
    limits: Limits = Limits()
    timeouts: Timeouts = Timeouts()
    tls: Tls = Tls()
    headers: dict[Annotated[str, AfterValidator(_header_name)], Annotated[str, AfterValidator(_header)]] = {}
    proxy: Annotated[str, AfterValidator(_proxy)] | None = None
    settings: dict[str, str] = {}
    deviations: str | None = None
    profile: Annotated[str, AfterValidator(profile)] = "standard"
    examples: str = ""


TABLES: Mapping[str, type[Table]] = {
    "limits": Limits,
    "timeouts": Timeouts,
    "tls": Tls,
    "share": Share,
    "offers": Offers,
}
