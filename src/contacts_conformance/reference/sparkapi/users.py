"""Agents and their offices, and the keys that act for them or for their clients."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Role: TypeAlias = Literal["IDX", "Public", "VOW", "Portal", "Private"]


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who owns contacts; an administrator may move them between any agents of the MLS."""

    id: str
    name: str
    office: str
    company: str
    mls: str
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """What a caller may act as: a role, for an agent, and where a client has logged in for that client's contact."""

    role: Role
    agent: Agent
    contact: str = ""
    expired: bool = False


@dataclass(frozen=True, slots=True)
class SignedKey:
    """A key of the older kind: it opens a session, and every call is signed with its secret."""

    name: str
    secret: str
    key: Key


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody whom a server knows."""

    agents: Mapping[str, Agent]
    tokens: Mapping[str, Key]
    signed: Mapping[str, SignedKey]


def signature(secret: str, text: str) -> str:
    """The MD5 of a secret and what is to be signed, in hexadecimal digits, as the vendor defined it."""
    return hashlib.md5((secret + text).encode(), usedforsecurity=False).hexdigest()
