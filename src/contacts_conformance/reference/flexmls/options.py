"""The options of the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contacts_conformance.reference.sparkapi import options


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(options.Options):
    """How the server answers where its page is silent; its ids are those of the page's examples."""

    ids: Literal["26 digits", "24 digits", "letters"] = "24 digits"
