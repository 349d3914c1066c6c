"""The detector joins what its recognizers find."""

import random

import pytest

from craton.guardrails.findings import Undecided, Window
from craton.guardrails.pii import detect
from craton.guardrails.pii.detector import Detector, apart
from craton.guardrails.pii.recognizers.recognizer import Span
from tests.guardrails.pii.finding import Seen, found

LETTER = (
    "Sehr geehrte Frau Schmidt, die Rechnung geht an Hauptstraße 12, 10115 Berlin. Bitte überweisen Sie auf "
    "DE89 3704 0044 0532 0130 00 (BIC COBADEFFXXX) oder zahlen Sie mit 4111 1111 1111 1111. Fragen? anna@example.de, "
    "+49 30 1234567, Steuer-ID 86 095 742 719."
)
TYPES = (
    "NAME",
    "ADDRESS",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "SWIFT_CODE",
    "CREDIT_DEBIT_CARD_NUMBER",
    "EMAIL",
    "PHONE",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
)


async def test_all_types_of_a_letter_once_each_with_a_confidence() -> None:
    [spans] = await detect([LETTER], TYPES, Seen())
    assert [(span.type, LETTER[span.start : span.end]) for span in spans] == [
        ("NAME", "Schmidt"),
        ("ADDRESS", "Hauptstraße 12, 10115 Berlin"),
        ("INTERNATIONAL_BANK_ACCOUNT_NUMBER", "DE89 3704 0044 0532 0130 00"),
        ("SWIFT_CODE", "COBADEFFXXX"),
        ("CREDIT_DEBIT_CARD_NUMBER", "4111 1111 1111 1111"),
        ("EMAIL", "anna@example.de"),
        ("PHONE", "+49 30 1234567"),
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "86 095 742 719"),
    ]
    assert all(0.5 <= span.score <= 1 for span in spans)


def test_only_the_types_asked_for() -> None:
    assert found(LETTER, "EMAIL") == ["anna@example.de"]


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("EMAIL", "ａｎｎａ＠ｅｘａｍｐｌｅ．ｄｅ"),
        ("INTERNATIONAL_BANK_ACCOUNT_NUMBER", "ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００"),
        ("CREDIT_DEBIT_CARD_NUMBER", "４１１１－１１１１－１１１１－１１１１"),
        ("CREDIT_DEBIT_CARD_NUMBER", "𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏"),
        ("PHONE", "＋４９　３０　１２３４５６７"),
    ],
)
def test_characters_of_other_widths_are_read(type: str, text: str) -> None:
    assert found(text, type) == [text]


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("EMAIL", "an\u200bna@exam\u00adple.de"),
        ("EMAIL", "mu\u0308ller@example.de"),
        ("CREDIT_DEBIT_CARD_NUMBER", "4111\u200b 1111\u2060 1111 11\ufeff11"),
        ("CREDIT_DEBIT_CARD_NUMBER", "4\u03361\u03361\u03361\u0336 1111 1111 1111"),
        ("NAME", "Jo\u0308rg Mu\u0308ller-Lu\u0308denscheidt"),
    ],
)
def test_what_nobody_sees_hides_nothing(type: str, text: str) -> None:
    assert found(f"(é) Herr {text}, \u200bund", type) == [text]


def test_the_model_reads_what_is_seen() -> None:
    model = Seen(("GIVEN_NAME", "Jörg", 0.99), ("SURNAME", "Voß", 0.99))
    assert found("und Jo\u0308rg Vo\u00adß, da", "NAME", means=model) == ["Jo\u0308rg Vo\u00adß"]
    assert model.asked == ["und Jörg Voß, da"]


@pytest.mark.parametrize(
    ("type", "values"),
    [
        ("CREDIT_DEBIT_CARD_NUMBER", ["4111111111111111", "4111 1111 1111 1111", "378282246310005"]),
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", ["86095742719", "86 095 742 719"]),
        ("PHONE", ["+49 30 1234567", "01761234567", "030/1234567"]),
    ],
)
def test_fields_of_a_list_are_no_decimals(type: str, values: list[str]) -> None:
    for value in values:
        assert found(f"Tel.: 1,{value},2", type) == [value]
        assert found(f"Tel.: {value},{value}", type) == [value, value]
    assert found("The total is 1,411,111,111,111,111 and 0.4111111111111111 of it", type) == []


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("CREDIT_DEBIT_CARD_NUMBER", "4111111111111111"),
        ("EMAIL", "anna_b@mail-1.example"),
        ("US_SOCIAL_SECURITY_NUMBER", "123-45-6789"),
        ("IP_ADDRESS", "192.0.2.17"),
    ],
)
def test_what_is_stressed_is_found(type: str, value: str) -> None:
    for text in (f"It is _{value}_.", f"__{value}__", f"***_{value}_***"):
        assert found(text, type) == [value]


