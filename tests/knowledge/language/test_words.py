"""What a text is found by: whoever asks for one of these finds the other."""

import pytest

from craton.knowledge.language.words import words


def finds(query: str, text: str) -> bool:
    """Whether every word of the query that says something is a word of the text."""
    return bool(set(words(query)) & set(words(text)))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Versicherung", "Der Krankenversicherungsbeitrag steigt im Januar."),
        ("Beitrag krankenversicherung", "Der Krankenversicherungsbeitrag steigt im Januar."),
        ("Krankenversicherungsbeiträge", "Sein Beitrag ist fällig."),
        ("Abhängigkeiten", "Die Abhängigkeit von Paketen wird geprüft."),
        ("Häuser", "Das Haus steht am See."),
        ("ÜBERSICHT", "Eine Übersicht der Konten."),
        ("Uebersicht", "Eine Übersicht der Konten."),
        ("Strasse", "Die Straße ist gesperrt."),
        ("Kernelmodul", "Das Kernel-Modul wird geladen."),
        ("Email", "Schreiben Sie eine E-Mail an uns."),
        ("packages", "The package is installed."),
        ("kernel modules", "Das Laden der Module des Kernels"),
        ("sources.list", "Die Datei /etc/apt/sources.list enthält die Quellen."),
        ("/etc/apt/sources.list", "Die Datei /etc/apt/sources.list enthält die Quellen."),
        ("user@example.com", "Mail an user@example.com genügt."),
        ("INV-2024-00123", "Die Rechnung INV-2024-00123 ist offen."),
        ("00123", "Die Rechnung INV-2024-00123 ist offen."),
        ("get_user_name", "Call get_user_name() first."),
        ("getUserName", "Call getUserName() first."),
        ("user name", "Call getUserName() first."),
        ("C++", "Der Code ist in C++ geschrieben."),
        ("1000,50", "Es sind 1.000,50 Euro zu zahlen."),
        ("1,000.50", "Es sind 1.000,50 Euro zu zahlen."),
        ("python", "Das Skript läuft mit python3 und das ist gut."),
        ("12.0.1", "Ab der Version 12.0.1 ist das anders."),
        ("住む", "東京都に住む"),
        ("ville", "Les maisons de la ville sont dans la rue."),
        ("Cafe", "Le café est dans la rue avec les autres."),
        ("Универ", "Универ находится здесь."),
    ],
)
def test_the_query_finds_the_text(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Versicherung", "Eine Verunsicherung war zu spüren."),
        ("das ist", "Das ist es, was wir wollten haben."),
        ("the and of", "The colour of the house and the tree."),
        ("12.0.1", "Ab der Version 12.0.2 ist das anders."),
        ("東海", "東京都に住む"),
    ],
)
def test_the_query_does_not_find_the_text(query: str, text: str) -> None:
    assert not finds(query, text)


def test_words_that_say_nothing_are_left_out() -> None:
    assert words("Wie kann ich das Haus mit der Tür finden?") == ["haus", "tur", "find"]
    assert words("How can I find the house with the door?") == ["find", "hous", "door"]


def test_a_query_of_such_words_alone_keeps_them() -> None:
    assert words("to be or not to be") == ["to", "be", "or", "not", "to", "be"]


def test_a_compound_is_there_whole_and_in_parts() -> None:
    assert words("Das ist der Krankenversicherungsbeitrag.") == [
        "krankenversicherungsbeitrag",
        "krank",
        "versicher",
        "beitrag",
    ]


def test_words_come_as_often_as_they_are_there() -> None:
    assert words("Der Hund und der Hund").count("hund") == 2


def test_no_word_has_a_space_and_none_is_empty() -> None:
    text = "a b_c --- d-e_f \u00a0 x\u2003y 'q' @@ #1 ::: https://x.org/a?b=c&d=e \ufeff 9" + "z" * 500
    found = words(text)
    assert found
    assert all(word and not any(sign.isspace() for sign in word) for word in found)


def test_a_text_without_words_has_none() -> None:
    assert words(" ... --- !!! ") == []


@pytest.mark.parametrize("part", [".", "-", "a-", "a.b@", "_", "aB", "é", "東", "1.000,", "haus", "'"])
def test_a_part_that_repeats_without_end_is_read_like_any_text(part: str) -> None:
    assert all(len(word) <= 80 for word in words(part * 100_000))
