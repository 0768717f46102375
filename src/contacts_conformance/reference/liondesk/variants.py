"""Named ways in which a conformant server may answer differently."""

from __future__ import annotations

from collections.abc import Mapping

from contacts_conformance.reference.kit.faults import Variant
from contacts_conformance.reference.liondesk.options import Manners

_ALL = (
    # ids and attributes
    Variant("ids-are-digit-texts", "Ids are texts of digits.", Manners(ids="digits")),
    Variant("ids-are-uuids", "Ids of contacts are UUIDs.", Manners(ids="uuids")),
    Variant("ids-are-large", "Ids need more than 32 bits.", Manners(first_id=3_000_000_001)),
    Variant("unset-is-left-out", "Attributes that are not set are left out.", Manners(unset="missing")),
    Variant("unset-is-empty", "Texts that are not set are answered empty.", Manners(unset="empty")),
    Variant("unset-lookup-is-left-out", "An unset hotness or source is left out.", Manners(unset_lookup="missing")),
    Variant(
        "unset-lookup-is-an-object",
        "An unset hotness or source is an object without members.",
        Manners(unset_lookup="object"),
    ),
    Variant("lookup-ids-are-shown", "Answers hold hotness_id and source_id as well.", Manners(lookup_ids="shown")),
    Variant("related-is-left-out", "Answers hold neither addresses nor custom fields.", Manners(related="missing")),
    Variant("extra-attributes", "Answers hold attributes that nobody documents.", Manners(extra="some")),
    Variant("whole-seconds", "Instants have whole seconds and end in Z.", Manners(notation="seconds-z")),
    Variant("offset-of-utc", "Instants have whole seconds and end in +00:00.", Manners(notation="seconds-utc-offset")),
    Variant(
        "offset-of-california", "Instants are written with the offset -07:00.", Manners(notation="seconds-pacific")
    ),
    Variant(
        "server-sets-created-at",
        "The time of creation is the server's, whatever was sent.",
        Manners(created_at="the server's"),
    ),
    Variant(
        "server-sets-both-times",
        "Both instants are the server's, whatever was sent.",
        Manners(created_at="the server's", modified_at="the server's"),
    ),
    Variant(
        "never-edited-has-no-time",
        "A contact that was never edited has no time of the last edit.",
        Manners(first_modified_at="none"),
    ),
    Variant("clock-is-ahead", "The server's clock is half an hour fast.", Manners(clock_ahead=30)),
    Variant("clock-is-behind", "The server's clock is half an hour slow.", Manners(clock_ahead=-30)),
    # what is sent
    Variant("over-long-is-cut", "A text above its limit is cut to it.", Manners(over_long="cut")),
    Variant("limits-count-bytes", "Limits count bytes.", Manners(counted="bytes")),
    Variant(
        "every-text-is-limited",
        "Texts without a documented limit are refused above 255 characters.",
        Manners(own_limit=255),
    ),
    Variant(
        "shapes-are-strict",
        "What is no e-mail address, phone number or date is refused where one belongs.",
        Manners(shapes="strict"),
    ),
    Variant(
        "wide-characters-are-refused",
        "Characters outside the basic plane are refused.",
        Manners(wide_characters="refused"),
    ),
    Variant("empty-texts-are-refused", "A text may not be empty.", Manners(empty_text="refused", blanks="trimmed")),
    Variant("future-times-are-refused", "No time may lie in the future.", Manners(future_times="refused")),
    Variant("blanks-are-trimmed", "Blanks around a text are not kept.", Manners(blanks="trimmed")),
    Variant("letters-are-composed", "Letters are normalised to their composed form.", Manners(letters="composed")),
    Variant("read-only-is-refused", "Read-only members are refused.", Manners(read_only="refused")),
    Variant(
        "unknown-is-ignored",
        "Unknown members and parameters are ignored.",
        Manners(unknown_members="ignored", unknown_parameters="ignored"),
    ),
    Variant("outsider-is-ignored", "An assignment to an outsider is ignored.", Manners(outsider_assigned="ignored")),
    Variant(
        "former-assignee-keeps-seeing",
        "A former assignee keeps seeing a contact.",
        Manners(former_assignee="keeps seeing"),
    ),
    Variant("put-replaces", "PUT replaces a contact.", Manners(put="replaces")),
    # what is asked
    Variant("nulls-differ", "Null is another value to $ne and $nin.", Manners(nulls_differ=True)),
    Variant("case-is-ignored", "Texts are compared and ordered without regard to case.", Manners(case="ignored")),
    Variant("one-in-list-is-refused", "A single value for $in or $nin is refused.", Manners(one_in_list="refused")),
    Variant(
        "one-in-list-is-500",
        "A single value for $in or $nin is answered 500, as by the vendor's framework on a relational database.",
        Manners(one_in_list="breaks"),
    ),
    Variant(
        "operators-beside-equality-are-refused",
        "A field that is given a plain value and an operator is refused, as by parsers that make one object of both.",
        Manners(beside_equality="refused"),
    ),
    Variant("raw-brackets-are-refused", "Brackets have to be percent-encoded.", Manners(raw_brackets="refused")),
    Variant("one-slash", "An address with two slashes is unknown.", Manners(double_slash="unknown")),
    Variant("dates-begin-in-california", "A bare date begins at midnight in California.", Manners(bare_date=8)),
    Variant("default-page-of-25", "A page without a limit holds 25 contacts.", Manners(default_page=25)),
    Variant("largest-page-of-10", "No page holds more than 10 contacts.", Manners(largest_page=10)),
    Variant("limit-zero-is-default", "A limit of 0 is taken as none.", Manners(zero_limit="the default")),
    Variant(
        "newest-first",
        "Contacts come newest first where no order is asked for, and among equals.",
        Manners(order="newest first"),
    ),
    Variant(
        "lists-lag",
        "Lists are answered from a copy of the contacts that is up to a second old.",
        Manners(lag=1.0),
        target={"limits": {"patience": 1}},
    ),
    # answers and refusals
    Variant("created-is-200", "A submission is answered 200.", Manners(created_status=200)),
    Variant(
        "creation-echoes",
        "The answer to a submission holds what was sent, and the id.",
        Manners(after_create="what was sent"),
    ),
    Variant("change-answers-nothing", "A change is answered 200 without a body.", Manners(after_change="nothing")),
    Variant("change-answers-204", "A change is answered 204.", Manners(after_change="no content")),
    Variant("removal-answers-nothing", "A removal is answered 200 without a body.", Manners(after_remove="nothing")),
    Variant("removal-answers-204", "A removal is answered 204.", Manners(after_remove="no content")),
    Variant(
        "removal-answers-a-word",
        "A removal is answered with an object that only confirms it.",
        Manners(after_remove="a word"),
    ),
    Variant("hidden-is-403", "A contact that one may not see is answered 403.", Manners(hidden=403)),
    Variant("unknown-is-410", "An id that does not exist is answered 410.", Manners(unknown=410)),
    Variant("removal-may-be-repeated", "A removal is answered 204 however often.", Manners(removed_again="no content")),
    Variant("invalid-is-422", "An attribute that is not valid is answered 422.", Manners(invalid=422)),
    Variant(
        "malformed-is-500",
        "A body that is not JSON is answered 500, as by the vendor's framework.",
        Manners(malformed=500),
    ),
    Variant("unauthenticated-is-403", "A call without a valid token is answered 403.", Manners(unauthenticated=403)),
    Variant("errors-are-plain", "A refusal holds nothing but a message.", Manners(errors="plain")),
    Variant("errors-are-html", "A refusal is a page of HTML.", Manners(errors="html")),
    Variant("errors-are-empty", "A refusal has no body.", Manners(errors="empty")),
    # transport
    Variant(
        "media-type-in-capitals",
        "The media type is written in capitals, with a charset.",
        Manners(media_type="Application/JSON;Charset=UTF-8"),
    ),
    Variant("connections-are-closed", "Every connection is closed after one answer.", Manners(connection="closed")),
    Variant("answers-are-chunked", "Answers come in chunks, without a length.", Manners(length="chunked")),
    Variant("answers-are-compressed", "Answers are compressed for who takes it.", Manners(compressed=True)),
    Variant("answers-are-slow", "Every answer takes 20 milliseconds longer.", Manners(delay=0.02)),
    Variant(
        "busy-at-times",
        "One request of twenty is answered 429, and taken at once when it is repeated.",
        Manners(busy_every=20),
    ),
    # several at once, as real services are
    Variant(
        "like-feathers-on-mysql",
        "Answers as the vendor's framework does on MySQL: whole seconds, no case, 500 for what is not JSON.",
        Manners(
            notation="seconds-z",
            case="ignored",
            after_create="what was sent",
            malformed=500,
            one_in_list="breaks",
            beside_equality="refused",
            unknown_members="ignored",
            double_slash="unknown",
            lookup_ids="shown",
        ),
    ),
    Variant(
        "like-a-document-store",
        "Answers as a document store does: UUIDs, nothing for what is unset, null is another value.",
        Manners(
            ids="uuids",
            unset="missing",
            unset_lookup="missing",
            nulls_differ=True,
            unknown_members="ignored",
            after_remove="no content",
            order="newest first",
            errors="plain",
        ),
    ),
)

VARIANTS: Mapping[str, Variant[Manners]] = {variant.name: variant for variant in _ALL}
