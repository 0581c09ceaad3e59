"""The employer: without an account, from a printed square, a typed code or a file, in a few seconds on a phone."""

import json
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from badges.services.codes import SHARE_BITS, new_code
from tests.journeys import walks
from tests.journeys.visitor import PHONE

pytestmark = pytest.mark.browser

FIRST_SCREEN = {
    "the verdict": ".verdict",
    "the picture": ".badge__picture",
    "the badge's name": "h1",
    "the level": ".badge__level",
    "what it means": ".badge__meaning",
    "whose it is": ".verdict-facts > div:nth-child(1)",
    "who issued it": ".verdict-facts > div:nth-child(2)",
    "when": ".verdict-facts > div:nth-child(3)",
}
ENDED = ("the verdict", "the badge's name")
SAID = {
    "revoked": ("invalid", "retiré"),
    "suspended": ("undetermined", "pause"),
    "expired": ("undetermined", "actualiser"),
}


def test_employer_scans_a_printed_badge(demo, visit, setting, shot_name):
    """The square on the printed page, read from its picture, leads to the verdict."""
    holder, employer = visit(**setting), visit(**setting)
    holder.go(demo.badge)
    holder.follow("Page à imprimer")
    printed = holder.shot(f"{shot_name}-print")
    with Image.open(printed) as picture:
        squares = zxingcpp.read_barcodes(picture)
    addresses = [square.text.partition("#")[0] for square in squares]
    assert [address.replace("-", "") for address in addresses] == [demo.badge.replace("-", "")]
    employer.go(squares[0].text)
    assert walks.verdict(employer).kind == "valid"
    employer.shot(shot_name, whole=False)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_verdict_stands_on_the_first_screen(demo, visit, javascript, shot_name):
    """On a phone of 360 by 640, what an employer asks is there before any scrolling; of one that ended, only that."""
    employer = visit(PHONE, javascript=javascript)
    for number, entry in enumerate(demo.manifest()):
        url, stands = entry["url"], entry["status"] in {"valid", "expired"}
        employer.go(url)
        asked = FIRST_SCREEN if stands else {what: FIRST_SCREEN[what] for what in ENDED}
        for what, place in asked.items():
            box = employer.page.locator(place).bounding_box()
            assert box, f"{url}: {what} is not there"
            assert box["height"] > 0
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= PHONE.height, f"{url}: {what} ends at {box['y'] + box['height']:.0f} px"
        employer.shot(f"{shot_name}-{number}", whole=False)


@pytest.mark.parametrize("status", SAID)
def test_employer_reads_why_not_to_rely_on_a_badge(demo, visit, setting, shot_name, status):
    """A badge withdrawn, paused or out of date says so first, and its page answers 200."""
    employer = visit(**setting)
    answer = employer.go(demo.exported(status)["url"])
    found = walks.verdict(employer)
    kind, words = SAID[status]
    assert answer.status == 200
    assert found.kind == kind
    assert words in found.sentence
    employer.shot(shot_name)


def test_employer_types_a_code(demo, visit, setting, shot_name):
    """A code typed in small letters leads to its badge; one with a slip is refused there; one of nobody, 404."""
    employer = visit(**setting)
    code = demo.badge.rpartition("/")[2]
    employer.go("/")
    employer.follow("Vérifier un badge", within="main")
    slip = code[:-1] + ("0" if code[-1] != "0" else "1")
    employer.fill("Code du badge", slip)
    employer.press("Vérifier")
    assert "erreur" in employer.page.locator("#code-error").inner_text()
    assert employer.page.get_by_label("Code du badge").input_value() == slip
    employer.shot(f"{shot_name}-slip")
    employer.fill("Code du badge", code.lower())
    employer.press("Vérifier")
    assert walks.verdict(employer).kind == "valid"
    assert employer.go(f"/v/{new_code(SHARE_BITS)}").status == 404
    employer.shot(shot_name)


def test_employer_hands_in_a_file(demo, visit, setting, shot_name, tmp_path):
    """A badge's picture is valid by what it carries; the same document with one word changed is not."""
    badge = demo.exported("valid")
    document = json.loads(Path(badge["json"]).read_text(encoding="utf-8"))
    document["credentialSubject"]["achievement"]["name"] += " (expert)"
    forged = tmp_path / "badge.json"
    forged.write_text(json.dumps(document), encoding="utf-8")

    employer = visit(**setting)
    for file, kind in ((badge["png"], "valid"), (badge["svg"], "valid"), (str(forged), "invalid")):
        employer.go("/verify")
        employer.page.locator("input[type=file]").set_input_files(file)
        employer.press("Vérifier")
        assert walks.verdict(employer).kind == kind
    employer.shot(shot_name)


def test_employer_hands_in_a_file_that_carries_no_badge(visit, setting, shot_name, tmp_path):
    """A picture without a badge is refused with a sentence beside the field."""
    picture = tmp_path / "photo.png"
    Image.new("RGB", (40, 40), "white").save(picture)
    employer = visit(**setting)
    employer.go("/verify")
    employer.page.locator("input[type=file]").set_input_files(picture)
    employer.press("Vérifier")
    assert employer.page.locator("#file-error").inner_text()
    employer.shot(shot_name)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_employer_asks_whether_it_is_the_right_person(demo, visit, javascript, shot_name):
    """From the badge's page and beside its file: another spelling is recognised, another name accuses nobody."""
    badge = next(one for one in demo.manifest() if one["holder"] and one["status"] == "valid")
    employer = visit(PHONE, javascript=javascript)
    employer.go(badge["url"])
    employer.open("Est-ce la bonne personne ?")
    employer.fill("Nom", " ".join(reversed(badge["holder"].upper().split())))
    employer.press("Comparer")
    assert "avec une autre orthographe" in employer.words
    employer.shot(f"{shot_name}-page", whole=False)
    employer.go("/verify")
    employer.page.locator("input[type=file]").set_input_files(badge["json"])
    employer.press("Vérifier")
    employer.open("Est-ce la bonne personne ?")
    employer.fill("Nom", "Quelqu’un d’autre")
    employer.press("Comparer")
    assert walks.verdict(employer).kind == "valid"
    assert "demandez à la personne comment le sien y est inscrit" in employer.words
    employer.shot(f"{shot_name}-file", whole=False)
