"""The commands as a group: each is loaded when it is called, and ends with an exit code of ours.

Where something is wrong, a line says so instead of a traceback.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import click

from contacts_conformance.cli import loading
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode
from contacts_conformance.pytest_plugin import codes, outlet
from contacts_conformance.verdicts import rules


class Group(click.Group):
    """The commands. A mistake of the user is told in a line or more, and so is an error of the suite.

    `modules` gives for each name the first sentence of its help; its module, beside this one, has the object `command`.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands = {name: click.Command(name, help=sentence) for name, sentence in modules.items()}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, loaded; None where there is none."""
        if cmd_name not in self.commands:
            return None
        try:
            with loading.stoppable():
                return self.load(cmd_name)
        except KeyboardInterrupt:
            codes.say(loading.INTERRUPTED)
            ctx.exit(ExitCode.INCOMPLETE)

    def load(self, name: str) -> click.Command:
        """The command of this name, which has to be one of the group's, from its module."""
        module = importlib.import_module(f"{__package__}.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands by their first sentences, without loading one."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        with outlet.lasting() as out:
            code = self._code(*args, **kwargs)
        if out.lost:
            codes.say(out.lost)
            code = rules.worst([code, ExitCode.WRONG_USE])
        sys.exit(code)

    def _code(self, *args: Any, **kwargs: Any) -> int:
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except UsageError as error:
            for line in error.lines:
                codes.say(line)
            return ExitCode.WRONG_USE
        except click.ClickException as error:
            error.show()
            return ExitCode.WRONG_USE
        except click.Abort:
            return _told(KeyboardInterrupt())
        except (Exception, KeyboardInterrupt) as error:
            return _told(error)
        return code if isinstance(code, int) else ExitCode.CONFORMANT


def _told(error: BaseException) -> int:
    code, line = codes.of_error(error)
    codes.say(line)
    return code
