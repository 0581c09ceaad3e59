"""What a second process does at the same moment: one act through a database of its own connection."""

import multiprocessing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges.db import Database
from badges.services import claims, contests, lifecycle, reissues, tutor_answers
from badges.services.access import Actor
from badges.services.errors import Conflict, Gone
from badges.services.installation import Installation
from badges.settings import Settings

PATIENCE = 60


@dataclass(frozen=True)
class Act:
    """An act once everybody is ready: `claim`, `revoke`, `reissue`, `contest`, or `answer`, this one by nobody."""

    kind: str
    actor: Actor | None
    arguments: dict[str, Any]


def together(installation: Installation, *acts: Act) -> list[str]:
    """How each act ended, done in as many processes at the same moment: `done`, or the refusal's class."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(len(acts)), context.Queue()
    settings, moment = installation.settings, installation.clock()
    children = [
        context.Process(target=_run, args=((settings, installation.secret, moment), act, barrier, answers))
        for act in acts
    ]
    for child in children:
        child.start()
    ended = [answers.get(timeout=PATIENCE) for _ in children]
    for child in children:
        child.join(PATIENCE)
    return sorted(ended)


def _run(place: tuple[Settings, bytes, datetime], act: Act, barrier, answers) -> None:
    settings, secret, moment = place
    installation = Installation(settings, Database(settings.database_url), secret, settings.base_url, lambda: moment)
    acts = {"claim": claims.claim, "revoke": lifecycle.revoke, "contest": _contest, "answer": _answer}
    do = {**acts, "reissue": reissues.reissue}[act.kind]
    barrier.wait(PATIENCE)
    try:
        with installation.database.writing() as session:
            do(session, act.actor, installation, now=moment, **act.arguments)
            session.commit()
        answers.put("done")
    except (Conflict, Gone) as refused:
        answers.put(type(refused).__name__)
    except Exception as error:  # noqa: BLE001 - the test wants to see any other end
        answers.put(f"{type(error).__name__}: {error}")
    finally:
        installation.database.close()


def _contest(session, actor, _installation, **arguments) -> None:
    contests.contest(session, actor, **arguments)


def _answer(session, actor, _installation, *, code: str, **arguments):
    return tutor_answers.send(session, code, actor, **arguments)
