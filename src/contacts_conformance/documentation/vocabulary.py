"""What the site compares, from `capabilities.yaml`: capabilities of providers, and meanings of fields."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Capability(_Model):
    """What is compared: the operations of these kinds, and the requirements with these words after the provider."""

    name: str
    kinds: tuple[str, ...]
    words: tuple[str, ...]


class Meaning(_Model):
    """What is held by fields of different names, with the length that the RESO Data Dictionary suggests for it."""

    name: str
    fields: tuple[str, ...]
    reso: str = ""
    suggested: int | None = None


class Document(_Model):
    """The whole file."""

    capabilities: tuple[Capability, ...]
    meanings: tuple[Meaning, ...]


@cache
def document() -> Document:
    """The file, read once."""
    path = Path(__file__).with_name("capabilities.yaml")
    return Document.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
