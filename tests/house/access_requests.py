"""How each line of the access table is asked: where, and with a form that somebody who may would really send.

Everything is asked of the things of the side `here`. A form that is wrong would hide an open door behind a refusal, so
each one is such that at least one of the actors succeeds with it; the test of the table checks that too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy.orm import Session

from badges.services import claims, codes, contests, interviews, passkeys, reissues, shares
from badges.services.access import Actor
from badges.services.composing import Choice
from badges.services.installation import Installation
from badges.web import offline
from badges.web.exchange_pages import DISAGREE
from referentiels import document
from tests import factories
from tests.authenticator import Device
from tests.house import access_seen
from tests.house.access_world import JUDGING, LEVEL, SHARE_SECRET, Place, seen_of

DAY = "2026-11-21"
OTHER_PIN = "851937"
OTHER_PASSWORD = "cinq autres mots assez longs"
SITUATION = "Trois fois cette semaine, au chantier."


@dataclass(frozen=True)
class Line:
    """One line of the table: what is asked, and what each actor should be answered."""

    endpoint: str
    method: str
    which: str
    expected: dict[str, str]

    @property
    def name(self) -> str:
        """How messages name the line."""
        return f"{self.method} {self.endpoint}" + (f" ({self.which})" if self.which != "-" else "")


@dataclass(frozen=True)
class Ask:
    """The parts of the address, and the form or body that is sent."""

    values: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None


def path_of(app: Flask, line: Line, ask: Ask) -> str:
    """The address; what no rule of the endpoint takes is left out, the rest becomes the query."""
    rules = [rule for rule in app.url_map.iter_rules(line.endpoint) if line.method in rule.methods]
    taken = set().union(*(rule.arguments for rule in rules))
    query = ask.values.get("query", {})
    values = {name: value for name, value in ask.values.items() if name in taken and value is not None}
    return app.url_map.bind("localhost").build(line.endpoint, {**values, **query}, method=line.method)


class Requests:
    """The request of each line in one place; digests of what is confirmed and claimed are taken once."""

    def __init__(self, session: Session, installation: Installation, place: Place) -> None:
        self.place, self.here = place, place.here
        self._seen = seen_of(self.here.concluded)
        self._shown = claims.preview(
            session,
            factories.actor(self.here.person),
            installation,
            award_id=self.here.granted.id,
            choice=Choice(clear_name=True, evidence_kept=(0,)),
            now=installation.clock(),
        ).digest
        self._changed = reissues.preview(
            session,
            factories.actor(self.here.person),
            installation,
            award_id=self.here.claimed.id,
            choice=Choice(clear_name=False, evidence_kept=()),
            now=installation.clock(),
        ).digest
        self._answered = contests.shown(contests.of_round(session, self.here.closed)[self.here.codes[3]])
        self._passkey, self._made, self._given = _device(session, installation, factories.actor(self.here.person))
        self._status_list = self.here.claimed.credentials[0].status_list_id
        self._share = shares.active_share(self.here.claimed, installation.clock())
        self._asks = self._people() | self._organisations() | self._rounds() | self._awards()
        self._asks |= self._contests() | self._sign_in() | self._verification() | self._editor() | self._voices()
        self._asks |= {key: Ask(*one) for key, one in access_seen.asks(self.here).items()}
        self._asks |= self._shares()

    def of(self, line: Line) -> Ask:
        """How the line is asked."""
        values = self._values(line)
        ask = self._asks.get((line.endpoint, line.method, line.which))
        ask = ask or self._asks.get((line.endpoint, line.method, "-")) or Ask()
        return Ask({**values, **ask.values}, ask.form, ask.body)

    def _values(self, line: Line) -> dict[str, Any]:
        """What the arguments of an address mean in its blueprint."""
        here, slug = self.here, self.here.version.referentiel.slug
        known: dict[str, dict[str, Any]] = {
            "static": {"filename": "jalon.css"},
            "referentiels": {"slug": slug, "number": 1, "old": 1, "new": 1},
            "issuers": {"slug": here.structure.slug},
            "open_badges_2": self._older(),
            "verification": {"code": self._share.code, "credential_id": here.claimed.credentials[0].id},
            "papers": {"code": self._share.code},
            "offline": {"version": offline.scripts_version(), "name": "page"},
            "people": {"person_id": here.person.id},
            "agreements": {"person_id": here.person.id, "purpose": "publication"},
            "notices": {"slug": here.structure.slug},
            "legal": {"name": "mentions-legales"},
            "closing": {"slug": here.structure.slug},
            "checks": {"person_id": here.person.id, "request_id": self.place.requests["access"]},
            "organisations": {"slug": here.structure.slug, "staff_id": here.spare.id},
            "assessments": {"person_id": here.person.id, "code": here.codes[0]},
            "passkeys": {"passkey_id": self._passkey},
            "phrases": {"referentiel_id": here.version.referentiel_id, "code": here.codes[0]},
            "contests": {"round_id": here.closed.id, "code": here.codes[4]},
            "guests": {"code": here.asked},
            "interviews": {"interview_id": here.interview.id, "round_id": here.blind.id},
            "peer_words": {"word_id": here.word.id, "person_id": here.person.id},
            "voices": {"round_id": here.blind.id, "view_id": here.asking.tutor_views[0].id},
            "shares": {"share_id": here.draft.id},
            "awards": {"award_id": here.claimed.id, "round_id": here.closed.id, "badge_code": here.codes[5]},
            "editor": {"slug": slug, "code": here.codes[0], "part": "badges", "number": 1}
            | {"level": LEVEL, "index": 0, "recognition": here.recognition.id},
        } | access_seen.values(here)
        return known.get(line.endpoint.partition(".")[0], {}) | self._which(line)

    def _older(self) -> dict[str, Any]:
        """What the arguments of an Open Badges 2.0 address mean; the second key is the one that signs them."""
        here = self.here
        named = {"slug": here.structure.slug, "referentiel": here.version.referentiel.slug, "number": 1}
        claimed = {"code": self._share.code, "credential_id": here.claimed.credentials[0].id}
        return {**named, **claimed, "badge_code": here.codes[0], "fragment": "key-2"}

    def _which(self, line: Line) -> dict[str, Any]:
        """What the name of a variant says of the address."""
        return {
            "png": {"form": "png"},
            "svg": {"form": "svg"},
            "json": {"form": "json"},
            "jws": {"form": "jws"},
            "moi": {"view": "moi", "round_id": self.here.coach_done.id},
            "coach": {"view": "coach", "round_id": self.here.blind.id},
        }.get(line.which, {})

    def _people(self) -> dict[tuple[str, str, str], Ask]:
        here = self.here
        newcomer = {"name": "Mina Solal", "language": "fr", "pin_choice": "first_use", "person": uuid4()}
        away = {"coach": f"{here.structure.id}-{here.coach.id}", "stand_in": here.spare.id}
        away |= {"starts_on": DAY, "ends_on": DAY}
        changed = {"current": factories.PIN, "pin": OTHER_PIN, "again": OTHER_PIN}
        parents = {"child": "1", "parent": "1", "words": "En face à face."}
        welcomed = {"card": self.place.there.person.card_code, "pin": factories.PIN}
        return {
            ("people.create", "POST", "-"): Ask(form={"organisation": here.structure.id, **newcomer}),
            ("people.joined", "POST", "-"): Ask(form={"organisation": here.structure.id, **welcomed}),
            ("people.group", "GET", "-"): Ask({"query": {"p": here.person.id}}),
            ("people.grouped", "POST", "-"): Ask(form={"p": here.person.id, "group": "Groupe de mars"}),
            ("people.hand_over_many", "GET", "-"): Ask({"query": {"p": here.person.id}}),
            ("people.handed_over_many", "POST", "-"): Ask(form={"p": here.person.id, "coach": here.mate.id}),
            ("people.cover_named", "POST", "-"): Ask(form=away),
            ("people.cover_ended", "POST", "-"): Ask({"cover_id": here.cover.id}),
            ("people.reset_done", "POST", "-"): Ask(form={"reason": "pin", "pin_choice": "first_use"}),
            ("people.handed_over", "POST", "-"): Ask(form={"coach": here.mate.id, "scope": "one"}),
            ("people.pin_changed", "POST", "-"): Ask(form=changed),
            ("my_data.copied", "POST", "-"): Ask(form={"pin": factories.PIN}),
            ("my_data.erased", "POST", "-"): Ask(form={"pin": factories.PIN, "copies": "keep", "when": "later"}),
            ("my_data.account", "GET", "-"): Ask({"token": self.place.farewell}),
            ("my_data.account_file", "GET", "-"): Ask({"token": self.place.farewell}),
            ("agreements.answer", "POST", "-"): Ask(form={"answer": "no"}),
            ("agreements.recorded", "POST", "-"): Ask({"person_id": here.peer.id}, parents),
            ("agreements.age_changed", "POST", "-"): Ask(form={"age_band": "15_17"}),
        }

    def _organisations(self) -> dict[tuple[str, str, str], Ask]:
        settings = {"word_for_person": "stagiaire", "address_form": "tu", "phone": "", "url": ""}
        here, leaver, waiting = self.here, self.place.leaver, self.place.requests
        seen = {"words": "Vu au guichet."}
        access = {"kind": "access", **seen}
        fresh = {"name": "Chantier Nouveau", "kind": "structure", "territory": "Val"}
        guest = {"email": "invite@example.org", "name": "Ève Garnier", "roles": ["coach"]}
        return {
            ("notices.changed", "POST", "-"): Ask(form={"ratings_months": 24, "logs_months": 12}),
            ("legal.edited", "POST", "-"): Ask(form={"publisher": "La région"}),
            ("closing.closed", "POST", "-"): Ask(form={"name": here.structure.name}),
            ("checks.sought", "POST", "-"): Ask(form={"organisation": here.region.id, "code": leaver.card_code}),
            ("checks.opened", "POST", "-"): Ask(form={"organisation": here.region.id, "person": leaver.id, **access}),
            ("checks.checked", "POST", "access"): Ask(form={"pin_choice": "strip", **access}),
            ("checks.checked", "POST", "erasure"): Ask({"request_id": waiting["erasure"]}, {"kind": "erasure", **seen}),
            ("checks.erasure_checked", "POST", "-"): Ask(form=seen),
            ("organisations.create", "POST", "-"): Ask(form=fresh),
            ("organisations.settings_changed", "POST", "-"): Ask(form=settings),
            ("organisations.proof_chosen", "POST", "-"): Ask(form={"proof": "eddsa-jcs-2022", "token": ""}),
            ("organisations.invited", "POST", "-"): Ask(form=guest),
            ("organisations.roles_changed", "POST", "-"): Ask(form={"roles": ["issuer"]}),
        }

    def _rounds(self) -> dict[tuple[str, str, str], Ask]:
        here, code = self.here, self.here.codes[0]
        opening = {"version": here.version.id, "competences": list(here.codes[:2]), "moment": "entree"}
        rated = {"level": LEVEL, "situation": SITUATION}
        talked = {"outcome": "accorde", "talk_on": DAY, "note": "Nous avons parlé du chantier."}
        asks = {
            ("open_for_person", "GET", "form"): Ask({"query": {"version": here.version.id}}),
            ("open_for_person", "POST", "-"): Ask(form={"round": uuid4(), **opening}),
            ("open_for_many", "GET", "-"): Ask({"query": {"version": here.version.id, "p": here.peer.id}}),
            ("open_for_many", "POST", "-"): Ask(form={"form": uuid4(), "p": here.peer.id, **opening}),
            ("show", "GET", "blind"): Ask({"round_id": here.blind.id}),
            ("show", "GET", "closed"): Ask({"round_id": here.closed.id}),
            ("answer", "POST", "moi"): Ask(form=rated),
            ("answer", "POST", "coach"): Ask(form=rated),
            ("exchange", "GET", "-"): Ask({"round_id": here.talk.id}),
            ("exchange_one", "GET", "-"): Ask({"round_id": here.talk.id}),
            ("exchange_one", "POST", "agree"): Ask({"round_id": here.talk.id}, {"level": LEVEL}),
            ("exchange_one", "POST", "disagree"): Ask(
                {"round_id": here.talk.id}, {"level": DISAGREE, "person_words": "Je le fais déjà seule."}
            ),
            ("exchange_one", "POST", "answer"): Ask(
                {"round_id": here.disputed.id, "code": code}, {"level": LEVEL, "answer": "Nous avons regardé ensemble."}
            ),
            ("cancel", "GET", "-"): Ask({"round_id": here.blind.id}),
            ("cancel", "POST", "-"): Ask({"round_id": here.blind.id}, {"reason": "Ouvert par erreur."}),
            ("guide", "GET", "-"): Ask({"round_id": here.talk.id}),
            ("hand_screen", "POST", "-"): Ask({"round_id": here.coach_done.id}),
            ("conclusion", "GET", "-"): Ask({"round_id": here.settled.id}),
            ("conclusion", "POST", "-"): Ask({"round_id": here.settled.id}, talked),
            ("confirm", "GET", "-"): Ask({"round_id": here.concluded.id}),
            ("confirm", "POST", "-"): Ask({"round_id": here.concluded.id}, {"pin": factories.PIN, "seen": self._seen}),
        }
        return {(f"assessments.{name}", method, which): ask for (name, method, which), ask in asks.items()}

    def _contests(self) -> dict[tuple[str, str, str], Ask]:
        codes, talked = self.here.codes, {"level": LEVEL, "answer": "Nous en avons reparlé.", "talk_on": DAY}
        chosen = {"seen": self._answered, "pin": factories.PIN}
        phrase = {"words": "Une fois, j’ai aidé toute l’équipe à finir."}
        return {
            ("passkeys.begin", "POST", "-"): Ask(form={"pin": factories.PIN}),
            ("passkeys.add", "POST", "-"): Ask(form={"answer": self._made}),
            ("passkeys.enter", "POST", "-"): Ask(form={"answer": self._given}),
            ("phrases.save", "POST", "-"): Ask(form=phrase),
            ("contests.act", "POST", "contest"): Ask({"code": codes[0]}, {"reason": "Plus souvent."}),
            ("contests.act", "POST", "withdraw"): Ask(form={"act": "withdraw"}),
            ("contests.act", "POST", "answer"): Ask(form={"act": "answer", **talked}),
            ("contests.act", "POST", "settle"): Ask({"code": codes[3]}, {"act": "settle", **chosen}),
            ("contests.act", "POST", "maintain"): Ask({"code": codes[3]}, {"act": "maintain", **chosen}),
        }

    def _awards(self) -> dict[tuple[str, str, str], Ask]:
        here, reason = self.here, {"reason": "Une erreur de saisie."}
        proposed, granted = {"award_id": here.proposed.id}, {"award_id": here.granted.id}
        chosen = {"nom": "clair", "preuve": [0]}
        evidence = {"name": ["Chantier"], "narrative": [SITUATION]}
        asks = {
            ("show", "GET", "-"): Ask(proposed),
            ("proposed", "POST", "-"): Ask(form=evidence),
            ("grant", "POST", "-"): Ask(proposed),
            ("refuse", "POST", "-"): Ask(proposed, reason),
            ("suspend", "POST", "-"): Ask(form=reason),
            ("resume", "POST", "-"): Ask({"award_id": here.paused.id}),
            ("revoke", "POST", "-"): Ask(form=reason),
            ("correct", "POST", "-"): Ask(form=reason),
            ("claim", "GET", "choose"): Ask(granted),
            ("claim", "GET", "read"): Ask({**granted, "query": {"vu": "1", **chosen}}),
            ("claimed", "POST", "-"): Ask(granted, {"pin": factories.PIN, "shown": self._shown, **chosen}),
            ("changed", "POST", "-"): Ask(form={"pin": factories.PIN, "nom": "masque", "shown": self._changed}),
            ("decline", "POST", "-"): Ask(granted),
            ("new_share", "POST", "-"): Ask({"award_id": here.unshared.id}),
            ("withdraw_share", "POST", "-"): Ask(form={"share": self._share.id}),
        }
        return {(f"awards.{name}", method, which): ask for (name, method, which), ask in asks.items()}

    def _voices(self) -> dict[tuple[str, str, str], Ask]:
        here = self.here
        asking = {"company": "Halage", "tutor_role": "cheffe", "shown_as": "A.", "competences": list(here.codes[:1])}
        told = {f"level-{code}": LEVEL for code in here.codes} | {f"act-{code}": SITUATION for code in here.codes}
        seen = {"seen": interviews.digest(here.interview)}
        said = {"company": "Halage", "tutor_role": "cheffe", "shown_as": "A.", "held_on": DAY}
        said |= {"went_well": SITUATION, "next_step": "On continue."}
        wanted = {"competence": f"{here.version.id}-{here.codes[0]}", "asked_of": "N.", "shown_as": "A."}
        answered = {"view_id": here.answered.tutor_views[0].id}
        return {
            ("voices.asked", "POST", "-"): Ask(form={**asking, "agreed": "1", "view": uuid4()}),
            ("voices.set_aside", "POST", "-"): Ask(answered, {"reason": "Une autre personne."}),
            ("voices.without", "POST", "-"): Ask({"round_id": here.asking.id}),
            ("guests.send", "POST", "-"): Ask(form={**told, "right_person": "1", "revision": 0}),
            ("guests.keep", "POST", "-"): Ask(form={**told, "revision": 0}),
            ("guests.confirm", "POST", "-"): Ask({"code": here.reading}, seen),
            ("guests.give_word", "POST", "-"): Ask({"code": here.wording}, {"words": SITUATION, "peer_name": "N."}),
            ("interviews.written", "POST", "-"): Ask(form=said),
            ("interviews.changed", "POST", "-"): Ask(form={**said, **seen}),
            ("interviews.confirm", "POST", "-"): Ask(form=seen),
            ("interviews.confirm_here", "POST", "-"): Ask(form={**seen, "pin": factories.PIN}),
            ("peer_words.asked", "POST", "-"): Ask(form=wanted),
            ("peer_words.replace", "POST", "-"): Ask({"word_id": here.wanted.id}),
        }

    def _shares(self) -> dict[tuple[str, str, str], Ask]:
        here = self.here
        opened = {"share_id": here.locked.id}
        wanted = {"badge": str(here.claimed.id), "levels": "1", "lifetime": "90"}
        return {
            ("shares.create", "POST", "-"): Ask(form=wanted),
            ("shares.move_up", "POST", "-"): Ask(form={"place": "1"}),
            ("shares.show", "GET", "-"): Ask(opened),
            ("shares.change", "POST", "-"): Ask(opened, {"label": "La boulangerie", "lifetime": "30"}),
            ("shares.stop", "POST", "-"): Ask(opened),
            ("verification.unlock", "POST", "-"): Ask({"code": here.locked.code}, {"secret": SHARE_SECRET}),
        }

    def _sign_in(self) -> dict[tuple[str, str, str], Ask]:
        here, place = self.here, self.place
        secret = {"pin": factories.PIN}
        twice = {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
        card, first = here.person.card_code, {"pin": OTHER_PIN, "again": OTHER_PIN}
        asks = {
            ("staff_enter", "POST", "-"): Ask(form={"email": here.coach.email, "password": factories.PASSWORD}),
            ("person", "GET", "scanned"): Ask({"code": card}),
            ("person_enter", "POST", "scanned"): Ask({"code": card}, secret),
            ("person_enter", "POST", "typed"): Ask(form={"card": codes.show_code(card), **secret}),
            ("choose", "POST", "-"): Ask(form={"card": place.newcomer.card_code, **first}),
            ("link", "GET", "-"): Ask({"token": place.invited}),
            ("link_used", "POST", "-"): Ask({"token": place.invited}, twice),
            ("forgotten_asked", "POST", "-"): Ask(form={"email": here.coach.email}),
            ("password_change", "POST", "-"): Ask(form={"current": factories.PASSWORD, **twice}),
        }
        return {(f"sign_in.{name}", method, which): ask for (name, method, which), ask in asks.items()}

    def _verification(self) -> dict[tuple[str, str, str], Ask]:
        here = self.here
        picture = {"slug": here.version.referentiel.slug, "number": 1, "badge_code": here.codes[0]}
        return {
            ("issuers.status_list", "GET", "-"): Ask({"number": self._status_list}),
            ("issuers.achievement_picture", "GET", "-"): Ask(picture),
            ("verification.entered", "POST", "-"): Ask(form={"code": codes.show_code(self._share.code)}),
            ("verification.compared", "POST", "-"): Ask(form={"nom": "Quelqu’un"}),
            ("verification.verify", "POST", "-"): Ask(body=here.claimed.credentials[0].document),
        }

    def _editor(self) -> dict[tuple[str, str, str], Ask]:
        here, row = self.here, self.here.version.referentiel
        draft, now = document.read(row.draft, draft=True), {"revision": row.revision}
        family, code = draft.families[0].code, here.codes[0]
        words = {"name": "Un autre nom", "family": family}
        alignment = {"name": "Voisine", "code": "", "url": "", "source": "ROME 4.0", "note": ""}
        level = {"name": "Encore plus", "meaning": "Ce que cela veut dire."}
        badge = {**words, "competence-0": code, "level-0": LEVEL, "rule": "all", "evidence_required": "on"}
        fresh = {"title": "Un référentiel tout neuf", "owner": here.region.slug, "language": "fr", "scope": "Val"}
        recognition = {"organisation": self.place.there.structure.slug, "valid_from": DAY, "valid_until": ""}
        forms: dict[str, dict[str, Any]] = {
            "create_blank": fresh,
            "create_copy": {**fresh, "source": f"modele:{draft.code}"},
            "save_details": {**now, "title": "Un autre titre", "language": "fr", "description": "Mieux dit."},
            "add_family": {**now, "name": "Une famille"},
            "add_level": {**now, **level, "level": max(draft.levels) + 1},
            "save_level": {**now, **level, "level": LEVEL},
            "add_competence": {**now, **words},
            "save_competence": {**now, **words, "for_person": "Je le fais.", "for_recruiter": "Le fait."},
            "add_alignment": {**now, **alignment},
            "save_alignment": {**now, **alignment},
            "remove_alignment": now,
            "add_badge": {**now, **words},
            "add_badge_each": {**now, "level": LEVEL},
            "save_badge": {**now, **badge},
            "move": {**now, "by": "1"},
            "remove": now,
            "publish": now,
            "keep_words": {**now, "place": "description", "passage": JUDGING, "reason": "Une citation."},
            "give_mandate": {"valid_from": DAY, "valid_until": ""},
            "withdraw": {"reason": "Une erreur."},
            "recognise": recognition,
            "end_recognition": {"last_day": DAY},
        }
        asks: dict[tuple[str, str, str], Ask] = {
            (f"editor.{name}", "POST", "-"): Ask(form=form) for name, form in forms.items()
        }
        file = {"file": lambda: (BytesIO(row.draft), "referentiel.json")}
        asks["editor.end_mandate", "POST", "-"] = Ask({"recognition": here.mandated.id}, {"last_day": DAY})
        asks["editor.family", "GET", "-"] = Ask({"code": family})
        asks["editor.save_family", "POST", "-"] = Ask({"code": family}, {**now, "name": "Mieux nommée"})
        asks["editor.create_import", "POST", "-"] = Ask(form={"owner": here.region.slug, "code": "importe", **file})
        asks["editor.replace_draft", "POST", "-"] = Ask(form={**now, **file})
        for name, method in (("translate", "GET"), ("save_translation", "POST"), ("translation_csv", "GET")):
            asks[f"editor.{name}", method, "-"] = Ask({"language": "en"}, {"revision": "0"})
        table = {"file": lambda: (BytesIO(b"texte;traduction\r\n"), "en.csv")}
        asks["editor.import_translation", "POST", "-"] = Ask({"language": "en"}, table)
        return asks


def _device(session: Session, installation: Installation, person: Actor) -> tuple[int, str, str]:
    """A passkey the person has, the answer that adds another, and one that lets them in."""
    now, device = installation.clock(), Device()

    def asked() -> str:
        return passkeys.begin_adding(session, installation, person, pin=factories.PIN, now=now)

    row = passkeys.add(session, installation, person, answer=device.make(asked()), now=now)
    door = passkeys.begin_entering(session, installation, address="192.0.2.7", now=now)
    return row.id, Device().make(asked()), device.get(door)


def form_of(ask: Ask) -> dict[str, Any]:
    """The form with its files opened anew: a request reads each to its end."""
    return {name: value() if isinstance(value, Callable) else value for name, value in ask.form.items()}
