"""Variants: named ways in which a server may answer differently and still be conformant."""

from __future__ import annotations

from contacts_conformance.reference.flexmls.options import Options
from contacts_conformance.reference.kit.options import Variant, by_name
from contacts_conformance.reference.sparkapi import variants

VARIANTS = by_name(
    *variants.of_both(Options),
    Variant("ids-of-26-digits", "Ids are as long as those of the later service.", Options(ids="26 digits")),
    Variant("unsettable-is-refused", "Fields that POST does not support are refused.", Options(read_only="refused")),
    Variant("object-is-refused", "A contact outside an array is refused.", Options(other_shape="refused")),
    Variant("unknown-tag-is-404", "A tag that nobody bears is answered 404.", Options(unknown_tag="404")),
    Variant("failures-are-bare", "A failure that is not an addition's has no body.", Options(failures="bare")),
    Variant("method-comes-second", "A contact is looked for before the method.", Options(methods="after the contact")),
    Variant("home-is-checked", "States have two letters and postal codes five digits.", Options(home="checked")),
    Variant("phones-are-written-anew", "Telephone numbers have the server's own form.", Options(phones="written anew")),
    Variant("integers-have-a-point", "Integers are written as 27.0.", Options(floats=True)),
    Variant("entries-have-no-order", "Lists in contacts read in another order each time.", Options(entries="turned")),
    Variant("tags-are-lower-case", "Tags are kept in lower case.", Options(tag_letters="lower case")),
    Variant(
        "every-contact-has-a-tag",
        "A new contact bears a tag of the service's own as well.",
        Options(own_tag="IDX Lead"),
    ),
    Variant("email-is-needed", "A contact without an address is refused.", Options(email="needed")),
    Variant("lists-show-names", "Lists show no more of contacts than their names.", Options(lists="names")),
    Variant("parameters-are-refused", "Lists refuse parameters and have one page.", Options(parameters="refused")),
    Variant("parameters-are-ignored", "Lists ignore parameters and have one page.", Options(parameters="ignored")),
)
