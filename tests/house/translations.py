"""Says which user texts have no translation; with --update, writes the missing ones into the catalogues, empty.

French sentences are the message ids, so French needs no catalogue. A translation that is empty, fuzzy or identical to
the French one is a fault, unless IDENTICAL gives the reason why the two languages share the words. So is a French text
with a plain space before a sign or inside guillemets: the house writes a no-break space there. Pages for staff speak
French and English: the other languages need every text that stands anywhere outside FOR_STAFF.
"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent.parent
TRANSLATIONS = ROOT / "badges" / "translations"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "N_": None,
    "S": (1,),
}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}
SOURCES = ("badges", "issuer", "referentiels", "verify")

# French puts a space that no line breaks at before these signs and inside guillemets.
LOOSE_SIGN = re.compile(r" [:;?!]|«(?!\u00a0)|(?<!\u00a0)»")

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

# French that is easy to read may find the usual French easy enough.
EASY = "@"
STAFF_LANGUAGES = {"en"}
PAGES = "badges/web/templates/"

# Where texts stand that staff alone read. A text that stands elsewhere too is for everybody.
FOR_STAFF = (
    "badges/cli.py",
    "badges/demo/",
    "badges/key_commands.py",
    "badges/services/closing.py",
    "badges/services/acquired.py",
    "badges/services/compromise.py",
    "badges/services/group_",
    "badges/services/identity_checks.py",
    "badges/services/keyring.py",
    "badges/services/legal.py",
    "badges/services/notices.py",
    "badges/services/keys.py",
    "badges/services/mandates.py",
    "badges/services/open_badges_2.py",
    "badges/services/organisations.py",
    "badges/services/paper_grids.py",
    "badges/services/referentiels.py",
    "badges/services/situations.py",
    "badges/services/staff.py",
    "badges/services/status.py",
    "badges/services/translations.py",
    "badges/web/group_sessions.py",
    "badges/services/covers.py",
    "badges/services/openings.py",
    "badges/services/selections.py",
    "badges/web/caseload.py",
    "badges/web/covers.py",
    "badges/web/closing.py",
    "badges/web/identity_checks.py",
    "badges/web/journal_words.py",
    "badges/web/letters.py",
    "badges/web/openings.py",
    "badges/web/organisations.py",
    "badges/web/paper_grids.py",
    "badges/web/proof_words.py",
    "badges/web/referentiel_editor/",
    "badges/web/voices.py",
    f"{PAGES}assessments/cancel.html",
    f"{PAGES}assessments/choose_version.html",
    f"{PAGES}assessments/conclusion.html",
    f"{PAGES}assessments/choose_version_for_many.html",
    f"{PAGES}assessments/guide.html",
    f"{PAGES}assessments/open.html",
    f"{PAGES}assessments/open_for_many.html",
    f"{PAGES}awards/index.html",
    f"{PAGES}awards/propose.html",
    f"{PAGES}awards/show.html",
    f"{PAGES}agreements/of_person.html",
    f"{PAGES}groups/",
    f"{PAGES}interviews/form.html",
    f"{PAGES}checks/",
    f"{PAGES}legal/edit.html",
    f"{PAGES}legal/index.html",
    f"{PAGES}notices/settings.html",
    f"{PAGES}notices/team.html",
    f"{PAGES}organisations/",
    f"{PAGES}acquired/",
    f"{PAGES}paper_grids/coach_sheet.html",
    f"{PAGES}paper_grids/entry.html",
    f"{PAGES}paper_grids/index.html",
    f"{PAGES}paper_grids/sheets.html",
    f"{PAGES}people/_chosen.html",
    f"{PAGES}people/covers.html",
    f"{PAGES}people/group.html",
    f"{PAGES}people/hand_over.html",
    f"{PAGES}people/hand_over_many.html",
    f"{PAGES}people/index.html",
    f"{PAGES}people/join.html",
    f"{PAGES}people/leave.html",
    f"{PAGES}people/new.html",
    f"{PAGES}people/reset.html",
    f"{PAGES}people/show.html",
    f"{PAGES}peer_words/of_person.html",
    f"{PAGES}referentiels/editor/",
    f"{PAGES}seen/person.html",
    f"{PAGES}seen/situation",
    f"{PAGES}sign_in/forgotten.html",
    f"{PAGES}sign_in/link.html",
    f"{PAGES}sign_in/password.html",
    f"{PAGES}sign_in/staff.html",
    f"{PAGES}voices/ask.html",
    f"{PAGES}voices/link.html",
    "issuer/sentences.py",
    "referentiels/cells.py",
    "referentiels/completeness.py",
    "referentiels/document.py",
    "referentiels/editing/",
    "referentiels/lint.py",
    "referentiels/publishing.py",
    "referentiels/reading.py",
    "referentiels/references.py",
    "referentiels/rows.py",
    "referentiels/sentences.py",
    "referentiels/spreadsheet.py",
    "referentiels/translation.py",
)

# The words that are the same in both languages, each with its reason.
IDENTICAL: dict[str, dict[str, str]] = {
    "en": {
        "Jalon": "the product's name",
        "%(company)s, %(role)s": "two names and a comma",
        "%(company)s, %(role)s (%(name)s)": "three names, a comma and brackets",
        "%(name)s (%(organisation)s)": "two names",
        "%(num)s badge": "badge is an English word too",
        "%(owner)s · version %(number)s": "version is an English word too",
        "%(title)s, version %(number)s": "version is an English word too",
        "5. Badges": "badge is an English word too",
        "Badge": "badge is an English word too",
        "Badges": "badge is an English word too",
        "Coach": "the field's word in both languages",
        "Collaboration": "the same word in both languages",
        "Communication": "the same word in both languages",
        "Date": "the same word in both languages",
        "Description": "the same word in both languages",
        "Menu": "the same word in both languages",
        "Organisation": "British spelling",
        "Organisations": "British spelling",
        "Protection": "the same word in both languages",
        "Situation": "the same word in both languages",
        "Source": "the same word in both languages",
        "Version": "the same word in both languages",
        "Version %(number)s": "the same word in both languages",
    },
    "es": {
        "Coach": "used in Spanish too",
        "Un coach": "used in Spanish too",
        "Jalon": "the product's name",
        "%(company)s, %(role)s": "names and a comma",
        "%(company)s, %(role)s (%(name)s)": "names and a comma",
    },
    "uk": {
        "Jalon": "the product's name",
        "%(company)s, %(role)s": "names and a comma",
        "%(company)s, %(role)s (%(name)s)": "names and a comma",
    },
    "ar": {
        "Jalon": "the product's name",
        "%(company)s, %(role)s": "names and a comma",
        "%(company)s, %(role)s (%(name)s)": "names and a comma",
    },
}


def extracted() -> Catalog:
    """Every user text in the code and the templates, with the places where it stands."""
    catalog = Catalog(locale="fr", project="Jalon", charset="utf-8")
    for source in SOURCES:
        folder = ROOT / source
        for name, line, message, comments, context in extract_from_dir(
            str(folder), METHODS, options_map=OPTIONS, keywords=KEYWORDS
        ):
            if message and (isinstance(message, tuple) or message.strip()):
                catalog.add(message, None, [(f"{source}/{name}", line)], auto_comments=comments, context=context)
    return catalog


def needed(language: str, wanted: Catalog) -> Catalog:
    """The texts that this language has to have."""
    if language in STAFF_LANGUAGES:
        return wanted
    chosen = Catalog(locale=language, project="Jalon", charset="utf-8")
    for message in wanted:
        if message.id and not all(name.startswith(FOR_STAFF) for name, _line in message.locations):
            chosen.add(message.id, None, message.locations, context=message.context)
    return chosen


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def catalogue_path(language: str) -> Path:
    """Where a language's catalogue stands."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def faults(language: str, wanted: Catalog) -> list[str]:
    """One line for every text that is missing, empty, fuzzy, identical to the French, or no longer used."""
    catalogue = read_po(BytesIO(catalogue_path(language).read_bytes()), locale=language)
    found = []
    for message in wanted:
        if not message.id:
            continue
        french = message.id[0] if isinstance(message.id, tuple) else message.id
        held = catalogue.get(message.id, message.context)
        texts = [] if held is None else list(held.string) if isinstance(held.string, tuple) else [held.string]
        if held is None:
            found.append(f"{language}: missing: {french}")
        elif not texts or not all(texts):
            found.append(f"{language}: empty: {french}")
        elif held.fuzzy:
            found.append(f"{language}: fuzzy: {french}")
        elif _same(language, french, texts):
            found.append(f"{language}: same as the French: {french}")
        found.extend(f"{language}: {error}: {french}" for error in (_wrong(held, catalogue) if held else ()))
        found.extend(f"{language}: a plain space before a sign: {text}" for text in texts if _loose(language, text))
    used = {message.id for message in wanted}
    found.extend(
        f"{language}: no longer used: {message.id}" for message in catalogue if message.id and message.id not in used
    )
    return found


