"""What a share shows and what it never gives away: crawled, hidden, locked, ended; and the person's pages of it."""

import io
import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from alembic import command
from alembic.config import Config
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import text

from badges.db import Database
from badges.models.awards import CredentialRecord
from badges.models.people import AgeBand
from badges.models.phrases import PhraseRecord
from badges.services import keys, lifecycle, shares, showing, verification
from badges.services.installation import MIGRATIONS
from badges.services.shares import Wanted
from tests import factories
from tests.awarding import EVIDENCE, world
from verify import Verdict
from verify.standards import baking

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NAME, KEPT, OTHER = "Diallo", "échafaudage", "Partage les tâches"
BADGES = ("equipe", "rigueur", "adaptation")
FORMS = (CHROME, "application/vc+ld+json", "image/svg+xml", "application/vc+jwt")


@pytest.fixture
def place(session, installation):
    return world(session, installation, levels=dict.fromkeys(BADGES, 3))


@pytest.fixture
def badge(place):
    """A badge with the name in clear and both items of evidence, shared whole as at every claim."""
    credential = place.claimed(kept=(0, 1))
    place.session.commit()
    return credential


def who(place):
    return factories.actor(place.person)


def shared(place, *credentials, opened=True, **how):
    """A share of these badges."""
    awards = tuple(one.award_id for one in credentials)
    share = shares.draft(place.session, who(place), Wanted(awards, **how), place.now)
    if opened:
        shares.open_draft(place.session, who(place), share_id=share.id, now=place.now)
    place.session.commit()
    return share


def key_of(credential, name):
    """What names the item of evidence of that title."""
    items = showing.summary_of(credential.document).evidence
    return next(showing.evidence_key(one) for one in items if one.name == name)


def stop_all(place, credential):
    """Stop every share of the badge."""
    for share in credential.award.shares:
        if shares.is_open(share, place.now):
            shares.withdraw_share(place.session, who(place), share_id=share.id, now=place.now)
    place.session.commit()


def ask(client, address, accept=CHROME):
    return client.get(address, headers={"Accept": accept})


def enter(place, client, person=None):
    factories.sign_in(place.session, client, person or place.person, place.now)
    place.session.commit()


def told(answer):
    """What an answer says, whatever its form: the badge inside a picture and the words of a PDF too."""
    if answer.mimetype == "image/png" and b"openbadge" in answer.data:
        return baking.extract_png(answer.data).decode()
    if answer.mimetype == "application/pdf":
        document = PdfReader(io.BytesIO(answer.data))
        return " ".join([page.extract_text() for page in document.pages] + [str(document.metadata)])
    return answer.data.decode(errors="replace")


def crawl(client, start):
    """Every answer that can be reached from an address, by link, picture, header or guess of a file's name."""
    code = start.rpartition("/")[2]
    guesses = [".json", ".jwt", "/badge.png", "/badge.svg", "/image.svg", "/qr.svg", "/imprimer", "/apercu.png"]
    guesses += [
        "/carte.pdf",
        "/fiche.pdf",
        "/ob2.json",
        "/ob2.png",
        "/ob2.svg",
        "/ob2.jws",
        "/1",
        "/1/badge.json",
        "/2",
        "/2.json",
    ]
    todo, seen = [start, *(f"/v/{code}{one}" for one in guesses)], {}
    while todo:
        address = todo.pop()
        if address in seen or len(seen) > 200:
            continue
        for accept in FORMS if address.startswith(("/v/", "/c/", "/ob2/")) else FORMS[:1]:
            answer = client.get(address, headers={"Accept": accept}, follow_redirects=True)
            seen[f"{address} {accept}"] = seen[address] = answer
            said = told(answer)
            found = re.findall(r'(?:href|src|content)="([^"#]+)', said) + re.findall(r'"(http[^"#]+)"', said)
            found += re.findall(r"<([^>]+)>", answer.headers.get("Link", ""))
            if answer.mimetype == "application/pdf":
                break
            local = [urlsplit(one).path for one in found if urlsplit(one).netloc in {"", "localhost:8000"}]
            todo += [one for one in local if one.startswith("/") and not one.startswith(("/static", "/r/"))]
    return seen


