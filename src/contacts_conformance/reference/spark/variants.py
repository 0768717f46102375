"""Named ways in which a conformant server may answer differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts_conformance.reference.kit.faults import Variant
from contacts_conformance.reference.sparkapi.options import Manners


def _variant(name: str, sentence: str, **choices: Any) -> Variant[Manners]:
    return Variant(name, sentence, Manners(**choices))


_ALL = (
    # contacts
    _variant("ids-are-no-digits", "Ids hold letters and a dash.", ids="letters"),
    _variant("ids-of-24-digits", "Ids are as long as those of the older service.", ids="24 digits"),
    _variant("unset-is-null", "Attributes that are not set are answered null.", unset="null"),
    _variant("unset-is-empty", "Texts that are not set are answered empty.", unset="empty"),
    _variant("whole-seconds", "Instants have whole seconds and end in Z.", notation="seconds-z"),
    _variant("instants-with-offset", "Instants are written with the offset -05:00.", notation="seconds-offset"),
    _variant("instants-are-bare", "Instants have whole seconds and no zone.", notation="bare"),
    _variant(
        "instants-are-local", "Instants are those of another zone than UTC, and do not say so.", notation="bare-local"
    ),
    _variant("extra-attributes", "Answers hold attributes that nobody documents.", extra="some"),
    _variant("note-when-asked", "Note is shown only where it is selected or expanded.", notes="when asked"),
    _variant("lists-are-brief", "Lists show contacts with the attributes of the page's example alone.", lists="brief"),
    _variant("status-is-hidden", "Answers show the RecordStatus of unconnected contacts alone.", status="hidden"),
    _variant("owner-is-hidden", "Answers show no OwnerId.", owner="hidden"),
    _variant(
        "administrators-transfer",
        "Administrators transfer others' contacts, and do nothing else with them.",
        administrators="transfer",
    ),
    _variant("own-path", "The signed-in contact has the path of its own service.", my_uri="my"),
    # what is sent
    _variant("over-long-is-cut", "A text above its limit is cut to it.", over_long="cut"),
    _variant("limits-count-bytes", "Limits count bytes.", counted="bytes"),
    _variant("read-only-is-refused", "Attributes that are not writeable are refused.", read_only="refused"),
    _variant("unknown-is-refused", "Attributes that nobody documents are refused.", unknown_members="refused"),
    _variant(
        "not-permitted-is-ignored", "At /my/contact an attribute that is not permitted is ignored.", forbidden="ignored"
    ),
    _variant("array-is-refused", "A creation with an array of contacts is refused.", other_shape="refused"),
    _variant("duplicates-are-taken", "The same name and address may be submitted twice.", duplicates="taken"),
    _variant("duplicate-is-400", "A contact that is there already is answered 400.", duplicate=400),
    _variant("tags-are-added", "A new contact gets a tag of the service's own.", added_tags=("API Lead",)),
    _variant("no-subset-is-pruned", "Addresses outside SecondaryEmails are left out in silence.", no_subset="pruned"),
    _variant("country-codes-are-digits", "A country code is one or two digits.", country_codes="digits"),
    # what is asked
    _variant("unset-is-no-other-value", "Ne does not hold where nothing is set.", unset_differs=False),
    _variant("one-level-of-groups", "A group within a group is refused.", groups=1),
    _variant(
        "no-patterns-on-lists", "A wildcard stands for itself in what Tags are compared with.", list_patterns="none"
    ),
    _variant("three-wildcards", "More than three wildcards in a text are refused.", wildcards=3),
    _variant(
        "unknown-field-is-dropped", "A filter loses its unknown attributes, and says so.", unknown_field="dropped"
    ),
    _variant("large-limit-is-cut", "A limit above 25 is taken for 25.", large_limit="cut"),
    _variant("no-page-past-the-end", "A page past the end is answered 404.", past_the_end="refused"),
    _variant("zero-limit-is-refused", "A limit of 0 is refused.", zero_limit="refused"),
    _variant(
        "unknown-names-are-refused",
        "Names that mean nothing are refused wherever names are listed.",
        unknown_names="refused",
    ),
    _variant("count-without-results", "_pagination=count leaves Results out.", counting="missing"),
    _variant("newest-first", "Lists begin with the newest contact.", order="newest first"),
    _variant("flat-summaries", "What an expansion shows stands beside the contact's attributes.", headings="flat"),
    _variant(
        "unique-check-only", "UniquePrimaryEmail is expanded by the name UniquePrimaryEmailCheck.", unique="check only"
    ),
    _variant("no-event-no-time", "The time of the last event is left out where there was none.", no_event="missing"),
    _variant("vow-exists-only", "The expansion VowEnabled shows VowExists alone.", vow="exists"),
    _variant("vow-enabled-only", "The expansion VowEnabled shows VowEnabled alone.", vow="enabled"),
    # answers
    _variant(
        "contact-comes-first", "A contact that does not exist is 404 for every method.", methods="after the contact"
    ),
    _variant("created-is-200", "A creation is answered 200.", created=200),
    _variant("created-without-id", "The answer to a creation holds the path alone.", created_id="hidden"),
    _variant(
        "success-with-results", "A success with nothing to show has empty Results.", empty_success="empty results"
    ),
    _variant("role-is-405", "What a role may not do is answered 405 with code 1018.", no_access=(405, 1018)),
    _variant("read-only-key-is-403", "A write by a role that only reads is answered 403.", no_writing=(403, 1500)),
    _variant("out-of-scope-is-400", "A transfer that is not allowed is answered 400.", out_of_scope=(400, 1053)),
    _variant("required-is-1053", "What is missing is answered with code 1053.", missing=(400, 1053)),
    _variant("requests-have-ids", "Every answer has the header X-Request-Id.", request_ids=True),
    _variant(
        "charset-is-stated", "The content type states the character set.", media_type="application/json; charset=utf-8"
    ),
    # sessions and load
    _variant("sessions-are-short", "A session has to be renewed after fifteen calls.", session_calls=15),
    _variant("busy-now-and-then", "Every fortieth request is answered 429.", busy_every=40),
)

VARIANTS: Mapping[str, Variant[Manners]] = {v.name: v for v in _ALL}
