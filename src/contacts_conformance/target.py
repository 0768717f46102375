"""The target: one server and account under test, as its TOML file describes it.

This is the only module that reads the environment.
"""

from __future__ import annotations

import difflib
import os
import re
import ssl
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from contacts_conformance import contract as contracts
from contacts_conformance.contract import packages
from contacts_conformance.errors import NotVerified, UsageError

_REFERENCE = re.compile(r"^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$")
_LOOPBACK = re.compile(r"^https?://(127\.\d+\.\d+\.\d+|localhost|\[::1\])([:/]|$)")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


_DAY = 86_400


def _address(url: str) -> str:
    """An absolute URL of HTTP without query, fragment and credentials."""
    right = "write https://host/path, without a query"
    try:
        parts = urlsplit(url)
        there = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        there = False
    if "@" in url.partition("//")[2].partition("/")[0]:
        raise ValueError(f"credentials do not belong in an address; {right}, and name them in [identities.<role>]")
    if not there or not url.isprintable() or re.search(r"[\s?#]", url):
        raise ValueError(f"{url!r} is no address; {right}")
    return url.rstrip("/")


def _proxy(url: str) -> str:
    """The address of a proxy, which may name its user."""
    if not re.fullmatch(r"https?://[^\s/?#]+/?", url):
        raise ValueError("it is no address of a proxy; write http://host:port")
    return url


def _certificates(path: str) -> str:
    """A file of certificates in PEM."""
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        raise ValueError(f"{path} holds no certificates in PEM") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from None
    return path


def _header(value: str) -> str:
    if not value.isprintable():
        raise ValueError("it holds control characters")
    return value


