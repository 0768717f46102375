"""The options of the server: every choice that the page leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contacts_conformance.reference.kit import options


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(options.Options):
    """How a server answers where the page is silent; the defaults are those of the reference server."""

    # addresses
    create_at: Literal["both", "contacts", "findOrCreate"] = "both"
    elsewhere: int = 404
    """Status of the path that is not there, where there is only one."""
    prefix: str = ""
    """What lies before `/contacts` in a Location."""
    location: Literal["relative", "absolute", "encoded", "of the host"] = "relative"
    redirect: int = 301
    redirect_body: bool = False

    # ids and answers
    ids: Literal["texts", "numbers", "uuids"] = "texts"
    repeated: int = 200
    """Status of a submission that repeats a contact as it is."""
    extra: bool = False
    after_update: Literal["reference", "contact", "nothing"] = "reference"

    # what is sent
    names: Literal["enough", "mandatory"] = "enough"
    update_needs: Literal["type", "nothing"] = "type"
    update: Literal["merges", "replaces"] = "merges"
    same_type: Literal["refused", "first stays", "last stays", "moves on"] = "refused"
    """What becomes of a second entry of one type; one that moves on gets the type OTHER."""
    exclusive: Literal["refused", "ignored"] = "refused"
    bad_prefix: Literal["refused", "dropped"] = "refused"
    profiles: Literal["any host", "facebook.com"] = "any host"
    lost_names: Literal["kept", "refused", "ignored"] = "kept"
    """What becomes of fields whose names stand on no page."""
    types: Literal["all", "printed"] = "all"
    """The types that entries may have: all that clients know, or those that the page shows."""
    signs: Literal["any", "of names", "of people"] = "any"
    """The signs that a text may have; those of names are Latin letters, digits, and few more. Or those that the names
    of people may have: letters, and fewer."""
    unknown_members: Literal["refused", "ignored"] = "refused"
    blanks: Literal["kept", "trimmed"] = "kept"
    largest_text: int | None = None

    # merging
    likeness: frozenset[Literal["email", "phone", "name"]] = frozenset()
    """What is enough by itself for two contacts to be one, beyond the same name with a common e-mail or phone."""
    anybody: bool = False
    """Whether contacts whose names are words like "null" were there before."""
    letters: Literal["matter", "folded"] = "folded"
    wins: Literal["new", "old"] = "new"

    # reading
    unset: Literal["missing", "null", "empty"] = "missing"
    numbers: Literal["as sent", "international", "punctuated"] = "as sent"
    ids_as: Literal["sent", "texts", "numbers"] = "sent"
    values_as: Literal["sent", "decimals"] = "sent"
    """How numbers read that are values of disclosure fields."""
    read_extra: bool = False
    read_in: Literal["itself", "an object"] = "itself"
    """Whether a contact that is read is the answer, or the only contact in it."""
    profiles_as: Literal["sent", "redirected"] = "sent"
    """Redirected profiles are written as the site redirects to them: by https, with www."""
    flags: Literal["sent", "its own"] = "sent"
    """Whether a service sets the flag of the primary entry by itself, on the first one."""
    read_touched: bool = False
    """Whether a contact and its entries read with the time of the last request."""
    types_as: Literal["sent", "titled"] = "sent"
    entries_as: Literal["sent", "tidied", "turned"] = "sent"
    """Tidied entries are sorted by their types, without flags that are false, and with addresses in small letters;
    turned ones come in another order each time."""
    addresses_as: Literal["sent", "standardised"] = "sent"
    """Standardised addresses are written as a post office writes them."""

    # refusals and credentials
    invalid: int = 400
    malformed: int = 400
    unauthenticated: int = 401
    errors: Literal["vendor", "detailed", "bare", "html", "empty"] = "vendor"
    schemes: frozenset[Literal["basic", "header"]] = frozenset({"basic", "header"})
    key_case: Literal["ignored", "matters"] = "ignored"
    keys: Literal["needed", "unknown"] = "needed"
    """Whether there are keys; where they are unknown, everybody is one tenant."""

    media_type: str = "application/json; charset=utf-8"
