"""Variants: named ways in which a server may answer differently and still be conformant."""

from __future__ import annotations

from contacts_conformance.reference.kit.options import NOT_LATIN, Variant, by_name
from contacts_conformance.reference.liondesk.options import Options

VARIANTS = by_name(
    # ids and attributes
    Variant("ids-are-digit-texts", "Ids are texts of digits.", Options(ids="digits")),
    Variant("ids-are-uuids", "Ids of contacts are UUIDs.", Options(ids="uuids")),
    Variant("ids-are-large", "Ids need more than 32 bits.", Options(first_id=3_000_000_001)),
    Variant("unset-is-left-out", "Attributes that are not set are left out.", Options(unset="missing")),
    Variant("unset-is-empty", "Texts that are not set are answered empty.", Options(unset="empty")),
    Variant("unset-lookup-is-left-out", "An unset hotness or source is left out.", Options(unset_lookup="missing")),
    Variant(
        "unset-lookup-is-an-object",
        "An unset hotness or source is an object without members.",
        Options(unset_lookup="object"),
    ),
    Variant("lookup-ids-are-shown", "Answers hold hotness_id and source_id as well.", Options(lookup_ids="shown")),
    Variant("related-is-left-out", "Answers hold neither addresses nor custom fields.", Options(related="missing")),
    Variant("extra-attributes", "Answers hold attributes that nobody documents.", Options(extra="some")),
    Variant("whole-seconds", "Instants have whole seconds and end in Z.", Options(notation="seconds-z")),
    Variant("offset-of-utc", "Instants have whole seconds and end in +00:00.", Options(notation="seconds-utc-offset")),
    Variant(
        "offset-of-california", "Instants are written with the offset -07:00.", Options(notation="seconds-pacific")
    ),
    Variant(
        "server-sets-created-at",
        "The time of creation is the server's, whatever was sent.",
        Options(created_at="the server's"),
    ),
    Variant(
        "server-sets-both-times",
        "Both instants are the server's, whatever was sent.",
        Options(created_at="the server's", modified_at="the server's"),
    ),
    Variant(
        "never-edited-has-no-time",
        "A contact that was never edited has no time of the last edit.",
        Options(first_modified_at="none"),
    ),
    Variant(
        "edits-come-after-creations",
        "A time of the last edit that lies before that of the creation, where both are sent, is refused.",
        Options(edits="after the creation"),
    ),
    Variant(
        "idle-changes-are-no-edits",
        "A change to what a contact has already does not move the time of the last edit.",
        Options(idle_changes="no edits"),
    ),
    Variant("clock-is-ahead", "The server's clock is half an hour fast.", Options(clock_ahead=30)),
    Variant("clock-is-behind", "The server's clock is half an hour slow.", Options(clock_ahead=-30)),
    # what is sent
    Variant("over-long-is-cut", "A text above its limit is cut to it.", Options(over_long="cut")),
    Variant("limits-count-bytes", "Limits count bytes.", Options(counted="bytes")),
    Variant(
        "every-text-is-limited",
        "Texts without a documented limit are refused above 255 characters.",
        Options(own_limit=255),
    ),
    Variant(
        "shapes-are-strict",
        "What is no e-mail address, phone number or date is refused where one belongs.",
        Options(shapes="strict"),
    ),
    Variant("letters-are-latin", "Texts may hold no letters but Latin ones.", Options(signs=NOT_LATIN)),
    Variant("signs-are-refused", "Texts may hold no `<`, `>`, `#`, `|` or braces.", Options(signs="<>#|{}")),
    Variant(
        "wide-characters-are-refused",
        "Characters outside the basic plane are refused.",
        Options(wide_characters="refused"),
    ),
    Variant("empty-texts-are-refused", "A text may not be empty.", Options(empty_text="refused", blanks="trimmed")),
    Variant("future-times-are-refused", "No time may lie in the future.", Options(future_times="refused")),
    Variant("blanks-are-trimmed", "Blanks around a text are not kept.", Options(blanks="trimmed")),
    Variant(
        "phones-are-normalised",
        "North American telephone numbers are stored in the form that the page prints.",
        Options(phones="as printed"),
    ),
    Variant("letters-are-composed", "Letters are normalised to their composed form.", Options(letters="composed")),
    Variant("read-only-is-refused", "Read-only members are refused.", Options(read_only="refused")),
    Variant("unknown-is-ignored", "Unknown parameters are ignored.", Options(unknown_parameters="ignored")),
    Variant("unknown-is-refused", "Unknown members are refused.", Options(unknown_members="refused")),
    Variant("outsider-is-ignored", "An assignment to an outsider is ignored.", Options(outsider_assigned="ignored")),
    Variant(
        "assigned-in-turn",
        "A new contact that names nobody is assigned to the members of the team in turn.",
        Options(unassigned="in turn"),
    ),
    Variant(
        "former-assignee-keeps-seeing",
        "A former assignee keeps seeing a contact.",
        Options(former_assignee="keeps seeing"),
    ),
    Variant("put-replaces", "PUT replaces a contact.", Options(put="replaces")),
    # what is asked
    Variant(
        "only-the-page-is-taken",
        "Queries by id, alternatives, selections and numbers below zero are refused, for the page has none of them.",
        Options(extensions="refused", unknown_members="refused"),
    ),
    Variant("nulls-differ", "Null is another value to $ne and $nin.", Options(nulls_differ=True)),
    Variant("case-is-ignored", "Texts are compared and ordered without regard to case.", Options(case="ignored")),
    Variant("one-in-list-is-refused", "A single value for $in or $nin is refused.", Options(one_in_list="refused")),
    Variant(
        "one-in-list-is-500",
        "A single value for $in or $nin is answered 500, as by the vendor's framework on a relational database.",
        Options(one_in_list="breaks"),
    ),
    Variant(
        "operators-beside-equality-are-refused",
        "A field that is given a plain value and an operator is refused, as by parsers that make one object of both.",
        Options(beside_equality="refused"),
    ),
    Variant("raw-brackets-are-refused", "Brackets have to be percent-encoded.", Options(raw_brackets="refused")),
    Variant("one-slash", "An address with two slashes is unknown.", Options(double_slash="unknown")),
    Variant("dates-begin-in-california", "A bare date begins at midnight in California.", Options(bare_date=8)),
    Variant("default-page-of-25", "A page without a limit holds 25 contacts.", Options(default_page=25)),
    Variant("largest-page-of-10", "No page holds more than 10 contacts.", Options(largest_page=10)),
    Variant("no-page-past-the-end", "A page past the end is answered 404.", Options(past_the_end="404")),
    Variant("limit-zero-is-default", "A limit of 0 is taken as none.", Options(zero_limit="the default")),
    Variant(
        "newest-first",
        "Contacts come newest first where no order is asked for, and among equals.",
        Options(order="newest first"),
    ),
    Variant(
        "lists-lag",
        "Lists are answered from a copy of the contacts that is up to a second old.",
        Options(lag=1.0),
        target={"limits": {"patience": 1}},
    ),
    # answers and refusals
    Variant("created-is-200", "A submission is answered 200.", Options(created_status=200)),
    Variant(
        "creation-echoes",
        "The answer to a submission holds what was sent, and the id.",
        Options(after_create="what was sent"),
    ),
    Variant("change-answers-nothing", "A change is answered 200 without a body.", Options(after_change="nothing")),
    Variant("change-answers-204", "A change is answered 204.", Options(after_change="no content")),
    Variant("removal-answers-nothing", "A removal is answered 200 without a body.", Options(after_remove="nothing")),
    Variant("removal-answers-204", "A removal is answered 204.", Options(after_remove="no content")),
    Variant(
        "removal-answers-a-word",
        "A removal is answered with an object that only confirms it.",
        Options(after_remove="a word"),
    ),
    Variant("hidden-is-403", "A contact that one may not see is answered 403.", Options(hidden=403)),
    Variant("unknown-is-410", "An id that does not exist is answered 410.", Options(unknown=410)),
    Variant("removal-may-be-repeated", "A removal is answered 204 however often.", Options(removed_again="no content")),
    Variant("invalid-is-422", "An attribute that is not valid is answered 422.", Options(invalid=422)),
    Variant(
        "malformed-is-500",
        "A body that is not JSON is answered 500, as by the vendor's framework.",
        Options(malformed=500),
    ),
    Variant("unauthenticated-is-403", "A call without a valid token is answered 403.", Options(unauthenticated=403)),
    Variant("errors-are-plain", "A refusal holds nothing but a message.", Options(errors="plain")),
    Variant("errors-are-html", "A refusal is a page of HTML.", Options(errors="html")),
    Variant("errors-are-empty", "A refusal has no body.", Options(errors="empty")),
    # transport
    Variant(
        "media-type-in-capitals",
        "The media type is written in capitals, with a charset.",
        Options(media_type="Application/JSON;Charset=UTF-8"),
    ),
    Variant("connections-are-closed", "Every connection is closed after one answer.", Options(connection="closed")),
    Variant("answers-are-chunked", "Answers come in chunks, without a length.", Options(chunked=True)),
    Variant("integers-have-a-point", "Integers are written as 27.0.", Options(floats=True)),
    Variant("answers-are-compressed", "Answers are compressed for who takes it.", Options(compressed=True)),
    Variant("answers-are-slow", "Every answer takes 20 milliseconds longer.", Options(delay=0.02)),
    Variant(
        "busy-at-times",
        "One request of twenty is answered 429, and taken at once when it is repeated.",
        Options(busy_every=20),
    ),
    # several at once, as real services are
    Variant(
        "like-feathers-on-mysql",
        "Answers as the vendor's framework does on MySQL: whole seconds, no case, 500 for what is not JSON.",
        Options(
            notation="seconds-z",
            case="ignored",
            after_create="what was sent",
            malformed=500,
            one_in_list="breaks",
            beside_equality="refused",
            double_slash="unknown",
            lookup_ids="shown",
        ),
    ),
    Variant(
        "like-a-document-store",
        "Answers as a document store does: UUIDs, nothing for what is unset, null is another value.",
        Options(
            ids="uuids",
            unset="missing",
            unset_lookup="missing",
            nulls_differ=True,
            after_remove="no content",
            order="newest first",
            errors="plain",
        ),
    ),
)
