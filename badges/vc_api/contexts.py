"""Further JSON-LD contexts from a folder, for test suites that bring their own vocabulary.

A file is known by the address that a map in the folder gives it, or that its own name or place spells. What is
on the allow-list already stays as it is.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from verify import Unreadable
from verify.standards import documents
from verify.standards.documents import Contexts

_MAX_FILES = 1_000
_MAX_VALUES = 200_000
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?/[^\x00-\x20<>\"{}|^`\\]*")
_SUFFIXES = (".json", ".jsonld")
_OPEN_BADGES = "https://purl.imsglobal.org/spec/"

# The names that W3C's and 1EdTech's repositories give these files, as patterns over the name without its suffix.
_KNOWN = tuple(
    (re.compile(pattern), address)
    for pattern, address in (
        (r"(vc-)?credentials?-v1|vc-v1", r"https://www.w3.org/2018/credentials/v1"),
        (r"(vc-)?credentials?-v2|vc-v2", r"https://www.w3.org/ns/credentials/v2"),
        (r"(?:vc-)?(?:credentials?-)?examples?-v1", r"https://www.w3.org/2018/credentials/examples/v1"),
        (r"(?:vc-)?(?:credentials?-)?examples?-v(\d+)", r"https://www.w3.org/ns/credentials/examples/v\1"),
        (
            r"(?:vc-)?(?:credentials?-)?undefined-terms?-v(\d+)",
            r"https://www.w3.org/ns/credentials/undefined-terms/v\1",
        ),
        (r"(?:credentials-|bitstring-)?status(?:-list)?-v1", r"https://www.w3.org/ns/credentials/status/v1"),
        (r"(?:vc-)?status-list-2021-v1", r"https://w3id.org/vc/status-list/2021/v1"),
        (r"did-v1", r"https://www.w3.org/ns/did/v1"),
        (r"(?:controller-document|cid|controlled-identifiers?)-v1", r"https://www.w3.org/ns/cid/v1"),
        (r"(?:security-)?(data-integrity|multikey|jwk|jws-2020|bbs)-v(\d+)", r"https://w3id.org/security/\1/v\2"),
        (r"(?:security-)?((?:ed|x)25519-20\d\d)-v(\d+)", r"https://w3id.org/security/suites/\1/v\2"),
        (r"security-v(\d+)", r"https://w3id.org/security/v\1"),
        (r"(citizenship|vdl|age)-v(\S+)", r"https://w3id.org/\1/v\2"),
        (r"ob-v2p0(-context)?|openbadges-v2", r"https://w3id.org/openbadges/v2"),
        (r"ob-v3p0-context(-\d+\.\d+\.\d+)?|ob-v3p0(-\d+\.\d+\.\d+)", rf"{_OPEN_BADGES}ob/v3p0/context\1\2.json"),
        (r"ob-v3p0-extensions", rf"{_OPEN_BADGES}ob/v3p0/extensions.json"),
        (r"clr-v2p0-context(-\d+\.\d+\.\d+)?", rf"{_OPEN_BADGES}clr/v2p0/context\1.json"),
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """The contexts of a folder by their address, and a sentence for each file that was passed over."""

    documents: Mapping[str, dict[str, Any]]
    passed_over: tuple[str, ...]


def allow_list(shipped: Contexts, folder: Path | None) -> tuple[Contexts, tuple[str, ...]]:
    """The shipped contexts and the folder's, for documents that may bring contexts of their own; and what to warn of.

    Raises:
        OSError: where the folder or a file in it cannot be read.
    """
    found = Found({}, ()) if folder is None else read_folder(folder)
    warnings = list(found.passed_over)
    further = {}
    for address, document in found.documents.items():
        if address not in shipped:
            further[address] = document
        elif document.get("@context") != shipped.document(address).get("@context"):
            warnings.append(f"{address}: another document than ours; ours is kept")
    return shipped.extended(further, inline=True), tuple(warnings)


def read_folder(folder: Path) -> Found:
    """The contexts in the folder and in the folders below it.

    A map is any JSON file whose members are all addresses, each with the name of a file beside it or with the context
    itself, or the other way round. Otherwise the name of a file spells its address: percent-encoded, with `_` for
    every `/` and `:`, as the path below the folder (`www.w3.org/ns/credentials/v2`), or as its source calls it
    (`credentials-examples-v2.json`).

    Raises:
        OSError: where the folder or a file in it cannot be read.
    """
    loaded, passed_over = _load(folder)
    found: dict[str, dict[str, Any]] = {}
    named: set[Path] = set()
    for path, document in loaded.items():
        for address, context, source in _mapped(path, document, loaded):
            found[address] = context
            named |= {path, source}
    for path, document in loaded.items():
        if path in named:
            continue
        spelt = _written_inside(document) or address_of(path.relative_to(folder))
        context = document.get("document", document)
        if spelt is None or not _is_context(context):
            passed_over.append(f"{path.name}: no telling which context it is")
        else:
            found.setdefault(spelt, context)
    return Found(found, tuple(passed_over))


def _load(folder: Path) -> tuple[dict[Path, dict[str, Any]], list[str]]:
    """Every JSON object below the folder, and a sentence for each file that is none."""
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    loaded: dict[Path, dict[str, Any]] = {}
    passed_over: list[str] = []
    for path in files[:_MAX_FILES]:
        try:
            loaded[path] = documents.load(path.read_bytes(), max_values=_MAX_VALUES)
        except Unreadable as error:
            passed_over.append(f"{path.name}: not a context ({error})")
    return loaded, passed_over


def address_of(path: Path) -> str | None:
    """The address that the path of a file, below its folder, spells; None where it spells none."""
    text = path.as_posix()
    stem = next((text.removesuffix(suffix) for suffix in _SUFFIXES if text.endswith(suffix)), text)
    candidates = [unquote(stem)]
    if stem.startswith(("https_", "http_")) and "/" not in stem:
        scheme, _, rest = stem.partition("_")
        candidates.append(f"{scheme}://{rest.lstrip('_').replace('_', '/')}")
    elif re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)+[/_]", stem):
        candidates.append("https://" + stem.replace("_", "/"))
    for candidate in candidates:
        if _ADDRESS.fullmatch(candidate):
            return candidate
    name = re.sub(r"[_ ]", "-", stem.rpartition("/")[2].lower())
    for pattern, address in _KNOWN:
        match = pattern.fullmatch(name)
        if match:
            return match.expand(address)
    return None


def _mapped(
    path: Path, document: dict[str, Any], loaded: Mapping[Path, dict[str, Any]]
) -> Iterator[tuple[str, dict[str, Any], Path]]:
    """What the file says of other files: address, context and the file that holds it."""
    if document and all(_is_address(value) for value in document.values()):
        document = {address: name for name, address in document.items()}
    if not document or not all(_is_address(address) for address in document):
        return
    for address, value in document.items():
        source = path.parent / value if isinstance(value, str) else path
        context = loaded.get(source) if isinstance(value, str) else value
        if context is not None and _is_context(context):
            yield address, context, source


def _written_inside(document: dict[str, Any]) -> str | None:
    """The address, where the file holds it beside the document, as document loaders write it."""
    address = document.get("documentUrl", document.get("url"))
    return address if _is_address(address) and _is_context(document.get("document")) else None


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def _is_context(value: Any) -> bool:
    return isinstance(value, dict) and "@context" in value
