"""Tiny HTTP servers, each wrong or hostile in one way that its name tells; over raw sockets, to say anything."""

from .serving import Call, Manner, Miniature, respond, serving

__all__ = ["Call", "Manner", "Miniature", "respond", "serving"]
