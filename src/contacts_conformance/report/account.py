"""What a run did to the account, in words: what is known of it, and no more."""

from __future__ import annotations

from contacts_conformance.http.recording import cut
from contacts_conformance.model import Traffic

_SHOWN = 3


def account(traffic: Traffic) -> str:
    """How many contacts were created, and what became of them; that none is left only where all is known."""
    words = [f"{traffic.created} contacts created"]
    if traffic.removed:
        words.append(f"{traffic.removed} removed{'' if traffic.unknown else ' and confirmed'}")
    if traffic.left:
        ids = ", ".join(cut(i, 40) for i in traffic.left[:_SHOWN]) + (", …" if len(traffic.left) > _SHOWN else "")
        words.append(f"{len(traffic.left)} left behind ({ids})")
    if traffic.unknown:
        words.append(f"unknown whether {traffic.unknown} more exist (the notes say why)")
    if not (traffic.left or traffic.unknown):
        words.append("none left behind")
    return ", ".join(words)
