"""Who may do what: every route, every method, every actor, on one's own and on another organisation's things.

The table is `access_table.txt`, written by hand; the application has to agree with it, never the other way round.
"""

from collections.abc import Iterator
from itertools import pairwise

from tests.house import access_world
from tests.house.access_asking import Answer, table

AUTOMATIC = {"HEAD", "OPTIONS"}


def test_table_names_every_route_and_no_other(app):
    """A new route without a line fails here, and so does a line whose route is gone."""
    routes = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - AUTOMATIC}
    lines = {(line.endpoint, line.method) for line in table()}
    assert lines - routes == set()
    assert routes - lines == set()


def test_table_has_no_line_twice():
    """Two lines for the same request could contradict each other."""
    names = sorted(line.name for line in table())
    assert not [name for name, following in pairwise(names) if name == following]


def test_everybody_is_answered_as_the_table_says(answers):
    """Every actor, every line: let in, asked to sign in, told no, or told that there is no such thing."""
    wrong = [f"{one}, should be {wanted(one)}" for one in answers if one.outcome != wanted(one)]
    assert not wrong, "\n".join(["", *wrong])


def test_every_line_is_asked_so_that_somebody_succeeds(answers):
    """A request that fails for everybody would prove nothing about those it is refused to."""
    succeeded = {one.line.name for one in answers if one.outcome == "in" and one.status < 400}
    failed = [str(one) for one in answers if one.line.name not in succeeded and wanted(one) == "in"]
    assert not failed, "\n".join(["", *failed])


def test_nothing_changes_for_those_who_are_not_let_in(answers):
    """A refusal leaves no trace, not even one that is written and taken back."""
    wrong = [f"{one} wrote {one.changed} rows" for one in answers if one.outcome != "in" and one.changed]
    assert not wrong, "\n".join(["", *wrong])


def test_get_changes_nothing(answers):
    """Looking leaves no trace either, whoever looks."""
    wrong = [f"{one} wrote {one.changed} rows" for one in answers if one.line.method == "GET" and one.changed]
    assert not wrong, "\n".join(["", *wrong])


def test_head_says_what_get_says(answers):
    """Asking for the head alone opens no other door."""
    wrong = [f"{one}, HEAD {one.head}" for one in answers if one.head not in {None, one.status}]
    assert not wrong, "\n".join(["", *wrong])


def wanted(answer: Answer) -> str:
    """What the table says of an answer."""
    return answer.line.expected[answer.actor]


PUBLIC = ("verification.", "open_badges_2.", "papers.")


def marks() -> Iterator[tuple[str, set[str], bool]]:
    """Each word that is not for everybody, who may read it, and whether a shared badge may say it."""
    for words, prime in ((access_world.HERE, ""), (access_world.THERE, "'")):
        person, coach = f"person{prime}", f"coach{prime}"
        structure = {coach, f"mate{prime}", f"issuer{prime}", "split"}
        yield words.blind_self, {person}, False
        yield words.blind_coach, {coach}, False
        for said in (words.opened, words.note, words.left_out):
            yield said, {person, coach}, False
        yield words.kept, {person, coach}, True
        yield words.person, structure | {person}, True
        yield words.peer, structure | {f"peer{prime}"}, False
        side = ("person", "peer", "mate", *access_world.STAFF)
        yield words.coach, {f"{name}{prime}" for name in side} | {"split"}, False


def test_nothing_is_read_by_those_it_is_not_for(answers):
    """Situations are the person's and their coach's, before the talk each their own; names stay in their structure."""
    wrong = [
        f"{one} reads « {word} »"
        for word, readers, shared in marks()
        for one in answers
        if word in one.body and one.actor not in readers and not (shared and one.line.endpoint.startswith(PUBLIC))
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_marks_are_read_by_those_they_are_for(answers):
    """A mark that nobody reads would prove nothing: each of this side's reaches somebody."""
    unread = [word for word, _readers, _shared in marks() if not any(word in one.body for one in answers)]
    assert not [word for word in unread if word in vars(access_world.HERE).values() or "lavoir" in word]