def words_in(answers, *words):
    """Where any of the words stands."""
    return [(address, word) for address, answer in answers.items() for word in words if word in told(answer)]


# --- what is hidden is nowhere


def test_hiding_share_leads_nowhere_to_what_it_hides(client, place, badge):
    """Name, evidence, level and the credential's own number, in every page, file and header that can be reached."""
    stop_all(place, badge)
    kept = frozenset({key_of(badge, EVIDENCE[1]["name"])})
    share = shared(place, badge, name=False, levels=False, evidence={badge.award_id: kept})
    answers = crawl(client, f"/v/{share.code}")
    assert len(answers) > 30
    assert words_in(answers, NAME, "Awa", KEPT, "Niveau 3 sur", str(badge.id)) == []
    page = ask(client, f"/v/{share.code}")
    assert page.status_code == 200
    assert OTHER in page.text
    assert "Seule la personne peut vous le remettre" in page.text
    assert {ask(client, f"/v/{share.code}{one}").status_code for one in (".json", "/badge.png", "/ob2.json")} == {404}


def test_hiding_share_beside_a_whole_one_gives_nothing_away(client, place, badge):
    """The credential's address answers for the whole share, and nothing of the hiding one leads to it."""
    share = shared(place, badge, name=False)
    assert ask(client, f"/c/{badge.id}").status_code == 200
    assert words_in(crawl(client, f"/v/{share.code}"), NAME, str(badge.id)) == []


@pytest.mark.parametrize("how", [{"name": False}, {"levels": False}, {"secret": "petit pain"}])
def test_address_of_a_credential_is_shut_where_every_share_hides(client, place, badge, how):
    """The same for its Open Badges 2.0 form, whatever is asked for."""
    stop_all(place, badge)
    shared(place, badge, **how)
    for address in (f"/c/{badge.id}", f"/ob2/c/{badge.id}", f"/ob2/c/{badge.id}.png"):
        for accept in (CHROME, "application/json"):
            answer = client.get(address, headers={"Accept": accept}, follow_redirects=True)
            assert answer.status_code in {404, 410}
            assert NAME.encode() not in answer.data


def test_address_of_a_badge_leads_to_no_share_that_says_more(client, place):
    """Whoever holds the file knows that address, and not what was shown to somebody else beside it."""
    first, _, third = three(place)
    place.session.commit()
    several = shared(place, third, first, contact="06 11 22 33 44")
    alone = next(one for one in first.award.shares if len(one.badges) == 1)
    assert alone.code in ask(client, f"/c/{first.id}").text
    shares.withdraw_share(place.session, who(place), share_id=alone.id, now=place.now)
    place.session.commit()
    answer = ask(client, f"/c/{first.id}")
    assert answer.status_code == 200
    assert [word for word in (several.code, "06 11 22", str(third.id)) if word in answer.text] == []
    assert re.findall(r"/v/[/.\"]|Code de ce badge", answer.text) == []
    assert NAME in answer.text


def test_whole_share_gives_every_file(client, place, badge):
    """One that shows all of what is signed is as the one made at claim."""
    share = shared(place, badge, contact="06 00 00 00 00")
    assert ask(client, f"/v/{share.code}.json").data == badge.document
    page = ask(client, f"/v/{share.code}").text
    assert "06 00 00 00 00" in page
    assert f"/ob2/c/{badge.id}" in page


def test_badge_signed_for_it_is_given_without_what_is_hidden(client, place, installation):
    """With ecdsa-sd-2023 the file says what the page says, its signature holds, and its address answers nobody."""
    keys.choose(
        place.session,
        installation,
        place.structure,
        proof="ecdsa-sd-2023",
        token="",
        actor="command",
        now=place.now,
    )
    credential = place.claimed(kept=(0, 1))
    share = shared(place, credential, name=False, evidence={credential.award_id: frozenset()})
    file = ask(client, f"/v/{share.code}.json").data
    report = verification.verify_bytes(place.session, place.installation, file, place.now)
    assert report.verdict is Verdict.VALID, report.to_json()
    assert report.credential.results
    assert words_in(crawl(client, f"/v/{share.code}"), NAME, KEPT, OTHER) == []
    assert ask(client, f"/c/{credential.id}").status_code == 410
    assert baking.extract_png(ask(client, f"/v/{share.code}/badge.png").data) == file
    levels = shared(place, credential, levels=False)
    assert b"achievedLevel" not in ask(client, f"/v/{levels.code}.json").data


