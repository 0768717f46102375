"""What a contact who is signed in reads: the own record."""

from __future__ import annotations

from collections.abc import Iterator

from contacts_conformance.providers import Provider
from contacts_conformance.providers.modelling import Seen
from contacts_conformance.providers.sparkapi.callers import Callers
from contacts_conformance.providers.sparkapi.telling import told
from contacts_conformance.verdicts.response_checks import Observation


def judged(of: str, provider: Provider, callers: Callers, seen: Seen) -> Iterator[Observation]:
    """The record that is read has the Id that the target file names, where it names one."""
    own = callers.own_contact(seen.step.role)
    if not own or seen.record is None or not seen.step.legal:
        return
    row, read = f"{of}.my.own", provider.id_of(seen.record)
    if read == own:
        yield Observation(row)
    else:
        yield told(row, seen.answer, f"contact {own}", f"contact {read}", observed="another contact")
