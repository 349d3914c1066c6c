import pytest

from tests.guardrails.pii.finding import found


@pytest.mark.parametrize(
    ("type", "text", "match"),
    [
        ("UK_NATIONAL_HEALTH_SERVICE_NUMBER", "NHS number 943 476 5919", "943 476 5919"),
        ("UK_NATIONAL_HEALTH_SERVICE_NUMBER", "our NHS patient (943 476 5919)", "943 476 5919"),
        ("UK_NATIONAL_HEALTH_SERVICE_NUMBER", "NHS no: 9434765919", "9434765919"),
        ("UK_NATIONAL_INSURANCE_NUMBER", "AB 12 34 56 C", "AB 12 34 56 C"),
        ("UK_NATIONAL_INSURANCE_NUMBER", "my NI number is AB123456C.", "AB123456C"),
        ("UK_NATIONAL_INSURANCE_NUMBER", "National Insurance number: AB123456", "AB123456"),
        ("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "UTR 1955839661", "1955839661"),
        ("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "USt-IdNr. DE136695976", "DE136695976"),
        ("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "Steuernummer: 181/815/08155", "181/815/08155"),
    ],
)
def test_numbers_of_authorities(type: str, text: str, match: str) -> None:
    assert found(text, type) == [match]


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("UK_NATIONAL_HEALTH_SERVICE_NUMBER", "NHS number 943 476 5918"),
        ("UK_NATIONAL_HEALTH_SERVICE_NUMBER", "we have 9434765919 atoms"),
        ("UK_NATIONAL_INSURANCE_NUMBER", "BG 12 34 56 C"),  # never given out
        ("UK_NATIONAL_INSURANCE_NUMBER", "DQ 12 34 56 C"),
        ("UK_NATIONAL_INSURANCE_NUMBER", "AB 12 34 56 E"),
        ("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "UTR 2955839661"),
        ("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "USt-IdNr. DE136695977"),
    ],
)
def test_wrong_numbers_and_bare_ones_are_left(type: str, text: str) -> None:
    assert found(text, type) == []
