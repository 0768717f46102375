"""Variants: named ways in which a server may answer differently and still be conformant."""

from __future__ import annotations

from contacts_conformance.reference.kit.options import Variant, by_name
from contacts_conformance.reference.ngpvan.options import Options

VARIANTS = by_name(
    # addresses and redirects
    Variant("only-contacts", "Contacts are created at /contacts alone.", Options(create_at="contacts")),
    Variant(
        "only-find-or-create",
        "Contacts are created at /contacts/findOrCreate alone.",
        Options(create_at="findOrCreate"),
    ),
    Variant(
        "contacts-is-another-resource",
        "Contacts are created at /contacts/findOrCreate; /contacts is there, but takes no POST.",
        Options(create_at="findOrCreate", elsewhere=405),
    ),
    Variant("location-is-absolute", "A redirect leads to a whole URL.", Options(location="absolute")),
    Variant(
        "location-has-a-prefix",
        "A redirect leads to a whole URL with the version of the API before the resource.",
        Options(location="absolute", prefix="/v2"),
    ),
    Variant("location-has-no-scheme", "A redirect leads to `//` and the host.", Options(location="of the host")),
    Variant("location-is-encoded", "The id in a redirect is percent-encoded.", Options(location="encoded")),
    Variant("redirect-has-a-body", "A redirect has a JSON body.", Options(redirect_body=True)),
    Variant("redirect-is-308", "A redirect is answered 308, which says the same.", Options(redirect=308)),
    Variant("redirect-is-307", "A redirect is answered 307.", Options(redirect=307)),
    # ids and answers
    Variant("ids-are-numbers", "A contactId is a number.", Options(ids="numbers")),
    Variant("ids-are-uuids", "A contactId is a UUID.", Options(ids="uuids")),
    Variant("answers-hold-more", "Answers hold members that nobody documents.", Options(extra=True)),
    Variant("repetition-is-201", "A repetition is answered 201 with the id of the first.", Options(repeated=201)),
    Variant("update-answers-the-contact", "An update is answered with the contact.", Options(after_update="contact")),
    Variant("update-answers-nothing", "An update is answered without a body.", Options(after_update="nothing")),
    # what is sent
    Variant("names-are-mandatory", "A contact without a name is refused.", Options(names="mandatory")),
    Variant("update-needs-no-type", "An update needs no type.", Options(update_needs="nothing")),
    Variant("first-of-a-type-stays", "Of two of one type the first is kept.", Options(same_type="first stays")),
    Variant("last-of-a-type-stays", "Of two of one type the last is kept.", Options(same_type="last stays")),
    Variant(
        "lost-names-are-refused",
        "Fields whose names stand on no page are refused.",
        Options(lost_names="refused"),
        {"settings": {}},
    ),
    Variant(
        "lost-names-are-ignored",
        "Fields whose names stand on no page are ignored.",
        Options(lost_names="ignored"),
        {"settings": {}},
    ),
    Variant("types-are-few", "Entries have the types that the page shows, and no others.", Options(types="printed")),
    Variant("texts-are-names", "Texts have Latin letters and the signs of names alone.", Options(signs="of names")),
    Variant("second-of-a-type-moves-on", "A second one of a type gets the type OTHER.", Options(same_type="moves on")),
    Variant("updates-replace", "An update replaces everything that a contact has.", Options(update="replaces")),
    Variant("foreign-keys-are-ignored", "Keys of the other type are ignored.", Options(exclusive="ignored")),
    Variant("bad-prefix-is-dropped", "A prefix that is not available is dropped.", Options(bad_prefix="dropped")),
    Variant("profiles-are-facebooks", "A profile is at facebook.com.", Options(profiles="facebook.com")),
    Variant("unknown-is-ignored", "Unknown members are ignored.", Options(unknown_members="ignored")),
    Variant("blanks-are-trimmed", "Blanks around a text are not kept.", Options(blanks="trimmed")),
    Variant("texts-are-limited", "Texts above 50 characters are refused.", Options(largest_text=50)),
    Variant("texts-are-longer", "Texts above 60 characters are refused.", Options(largest_text=60)),
    Variant("texts-are-short", "Texts above 26 characters are refused.", Options(largest_text=26)),
    Variant("names-are-letters", "Names of people have letters, blanks, `'`, `.` and `-`.", Options(signs="of people")),
    # merging
    Variant("email-is-enough", "A common e-mail alone makes two contacts one.", Options(likeness=frozenset({"email"}))),
    Variant("phone-is-enough", "A common phone alone makes two contacts one.", Options(likeness=frozenset({"phone"}))),
    Variant("name-is-enough", "A common name alone makes two contacts one.", Options(likeness=frozenset({"name"}))),
    Variant(
        "anybody-was-there",
        "A common name alone makes two contacts one, and contacts named like `null` and `None` were there before.",
        Options(likeness=frozenset({"name"}), wins="old", anybody=True),
    ),
    Variant(
        "anything-is-enough",
        "A common name, e-mail or phone makes two contacts one.",
        Options(likeness=frozenset({"email", "phone", "name"})),
    ),
    Variant("letters-matter", "Names that differ in case are different.", Options(letters="matter")),
    Variant("old-values-win", "What a contact has is not replaced by a merge.", Options(wins="old")),
    # reading
    Variant("unset-is-null", "Keys that are not set read null.", Options(unset="null")),
    Variant("unset-is-empty", "Keys that are not set read empty.", Options(unset="empty")),
    Variant("numbers-are-international", "Phones read with a country code.", Options(numbers="international")),
    Variant("numbers-are-punctuated", "Phones read with punctuation.", Options(numbers="punctuated")),
    Variant("ids-read-as-texts", "Ids of codes and fields read as texts.", Options(ids_as="texts")),
    Variant("values-are-decimals", "Numbers in disclosure fields read as 2013.00.", Options(values_as="decimals")),
    Variant("ids-read-as-numbers", "Ids of external sources read as numbers.", Options(ids_as="numbers")),
    Variant(
        "contacts-read-within",
        "A contact that is read is a member of the answer.",
        Options(read_in="an object"),
    ),
    Variant("contacts-read-with-more", "A contact reads with members that nobody sent.", Options(read_extra=True)),
    Variant("contacts-read-with-times", "A contact reads with the time of each reading.", Options(read_touched=True)),
    Variant(
        "profiles-read-redirected",
        "Profiles read as the site redirects to them, by https and with www.",
        Options(profiles_as="redirected"),
    ),
    Variant("flags-are-its-own", "The first entry of each collection is the primary one.", Options(flags="its own")),
    Variant("types-read-in-title-case", "Types read as Individual, Main and Mobile.", Options(types_as="titled")),
    Variant(
        "addresses-are-standardised",
        "Addresses read as a post office writes them: in capitals, ST for Street, ZIP+4.",
        Options(addresses_as="standardised"),
    ),
    Variant(
        "entries-are-tidied",
        "Entries read sorted by type, without flags that are false, with e-mail addresses in small letters.",
        Options(entries_as="tidied"),
    ),
    Variant("entries-have-no-order", "Entries read in another order each time.", Options(entries_as="turned")),
    # refusals and credentials
    Variant("invalid-is-422", "What is not valid is answered 422.", Options(invalid=422, malformed=422)),
    Variant("malformed-is-415", "A body that is not JSON is answered 415.", Options(malformed=415)),
    Variant("unauthenticated-is-403", "A call without a valid key is answered 403.", Options(unauthenticated=403)),
    Variant("errors-are-detailed", "Errors hold a hint, a reference and a link.", Options(errors="detailed")),
    Variant("errors-are-bare", "A refusal is an array of errors.", Options(errors="bare")),
    Variant("errors-are-html", "A refusal is a page of HTML.", Options(errors="html")),
    Variant("errors-are-empty", "A refusal has no body.", Options(errors="empty")),
    Variant("basic-only", "The key is taken by HTTP Basic alone.", Options(schemes=frozenset({"basic"}))),
    Variant("key-case-matters", "The key is taken in lower case alone.", Options(key_case="matters")),
    Variant("there-are-no-keys", "Nobody needs a key, and everybody is one tenant.", Options(keys="unknown")),
    # transport
    Variant(
        "media-type-in-capitals",
        "The media type is written in capitals, with a charset.",
        Options(media_type="Application/JSON;Charset=UTF-8"),
    ),
    Variant("integers-have-a-point", "Integers are written as 27.0.", Options(floats=True)),
    Variant("answers-are-compressed", "Answers are compressed for who takes it.", Options(compressed=True)),
    Variant("answers-are-chunked", "Answers come in chunks, without a length.", Options(chunked=True)),
    Variant("answers-are-slow", "Every answer takes 10 milliseconds longer.", Options(delay=0.01)),
    Variant(
        "busy-at-times",
        "One request of twenty is answered 429, and taken at once when it is repeated.",
        Options(busy_every=20),
    ),
    # several at once
    Variant(
        "like-the-vendor",
        "Answers as clients of the vendor's service have seen it: findOrCreate alone, names needed, nothing refused.",
        Options(
            create_at="findOrCreate",
            names="mandatory",
            same_type="last stays",
            exclusive="ignored",
            unknown_members="ignored",
            location="absolute",
            prefix="/v2",
            likeness=frozenset({"email"}),
            numbers="punctuated",
        ),
    ),
    Variant(
        "like-a-strict-newcomer",
        "Answers as a strict newer service does: UUIDs, 422, detailed errors, old values win.",
        Options(ids="uuids", invalid=422, errors="detailed", wins="old", unset="null", create_at="contacts"),
    ),
)
