"""Changes to a draft: codes that never change, references that stay whole."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiels import editing
from referentiels.document import read, write
from referentiels.model import Requirement, RetiredCodes, UnknownCodeError
from referentiels.publishing import faults
from referentiels.reading import CODE
from referentiels.sentences import DocumentErrors
from referentiels.slugs import free_slug, slug
from tests.referentiels.strategies import example, patient


def _built():
    """A draft made from nothing: two families, three levels, three competences, one badge."""
    draft = editing.new(title="Référentiel du Val", owner="Région Val-de-Brume")
    draft = editing.add_family(draft, name="Au travail")
    draft = editing.add_family(draft, name="Numériques")
    for level, name in ((1, "Découvre"), (2, "Avec aide"), (3, "Seul")):
        draft = editing.add_level(draft, level=level, name=name, meaning=f"{name}.")
    for family, name in (("au-travail", "Rigueur"), ("numeriques", "Données"), ("au-travail", "Équipe")):
        draft = editing.add_competence(draft, family=family, name=name, for_person="Je…", for_recruiter="Fait…")
    for competence in ("rigueur", "donnees", "equipe"):
        for level in draft.levels:
            draft = editing.set_behaviour(draft, competence, level, f"{competence} {level}")
    draft = editing.add_badge(draft, family="au-travail", name="Rigueur", description="Vérifie.")
    return editing.set_requirement(draft, "rigueur", "rigueur", 3)


def _refusal(change, *args, **kwargs) -> dict[str, str]:
    with pytest.raises(DocumentErrors) as refused:
        change(*args, **kwargs)
    return {fault.path: fault.sentence for fault in refused.value.faults}


def test_référentiel_made_from_nothing_can_be_published():  # noqa: PLC2401 - the field's own word
    """The functions of the editor are enough to make a publishable draft, with codes drawn from names."""
    draft = _built()
    assert faults(draft) == ()
    assert draft.code == "referentiel-du-val"
    assert [each.code for each in draft.competences] == ["rigueur", "donnees", "equipe"]
    assert read(write(draft)) == draft


def test_set_details_changes_only_what_is_named():
    """Other details stay; texts are tidied on the way."""
    draft = editing.set_details(_built(), scope=" Val ", co_authors=("Une entreprise",))
    assert (draft.scope, draft.co_authors, draft.title) == ("Val", ("Une entreprise",), "Référentiel du Val")


@pytest.mark.parametrize(
    "change",
    [
        lambda d: editing.set_details(d, code="x"),
        lambda d: editing.change_family(d, "au-travail", code="x"),
        lambda d: editing.change_competence(d, "rigueur", behaviours=()),
        lambda d: editing.change_level(d, 1, code=2),
    ],
)
def test_codes_cannot_be_changed(change):
    """Only what a form may change is accepted, whatever a caller passes."""
    with pytest.raises(TypeError, match="cannot change"):
        change(_built())


def test_badge_code_cannot_be_changed():
    """The code of a badge is signed."""
    with pytest.raises(TypeError, match="code cannot change"):
        editing.change_badge(_built(), "rigueur", code="x")


@pytest.mark.parametrize(
    "change",
    [
        lambda d: editing.set_details(d, title="Autre"),
        lambda d: editing.move_family(d, "au-travail", by=1),
        lambda d: editing.remove_badge(d, "rigueur"),
        lambda d: editing.set_behaviour(d, "rigueur", 1, "x"),
    ],
)
def test_published_version_cannot_be_edited(change):
    """A frozen version refuses every change, in a sentence that says what to do."""
    published = replace(_built(), version=2, published=datetime(2026, 1, 1, tzinfo=UTC))
    assert "Ouvrez un brouillon" in _refusal(change, published)["version"]
    assert change(editing.revise(published)).version is None


def test_text_too_long_is_refused_at_its_path():
    """An edit cannot make a draft its own document would refuse."""
    assert set(_refusal(editing.change_competence, _built(), "donnees", name="x" * 161)) == {"competences[1].name"}


def test_removed_codes_are_retired_and_never_given_again():
    """A second competence of the same name gets another code: old badges speak of the first."""
    draft = editing.remove_competence(_built(), "donnees")
    assert draft.retired_codes.competences == ("donnees",)
    assert editing.add_competence(draft, family="au-travail", name="Données").competences[-1].code == "donnees-2"


def test_removed_family_and_badge_codes_are_retired():
    """Families and badges follow the same rule, each kind on its own."""
    draft = editing.remove_badge(_built(), "rigueur")
    draft = editing.add_badge(draft, family="au-travail", name="Rigueur")
    assert draft.badges[-1].code == "rigueur-2"
    draft = editing.remove_family(editing.remove_competence(draft, "donnees"), "numeriques")
    assert draft.retired_codes == RetiredCodes(("numeriques",), ("donnees",), ("rigueur",))
    assert editing.add_family(draft, name="Numériques").families[-1].code == "numeriques-2"


def test_retired_codes_survive_revision_and_document():
    """The next version's draft still knows them."""
    draft = editing.remove_competence(_built(), "donnees")
    assert editing.revise(read(write(draft))).retired_codes.competences == ("donnees",)


