"""The command line: its commands, each in a module of its own that is loaded when it is called."""

from __future__ import annotations

import click

from contacts_conformance.cli.group import Group

COMMANDS = {
    "accept": "Accept the failures of these REQUIREMENTS in REPORT, a report.json or its folder, as known deviations.",
    "check-traffic": "Judge the answers in a HAR file that a browser, a proxy or a client recorded.",
    "compare": "Show what changed from the report OLD to the report NEW: each a report.json, or its folder.",
    "docs": "Build a site of static files from the specs and requirements of PROVIDERS (default: all).",
    "doctor": "Check a target file before a run: what is set, what answers, what is missing.",
    "fleet": "Check many targets: each target file of TARGETS in a run of its own, with a folder of its own for "
    "its reports.",
    "init": "Write a target file for an API of PROVIDER: asks for the address, the identities and the ids that checks "
    "need.",
    "list": "List the requirements: all, or those whose ids begin with PREFIX.",
    "merge": "Make the report of one run from its parts: each DIR is the folder of reports of one `run --shard I/N`.",
    "page": "Write conformance.html next to each of REPORTS, the report.json files of earlier runs, or their folders.",
    "prove": "Test the checks of PROVIDERS (default: all): every fault has to be caught, every variant has to pass.",
    "rejudge": "Judge the stored exchanges of an earlier run again.",
    "run": "Check the reference servers of PROVIDERS (default: all), or your own API with --target FILE.",
    "send": "Send one request: METHOD and PATH (below the base URL, with its query), and print the answer.",
    "serve": "Serve the reference server of PROVIDER on 127.0.0.1, until Ctrl-C.",
    "show": "Show one REQUIREMENT: its text, its source, how it is judged, its checks and its faults.",
    "sweep": "Remove the contacts that a killed run left on a target, and nothing else.",
}
"""The commands with the first sentences of their help: what the list of commands shows, which loads none of them."""


@click.group(cls=Group, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="contacts-conformance", prog_name="contacts-conformance")
def main() -> None:
    """Checks whether a contacts API does what its vendor's documentation promises.

    Exit codes: 0 conformant, 1 not conformant, 2 wrong use or configuration, 3 incomplete, 4 target unreachable,
    5 error of the suite. If several apply, the first of 2, 5, 4, 1, 3, 0 is returned.
    """