def loose(wanted: Catalog) -> list[str]:
    """One line for every French text where a line may break before a sign or inside guillemets."""
    forms = [form for one in wanted for form in (one.id if isinstance(one.id, tuple) else (one.id,))]
    return [f"fr: a plain space before a sign: {form}" for form in forms if _loose("fr", form)]


def _loose(language: str, text: str | None) -> bool:
    return language.startswith("fr") and bool(LOOSE_SIGN.search(text or ""))


def _wrong(held: Message, catalogue: Catalog) -> list[str]:
    """What is wrong with its placeholders; in a plural, each form may use those of either French form.

    In Ukrainian one form stands for 1 and for 21: it says the number where French says « une fois ».
    """
    if not isinstance(held.id, tuple):
        return [str(error) for error in held.check(catalogue)]
    known = set().union(*(PLACEHOLDER.findall(text) for text in held.id))
    return [f"unknown {name}" for text in held.string for name in PLACEHOLDER.findall(text) if name not in known]


def _same(language: str, french: str, texts: list[str]) -> bool:
    allowed = EASY in language or french in IDENTICAL.get(language, {})
    return french in texts and not allowed and any(letter.isalpha() for letter in french)


def update(language: str, wanted: Catalog) -> None:
    """Write what is missing, empty, and drop what is no longer used; keep every translation."""
    path = catalogue_path(language)
    held = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    fresh = Catalog(locale=language, project="Jalon", charset="utf-8", fuzzy=False, header_comment="# Jalon")
    for message in sorted((one for one in wanted if one.id), key=lambda one: str(one.id)):
        known = held.get(message.id, message.context)
        places = sorted({(name, 0) for name, _line in message.locations})
        fresh.add(message.id, known.string if known else None, places, context=message.context)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, fresh, width=0, include_lineno=False, omit_header=False)
    lines = [line for line in out.getvalue().decode().splitlines() if "-Date:" not in line]
    path.write_text("\n".join(lines).rstrip() + "\n")


def main() -> int:
    """Check every catalogue, or update them."""
    wanted = extracted()
    if "--update" in sys.argv:
        for language in languages() or ["en"]:
            update(language, needed(language, wanted))
        return 0
    found = loose(wanted)
    found += [fault for language in languages() for fault in faults(language, needed(language, wanted))]
    print("\n".join(found) or f"translations: {len(wanted)} texts, {', '.join(languages())}: complete")  # noqa: T201
    return 1 if found or not languages() else 0


if __name__ == "__main__":
    sys.exit(main())
