"""One running installation: settings, database, secret, clock and the public address recorded at first start."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from badges.db import Database
from badges.models.installation import InstallationRecord
from badges.services.codes import keyed_digest
from badges.settings import Settings, SettingsError, read_secret
from issuer.keys import KeyStore, SealedKeys
from verify.fetching import Fetcher, FetchPolicy
from verify.list_memory import ListMemory

MIGRATIONS = Path(__file__).parent.parent / "migrations"
BASE_URL = "base_url"
SEALED_WITH = "sealed_with"
DEMO = "demo"


def utc_now() -> datetime:
    """The present moment in UTC; the only clock the application reads."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Installation:
    """What every request and every command needs. `base_url` has no final slash and never changes.

    `opens_keys` makes the key store of the installation's secret: what the database holds of a key is what it gave.
    `remembered` are bytes that this process built once, by name, each with a digest of what it built them from.
    `fetcher` is None where nothing is asked of the network. `lists` are the status lists that were read last.
    """

    settings: Settings
    database: Database
    secret: bytes = field(repr=False)
    base_url: str
    clock: Callable[[], datetime] = utc_now
    opens_keys: Callable[[bytes], KeyStore] = SealedKeys
    remembered: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False, compare=False)
    fetcher: Fetcher | None = None
    lists: ListMemory = field(default_factory=ListMemory, repr=False)

    @property
    def key_store(self) -> KeyStore:
        """Where the private keys live."""
        return self.opens_keys(self.secret)

    def local_day(self, moment: datetime) -> date:
        """The day of a moment where the installation is."""
        return moment.astimezone(ZoneInfo(self.settings.timezone)).date()

    def derived_secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose, derived from the installation's secret (HKDF-SHA256)."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(self.secret)


def prepare(settings: Settings) -> None:
    """Make what a first start lacks: the data folder, the secret (mode 0600), the tables, the recorded address.

    Harmless where all of it exists already: nothing is overwritten.

    Raises:
        SettingsError: the database holds sealed keys but the secret is gone, or the recorded address differs.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url)
    try:
        fresh = schema_revision(database) is None
        if not settings.secret_file.exists() and fresh:
            _write_secret(settings.secret_file, secrets.token_urlsafe(48).encode())
        secret = read_secret(settings.secret_file)
        upgrade(database)
        with database.writing() as session:
            for name, value in ((BASE_URL, settings.base_url), (SEALED_WITH, _digest_of(secret))):
                if session.get(InstallationRecord, name) is None:
                    session.add(InstallationRecord(name=name, value=value))
            session.commit()
    finally:
        database.close()


def bring_back(settings: Settings, base_url: str, secret: bytes) -> bool:
    """Make tables where there are none and the secret's file where it is gone, with this secret and this address.

    Tells whether the secret was missing. Nothing is overwritten.

    Raises:
        SettingsError: another secret or another address is there.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    missing = not settings.secret_file.exists()
    if not missing and read_secret(settings.secret_file) != secret:
        raise SettingsError(
            f"Le secret {settings.secret_file} n’est pas celui de la sauvegarde. Déplacez-le d’abord s’il est de trop."
        )
    database = Database(settings.database_url)
    try:
        upgrade(database)
        with database.writing() as session:
            for name, value in ((BASE_URL, base_url), (SEALED_WITH, _digest_of(secret))):
                if (fact(session, name) or value) != value:
                    raise SettingsError("Cette base de données est celle d’une autre installation que la sauvegarde.")
                record_fact(session, name, value)
            session.commit()
    finally:
        database.close()
    if missing:
        _write_secret(settings.secret_file, secret)
    return missing


def open_installation(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Installation:
    """The installation behind the settings, ready for requests.

    Raises:
        SettingsError: not prepared, out of date, the secret is missing, or another address is recorded.
    """
    secret = read_secret(settings.secret_file)
    database = Database(settings.database_url)
    if schema_revision(database) != latest_revision():
        database.close()
        raise SettingsError("La base de données n’est pas à jour. Faites : jalon db upgrade")
    with database.reading() as session:
        recorded, digest = fact(session, BASE_URL), fact(session, SEALED_WITH)
    if digest is not None and digest != _digest_of(secret):
        raise SettingsError(
            f"Le secret {settings.secret_file} n’est pas celui de cette installation : il n’ouvre pas ses clés de "
            "signature. Restaurez le bon fichier, ou indiquez son chemin dans JALON_SECRET_FILE."
        )
    if recorded is None:
        raise SettingsError("Cette installation n’est pas préparée. Faites : jalon init")
    if settings.base_url_given and settings.base_url != recorded:
        raise SettingsError(
            f"JALON_BASE_URL vaut {settings.base_url}, mais l’adresse {recorded} est déjà signée dans les badges de "
            "cette installation. Rétablissez-la, ou partez d’une installation neuve (JALON_DATA)."
        )
    return Installation(
        settings, database, secret, recorded, clock, fetcher=_fetcher(recorded, clock) if settings.fetch else None
    )


def _fetcher(base_url: str, clock: Callable[[], datetime]) -> Fetcher:
    """What asks other issuers' sites, and never this one: it would wait for itself."""
    return Fetcher(FetchPolicy(refused_hosts=frozenset({urlsplit(base_url).hostname or ""})), clock=clock)


@contextmanager
def opened(settings: Settings) -> Iterator[Installation]:
    """The installation behind the settings, for the length of a command.

    Raises:
        SettingsError: as `open_installation`.
    """
    installation = open_installation(settings)
    try:
        yield installation
    finally:
        installation.database.close()


def fact(session: Session, name: str) -> str | None:
    """One recorded fact about this installation, or None."""
    row = session.get(InstallationRecord, name)
    return row.value if row else None


def record_fact(session: Session, name: str, value: str) -> None:
    """Record one fact, over what it was."""
    session.merge(InstallationRecord(name=name, value=value))
    session.flush()


def upgrade(database: Database) -> None:
    """Bring the tables to the latest revision, in one transaction."""
    with database.engine.execution_options(jalon_writing=True).begin() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def schema_revision(database: Database) -> str | None:
    """The revision the tables are at; None for an empty database."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def latest_revision() -> str | None:
    """The revision this code needs."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _digest_of(secret: bytes) -> str:
    return keyed_digest(secret, "which secret this installation is sealed with")


def _write_secret(path: Path, secret: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret + b"\n")
