"""The runs of a fleet on a Dask cluster: one of this machine's, or that of a scheduler somewhere.

Dask is imported here alone, and only when a fleet is judged: it is the extra `fleet` of the package.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator, Sequence
from typing import Any

from contacts_conformance.errors import UsageError
from contacts_conformance.fleet.plan import Job, by_account
from contacts_conformance.fleet.state import Ended
from contacts_conformance.fleet.work import Options, carry_out
from contacts_conformance.model import ExitCode

_PATIENCE = 30
"""Seconds in which a scheduler has to answer."""


def distributed() -> Any:
    """Dask's package; UsageError that says how to install it where it is not there."""
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise UsageError(
            "fleet needs Dask, which is not installed: pip install 'contacts-conformance[fleet]'"
        ) from None


@contextlib.contextmanager
def connected(workers: int, scheduler: str) -> Iterator[Any]:
    """A client of the scheduler at this address, or of a cluster on this machine's loopback that ends with it.

    The processes of that know one another by keys that are made for it. UsageError where no scheduler answers.
    """
    dask = distributed()
    with contextlib.ExitStack() as stack:
        if scheduler:
            try:
                yield stack.enter_context(dask.Client(scheduler, timeout=_PATIENCE, set_as_default=False))
            except (OSError, ValueError) as error:
                raise UsageError(f"--scheduler {scheduler}: does not answer: {error}") from None
            return
        cluster = dask.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            protocol="tls",
            security=dask.Security.temporary(),
            dashboard_address="127.0.0.1:0",  # its page is there anyway: on a free port of the loopback
            memory_limit=None,
            silence_logs=50,
        )
        yield stack.enter_context(dask.Client(stack.enter_context(cluster), set_as_default=False))


def ended(client: Any, jobs: Sequence[Job], options: Options) -> Iterator[tuple[Job, Ended]]:
    """How each run ended, as they end. Of the runs on one account, each is submitted when the one before has ended."""
    waiting = {each[0].account: list(each) for each in by_account(jobs)}
    running: dict[Any, Job] = {}
    done = distributed().as_completed(loop=client.loop)

    def submit(account: str) -> None:
        if waiting[account]:
            job = waiting[account].pop(0)
            future = client.submit(carry_out, job, options, key=f"run of {job.name}", pure=False, retries=0)
            running[future] = job
            done.add(future)

    for account in waiting:
        submit(account)
    for future in done:
        job = running.pop(future)
        error = future.exception()
        if error is None:
            yield job, future.result()
        else:
            text = f"its worker was lost: {type(error).__name__}: {error}"
            yield job, Ended(job.name, ExitCode.SUITE_ERROR, 0.0, text, lost=True)
        submit(job.account)
