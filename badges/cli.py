"""The `jalon` command: prepare, serve, load the demo, migrate, manage keys, export.

Every failure a person can mend is one sentence on standard error and exit status 1, never a traceback.
"""

import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy.exc import DBAPIError

from badges import demo as demonstration
from badges import key_commands, rights_commands
from badges.db import Database
from badges.models.people import OrganisationKind
from badges.services import export as exports
from badges.services import installation as installations
from badges.services import installation_key, staff
from badges.services import trust as bundles
from badges.services.errors import Refused
from badges.services.installation import Installation
from badges.settings import Settings, SettingsError
from badges.vc_api import server as conformance
from badges.vc_api.contexts import allow_list
from verify.standards.documents import shipped_contexts


class Sentences(click.Group):
    """A command group whose foreseeable failures end in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what a person can mend into a sentence."""
        try:
            return super().invoke(ctx)
        except (SettingsError, Refused) as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            raise click.ClickException(f"Impossible d’écrire ou de lire {error.filename} : {error.strerror}.") from None
        except DBAPIError as error:
            raise click.ClickException(f"La base de données ne répond pas ({type(error.orig).__name__}).") from None


@click.group(cls=Sentences)
def main() -> None:
    """Jalon : reconnaître des compétences par des badges vérifiables."""


@main.command()
@click.option(
    "--organisation", prompt="Nom de votre organisation (région, branche…)", help="Name of the first organisation"
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in OrganisationKind]),
    default=OrganisationKind.REGION.value,
    show_default=True,
)
@click.option("--name", prompt="Votre nom", help="Name of the first administrator")
@click.option("--email", prompt="Votre adresse e-mail", help="E-mail of the first administrator")
def init(organisation: str, kind: str, name: str, email: str) -> None:
    """Prepare a real installation: secret, database, first organisation and its administrator."""
    settings = Settings.from_environment()
    installations.prepare(settings)
    with installations.opened(settings) as installation, installation.database.writing() as session:
        now = installation.clock()
        token = staff.first_administrator(
            session,
            installation,
            organisation_name=organisation,
            kind=OrganisationKind(kind),
            name=name,
            email=email,
            now=now,
        )
        session.commit()
        click.echo("Installation prête. Choisissez votre mot de passe avec ce lien, valable une fois, sept jours :")
        click.echo(f"  {installation.base_url}/lien/{token}")
        click.echo("Puis lancez : jalon serve")


@main.command()
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, envvar="JALON_WORKERS")
@click.option("--demo", "with_demo", is_flag=True, help="Load the demo first (once) and say who to sign in as")
def serve(workers: int, *, with_demo: bool) -> None:
    """Serve in the foreground until interrupted."""
    settings = Settings.from_environment()
    if with_demo:
        installations.prepare(settings)
    with installations.opened(settings) as installation:
        _ensure_key(installation)
        if with_demo:
            _say_sign_ins(installation)
        click.echo(
            f"Jalon écoute sur http://{settings.host}:{settings.port} ; adresse publique {installation.base_url}"
        )
    _check_port(settings)
    server = Granian(
        target="badges.app:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        respawn_failed_workers=True,
        websockets=False,
    )
    server.serve()


@main.command()
@click.option(
    "--export", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write the badges to a folder"
)
def demo(folder: Path | None) -> None:
    """Load the demo (once) and say who to sign in as; with --export, write its badges and trust bundle."""
    settings = Settings.from_environment()
    installations.prepare(settings)
    with installations.opened(settings) as installation:
        if folder is None:
            _say_sign_ins(installation)
        else:
            demonstration.load(installation)
            _export(installation, folder)


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables to the revision this version needs; loses nothing."""
    database = Database(Settings.from_environment().database_url)
    try:
        installations.upgrade(database)
    finally:
        database.close()
    click.echo("La base de données est à jour.")


main.add_command(key_commands.group)
main.add_command(rights_commands.purging)
main.add_command(rights_commands.registering)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write every claimed badge and the trust bundle to FOLDER, for safekeeping after the service ends."""
    with installations.opened(Settings.from_environment()) as installation:
        _export(installation, folder)


@main.command("vc-api")
@click.option(
    "--contexts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Further JSON-LD contexts, for test suites that bring their own",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where to listen; any free port by default")
def vc_api(folder: Path | None, port: int) -> None:
    """Serve the W3C VC-API to conformance suites: https on loopback, fresh keys, until interrupted."""
    contexts, warnings = allow_list(shipped_contexts(), folder)
    for warning in warnings:
        click.echo(warning, err=True)
    try:
        conformance.run(contexts, lambda: datetime.now(UTC), port, click.echo)
    except OSError as error:
        raise click.ClickException(f"Le port {port} de localhost n’est pas libre ({error.strerror}).") from None


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def trust(file: Path) -> None:
    """Write the signed trust bundle to FILE: all that verifying takes once the service is gone."""
    with installations.opened(Settings.from_environment()) as installation:
        _ensure_key(installation)
        with installation.database.reading() as session:
            bundle = bundles.bundle(session, installation, installation.clock())
            pinned = installation_key.pinnable(session)
        exports.write(file, bundle or b"")
    click.echo(f"Faisceau de confiance écrit dans {file}, signé par {pinned}")


def _ensure_key(installation: Installation) -> None:
    with installation.database.reading() as session:
        if installation_key.pinnable(session) is not None:  # waits for no writer where there is nothing to write
            return
    with installation.database.writing() as session:
        installation_key.ensure(session, installation, installation.clock())
        session.commit()


def _say_sign_ins(installation: Installation) -> None:
    for line in demonstration.sign_ins(installation, demonstration.load(installation)):
        click.echo(line)


def _export(installation: Installation, folder: Path) -> None:
    _ensure_key(installation)
    with installation.database.reading() as session:
        count = exports.export_badges(session, installation, folder, now=installation.clock())
    click.echo(f"{count} badges écrits dans {folder}")


def _check_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise SettingsError(
                f"Le port {settings.port} de {settings.host} n’est pas libre. Arrêtez l’autre programme, "
                "ou choisissez un autre port avec JALON_PORT."
            ) from None


if __name__ == "__main__":
    sys.exit(main())
