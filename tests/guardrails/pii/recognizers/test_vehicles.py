import pytest

from tests.guardrails.pii.finding import found


@pytest.mark.parametrize(
    ("type", "text", "match"),
    [
        ("VEHICLE_IDENTIFICATION_NUMBER", "VIN 1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
        ("VEHICLE_IDENTIFICATION_NUMBER", "Golf WVWZZZ1JZXW000001 verkauft", "WVWZZZ1JZXW000001"),
        ("VEHICLE_IDENTIFICATION_NUMBER", "Fahrgestellnummer XTA210990Y2712345", "XTA210990Y2712345"),
        ("LICENSE_PLATE", "Mein Kennzeichen ist M-AB 1234.", "M-AB 1234"),
        ("LICENSE_PLATE", "HH-XY 99E parkt falsch", "HH-XY 99E"),
        ("LICENSE_PLATE", "Der Wagen B AB 1234 stand dort", "B AB 1234"),
        ("LICENSE_PLATE", "TÜ-K 7", "TÜ-K 7"),
        ("LICENSE_PLATE", "license plate 7ABC123", "7ABC123"),
        ("LICENSE_PLATE", "a van, AB12 CDE, left", "AB12 CDE"),
        ("LICENSE_PLATE", "Kennzeichen: ZH 123456", "ZH 123456"),
        ("DRIVER_ID", "driver's license number is D1234567", "D1234567"),
        ("DRIVER_ID", "Führerscheinnummer: B072RRE2I55", "B072RRE2I55"),
        ("DRIVER_ID", "MORGA657054SM9IJ", "MORGA657054SM9IJ"),
    ],
)
def test_vehicles_and_drivers(type: str, text: str, match: str) -> None:
    assert found(text, type) == [match]


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("VEHICLE_IDENTIFICATION_NUMBER", "key 1M8GDM9A1KP042788"),  # check digit
        ("VEHICLE_IDENTIFICATION_NUMBER", "INTERNATIONALIZED 12345678901234567"),
        ("LICENSE_PLATE", "die Norm DIN-EN 1234"),
        ("LICENSE_PLATE", "Artikel QX-AB 1234"),  # no such district
        ("LICENSE_PLATE", "In A B 12 und C D 4"),
        ("DRIVER_ID", "The license costs 1234567 dollars"),
    ],
)
def test_what_only_looks_like_one(type: str, text: str) -> None:
    assert found(text, type) == []
