from contacts_conformance.oracle.merging import Submission
from contacts_conformance.providers.ngpvan import submission

MAIN = {"address": "ada@example.com", "type": "MAIN"}
ADA = {"type": "INDIVIDUAL", "firstName": "Ada", "lastName": "Byron", "emails": [MAIN]}
FIRM = {"type": "ORGANIZATION", "commonName": "Analytical Engines", "phones": [{"number": "1", "type": "WORK"}]}


def test_a_body_tells_names_emails_and_phones() -> None:
    assert submission(ADA) == Submission(
        ("INDIVIDUAL", "Ada", "Byron"), ("Ada", "Byron"), emails=(("MAIN", "ada@example.com"),)
    )
    assert submission(FIRM) == Submission(
        ("ORGANIZATION", "Analytical Engines"), ("Analytical Engines",), phones=("1",)
    )


def test_names_are_whole_or_none() -> None:
    assert submission({"type": "INDIVIDUAL", "firstName": "Ada"}) == Submission(None, ("Ada",))
    assert submission({**FIRM, "type": "PERSON"}).name is None
    assert submission({}) == Submission(None)
