"""Tiny HTTP servers, each wrong or hostile in one way that its name tells; raw sockets, so that anything can be said."""

from .serving import Call, Manner, Miniature, respond, serving

__all__ = ["Call", "Manner", "Miniature", "respond", "serving"]
