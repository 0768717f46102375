"""What an attribute of a contact is: its kind, its limit, and what it can be used for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "instant", "flag", "list"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute; `limit` counts characters, of every entry where it is a list.

    `stored` is false for what is worked out when it is asked for, and for what is acted upon but not kept; `shown` is
    false for what no contact shows by itself.
    """

    name: str
    kind: Kind = "text"
    limit: int | None = None
    writeable: bool = True
    required: bool = False
    searchable: bool = True
    stored: bool = True
    shown: bool = True
    members: tuple[str, ...] = ()
    """Members of an attribute that is shown as an object; its name is that of the object."""

    @property
    def is_list(self) -> bool:
        """Whether it holds several texts."""
        return self.kind == "list"


Attributes: TypeAlias = dict[str, Attribute]


def named(*attributes: Attribute) -> Attributes:
    """The attributes by their names, in their order."""
    return {a.name: a for a in attributes}
