"""Which language a text is in shows in its small words, and in a short one in its endings."""

import pytest

from craton.knowledge.language.languages import Language, language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wie ändere ich mein passwort", Language.GERMAN),
        ("tastaturbelegung ändern", Language.GERMAN),
        ("kündigung mietvertrag", Language.GERMAN),
        ("der kernel panic beim boot", Language.GERMAN),
        ("how do i change my password", Language.ENGLISH),
        ("finding duplicate files quickly", Language.ENGLISH),
        ("the würstchen", Language.ENGLISH),
        ("kernel", Language.UNKNOWN),
        ("", Language.UNKNOWN),
        ("où est la maison de la mère avec les enfants", Language.OTHER),
        ("el perro de la casa no es para los niños", Language.OTHER),
        ("het huis van de man is niet groot", Language.OTHER),
    ],
)
def test_language(text: str, expected: Language) -> None:
    assert language(text.split()) is expected
