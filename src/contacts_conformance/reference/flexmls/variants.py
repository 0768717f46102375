"""Named ways in which a conformant server may answer differently."""

from __future__ import annotations

from contacts_conformance.reference.flexmls.options import Options
from contacts_conformance.reference.kit.options import Variant, by_name

VARIANTS = by_name(
    Variant("ids-of-26-digits", "Ids are as long as those of the later service.", Options(ids="26 digits")),
    Variant("ids-are-no-digits", "Ids hold letters and a dash.", Options(ids="letters")),
    Variant("unset-is-null", "Fields that are not set are answered null.", Options(unset="null")),
    Variant("unset-is-empty", "Fields that are not set are answered empty.", Options(unset="empty")),
    Variant("extra-attributes", "Answers hold attributes that nobody documents.", Options(extra="some")),
    Variant("over-long-is-cut", "A text above its limit is cut to it.", Options(over_long="cut")),
    Variant("unsettable-is-refused", "Fields that POST does not support are refused.", Options(read_only="refused")),
    Variant("object-is-refused", "A contact outside an array is refused.", Options(other_shape="refused")),
    Variant("duplicates-are-taken", "The same name and address may be added twice.", Options(duplicates="taken")),
    Variant("duplicate-is-400", "A contact that is there already is answered 400.", Options(duplicate=400)),
    Variant("created-is-200", "An addition is answered 200.", Options(created=200)),
    Variant("created-without-id", "The answer to an addition holds the path alone.", Options(created_id="hidden")),
    Variant("role-is-405", "What a role may not do is answered 405 with code 1018.", Options(no_access=(405, 1018))),
    Variant("large-limit-is-cut", "A limit above 25 is taken for 25.", Options(large_limit="cut")),
    Variant("zero-limit-is-refused", "A limit of 0 is refused.", Options(zero_limit="refused")),
    Variant("count-without-results", "_pagination=count leaves Results out.", Options(counting="missing")),
    Variant("newest-first", "Lists begin with the newest contact.", Options(order="newest first")),
    Variant("own-path", "The signed-in contact has the path of its own service.", Options(my_uri="my")),
    Variant("required-is-1053", "What is missing is answered with code 1053.", Options(missing=(400, 1053))),
    Variant("unknown-tag-is-404", "A tag that nobody bears is answered 404.", Options(unknown_tag="404")),
    Variant("failures-are-bare", "A failure that is not an addition's has no body.", Options(failures="bare")),
    Variant("method-comes-second", "A contact is looked for before the method.", Options(methods="after the contact")),
    Variant("home-is-checked", "States have two letters and postal codes five digits.", Options(home="checked")),
    Variant("phones-are-written-anew", "Telephone numbers have the server's own form.", Options(phones="written anew")),
    Variant("tags-are-lower-case", "Tags are kept in lower case.", Options(tag_letters="lower case")),
    Variant(
        "every-contact-has-a-tag",
        "A new contact bears a tag of the service's own as well.",
        Options(own_tag="IDX Lead"),
    ),
    Variant("email-is-needed", "A contact without an address is refused.", Options(email="needed")),
    Variant("parameters-are-refused", "Lists refuse parameters and have one page.", Options(parameters="refused")),
    Variant("parameters-are-ignored", "Lists ignore parameters and have one page.", Options(parameters="ignored")),
    Variant("sessions-are-short", "A session has to be renewed after fifteen calls.", Options(session_calls=15)),
    Variant("busy-now-and-then", "Every fortieth request is answered 429.", Options(busy_every=40)),
    Variant("requests-have-ids", "Every answer has the header X-Request-Id.", Options(request_ids=True)),
    Variant(
        "charset-is-stated",
        "The content type states the character set.",
        Options(media_type="application/json; charset=utf-8"),
    ),
)
