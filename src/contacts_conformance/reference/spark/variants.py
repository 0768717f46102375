"""Variants: named ways in which a server may answer differently and still be conformant."""

from __future__ import annotations

from contacts_conformance.reference.kit.options import Variant, by_name
from contacts_conformance.reference.sparkapi import variants
from contacts_conformance.reference.sparkapi.options import Options

VARIANTS = by_name(
    *variants.of_both(Options),
    # contacts
    Variant("ids-of-24-digits", "Ids are as long as those of the older service.", Options(ids="24 digits")),
    Variant("whole-seconds", "Instants have whole seconds and end in Z.", Options(notation="seconds-z")),
    Variant("whole-minutes", "Instants have no seconds but 00.", Options(notation="minutes-z"), tells_little=True),
    Variant("seven-digits-of-a-second", "Instants have seven digits of a second.", Options(notation="ticks-z")),
    Variant("instants-with-offset", "Instants are written with the offset -05:00.", Options(notation="seconds-offset")),
    Variant("instants-are-bare", "Instants have whole seconds and no zone.", Options(notation="bare")),
    Variant(
        "instants-are-local",
        "Instants are those of another zone than UTC, and do not say so.",
        Options(notation="bare-local"),
    ),
    Variant(
        "idle-changes-are-no-edits",
        "A change to what a contact has already does not move ModificationTimestamp.",
        Options(idle_changes="no edits"),
    ),
    Variant("note-when-asked", "Note is shown only where it is selected or expanded.", Options(notes="when asked")),
    Variant(
        "lists-are-brief",
        "Lists show contacts with the attributes of the page's example alone.",
        Options(lists="brief"),
    ),
    Variant(
        "status-is-hidden", "Answers show the RecordStatus of unconnected contacts alone.", Options(status="hidden")
    ),
    Variant("owner-is-hidden", "Answers show no OwnerId.", Options(owner="hidden")),
    Variant(
        "administrators-transfer",
        "Administrators transfer others' contacts, and do nothing else with them.",
        Options(administrators="transfer"),
    ),
    # what is sent
    Variant("limits-count-bytes", "Limits count bytes.", Options(counted="bytes")),
    Variant("read-only-is-refused", "Attributes that are not writeable are refused.", Options(read_only="refused")),
    Variant("unknown-is-refused", "Attributes that nobody documents are refused.", Options(unknown_members="refused")),
    Variant(
        "not-permitted-is-ignored",
        "At /my/contact an attribute that is not permitted is ignored.",
        Options(forbidden="ignored"),
    ),
    Variant("array-is-refused", "A creation with an array of contacts is refused.", Options(other_shape="refused")),
    Variant("integers-have-a-point", "Integers are written as 27.0.", Options(floats=True)),
    Variant("entries-have-no-order", "Lists in contacts read in another order each time.", Options(entries="turned")),
    Variant("tags-are-added", "A new contact gets a tag of the service's own.", Options(added_tags=("API Lead",))),
    Variant(
        "no-subset-is-pruned", "Addresses outside SecondaryEmails are left out in silence.", Options(no_subset="pruned")
    ),
    Variant("country-codes-are-digits", "A country code is one or two digits.", Options(country_codes="digits")),
    Variant("no-reverse-prospecting", "ReverseProspecting cannot be switched on.", Options(settings="off")),
    # what is asked
    Variant("unset-is-no-other-value", "Ne and Not do not hold where nothing is set.", Options(unset_differs=False)),
    Variant("letters-are-folded", "Case and accents do not matter in what texts equal.", Options(letters="folded")),
    Variant("filters-are-short", "A filter has at most 1,000 characters.", Options(longest_filter=1_000)),
    Variant("one-level-of-groups", "A group within a group is refused.", Options(groups=1)),
    Variant(
        "no-patterns-on-lists",
        "A wildcard stands for itself in what Tags are compared with.",
        Options(list_patterns="none"),
    ),
    Variant("plain-list-is-refused", "A list without parameters is refused.", Options(plain_lists="refused")),
    Variant(
        "filters-are-lenient",
        "Filters may have True, And Not, and names of attributes in any case.",
        Options(filters="lenient"),
    ),
    Variant("ne-tries-whole-names", "Ne with a wildcard is tried on the whole DisplayName.", Options(ne_words="whole")),
    Variant("no-patterns-on-logins", "A wildcard in a PortalLoginName is refused.", Options(login_patterns="refused")),
    Variant("three-wildcards", "More than three wildcards in a text are refused.", Options(wildcards=3)),
    Variant(
        "unknown-field-is-dropped",
        "A filter loses its unknown attributes, and says so.",
        Options(unknown_field="dropped"),
    ),
    Variant("no-page-past-the-end", "A page past the end is answered 404.", Options(past_the_end="refused")),
    Variant(
        "unknown-names-are-refused",
        "Names that mean nothing are refused wherever names are listed.",
        Options(unknown_names="refused"),
    ),
    Variant(
        "flat-summaries", "What an expansion shows stands beside the contact's attributes.", Options(headings="flat")
    ),
    Variant(
        "unique-check-only",
        "UniquePrimaryEmail is expanded by the name UniquePrimaryEmailCheck.",
        Options(unique="check only"),
    ),
    Variant(
        "no-event-no-time", "The time of the last event is left out where there was none.", Options(no_event="missing")
    ),
    Variant(
        "creation-is-an-event",
        "The creation of a contact counts as the last event of its news feeds.",
        Options(no_event="creation"),
    ),
    Variant("vow-exists-only", "The expansion VowEnabled shows VowExists alone.", Options(vow="exists")),
    Variant("vow-enabled-only", "The expansion VowEnabled shows VowEnabled alone.", Options(vow="enabled")),
    # answers
    Variant(
        "contact-comes-first",
        "A contact that does not exist is 404 for every method.",
        Options(methods="after the contact"),
    ),
    Variant(
        "success-with-results",
        "A success with nothing to show has empty Results.",
        Options(empty_success="empty results"),
    ),
    Variant(
        "read-only-key-is-403", "A write by a role that only reads is answered 403.", Options(no_writing=(403, 1500))
    ),
    Variant(
        "out-of-scope-is-400", "A transfer that is not allowed is answered 400.", Options(out_of_scope=(400, 1053))
    ),
    # sessions and load
)
