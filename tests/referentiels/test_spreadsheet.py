"""A référentiel in a spreadsheet: out, in, and every bad line said by its line and column."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from referentiels.layout import COLUMNS
from referentiels.model import RetiredCodes
from referentiels.publishing import faults
from referentiels.sentences import DocumentErrors
from referentiels.spreadsheet import read_csv, template, write_csv
from tests.referentiels.strategies import example, patient, referentiels


def _table() -> list[dict[str, str]]:
    """The template's lines, the first being line 2 of the file."""
    return list(csv.DictReader(io.StringIO(template().decode("utf-8-sig"), newline=""), delimiter=";"))


def _csv(rows, *, columns=COLUMNS, delimiter=";") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _faults(data: bytes) -> list[tuple[int | None, str, str]]:
    with pytest.raises(DocumentErrors) as refused:
        read_csv(data)
    return [(fault.line, fault.column, fault.sentence) for fault in refused.value.faults]


def _spoilt(line: int, **cells: str) -> bytes:
    """The template with some cells of one line changed; `_` stands for a space in a heading."""
    rows = _table()
    rows[line - 2] |= {heading.replace("_", " "): cell for heading, cell in cells.items()}
    return _csv(rows)


@given(referentiels())
@patient(80)
def test_draft_survives_a_spreadsheet(draft):
    """Whatever a draft holds comes back, formulas and separators included."""
    assert read_csv(write_csv(draft)) == draft


def test_published_version_comes_back_as_a_draft():
    """Number and date do not travel; retired codes do."""
    retired = RetiredCodes(("ancienne",), ("autre",), ("dernier", "premier"))
    draft = replace(example(), retired_codes=retired)
    published = replace(draft, version=3, published=datetime(2026, 1, 1, tzinfo=UTC))
    assert read_csv(write_csv(published)) == draft


def test_written_file_opens_in_a_french_spreadsheet():
    """A byte order mark, semicolons, CRLF."""
    data = write_csv(example())
    assert data.startswith(b"\xef\xbb\xbfligne;code;famille;")
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_template_is_a_small_publishable_example():
    """It shows every kind of line but retired codes, and is right as it stands."""
    assert faults(read_csv(template())) == ()
    assert {row["ligne"] for row in _table()} == {
        "référentiel",
        "co-auteur",
        "famille",
        "niveau",
        "compétence",
        "comportement",
        "alignement",
        "badge",
        "exigence",
    }


