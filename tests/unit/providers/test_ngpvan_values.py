"""Which readings count as what was sent: postal addresses, flags, and entries of collections."""

import pytest

from contacts_conformance.providers.ngpvan import holds, same_place, same_profile


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("12 1/2 Example Street", "12 1/2 EXAMPLE ST"),
        ("3-B Saint Ada's Road", "3-B ST ADAS RD"),
        ("New Cañon", "NEW CANON"),
        ("02108", "02108-0001"),
        ("Suite 5", "STE 5"),
    ],
)
def test_a_post_office_may_write_a_place_otherwise(sent: str, read: str) -> None:
    assert same_place(sent, read)
    assert holds([{"line1": sent}], [{"line1": read, "type": "WORK"}])


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("12 1/2 Example Street", "12 1 EXAMPLE ST"),
        ("00501", "501"),
        ("02108", "02108-01"),
        ("02108", "02109-0001"),
        ("New Cañon", "New"),
        ("Example Street", "Example Street 1234"),
        ("Suite 5", ""),
    ],
)
def test_another_place_is_none(sent: str, read: str) -> None:
    assert not same_place(sent, read)
    assert not holds([{"line1": sent}], [{"line1": read}])


def test_a_flag_that_is_false_may_be_missing_and_one_that_is_true_may_not() -> None:
    assert holds([{"doNotEmail": False}], [{}])
    assert not holds([{"doNotEmail": False}], [{"doNotEmail": True}])
    assert not holds([{"doNotEmail": True}], [{}])


def test_an_entry_is_whole_or_none() -> None:
    read = [{"type": "MAIN", "address": "a@example.com"}, {"type": "WORK", "address": "b@example.com"}]

    assert holds(read[:1], read)
    assert not holds([{"type": "MAIN", "address": "b@example.com"}], read)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("http://facebook.com/ada", "https://facebook.com/ada"),
        ("http://Facebook.com/Ada.5", "https://www.facebook.com/Ada.5/"),
        ("https://www.facebook.com/p.php?id=5&v=a%20b", "https://facebook.com/p.php?id=5&v=a%20b"),
    ],
)
def test_a_profile_may_read_as_the_site_redirects_to_it(sent: str, read: str) -> None:
    assert same_profile(sent, read)
    assert holds(sent, read, "facebookProfileUrl")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("http://facebook.com/Ada", "http://facebook.com/ada"),
        ("https://facebook.com/ada", "http://facebook.com/ada"),
        ("http://facebook.com/ada", "facebook.com/ada"),
        ("http://facebook.com/ada", "https://facebook.com"),
        ("https://facebook.com/p.php?id=5&v=a%20b", "https://facebook.com/p.php?id=5&v=a b"),
        ("https://facebook.com/p.php?id=5", "https://facebook.com/p.php"),
        ("http://facebook.com/ada", "http://[facebook.com/ada"),
    ],
)
def test_another_profile_is_none(sent: str, read: str) -> None:
    assert not same_profile(sent, read)
    assert not holds(sent, read, "facebookProfileUrl")
