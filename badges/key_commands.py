"""The `jalon keys` commands: list, choose a proof, rotate, declare stolen, back up, restore.

A private key is never printed.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo

import click

from badges.services import compromise, installation_key, keyring, keys, organisations
from badges.services.export import write
from badges.services.installation import Installation, opened, utc_now
from badges.services.keyring import Restored
from badges.settings import Settings
from issuer.proofs import PROOFS, TOKENS
from verify.errors import Defect
from verify.standards import timestamps


@click.group("keys")
def group() -> None:
    """Signing keys; they belong to organisations."""


@group.command("list")
def listed() -> None:
    """Every organisation's keys: identifier, kind, dates, public key. Never a private key."""
    with opened(Settings.from_environment()) as installation, installation.database.reading() as session:
        for line in keys.describe(session, installation):
            click.echo(line)
        pinned = installation_key.pinnable(session)
        if pinned is not None:
            click.echo(f"{installation_key.did_of(installation)}  signe le faisceau de confiance  {pinned}")


@group.command()
@click.argument("slug")
def rotate(slug: str) -> None:
    """Sign from now on with fresh keys of the organisation SLUG, one of each kind; old badges stay valid."""
    with opened(Settings.from_environment()) as installation, installation.database.writing() as session:
        organisation = organisations.organisation_by_slug(session, slug)
        fresh = keys.rotate(session, installation, organisation, now=installation.clock())
        session.commit()
        for key in fresh:
            click.echo(f"Nouvelle clé : {keys.did_of(installation, organisation)}#{key.fragment}")


@group.command()
def renew() -> None:
    """Sign trust bundles with a fresh key from now on; whoever pinned the former one has to learn the new one."""
    with opened(Settings.from_environment()) as installation, installation.database.writing() as session:
        installation_key.renew(session, installation, installation.clock())
        session.commit()
        click.echo(f"Nouvelle clé : {installation_key.pinnable(session)}")


@group.command()
@click.argument("slug")
@click.option("--cryptosuite", type=click.Choice(list(PROOFS)), required=True, help="The proof in the badge itself")
@click.option("--jwt", type=click.Choice(list(TOKENS)), help="Sign a JWT beside it with this algorithm; default: none")
def proof(slug: str, cryptosuite: str, jwt: str | None) -> None:
    """Choose how the organisation SLUG signs from now on; makes the keys that this takes."""
    with opened(Settings.from_environment()) as installation, installation.database.writing() as session:
        keys.choose(
            session,
            installation,
            organisations.organisation_by_slug(session, slug),
            proof=cryptosuite,
            token=jwt or "",
            actor="command",
            now=installation.clock(),
        )
        session.commit()
    beside = f", avec un jeton {jwt} à côté" if jwt else ""
    click.echo(f"Les prochains badges de l’organisation {slug} seront signés avec {cryptosuite}{beside}.")


@group.command()
@click.argument("slug")
@click.option("--since", required=True, help="YYYY-MM-DD (from its first minute) or YYYY-MM-DDThh:mm:ssZ")
@click.option("--key", "fragments", multiple=True, help="This key only, such as key-2; may be repeated. Default: all")
def compromised(slug: str, since: str, fragments: tuple[str, ...]) -> None:
    """Say that keys of the organisation SLUG fell into other hands.

    New keys sign from now on and the status lists are signed anew. Of what the old keys signed, only badges that the
    journal states before the date stay good: a thief can write any date into a badge.
    """
    with opened(Settings.from_environment()) as installation, installation.database.writing() as session:
        organisation = organisations.organisation_by_slug(session, slug)
        came_to = compromise.declare(
            session,
            installation,
            organisation,
            since=_moment(since, installation),
            now=installation.clock(),
            fragments=fragments,
        )
        session.commit()
    click.echo(f"Clés révoquées : {', '.join(key.fragment for key in came_to.revoked)}")
    click.echo(f"Listes d’états signées à nouveau : {came_to.lists}")
    click.echo(f"Badges qui ne comptent plus : {len(came_to.lost)}")
    for credential in came_to.lost:
        click.echo(f"  {installation.base_url}/c/{credential.id}")
    if came_to.lost:
        click.echo("Corrigez-les depuis leur page : la personne les reprend, signés par la nouvelle clé.")


@group.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--passphrase-file", type=click.File("r"), help="Read the passphrase from here; default: asked for")
def backup(file: Path, passphrase_file: TextIO | None) -> None:
    """Write secret, keys and status lists to FILE, encrypted under a passphrase. After every rotation, do it again."""
    passphrase = _passphrase(passphrase_file, confirm=True)
    with opened(Settings.from_environment()) as installation, installation.database.reading() as session:
        write(file, keyring.backup(session, installation, passphrase, installation.clock()), private=True)
    click.echo(f"Trousseau sauvegardé dans {file}. Gardez la phrase secrète ailleurs que le fichier.")


@group.command()
@click.argument("file", type=click.File("rb"))
@click.option("--passphrase-file", type=click.File("r"), help="Read the passphrase from here; default: asked for")
def restore(file: BinaryIO, passphrase_file: TextIO | None) -> None:
    """Bring back from FILE what is missing of secret, keys and status lists; overwrites nothing."""
    passphrase = _passphrase(passphrase_file, confirm=False)
    came_back = keyring.restore(Settings.from_environment(), file.read(), passphrase, now=utc_now())
    if came_back == Restored(keys=0, lists=0, secret=False):
        click.echo("Rien ne manquait : rien n’a été changé.")
        return
    secret = "oui" if came_back.secret else "il était là"
    click.echo(f"Restauré. Secret : {secret} ; clés : {came_back.keys} ; listes d’états : {came_back.lists}.")


def _passphrase(file: TextIO | None, *, confirm: bool) -> str:
    if file is not None:
        return file.read().strip()
    asked: str = click.prompt("Phrase secrète", hide_input=True, confirmation_prompt=confirm)
    return asked


def _moment(text: str, installation: Installation) -> datetime:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            day = datetime.fromisoformat(text)
        except ValueError:
            raise click.BadParameter("ce jour n’existe pas", param_hint="--since") from None
        return day.replace(tzinfo=ZoneInfo(installation.settings.timezone)).astimezone(UTC)
    try:
        return timestamps.read(text)
    except Defect:
        raise click.BadParameter("écrivez AAAA-MM-JJ ou AAAA-MM-JJThh:mm:ssZ", param_hint="--since") from None
