"""Guesses, sessions and codes."""

from datetime import timedelta

import pytest

from badges.services import access, codes
from badges.services.errors import Invalid, TooMany
from tests import factories


def test_code_reads_back_however_it_is_typed():
    """Case, hyphens, spaces and the look-alikes O, I and L are forgiven."""
    code = codes.new_code(codes.SHARE_BITS)
    typed = codes.show_code(code).lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert codes.read_code(typed) == code


def test_code_with_one_character_changed_is_not_a_code():
    """The check character catches every single substitution."""
    code = codes.new_code(codes.SHARE_BITS)
    for place, character in enumerate(code[:-1]):
        for other in codes.ALPHABET:
            if other != character:
                assert codes.read_code(code[:place] + other + code[place + 1 :]) is None


def test_guesses_are_limited_across_sessions_and_time(installation, clock):
    """After the last allowed guess, the next is refused until the window has passed, whichever session asks."""
    most, window = access.LIMITS["pin"]
    for _ in range(most):
        with installation.database.writing() as session:
            access.count_guess(session, "pin", "card", installation.secret, clock())
            session.commit()
    with installation.database.writing() as session, pytest.raises(TooMany):
        access.count_guess(session, "pin", "card", installation.secret, clock())
    clock.forward(seconds=window / timedelta(seconds=1))
    with installation.database.writing() as session:
        access.count_guess(session, "pin", "card", installation.secret, clock())


@pytest.mark.parametrize("pin", ["000000", "123456", "987654", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_pin_that_anybody_would_try_is_refused(pin):
    """Six digits, and not six that follow each other or are the same."""
    with pytest.raises(Invalid):
        access.check_new_pin(pin)


def test_session_ends_with_sign_out(session, clock):
    """A token is worth nothing once its row is gone."""
    token = access.open_session(session, now=clock(), staff=factories.staff(session))
    actor = access.actor_of(session, token, clock())
    access.end_session(session, actor)
    assert access.actor_of(session, token, clock()) is None


def test_session_of_deactivated_staff_admits_nobody(session, clock):
    """Deactivation holds at the next request."""
    staff = factories.staff(session)
    token = access.open_session(session, now=clock(), staff=staff)
    staff.deactivated_at = clock()
    assert access.actor_of(session, token, clock()) is None
