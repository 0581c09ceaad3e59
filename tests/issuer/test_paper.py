"""Badges on paper: one page, tagged, in the reading direction of its language, with a square that leads somewhere."""

import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from issuer import paper
from issuer.paper import Booklet, Check, Entry, Fact, Paper, Part, Table, Words
from issuer.picture import Picture, badge_svg
from issuer.qr_code import qr_svg

ADDRESS = "https://badges.example.org/v/ABCDEFGHJKLM"
PICTURE = badge_svg(Picture("Travail en équipe", "comportementales", "equipe", "Mission Passerelle", 2026)).decode()
ENTRY = Entry(
    name="Travail en équipe",
    language="fr",
    picture=PICTURE,
    level="Niveau 3 : seul",
    meaning="Propose son aide et fait sa part sans qu’on le lui rappelle.",
    words="Quand le chantier prend du retard, je m’organise avec les autres.",
    facts=(Fact("Par qui", "Mission Passerelle"), Fact("Quand", "25 novembre 2026")),
)
CHECK = Check(
    square=qr_svg(ADDRESS).decode(),
    square_text="Carré à scanner : la page du badge",
    invite="Vérifier",
    how="Visez le carré, ou tapez ce code :",
    code="ABCD-EFGH-JKLM",
    address="badges.example.org/v",
)
PAPER = Paper("fr", "Ce que je sais faire", (ENTRY,), CHECK, "Ce n’est pas un diplôme.", holder="Amina Ben Saïd")
ARABIC = replace(PAPER, language="ar", title="مهاراتي", notice="هذه ليست شهادة دراسية.", holder="أمينة بن سعيد")


@pytest.mark.parametrize("make", [paper.card, paper.sheet])
@pytest.mark.parametrize("what", [PAPER, ARABIC], ids=["fr", "ar"])
def test_paper_is_one_tagged_page_that_says_what_it_is(make, what):
    """PDF/UA-1: title, language, tags, and a text for the square."""
    read = PdfReader(io.BytesIO(make(what)))
    root = read.trailer["/Root"]
    assert len(read.pages) == 1
    assert read.metadata.title == what.title
    assert root["/Lang"] == what.language
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in read.xmp_metadata.stream.get_data()
    assert CHECK.square_text in _alternatives(root["/StructTreeRoot"])


def test_everything_on_the_paper_can_be_read_aloud():
    """The words are text, in reading order."""
    text = " ".join(PdfReader(io.BytesIO(paper.card(PAPER))).pages[0].extract_text().split())
    said = [ENTRY.name, PAPER.holder, ENTRY.level, ENTRY.words, "Mission Passerelle", CHECK.code, PAPER.notice]
    place = 0
    for one in said:
        place = text.find(one, place)
        assert place >= 0, one


@pytest.mark.parametrize("make", [paper.card, paper.sheet])
def test_square_leads_to_the_badge(make):
    """Printed at its size, a camera reads it."""
    drawn = Image.open(io.BytesIO(make(PAPER, "png"))).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(drawn)] == [ADDRESS]


@pytest.mark.parametrize("count", [1, 4, 5, 8, 9, 12])
def test_twelve_badges_fit_on_one_page(count):
    """The more there are, the less is said of each; never a second page for a dozen."""
    read = PdfReader(io.BytesIO(paper.sheet(replace(PAPER, entries=(ENTRY,) * count))))
    assert len(read.pages) == 1
    assert read.pages[0].extract_text().count(ENTRY.level) == count


@pytest.mark.parametrize("name", ["Іван Шевченко", "أمينة بن سعيد", "王小明", "देव", "O", "Ž" * 80, '#"\\*_$@<a>[b]'])
def test_name_in_any_script_is_written(name):
    """A name is never code to the typesetter, and a letter that no font has never keeps the paper from being made."""
    read = PdfReader(io.BytesIO(paper.card(replace(PAPER, holder=name))))
    assert len(read.pages) == 1
    assert "/StructTreeRoot" in read.trailer["/Root"]


BOOKLET = Booklet(
    language="fr",
    title="Ce que je garde",
    lines=("Fait le 21 novembre 2026.",),
    contents="Dans ces pages",
    parts=(
        Part("Qui je suis", facts=(("Nom", "Amina Ben Saïd"),), lines=("Une phrase.",)),
        Part(
            "Mes échanges",
            parts=(
                Part(
                    "En mars",
                    tables=(
                        Table(("Compétence", "Niveau"), (("Travail en équipe", "3"), (Words("Rigour", "en"), "2\n4"))),
                    ),
                ),
            ),
        ),
    ),
)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_booklet_is_tagged_with_its_headings_and_tables(language):
    """PDF/UA-1: title, language, levels of headings one after the other, headers of columns, a foreign word as such."""
    read = PdfReader(io.BytesIO(paper.booklet(replace(BOOKLET, language=language))))
    root = read.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in read.xmp_metadata.stream.get_data()
    kinds = [kind for kind, _ in _tags(root["/StructTreeRoot"])]
    assert [kind for kind in kinds if kind in {"/H1", "/H2", "/H3"}] == ["/H1", "/H2", "/H2", "/H2", "/H3"]
    assert (kinds.count("/Table"), kinds.count("/TH"), kinds.count("/TD")) == (1, 2, 4)
    assert "en" in {language for _, language in _tags(root["/StructTreeRoot"])}


def test_booklet_goes_on_for_as_many_pages_as_it_takes():
    """Nothing is lost between them: not a row, not a word without a space, not a cell longer than a page."""
    rows = [(f"Ligne {number}", "https://" + "adresse" * 40, "mot " * 30) for number in range(60)]
    rows.append(("Longue", "", "Des mots et encore des mots. " * 200))
    table = Table(("Quoi", "Où", "Mots"), tuple(rows))
    read = PdfReader(io.BytesIO(paper.booklet(replace(BOOKLET, parts=(Part("Beaucoup", tables=(table,)),)))))
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    assert len(read.pages) > 5
    assert all(f"Ligne {number}" in text for number in range(60))
    assert text.count("encore") == 200
    assert text.replace(" ", "").count("https://" + "adresse" * 40) == 60


def _tags(node):
    """Every structure element in a structure tree with its language, in reading order."""
    found = [(node["/S"], str(node.get("/Lang", "")))] if "/S" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        held = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(held, dict):
            found += _tags(held)
    return found


def _alternatives(node):
    """Every alternative text in a structure tree."""
    found = [str(node["/Alt"])] if "/Alt" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        held = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(held, dict):
            found += _alternatives(held)
    return found
