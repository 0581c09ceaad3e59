"""The commands for people's rights: `jalon purge` on its dates, `jalon registre` for whoever has to show it."""

from pathlib import Path

import click

from badges.services import export, purge, register
from badges.services.installation import opened
from badges.settings import Settings


@click.command("purge")
@click.option("--apply", "for_good", is_flag=True, help="Do it; without it, the command only says what would go")
def purging(*, for_good: bool) -> None:
    """Delete what has been kept long enough, and say in counts what went. To be run every day."""
    with opened(Settings.from_environment()) as installation:
        now = installation.clock()
        with installation.database.writing() as session:
            done = purge.purge(session, installation, today=installation.local_day(now), now=now)
            due = purge.overwriting_is_due(session, done)
            if for_good:
                session.commit()
            else:
                session.rollback()
        for name, words in purge.RULES.items():
            click.echo(f"{done.counts[name]:>8}  {words}")
        if not for_good:
            click.echo("Rien n’est effacé : ceci est un essai. Pour effacer : jalon purge --apply")
        elif due and not purge.overwrite(installation):
            click.echo("Les fichiers de la base sont occupés : la prochaine purge y repassera.", err=True)


@click.command("registre")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def registering(file: Path | None) -> None:
    """Write the register of processing (RGPD, article 30) to FILE, or to the screen."""
    with opened(Settings.from_environment()) as installation, installation.database.reading() as session:
        written = register.written(session, installation, installation.clock())
    if file is None:
        click.echo(written)
    else:
        export.write(file, written.encode())
        click.echo(f"Registre des traitements écrit dans {file}")
