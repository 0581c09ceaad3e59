"""What an installation may set, read once from the environment and frozen.

Every setting is checked here, at start, and refused with a sentence that says what to set. Nothing else in
the application reads the environment.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

MINIMUM_SECRET_BYTES = 32
HIGHEST_PORT = 65535
MOST_PROXIES = 10
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
NOT_AN_ADDRESS = "JALON_BASE_URL doit être une adresse comme https://badges.exemple.fr, sans chemin ; reçu : {text}"


class SettingsError(Exception):
    """A setting is missing or wrong; its text is one sentence for the person who starts the service."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. Paths are absolute; `base_url` is what was asked for, not what is recorded."""

    host: str
    port: int
    data: Path
    database_url: str = field(repr=False)
    secret_file: Path
    base_url: str
    base_url_given: bool
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    timezone: str = "Europe/Paris"
    trusted_proxies: int = 0
    fetch: bool = True

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Settings from `JALON_*` variables, with a default for every one.

        Raises:
            SettingsError: a value cannot be used; the sentence names the variable and what to write.
        """
        env = os.environ if environ is None else environ
        port = _port(env.get("JALON_PORT") or "8000")
        data = Path(env.get("JALON_DATA") or "var").absolute()
        given = env.get("JALON_BASE_URL") or ""
        return cls(
            host=env.get("JALON_HOST") or "127.0.0.1",
            port=port,
            data=data,
            database_url=_database_url(env.get("JALON_DATABASE_URL") or f"sqlite:///{data / 'jalon.sqlite'}"),
            secret_file=Path(env.get("JALON_SECRET_FILE") or data / "secret").absolute(),
            base_url=check_base_url(given or f"http://localhost:{port}"),
            base_url_given=bool(given),
            smtp_url=env.get("JALON_SMTP_URL") or None,
            mail_from=env.get("JALON_MAIL_FROM") or None,
            timezone=_timezone(env.get("JALON_TIMEZONE") or "Europe/Paris"),
            trusted_proxies=_proxies(env.get("JALON_TRUSTED_PROXIES") or "0"),
            fetch=_switch("JALON_FETCH", env.get("JALON_FETCH") or "on"),
        )


def check_base_url(text: str) -> str:
    """The public address without its final slash.

    Raises:
        SettingsError: it cannot be signed into badges. Source: did:web method specification, "Method-specific
            identifier": a domain name, never an IP address.
    """
    url = text.removesuffix("/")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise SettingsError(NOT_AN_ADDRESS.format(text=text)) from None
    if _is_ip(host):
        raise SettingsError(
            "JALON_BASE_URL doit nommer un domaine, pas une adresse IP : l’adresse est signée dans les badges "
            f"(did:web l’interdit) ; reçu : {text}"
        )
    port = _whole_number(parts.netloc.removeprefix(f"{host}:")) if ":" in parts.netloc else HIGHEST_PORT
    exact = f"{parts.scheme}://{parts.netloc}" == url and parts.netloc.partition(":")[0].lower() == host
    if (
        parts.scheme not in {"http", "https"}
        or not exact
        or not _is_domain(host)
        or not 0 < (port or 0) <= HIGHEST_PORT
    ):
        raise SettingsError(NOT_AN_ADDRESS.format(text=text))
    return url.lower()


def _is_domain(host: str) -> bool:
    labels = host.split(".")
    return all(LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _port(text: str) -> int:
    port = _whole_number(text)
    if port is None or not 0 < port <= HIGHEST_PORT:
        raise SettingsError(f"JALON_PORT doit être un nombre entre 1 et {HIGHEST_PORT} ; reçu : {text[:80]}")
    return port


def _whole_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise SettingsError(f"JALON_TIMEZONE doit nommer un fuseau comme Europe/Paris ; reçu : {text}") from None
    return text


def _proxies(text: str) -> int:
    number = _whole_number(text)
    if number is None or number > MOST_PROXIES:
        raise SettingsError(f"JALON_TRUSTED_PROXIES doit être un nombre entre 0 et {MOST_PROXIES} ; reçu : {text[:80]}")
    return number


def _switch(name: str, text: str) -> bool:
    if text not in {"on", "off"}:
        raise SettingsError(f"{name} doit être on ou off ; reçu : {text[:80]}")
    return text == "on"


def _database_url(text: str) -> str:
    if text.startswith(("postgres://", "postgresql://")):
        text = "postgresql+psycopg://" + text.split("://", 1)[1]
    if text.startswith(("sqlite:///", "postgresql+psycopg://")):
        try:
            make_url(text)
        except (ArgumentError, ValueError):
            pass  # the sentence below never shows the address: it may hold a password
        else:
            return text
    raise SettingsError("JALON_DATABASE_URL doit être une adresse comme sqlite:///… ou postgresql://…")


def read_secret(path: Path) -> bytes:
    """The installation's secret: at least 32 bytes, from a file only its owner can read.

    Raises:
        SettingsError: the file is missing, too short, or open to others.
    """
    try:
        mode = path.stat().st_mode
        secret = path.read_bytes().strip()
    except OSError:
        raise SettingsError(
            f"Le secret {path} est introuvable ou illisible. Sans lui, les clés de signature restent fermées : "
            "restaurez-le (jalon keys restore), ou indiquez son chemin dans JALON_SECRET_FILE. Pour une installation "
            "neuve : jalon init."
        ) from None
    if mode & 0o077:
        raise SettingsError(f"Le secret {path} est lisible par d’autres que vous. Faites : chmod 600 {path}")
    if len(secret) < MINIMUM_SECRET_BYTES:
        raise SettingsError(
            f"Le secret {path} est trop court (au moins {MINIMUM_SECRET_BYTES} octets). Restaurez le bon fichier."
        )
    return secret