def test_hidden_name_answers_no_guess(client, place, badge):
    """Nobody finds the name by typing it."""
    share = shared(place, badge, name=False)
    assert "verifier-le-nom" not in ask(client, f"/v/{share.code}").text
    answer = client.post(f"/v/{share.code}/nom", data={"nom": "Awa Diallo"})
    assert 'id="personne"' not in answer.text


def test_new_evidence_of_a_reissue_stays_hidden(place, badge, client):
    """A share outlives a reissue; what was chosen by name does not grow."""
    share = shared(place, badge, evidence={badge.award_id: frozenset({key_of(badge, EVIDENCE[1]["name"])})})
    issuer = factories.actor(place.issuer)
    award = lifecycle.correct(
        place.session, issuer, place.installation, award_id=badge.award_id, reason="Une faute.", now=place.now
    )
    place.claim(award, kept=(0, 1))
    place.session.commit()
    page = ask(client, f"/v/{share.code}").text
    assert OTHER in page
    assert KEPT not in page


# --- several badges


def three(place):
    return [place.claim(place.granted(badge_code=code)) for code in BADGES]


def test_several_badges_in_their_order_and_no_other(client, place):
    """Each with its verdict, and nothing that counts or names those that were not chosen."""
    first, second, third = three(place)
    share = shared(place, third, first)
    page = ask(client, f"/v/{share.code}").text
    assert "2 badges authentiques." in page.replace("\u00a0", " ")
    assert page.index("adaptation") < page.index("Travail en équipe")
    assert page.count("Badge authentique, délivré par") == 2
    assert "Rigueur" not in page
    assert str(second.id) not in page
    assert f"/v/{share.code}/2" in page
    assert ask(client, f"/v/{share.code}/2.json").data == first.document
    assert ask(client, f"/v/{share.code}/3").status_code == 404
    assert ask(client, f"/v/{share.code}/imprimer").text.count("pbadge__name") == 2


def test_one_badge_that_fails_hides_no_other(client, place, installation):
    """A forged one is red, a paused one says only that, the third is good."""
    forged, paused, good = three(place)
    share = shared(place, forged, paused, good)
    lifecycle.suspend(
        place.session,
        factories.actor(place.issuer),
        installation,
        award_id=paused.award_id,
        reason="À revoir.",
        now=place.now,
    )
    place.session.commit()
    with installation.database.engine.execution_options(jalon_writing=True).begin() as connection:
        trigger = "credentials_refuses_update"
        on = " ON credentials" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
        connection.execute(
            CredentialRecord.__table__.update()
            .where(CredentialRecord.id == forged.id)
            .values(document=forged.document.replace(b"Awa Diallo", b"Ada Diallo"))
        )
    page = ask(client, f"/v/{share.code}").text
    assert "1 badge sur 3 est authentique." in page
    assert "Le contenu ne correspond pas à la signature" in page
    assert "Ce badge est en pause." in page
    assert "Rigueur" not in page
    assert "Badge authentique, délivré par Mission Passerelle" in page


def test_paused_badge_gives_nothing_in_any_form(client, place, badge):
    """Its page says so and nothing of the person or the badge; its files are refused as JSON too."""
    code = badge.award.shares[0].code
    lifecycle.suspend(
        place.session,
        factories.actor(place.issuer),
        place.installation,
        award_id=badge.award_id,
        reason="À revoir.",
        now=place.now,
    )
    place.session.commit()
    page = ask(client, f"/v/{code}")
    assert (page.status_code, "Un badge en pause" in page.text) == (200, True)
    answers = {one: ask(client, f"/v/{code}{one}") for one in ("", ".json", "/badge.png", "/imprimer", "/apercu.png")}
    answers["as JSON"] = ask(client, f"/v/{code}", "application/json")
    assert answers["as JSON"].status_code == 409
    assert words_in(answers, NAME, KEPT, "Travail en") == []