def test_fork_starts_a_lineage_of_its_own():
    """Other code, title and owner; the content is kept, the retired codes are not."""
    source = editing.remove_competence(_built(), "donnees")
    forked = editing.fork(source, code="le-notre", title="Le nôtre", owner="Branche")
    assert (forked.code, forked.title, forked.owner) == ("le-notre", "Le nôtre", "Branche")
    assert forked.retired_codes == RetiredCodes()
    assert forked.competences == source.competences


def test_family_in_use_is_not_removed():
    """The sentence names what stands in the way."""
    faults_ = _refusal(editing.remove_family, _built(), "au-travail")
    assert "Rigueur, Équipe, Rigueur" in faults_["families[0]"]


def test_competence_a_badge_requires_is_not_removed():
    """The sentence names the badge."""
    assert "Rigueur" in _refusal(editing.remove_competence, _built(), "rigueur")["competences[0]"]


def test_level_a_badge_requires_is_not_removed():
    """The sentence names the badge."""
    assert "Rigueur" in _refusal(editing.remove_level, _built(), 3)["scale[2]"]


def test_removed_level_takes_its_behaviours_along():
    """Nothing is left describing a level that is no more."""
    draft = editing.remove_level(_built(), 2)
    assert draft.levels == (1, 3)
    assert [seen.level for seen in draft.competence("equipe").behaviours] == [1, 3]


def test_level_is_added_in_its_place():
    """The scale stays ascending."""
    draft = editing.add_level(_built(), level=0, name="Pas encore")
    assert draft.levels == (0, 1, 2, 3)


def test_level_number_already_taken_is_refused():
    """Two steps never bear the same number."""
    assert "scale[3].level" in _refusal(editing.add_level, _built(), level=3, name="Encore")
    assert "scale[2].level" in _refusal(editing.change_level, _built(), 2, level=3)


def test_renumbered_level_is_followed_by_behaviours_and_requirements():
    """The words keep their meaning under the new number."""
    draft = editing.change_level(_built(), 3, level=5, name="Transmet")
    assert draft.level(5).name == "Transmet"
    assert draft.competence("equipe").behaviour(5) == "equipe 3"
    assert draft.badge("rigueur").requirements == (Requirement("rigueur", 5),)


def test_moved_level_exchanges_words_and_keeps_the_numbers():
    """What was the third step is now the second, with its behaviours, and the badge follows it."""
    draft = editing.move_level(_built(), 3, by=-1)
    assert [(step.level, step.name) for step in draft.scale] == [(1, "Découvre"), (2, "Seul"), (3, "Avec aide")]
    assert [seen.text for seen in draft.competence("equipe").behaviours] == ["equipe 1", "equipe 3", "equipe 2"]
    assert draft.badge("rigueur").requirements == (Requirement("rigueur", 2),)


def test_competence_moves_within_its_family():
    """It passes its neighbour in the family, not a competence of another one."""
    draft = editing.move_competence(_built(), "equipe", by=-1)
    assert [each.code for each in draft.competences] == ["equipe", "donnees", "rigueur"]


@pytest.mark.parametrize(("by", "order"), [(1, "ba"), (-1, "ab"), (99, "ba"), (0, "ab")])
def test_family_moves_and_stops_at_the_ends(by, order):
    """Moving past an end is moving to it."""
    draft = editing.move_family(_built(), "au-travail", by=by)
    assert "".join({"au-travail": "a", "numeriques": "b"}[each.code] for each in draft.families) == order


