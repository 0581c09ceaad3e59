"""What a badge costs to verify among ten thousand and among a million: python bench/scale.py.

Two installations with the same demo; each is filled with further awards, credentials and codes, as rows. Then the
signed bytes are verified, and the public page is asked for, in both, alternating. Takes some minutes and about 2 GB.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pages import prepare
from sqlalchemy import insert, inspect, select

from badges.app import create_app
from badges.models.awards import AwardRecord, AwardState, CredentialRecord, ShareRecord
from badges.models.status import StatusListRecord
from badges.services import installation as installations
from badges.services import verification
from badges.services.installation import Installation
from badges.settings import Settings
from issuer.status import ENTRIES

ROUNDS, TURN = 25, 20
BATCH = 5_000


def main() -> None:
    """Fill, then compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        acts: dict[str, dict[int, Callable[[], float]]] = {"verify": {}, "page": {}}
        for count in (options.few, options.many):
            installation, code = filled(Path(folder) / str(count), count)
            acts["verify"][count] = verifying(installation, code)
            acts["page"][count] = visiting(installation, code)
        for name, contenders in acts.items():
            compare(name, contenders)


def filled(folder: Path, count: int) -> tuple[Installation, str]:
    """An installation with so many credentials beside the demo's, and the code of one of the demo's."""
    environment = {"JALON_DATA": str(folder), "JALON_BASE_URL": "http://localhost:8000", "JALON_FETCH": "off"}
    code = prepare(environment)
    installation = installations.open_installation(Settings.from_environment(environment))
    start = time.perf_counter()
    with installation.database.writing() as session:
        credential = session.scalars(select(CredentialRecord).limit(1)).one()
        award = session.get_one(AwardRecord, credential.award_id)
        lists = [copy_of(credential.status_list, id=None, organisation_id=award.organisation_id)]
        rows = [dict(lists[0]) for _ in range(count // ENTRIES + 1)]
        for row in rows:
            row.pop("id")
        session.execute(insert(StatusListRecord), rows)
        numbers = session.scalars(select(StatusListRecord.id).order_by(StatusListRecord.id.desc()).limit(len(rows)))
        status_lists = list(numbers)
        former = (copy_of(award), copy_of(credential))
        for first in range(0, count, BATCH):
            made = list(rows_of(former, status_lists, first, min(first + BATCH, count)))
            for model, place in ((AwardRecord, 0), (CredentialRecord, 1), (ShareRecord, 2)):
                session.execute(insert(model), [each[place] for each in made])
        session.commit()
    print(f"{count} credentials stored in {time.perf_counter() - start:.0f} s")
    return installation, code


def rows_of(
    former: tuple[dict[str, Any], dict[str, Any]], lists: list[int], first: int, last: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """An award, its credential and its code, for each number."""
    award, credential = former
    for number in range(first, last):
        award_id = uuid.UUID(int=(1 << 100) + number)
        yield (
            {
                **award,
                "id": award_id,
                "subject_id": uuid.UUID(int=(2 << 100) + number),
                "state": AwardState.LAPSED,
                "evidence": [],
            },
            {
                **credential,
                "id": uuid.UUID(int=(3 << 100) + number),
                "award_id": award_id,
                "document": b"{}" * 100,
                "digest": f"{number:064x}",
                "status_list_id": lists[number // ENTRIES],
                "status_index": number % ENTRIES,
            },
            {"award_id": award_id, "code": f"X{number:011d}", "created_at": award["proposed_at"], "withdrawn_at": None},
        )


def copy_of(record: object, **changes: object) -> dict[str, Any]:
    """The record's columns."""
    columns = inspect(type(record)).column_attrs
    return {**{each.key: getattr(record, each.key) for each in columns}, **changes}


def verifying(installation: Installation, code: str) -> Callable[[], float]:
    """Reading the bytes by their code and verifying them, in milliseconds."""

    def act() -> None:
        with installation.database.reading() as session:
            badge = verification.by_code(session, code)
            verification.verify_bytes(session, installation, badge.document, installation.clock())

    return timed(act)


def visiting(installation: Installation, code: str) -> Callable[[], float]:
    """The public page, in milliseconds."""
    client = create_app(installation).test_client()

    def act() -> None:
        if "Badge authentique" not in client.get(f"/v/{code}").text:
            raise SystemExit("the page does not say valid")

    return timed(act)


def timed(act: Callable[[], None]) -> Callable[[], float]:
    """Milliseconds for one act, over a turn."""

    def turn() -> float:
        start = time.perf_counter()
        for _ in range(TURN):
            act()
        return (time.perf_counter() - start) * 1000 / TURN

    return turn


def compare(name: str, contenders: dict[int, Callable[[], float]]) -> None:
    """Alternate, and print the ratio of the second to the first."""
    taken: dict[int, list[float]] = {count: [] for count in contenders}
    for turn in contenders.values():
        turn()
    for _ in range(ROUNDS):
        for count, turn in contenders.items():
            taken[count].append(turn())
    (few, shorter), (many, longer) = taken.items()
    ratio = statistics.median(b / a for a, b in zip(shorter, longer, strict=True))
    medians = f"{statistics.median(shorter):.2f} ms among {few}, {statistics.median(longer):.2f} ms among {many}"
    print(f"{name}: {medians}, ratio {ratio:.3f}")


if __name__ == "__main__":
    main()
