"""Refused methods of the contract (`x-refuses`): the methods that the page promises to refuse.

Other methods are never sent, because some servers apply them to every record.
"""

from contacts_conformance.checks import expect, refused_methods
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract


@each(call=Contract.refused_methods)
@requirement("method.{call}")
def test_a_method_that_the_page_excludes_is_answered_405(call: tuple[str, str], session: Session) -> None:
    answer = refused_methods.excluded(session, *call)

    expect.status(answer, 405)
