"""Methods that the page promises to refuse. Where it is silent nothing is sent: some servers act on every record."""

from contacts_conformance import trials
from contacts_conformance.judging import each, requirement
from contacts_conformance.session import Session


@each(call="refused_methods")
@requirement("method.{call}")
def test_a_method_that_the_page_excludes_is_answered_405(call: tuple[str, str], session: Session) -> None:
    answer = trials.excluded(session, *call)

    assert answer.status == 405, answer