def _header_name(name: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise ValueError("it is no name of a header")
    if name.lower() in ("authorization", "proxy-authorization", "cookie"):
        raise ValueError("credentials belong in a table [identities.<role>]")
    return name


class Limits(_Model):
    """How much a run may ask of the target."""

    requests_per_second: Annotated[float, Field(ge=1 / _DAY)] | None = None
    max_requests: Annotated[int, Field(gt=0)] | None = None
    max_seconds: Annotated[float, Field(gt=0)] = 1800
    max_wait: Annotated[float, Field(ge=0, le=_DAY)] = 60
    """Longest wait, in seconds, that a `Retry-After` may ask for."""
    max_body: Annotated[int, Field(gt=0)] = 4_000_000
    """Longest body of an answer that is read, in bytes."""
    patience: Annotated[float, Field(ge=0, le=_DAY)] = 0
    """How many seconds lists may lag behind writes."""


class Timeouts(_Model):
    """Seconds after which a request is given up."""

    connect: Annotated[float, Field(gt=0, le=_DAY)] = 5
    read: Annotated[float, Field(gt=0, le=_DAY)] = 15
    total: Annotated[float, Field(gt=0, le=_DAY)] = 30


class Tls(_Model):
    """How the server's certificate is verified."""

    verify: bool = True
    ca_file: Annotated[str, AfterValidator(_certificates)] | None = None


class Share(_Model):
    """The request that shares a contact with a user, where the target has one.

    `{contact}` and `{user}` in its path and body are filled in.
    """

    method: Annotated[str, Field(pattern="^(POST|PUT|PATCH)$")] = "POST"
    path: Annotated[str, Field(pattern="^/")]
    body: dict[str, Any] = {}


class Offers(_Model):
    """What the target offers.

    `roles` are those that exist on it, in capitals or not, `without` the requirements (by id prefix) that it is
    without, and `also` the kinds of operation that it has although the page does not document them.
    """

    roles: tuple[Annotated[str, AfterValidator(str.lower)], ...] | None = None
    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class _File(_Model):
    provider: str
    name: str = ""
    base_url: Annotated[str, AfterValidator(_address)]
    writes: bool = False
    leaves_contacts: bool = False
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


_TABLES: Mapping[str, type[_Model]] = {
    "limits": Limits,
    "timeouts": Timeouts,
    "tls": Tls,
    "share": Share,
    "offers": Offers,
}


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret value and the environment variable that it came from; its text form shows the variable only."""

    variable: str
    value: str = field(repr=False)

    def __str__(self) -> str:
        return f"${{{self.variable}}}"


@dataclass(frozen=True, slots=True)
class Identity:
    """Credentials of one role on the target, with what is known of its user."""

    role: str
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.role


ANONYMOUS = Identity("anonymous")


@dataclass(frozen=True, slots=True)
class IdentityKeys:
    """Which keys an identity of a provider may have in the target file."""

    secrets: frozenset[str]
    attributes: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    stand_ins: tuple[str, ...] = ()
    """Roles that checks act as where the target has no identity of the main role; the best first."""
    unwelcome: tuple[str, ...] = ()
    """Roles whose credentials a target is meant to refuse."""


@dataclass(frozen=True, slots=True)
class Target:
    """One server and account under test."""

    provider: str
    base_url: str
    identities: Mapping[str, Identity]
    name: str = ""
    writes: bool = False
    leaves_contacts: bool = False
    known: Mapping[str, str] = field(default_factory=dict)
    share: Share | None = None
    offers: Offers = field(default_factory=Offers)
    limits: Limits = field(default_factory=Limits)
    timeouts: Timeouts = field(default_factory=Timeouts)
    tls: Tls = field(default_factory=Tls)
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    embedded: bool = False
    deviations: Path | None = None
    """The file with the deviations that are accepted on it."""

    @property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine."""
        return bool(_LOOPBACK.match(self.base_url))

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every secret that no artefact may show."""
        return tuple(s for i in self.identities.values() for s in i.secrets.values())

    def shared(self, processes: int) -> Target:
        """The target as one of so many processes of a run sees it: they share its limits evenly."""
        limits = self.limits
        rate, most = limits.requests_per_second, limits.max_requests
        share = limits.model_copy(
            update={
                "requests_per_second": rate / processes if rate else None,
                "max_requests": max(1, most // processes) if most else None,
            }
        )
        return replace(self, limits=share)

    def identity(self, role: str) -> Identity:
        """The identity of this role; NotVerified where the target file has none."""
        found = self.identities.get(role)
        if found is None:
            raise NotVerified(f"the target has no identity '{role}' (table [identities.{role}])")
        return found

    def known_id(self, name: str) -> str:
        """The id that the target file gives under this name; NotVerified where it gives none."""
        found = self.known.get(name)
        if found is None:
            raise NotVerified(f"the target gives no id of '{name}' (key {name} in the table [known])")
        return found


def load(path: Path, keys: IdentityKeys, environ: Mapping[str, str] | None = None) -> Target:
    """The target that a TOML file describes, its secrets read from the environment.

    Raises UsageError with one line for each mistake: which key, what is wrong, what would be right.
    """
    document = _document(path)
    return parse(document, keys, os.environ if environ is None else environ, str(path))


def provider_of(path: Path) -> str:
    """Which provider a target file is for; UsageError where it does not say so or cannot be read."""
    provider = _document(path).get("provider")
    if isinstance(provider, str) and provider in packages.mistakes():
        raise UsageError(f"{path}: {packages.mistakes()[provider]}")
    if provider not in contracts.providers():
        names = ", ".join(contracts.providers())
        raise UsageError(
            f"{path}: provider: {provider!r} is none of {names}"
            if provider
            else f'{path}: provider: missing; write provider = "…", one of {names}'
        )
    return str(provider)


def parse(document: Mapping[str, Any], keys: IdentityKeys, environ: Mapping[str, str], name: str) -> Target:
    """The target that a parsed file describes; errors as in `load`, with `name` for the file."""
    mistakes: list[str] = []
    try:
        file = _File.model_validate(dict(document))
    except ValidationError as error:
        raise UsageError([f"{name}: {line}" for line in _mistakes(error)]) from None
    identities = {}
    for role, entry in file.identities.items():
        if keys.roles and role not in keys.roles:
            mistakes.append(f"identities.{role}: no such role; " + _choice(role, keys.roles))
            continue
        secrets, attributes = {}, {}
        for key, value in entry.items():
            if key in keys.attributes:
                attributes[key] = value
            elif key in keys.secrets:
                secret, mistake = _secret(f"identities.{role}.{key}", value, environ)
                mistakes += mistake
                if secret:
                    secrets[key] = secret
            else:
                mistakes.append(
                    f"identities.{role}.{key}: unknown key; " + _choice(key, keys.secrets | keys.attributes)
                )
        mistakes += [f"identities.{role}.{key}: missing" for key in sorted(keys.required - entry.keys())]
        identities[role] = Identity(role, secrets, attributes)
    mistakes += _unknown("known", file.known, keys.known)
    mistakes += _unknown("settings", file.settings, keys.settings)
    mistakes += _unknown("offers.also", file.offers.also, keys.also)
    for role in file.offers.roles or ():
        if keys.roles and role not in keys.roles:
            mistakes.append(f"offers.roles: no such role {role!r}; " + _choice(role, keys.roles))
    if not file.identities:
        mistakes.append("identities: missing; a run needs at least one table [identities.<role>]")
    if mistakes:
        raise UsageError([f"{name}: {_line(m)}" for m in mistakes])
    return Target(
        provider=file.provider,
        deviations=Path(name).parent / file.deviations if file.deviations else None,
        base_url=file.base_url,
        identities=identities,
        **{
            k: getattr(file, k)
            for k in (
                "name",
                "writes",
                "leaves_contacts",
                "known",
                "share",
                "offers",
                "limits",
                "timeouts",
                "tls",
                "headers",
                "proxy",
                "settings",
            )
        },
    )


def embedded(document: Mapping[str, Any], base_url: str, keys: IdentityKeys) -> Target:
    """The target of an embedded reference server: its identities stand in the clear, since they guard nothing."""
    try:
        file = _File.model_validate({**document, "base_url": base_url})
    except ValidationError as error:
        raise UsageError([f"TARGET of the reference server: {line}" for line in _mistakes(error)]) from None
    identities = {
        role: Identity(
            role,
            {k: Secret(f"{file.provider}_{role}_{k}".upper(), v) for k, v in entry.items() if k in keys.secrets},
            {k: v for k, v in entry.items() if k in keys.attributes},
        )
        for role, entry in file.identities.items()
    }
    return Target(
        provider=file.provider, base_url=base_url, identities=identities, name=file.name or "reference server",
        writes=True, leaves_contacts=True, known=file.known, share=file.share, offers=file.offers, limits=file.limits,
        timeouts=file.timeouts, settings=file.settings, embedded=True,
    )  # fmt: skip


def step_summary(environ: Mapping[str, str] | None = None) -> Path | None:
    """The file that a CI job's summary is collected in, where the environment names one."""
    named = (os.environ if environ is None else environ).get("GITHUB_STEP_SUMMARY")
    return Path(named) if named else None


def in_actions_environment(environ: Mapping[str, str] | None = None) -> bool:
    """Whether this is a CI job, so that progress is plain lines."""
    return bool((os.environ if environ is None else environ).get("CI"))


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8 text") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: is not TOML: {error}") from None


