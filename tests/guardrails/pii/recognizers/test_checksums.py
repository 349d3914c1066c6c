from collections.abc import Callable

import pytest

from craton.guardrails.pii.recognizers import checksums


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (checksums.luhn, "4111111111111111"),
        (checksums.luhn, "378282246310005"),
        (checksums.luhn, "046454286"),
        (checksums.mod_97_10, "DE89370400440532013000"),
        (checksums.mod_97_10, "GB29NWBK60161331926819"),
        (checksums.mod_97_10, "NO9386011117947"),
        (checksums.mod_97_10, "MT84MALT011000012345MTLCAST001S"),
        (checksums.mod_11_10, "86095742719"),
        (checksums.mod_11_10, "136695976"),
        (checksums.mod_11_descending, "9434765919"),
        (checksums.ean, "7569217076985"),
        (checksums.ean, "4006381333931"),
        (checksums.aba, "021000021"),
        (checksums.aba, "111000025"),
        (checksums.vin, "1M8GDM9AXKP042788"),
        (checksums.vin, "11111111111111111"),
        (checksums.icao, "L01X00T471"),
        (checksums.icao, "C01X00T478"),
    ],
)
def test_published_numbers_hold_and_one_wrong_digit_is_noticed(check: Callable[[str], bool], number: str) -> None:
    assert check(number)
    for place, character in enumerate(number):
        if character.isdigit() and number != "11111111111111111":
            wrong = number[:place] + str((int(character) + 1) % 10) + number[place + 1 :]
            assert not check(wrong), wrong
