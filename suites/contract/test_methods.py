"""Methods that the page promises to refuse. Where it is silent nothing is sent: some servers act on every record."""

from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.verdicts.outcomes import each, requirement


@each(call="refused_methods")
@requirement("method.{call}")
def test_a_method_that_the_page_excludes_is_answered_405(call: tuple[str, str], session: Session) -> None:
    answer = round_trip.excluded(session, *call)

    expect.status(answer, 405)
