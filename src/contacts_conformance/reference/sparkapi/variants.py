"""Variants that both generations have."""

from __future__ import annotations

from typing import TypeVar

from contacts_conformance.reference.kit.options import NOT_LATIN, Variant
from contacts_conformance.reference.sparkapi.options import Options

OptionsT = TypeVar("OptionsT", bound=Options)


def of_both(options: type[OptionsT]) -> tuple[Variant[OptionsT], ...]:
    """The variants of a generation whose options are of this class."""
    return (
        Variant("ids-are-no-digits", "Ids hold letters and a dash.", options(ids="letters")),
        Variant("unset-is-null", "Attributes that are not set are answered null.", options(unset="null")),
        Variant("unset-is-empty", "Texts that are not set are answered empty.", options(unset="empty")),
        Variant("extra-attributes", "Answers hold attributes that nobody documents.", options(extra="some")),
        Variant("signs-are-refused", "Texts may hold no `<`, `>` or `|`.", options(signs="<>|")),
        Variant("letters-are-latin", "Texts may hold no letters but Latin ones.", options(signs=NOT_LATIN)),
        Variant("ids-with-signs", "Ids hold a blank and other signs, which their paths encode.", options(ids="signs")),
        Variant("phones-are-digits", "Telephone numbers may hold no letters.", options(phones="without letters")),
        Variant("empty-is-a-value", "An empty text will do where one is required.", options(empty_texts="values")),
        Variant("over-long-is-cut", "A text above its limit is cut to it.", options(over_long="cut")),
        Variant(
            "duplicates-are-taken", "The same name and address may be submitted twice.", options(duplicates="taken")
        ),
        Variant("duplicate-is-400", "A contact that is there already is answered 400.", options(duplicate=400)),
        Variant("created-is-200", "A creation is answered 200.", options(created=200)),
        Variant(
            "created-later",
            "A creation is accepted for later (202), and the answer tells nothing of the contact.",
            options(created=202),
            tells_little=True,
        ),
        Variant("created-without-id", "The answer to a creation holds the path alone.", options(created_id="hidden")),
        Variant(
            "role-is-405", "What a role may not do is answered 405 with code 1018.", options(no_access=(405, 1018))
        ),
        Variant("large-limit-is-cut", "A limit above 25 is taken for 25.", options(large_limit="cut")),
        Variant("zero-limit-is-refused", "A limit of 0 is refused.", options(zero_limit="refused")),
        Variant("count-without-results", "_pagination=count leaves Results out.", options(counting="missing")),
        Variant("newest-first", "Lists begin with the newest contact.", options(order="newest first")),
        Variant("own-record-by-id", "The signed-in contact has the path of its Id.", options(my_uri="contact")),
        Variant(
            "path-is-signed-as-sent", "A signature covers the path as it was sent.", options(signed_path="as sent")
        ),
        Variant("path-is-signed-decoded", "A signature covers the decoded path.", options(signed_path="decoded")),
        Variant("required-is-1053", "What is missing is answered with code 1053.", options(missing=(400, 1053))),
        Variant("sessions-are-short", "A session has to be renewed after fifteen calls.", options(session_calls=15)),
        Variant(
            "lists-lag",
            "Lists are answered from a copy of the contacts that is up to a second old.",
            options(lag=1.0),
            target={"limits": {"patience": 1}},
        ),
        Variant("busy-now-and-then", "Every fortieth request is answered 429.", options(busy_every=40)),
        Variant("requests-have-ids", "Every answer has the header X-Request-Id.", options(request_ids=True)),
        Variant(
            "charset-is-stated",
            "The content type states the character set.",
            options(media_type="application/json; charset=utf-8"),
        ),
    )
