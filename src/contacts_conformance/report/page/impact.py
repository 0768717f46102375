"""Why a broken requirement matters: one sentence for each kind of requirement, chosen by the parts of its id."""

from __future__ import annotations

_FIELDS = {
    "type": "Clients in typed languages fail if a value does not have the documented type.",
    "max-length": "A value that the page allows is lost or refused, so users cannot store what they typed.",
    "no-silent-cut": "Data is lost without an error: the value that reads back is not the value that was sent.",
    "create": "A user enters a value for a new contact, and other users see a different value or none.",
    "change": "An update looks successful, but other users do not see it.",
    "optional": "A client that leaves the field out, as the page allows, cannot create contacts.",
    "required": "The account receives contacts without a value on which every client relies.",
    "read-only": "A client can overwrite a value that only the service should set.",
    "searchable": "A search that the page allows returns an error or the wrong contacts.",
    "exclusive": "Contacts can have a combination of values that the page rules out.",
}
_OPERATIONS = {
    "accepts": "The service refuses a request that follows the page exactly.",
    "no-server-error": "A server error gives a client nothing to act on, and often hides a more serious fault.",
    "status": "Clients act on the status; the wrong status makes them repeat a request or give up by mistake.",
    "content-type": "Clients choose a parser by the content type, and a wrong one makes them fail.",
    "body": "Generated clients expect the documented structure, and fail on any other.",
    "no-token": "Anyone who knows the URL can reach the contacts without proving who they are.",
    "wrong-token": "Invalid credentials give access, or a client cannot tell that its own have expired.",
}
_FAMILIES = (
    (("access", "role", "owner", "tenant", "team"), "Users can see or change contacts that are not theirs, or cannot "
     "reach their own."),
    (("auth", "session", "transport"), "Credentials or contacts are exposed, or a legitimate client is locked out."),
    (("filter", "prefix", "time", "tag", "collection"), "A client acts on the wrong contacts: some are missing, or "
     "some do not belong there."),
    (("sort", "order", "page", "pagination", "list"), "A client that reads a list page by page misses contacts or gets "
     "them twice."),
    (("merge", "identification"), "Two people become one contact, or one person becomes two contacts."),
    (("transfer", "lifecycle", "create", "update", "change", "remove"), "The stored data differs from what the client "
     "believes is stored."),
    (("text", "json", "shape", "envelope", "answer"), "Clients misread the response or fail on it."),
    (("method", "redirect", "error", "refused"), "Clients cannot tell from the response what went wrong and what to "
     "do about it."),
    (("select", "expand", "read", "lookup"), "Clients get less data than they asked for, or different data."),
)  # fmt: skip
_OTHERWISE = "A client that relies on this promise of the page does not work with this service."


def why(requirement: str) -> str:
    """Why users and clients of an API need it to meet the requirement with this id."""
    parts = requirement.split(".")
    family, last = (parts[1], parts[-1]) if len(parts) > 2 else ("", "")
    if family == "field" and last in _FIELDS:
        return _FIELDS[last]
    if family == "operation" and last in _OPERATIONS:
        return _OPERATIONS[last]
    return next((sentence for names, sentence in _FAMILIES if family in names), _OTHERWISE)