def test_formulas_are_disarmed():
    """No cell that a spreadsheet would compute leaves the service."""
    dangerous = replace(example(), title="=cmd|'/c calc'!A0", scope="'+33", owner="@x", description="-1")
    with io.StringIO(write_csv(dangerous).decode("utf-8-sig"), newline="") as text:
        cells = [cell for row in csv.reader(text, delimiter=";") for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'=cmd|'/c calc'!A0" in cells
    assert "''+33" in cells


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_usual_dialects_are_read(delimiter, end, mark):
    """Semicolons or commas, CRLF or LF, with or without the mark."""
    data = _csv(_table(), delimiter=delimiter).replace(b"\r\n", end.encode())
    assert read_csv(mark + data) == example()


def test_headings_and_kinds_may_be_spelt_loosely():
    """Capitals, accents and column order do not matter; a blank column at the end neither."""
    rows = [{**row, "ligne": row["ligne"].upper()} for row in _table()]
    data = _csv(rows, columns=COLUMNS[::-1]).replace("évaluateurs".encode(), b"Evaluateurs", 1)
    lines = [line + b";;" for line in data.split(b"\r\n") if line]
    assert read_csv(b"\r\n".join(lines)) == example()


def test_blank_lines_are_skipped_and_counted():
    """Line numbers stay those the spreadsheet shows."""
    rows = _table()
    rows[3] |= {"niveau": "x"}
    data = _csv([rows[0], {}, *rows[1:]])
    assert _faults(data)[0][:2] == (6, "niveau")
    assert read_csv(_csv([{}, *_table(), {}])) == example()


@pytest.mark.parametrize(
    ("cell", "raters"),
    [
        ("soi, coach, tuteur", ("self", "coach", "tutor")),
        ("Tuteur + Soi", ("self", "tutor")),
        ("coach", ("coach",)),
        ("aucun", ()),
        ("", ("self", "coach")),
    ],
)
def test_raters_are_written_in_french(cell, raters):
    """In any order, with the usual separators; left blank, the two views that every badge needs."""
    assert read_csv(_spoilt(13, évaluateurs=cell)).badges[0].raters == raters


@pytest.mark.parametrize(("cell", "answer"), [("oui", True), ("Non", False), ("NON", False), ("", True)])
def test_answers_are_oui_or_non(cell, answer):
    """In any case; left blank, evidence is required."""
    assert read_csv(_spoilt(13, preuve_exigée=cell)).badges[0].evidence_required is answer


def test_unused_columns_may_be_left_out():
    """A file without the columns it does not need is read."""
    rows = [{"ligne": "Référentiel", "code": "x", "nom": "Titre"}, {"ligne": "famille", "code": "f", "nom": "F"}]
    draft = read_csv(_csv(rows, columns=("ligne", "code", "nom")))
    assert (draft.title, draft.families[0].code) == ("Titre", "f")


@pytest.mark.parametrize(
    ("line", "cells", "column", "words"),
    [
        (2, {"code": "Mon Réf"}, "code", "n’est pas un code"),
        (2, {"code": ""}, "code", "manque"),
        (2, {"langue": "français"}, "langue", "n’est pas une langue"),
        (2, {"nom": "x" * 201}, "nom", "201 signes"),
        (2, {"ligne": "referenciel"}, "ligne", "Les sortes sont"),
        (3, {"ligne": ""}, "ligne", "Les sortes sont"),
        (3, {"adresse": "x"}, "adresse", "ne sert pas"),
        (4, {"code": "é"}, "code", "n’est pas un code"),
        (5, {"niveau": "un"}, "niveau", "nombre entier"),
        (5, {"niveau": ""}, "niveau", "manque"),
        (6, {"niveau": "1"}, "niveau", "en montant"),
        (8, {"famille": "rien"}, "famille", "n’existe pas"),
        (9, {"niveau": "7"}, "niveau", "pas dans l’échelle"),
        (9, {"compétence": "rien"}, "compétence", "Aucune ligne «\xa0compétence\xa0»"),
        (9, {"compétence": ""}, "compétence", "Aucune ligne"),
        (10, {"niveau": "1"}, "niveau", "déjà décrit"),
        (12, {"adresse": "http://x.example"}, "adresse", "https"),
        (13, {"minimum": "0"}, "minimum", "entre 1 et 50"),
        (13, {"évaluateurs": "soi, pair"}, "évaluateurs", "«\xa0pair\xa0» n’évalue pas"),
        (13, {"preuve_exigée": "peut-être"}, "preuve exigée", "par oui ou par non"),
        (13, {"validité_en_mois": "3,5"}, "validité en mois", "nombre entier"),
        (14, {"compétence": "rien"}, "compétence", "n’existe pas"),
        (14, {"badge": "rien"}, "badge", "Aucune ligne «\xa0badge\xa0»"),
    ],
)
def test_bad_cell_is_said_by_line_and_column(line, cells, column, words):
    """As a person would point at it: « ligne 7, colonne « niveau » : … »."""
    found = _faults(_spoilt(line, **cells))
    assert (line, column) in [fault[:2] for fault in found]
    sentence = next(fault[2] for fault in found if fault[:2] == (line, column))
    assert sentence.startswith(f"ligne {line}, colonne «\xa0{column}\xa0»\xa0: ")
    assert words in sentence


def test_all_bad_cells_are_said_at_once_and_in_order():
    """A person corrects the whole file in one go."""
    rows = _table()
    rows[0]["langue"] = "français"
    rows[5]["niveau"] = "trois"
    rows[7]["compétence"] = "rien"
    rows[11]["minimum"] = "zéro"
    places = [fault[:2] for fault in _faults(_csv(rows))]
    assert places == sorted(places)
    assert {(2, "langue"), (7, "niveau"), (9, "compétence"), (13, "minimum")} <= set(places)


def test_second_framework_line_is_refused():
    """One file, one référentiel."""
    rows = _table()
    assert [fault[:2] for fault in _faults(_csv([*rows, rows[0]]))] == [(15, "ligne")]


def test_missing_framework_line_is_said_once():
    """Without a line to point at, the sentence stands alone."""
    (found,) = _faults(_csv(_table()[1:]))
    assert found == (None, "", "Il manque la ligne «\xa0référentiel\xa0».")


def test_retired_line_without_a_code_is_refused():
    """It would retire nothing in silence."""
    assert [fault[:2] for fault in _faults(_csv([*_table(), {"ligne": "code retiré"}]))] == [(15, "ligne")]


def test_line_alone_is_pointed_at_where_no_column_is_to_blame():
    """A list too long is the fault of the line that holds it."""
    rows = _table()
    many = [rows[10] | {"nom": f"n{index}"} for index in range(21)]
    found = _faults(_csv([*rows, *many]))
    assert [(fault[0], fault[1]) for fault in found] == [(8, "")]
    assert found[0][2].startswith("ligne 8\xa0: Cette liste compte 22")


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        ("ligne;nom\r\nréférentiel;é\r\n".encode("cp1252"), 2, "CSV UTF-8"),
        (b"PK\x03\x04\xff\xfe", 1, "CSV UTF-8"),
        (b"", 1, "colonne «\xa0ligne\xa0»"),
        (b"code;nom\r\nx;y\r\n", 1, "colonne «\xa0ligne\xa0»"),
        (b"ligne;nom;couleur\r\n", 1, "inconnue"),
        (b"ligne;nom;Nom\r\n", 1, "deux fois"),
        (b"ligne;nom\r\nfamille;x;y\r\n", 2, "plus de cellules"),
        (b'ligne;nom\r\nfamille;"x\r\n', 2, "guillemets"),
        (b'ligne;nom\r\nfamille;"x"y\r\n', 2, "guillemets"),
        (b"ligne;" + b"x" * 1024 * 1024, None, "1 Mo"),
        (b"ligne\r\n" + b"x\r\n" * 10_000, None, "10001"),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_a_sentence(data, line, words):
    """Encoding, headings, quotes and size: the line, and what to do."""
    (found,) = _faults(data)
    assert found[0] == line
    assert words in found[2]


def test_line_and_column_are_translated_around_the_sentence():
    """Both the place and what is wrong go through the application's gettext."""
    with pytest.raises(DocumentErrors) as refused:
        read_csv(_spoilt(5, niveau=""))
    asked = []

    def gettext(french):
        asked.append(french)
        return french

    assert "ligne 5" in refused.value.faults[0].translated(gettext)
    assert asked == ["Le niveau manque.", "ligne {line}, colonne «\xa0{column}\xa0»\xa0: {said}"]
