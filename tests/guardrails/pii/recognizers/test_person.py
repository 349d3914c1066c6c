import pytest

from tests.guardrails.pii.finding import found


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("+49 171 1234567", "+49 171 1234567"),
        ("+49 (0) 30 / 123 45 67", "+49 (0) 30 / 123 45 67"),
        ("Zimmer 12 +49 171 1234567", "+49 171 1234567"),
        ("0049 30 1234567", "0049 30 1234567"),
        ("Tel. 030 12345678", "030 12345678"),
        ("(089) 12 34 56", "(089) 12 34 56"),
        ("0171/1234567", "0171/1234567"),
        ("meine Handynummer: 01711234567", "01711234567"),
        ("06221-54-0 ist die Zentrale", "06221-54-0"),
        ("Durchwahl 4711-23", "4711-23"),
        ("Call (212) 555-2368 now", "(212) 555-2368"),
        ("212-555-2368", "212-555-2368"),
        ("+1 212 555 2368", "+1 212 555 2368"),
        ("my number, 212 555 2368, call me", "212 555 2368"),
        ("ring 020 7946 0958", "020 7946 0958"),
        ("Telefon 044 668 18 00", "044 668 18 00"),
    ],
)
def test_phones(text: str, match: str) -> None:
    assert found(text, "PHONE") == [match]


@pytest.mark.parametrize(
    "text",
    [
        "am 01.02.2024 und am 05/12/2023",
        "Bestellnummer 0815-4711",
        "Rechnung 030 12345678",
        "1234567890 people",
        "from 2020-2024",
        "IBAN DE89 3704 0044 0532 0130 00",
        "ISBN 978-3-16-148410-0",
        "12.345.678,90 Euro",
    ],
)
def test_what_is_no_phone(text: str) -> None:
    assert found(text, "PHONE") == []


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("I am 40 years old", "40 years"),
        ("a 7-year-old boy", "7-year"),
        ("Sie ist 34 Jahre alt.", "34 Jahre"),
        ("der 34-jährige Mann", "34-jährig"),
        ("Age: 52", "52"),
        ("im Alter von 12 Jahren", "12 Jahren"),
        ("I'm 23.", "23"),
        ("She just turned thirty.", "thirty"),
        ("Ich bin vierzig Jahre alt", "vierzig Jahre"),
        ("Ich bin 19 und wohne hier", "19"),
    ],
)
def test_ages(text: str, match: str) -> None:
    assert found(text, "AGE") == [match]


@pytest.mark.parametrize(
    "text",
    [
        "the castle is 800 years old",
        "in 40 years",
        "vor 20 Jahren",
        "page 40",
        "I am 2nd",
        "seit 30 Jahren",
        "I am 5 minutes away",
    ],
)
def test_what_is_no_age(text: str) -> None:
    assert found(text, "AGE") == []
