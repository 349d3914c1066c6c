import pytest

from tests.guardrails.pii.finding import found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("My card is 4111 1111 1111 1111, thanks.", "4111 1111 1111 1111"),
        ("Karte 4111-1111-1111-1111 bitte belasten", "4111-1111-1111-1111"),
        ("4111111111111111", "4111111111111111"),
        ("Amex: 3782 822463 10005.", "3782 822463 10005"),
        ("pay with 5555555555554444 today", "5555555555554444"),
        ("Mastercard 2223 0031 2200 3222", "2223 0031 2200 3222"),
        ("Discover 6011000990139424!", "6011000990139424"),
        ("JCB 3530 1113 3330 0000", "3530 1113 3330 0000"),
        ("Diners Karte 30569309025904", "30569309025904"),
        ("Nummer:\u00a04111\u00a01111\u00a01111\u00a01111", "4111\u00a01111\u00a01111\u00a01111"),
        ("４１１１ １１１１ １１１１ １１１１", "４１１１ １１１１ １１１１ １１１１"),
        ("4111 1111 1111 1111 12/27 123", "4111 1111 1111 1111"),
        ("the card ending in 4242", "4242"),
        ("Ihre Karte mit der Endnummer 4242", "4242"),
        ("your Visa card **** **** **** 1881", "**** **** **** 1881"),
    ],
)
def test_cards(text: str, number: str) -> None:
    assert found(text, "CREDIT_DEBIT_CARD_NUMBER") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "My card is 4111 1111 1111 1112",  # check digit
        "Sendung 1234567812345670",  # Luhn holds, but nobody issues such cards
        "IMEI 356938035643809",
        "EAN 4006381333931",
        "Pi is 3.1415926535897932384626433832795",
        "41111111111111111111111111",
        "Wir haben 4111 1111 Gäste",
    ],
)
def test_what_is_no_card(text: str) -> None:
    assert found(text, "CREDIT_DEBIT_CARD_NUMBER") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("IBAN DE89 3704 0044 0532 0130 00 und mehr", "DE89 3704 0044 0532 0130 00"),
        ("auf das Konto DE89370400440532013000.", "DE89370400440532013000"),
        ("de89 3704 0044 0532 0130 00", "de89 3704 0044 0532 0130 00"),
        ("(GB29 NWBK 6016 1331 9268 19)", "GB29 NWBK 6016 1331 9268 19"),
        ("CH93 0076 2011 6238 5295 7", "CH93 0076 2011 6238 5295 7"),
        ("AT61 1904 3002 3457 3201, BIC folgt", "AT61 1904 3002 3457 3201"),
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84 MALT 0110 0001 2345 MTLC AST0 01S"),
        ("NO93 8601 1117 947 is Norwegian", "NO93 8601 1117 947"),
    ],
)
def test_ibans(text: str, number: str) -> None:
    assert found(text, "INTERNATIONAL_BANK_ACCOUNT_NUMBER") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "DE88 3704 0044 0532 0130 00",
        "DE89 3704 0044 0532 0130",
        "XX89 3704 0044 0532 0130 00",
        "DE89 3704 0044 0532 0130 00 99".replace(" ", ""),
    ],
)
def test_what_is_no_iban(text: str) -> None:
    assert found(text, "INTERNATIONAL_BANK_ACCOUNT_NUMBER") == []


@pytest.mark.parametrize(
    ("type", "text", "match"),
    [
        ("SWIFT_CODE", "BIC: COBADEFFXXX", "COBADEFFXXX"),
        ("SWIFT_CODE", "the SWIFT code is DEUTDEDB", "DEUTDEDB"),
        ("SWIFT_CODE", "Send it via DEUTDEFF500", "DEUTDEFF500"),
        ("PIN", "My PIN is 4321.", "4321"),
        ("PIN", "Die Geheimzahl für die Karte lautet 4711", "4711"),
        ("PIN", "PIN: 123456", "123456"),
        ("PIN", "4321 ist meine PIN", "4321"),
        ("PIN", "use 9876 as the PIN", "9876"),
        ("CREDIT_DEBIT_CARD_CVV", "CVV 123", "123"),
        ("CREDIT_DEBIT_CARD_CVV", "the security code on the back is 4567", "4567"),
        ("CREDIT_DEBIT_CARD_CVV", "Die Prüfziffer lautet 987", "987"),
        ("CREDIT_DEBIT_CARD_CVV", "4111 1111 1111 1111, 12/27, 123", "123"),
        ("CREDIT_DEBIT_CARD_EXPIRY", "expires 01/27", "01/27"),
        ("CREDIT_DEBIT_CARD_EXPIRY", "gültig bis 11/2028", "11/2028"),
        ("CREDIT_DEBIT_CARD_EXPIRY", "Expiry date: Jan 2027", "Jan 2027"),
        ("CREDIT_DEBIT_CARD_EXPIRY", "4111 1111 1111 1111 12/27", "12/27"),
        ("US_BANK_ROUTING_NUMBER", "BLZ 370 400 44", "370 400 44"),
        ("US_BANK_ROUTING_NUMBER", "sort code 12-34-56", "12-34-56"),
    ],
)
def test_words_beside_a_number_tell_what_it_is(type: str, text: str, match: str) -> None:
    assert found(text, type) == [match]


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("SWIFT_CODE", "The ACADEMIC DOCUMENT was LANGUAGE neutral"),
        ("SWIFT_CODE", "BIC: COBAXXFFXXX"),  # no country
        ("PIN", "In 2024 we sold 4321 units."),
        ("PIN", "Pinned 4321 posts"),
        ("CREDIT_DEBIT_CARD_CVV", "We met 123 people"),
        ("CREDIT_DEBIT_CARD_EXPIRY", "The ratio is 12/27."),
        ("CREDIT_DEBIT_CARD_EXPIRY", "expires 13/27"),
    ],
)
def test_numbers_without_such_words_are_left(type: str, text: str) -> None:
    assert found(text, type) == []
