"""Where a recorder cut a body: JSON that ends in the middle."""

from __future__ import annotations

import re

_ENDS_CUT = re.compile(
    rb"(?i)(?:\.\.\.|\xe2\x80\xa6|[\[(<]?\s*(?:truncated|cut|snip(?:ped)?|more)\b[^\"{}\[\]]{0,60})[\])>]*\s*\Z"
)
_INSIDE = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def ends_early(content: bytes, size: int) -> bool:
    """Whether JSON ends in the middle, and nothing says that it was sent so; `size` is its length by the capture."""
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return False
    if _ENDS_CUT.search(content[-100:]):
        return True
    if len(content) == size and not _is_round(size):
        return False
    depth = 0
    for match in _INSIDE.finditer(content):
        mark = match[0]
        if mark[:1] == b'"':
            if len(mark) == 1 or not mark.endswith(b'"'):
                return True
        else:
            depth += 1 if mark in b"[{" else -1
    return depth > 0


def _is_round(size: int) -> bool:
    """Whether a length is likely a limit that a recorder cuts at."""
    return any((size + near) % unit == 0 for unit in (1_000, 1_024) for near in (-1, 0, 1)) and size >= 500
