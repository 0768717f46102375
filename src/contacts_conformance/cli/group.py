"""How a command ends: with an exit code of ours and, where something is wrong, with a line instead of a traceback."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click

from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode
from contacts_conformance.pytest_plugin import codes, outlet
from contacts_conformance.verdicts import rules


class Group(click.Group):
    """The commands. A mistake of the user is told in a line or more, and so is an error of the suite."""

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