def _secret(key: str, value: str, environ: Mapping[str, str]) -> tuple[Secret | None, list[str]]:
    reference = _REFERENCE.fullmatch(value)
    if reference is None:
        variable = re.sub(r"[^A-Z0-9]+", "_", key.upper().removeprefix("IDENTITIES."))
        return None, [f'{key}: a secret does not belong in a file; write "${{{variable}}}" and set that variable']
    variable = reference[1]
    found = environ.get(variable)
    if not found:
        return None, [f"{key}: the environment variable {variable} is {'empty' if found == '' else 'not set'}"]
    if not found.isprintable() or found != found.strip():
        return None, [f"{key}: the environment variable {variable} holds blanks at its ends or control characters"]
    return Secret(variable, found), []


def _unknown(table: str, entries: Iterable[str], allowed: tuple[str, ...]) -> list[str]:
    return [f"{table}.{e}: unknown key; " + _choice(e, allowed) for e in entries if e not in allowed]


def _choice(wrong: str, right: Iterable[str]) -> str:
    names = sorted(right)
    close = difflib.get_close_matches(wrong, names, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"there are {', '.join(names)}" if names else "there are none"


def _mistakes(error: ValidationError) -> list[str]:
    lines = []
    for each in error.errors():
        key = ".".join(str(p) for p in each["loc"] if p != "[key]")
        if each["type"] == "missing":
            lines.append(f"{key}: missing")
        elif each["type"] == "extra_forbidden":
            table = _TABLES.get(str(each["loc"][0])) if len(each["loc"]) > 1 else _File
            names = table.model_fields if table else ()
            lines.append(f"{key}: unknown key; " + _choice(str(each["loc"][-1]), names))
        elif each["type"] == "value_error":
            lines.append(f"{key}: {each['ctx']['error']}")
        else:
            said = f"{key}: {each['msg'][0].lower()}{each['msg'][1:]}"
            open_ = each["loc"][0] not in ("identities", "headers", "proxy")  # what else may hold a literal secret
            lines.append(f"{said}, not {repr(each['input'])[:80]}" if open_ else said)
    return [_line(line) for line in lines]


def _line(text: str) -> str:
    """The text as one line, whatever stood in the file."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