def write(place, words, code="equipe"):
    """The person's phrase on a competence, as it now stands."""
    row = PhraseRecord(
        person_id=place.person.id,
        referentiel_id=place.version.referentiel_id,
        competence_code=code,
        words=words,
        written_at=place.now,
    )
    place.session.add(row)
    place.session.flush()
    return row


def test_phrases_are_shown_as_they_were_chosen(client, place, badge):
    """In the wording of the moment, where the person shows them, and nowhere else."""
    former = write(place, "J’aide sans qu’on me le demande.")
    share = shared(place, badge, words=True)
    former.replaced_at = place.now
    place.session.flush()
    write(place, "Je range toujours derrière moi.")
    place.session.commit()
    page = ask(client, f"/v/{share.code}").text
    assert "J’aide sans qu’on me le demande." in page
    assert "Je range toujours" not in page
    assert "J’aide" not in ask(client, f"/v/{shared(place, badge).code}").text


def test_levels_of_three_badges_are_drawn_with_their_table(client, place):
    """Where the share shows it, and only of the badges in it; without levels nothing is drawn."""
    credentials = three(place)
    page = ask(client, f"/v/{shared(place, *credentials, radar=True).code}").text
    assert "Les niveaux en un dessin" in page
    assert page.count("<table") == 1
    for how in ({"radar": True, "levels": False}, {}):
        assert "en un dessin" not in ask(client, f"/v/{shared(place, *credentials, **how).code}").text
    assert "en un dessin" not in ask(client, f"/v/{shared(place, *credentials[:2], radar=True).code}").text


def test_staff_are_led_to_no_share_of_the_persons(client, place, badge):
    """Whom they show what, words their coach may not read and a line to be reached by, is between them and a reader."""
    write(place, "J’aide sans qu’on me le demande.")
    share = shared(place, badge, words=True, contact="06 11 22 33 44")
    page = f"/badges-proposes/{badge.award_id}"
    for reader in (place.coach, place.issuer):
        enter(place, client, reader)
        answer = ask(client, page)
        assert answer.status_code == 200
        assert f"/c/{badge.id}" in answer.text
        assert words_in({"": answer}, *(one.code for one in badge.award.shares)) == []
    stop_all(place, badge)
    shared(place, badge, name=False)
    assert "/c/" not in ask(client, page).text
    assert share.code not in ask(client, page).text


# --- a share that asks for a password, or is over


def test_password_opens_a_share_for_this_browser(app, client, place, badge):
    """Nothing is told before; the password is in no address, and capitals do not count."""
    share = shared(place, badge, secret="Petit Pain")
    page = ask(client, f"/v/{share.code}")
    assert words_in({"": page}, NAME, "Travail en", "og:image") == []
    assert ask(client, f"/v/{share.code}.json").status_code == 403
    answer = client.post(f"/v/{share.code}", data={"secret": " petit pain "})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/v/{share.code}")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert NAME in ask(client, f"/v/{share.code}").text
    assert ask(client, f"/v/{share.code}.json").data == badge.document
    assert NAME not in ask(app.test_client(), f"/v/{share.code}").text


