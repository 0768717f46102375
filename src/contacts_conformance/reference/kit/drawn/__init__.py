"""Faults that nobody listed: operators at places, composed from a provider's contract.

An operator is written once and acts on the wire: it changes a request before the server gets it, so that what is stored
is wrong in every later answer, or the answers of one operation. A `Ground` says where the values of contacts stand in
the requests and answers of a provider. Each fault has a witness of its own, a short sequence of requests to which the
server with the fault answers otherwise than the sound one. Nothing here knows how a suite judges, and no suite knows
what is drawn here.
"""

from __future__ import annotations

from contacts_conformance.reference.kit.drawn.breach import Breach
from contacts_conformance.reference.kit.drawn.drawing import PREFIX, Draw, Drawing, concerned
from contacts_conformance.reference.kit.drawn.world import ticking

__all__ = ["PREFIX", "Breach", "Draw", "Drawing", "concerned", "ticking"]
