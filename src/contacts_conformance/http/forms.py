"""Which of many byte strings stand in a text, in time that hardly depends on how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

_FEW = 500
"""Up to so many strings each is looked for by itself, which is fastest."""
_PIECE = 6
"""So many bytes of a string are looked up; shorter strings are looked for by themselves."""
_WINDOW = 65_536
"""So many bytes of a text are taken to pieces at once: each piece takes tens of bytes of memory."""


@lru_cache(maxsize=2)
def _pieces(text: bytes) -> frozenset[bytes]:
    """All pieces of a text; kept while the same text is searched for other strings."""
    return frozenset([text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)])


class Forms(dict[bytes, bytes]):
    """The strings to look for, with what stands for each of them.

    From some hundreds on, a piece of each string is looked up among all pieces of the text: a capture of signed
    requests has a secret for each request, and to look for each of them in each body would be quadratic.
    """

    def __init__(self) -> None:
        super().__init__()
        self._short: list[bytes] = []
        self._by_piece: dict[bytes, list[bytes]] = {}
        self._indexed = 0

    def within(self, text: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The strings that stand in a text."""
        for form in self if len(self) <= _FEW else self._likely(text):
            if form in text:
                yield form, self[form]

    def _likely(self, text: bytes) -> Iterator[bytes]:
        if self._indexed != len(self):
            self._index()
        yield from self._short
        found: set[bytes] = set()
        for at in range(0, len(text), _WINDOW):
            found |= self._by_piece.keys() & _pieces(text[at : at + _WINDOW + _PIECE - 1])
        for piece in found:
            yield from self._by_piece[piece]

    def _index(self) -> None:
        self._short = [f for f in self if len(f) < _PIECE]
        self._by_piece = {}
        for form in self:
            if len(form) >= _PIECE:
                last = len(form) - _PIECE
                # many tokens begin alike, some end alike: the piece that the fewest others have is the one to look up
                piece = min((form[at : at + _PIECE] for at in (last, last // 2, 0)), key=self._sharing)
                self._by_piece.setdefault(piece, []).append(form)
        self._indexed = len(self)

    def _sharing(self, piece: bytes) -> int:
        return len(self._by_piece.get(piece, ()))
