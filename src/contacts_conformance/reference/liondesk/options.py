"""The options of the server: every choice that the page leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contacts_conformance.reference.kit import options
from contacts_conformance.reference.liondesk.fields import default_page
from contacts_conformance.reference.liondesk.instants import Notation


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(options.Options):
    """How a server answers where the page is silent; the defaults are those of the reference server."""

    # ids and attributes
    ids: Literal["numbers", "digits", "uuids"] = "numbers"
    first_id: int = 1
    unset: Literal["null", "missing", "empty"] = "null"
    unset_lookup: Literal["null", "missing", "object"] = "null"
    related: Literal["arrays", "missing"] = "arrays"
    lookup_ids: Literal["hidden", "shown"] = "hidden"
    extra: Literal["none", "some"] = "none"
    notation: Notation = "milliseconds-z"
    created_at: Literal["as sent", "the server's"] = "as sent"
    modified_at: Literal["as sent", "the server's"] = "as sent"
    edits: Literal["at any time", "after the creation"] = "at any time"
    """Whether a time of the last edit before that of the creation is refused, where both are sent."""
    first_modified_at: Literal["now", "none"] = "now"
    """What a contact has that was never edited."""
    clock_ahead: int = 0
    """Minutes by which the server's clock is wrong."""

    # what is sent
    over_long: Literal["refused", "cut"] = "refused"
    counted: Literal["characters", "bytes"] = "characters"
    own_limit: int | None = None
    """Limit of the texts that the page gives none."""
    shapes: Literal["free", "strict"] = "free"
    empty_text: Literal["taken", "refused"] = "taken"
    future_times: Literal["taken", "refused"] = "taken"
    wide_characters: Literal["kept", "refused"] = "kept"
    blanks: Literal["kept", "trimmed"] = "kept"
    phones: Literal["as sent", "as printed"] = "as sent"
    """How a North American telephone number is stored: as it was sent, or in the form that the page prints."""
    letters: Literal["as sent", "composed"] = "as sent"
    read_only: Literal["ignored", "refused"] = "ignored"
    unknown_members: Literal["ignored", "refused"] = "ignored"
    unknown_parameters: Literal["ignored", "refused"] = "refused"
    outsider_assigned: Literal["refused", "ignored"] = "refused"
    unassigned: Literal["nobody", "in turn"] = "nobody"
    """Whom a new contact is assigned to where nobody is named: nobody, or the members of the team by turns."""
    former_assignee: Literal["out", "keeps seeing"] = "out"
    put: Literal["refused", "replaces"] = "refused"

    # what is asked
    extensions: Literal["taken", "refused"] = "taken"
    """What becomes of what the vendor's framework takes in a query, but the page does not mention: `id` as a field,
    `$or`, `$and`, `$select`, and numbers below zero for `$limit` and `$skip`."""
    nulls_differ: bool = False
    """Whether null is another value to `$ne` and `$nin`."""
    case: Literal["matters", "ignored"] = "matters"
    one_in_list: Literal["taken", "refused", "breaks"] = "taken"
    beside_equality: Literal["taken", "refused"] = "taken"
    """What becomes of an operator on a field that is asked for by equality as well."""
    raw_brackets: Literal["taken", "refused"] = "taken"
    double_slash: Literal["taken", "unknown"] = "taken"
    bare_date: int = 0
    """Hour in UTC at which a bare date begins."""
    default_page: int = default_page()
    largest_page: int = 50
    zero_limit: Literal["no contacts", "the default"] = "no contacts"
    past_the_end: Literal["no contacts", "404"] = "no contacts"
    order: Literal["oldest first", "newest first"] = "oldest first"

    # answers and refusals
    created_status: int = 201
    after_create: Literal["contact", "what was sent"] = "contact"
    after_change: Literal["contact", "nothing", "no content"] = "contact"
    after_remove: Literal["contact", "nothing", "no content", "a word"] = "contact"
    invalid: int = 400
    malformed: int = 400
    unauthenticated: int = 401
    hidden: int = 404
    unknown: int = 404
    removed_again: Literal["unknown", "no content"] = "unknown"
    errors: Literal["feathers", "plain", "html", "empty"] = "feathers"

    media_type: str = "application/json; charset=utf-8"
