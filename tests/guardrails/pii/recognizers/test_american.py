import pytest

from tests.guardrails.pii.finding import found


@pytest.mark.parametrize(
    ("type", "text", "match"),
    [
        ("US_SOCIAL_SECURITY_NUMBER", "SSN: 536-90-4399", "536-90-4399"),
        ("US_SOCIAL_SECURITY_NUMBER", "I was given 123-45-6789 in 1990", "123-45-6789"),
        ("US_SOCIAL_SECURITY_NUMBER", "my social security number is 536904399", "536904399"),
        ("US_SOCIAL_SECURITY_NUMBER", "ssn 536 90 4399", "536 90 4399"),
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "ITIN 912-70-1234", "912-70-1234"),
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "taxpayer id 988881234", "988881234"),
        ("US_BANK_ROUTING_NUMBER", "routing number 021000021", "021000021"),
        ("US_BANK_ROUTING_NUMBER", "ABA: 111000025", "111000025"),
        ("US_BANK_ACCOUNT_NUMBER", "account number 1234567890", "1234567890"),
        ("US_BANK_ACCOUNT_NUMBER", "Meine Kontonummer ist 532013000", "532013000"),
        ("US_BANK_ACCOUNT_NUMBER", "checking account no. 0012-345-678", "0012-345-678"),
        ("US_PASSPORT_NUMBER", "passport number 123456789", "123456789"),
        ("US_PASSPORT_NUMBER", "My US passport is A12345678", "A12345678"),
        ("CA_SOCIAL_INSURANCE_NUMBER", "My SIN is 046 454 286.", "046 454 286"),
        ("CA_SOCIAL_INSURANCE_NUMBER", "It is 046-454-286", "046-454-286"),
        ("CA_HEALTH_NUMBER", "OHIP 1234-567-897-AB", "1234-567-897-AB"),
        ("CA_HEALTH_NUMBER", "her health card number is 1234567897", "1234567897"),
        ("CA_HEALTH_NUMBER", "PHN: 9698 658 215", "9698 658 215"),
        ("CA_HEALTH_NUMBER", "RAMQ TREM 1254 0678", "TREM 1254 0678"),
    ],
)
def test_numbers_of_authorities(type: str, text: str, match: str) -> None:
    assert found(text, type) == [match]


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("US_SOCIAL_SECURITY_NUMBER", "SSN: 666-90-4399"),
        ("US_SOCIAL_SECURITY_NUMBER", "SSN: 000-12-3456"),
        ("US_SOCIAL_SECURITY_NUMBER", "SSN: 536-00-4399"),
        ("US_SOCIAL_SECURITY_NUMBER", "SSN: 078-05-1120"),  # printed in wallets, and withdrawn
        ("US_SOCIAL_SECURITY_NUMBER", "we counted 536904399 stars"),
        ("US_SOCIAL_SECURITY_NUMBER", "part 1536-90-43991"),
        ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "ITIN 912-40-1234"),
        ("US_BANK_ROUTING_NUMBER", "routing number 021000022"),
        ("US_BANK_ROUTING_NUMBER", "we sold 021000021 of them"),
        ("US_BANK_ACCOUNT_NUMBER", "The city has 1234567890 trees"),
        ("US_PASSPORT_NUMBER", "The figure is 123456789"),
        ("CA_SOCIAL_INSURANCE_NUMBER", "My SIN is 046 454 287"),
        ("CA_SOCIAL_INSURANCE_NUMBER", "Der Umsatz betrug 046 454 286 Euro"),
        ("CA_HEALTH_NUMBER", "OHIP 1234-567-898"),
    ],
)
def test_wrong_numbers_and_bare_ones_are_left(type: str, text: str) -> None:
    assert found(text, type) == []
