"""Fields of the contract, in contacts that an account holds already: for runs that may not write."""

from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, reading, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.verdicts import response_checks
from contacts_conformance.verdicts.outcomes import Judge

READ = 3
"""So many contacts are read alone."""


def _shown(session: Session) -> list[tuple[str, Answer]]:
    """The answers that show contacts, each with the kind of its operation."""
    contacts = session.contacts()
    if not session.contract.has("list"):
        return [("read", contacts.send_read(session.found().id))]
    sample = session.sample()
    richest = sorted(sample.records, key=lambda r: len(str(r)), reverse=True)[:READ]
    return [
        *(("list", turned.answer) for turned in sample.pages),
        *(("read", contacts.send_read(i)) for i in contacts.ids(richest)),
    ]


@each(field=Contract.answered_fields)
@reading
@requirement("field.{field}.type")
def test_a_field_has_its_type_in_existing_contacts(field: Field, session: Session, judge: Judge) -> None:
    row = f"{session.contract.provider}.field.{field}.type"

    def observed() -> list[response_checks.Observation]:
        contract, register = session.contract, session.register
        shown = session.once("answers with existing contacts", lambda: _shown(session))
        return [o for k, a in shown for o in response_checks.observe(contract, register, contract.operation(k), a)]

    seen = [o for o in session.once("types of existing contacts", observed) if o.requirement == row]
    judge.cite(*(a.exchange.id for _, a in session.once("answers with existing contacts", lambda: _shown(session))[:1]))
    if not seen:
        raise NotShown(f"no contact that is there shows {field}")
    for observation in seen:
        expect.as_documented([observation], row)
