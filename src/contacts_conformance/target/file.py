"""Reads target files: TOML that describes a server and account, and names the variables that hold its secrets."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contacts_conformance import contract as contracts
from contacts_conformance.contract import packages
from contacts_conformance.errors import UsageError
from contacts_conformance.target import environment
from contacts_conformance.target.tables import TABLES, TargetFile
from contacts_conformance.target.values import Identity, IdentityKeys, Secret, Target

_REFERENCE = re.compile(r"^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$")


def load(path: Path, keys: IdentityKeys, environ: Mapping[str, str] | None = None) -> Target:
    """The target that a TOML file describes, its secrets read from the environment.

    Raises UsageError with one line for each mistake: which key, what is wrong, what would be right.
    """
    document = _document(path)
    return parse(document, keys, environment.variables() if environ is None else environ, str(path))


def provider_of(path: Path) -> str:
    """Which provider a target file is for; UsageError where it does not say so or cannot be read."""
    provider = _document(path).get("provider")
    if isinstance(provider, str) and provider in packages.mistakes():
        raise UsageError(f"{path}: {packages.mistakes()[provider]}")
    if provider not in contracts.providers():
        names = ", ".join(contracts.providers())
        raise UsageError(
            f"{path}: provider: {provider!r} is not a provider; write one of {names}"
            if provider
            else f'{path}: provider: missing; write provider = "…", one of {names}'
        )
    return str(provider)


def parse(document: Mapping[str, Any], keys: IdentityKeys, environ: Mapping[str, str], name: str) -> Target:
    """The target that a parsed file describes; errors as in `load`, with `name` for the file."""
    mistakes: list[str] = []
    try:
        file = TargetFile.model_validate(dict(document))
    except ValidationError as error:
        raise UsageError([f"{name}: {line}" for line in _mistakes(error)]) from None
    identities = {}
    for role, entry in file.identities.items():
        if keys.roles and role not in keys.roles:
            mistakes.append(f"identities.{role}: unknown role; " + _choice(role, keys.roles))
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
        for key in sorted(keys.required - entry.keys()):
            place = f"identities.{role}.{key}"
            mistakes.append(f'{place}: missing; write {key} = "${{{_variable(place)}}}"')
        identities[role] = Identity(role, secrets, attributes)
    mistakes += _unknown("known", file.known, keys.known)
    mistakes += _unknown("settings", file.settings, keys.settings)
    mistakes += _unknown("offers.also", file.offers.also, keys.also)
    for role in file.offers.roles or ():
        if keys.roles and role not in keys.roles:
            mistakes.append(f"offers.roles: unknown role {role!r}; " + _choice(role, keys.roles))
    if not file.identities:
        mistakes.append("identities: missing; add at least one table [identities.<role>]")
    if mistakes:
        raise UsageError([f"{name}: {_line(m)}" for m in mistakes])
    return Target(
        provider=file.provider,
        deviations=Path(name).parent / file.deviations if file.deviations else None,
        base_url=file.base_url,
        identities=identities,
        examples=_place(Path(name).parent, file.examples),
        **{
            k: getattr(file, k)
            for k in (
                "name",
                "writes",
                "leaves_contacts",
                "disposable",
                "known",
                "share",
                "offers",
                "limits",
                "timeouts",
                "tls",
                "headers",
                "proxy",
                "settings",
                "profile",
            )
        },
    )


def embedded(document: Mapping[str, Any], base_url: str, keys: IdentityKeys) -> Target:
    """The target of an embedded reference server: its identities stand in the clear, since they guard nothing."""
    try:
        file = TargetFile.model_validate({**document, "base_url": base_url})
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
        writes=True, leaves_contacts=True, disposable=True, known=file.known, share=file.share, offers=file.offers,
        limits=file.limits, timeouts=file.timeouts, settings=file.settings, embedded=True,
    )  # fmt: skip


def _place(folder: Path, examples: str) -> str:
    """Where examples are kept: a folder is seen from that of the target file."""
    return examples if not examples or "://" in examples else str(folder / examples)


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
        variable = _variable(key)
        return None, [
            f'{key}: the file must not contain a secret; write "${{{variable}}}" and set the environment variable '
            f"{variable}"
        ]
    variable = reference[1]
    text = environ.get(variable)
    place = f"{key}: the environment variable {variable}"
    if not text:
        return None, [f"{place} is {'empty' if text == '' else 'not set'}; set it to the secret"]
    if not text.isprintable() or text != text.strip():
        return None, [f"{place} begins or ends with a blank, or contains control characters; remove them"]
    return Secret(variable, text), []


def _variable(key: str) -> str:
    """The environment variable to suggest for the secret at this key."""
    return re.sub(r"[^A-Z0-9]+", "_", key.upper().removeprefix("IDENTITIES."))


def _unknown(table: str, entries: Iterable[str], allowed: tuple[str, ...]) -> list[str]:
    return [f"{table}.{e}: unknown key; " + _choice(e, allowed) for e in entries if e not in allowed]


def _choice(wrong: str, right: Iterable[str]) -> str:
    names = sorted(right)
    close = difflib.get_close_matches(wrong, names, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"choose from {', '.join(names)}" if names else "none is allowed here"


def _mistakes(error: ValidationError) -> list[str]:
    lines = []
    for each in error.errors():
        key = ".".join(str(p) for p in each["loc"] if p != "[key]")
        if each["type"] == "missing":
            lines.append(f'{key}: missing; write {each["loc"][-1]} = "…"')
        elif each["type"] == "extra_forbidden":
            table = TABLES.get(str(each["loc"][0])) if len(each["loc"]) > 1 else TargetFile
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
