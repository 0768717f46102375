"""How the processes of a spread run end: each has the time that it needs to clean up."""

from __future__ import annotations

import functools
import importlib
import os
import signal
import threading
from typing import Any

import pytest

from contacts_conformance.http import interruption

_LONGEST = 600
"""Seconds after which a process that still cleans up is ended; left to itself, xdist waits for ten."""


def give_time(config: pytest.Config) -> None:
    """Lets the processes of a spread run clean up after the run was interrupted."""
    if config.getoption("dist", "no") != "no":
        manage: Any = importlib.import_module("xdist.workermanage")
        manage.NodeManager.EXIT_TIMEOUT = _LONGEST
    if hasattr(config, "workerinput"):
        gateways = (getattr(getattr(p, "channel", None), "gateway", None) for p in config.pluginmanager.get_plugins())
        for gateway in filter(None, gateways):
            gateway._terminate_execution = functools.partial(_end, gateway)


def _end(gateway: Any) -> None:
    """Does what execnet does when an end is wanted, but that clean-up may take longer than ten seconds."""
    gateway._execpool.trigger_shutdown()
    if not gateway._execpool.waitall(1.0):
        if not interruption.has_come():
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        if not gateway._execpool.waitall(float(_LONGEST)):
            os._exit(1)
