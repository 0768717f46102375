"""Words that programs take for nothing, for a switch or for a number, as whole values of texts that may be any."""

from __future__ import annotations

from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field, specimens
from contacts_conformance.contract.specimens import Specimen
from contacts_conformance.providers import Provider, Wordy


def texts(provider: Provider) -> frozenset[str]:
    """The texts of the provider's contacts that may be any word; none where it names none."""
    return provider.wordy if isinstance(provider, Wordy) else frozenset()


def of(session: Session, field: Field, kind: str) -> list[Specimen]:
    """The words that a text meets in one kind of request, in an order that is drawn.

    Creations begin with the longest text, and then with those that changes come to last, so that few requests of both
    show most words.
    """
    words = specimens.words(session.random(f"words {field.name} {session.generation}"), field.max_length)
    if kind == "create":
        words.reverse()
        words.sort(key=lambda w: "longest" not in w.kinds)
    return words