def test_what_a_password_opened_is_kept_by_no_browser(client, place, badge):
    """Neither page nor file: another reader of the same telephone finds nothing, once the browser was closed."""
    share = shared(place, badge, secret="petit pain")
    client.post(f"/v/{share.code}", data={"secret": "petit pain"})
    for form in ("", ".json", "/badge.png", "/image.svg", "/carte.pdf", "/imprimer", "/ob2.json"):
        answer = ask(client, f"/v/{share.code}{form}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert ask(client, f"/v/{shared(place, badge).code}.json").headers["Cache-Control"] == "no-cache"


def test_guesses_of_a_password_are_limited(client, place, badge, clock):
    """Ten wrong ones, then wait; then the right one is taken."""
    share = shared(place, badge, secret="petit pain")
    given = [client.post(f"/v/{share.code}", data={"secret": f"essai {n}"}).status_code for n in range(11)]
    assert given == [422] * 10 + [429]
    assert client.post(f"/v/{share.code}", data={"secret": "petit pain"}).status_code == 429
    clock.forward(minutes=16)
    assert client.post(f"/v/{share.code}", data={"secret": "petit pain"}).status_code == 303


def test_share_that_is_over_says_so_and_nothing_else(client, place, badge, clock):
    """Out of time as well as stopped, as a page and as JSON."""
    ending, stopped = shared(place, badge, lifetime="30"), shared(place, badge)
    assert ask(client, f"/v/{ending.code}").status_code == 200
    shares.withdraw_share(place.session, who(place), share_id=stopped.id, now=place.now)
    place.session.commit()
    clock.forward(days=31)
    for share in (ending, stopped):
        for accept in (CHROME, "application/json"):
            answer = ask(client, f"/v/{share.code}", accept)
            assert answer.status_code == 410
            assert words_in({"": answer}, NAME, "Travail en") == []


def test_young_people_share_nameless_for_ninety_days(place, client):
    """That is what a claim opens for them; they may choose otherwise."""
    place.person.age_band = AgeBand.FROM_15
    credential = place.claimed()
    place.session.commit()
    [share] = credential.award.shares
    assert (share.show_name, share.expires_at) == (False, place.now + timedelta(days=90))
    assert NAME not in ask(client, f"/v/{share.code}").text


def test_codes_of_an_older_version_keep_showing_all(tmp_path):
    """The share goes to the badge's person and shows all of it, stopped ones stay stopped."""
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    now, person, award = "'2026-01-01 00:00:00'", "'" + "1" * 32 + "'", "'" + "2" * 32 + "'"
    with database.engine.execution_options(jalon_writing=True).connect() as connection:  # never committed
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        [migration] = (MIGRATIONS / "versions").glob("*_shares_of_several_badges.py")
        number = int(migration.name[:4])
        command.upgrade(config, f"{number - 1:04}")
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        columns = [row[1] for row in connection.execute(text("PRAGMA table_info(awards)"))]
        values = {"id": award, "person_id": person, "subject_id": award, "state": "'claimed'", "badge_code": "'a'"}
        given = ", ".join(values.get(name, now if name.endswith("_at") else "1") for name in columns)
        people = [row[1] for row in connection.execute(text("PRAGMA table_info(people)"))]
        theirs = {"id": person, "age_band": "'adult'", "name": "'A'", "card_code": "'C'", "language": "'fr'"}
        held = ", ".join(theirs.get(name, now if name == "created_at" else "NULL") for name in people)
        connection.execute(text(f"INSERT INTO people VALUES ({held})"))
        connection.execute(text(f"INSERT INTO awards VALUES ({given})"))
        connection.execute(text(f"INSERT INTO shares VALUES (4, {award}, 'OPEN', {now}, NULL)"))
        connection.execute(text(f"INSERT INTO shares VALUES (5, {award}, 'STOPPED', {now}, {now})"))
        command.upgrade(config, f"{number:04}")
        rows = connection.execute(
            text("SELECT code, person_id, show_name, show_levels, opened_at IS NULL, withdrawn_at IS NULL FROM shares")
        ).all()
        assert rows == [("OPEN", "1" * 32, 1, 1, 0, 1), ("STOPPED", "1" * 32, 1, 1, 0, 0)]
        assert connection.execute(text("SELECT share_id, place, award_id, evidence FROM shared_badges")).all() == [
            (4, 1, "2" * 32, None),
            (5, 1, "2" * 32, None),
        ]
    database.close()


# --- previews of links


def test_preview_of_a_link_shows_the_badge_and_no_name(client, place, badge):
    """1200 × 630, and words that name the badge."""
    code = badge.award.shares[0].code
    head = ask(client, f"/v/{code}").text.partition("</head>")[0]
    assert f'content="http://localhost:8000/v/{code}/apercu.png"' in head
    assert NAME not in head
    picture = Image.open(io.BytesIO(ask(client, f"/v/{code}/apercu.png").data))
    assert (picture.size, picture.format) == ((1200, 630), "PNG")


def weight_of(client, address):
    with client.get(address) as answer:
        return len(answer.data)


def test_first_load_of_the_public_page_stays_light(client, place, badge):
    """Page, style, script and icon, uncompressed: under 60 KB, for one badge and for three."""
    others = [place.claim(place.granted(badge_code=code)) for code in BADGES[1:]]
    weights = {}
    for share in (badge.award.shares[0], shared(place, badge, *others)):
        page = ask(client, f"/v/{share.code}")
        loaded = re.findall(r'<(?:link rel="(?:icon|stylesheet)" href|script src|img src)="([^"]+)"', page.text)
        parts = {address: weight_of(client, address) for address in loaded}
        assert len(parts) >= 2
        weights[len(share.badges)] = len(page.data) + sum(parts.values())
    assert max(weights.values()) < 60_000, weights


# --- the person's pages


def form_of(*credentials, **more):
    chosen = {"badge": [str(one.award_id) for one in credentials], "levels": "1", "lifetime": "90"}
    everything = [
        f"{one.award_id}:{showing.evidence_key(item)}"
        for one in credentials
        for item in showing.summary_of(one.document).evidence
    ]
    return {**chosen, "evidence": everything, **more}


def test_person_sees_the_very_page_before_anybody(app, client, place, badge):
    """The draft's address gives its person the bytes that it gives everybody once it is open, and nobody before."""
    enter(place, client)
    answer = client.post("/moi/partages/nouveau", data=form_of(badge, contact="06 00 00 00 00", label="La boulangerie"))
    assert answer.status_code == 303
    preview = ask(client, answer.headers["Location"])
    assert preview.status_code == 200
    assert "frame-src 'self'" in preview.headers["Content-Security-Policy"]
    [address] = re.findall(r'<iframe[^>]+src="([^"]+)"', preview.text)
    seen = ask(client, address)
    assert "frame-ancestors 'self'" in seen.headers["Content-Security-Policy"]
    employer = app.test_client()
    assert ask(employer, address).status_code == 404
    share_id = answer.headers["Location"].split("/")[3]
    assert client.post(f"/moi/partages/{share_id}/ouvrir").status_code == 303
    assert client.post(f"/moi/partages/{share_id}/ouvrir").status_code == 303
    given = ask(employer, address)
    assert given.data == seen.data
    assert "frame-ancestors 'none'" in given.headers["Content-Security-Policy"]
    assert NAME not in given.text
    assert "boulangerie" not in given.text


def test_pages_of_a_share_are_for_its_person_alone(client, place, badge):
    """Neither seen, nor opened, nor stopped by anybody else; nor can somebody else's badge be put in."""
    share, draft = shared(place, badge), shared(place, badge, opened=False)
    other = factories.person(place.session, place.structure, place.coach, name="Zoé Lam")
    factories.agree(place.session, other)
    enter(place, client, other)
    for path in (f"{share.id}", f"{draft.id}/apercu"):
        assert client.get(f"/moi/partages/{path}").status_code == 404
    for path in (f"{share.id}/arreter", f"{share.id}/changer", f"{draft.id}/ouvrir", f"{draft.id}/monter"):
        assert client.post(f"/moi/partages/{path}", data={"lifetime": "30"}).status_code == 404
    assert client.post("/moi/partages/nouveau", data=form_of(badge)).status_code == 404
    assert ask(client, f"/v/{draft.code}").status_code == 404


def test_ways_to_give_a_share(client, place, badge):
    """Address, code, square, a text, and what LinkedIn reads, which names the badge and not the person."""
    share = badge.award.shares[0]
    enter(place, client)
    page = ask(client, f"/moi/partages/{share.id}").text.replace("&amp;", "&")
    [sms] = re.findall(r'href="(sms:[^"]+)"', page)
    assert unquote(sms).endswith(f"http://localhost:8000/v/{share.code}")
    [linkedin] = re.findall(r'href="(https://www.linkedin.com[^"]+)"', page)
    assert parse_qs(urlsplit(linkedin).query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Travail en équipe"],
        "organizationName": ["Mission Passerelle"],
        "issueYear": ["2026"],
        "issueMonth": ["11"],
        "certUrl": [f"http://localhost:8000/v/{share.code}"],
        "certId": [f"{share.code[:4]}-{share.code[4:8]}-{share.code[8:]}"],
    }
    assert 'rel="noopener noreferrer external"' in page
    assert "site extérieur" in page


def test_list_says_what_until_when_and_stops(client, place, badge):
    """One button ends it, and it moves to those that are over."""
    share = shared(place, badge, name=False, label="La boulangerie", lifetime="30")
    enter(place, client)
    page = ask(client, "/moi/partages").text.replace("\u00a0", " ")
    assert [word for word in ("La boulangerie", "Sans le nom", "21 décembre 2026", "Ouvert") if word not in page] == []
    assert client.post(f"/moi/partages/{share.id}/arreter").status_code == 303
    assert "Partages terminés" in ask(client, "/moi/partages").text
    assert client.post(f"/moi/partages/{share.id}/arreter").status_code == 409
    assert ask(client, f"/v/{share.code}").status_code == 410


def test_end_label_and_password_change_and_nothing_else_does(client, place, badge):
    """A new password shuts out whoever had the old one."""
    share = shared(place, badge, secret="petit pain")
    client.post(f"/v/{share.code}", data={"secret": "petit pain"})
    assert NAME in ask(client, f"/v/{share.code}").text
    changed = {"label": "Le garage", "lifetime": "30", "secret": "grand pain"}
    shares.change(place.session, who(place), share_id=share.id, now=place.now, **changed)
    place.session.commit()
    assert (share.label, share.expires_at) == ("Le garage", place.now + timedelta(days=30))
    assert NAME not in ask(client, f"/v/{share.code}").text
    with pytest.raises(shares.Conflict):
        shares.move_up(place.session, who(place), share_id=share.id, place=1)


def test_order_of_a_draft_changes(client, place):
    """One place at a time, by a button."""
    first, second, third = three(place)
    draft = shared(place, first, second, third, opened=False)
    enter(place, client)
    assert client.post(f"/moi/partages/{draft.id}/monter", data={"place": "3"}).status_code == 303
    place.session.expire_all()
    order = [one.award_id for one in shares.mine(place.session, who(place), draft.id).badges]
    assert order == [first.award_id, third.award_id, second.award_id]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"badge": []}, "Choisissez au moins un badge."),
        ({"lifetime": "7"}, "Choisissez jusqu’à quand."),
        ({"contact": "x" * 200}, "Écrivez une ligne"),
        ({"secret": "court"}, "d’au moins six caractères"),
        ({"secret": factories.PIN}, "ressemble trop à votre code secret"),
        ({"secret": "90 81 72"}, "ressemble trop à votre code secret"),
    ],
)
def test_form_that_cannot_be_shared_says_why(client, place, badge, more, said):
    """Beside the field, and what was typed stays."""
    enter(place, client)
    answer = client.post("/moi/partages/nouveau", data=form_of(badge, label="Un libellé", **more))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Un libellé" in answer.text