def test_dashes_around_are_no_hyphens_within() -> None:
    for value in ("4111111111111111", "4111\u20141111\u20141111\u20141111", "4111\u20131111\u20131111\u20131111"):
        assert found(f"My card\u2014{value}\u2014was declined", "CREDIT_DEBIT_CARD_NUMBER") == [value]


@pytest.mark.parametrize(
    ("type", "value"),
    [("EMAIL", "anna__@mail.example"), ("URL", "https://a.example/_static/_b_/c_.png"), ("USERNAME", "anna_b_77")],
)
def test_underscores_may_be_a_part(type: str, value: str) -> None:
    assert found(f"username: {value} it is", type) == [value]


async def test_each_text_by_itself() -> None:
    spans = await detect(["PIN: 1234", "nothing", "PIN: 4321"], {"PIN"}, Seen())
    assert [len(its) for its in spans] == [1, 0, 1]


def test_a_part_of_a_text_that_holds_a_match_and_its_cue_finds_it() -> None:
    card = "4111 1111 1111 1111"
    at = LETTER.index(card)
    cuts = random.Random(7)
    for _ in range(50):
        part = LETTER[cuts.randrange(at) : cuts.randrange(at + len(card) + 1, len(LETTER))]
        assert found(part, "CREDIT_DEBIT_CARD_NUMBER") == [card], part


def test_of_types_that_overlap_the_surer_wins_and_of_one_type_all_is_covered() -> None:
    spans = [Span("A", 6, 10, 0.7), Span("B", 5, 12, 0.9), Span("C", 20, 24, 0.6), Span("C", 22, 30, 0.8)]
    assert apart(spans) == [Span("B", 5, 12, 0.9), Span("C", 20, 30, 0.8)]


def test_what_is_only_covered_in_part_stays() -> None:
    name, user, street = Span("NAME", 0, 12, 0.7), Span("USERNAME", 0, 4, 0.9), Span("ADDRESS", 9, 20, 0.8)
    assert apart([name, user, street]) == [user, name, street]


def test_of_types_that_overlap_the_one_of_the_highest_rank_wins() -> None:
    card, account = Span("CREDIT_DEBIT_CARD_NUMBER", 0, 16, 0.8), Span("US_BANK_ACCOUNT_NUMBER", 0, 16, 0.95)
    assert apart([card, account]) == [account]
    assert apart([card, account], {"CREDIT_DEBIT_CARD_NUMBER": 1}) == [card]


async def test_the_model_reads_what_is_judged_and_little_around_it() -> None:
    before, judged, behind = "context " * 20, "Here Anna Voß writes. ", "and then " * 30
    model = Seen(("GIVEN_NAME", "Anna", 0.99), ("SURNAME", "Voß", 0.99))
    text = before + judged + behind
    window = Window(text, 1000, len(before), len(before) + len(judged))
    [spans], undecided = await Detector({"NAME"}, model).find([window])
    assert undecided is None
    assert [text[span.start : span.end] for span in spans] == ["Anna Voß"]
    [read] = model.asked
    assert judged in read
    assert len(judged) + 140 < len(read) < len(judged) + 180
    assert read.startswith("context")
    assert read.endswith(("and", "then"))


async def test_a_text_without_spaces_is_read_whole() -> None:
    model = Seen(("GIVEN_NAME", "安娜", 0.99))
    [spans], _ = await Detector({"NAME"}, model).find([Window("東" * 300 + "安娜" + "東" * 300, 0, 200, 400)])
    assert [len(read) for read in model.asked] == [602]
    assert [(span.start, span.end) for span in spans] == [(300, 302)]


async def test_a_missing_model_is_told() -> None:
    class Missing(Seen):
        async def entities(self, texts: object) -> list[list[object]]:  # type: ignore[override]
            raise Undecided("The model is not installed.")

    with pytest.raises(Undecided, match="not installed"):
        await detect(["Herr Müller"], {"NAME"}, Missing())
    assert await detect(["a@b.de"], {"EMAIL"}, Missing())
