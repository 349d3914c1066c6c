import pytest

from tests.guardrails.pii.finding import found


@pytest.mark.parametrize(
    ("type", "text", "match"),
    [
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "Steuer-ID: 86 095 742 719", "86 095 742 719"),
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "86095742719", "86095742719"),
        ("US_SOCIAL_SECURITY_NUMBER", "Sozialversicherungsnummer 15 070649 C 103", "15 070649 C 103"),
        ("US_SOCIAL_SECURITY_NUMBER", "RV-Nr. 15070649C103", "15070649C103"),
        ("US_SOCIAL_SECURITY_NUMBER", "AHV-Nummer 756.9217.0769.85", "756.9217.0769.85"),
        ("US_SOCIAL_SECURITY_NUMBER", "SVNR 1237 010180", "1237 010180"),
        ("CA_HEALTH_NUMBER", "Versichertennummer A123456780", "A123456780"),
        ("US_PASSPORT_NUMBER", "Personalausweis L01X00T471", "L01X00T471"),
        ("US_PASSPORT_NUMBER", "Ausweisnummer: L01X00T47", "L01X00T47"),
        ("US_PASSPORT_NUMBER", "Reisepass C01X00T478", "C01X00T478"),
    ],
)
def test_german_austrian_and_swiss_numbers_under_the_nearest_type(type: str, text: str, match: str) -> None:
    assert found(text, type) == [match]


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "Steuer-ID: 86 095 742 718"),
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "Steuer-ID: 12 345 678 903"),  # no digit twice
        ("US_SOCIAL_SECURITY_NUMBER", "Sozialversicherungsnummer 15 070649 C 104"),
        ("US_SOCIAL_SECURITY_NUMBER", "Sozialversicherungsnummer 15 071349 C 103"),  # month 13
        ("US_SOCIAL_SECURITY_NUMBER", "AHV-Nummer 756.9217.0769.84"),
        ("US_SOCIAL_SECURITY_NUMBER", "Auftrag 1237 010180"),
        ("CA_HEALTH_NUMBER", "Versichertennummer A123456781"),
        ("US_PASSPORT_NUMBER", "Teil L01X00T472"),
    ],
)
def test_wrong_numbers_and_bare_ones_are_left(type: str, text: str) -> None:
    assert found(text, type) == []
