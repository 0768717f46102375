"""Exchanges that lie in files: the evidence of a run, and HAR captures of anybody's client."""

from contacts_conformance.traffic.evidence import Evidence, Origin
from contacts_conformance.traffic.stored_exchange import Seen

__all__ = ["Evidence", "Origin", "Seen"]
