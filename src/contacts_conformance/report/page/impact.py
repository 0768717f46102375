"""Why a broken promise matters: one sentence for each kind of requirement, told by the parts of its id."""

from __future__ import annotations

_FIELDS = {
    "type": "Clients in typed languages fail on a value that is not of the documented type.",
    "max-length": "A value that the page allows is lost or refused, so that users cannot store what they typed.",
    "no-silent-cut": "Data is lost without anybody being told: what is read back is not what was sent.",
    "create": "What a user enters for a new contact is not what others see afterwards.",
    "change": "An edit that looked successful is not what others see afterwards.",
    "optional": "A client that leaves the field out, as the page allows, cannot do its work.",
    "required": "Contacts without a value that everybody relies on get into the account.",
    "read-only": "A client can overwrite what only the service should decide.",
    "searchable": "A question that the page allows is answered with an error or with the wrong contacts.",
    "exclusive": "Contacts end up with a combination of values that the page rules out.",
}
_OPERATIONS = {
    "accepts": "A request that follows the page to the letter is turned away.",
    "no-server-error": "A server error tells a client nothing that it could act upon, and often hides a worse fault.",
    "status": "Clients decide by the status; another one leads them to repeat, or to give up, wrongly.",
    "content-type": "Clients choose a parser by the content type, and fail on a wrong one.",
    "body": "Generated clients are built from the documented shape, and fail on another one.",
    "no-token": "Whoever knows the address reaches the contacts, without proving who they are.",
    "wrong-token": "Invented credentials are let in, or a client cannot tell that its own have expired.",
}
_FAMILIES = (
    (("access", "role", "owner", "tenant", "team"), "People see or change contacts that are not theirs, or cannot "
     "reach their own."),
    (("auth", "session", "transport"), "Credentials or contacts are exposed, or a rightful client is locked out."),
    (("filter", "prefix", "time", "tag", "collection"), "A client acts on the wrong contacts: some are missing, or "
     "there are some that nobody asked for."),
    (("sort", "order", "page", "pagination", "list"), "Walking through a list skips contacts, or yields them twice."),
    (("merge", "identification"), "Two people become one contact, or one person becomes two."),
    (("transfer", "lifecycle", "create", "update", "change", "remove"), "What a client believes to be stored is not "
     "what is stored."),
    (("text", "json", "shape", "envelope", "answer"), "Clients misread the answer, or fail on it."),
    (("method", "redirect", "error", "refused"), "Clients cannot tell from the answer what went wrong and what to do."),
    (("select", "expand", "read", "lookup"), "Clients get less than they asked for, or something else."),
)  # fmt: skip
_OTHERWISE = "A client that relies on this promise of the page goes wrong against this server."


def why(requirement: str) -> str:
    """Why it matters to users and clients of an API that it keeps the requirement with this id."""
    parts = requirement.split(".")
    family, last = (parts[1], parts[-1]) if len(parts) > 2 else ("", "")
    if family == "field" and last in _FIELDS:
        return _FIELDS[last]
    if family == "operation" and last in _OPERATIONS:
        return _OPERATIONS[last]
    return next((sentence for names, sentence in _FAMILIES if family in names), _OTHERWISE)
