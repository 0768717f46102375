import pytest

from contacts_conformance.errors import UsageError
from contacts_conformance.reference.kit.application import choose
from contacts_conformance.reference.kit.options import Options, Variant, by_name


def test_a_wrong_name_brings_up_the_closest_ones() -> None:
    faults = dict.fromkeys(("skip-is-ignored", "limit-is-ignored", "stored-twice"), 1)

    with pytest.raises(UsageError, match="no fault 'skip-ignored'; did you mean skip-is-ignored"):
        choose("fault", "skip-ignored", faults)
    with pytest.raises(UsageError, match="there are 3, and none is like it"):
        choose("fault", "zzz", faults)


def test_variants_are_found_by_their_names() -> None:
    slow, busy = Variant("slow", "", Options(delay=1.0)), Variant("busy", "", Options(busy_every=2))

    assert by_name(slow, busy) == {"slow": slow, "busy": busy}


def test_two_variants_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        by_name(Variant("slow", "", Options(delay=1.0)), Variant("slow", "", Options(delay=2.0)))