def test_badge_moves():
    """Badges are shown in the order chosen."""
    draft = editing.add_badge(_built(), family="numeriques", name="Données")
    assert [each.code for each in editing.move_badge(draft, "donnees", by=-1).badges] == ["donnees", "rigueur"]


def test_competence_changes_family():
    """A family that does not exist is refused."""
    draft = editing.change_competence(_built(), "equipe", family="numeriques", for_person="Nous…")
    assert draft.competence("equipe").family == "numeriques"
    assert "competences[2].family" in _refusal(editing.change_competence, draft, "equipe", family="rien")


def test_behaviour_is_written_replaced_and_erased():
    """A blank text erases; a level outside the scale is refused."""
    draft = editing.set_behaviour(_built(), "equipe", 2, "  autre ")
    assert draft.competence("equipe").behaviour(2) == "autre"
    assert editing.set_behaviour(draft, "equipe", 2, " ").competence("equipe").behaviour(2) == ""
    assert "pas dans l’échelle" in str(_refusal(editing.set_behaviour, draft, "equipe", 9, "x"))


def test_alignments_are_added_changed_and_removed():
    """One by one, by their place."""
    draft = editing.add_alignment(_built(), "equipe", name="Travailler en équipe", source="ROME 4.0")
    draft = editing.change_alignment(draft, "equipe", 0, url="https://example.org/rome")
    assert draft.competence("equipe").alignments[0].url == "https://example.org/rome"
    assert editing.remove_alignment(draft, "equipe", 0).competence("equipe").alignments == ()


def test_requirements_are_set_and_removed():
    """One for each competence: setting it again changes its level, in place."""
    draft = editing.set_requirement(_built(), "rigueur", "equipe", 2)
    draft = editing.set_requirement(draft, "rigueur", "rigueur", 2)
    assert draft.badge("rigueur").requirements == (Requirement("rigueur", 2), Requirement("equipe", 2))
    draft = editing.remove_requirement(draft, "rigueur", "rigueur")
    assert draft.badge("rigueur").requirements == (Requirement("equipe", 2),)


def test_badge_rules_change():
    """Raters are put in their usual order."""
    draft = editing.change_badge(_built(), "rigueur", raters=("tutor", "coach", "self"), validity_months=24)
    assert draft.badge("rigueur").raters == ("self", "coach", "tutor")
    assert draft.badge("rigueur").validity_months == 24


@pytest.mark.parametrize(
    "change",
    [
        lambda d: editing.change_family(d, "rien", name="x"),
        lambda d: editing.change_competence(d, "rien", name="x"),
        lambda d: editing.change_badge(d, "rien", name="x"),
        lambda d: editing.change_level(d, 9, name="x"),
        lambda d: editing.change_alignment(d, "equipe", 0, name="x"),
        lambda d: editing.remove_alignment(d, "equipe", -1),
        lambda d: editing.remove_requirement(d, "rigueur", "equipe"),
        lambda d: editing.move_level(d, 9, by=1),
    ],
)
def test_unknown_code_is_not_found(change):
    """The web answers 404 to it."""
    with pytest.raises(UnknownCodeError):
        change(_built())


def test_value_given_is_left_as_it_was():
    """A change makes another value."""
    draft = example()
    editing.remove_level(draft, 1)
    editing.change_competence(draft, "prevenir", name="Autre")
    assert draft == example()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Travail en équipe", "travail-en-equipe"),
        ("Œuvrer, c’est agir !", "oeuvrer-c-est-agir"),
        ("  Geste n° 3 ", "geste-n-3"),
        ("عربي", "sinon"),
        ("", "sinon"),
        ("a" * 62 + " bcd", "a" * 62),
    ],
)
def test_slug_spells_a_name(name, code):
    """Accents fall, letters stay; a name without any gets the given word."""
    assert slug(name, otherwise="sinon") == code


@given(st.text(), st.sets(st.sampled_from(["a", "a-2", "a-3", "sinon", "x" * 63])))
@patient(100)
def test_free_slug_is_always_a_free_code(name, taken):
    """Whatever the name, the code is well formed and new."""
    code = free_slug(name, taken, otherwise="sinon")
    assert CODE.fullmatch(code)
    assert code not in taken


def test_free_slug_numbers_even_the_longest_name():
    """The number fits within the 63 signes of a code."""
    assert free_slug("x" * 70, {"x" * 63}, otherwise="sinon") == "x" * 61 + "-2"