def test_hidden_name_in_a_shown_text_is_pointed_out(client, place):
    """The name is hidden, a text says it: the person decides before opening."""
    told = ({"name": "Chantier", "narrative": "Awa monte l’échafaudage."},)
    credential = place.claim(place.granted(evidence=told))
    draft = shared(place, credential, name=False, opened=False)
    enter(place, client)
    assert "écrit dans un texte" in ask(client, f"/moi/partages/{draft.id}/apercu").text
    whole = shared(place, credential, opened=False)
    assert "écrit dans un texte" not in ask(client, f"/moi/partages/{whole.id}/apercu").text


def test_number_that_no_database_keeps_is_no_fault_of_ours(client, place):
    """Twenty digits in an address: it cannot be read, and nothing broke."""
    enter(place, client)
    assert ask(client, f"/moi/partages/{10**20}/apercu").status_code == 400


def test_quick_share_is_one_tap_from_the_badge(client, place, badge):
    """Stopped, it opens again with one button, whole and with another code."""
    stop_all(place, badge)
    enter(place, client)
    assert client.post(f"/moi/badges/{badge.award_id}/partager").status_code == 303
    page = ask(client, f"/moi/badges/{badge.award_id}").text
    place.session.expire_all()
    share = shares.active_share(badge.award, place.now)
    assert f"/v/{share.code}" in page
    assert "/qr.svg" in page
