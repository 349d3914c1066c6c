"""A text as patterns read it, character for character, so that offsets stay. Knows no kind of data."""

import re

# All of ASCII in the width of other scripts, digits of formulas, apostrophes, spaces and hyphens of typography.
_TYPED: dict[int, int | str] = {
    **{0xFF01 + place: 0x21 + place for place in range(94)},
    **{0x1D7CE + place: ord("0") + place % 10 for place in range(50)},
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63"), "-"),
    # Dashes stand between words, and often without a space.
    **dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x2014, 0x2015, 0xFE58), " "),
}
# Beside numbers of so many digits a comma begins no decimals and groups no thousands: it stands between the fields of a
# list.
_LISTED = re.compile(r",(?:(?=\+?\d(?:[ /-]?\d){6})|(?<=\d{7},)|(?<=\d{3}[ -]\d{4},)|(?<=\d{3} \d{3} \d{3},))")
# Underscores that stress the words between them, not those that are a part of an address or a name.
_STRESSED = re.compile(r"""(?<![^\s*("'„“»\[])_{1,3}(?=[\w+(])|(?<=[^\W_])_{1,3}(?=[.,;:!?)*"'“”«\]]{0,3}(?:\s|$))""")


def plain(text: str) -> str:
    if not text.isascii():
        text = text.translate(_TYPED)
    if "," in text:
        text = _LISTED.sub(";", text)
    if "_" in text:
        text = _STRESSED.sub(lambda found: " " * len(found.group()), text)
    return text
