"""What happens to a signal while modules are being loaded."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = "interrupted before anything was sent"


@contextmanager
def stoppable() -> Iterator[None]:
    """SIGTERM raises KeyboardInterrupt, as SIGINT does, where it would end the process without a word."""
    is_main = threading.current_thread() is threading.main_thread()
    ends = is_main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    try:
        if ends:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        yield
    finally:
        if ends:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
