"""A folder or a zip as the files in it, each with its name and its bytes, bounded in number and in size.

Reads what is there and nothing else: no link is followed out of the folder, nothing is unpacked to disk, a zip inside a
zip stays a file. Whether a file is a badge is for the verifier to say.

Source: PKWARE APPNOTE 6.3.10 (sizes in its headers are claims, and are not relied on here).
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from verify.errors import Unreadable
from verify.intake import MAX_INPUT_BYTES
from verify.reasons import Reason

MOST_FILES = 20_000
MOST_BYTES = 2 * 1024 * 1024 * 1024
"""Of all files together, once they are unpacked."""


class File(NamedTuple):
    """One file: its name within the collection, and its bytes or why it cannot be read."""

    name: str
    content: bytes | Reason


def is_collection(path: Path) -> bool:
    """Whether the path leads to a folder or a zip rather than to one badge."""
    return path.is_dir() or (path.is_file() and zipfile.is_zipfile(path) and not _is_picture(path))


def files_of(path: Path) -> Iterator[File]:
    """Every file of the folder or zip, at any depth, in the order of its name.

    Raises:
        Unreadable: `too_large` for more files or bytes than are taken, `file_unreadable` for a damaged zip.
    """
    total = 0
    for number, file in enumerate(_of_folder(path) if path.is_dir() else _of_zip(path), start=1):
        total += len(file.content) if isinstance(file.content, bytes) else 0
        if number > MOST_FILES or total > MOST_BYTES:
            raise Unreadable(Reason.TOO_LARGE, f"more than {MOST_FILES} files or {MOST_BYTES} bytes")
        yield file


def _of_folder(folder: Path) -> Iterator[File]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_dir():
            continue
        yield File(path.relative_to(folder).as_posix(), _content(path))


def _content(path: Path) -> bytes | Reason:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would keep us waiting for ever
            return Reason.FILE_UNREADABLE
        with path.open("rb") as file:
            return file.read(MAX_INPUT_BYTES + 1)
    except OSError:
        return Reason.FILE_UNREADABLE


def _of_zip(path: Path) -> Iterator[File]:
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                if not entry.is_dir():
                    yield File(entry.filename, _unpacked(archive, entry))
    except (OSError, zipfile.BadZipFile):
        raise Unreadable(Reason.FILE_UNREADABLE, "a damaged zip") from None


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | Reason:
    try:
        with archive.open(entry) as file:
            return file.read(MAX_INPUT_BYTES + 1)
    except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, EOFError):
        return Reason.FILE_UNREADABLE  # encrypted, damaged, or packed in a way that is not known here


def _is_picture(path: Path) -> bool:
    """Whether it starts as a PNG or an SVG: a zip may be glued behind a picture, and the picture is what people see."""
    with path.open("rb") as file:
        return file.read(8).lstrip()[:1] in (b"\x89", b"<")
