"""The options of both generations: every choice that the two pages leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contacts_conformance.reference.kit import options
from contacts_conformance.reference.sparkapi.instants import Notation


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(options.Options):
    """How a server answers where its page is silent; the defaults are those of the reference servers."""

    # contacts
    ids: Literal["26 digits", "24 digits", "letters", "signs"] = "26 digits"
    unset: Literal["missing", "null", "empty"] = "missing"
    notation: Notation = "milliseconds-z"
    extra: Literal["none", "some"] = "none"
    notes: Literal["always", "when asked"] = "always"
    """When the attribute Note is shown: in every contact, or only where it is selected or expanded."""
    lists: Literal["whole", "brief", "names"] = "whole"
    """Whether a list shows contacts with all their attributes, or with those of the page's example alone."""
    owner: Literal["shown", "hidden"] = "shown"
    status: Literal["shown", "hidden"] = "shown"
    """Whether answers show a RecordStatus that nobody selected; unconnected contacts always do."""
    administrators: Literal["reach everything", "transfer"] = "reach everything"
    """What an administrator of an MLS may do with the contacts of others."""
    my_uri: Literal["contact", "my"] = "my"
    """The path that the signed-in contact is shown with: that of its Id, which it may not call, or `/my/contact`."""

    # what is sent
    over_long: Literal["refused", "cut"] = "refused"
    empty_texts: Literal["nothing", "values"] = "nothing"
    """What an empty text is where one is required."""
    counted: Literal["characters", "bytes"] = "characters"
    read_only: Literal["ignored", "refused"] = "ignored"
    unknown_members: Literal["ignored", "refused"] = "ignored"
    forbidden: Literal["refused", "ignored"] = "refused"
    """What becomes of attributes that may not be changed at /my/contact, or not back to what they were."""
    other_shape: Literal["taken", "refused"] = "taken"
    """Whether the body of the other generation is taken: an array of contacts, or one bare contact."""
    duplicates: Literal["refused", "taken"] = "refused"
    no_subset: Literal["refused", "pruned"] = "refused"
    country_codes: Literal["letters and digits", "digits"] = "letters and digits"
    added_tags: tuple[str, ...] = ()
    """Tags that every new contact gets."""
    entries: Literal["as sent", "turned"] = "as sent"
    """Whether lists in contacts, such as Tags, keep their order, or are shown in another one each time."""
    repeated_tags: Literal["kept", "merged"] = "merged"

    # what is asked
    unset_differs: bool = True
    """Whether Ne, and Not before Eq, hold for a text that is not set; if not, neither Eq nor its opposite does."""
    letters: Literal["matter", "folded"] = "matter"
    """Whether texts are equal that differ in their case, their accents or blanks at their ends alone."""
    wildcards: int | None = None
    list_patterns: Literal["some", "none"] = "some"
    """Whether a text with a wildcard is a pattern where a list is asked for, as it is where a text is."""
    ne_words: Literal["words", "whole"] = "words"
    """What Ne with a wildcard is tried on in a DisplayName: each of its words, or the whole name."""
    filters: Literal["strict", "lenient"] = "strict"
    """Whether True, And Not, and names of attributes in any case are understood in a filter as well."""
    login_patterns: Literal["literal", "refused"] = "literal"
    """What becomes of a wildcard in a PortalLoginName that is looked for."""
    plain_lists: Literal["taken", "refused"] = "taken"
    """What becomes of a list of contacts without any parameter."""
    groups: int = 2
    longest_filter: int | None = None
    unknown_field: Literal["refused", "dropped"] = "refused"
    large_limit: Literal["refused", "cut"] = "refused"
    zero_limit: Literal["no contacts", "refused"] = "no contacts"
    past_the_end: Literal["no contacts", "refused"] = "no contacts"
    unknown_names: Literal["ignored", "refused"] = "ignored"
    """Names in _select, _expand and _orderby that mean nothing, or nothing to this role."""
    counting: Literal["empty", "missing"] = "empty"
    """How Results is answered to _pagination=count."""
    order: Literal["oldest first", "newest first"] = "oldest first"
    headings: Literal["nested", "flat"] = "nested"
    """Whether the attributes of an expansion stand under its heading or beside the contact's own."""
    no_event: Literal["null", "missing", "creation"] = "null"
    """How expansions show the time of the last event where there was none; it can be that of the creation."""
    unique: Literal["both names", "check only"] = "both names"
    vow: Literal["both", "exists", "enabled"] = "both"

    # answers
    created: int = 201
    created_id: Literal["shown", "hidden"] = "shown"
    empty_success: Literal["no results", "empty results"] = "no results"
    removed_status: int = 200
    no_access: tuple[int, int] = (403, 1500)
    no_writing: tuple[int, int] = (405, 1017)
    unknown_contact: int = 404
    missing: tuple[int, int] = (400, 1050)
    duplicate: int = 409
    out_of_scope: tuple[int, int] = (403, 1500)

    unknown_tag: Literal["nothing", "404"] = "nothing"
    failures: Literal["enveloped", "bare"] = "enveloped"
    """Whether a failure that is not an addition's comes in an envelope."""
    methods: Literal["first", "after the contact"] = "first"
    """Whether a method that is not there is refused before the contact or tag in the path is looked for."""

    phones: Literal["as sent", "without letters", "written anew"] = "as sent"
    """Whether telephone numbers with letters are refused; the older generation may write them anew."""
    settings: Literal["any", "off"] = "any"
    """Whether settings may be switched on."""

    # what the older generation alone leaves open
    home: Literal["any text", "checked"] = "any text"
    """Whether the state and postal code of the home have to look like some."""
    tag_letters: Literal["as sent", "lower case"] = "as sent"
    own_tag: str = ""
    """A tag that every new contact gets beside those that were sent."""
    email: Literal["optional", "needed"] = "optional"
    parameters: Literal["taken", "ignored", "refused"] = "taken"
    """What lists do with parameters; where they do not take them, a list is one page."""

    # sessions
    signed_path: Literal["either", "as sent", "decoded"] = "either"
    """The form of the path that a signature covers."""
    session_calls: int | None = None
    """After how many calls a session has to be renewed."""
