"""Who calls in a plan: the roles of the target file, and the users that they act for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contacts_conformance.model import Json
from contacts_conformance.providers.plans import filled
from contacts_conformance.target import Target


class Callers:
    """The roles of a target that plans use, and whose contacts each of them sees.

    Two roles are of one user where the target file says so; a role without a user stands for itself.
    """

    def __init__(self, target: Target, main: str) -> None:
        self._target = target
        self.main = main

    def user(self, role: str) -> str:
        """The user of a role; the role itself where the target file does not say."""
        identity = self._target.identities.get(role or self.main)
        named = identity.attributes.get("user_id", "") if identity is not None else ""
        return named or f"the user of {role or self.main}"

    def there(self, *roles: str) -> list[str]:
        """Those of these roles that the target has; the main one as an empty text.

        Others are among them only where the target file names their user and that of the main one: two roles without
        users may be one.
        """
        named = [r for r in roles if r == self.main or (self.knows(self.main) and self.knows(r))]
        return ["" if r == self.main else r for r in named if r in self._target.identities]

    def own_contact(self, role: str) -> str:
        """The Id of the contact that a role is signed in as; empty where the target file does not name it."""
        identity = self._target.identities.get(role)
        return identity.attributes.get("contact_id", "") if identity is not None else ""

    def of_the_user(self, user: str, roles: Sequence[str]) -> list[str]:
        """Those of these roles that act for a user."""
        return [r for r in roles if self.user(r) == user]

    def knows(self, role: str) -> bool:
        """Whether the target file names the user of a role."""
        identity = self._target.identities.get(role)
        return identity is not None and bool(identity.attributes.get("user_id"))

    def fill(self, value: Json, mark: str, ids: Sequence[str]) -> Json:
        """A value with what stands at its places in this plan."""
        return filled(value, self._filler(mark, ids))

    def _filler(self, mark: str, ids: Sequence[str]) -> Callable[[str], str]:
        def fill(words: str) -> str:
            name, _, of = words.partition(" ")
            match name:
                case "mark":
                    return mark
                case "id":
                    return (ids[int(of)] if of.isdecimal() and int(of) < len(ids) else "") or "0"
                case "known":
                    return self._target.known.get(of, "")
                case "user":
                    identity = self._target.identities.get(of)
                    return identity.attributes.get("user_id", "0") if identity is not None else "0"
            return f"⟦{words}⟧"

        return fill
