"""The demo: two structures, three coaches, forty people in every state, two rounds, badges in every status.

Everything goes through the services, as people would do it, on dates of the past; nothing is written behind their back.
Loaded once, in one transaction: a demo that was interrupted is not there at all.
"""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from badges.demo.other_voices import hear
from badges.demo.seen import hold
from badges.demo.stage import Stage
from badges.demo.story import tell
from badges.models.awards import AwardRecord, AwardState, SharedBadgeRecord, ShareRecord
from badges.models.people import OrganisationRecord
from badges.services import codes, installation_key
from badges.services import installation as installations
from badges.services.errors import N_, Conflict
from badges.services.installation import Installation

Summary = dict[str, Any]


def load(installation: Installation) -> Summary:
    """Who to sign in as. Loads the demo where this installation has none; harmless when repeated.

    Raises:
        Conflict: the installation is in real use: it has people of its own and no demo.
    """
    with installation.database.writing() as session:
        recorded = installations.fact(session, installations.DEMO)
        if recorded is not None:
            return json.loads(recorded)  # type: ignore[no-any-return]
        if session.scalar(select(OrganisationRecord.id).limit(1)) is not None:
            raise Conflict(N_("Cette installation sert déjà pour de vrai : la démonstration n’y entre pas."))
        password = f"demo-{secrets.token_hex(6)}"
        installation_key.ensure(session, installation, installation.clock())
        stage = Stage.prepare(installation, session, password)
        tell(stage)
        hold(stage)
        hear(stage)
        summary = {
            "password": password,
            "editor": stage.email_of("editor"),
            "coach": stage.email_of("coach"),
            "issuer": stage.email_of("issuer"),
            "administrator": stage.email_of("administrator"),
            "auditor": stage.email_of("auditor"),
            **stage.highlights,
        }
        installations.record_fact(session, installations.DEMO, json.dumps(summary))
        session.commit()
        return summary


def sign_ins(installation: Installation, summary: Summary) -> Iterator[str]:
    """The lines that tell a newcomer where to go and who to be."""
    base = installation.base_url
    yield ""
    yield f"  Jalon, la démonstration : {base}"
    yield ""
    yield f"  Équipe ({base}/connexion), mot de passe : {summary['password']}"
    for role, word in (
        ("editor", "rédaction de la région"),
        ("coach", "coach"),
        ("issuer", "attribution des badges"),
        ("administrator", "administration"),
        ("auditor", "contrôle"),
    ):
        yield f"    {word:<24} {summary[role]}"
    yield ""
    yield f"  Bénéficiaires ({base}/carte) :"
    for card in summary["cards"]:
        yield f"    carte {codes.show_code(card['code'])}  code secret {card['pin']}  {card['about']}"
    yield ""
    with installation.database.reading() as session:
        share = session.scalar(
            select(ShareRecord)
            .join(ShareRecord.badges)
            .join(SharedBadgeRecord.award)
            .where(ShareRecord.withdrawn_at.is_(None), AwardRecord.state == AwardState.CLAIMED)
            .order_by((ShareRecord.code == summary["share"]).desc(), ShareRecord.id)
            .limit(1)
        )
    if share is not None:
        yield f"  Un badge, tel qu’un employeur le voit : {base}/v/{codes.show_code(share.code)}"
        yield ""
