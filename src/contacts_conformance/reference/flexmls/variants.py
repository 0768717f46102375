"""Named ways in which a conformant server may answer differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Variant
from contacts_conformance.reference.sparkapi.options import Manners

MANNERS = Manners(ids="24 digits")


def _variant(name: str, sentence: str, **choices: Any) -> Variant[Manners]:
    return Variant(name, sentence, replace(MANNERS, **choices))


_ALL = (
    _variant("ids-of-26-digits", "Ids are as long as those of the later service.", ids="26 digits"),
    _variant("ids-are-no-digits", "Ids hold letters and a dash.", ids="letters"),
    _variant("unset-is-null", "Fields that are not set are answered null.", unset="null"),
    _variant("unset-is-empty", "Fields that are not set are answered empty.", unset="empty"),
    _variant("extra-attributes", "Answers hold attributes that nobody documents.", extra="some"),
    _variant("over-long-is-cut", "A text above its limit is cut to it.", over_long="cut"),
    _variant("unsettable-is-refused", "Fields that POST does not support are refused.", read_only="refused"),
    _variant("object-is-refused", "A contact outside an array is refused.", other_shape="refused"),
    _variant("duplicates-are-taken", "The same name and address may be added twice.", duplicates="taken"),
    _variant("duplicate-is-400", "A contact that is there already is answered 400.", duplicate=400),
    _variant("created-is-200", "An addition is answered 200.", created=200),
    _variant("created-without-id", "The answer to an addition holds the path alone.", created_id="hidden"),
    _variant("role-is-405", "What a role may not do is answered 405 with code 1018.", no_access=(405, 1018)),
    _variant("large-limit-is-cut", "A limit above 25 is taken for 25.", large_limit="cut"),
    _variant("zero-limit-is-refused", "A limit of 0 is refused.", zero_limit="refused"),
    _variant("count-without-results", "_pagination=count leaves Results out.", counting="missing"),
    _variant("newest-first", "Lists begin with the newest contact.", order="newest first"),
    _variant("own-path", "The signed-in contact has the path of its own service.", my_uri="my"),
    _variant("required-is-1053", "What is missing is answered with code 1053.", missing=(400, 1053)),
    _variant("unknown-tag-is-404", "A tag that nobody bears is answered 404.", unknown_tag="404"),
    _variant("failures-are-bare", "A failure that is not an addition's has no body.", failures="bare"),
    _variant("method-comes-second", "A contact is looked for before the method.", methods="after the contact"),
    _variant("home-is-checked", "States have two letters and postal codes five digits.", home="checked"),
    _variant("phones-are-written-anew", "Telephone numbers have the server's own form.", phones="written anew"),
    _variant("tags-are-lower-case", "Tags are kept in lower case.", tag_letters="lower case"),
    _variant("every-contact-has-a-tag", "A new contact bears a tag of the service's own as well.", own_tag="IDX Lead"),
    _variant("email-is-needed", "A contact without an address is refused.", email="needed"),
    _variant("parameters-are-refused", "Lists refuse parameters and have one page.", parameters="refused"),
    _variant("parameters-are-ignored", "Lists ignore parameters and have one page.", parameters="ignored"),
    _variant("sessions-are-short", "A session has to be renewed after fifteen calls.", session_calls=15),
    _variant("busy-now-and-then", "Every fortieth request is answered 429.", busy_every=40),
    _variant("requests-have-ids", "Every answer has the header X-Request-Id.", request_ids=True),
    _variant(
        "charset-is-stated", "The content type states the character set.", media_type="application/json; charset=utf-8"
    ),
)

VARIANTS: Mapping[str, Variant[Manners]] = {v.name: v for v in _ALL}
