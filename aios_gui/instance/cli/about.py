"""`about`: tells the version and where newer ones are published, and opens that page when it is asked to."""

from __future__ import annotations

import argparse

from aios_gui import __version__
from aios_gui.instance.cli.common import FINE, CommandError, print_json
from aios_gui.text.catalogue import gettext as _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `about`."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--open", action="store_true", help=_("open the page with the releases in the browser"))
    how.add_argument("--json", action="store_true", help=_("print one object"))


def run(arguments: argparse.Namespace) -> int:
    """Print it; CommandError where there is no page to open, or no browser."""
    from aios_gui.system.releases import releases_page

    page = releases_page()
    if arguments.json:
        print_json({"version": __version__, "releases_page": page or None})
        return FINE
    if arguments.open:
        return _open(page)
    print(f"AIOS Heartbeat {__version__}")
    print(
        _("Updates: {page}").format(page=page)
        if page
        else _("Updates are published where you downloaded this.")
    )
    print(_("AIOS Heartbeat never checks by itself."))
    return FINE


def _open(page: str) -> int:
    import webbrowser

    if not page:
        raise CommandError(_("this copy was not told where releases are published; look where you got it"))
    if not webbrowser.open(page):
        raise CommandError(_("no browser could be started; the page is {page}").format(page=page))
    return FINE
