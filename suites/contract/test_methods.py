"""Refused methods of the contract (`x-refuses`): the methods that the page promises to refuse.

Other methods are never sent, because some servers apply them to every record.
"""

from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.verdicts.outcomes import each, requirement


@each(call="refused_methods")
@requirement("method.{call}")
def test_a_method_that_the_page_excludes_is_answered_405(call: tuple[str, str], session: Session) -> None:
    answer = round_trip.excluded(session, *call)

    assert answer.status == 405, answer
